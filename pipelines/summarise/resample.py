"""The bootstrap over documents: how often each is drawn, and the interval of what comes out.

In: a number of documents and a seed. Out: weights for linear algebra, and percentile intervals.
Documents are drawn, not units: the units of one document belong together.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipelines.summarise.agreement import Array

CONFIDENCE = 0.95
MIN_DEFINED = 0.9
"""Share of resamples in which a coefficient must be defined for its interval to be given."""
CELLS = 8_000_000
"""Weights that are held at once: 64 MB."""


def resamples(n_documents: int, n_resamples: int, seed: int) -> Iterator[Array]:
    """Yield blocks of weights (b, D): how often each document is drawn in each resample.

    The first row of the first block is the sample itself: every document once.

    Examples
    --------
    >>> blocks = list(resamples(4, 3, seed=1))
    >>> blocks[0].shape, blocks[0][0].tolist(), set(blocks[0].sum(1).tolist())
    ((4, 4), [1.0, 1.0, 1.0, 1.0], {4.0})
    """
    random = np.random.default_rng(seed)
    itself = np.ones((1, n_documents))
    step = max(1, CELLS // max(1, n_documents))
    for start in range(0, n_resamples, step):
        rows = min(step, n_resamples - start)
        drawn = random.integers(0, n_documents, (rows, n_documents))
        drawn += np.arange(rows)[:, None] * n_documents
        times = np.bincount(drawn.reshape(-1), minlength=rows * n_documents)
        block = times.reshape(rows, n_documents).astype(float)
        yield np.vstack([itself, block]) if start == 0 else block
    if n_resamples == 0:
        yield itself


def percentile_interval(values: Array) -> tuple[float, float] | None:
    """Give the 95 % percentile interval of one coefficient over resamples.

    None where the coefficient is not defined in enough of them, or never differs: then the sample
    holds nothing from which to tell how sure it is.

    Examples
    --------
    >>> [round(end, 1) for end in percentile_interval(np.arange(101.0))]
    [2.5, 97.5]
    >>> percentile_interval(np.ones(50)) is None
    True
    """
    defined = values[~np.isnan(values)]
    if not len(values) or len(defined) < MIN_DEFINED * len(values):
        return None
    if np.ptp(defined) < 1e-12:
        return None
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(defined, [tail, 100 - tail])
    return float(low), float(high)
