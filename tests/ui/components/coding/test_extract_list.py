"""How extracts are told on a page."""

from __future__ import annotations

from workbench.domain.extracts import Extract
from workbench.services.coding.extracts import PLACE_AGAIN
from workbench.ui.components.coding.extract_list import extract_html

CODED = ("g", ("Theme",), "the words", 1, "R1", "Ana", "2022-02-14T10:00:00.000Z")


def test_words_to_be_placed_again_are_not_said_to_be_the_whole_text() -> None:
    assert "the whole text" in extract_html(Extract(*CODED), None, [])
    lost = extract_html(Extract(*CODED, marks=(PLACE_AGAIN,)), None, [])
    assert "the whole text" not in lost
    assert PLACE_AGAIN.capitalize() in lost
    assert "the whole text" not in extract_html(Extract(*CODED, start=0, end=9), None, [])


def test_times_are_told_as_on_the_page_coding() -> None:
    shown = extract_html(Extract(*CODED, start=0, end=9, start_ms=731_000), None, [])
    assert "12:11" in shown and "0:12:11" not in shown


def test_no_blank_lines_stand_at_either_end_of_what_is_around() -> None:
    talk = Extract(*CODED, start=20, end=29, before="\n\nWho?\n\n", after="\n\nYes.\n\n")
    shown = extract_html(talk, None, [])
    assert '<span class="around">Who?\n\n</span>the words' in shown
    assert 'the words<span class="around">\n\nYes.</span>' in shown
    bare = extract_html(Extract(*CODED, start=1, end=9, before="\n", after=" "), None, [])
    assert "around" not in bare
