"""Positions of every way to count, on texts with everything that is counted differently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.projects.refi_reading import ALL
from pipelines.ingest.projects.refi_text import BOM, RefiText, names_words
from workbench.domain.refi import Reading
from workbench.domain.text import normalise

RAW = st.text("ab \n\r😬👍\ufeff\x00é\u2028\x85\x0b", max_size=30)


def count(raw: str, index: int, reading: Reading) -> int:
    """Count what stands before an index of the raw text, slowly and plainly."""
    n = 0
    for at, character in enumerate(raw[:index]):
        if at == 0 and character == BOM and not reading.bom_counts:
            continue
        if character == "\r" and raw[at + 1 : at + 2] == "\n" and reading.crlf == 1:
            continue
        n += 2 if reading.unit == "UTF-16" and ord(character) > 0xFFFF else 1
    return n


@given(RAW)
def test_a_text_is_kept_as_every_text_is(raw: str) -> None:
    assert RefiText(raw).text == normalise(raw)


@given(RAW, st.sampled_from(ALL), st.data())
def test_every_position_finds_its_place(raw: str, reading: Reading, data: st.DataObject) -> None:
    text = RefiText(raw)
    index = data.draw(st.integers(0, len(raw)))
    offset = text.offset(count(raw, index, reading), reading)
    assert offset is not None
    # what is kept of the text before the index is what stands before the offset
    kept = [at for at in range(len(raw)) if not is_dropped(raw, at)]
    assert offset == sum(at < index for at in kept)


def is_dropped(raw: str, at: int) -> bool:
    begins = not raw[: at + 1].strip("\ufeff\x00")
    before_newline = raw[at] == "\r" and raw[at + 1 :].lstrip("\x00").startswith("\n")
    return begins or raw[at] == "\x00" or before_newline


@given(RAW, st.sampled_from(ALL))
def test_positions_outside_and_inside_a_character_have_no_place(raw: str, reading: Reading) -> None:
    text = RefiText(raw)
    length = count(raw, len(raw), reading)
    assert text.offset(length + 1, reading) is None
    assert text.offset(-1, reading) is None
    for at, character in enumerate(raw):
        if ord(character) > 0xFFFF and reading.unit == "UTF-16":
            assert text.offset(count(raw, at, reading) + 1, reading) is None


@pytest.mark.parametrize(
    ("reading", "start", "end"),
    [
        (Reading(), 3, 8),
        (Reading(crlf=2), 4, 9),
        (Reading("UTF-16"), 4, 9),
        (Reading("UTF-16", 2), 5, 10),
        (Reading("UTF-16", 2, bom_counts=True), 6, 11),
        (Reading("UTF-16", 2, bom_counts=True, end="inclusive"), 6, 10),
        (Reading(end="inclusive"), 3, 7),
    ],
)
def test_the_same_words_in_seven_ways(reading: Reading, start: int, end: int) -> None:
    text = RefiText("\ufeffa😬\r\nwords here")
    assert text.text == "a😬\nwords here"
    assert text.span(start, end, reading) == (3, 8)


@pytest.mark.parametrize(("start", "end"), [(2, 2), (3, 2), (0, 99), (99, 100)])
def test_empty_reversed_and_far_spans_are_none(start: int, end: int) -> None:
    assert RefiText("a few words").span(start, end, Reading()) is None


@pytest.mark.parametrize(
    ("name", "words", "is_it"),
    [
        ("three weeks", "three\n weeks ", True),
        ("three we…", "three weeks and more", True),
        ("three we...", "three weeks and more", True),
        ("…", "three weeks", False),
        ("...", "...", True),
        ("well…", "well… ", True),
        ("", "three weeks", False),
        ("three", "three weeks", False),
        ("P1", "P1: The bus", False),
        ("short", "short" * 10_000, False),
    ],
)
def test_names_that_are_words(name: str, words: str, is_it: bool) -> None:
    assert names_words(name, words) is is_it
