"""What was said beside its translation: every piece once, in order, by the times of both."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.paired import Pair, align, words_for, words_side_by_side
from workbench.domain.transcripts import TimedSegment


def timed(*spans: tuple[int, int], word: int = 4) -> tuple[TimedSegment, ...]:
    """Segments of four letters and a blank each, at these times."""
    return tuple(
        TimedSegment(at * (word + 1), at * (word + 1) + word, start, end)
        for at, (start, end) in enumerate(spans)
    )


def text(letter: str, n: int) -> str:
    return " ".join(f"{letter}{at:03d}" for at in range(n))


def test_a_sliver_in_common_does_not_make_a_pair() -> None:
    mine, theirs = timed((0, 1000), (1000, 2000)), timed((0, 1050), (1050, 2000))
    assert align(mine, theirs) == (Pair((0,), (0,)), Pair((1,), (1,)))
    assert words_side_by_side(mine, text("a", 2), theirs, text("b", 2)) == (
        ("a000", "b000"), ("a001", "b001"),
    )  # fmt: skip


def test_what_has_no_counterpart_stands_alone() -> None:
    mine, theirs = timed((0, 1000), (5000, 6000)), timed((2000, 3000), (5000, 6000))
    assert words_side_by_side(mine, text("a", 2), theirs, text("b", 2)) == (
        ("a000", ""), ("", "b000"), ("a001", "b001"),
    )  # fmt: skip


def test_without_segments_or_times_there_is_one_piece() -> None:
    assert words_side_by_side((), "all", timed((0, 10)), "b000") == (("all", "b000"),)
    without = (TimedSegment(0, 4, None, None), TimedSegment(5, 9, None, None))
    assert words_side_by_side(without, "aaaa bbbb", timed((0, 10)), "b000") == (
        ("aaaa bbbb", "b000"),
    )  # fmt: skip


def test_the_words_for_a_span_are_those_of_its_segments() -> None:
    mine, theirs = timed((0, 1000), (1000, 2000)), timed((0, 1000), (1000, 2000))
    assert words_for(mine, theirs, text("b", 2), 6, 8) == "b001"
    assert words_for(mine, theirs, text("b", 2), None, None) == "b000 b001"


def in_order(lengths: list[tuple[int, int]]) -> tuple[TimedSegment, ...]:
    at, spans = 0, []
    for gap, length in lengths:
        spans.append((at + gap, at + gap + length))
        at += gap + length
    return timed(*spans)


spans = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 3000)), min_size=1, max_size=12)


@given(spans.map(in_order), spans.map(in_order))
def test_every_piece_of_both_is_shown_once_and_in_order(
    mine: tuple[TimedSegment, ...], theirs: tuple[TimedSegment, ...]
) -> None:
    said, meant = text("a", len(mine)), text("b", len(theirs))
    pieces = words_side_by_side(mine, said, theirs, meant)
    assert " ".join(left for left, _ in pieces if left) == said
    assert " ".join(right for _, right in pieces if right) == meant
    assert ("", "") not in pieces
