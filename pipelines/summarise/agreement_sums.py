"""Units and who applied what to them, summed up document by document.

In: `Ratings`. Out: for any weights of documents, every coefficient of every code.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from pipelines.summarise import agreement as formulas
from pipelines.summarise.agreement import Array

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ratings:
    """Units of D documents, K coders and C codes.

    `applied` (U, K, C) tells whether a coder applied a code to a unit; it is False where they have
    not done the document. `document` (U,) is the document of each unit, `weight` (U,) for how many
    units it stands (characters in a row with the same codes are one). `done` (D, K) tells who has
    done which document: two or more coders each. Documents may have no unit.
    """

    applied: npt.NDArray[np.bool_]
    document: npt.NDArray[np.intp]
    weight: Array
    done: npt.NDArray[np.bool_]

    @property
    def n_coders(self) -> int:
        """How many coders there are."""
        return int(self.done.shape[1])


@dataclass(frozen=True, slots=True)
class Sums:
    """Sufficient statistics by document, which weights of documents turn into those of a sample.

    Of all coders, (D, C) but for `units` (D,) and `ratings` (D,): `agreeing` sums the share of
    pairs that agree, `share` the share of coders who applied the code, `disagreement`
    2 j (r - j) / (r - 1), `applied` j, `unanimous` the units on which all agree. Of each pair:
    units that both have rated (D,), and (D, C) to which both, the first, the second applied it.
    `by_coder` (D, K, C) counts the units to which each coder applied the code, `rated` (D, K)
    those that each has rated.
    """

    units: Array
    ratings: Array
    agreeing: Array
    share: Array
    disagreement: Array
    applied: Array
    unanimous: Array
    by_coder: Array
    rated: Array
    pairs: dict[Pair, tuple[Array, Array, Array, Array]]


def sum_up(ratings: Ratings) -> Sums:
    """Sum up units by document."""
    n_documents = len(ratings.done)
    r = ratings.done.sum(1)[ratings.document][:, None].astype(float)
    j = ratings.applied.sum(1, dtype=float)
    weight = ratings.weight[:, None]

    def total(values: Array) -> Array:
        """Sum values of units (U, ...) by document (D, ...)."""
        sums = np.zeros((n_documents, *values.shape[1:]))
        np.add.at(sums, ratings.document, values)
        return sums

    def by_document(values: Array) -> Array:
        """Sum values of units in order of documents, quicker than one at a time."""
        if len(values) == 0 or np.any(np.diff(ratings.document) < 0):
            return total(values)
        starts = np.flatnonzero(np.diff(ratings.document, prepend=-1))
        sums = np.zeros((n_documents, *values.shape[1:]))
        sums[ratings.document[starts]] = np.add.reduceat(values, starts, axis=0)
        return sums

    pairs = {}
    rated = ratings.done[ratings.document]
    for a, b in combinations(range(ratings.n_coders), 2):
        both_done = (rated[:, a] & rated[:, b])[:, None] * weight
        first, second = ratings.applied[:, a], ratings.applied[:, b]
        pairs[a, b] = (
            by_document(both_done)[:, 0],
            by_document(both_done * (first & second)),
            by_document(both_done * first),
            by_document(both_done * second),
        )
    return Sums(
        units=by_document(weight)[:, 0],
        ratings=by_document(weight * r)[:, 0],
        agreeing=by_document(weight * formulas.agreeing_pairs(j, r)),
        share=by_document(weight * j / r),
        disagreement=by_document(weight * 2 * j * (r - j) / (r - 1)),
        applied=by_document(weight * j),
        unanimous=by_document(weight * ((j == 0) | (j == r))),
        by_coder=np.stack(
            [by_document(weight * ratings.applied[:, k]) for k in range(ratings.n_coders)], axis=1
        ),
        rated=by_document(weight * rated),
        pairs=pairs,
    )


def coefficients(sums: Sums, times: Array, used: npt.NDArray[np.bool_]) -> dict[str, Array]:
    """Give the coefficients of all coders together, for each resample and code, and overall.

    Parameters
    ----------
    times
        (B, D): how often each document is in each resample.
    used
        (C,): which codes anybody applied; the others are left out of the overall figures.

    Returns
    -------
    dict
        (B, C + 1) by name: "percent", "fleiss_kappa", "alpha", "ac1", "brennan_prediger". The last
        column is overall: agreement by chance and observed agreement are each averaged over codes
        first (pooled kappa: H. de Vries and others (2008), Using pooled kappa to summarize
        interrater agreement across many items, Field Methods 20, 272-282).
    """
    units, n = (times @ sums.units)[:, None], (times @ sums.ratings)[:, None]
    observed = formulas.divided(times @ sums.agreeing, units)
    share = formulas.divided(times @ sums.share, units)
    applied = times @ sums.applied
    varies = (applied > 0) & (applied < n)
    found = {"percent": _with_mean(observed, used)}
    for name, expected in (
        ("fleiss_kappa", formulas.fleiss_expected(share)),
        ("ac1", formulas.gwet_expected(share)),
        ("brennan_prediger", np.full(share.shape, formulas.BRENNAN_PREDIGER_EXPECTED)),
    ):
        found[name] = _corrected(observed, expected, varies, used)
    found["alpha"] = _corrected(
        1 - formulas.alpha_observed(times @ sums.disagreement, n),
        1 - formulas.alpha_expected(applied, n),
        varies,
        used,
    )
    return found


def pair_coefficients(
    sums: Sums, pair: Pair, times: Array, used: npt.NDArray[np.bool_]
) -> dict[str, Array]:
    """Give "percent" and "cohen_kappa" of two coders, (B, C + 1) as above."""
    counts, both, first, second = (times @ part for part in sums.pairs[pair])
    n = counts[:, None]
    observed = formulas.pair_agreement(both, first, second, n)
    varies = (first + second > 0) & (first + second < 2 * n)
    expected = formulas.cohen_expected(first, second, n)
    return {
        "percent": _with_mean(observed, used),
        "cohen_kappa": _corrected(observed, expected, varies, used),
    }


def held_against(
    sums: Sums, reference: int, times: Array, used: npt.NDArray[np.bool_]
) -> dict[str, Array]:
    """Give "precision", "recall" and "f1" of all others against one coder, (B, C + 1).

    The others' units are pooled; overall, so are the codes.
    """
    both, ours, theirs = (np.zeros((len(times), sums.applied.shape[1])) for _ in range(3))
    for (a, b), (_, common, first, second) in sums.pairs.items():
        if reference not in (a, b):
            continue
        both += times @ common
        ours += times @ (first if a == reference else second)
        theirs += times @ (second if a == reference else first)
    both, ours, theirs = (
        np.hstack([part, part[:, used].sum(1, keepdims=True)]) for part in (both, ours, theirs)
    )
    return {
        "precision": formulas.divided(both, theirs),
        "recall": formulas.divided(both, ours),
        "f1": formulas.f1(both, ours, theirs),
    }


def _corrected(
    observed: Array, expected: Array, varies: npt.NDArray[np.bool_], used: npt.NDArray[np.bool_]
) -> Array:
    """Correct each code for chance where its ratings differ at all; then all codes together."""
    each = np.where(varies, formulas.corrected(observed, expected), np.nan)
    pooled = formulas.corrected(_mean(observed, used), _mean(expected, used))
    pooled = np.where((varies & used).any(1), pooled, np.nan)
    return np.hstack([each, pooled[:, None]])


def _with_mean(values: Array, used: npt.NDArray[np.bool_]) -> Array:
    return np.hstack([values, _mean(values, used)[:, None]])


def _mean(values: Array, used: npt.NDArray[np.bool_]) -> Array:
    if not used.any():
        return np.full(len(values), np.nan)
    return np.asarray(values[:, used].mean(1))
