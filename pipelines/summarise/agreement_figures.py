"""All figures of agreement with their intervals, per code and overall.

In: `Ratings`. Out: `CodeAgreement` for every code, and one for all codes together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.summarise import agreement as formulas
from pipelines.summarise.agreement import Array
from pipelines.summarise.agreement_sums import (
    Pair,
    Ratings,
    Sums,
    coefficients,
    held_against,
    pair_coefficients,
    sum_up,
)
from pipelines.summarise.masi import masi_alpha, set_ratings
from pipelines.summarise.resample import MIN_DEFINED, percentile_interval, resamples
from pipelines.summarise.unitizing import unitizing_expected, unitizing_observed
from workbench.domain.agreement import CodeAgreement, Figure, PairFigures

OVERALL = "All codes"
NOBODY = "nobody applied the code"
EVERYWHERE = "everybody applied the code to every unit"
NO_UNITS = "no two coders have done the same documents"
TWO_ONLY = "it is for two coders: see the pairs"
NO_REFERENCE = "no reference coder was chosen"
AGAINST = {
    "precision": "the others never applied the code",
    "recall": "the reference coder never applied the code",
    "f1": NOBODY,
}
ONE_SET = "all units were given the same codes"
MIN_DOCUMENTS = 5
"""Fewer can be drawn in so few ways that resamples say nothing."""
FEW_DOCUMENTS = f"fewer than {MIN_DOCUMENTS} documents cannot be resampled"
NO_SPREAD = "it comes out the same whichever documents are drawn"
TOO_FEW = "it is too rare in these documents"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the coders' names, the codes, and a reference coder by place.

    `squares` (D, C) sums the squared lengths of spans where the unit is the character.
    """

    coders: Sequence[str]
    codes: Sequence[tuple[int, str]]
    reference: int | None = None
    squares: Array | None = None
    n_resamples: int = 1000
    seed: int = 0


def figures_of(ratings: Ratings, asked: Asked) -> tuple[CodeAgreement, tuple[CodeAgreement, ...]]:
    """Give the figures of all codes together, and those of each code.

    Parameters
    ----------
    ratings
        Units of documents that two or more coders have done.
    asked
        Whose figures, and how many resamples of documents give the intervals; 0 gives none.
    """
    sums = sum_up(ratings)
    used = sums.applied.sum(0) > 0
    found = _resampled(ratings, sums, used, asked)
    reasons = _Reasons(sums, asked)
    rows = [_row(sums, asked, found, reasons, column) for column in range(len(asked.codes))]
    overall = _overall(sums, used, asked, found, reasons)
    return overall, tuple(rows)


def _resampled(
    ratings: Ratings, sums: Sums, used: npt.NDArray[np.bool_], asked: Asked
) -> dict[tuple[str, Pair | None], Array]:
    """Work out every figure for the sample (first row) and each resample: (1 + B, C + 1)."""
    sets = set_ratings(ratings.applied, ratings.done, ratings.document, ratings.weight)
    parts: dict[tuple[str, Pair | None], list[Array]] = {}
    n_documents = len(ratings.done)
    n_resamples = asked.n_resamples if n_documents >= MIN_DOCUMENTS else 0
    for times in resamples(n_documents, n_resamples, asked.seed):
        one: dict[tuple[str, Pair | None], Array] = {}
        for name, values in coefficients(sums, times, used).items():
            one[name, None] = values
        for pair in sums.pairs:
            for name, values in pair_coefficients(sums, pair, times, used).items():
                one[name, pair] = values
        if asked.reference is not None:
            for name, values in held_against(sums, asked.reference, times, used).items():
                one[name, None] = values
        elif ratings.n_coders == 2:
            one["f1", None] = held_against(sums, 0, times, used)["f1"]
        if asked.squares is not None:
            one["unitizing_alpha", None] = _unitizing(sums, asked.squares, times, used)
        # One set for all codes together: as wide as the others, with nothing for single codes.
        masi = np.full((len(times), sums.applied.shape[1] + 1), np.nan)
        masi[:, -1] = masi_alpha(sets, times)
        one["masi_alpha", None] = masi
        for key, values in one.items():
            parts.setdefault(key, []).append(values)
    return {key: np.concatenate(values) for key, values in parts.items()}


def _unitizing(sums: Sums, squares: Array, times: Array, used: npt.NDArray[np.bool_]) -> Array:
    """Give alpha for unitizing of each code; overall, of all codes' disagreements together."""
    n = np.broadcast_to((times @ sums.ratings)[:, None], (len(times), len(used)))
    applied, squared = times @ sums.applied, times @ squares
    observed = unitizing_observed(times @ sums.disagreement)
    expected = unitizing_expected(applied, n, squared)
    both = [
        np.hstack([part, np.nansum(part[:, used], axis=1, keepdims=True)])
        for part in (observed, expected)
    ]
    return np.asarray(1 - formulas.divided(*both))


@dataclass(frozen=True, slots=True)
class _Reasons:
    """Why a figure may not be there."""

    sums: Sums
    asked: Asked

    def why_not(self, name: str, column: int, *, pair: Pair | None = None) -> str:
        """Say why a figure of a code (or, beyond the last, of all) has no value."""
        if name == "cohen_kappa" and pair is None and len(self.asked.coders) != 2:
            return TWO_ONLY
        needs = ("precision", "recall") if len(self.asked.coders) == 2 else AGAINST
        if name in needs and self.asked.reference is None:
            return NO_REFERENCE
        if not self.sums.units.sum():
            return NO_UNITS
        if pair is not None and not self.sums.pairs[pair][0].sum():
            return NO_UNITS
        if column == len(self.asked.codes):
            return ONE_SET if name == "masi_alpha" else "no code varies from unit to unit"
        if name in AGAINST:
            return AGAINST[name]
        if pair is not None and len(self.asked.coders) > 2:
            applied = sum(self.sums.pairs[pair][side][:, column].sum() for side in (2, 3))
            return EVERYWHERE if applied else "neither applied the code"
        return EVERYWHERE if self.sums.applied[:, column].sum() else NOBODY

    def no_interval(self, values: Array) -> str:
        """Say why there is no interval."""
        if self.asked.n_resamples == 0:
            return ""
        if len(values) == 0:
            return FEW_DOCUMENTS
        return TOO_FEW if np.isfinite(values).mean() < MIN_DEFINED else NO_SPREAD


def _figure(values: Array, reasons: _Reasons, name: str, column: int, pair: Pair | None) -> Figure:
    value = float(values[0])
    if np.isnan(value):
        return Figure(None, why_not=reasons.why_not(name, column, pair=pair))
    interval = percentile_interval(values[1:])
    if interval is None:
        return Figure(value, no_interval=reasons.no_interval(values[1:]))
    return Figure(value, *interval)


def _figures(
    found: dict[tuple[str, Pair | None], Array], reasons: _Reasons, column: int
) -> tuple[dict[str, Figure], tuple[PairFigures, ...]]:
    names = reasons.asked.coders
    own: dict[str, Figure] = {}
    pairs: dict[Pair, dict[str, Figure]] = {}
    for (name, pair), values in found.items():
        if name == "masi_alpha" and column < len(reasons.asked.codes):
            continue
        figure = _figure(values[:, column], reasons, name, column, pair)
        if pair is None:
            own[name] = figure
        else:
            pairs.setdefault(pair, {})[name] = figure
    if len(names) == 2:
        own["cohen_kappa"] = pairs[0, 1]["cohen_kappa"]
    for name in ("cohen_kappa", *AGAINST):
        own.setdefault(name, Figure(None, why_not=reasons.why_not(name, column)))
    listed = (PairFigures((names[a], names[b]), held) for (a, b), held in pairs.items())
    return own, tuple(listed) if len(names) > 2 else ()


def _row(
    sums: Sums,
    asked: Asked,
    found: dict[tuple[str, Pair | None], Array],
    reasons: _Reasons,
    column: int,
) -> CodeAgreement:
    own, pairs = _figures(found, reasons, column)
    code_id, name = asked.codes[column]
    return CodeAgreement(
        code_id,
        name,
        n_units=round(sums.units.sum()),
        n_agreed=round(sums.unanimous[:, column].sum()),
        applied=tuple(round(n) for n in sums.by_coder[:, :, column].sum(0)),
        rated=tuple(round(n) for n in sums.rated.sum(0)),
        figures=own,
        pairs=pairs,
    )


def _overall(
    sums: Sums,
    used: npt.NDArray[np.bool_],
    asked: Asked,
    found: dict[tuple[str, Pair | None], Array],
    reasons: _Reasons,
) -> CodeAgreement:
    own, pairs = _figures(found, reasons, len(asked.codes))
    n_used = int(used.sum())
    return CodeAgreement(
        None,
        OVERALL,
        n_units=round(sums.units.sum()) * n_used,
        n_agreed=round(sums.unanimous[:, used].sum()),
        applied=tuple(round(n) for n in sums.by_coder[:, :, used].sum((0, 2))),
        rated=tuple(round(n) * n_used for n in sums.rated.sum(0)),
        figures=own,
        pairs=pairs,
    )
