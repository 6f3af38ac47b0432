"""Which codes coders take for each other, and the parts of ratings that fall into one week.

In: `Ratings`. Out: a matrix of codes by codes; ratings of some of the documents.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from pipelines.summarise.agreement import Array
from pipelines.summarise.agreement_sums import Ratings


def confusion(ratings: Ratings) -> Array:
    """Count the units on which coders differ about which code applies.

    Returns
    -------
    array
        (C + 1, C + 1), rows for the first coder of a pair. On the diagonal, units to which both
        applied the code. Elsewhere, units to which the first applied the row's code and the second
        did not, and the second the column's and the first did not. The last row and column stand
        for no code at all: one applied the code, the other nothing; its corner counts units that
        both left without a code. With more than two coders, the sum over all pairs and both orders.

    Examples
    --------
    >>> applied = np.array([[[1, 0], [0, 1]], [[1, 1], [1, 0]], [[0, 1], [0, 0]]], dtype=bool)
    >>> done = np.ones((3, 2), dtype=bool)
    >>> confusion(Ratings(applied, np.arange(3), np.ones(3), done)).astype(int).tolist()
    [[1, 1, 0], [0, 0, 1], [0, 0, 0]]
    """
    n_codes = ratings.applied.shape[2]
    total = np.zeros((n_codes + 1, n_codes + 1))
    rated = ratings.done[ratings.document]
    for a, b in combinations(range(ratings.n_coders), 2):
        both = rated[:, a] & rated[:, b]
        first, second = ratings.applied[both, a], ratings.applied[both, b]
        weight = ratings.weight[both][:, None]
        total += _of_pair(first, second, weight)
    return total + total.T - np.diag(np.diag(total)) if ratings.n_coders > 2 else total


def _of_pair(first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_], weight: Array) -> Array:
    none_first, none_second = (np.asarray(~part.any(1), dtype=bool) for part in (first, second))
    found = np.zeros((first.shape[1] + 1,) * 2)
    found[:-1, :-1] = ((first & ~second) * weight).T @ (second & ~first).astype(float)
    found[:-1, :-1] += np.diag(((first & second) * weight).sum(0))
    found[:-1, -1] = ((first & none_second[:, None]) * weight).sum(0)
    found[-1, :-1] = ((second & none_first[:, None]) * weight).sum(0)
    found[-1, -1] = weight[none_first & none_second].sum()
    return found


def differing(ratings: Ratings) -> Array:
    """Count the units on which coders differ, by document and code, (D, C)."""
    r = ratings.done.sum(1)[ratings.document][:, None]
    j = ratings.applied.sum(1)
    apart = ((j > 0) & (j < r)) * ratings.weight[:, None]
    found = np.zeros((len(ratings.done), ratings.applied.shape[2]))
    np.add.at(found, ratings.document, apart)
    return found


def only(ratings: Ratings, chosen: npt.NDArray[np.bool_]) -> Ratings:
    """Keep the ratings of some documents, (D,)."""
    units = chosen[ratings.document]
    places = np.cumsum(chosen) - 1
    return Ratings(
        ratings.applied[units],
        places[ratings.document[units]],
        ratings.weight[units],
        ratings.done[chosen],
    )
