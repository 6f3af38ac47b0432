"""Distances of sets of codes, and alpha over them."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.summarise import masi
from pipelines.summarise.masi import masi_alpha, masi_distance, set_ratings
from pipelines.summarise.resample import resamples
from tests.pipelines.summarise.agreement_data import random_ratings


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("110", "110", 0),
        ("100", "110", 1 - 1 / 2 * 2 / 3),  # one holds the other
        ("110", "011", 1 - 1 / 3 * 1 / 3),  # each has something of its own
        ("100", "011", 1),
        ("000", "100", 1),
        ("000", "000", 0),
    ],
)
def test_distances_as_passonneau_defines_them(first: str, second: str, distance: float) -> None:
    """R. J. Passonneau (2006): Jaccard times 1, 2/3, 1/3 or 0."""
    one, other = (np.array([sign == "1" for sign in text]) for text in (first, second))
    assert masi_distance(one, other) == pytest.approx(distance)
    assert masi_distance(other, one) == pytest.approx(distance)


OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def test_krippendorffs_four_observers() -> None:
    """K. Krippendorff (2011), section C: four observers, twelve units, values missing: 0.743.

    A value is a set of one code; two different ones are as far apart as can be.
    """
    cells = np.array([list(item) for item in OBSERVERS]).T
    done = cells != "."
    applied = np.stack([cells == value for value in "12345"], axis=-1)
    enough = done.sum(1) > 1
    n = int(enough.sum())
    ratings = set_ratings(applied[enough], done[enough], np.arange(n), np.ones(n))
    assert masi_alpha(ratings, np.ones((1, n))).round(3).tolist() == [0.743]


def slow_alpha(applied: np.ndarray, done: np.ndarray, document: np.ndarray) -> float:
    """Hold every two sets against each other, one by one."""
    given = [
        [frozenset(np.flatnonzero(applied[u, k])) for k in np.flatnonzero(done[document[u]])]
        for u in range(len(document))
    ]

    def apart(a: frozenset[int], b: frozenset[int]) -> float:
        if a == b:
            return 0.0
        monotone = 2 / 3 if a <= b or b <= a else 1 / 3 if a & b else 0.0
        return 1 - len(a & b) / len(a | b) * monotone

    every = [item for unit in given for item in unit]
    n = len(every)
    observed = sum(apart(a, b) / (len(unit) - 1) for unit in given for a in unit for b in unit) / n
    expected = sum(apart(a, b) for a in every for b in every) / (n * (n - 1))
    return 1 - observed / expected


@pytest.mark.parametrize("seed", range(4))
def test_alpha_is_that_of_every_two_sets(seed: int) -> None:
    data = random_ratings(seed, documents=12, coders=3, codes=4)
    ratings = set_ratings(data.applied, data.done, data.document, data.weight)
    blocks = list(resamples(12, 6, seed))
    assert len(blocks) == 1
    times = blocks[0]
    expected = []
    for row in times.astype(int):
        units = [u for d in range(12) for _ in range(row[d])
                 for u in np.flatnonzero(data.document == d)]  # fmt: skip
        expected.append(slow_alpha(data.applied[units], data.done, data.document[units]))
    assert masi_alpha(ratings, times) == pytest.approx(np.array(expected), abs=1e-6)


def test_the_short_cut_is_exact_for_the_sample_and_near_for_resamples(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = random_ratings(1, documents=1500, coders=3, codes=5, units=2)
    ratings = set_ratings(data.applied, data.done, data.document, data.weight)
    (times,) = resamples(1500, 40, 2)
    exact = masi_alpha(ratings, times)
    monkeypatch.setattr(masi, "MANY_SETS", 1)
    near = masi_alpha(ratings, times)
    assert near[0] == pytest.approx(exact[0], abs=1e-6)
    assert np.abs(near - exact).max() < 1 / 1500
    assert not np.array_equal(near, exact)


def test_one_set_has_no_alpha() -> None:
    same = np.ones((3, 2, 2), dtype=bool)
    ratings = set_ratings(same, np.ones((3, 2), dtype=bool), np.arange(3), np.ones(3))
    assert np.isnan(masi_alpha(ratings, np.ones((1, 3)))).all()
