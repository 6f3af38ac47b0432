"""How far two sets of codes are apart, and Krippendorff's alpha over such sets.

In: for every unit, the set of codes that each coder applied. Out: MASI distances, and alpha.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.summarise.agreement import Array, divided

BLOCK = 512
"""Sets that are held against all others at once: bounds the memory."""
CELLS = 4_000_000
"""Numbers that are gathered at once."""


def masi_distance(first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]) -> Array:
    """Give the MASI distance of sets of codes: 1 - Jaccard x monotonicity.

    Jaccard is the size of the common part over that of the union. Monotonicity is 1 for the same
    set, 2/3 where one holds the other, 1/3 where each has something of its own, 0 where they have
    nothing in common. Two empty sets are the same.

    Parameters
    ----------
    first, second
        Whether a code is in the set, along the last axis; the other axes broadcast.

    References
    ----------
    R. J. Passonneau (2006), Measuring agreement on set-valued items (MASI) for semantic and
    pragmatic annotation, LREC 2006, 831-836.

    Examples
    --------
    >>> sets = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 0]], dtype=bool)
    >>> masi_distance(sets[:1], sets).round(3).tolist()
    [0.0, 0.667, 0.889, 1.0]
    """
    common = (first & second).sum(-1, dtype=np.float32)
    return _distance(
        common, first.sum(-1, dtype=np.float32), second.sum(-1, dtype=np.float32)
    ).astype(float)


def _distance(
    common: npt.NDArray[np.float32], first: npt.NDArray[np.float32], second: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Give distances from the sizes of the common part and of both sets."""
    union = first + second - common
    inside = common == np.minimum(first, second)
    same = common == union
    weight = np.where(same, 1, np.where(inside, 2 / 3, 1 / 3)).astype(np.float32)
    jaccard = np.divide(common, union, out=np.ones_like(union), where=union > 0)
    return np.asarray(1 - jaccard * weight, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class SetRatings:
    """What alpha over sets needs, document by document.

    `sets` are the V different sets, (V, C). `document`, `value` and `weight` say how often coders
    gave which set in which document; `observed` is each document's sum over units of the
    distances of all ordered pairs of coders / (r - 1), (D,).
    """

    sets: npt.NDArray[np.bool_]
    document: npt.NDArray[np.intp]
    value: npt.NDArray[np.intp]
    weight: Array
    observed: Array


def set_ratings(
    applied: npt.NDArray[np.bool_],
    done: npt.NDArray[np.bool_],
    document: npt.NDArray[np.intp],
    weight: Array,
) -> SetRatings:
    """Sum up which sets coders gave in which documents.

    Parameters
    ----------
    applied
        (U, K, C): whether coder k applied code c to unit u.
    done
        (D, K): whether a coder has done the document; two or more have.
    document, weight
        (U,): the document of each unit, and for how many units it stands.
    """
    n_documents, n_coders = done.shape
    rated = done[document]
    unit, coder = np.nonzero(rated)
    packed = np.packbits(applied, axis=-1)[unit, coder]
    _, first, value = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    sets = applied[unit[first], coder[first]]
    value = value.reshape(-1)
    n_sets = len(sets)
    cell, where = np.unique(document[unit] * n_sets + value, return_inverse=True)
    weights = np.bincount(where.reshape(-1), weight[unit], len(cell)).astype(float)
    apart = np.zeros(len(document))
    for a in range(n_coders):
        for b in range(a + 1, n_coders):
            both = rated[:, a] & rated[:, b]
            apart[both] += 2 * masi_distance(applied[both, a], applied[both, b])
    apart *= weight / (rated.sum(1) - 1)
    observed = np.bincount(document, apart, n_documents).astype(float)
    return SetRatings(sets, cell // n_sets, cell % n_sets, weights, observed)


def masi_alpha(ratings: SetRatings, times: Array) -> Array:
    """Give Krippendorff's alpha of sets of codes under MASI, for each resample.

    alpha = 1 - observed / expected, where observed is the mean distance of two coders' sets of the
    same unit, and expected that of any two sets that were given at all.

    Parameters
    ----------
    times
        (B, D): how often each document is in each resample.

    Returns
    -------
    array
        (B,). NaN where only one set was ever given.
    """
    given = _shares(ratings, times)
    n = times @ np.bincount(ratings.document, ratings.weight, times.shape[1])
    members = ratings.sets.astype(np.float32)
    sizes = members.sum(1)
    expected = np.zeros(len(times))
    for start in range(0, len(sizes), BLOCK):
        part = slice(start, start + BLOCK)
        apart = _distance(members[part] @ members.T, sizes[part, None], sizes[None])
        expected += np.einsum("bv,bv->b", given[:, part] @ apart.astype(float), given)
    expected *= divided(n, n - 1)
    return np.asarray(1 - divided(divided(times @ ratings.observed, n), expected))


def _shares(ratings: SetRatings, times: Array) -> Array:
    """Give how large a share of all ratings each set is, (B, V), for each resample."""
    order = np.argsort(ratings.value, kind="stable")
    document, weight = ratings.document[order], ratings.weight[order]
    starts = np.searchsorted(ratings.value[order], np.arange(len(ratings.sets)))
    counts = np.empty((len(times), len(ratings.sets)))
    step = max(1, CELLS // max(1, len(document)))
    for start in range(0, len(times), step):
        part = slice(start, start + step)
        counts[part] = np.add.reduceat(times[part][:, document] * weight, starts, axis=1)
    return divided(counts, counts.sum(1, keepdims=True))
