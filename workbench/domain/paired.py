"""Two transcripts of one recording side by side: the words that were said, and their translation.

In: the segments of both. Out: which of them were heard at the same time. Offsets are of each text
by itself; nothing is compared but times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.transcripts import TimedSegment

LEAST_SHARE = 0.2
"""How much of the shorter of two segments the other must cover to belong to it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Segments of the original and of the translation that belong together, by their places."""

    original: tuple[int, ...]
    translation: tuple[int, ...]


def align(
    original: Sequence[TimedSegment], translation: Sequence[TimedSegment]
) -> tuple[Pair, ...]:
    """Put segments that were heard at the same time beside each other, in order.

    Each segment stands in one pair; what has no counterpart stands alone. Without times there is
    one pair of everything.

    Examples
    --------
    >>> first = [TimedSegment(0, 3, 0, 1000), TimedSegment(4, 7, 1000, 2000)]
    >>> align(first, [TimedSegment(0, 9, 0, 2000)])
    (Pair(original=(0, 1), translation=(0,)),)
    """
    if not all(_timed(item) for item in (*original, *translation)):
        return (Pair(tuple(range(len(original))), tuple(range(len(translation)))),)
    pairs: list[Pair] = []
    at, to = 0, 0
    while at < len(original) or to < len(translation):
        mine, theirs = _together(original, translation, at, to)
        if not mine and not theirs:  # neither has a counterpart: the earlier one stands alone
            mine, theirs = _earlier(original, translation, at, to)
        pairs.append(Pair(mine, theirs))
        at += len(mine)
        to += len(theirs)
    return tuple(pairs)


def words_for(
    original: Sequence[TimedSegment],
    translation: Sequence[TimedSegment],
    text: str,
    start: int | None,
    end: int | None,
) -> str:
    """Give the translation of the segments that a span touches.

    Parameters
    ----------
    text
        The translation's.
    start, end
        The span, in code points of the original's text; None for all of it.
    """
    if start is None or end is None:
        return text
    found: list[str] = []
    for pair in align(original, translation):
        touched = any(original[at].start < end and original[at].end > start
                      for at in pair.original)  # fmt: skip
        if touched and pair.translation:
            first, last = translation[pair.translation[0]], translation[pair.translation[-1]]
            found.append(text[first.start : last.end].strip())
    return " ".join(words for words in found if words)


def words_side_by_side(
    original: Sequence[TimedSegment],
    text: str,
    translation: Sequence[TimedSegment],
    translated: str,
) -> tuple[tuple[str, str], ...]:
    """Give what was said and its translation, piece beside piece; "" where one has none.

    Parameters
    ----------
    text, translated
        The texts that the segments are of. A text without segments is one piece.
    """
    if not original or not translation:
        return ((text, translated),)
    return tuple(
        (_words(original, text, pair.original), _words(translation, translated, pair.translation))
        for pair in align(original, translation)
    )


def _words(segments: Sequence[TimedSegment], text: str, places: tuple[int, ...]) -> str:
    return " ".join(text[segments[at].start : segments[at].end].strip() for at in places)


def _together(
    original: Sequence[TimedSegment], translation: Sequence[TimedSegment], at: int, to: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Gather from two places on what hangs together in time; nothing where the first two do not."""
    if at >= len(original) or to >= len(translation):
        return (), ()
    if not _overlap(original[at], translation[to]):
        return (), ()
    last, end = at + 1, to + 1
    grown = True
    while grown:
        grown = False
        while last < len(original) and _overlap(original[last], translation[end - 1]):
            last, grown = last + 1, True
        while end < len(translation) and _overlap(original[last - 1], translation[end]):
            end, grown = end + 1, True
    return tuple(range(at, last)), tuple(range(to, end))


def _earlier(
    original: Sequence[TimedSegment], translation: Sequence[TimedSegment], at: int, to: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if at >= len(original):
        return (), (to,)
    if to >= len(translation):
        return (at,), ()
    mine, theirs = original[at].start_ms or 0, translation[to].start_ms or 0
    return ((at,), ()) if mine <= theirs else ((), (to,))


def _overlap(one: TimedSegment, other: TimedSegment) -> bool:
    first, last = one.start_ms or 0, one.end_ms or 0
    begin, end = other.start_ms or 0, other.end_ms or 0
    shared = min(last, end) - max(first, begin)
    return shared > 0 and shared >= LEAST_SHARE * min(last - first, end - begin)


def _timed(item: TimedSegment) -> bool:
    return item.start_ms is not None and item.end_ms is not None
