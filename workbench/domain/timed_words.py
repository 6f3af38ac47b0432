"""Which words were spoken in a stretch of time, by a transcript's own times.

In: times of stretches of a text, and a beginning and an end in milliseconds. Out: a span of the
text. Where only whole segments have times, it is as wide as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

SLACK_MS = 100
"""A stretch that only brushes what is spoken before or after it does not mean that."""


class Timed(NamedTuple):
    """Words and when they were spoken; `end_ms` is None where nobody knows."""

    start: int
    end: int
    start_ms: int
    end_ms: int | None


def between_points(sync: Sequence[tuple[int, int]], length: int) -> tuple[Timed, ...]:
    """Give the words between sync points, which are (milliseconds, position) in a text.

    What goes back, in time or in the text, is passed over; after the last point comes the rest.
    """
    points: list[tuple[int, int]] = []
    for time_ms, place in sorted(sync):
        if not points or (time_ms > points[-1][0] and place > points[-1][1]):
            points.append((time_ms, place))
    found = [
        Timed(place, after, time_ms, after_ms)
        for (time_ms, place), (after_ms, after) in pairwise(points)
    ]
    if points and points[-1][1] < length:
        found.append(Timed(points[-1][1], length, points[-1][0], None))
    return tuple(found)


def words_at(
    times: Iterable[Timed], text: str, begin_ms: int, end_ms: int
) -> tuple[int, int] | None:
    """Give the span of the words that were spoken in a stretch of time, None where there are none.

    Examples
    --------
    >>> times = between_points([(0, 0), (900, 4), (2_000, 7)], 7)
    >>> words_at(times, "No. Yes", 950, 1_500)
    (4, 7)
    """
    end_ms = max(end_ms, begin_ms + 1)
    shared = [(_shared(one, begin_ms, end_ms), one) for one in times]
    most = max((n for n, _ in shared), default=0)
    if most <= 0:
        return None
    heard = [one for n, one in shared if n >= min(most, SLACK_MS)]
    start, end = min(one.start for one in heard), max(one.end for one in heard)
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    return (start, end) if start < end else None


def _shared(one: Timed, begin_ms: int, end_ms: int) -> int:
    """Give how many milliseconds a stretch shares with the time in which words were spoken."""
    last = end_ms if one.end_ms is None else min(end_ms, one.end_ms)
    return last - max(begin_ms, one.start_ms)
