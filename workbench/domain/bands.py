"""Bands of numbers and dates: edges and labels that are proposed, and bands said in words.

In: the numbers of an attribute, or edges. Out: edges at which to part them; a label for each band.
A band is half-open: it holds its lower edge and not its upper one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from workbench.domain.words import readable_date


def number_labels(edges: Sequence[float]) -> tuple[str, ...]:
    """Propose labels for the bands between these edges.

    Examples
    --------
    >>> number_labels([18, 65])
    ('Under 18', '18 to under 65', '65 or over')
    """
    shown = [write_number(edge) for edge in edges]
    if not shown:
        return ("All",)
    middle = (f"{a} to under {b}" for a, b in pairwise(shown))
    return (f"Under {shown[0]}", *middle, f"{shown[-1]} or over")


def date_labels(edges: Sequence[str]) -> tuple[str, ...]:
    """Propose labels for the bands between these dates.

    Examples
    --------
    >>> date_labels(["2022-04-01", "2022-07-01"])
    ('Before 1 Apr 2022', '1 Apr 2022 to before 1 Jul 2022', '1 Jul 2022 or later')
    """
    shown = [readable_date(edge) for edge in edges]
    if not shown:
        return ("All",)
    middle = (f"{a} to before {b}" for a, b in pairwise(shown))
    return (f"Before {shown[0]}", *middle, f"{shown[-1]} or later")


def equal_edges(numbers: Sequence[float], n_bands: int) -> tuple[float, ...]:
    """Propose edges of equal width at round numbers, so that about this many bands hold all.

    The last band is open, so that the highest number is in it.

    Examples
    --------
    >>> equal_edges([3.0, 18.0, 44.0, 97.0], 5)
    (20.0, 40.0, 60.0, 80.0)
    """
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    if n_bands < 2 or not low < high:
        return ()
    raw = high / n_bands - low / n_bands
    power = 10.0 ** math.floor(math.log10(raw)) if raw > 0 else 0.0
    if not power:
        return ()
    step = next(power * part for part in (1, 2, 2.5, 5, 10) if power * part >= raw * (1 - 1e-9))
    first = math.floor(low / step) + 1
    edges = (float(f"{(first + at) * step:.12g}") for at in range(n_bands))
    return tuple(sorted({edge for edge in edges if low < edge < high}))


def quantile_edges(numbers: Sequence[float], n_bands: int) -> tuple[float, ...]:
    """Propose edges at which the numbers fall into bands of about equal size; ties stay together.

    Examples
    --------
    >>> quantile_edges([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3)
    (3.0, 5.0)
    """
    ordered = sorted(numbers)
    places = {math.ceil(len(ordered) * at / n_bands) for at in range(1, n_bands)}
    edges = {ordered[place] for place in places if place < len(ordered)}
    return tuple(sorted(edge for edge in edges if edge > ordered[0]))


def write_number(number: float) -> str:
    """Write a number as people read it: `18`, `2.5`, `10,000`."""
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}" if abs(number) >= 10_000 else str(int(number))
    return format(number, ".15g")


def number_words(edges: Sequence[float]) -> tuple[str, ...]:
    """Say for each band of numbers what belongs to it, with both ends.

    Examples
    --------
    >>> number_words([18, 65])
    ('below 18', 'from 18 to below 65', 'from 65')
    """
    return _words([write_number(edge) for edge in edges], "below", "to below")


def date_words(edges: Sequence[str]) -> tuple[str, ...]:
    """Say for each band of dates what belongs to it, with both ends.

    Examples
    --------
    >>> date_words(["2022-04-01"])
    ('before 1 Apr 2022', 'from 1 Apr 2022')
    """
    return _words([readable_date(edge) for edge in edges], "before", "to the day before")


def _words(edges: Sequence[str], below: str, upper: str) -> tuple[str, ...]:
    if not edges:
        return ("everything",)
    middle = (f"from {a} {upper} {b}" for a, b in pairwise(edges))
    return (f"{below} {edges[0]}", *middle, f"from {edges[-1]}")
