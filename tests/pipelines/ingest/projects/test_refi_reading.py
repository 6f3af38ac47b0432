"""How positions are read: what the origin says, and when the evidence outweighs it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.projects.refi_reading import (
    ALL,
    MAX_LOOKED_AT,
    Place,
    choose,
    describe,
    place_of,
)
from pipelines.ingest.projects.refi_text import RefiText
from tests.pipelines.ingest.projects.test_refi_text import count
from workbench.domain.refi import PRODUCT, UTF16_MARK, Reading, RefiSelection

RAW = (
    "\ufeffI waited 😬 three weeks.\r\nNobody rang back, not once 📞 in all that time.\r\n"
    "The nurse was lovely though 👍🏽 and so was the doctor.\r\nIn the end I walked there.\r\n"
)
WORDS = ("three weeks", "Nobody rang back", "nurse was lovely", "the doctor", "I walked there.")


def places(reading: Reading, names: bool = True, raw: str = RAW, words: Sequence[str] = WORDS,
           ) -> list[Place]:  # fmt: skip
    """Select the words of a text as a program with this way to count does."""
    text = RefiText(raw)
    found = []
    for one in words:
        start = raw.index(one)
        end = count(raw, start + len(one), reading) - (reading.end == "inclusive")
        found.append((text, count(raw, start, reading), end, one if names else ""))
    return found


def spans(given: list[Place], reading: Reading) -> list[str]:
    return [
        text.text[span[0] : span[1]]
        for text, start, end, _ in given
        if (span := text.span(start, end, reading))
    ]


@pytest.mark.parametrize("reading", ALL, ids=describe)
@pytest.mark.parametrize("origin", ["", "NVivo for Windows 12.6", "ATLAS.ti Win 23", "MAXQDA 24"])
def test_names_find_every_way_to_count_whatever_the_origin(reading: Reading, origin: str) -> None:
    given = places(reading)
    choice = choose(origin, given)
    assert spans(given, choice.reading) == list(WORDS)
    assert choice.score == 1.0


def test_ends_of_words_find_a_way_that_the_origin_does_not_say() -> None:
    given = places(Reading("UTF-16", 2), names=False)
    choice = choose("", given)
    assert spans(given, choice.reading) == list(WORDS)
    assert choice.why.startswith(
        "The file names no program, and is expected to have what the standard says, but the "
        "positions do not fit that (1 of 10 ends of selections lie where words begin and end). "
        "They are read as UTF-16 units, a line end of CR and LF counts two"
    )
    assert Reading() in [reading for reading, _ in choice.others]


def test_the_origin_decides_where_the_evidence_is_thin() -> None:
    """Two selections of a real program's kind, whole lines with their newline."""
    text = RefiText("First line of it.\nSecond line of it.\nThird.\n")
    given: list[Place] = [(text, 0, 18, ""), (text, 18, 37, "")]
    assert choose("qc 1.3.2", given).reading == Reading()


def test_selections_that_end_in_a_newline_do_not_become_inclusive() -> None:
    """Of `qc`'s file the share of ends alone prefers inclusive, 167 of 316."""
    lines = [f"{at}. word and another word\n\n" for at in range(100)]
    text = RefiText("".join(lines))
    given: list[Place] = []
    at = 0
    for number, line in enumerate(lines):
        # most end behind the newline; some in the middle of a word, as people drag
        given.append((text, at, at + len(line) - (1 if number % 3 else 4), ""))
        at += len(line)
    choice = choose("", given)
    assert choice.reading == Reading()
    assert choice.others[0][0] == Reading(end="inclusive")


def test_one_name_that_fits_better_is_enough_if_it_spoils_none() -> None:
    given = places(
        Reading("UTF-16", 1), raw="Plain words here 😬 and then more", words=["then more"]
    )
    given += places(Reading(), raw="Nothing odd in this one", words=["Nothing odd", "this one"])
    assert choose("", given).reading == Reading("UTF-16", 1)


def test_names_that_speak_for_both_leave_it_as_expected() -> None:
    one = places(Reading("UTF-16", 1), raw="A 😬 some words here", words=["some words"])
    two = places(Reading(), raw="B 😬 other words here", words=["other words"])
    assert choose("", [*one, *two]).reading == Reading()


def test_short_names_are_no_witnesses() -> None:
    text = RefiText("P1: so P1")
    given: list[Place] = [(text, 7, 8, "P1")]
    assert choose("", given).reading == Reading()


def test_our_own_files_are_certain() -> None:
    given = places(Reading("UTF-16", 2))
    assert choose(f"{PRODUCT} 0.1.0", given).reading == Reading()
    assert choose(f"{PRODUCT} 0.1.0{UTF16_MARK}", given).reading == Reading("UTF-16")


def test_a_person_settles_it_and_sees_what_the_others_would_give() -> None:
    given = places(Reading("UTF-16", 2))
    choice = choose("", given, Reading(end="inclusive"))
    assert choice.reading == Reading(end="inclusive")
    assert choice.score == 0.0
    assert choice.others[0] == (Reading("UTF-16", 2), 1.0)


def test_where_nothing_is_counted_differently_nothing_is_chosen() -> None:
    choice = choose("", [])
    assert choice.others == ()
    assert choice.why.endswith("Every way to read the positions gives the same words.")


def test_a_large_file_is_decided_by_the_few_selections_that_tell() -> None:
    plain = RefiText("some words here")
    given: list[Place] = [(plain, 0, 10, "some words")] * (2 * MAX_LOOKED_AT)
    odd = places(Reading("UTF-16", 1), raw="😬 some other words here", words=["other words"])
    assert choose("", [*given, *odd, *given]).reading == Reading("UTF-16", 1)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8))
def test_anything_is_read_somehow(pairs: list[tuple[int, int]]) -> None:
    text = RefiText("\ufeffa 😬\r\n b")
    choice = choose("", [(text, start, end, "") for start, end in pairs])
    assert choice.reading in ALL
    assert 0 <= choice.score <= 1


@pytest.mark.parametrize(
    "raw", [("", ""), ("-1", "3"), ("x", "3"), ("1.0", "3"), ("1", "9" * 5000), ("²", "3")]
)
def test_what_is_no_number_cannot_be_tried(raw: tuple[str, str]) -> None:
    assert place_of(RefiText("words"), RefiSelection("a", None, None, raw=raw)) is None


def test_short_names_do_not_choose_but_speak_against_what_they_are_not() -> None:
    text = RefiText("<<<<🇰aa<<<<<< ")
    given = [(text, 6, 8, "a<"), (text, 10, 14, "<<<"), (text, 13, 14, "")]
    found = choose("", given)
    assert found.reading == Reading()
    assert spans(given, found.reading) == ["a<", "<<< ", " "]
    nameless = [(text, start, end, "") for _, start, end, _ in given]
    assert choose("", nameless).reading.unit == "UTF-16"
