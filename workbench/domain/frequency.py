"""How many of a group: shares with their intervals, and the sentence that says them.

In: counts of respondents, from the store. Out: shares, Wilson intervals and plain words for the
themes page, the report and the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95

SMALL_BASE = 10
"""Respondents. Below this many, a percentage would sound surer than it is: counts are said."""


def wilson(k: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
    """Return the Wilson score interval of a share, without continuity correction.

    With p = k / n and z the normal quantile of (1 + confidence) / 2::

        (p + z**2 / 2n ± z * sqrt(p(1 - p) / n + z**2 / 4n**2)) / (1 + z**2 / n)

    Unlike the textbook interval it holds for small groups and for shares of 0 and 1.

    Parameters
    ----------
    k
        Respondents who mention something, from 0 to `n`.
    n
        Respondents in all.
    confidence
        Between 0 and 1, both excluded.

    Returns
    -------
    tuple of float or None
        Lower and upper bound, both shares (0-1). None when `n` is 0: nothing is known then.

    Raises
    ------
    ValueError
        When `k` does not lie between 0 and `n`, or `confidence` not between 0 and 1.

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22, 209-212. R. G. Newcombe (1998), Two-sided
    confidence intervals for the single proportion, Statistics in Medicine 17, 857-872 (method 3).

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson(81, 263)]
    [0.2553, 0.3662]
    >>> wilson(0, 0) is None
    True
    """
    _check_count(k, n)
    if not 0 < confidence < 1:
        raise ValueError(f"the confidence must lie between 0 and 1, not {confidence}")
    if n == 0:
        return None
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    centre = (k + z2 / 2) / (n + z2)
    half = sqrt(z2 * (k * (n - k) / n + z2 / 4)) / (n + z2)
    # At the ends the formula gives exactly 0 and 1; rounding must not.
    low = 0.0 if k == 0 else centre - half
    high = 1.0 if k == n else centre + half
    return low, high


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `base` respondents. At base 0 every derived value is None.

    Raises
    ------
    ValueError
        When `n` does not lie between 0 and `base`.

    Examples
    --------
    >>> parents = Share(43, 101)
    >>> parents.percent, round(parents.low, 2), round(parents.high, 2)
    (43, 0.33, 0.52)
    >>> Share(0, 0).share is None
    True
    """

    n: int
    base: int

    def __post_init__(self) -> None:
        """Hold the counts against each other."""
        _check_count(self.n, self.base)

    @property
    def share(self) -> float | None:
        """From 0 to 1."""
        return self.n / self.base if self.base else None

    @property
    def percent(self) -> int | None:
        """From 0 to 100, whole, halves rounded up."""
        return (200 * self.n + self.base) // (2 * self.base) if self.base else None

    @property
    def low(self) -> float | None:
        """Lower bound of the Wilson 95 % interval, from 0 to 1."""
        interval = wilson(self.n, self.base)
        return interval[0] if interval else None

    @property
    def high(self) -> float | None:
        """Upper bound of the Wilson 95 % interval, from 0 to 1."""
        interval = wilson(self.n, self.base)
        return interval[1] if interval else None


@dataclass(frozen=True, slots=True)
class Difference:
    """A share less another, with its interval; all from -1 to 1."""

    difference: float
    low: float
    high: float

    @property
    def points(self) -> tuple[int, int, int]:
        """Difference, low and high as whole percentage points, halves away from nought."""
        return _points(self.difference), _points(self.low), _points(self.high)


def newcombe(
    k1: int, n1: int, k2: int, n2: int, confidence: float = CONFIDENCE
) -> Difference | None:
    """Return the difference of two independent shares with Newcombe's score interval.

    With p = k / n, and l and u the Wilson bounds of each share::

        p1 - p2 - sqrt((p1 - l1)**2 + (u2 - p2)**2)    to
        p1 - p2 + sqrt((u1 - p1)**2 + (p2 - l2)**2)

    Parameters
    ----------
    k1, n1
        Respondents of the first group who mention something, of how many.
    k2, n2
        The same of the second group. Nobody may be in both: the shares must be independent.
    confidence
        Between 0 and 1, both excluded.

    Returns
    -------
    Difference or None
        None when one of the groups is empty: nothing is known then.

    Raises
    ------
    ValueError
        When a count does not lie between 0 and its base, or `confidence` not between 0 and 1.

    References
    ----------
    R. G. Newcombe (1998), Interval estimation for the difference between independent proportions:
    comparison of eleven methods, Statistics in Medicine 17, 873-890 (method 10).

    Examples
    --------
    >>> found = newcombe(56, 70, 48, 80)
    >>> [round(part, 4) for part in (found.difference, found.low, found.high)]
    [0.2, 0.0524, 0.3339]
    >>> newcombe(0, 0, 1, 2) is None
    True
    """
    first, second = wilson(k1, n1, confidence), wilson(k2, n2, confidence)
    if first is None or second is None:
        return None
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = first, second
    below = sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    above = sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    return Difference(p1 - p2, max(-1.0, p1 - p2 - below), min(1.0, p1 - p2 + above))


def _points(share: float) -> int:
    points = int(abs(round(share * 100, 6)) + 0.5)
    return -points if share < 0 else points


def compare_sentence(
    first: Share, second: Share, theme: str, *, people: tuple[str, str], interval: bool = True
) -> str:
    """Say two shares and their difference in plain words.

    Parameters
    ----------
    people
        Who was counted on either side, in the plural.
    interval
        Whether the groups may be held against each other by an interval.

    Examples
    --------
    >>> compare_sentence(Share(56, 70), Share(48, 80), "Waiting", people=("parents", "carers"))
    '56 of 70 parents (80 %) and 48 of 80 carers (60 %) mention Waiting: 20 percentage points \
more among the first, 95 % interval 5 to 33.'
    >>> compare_sentence(Share(0, 0), Share(1, 2), "Waiting", people=("parents", "carers"))
    'There are no parents to count for Waiting.'
    """
    for share, name in zip((first, second), people, strict=True):
        if not share.base:
            return f"There are no {name} to count for {theme}."
    counts = " and ".join(
        f"{share.n:,} of {share.base:,} {name}"
        + (f" ({share.percent} %)" if share.base >= SMALL_BASE else "")
        for share, name in zip((first, second), people, strict=True)
    )
    said = f"{counts} mention {theme}"
    found = newcombe(first.n, first.base, second.n, second.base)
    if found is None or not interval or min(first.base, second.base) < SMALL_BASE:
        return f"{said}."
    points, low, high = found.points
    if points == 0:
        return f"{said}: no difference in whole percentage points, 95 % interval {low} to {high}."
    if points < 0:
        points, low, high = -points, -high, -low
        which = "second"
    else:
        which = "first"
    unit = "percentage point" if points == 1 else "percentage points"
    return f"{said}: {points} {unit} more among the {which}, 95 % interval {low} to {high}."


def sentence(share: Share, theme: str, *, people: str = "respondents") -> str:
    """Say a share in plain words.

    Groups of fewer than `SMALL_BASE` people get their counts alone.

    Parameters
    ----------
    share
        How many of how many.
    theme
        The name of a theme or code.
    people
        Who was counted, in the plural.

    Examples
    --------
    >>> sentence(Share(43, 101), "Not heard", people="parents")
    'Of 101 parents, 43 (43 %, 95 % interval 33-52 %) mention Not heard.'
    >>> sentence(Share(4, 7), "Not heard", people="parents")
    '4 of 7 parents mention Not heard.'
    >>> sentence(Share(0, 0), "Not heard", people="parents")
    'There are no parents to count for Not heard.'
    """
    if not share.base:
        return f"There are no {people} to count for {theme}."
    verb = "mention" if share.n > 1 else "mentions"
    if share.base < SMALL_BASE:
        return f"{_count(share)} of {share.base} {people} {verb} {theme}."
    count = _count(share).lower()
    return f"Of {share.base} {people}, {count} ({_percents(share)}) {verb} {theme}."


def _count(share: Share) -> str:
    """Return the number of people, in words where that reads better."""
    if share.n == 0:
        return "None"
    return "All" if share.n == share.base > 1 else str(share.n)


def _percents(share: Share) -> str:
    """Return share and interval as whole percentages; next to nothing is not called nothing."""
    percent = f"{share.percent} %"
    if share.n and share.percent == 0:
        percent = "under 1 %"
    if share.n < share.base and share.percent == 100:
        percent = "over 99 %"
    low, high = (int(100 * bound + 0.5) for bound in wilson(share.n, share.base) or (0.0, 1.0))
    return f"{percent}, 95 % interval {low}-{high} %"


def _check_count(k: int, n: int) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n}: the count must lie between 0 and its base")
