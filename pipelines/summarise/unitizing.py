"""Krippendorff's alpha for unitizing: whether coders put a code on the same stretches of text.

In: sums over characters, and the lengths of the spans that coders gave a code. Out: alpha.

This is the coefficient written |uα, of what was coded against what was left uncoded, with one code
at a time. With n characters rated (each once for every coder), of which n1 carry the code and n0 do
not, observed disagreement is ``n10 = sum over characters of j (r - j) / (r - 1)``. Expected is::

    e10 = n n1 n0 / (n**2 - sum over spans of l**2 - n0)

A span cannot be paired with itself: this is what sets alpha apart from one over single characters.

References
----------
K. Krippendorff, Y. Mathet, S. Bouvry and A. Widlöcher (2016), On the reliability of unitizing
textual continua: further developments, Quality & Quantity 50, 2347-2364; K. Krippendorff (2019),
Content analysis, 4th edition, section 12.6.4.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.summarise.agreement import Array, Values, divided

Span = tuple[int, int]


def joined(spans: Sequence[Span]) -> list[Span]:
    """Join the overlapping spans of one coder and code, in order.

    Spans that only touch stay apart: they were given as two.

    Examples
    --------
    >>> joined([(5, 9), (0, 3), (2, 4), (9, 12)])
    [(0, 4), (5, 9), (9, 12)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def unitizing_observed(disagreement: Values) -> Array:
    """Give the observed disagreement: characters that one coder coded and another did not.

    Parameters
    ----------
    disagreement
        Sum over characters of 2 j (r - j) / (r - 1).
    """
    return np.asarray(disagreement, float) / 2


def unitizing_expected(applied: Values, n: Values, squares: Values) -> Array:
    """Give the disagreement that chance would bring.

    Parameters
    ----------
    applied
        Characters that carry the code, once for each coder.
    n
        Characters in all, once for each coder.
    squares
        Sum over all coders' spans with the code of their squared lengths.
    """
    applied, n = np.asarray(applied, float), np.asarray(n, float)
    blank = n - applied
    return divided(n * applied * blank, n**2 - squares - blank)


def unitizing_alpha(disagreement: Values, applied: Values, n: Values, squares: Values) -> Array:
    """Give alpha for unitizing of one code; arguments as above.

    Returns
    -------
    array
        NaN where the code covers nothing, or everything.

    Examples
    --------
    One coder codes a text of 100 characters from 10 to 30, another from 20 to 30:

    >>> unitizing_alpha(disagreement=20, applied=30, n=200, squares=500).round(3).item()
    0.614
    """
    expected = unitizing_expected(applied, n, squares)
    return np.asarray(1 - divided(unitizing_observed(disagreement), expected))
