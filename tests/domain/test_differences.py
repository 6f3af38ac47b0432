"""Differences of two texts, as a person sees them side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import differences as module
from workbench.domain.differences import differences


def shown(text: str, spans: tuple) -> list[str]:
    return [span.quote(text) for span in spans]


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("same", "same", [], []),
        ("", "Now there is something.", [], ["Now there is something."]),
        ("She was there.", "", ["She was there."], []),
        ("She listened to me.", "She never listened to me.", [], ["never"]),
        ("They rang back twice.", "They rang twice.", ["back"], []),
        ("one\ntwo", "one  two", [], []),
        ("میں نے تین بار فون کیا", "میں نے دو بار فون کیا", ["تین"], ["دو"]),
        ("It was 😀 good.", "It was 😡 good.", ["😀"], ["😡"]),
    ],
)
def test_what_is_gone_and_what_has_come(old, new, gone, come):
    found = differences(old, new)
    assert (shown(old, found.gone), shown(new, found.come)) == (gone, come)
    assert found.compared


@given(st.text("ab é\n😀م", max_size=40), st.text("ab é\n😀م", max_size=40))
def test_what_is_left_in_both_is_the_same(old, new):
    found = differences(old, new)

    def left(text, spans):
        kept = list(text)
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
            kept[span.start : span.end] = [""] * span.length
        return "".join("".join(kept).split())

    assert left(old, found.gone) == left(new, found.come)


def test_texts_too_long_to_compare_while_somebody_waits_are_not_marked(monkeypatch):
    monkeypatch.setattr(module, "MAX_COMPARED", 5)
    assert differences("abcdef", "x") == module.Differences(compared=False)
