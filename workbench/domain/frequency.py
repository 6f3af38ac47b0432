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
