"""How far two sets of codes are apart, and Krippendorff's alpha over such sets.

In: for every unit, the set of codes that each coder applied. Out: MASI distances, and alpha.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipelines.summarise.agreement import Array, divided

BLOCK = 128
"""Sets that are held against all others at once: bounds the memory."""
MANY_SETS, MANY_DOCUMENTS = 2000, 1000
"""From so many different sets on, in so many documents, resamples take a short cut."""
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
    common = (first & second).sum(-1, dtype=float)
    one, other = first.sum(-1, dtype=float), second.sum(-1, dtype=float)
    union = one + other - common
    weight = np.where(common == union, 1, np.where(common == np.minimum(one, other), 2 / 3, 1 / 3))
    jaccard = np.divide(common, union, out=np.ones_like(union), where=union > 0)
    return np.asarray(1 - jaccard * weight)


@dataclass(frozen=True)
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

    @cached_property
    def sample(self) -> Array:
        """How large a share of all ratings in the sample each set is, (V,)."""
        counts = np.bincount(self.value, self.weight, len(self.sets))
        return np.asarray(counts / counts.sum())

    @cached_property
    def from_sample(self) -> Array:
        """Each set's mean distance from those of the sample, (V,)."""
        found = np.empty(len(self.sets))
        for part, apart in _distances(self.sets):
            found[part] = apart @ self.sample.astype(np.float32)
        return found


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
    many = len(ratings.sets) > MANY_SETS and times.shape[1] >= MANY_DOCUMENTS
    expected = _nearly(ratings, given) if many else _exactly(ratings, given)
    expected = expected * divided(n, n - 1)
    return np.asarray(1 - divided(divided(times @ ratings.observed, n), expected))


def _exactly(ratings: SetRatings, given: Array) -> Array:
    """Give the mean distance of any two sets in each resample."""
    expected = np.zeros(len(given))
    for part, apart in _distances(ratings.sets):
        expected += np.einsum("bv,bv->b", given[:, part] @ apart, given)
    return expected


def _nearly(ratings: SetRatings, given: Array) -> Array:
    """Give the same from distances to the sets of the whole sample.

    With s the shares in the sample, e what a resample adds to them and A the distances, the mean
    distance is 2 (s + e) A s - s A s + e A e. The last term is left out: over documents drawn at
    random it is about one part in as many as there are documents.
    """
    near = ratings.from_sample
    return np.asarray(2 * given @ near - ratings.sample @ near)


def _distances(sets: npt.NDArray[np.bool_]) -> Iterator[tuple[slice, npt.NDArray[np.float32]]]:
    """Yield the distances of some of the sets, all different, at a time to all."""
    members = sets.astype(np.float32)
    sizes = members.sum(1)
    for start in range(0, len(sizes), BLOCK):
        own = sizes[start : start + BLOCK, None]
        near = members[start : start + BLOCK] @ members.T
        weight = (near == np.minimum(own, sizes)).astype(np.float32)  # one holds the other
        weight += 1
        union = own + sizes
        union -= near
        near *= weight
        near /= np.maximum(union, 1, out=union) * 3
        apart = np.subtract(1, near, out=near)
        np.fill_diagonal(apart[:, start:], 0)
        yield slice(start, start + BLOCK), apart


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
