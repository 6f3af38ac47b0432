"""Ratings for tests: published tables, and coders who guess."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipelines.summarise.agreement_figures import Asked, figures_of
from pipelines.summarise.agreement_sums import Ratings
from workbench.domain.agreement import CodeAgreement

MISSING = "."


def of_strings(*coders: str) -> Ratings:
    """Make ratings of one code: a string per coder, `1`, `0` or `.` for each document."""
    cells = np.array([list(coder) for coder in coders]).T
    done = cells != MISSING
    applied = (cells == "1")[:, :, None]
    n = len(cells)
    return Ratings(applied, np.arange(n), np.ones(n), done)


def of_pair(both: int, first: int, second: int, neither: int) -> Ratings:
    """Make ratings of one code by two coders, from the four cells of their table."""
    one = "1" * (both + first) + "0" * (second + neither)
    other = "1" * both + "0" * first + "1" * second + "0" * neither
    return of_strings(one, other)


def random_ratings(
    seed: int, *, documents: int = 30, coders: int = 3, codes: int = 4, share: float = 0.3,
    units: int = 3, missing: float = 0.2,
) -> Ratings:  # fmt: skip
    """Make ratings by coders who guess, independently of each other."""
    random = np.random.default_rng(seed)
    done = random.random((documents, coders)) >= missing
    done[:, :2] |= done.sum(1, keepdims=True) < 2
    document = np.repeat(np.arange(documents), random.integers(1, units + 1, documents))
    applied = random.random((len(document), coders, codes)) < share
    applied &= done[document][:, :, None]
    return Ratings(applied, document, np.ones(len(document)), done)


def compared(
    ratings: Ratings, *, n_resamples: int = 0, **options: Any
) -> tuple[CodeAgreement, tuple[CodeAgreement, ...]]:
    """Work out figures under made-up names."""
    coders = [f"coder {place}" for place in range(ratings.n_coders)]
    codes = [(place, f"code {place}") for place in range(ratings.applied.shape[2])]
    return figures_of(ratings, Asked(coders, codes, n_resamples=n_resamples, **options))


def values(item: CodeAgreement, *names: str) -> Sequence[float | None]:
    """Give figures, rounded to three places."""
    found = [item.figures[name].value for name in names]
    return [None if value is None else round(value, 3) for value in found]
