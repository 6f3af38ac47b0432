"""Coefficients of agreement, over arrays: one formula each, for many codes and resamples at once.

In: counts of units. Out: coefficients of the same shape, NaN where they are not defined.

Every argument is a number or an array; arrays broadcast. A unit is rated by `r` coders, of whom
`j` applied the code. "Applied" and "not applied" are the two categories of every code.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = "npt.NDArray[np.float64]"
Values: TypeAlias = "Array | float"
N_CATEGORIES = 2


def divided(above: Values, below: Values) -> Array:
    """Divide, and give NaN where there is nothing to divide by.

    Examples
    --------
    >>> divided(1, 4).item(), divided(0, 0).item()
    (0.25, nan)
    """
    above, below = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    whole = np.full(above.shape, np.nan)
    np.divide(above, below, out=whole, where=below != 0)
    return whole


def corrected(observed: Values, expected: Values) -> Array:
    """Correct agreement for chance: (observed - expected) / (1 - expected).

    NaN where chance alone would make everybody agree.

    Examples
    --------
    >>> corrected(0.7, 0.5).round(2).item(), corrected(1.0, 1.0).item()
    (0.4, nan)
    """
    return divided(np.subtract(observed, expected), np.subtract(1.0, expected))


def pair_agreement(both: Values, first: Values, second: Values, n: Values) -> Array:
    """Give the share of units on which two coders agree.

    Parameters
    ----------
    both, first, second
        Units to which both, the first and the second coder applied the code.
    n
        Units that both have rated.

    Examples
    --------
    >>> pair_agreement(20, 25, 30, 50).item()
    0.7
    """
    return divided(np.asarray(n) - first - second + 2 * np.asarray(both), n)


def cohen_expected(first: Values, second: Values, n: Values) -> Array:
    """Give the agreement that two coders reach by chance, each with their own habit.

    With p and q the shares of units to which they apply the code: p q + (1 - p)(1 - q).

    References
    ----------
    J. Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20, 37-46.

    Examples
    --------
    >>> cohen_expected(25, 30, 50).item()
    0.5
    """
    p, q = divided(first, n), divided(second, n)
    return np.asarray(p * q + (1 - p) * (1 - q))


def agreeing_pairs(j: Values, r: Values) -> Array:
    """Give the share of pairs of coders who agree on a unit that `j` of `r` applied the code to.

    NaN where fewer than two have rated it.

    Examples
    --------
    >>> agreeing_pairs(2, 3).round(3).item(), agreeing_pairs(0, 3).item()
    (0.333, 1.0)
    """
    j, r = np.asarray(j, float), np.asarray(r, float)
    return divided(j * (j - 1) + (r - j) * (r - j - 1), r * (r - 1))


def fleiss_expected(share: Values) -> Array:
    """Give the agreement by chance where all coders share one habit.

    With p the mean over units of the share of coders who applied the code: p**2 + (1 - p)**2.

    References
    ----------
    J. L. Fleiss (1971), Measuring nominal scale agreement among many raters, Psychological
    Bulletin 76, 378-382; with raters missing, K. L. Gwet (2014), Handbook of inter-rater
    reliability, 4th edition, chapter 2.

    Examples
    --------
    >>> fleiss_expected(0.5).item(), round(fleiss_expected(0.9).item(), 2)
    (0.5, 0.82)
    """
    share = np.asarray(share, float)
    return np.asarray(share**2 + (1 - share) ** 2)


def gwet_expected(share: Values) -> Array:
    """Give the agreement by chance of Gwet's AC1: for two categories 2 p (1 - p).

    Only units that are hard to rate are taken to be rated at random; the coefficient stays high
    where a code is rare and coders agree on its absence.

    References
    ----------
    K. L. Gwet (2008), Computing inter-rater reliability and its variance in the presence of high
    agreement, British Journal of Mathematical and Statistical Psychology 61, 29-48.

    Examples
    --------
    >>> gwet_expected(0.5).item(), round(gwet_expected(0.9).item(), 2)
    (0.5, 0.18)
    """
    share = np.asarray(share, float)
    return np.asarray(N_CATEGORIES * share * (1 - share) / (N_CATEGORIES - 1))


BRENNAN_PREDIGER_EXPECTED = 1 / N_CATEGORIES
"""Agreement by chance where every category is as likely as any other.

R. L. Brennan and D. J. Prediger (1981), Coefficient kappa: some uses, misuses, and alternatives,
Educational and Psychological Measurement 41, 687-699.
"""


def alpha_observed(disagreement: Values, n: Values) -> Array:
    """Give Krippendorff's observed disagreement.

    Parameters
    ----------
    disagreement
        Sum over units of 2 j (r - j) / (r - 1).
    n
        Ratings: sum over units of r.
    """
    return divided(disagreement, n)


def alpha_expected(applied: Values, n: Values) -> Array:
    """Give Krippendorff's expected disagreement of one code: 2 n1 n0 / n (n - 1).

    Parameters
    ----------
    applied
        Ratings that say "applied"; the others say "not applied".
    n
        Ratings in all, of units that two or more coders have rated.
    """
    applied, n = np.asarray(applied, float), np.asarray(n, float)
    return divided(2 * applied * (n - applied), n * (n - 1))


def krippendorff_alpha(disagreement: Values, applied: Values, n: Values) -> Array:
    """Give Krippendorff's alpha of one code: 1 - observed / expected disagreement.

    NaN where all ratings are the same: there is nothing that could vary together.

    References
    ----------
    K. Krippendorff (2011), Computing Krippendorff's alpha-reliability, University of Pennsylvania,
    repository.upenn.edu/asc_papers/43 (section B: its example of two observers and ten items).

    Examples
    --------
    >>> krippendorff_alpha(disagreement=8, applied=6, n=20).round(3).item()
    0.095
    """
    ratio = divided(alpha_observed(disagreement, n), alpha_expected(applied, n))
    return np.asarray(1 - ratio)


def f1(both: Values, first: Values, second: Values) -> Array:
    """Give F1 of one coder held against another: 2 both / (first + second).

    NaN where neither applied the code.

    Examples
    --------
    >>> f1(20, 25, 30).round(3).item(), f1(0, 0, 0).item()
    (0.727, nan)
    """
    return divided(2 * np.asarray(both, float), np.add(first, second))
