"""One text as several people coded it."""

from __future__ import annotations

import re

from workbench.domain.palette import CodeLook
from workbench.services.team.agree_results import Disagreement, Reading
from workbench.ui.components.team.coded_twice import AROUND, coded_twice

LOOKS = {
    "Ana": CodeLook("#0B5C5C", "#6BC9BC", "solid"),
    "Ben <b>": CodeLook("#8A4B00", "#E3A857", "dotted"),
}


def item(text: str, *readings: Reading) -> Disagreement:
    return Disagreement(3, "R1", "Why?", text, 7, "Waiting", 1, readings)


def plain(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def test_each_has_a_line_and_all_is_escaped() -> None:
    found = coded_twice(
        item("She <i>left</i> early", Reading("Ana", ((4, 15),), False, 0),
             Reading("Ben <b>", (), True, 2)),
        LOOKS,
    )  # fmt: skip
    assert "<i>" not in found and "<b>" not in found
    assert "text-decoration-style: solid" in found
    assert "coded the whole text; coded words that the text no longer has" in plain(found)
    assert "coded these words" in plain(found)


def test_a_long_text_is_cut_around_what_is_coded() -> None:
    text = "a " * 2000 + "here it is" + " b" * 2000
    found = coded_twice(
        item(text, Reading("Ana", ((4000, 4010),), False, 0), Reading("Ben <b>", (), False, 0)),
        LOOKS,
    )  # fmt: skip
    shown = plain(found)
    assert "here it is" in shown and "A part of a longer text." in shown
    assert len(shown) < 2 * AROUND + 200
    assert "did not apply the code" in shown
    mark = re.search(r'class="coded"[^>]*>([^<]*)<', found)
    assert mark and mark[1] == "here it is"


def test_a_long_text_without_spans_shows_its_beginning() -> None:
    found = coded_twice(item("x" * 5000, Reading("Ana", (), True, 0)), LOOKS)
    assert "A part of a longer text." in found and "x" * 1000 in plain(found)
