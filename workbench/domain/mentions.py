"""Mentions: codings of one code in one document, overlapping ones taken together.

In: the spans of codings. Out: which of them open a mention, so that mentions are counted by adding
up. Spans that merely touch are two mentions; a coding of the whole document swallows the others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

WHOLE = 2_000_000_000
"""The end of a coding of a whole document: beyond any text."""

Place = tuple[int | None, int | None, int]
"""Start and end in code points, both None for the whole document; the coding's key."""


def openers(places: Iterable[Place]) -> set[int]:
    """Give the keys of the codings that open a mention: one for each run of overlapping spans.

    Of spans that begin together the longest opens, of equal ones the one with the lowest key.

    Examples
    --------
    >>> sorted(openers([(0, 5, 1), (3, 9, 2), (9, 12, 3)]))
    [1, 3]
    >>> sorted(openers([(4, 5, 1), (None, None, 2)]))
    [2]
    """
    found: set[int] = set()
    reach = -1
    for start, end, key in sorted(map(_bounded, places), key=_in_reading_order):
        if start >= reach:
            found.add(key)
        reach = max(reach, end)
    return found


def clipped(place: Place, turns: Sequence[tuple[int, int]]) -> Place:
    """Cut a coding of a discussion at the first and the last of a person's turns that it touches.

    Two codings overlap in this person's words exactly when what is left of them overlaps.

    Parameters
    ----------
    turns
        (start, end) of each of this person's turns, in order.

    Examples
    --------
    >>> clipped((2, 30, 7), [(0, 10), (20, 25), (40, 50)])
    (2, 25, 7)
    >>> clipped((None, None, 7), [(5, 10), (20, 25)])
    (5, 25, 7)
    """
    start, end, key = _bounded(place)
    first = bisect_right(turns, start, key=lambda turn: turn[1])
    last = bisect_left(turns, end, key=lambda turn: turn[0]) - 1
    if first > last:  # nothing of theirs
        return place
    return max(start, turns[first][0]), min(end, turns[last][1]), key


def _bounded(place: Place) -> tuple[int, int, int]:
    start, end, key = place
    return (0 if start is None else start, WHOLE if end is None else end, key)


def _in_reading_order(place: tuple[int, int, int]) -> tuple[int, int, int]:
    start, end, key = place
    return (start, -end, key)
