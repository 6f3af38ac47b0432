"""Words by the time at which they were spoken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.timed_words import Timed, between_points, words_at

TEXT = "Nobody rang. She left. Then"
SYNC = ((0, 0), (1_000, 13), (3_000, 23))


@pytest.mark.parametrize(
    "begin, end, words",
    [
        (0, 1_000, "Nobody rang."),
        (400, 500, "Nobody rang."),
        (950, 2_000, "She left."),  # it brushes what was said before
        (500, 1_500, "Nobody rang. She left."),
        (990, 1_010, "Nobody rang. She left."),
        (2_000, 2_000, "She left."),
        (9_000, 9_500, "Then"),
        (0, 99_000, TEXT),
    ],
)
def test_words_are_found_by_their_time(begin: int, end: int, words: str) -> None:
    span = words_at(between_points(SYNC, len(TEXT)), TEXT, begin, end)
    assert span is not None
    assert TEXT[slice(*span)] == words


def test_where_nothing_was_said_there_are_no_words() -> None:
    times = (Timed(0, 12, 500, 1_000), Timed(13, 22, 2_000, 3_000))
    assert words_at(times, TEXT, 0, 400) is None
    assert words_at(times, TEXT, 1_200, 1_800) is None
    assert words_at((Timed(12, 13, 0, 10),), TEXT, 0, 10) is None
    assert words_at((), TEXT, 0, 10) is None


POINTS = st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, len(TEXT))), max_size=5)


@given(POINTS, st.integers(0, 9_000), st.integers(0, 9_000))
def test_whatever_the_points_a_span_holds_words(
    sync: list[tuple[int, int]], begin: int, end: int
) -> None:
    span = words_at(between_points(sync, len(TEXT)), TEXT, begin, end)
    if span is not None:
        assert 0 <= span[0] < span[1] <= len(TEXT)
        assert TEXT[slice(*span)].strip() == TEXT[slice(*span)]
