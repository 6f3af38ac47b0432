"""What every benchmark gives back: timings boiled down, and sections for the report.

In: times in milliseconds. Out: `Section` values, which `report` writes as Markdown.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


class Skipped(Exception):
    """A benchmark cannot run on this machine; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Section:
    """One benchmark's part of the report: a table, and how its numbers came about."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    how: str
    notes: tuple[str, ...] = field(default=())


class Stopwatch:
    """Collects times in milliseconds."""

    def __init__(self) -> None:
        self.times_ms: list[float] = []

    @contextmanager
    def lap(self) -> Iterator[None]:
        """Time what is inside."""
        begun = time.perf_counter()
        yield
        self.times_ms.append((time.perf_counter() - begun) * 1000)

    @property
    def total_s(self) -> float:
        """All laps together, in seconds."""
        return sum(self.times_ms) / 1000


def repeat(times: int, work: Callable[[], object]) -> list[float]:
    """Do something several times; give the times in milliseconds."""
    watch = Stopwatch()
    for _ in range(times):
        with watch.lap():
            work()
    return watch.times_ms


def percentile(times_ms: Sequence[float], percent: float) -> float:
    """Give the smallest measured value that at least `percent` of the values do not exceed.

    Raises
    ------
    ValueError
        When there are no values.
    """
    if not times_ms:
        raise ValueError("no times were measured")
    rank = max(1, math.ceil(percent / 100 * len(times_ms)))
    return sorted(times_ms)[rank - 1]


def median(times_ms: Sequence[float]) -> float:
    """Give the median."""
    return statistics.median(times_ms)


def shown(value: float) -> str:
    """Write a number with about three figures."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def verdict(met: bool) -> str:
    """Say whether an aim is met."""
    return "met" if met else "**not met**"
