"""Agreement by week as a picture, and which codes are taken for each other."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.summarise.agreement_chart import Point, drift_chart
from pipelines.summarise.confusion import confusion, differing, only
from tests.pipelines.summarise.agreement_data import compared, of_strings, random_ratings

POINTS = [Point("2 Mar 2026", 7, 0.5, 0.2, 0.8), Point("9 Mar 2026", 3, -0.1, None, None)]


@pytest.mark.parametrize("dark", [False, True])
def test_weeks_stand_in_order_with_their_numbers(dark: bool) -> None:
    drawn = drift_chart(POINTS, title="Agreement", dark=dark).to_dict()
    (values,) = drawn["datasets"].values()
    assert [item["label"] for item in values] == ["2 Mar 2026|n = 7", "9 Mar 2026|n = 3"]
    assert [item["interval"] for item in values] == ["0.20 to 0.80", "none"]
    assert "domain': [-0.1, 1]" in str(drawn)
    assert len(drawn["layer"]) == 3


def test_no_interval_draws_no_empty_layer_and_no_week_no_picture() -> None:
    assert len(drift_chart(POINTS[1:], title="Agreement").to_dict()["layer"]) == 2
    with pytest.raises(ValueError, match="at least one week"):
        drift_chart([], title="Agreement")


def slow_confusion(applied: np.ndarray, a: int, b: int) -> np.ndarray:
    n = applied.shape[2]
    found = np.zeros((n + 1, n + 1))
    for unit in applied:
        one, other = set(np.flatnonzero(unit[a])), set(np.flatnonzero(unit[b]))
        for x in one & other:
            found[x, x] += 1
        for x in one - other:
            for y in other - one:
                found[x, y] += 1
        for x in one if not other else ():
            found[x, n] += 1
        for y in other if not one else ():
            found[n, y] += 1
        if not one and not other:
            found[n, n] += 1
    return found


def test_confusion_is_that_of_a_loop() -> None:
    two = random_ratings(3, coders=2, missing=0)
    assert (confusion(two) == slow_confusion(two.applied, 0, 1)).all()
    three = random_ratings(4, coders=3, missing=0)
    once = sum(slow_confusion(three.applied, a, b) for a, b in ((0, 1), (0, 2), (1, 2)))
    both = once + once.T - np.diag(np.diag(once))
    assert (confusion(three) == both).all() and (both == both.T).all()


def test_what_a_coder_has_not_done_is_not_confused() -> None:
    assert confusion(of_strings("1.0", "1.1", ".10")).tolist() == [[1, 2], [2, 1]]


def test_differences_and_parts_add_up() -> None:
    ratings = random_ratings(5)
    (overall, rows) = compared(ratings)
    apart = differing(ratings)
    assert apart.sum(0).tolist() == [row.n_units - row.n_agreed for row in rows]
    chosen = np.arange(len(ratings.done)) % 3 == 0
    parts = [compared(only(ratings, part))[0] for part in (chosen, ~chosen)]
    assert sum(part.n_agreed for part in parts) == overall.n_agreed
    assert sum(part.n_units for part in parts) == overall.n_units
