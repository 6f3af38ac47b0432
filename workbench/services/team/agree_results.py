"""What comparing coders gives: values for the page, files and the command line.

In: figures and lists that `agree` has worked out. Out: the same with names, and as plain values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.domain.agreement import (
    CONVENTION,
    FIRST,
    POOLED,
    TITLES,
    UNCODED,
    UNITS,
    By,
    CodeAgreement,
    Figure,
    Unit,
    main_figure,
    say,
    say_overall,
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of coders, per code and overall."""

    study: str
    coders: tuple[str, ...]
    coder_ids: tuple[int, ...]
    by: By
    unit: Unit
    unit_word: str
    reference: str | None
    n_documents: int
    n_units: int
    overall: CodeAgreement
    rows: tuple[CodeAgreement, ...]
    left_out: tuple[str, ...]
    n_bootstrap: int
    seed: int

    def say(self, item: CodeAgreement) -> str:
        """Say one code's agreement in plain words."""
        if item.code_id is None:
            return say_overall(
                item, self.coders, unit=self.unit_word, by=self.by, n_documents=self.n_documents
            )
        return say(item, self.coders, unit=self.unit_word, n_documents=self.n_documents)

    @property
    def shown(self) -> tuple[str, ...]:
        """The figures that are defined for anything, in their order."""
        rows = (self.overall, *self.rows)
        return tuple(
            name
            for name in TITLES
            if any(name in row.figures and row.figures[name].value is not None for row in rows)
        )

    @property
    def applied(self) -> tuple[CodeAgreement, ...]:
        """The codes that anybody applied, those that coders agree on least first."""
        name = main_figure(self.coders)
        used = [row for row in self.rows if sum(row.applied)]
        return tuple(sorted(used, key=lambda row: _order(row.figures[name])))

    @property
    def notes(self) -> tuple[str, ...]:
        """What the figures rest on, one sentence or two each."""
        interval = (
            f"Intervals hold 95 % of {self.n_bootstrap:,} resamples of whole documents "
            f"(seed {self.seed})."
            if self.n_bootstrap
            else "No intervals were asked for."
        )
        return (UNITS[self.unit], UNCODED, FIRST, *self.left_out, POOLED, interval, CONVENTION)

    def as_dict(self) -> dict[str, Any]:
        """Give everything as plain values, for JSON."""
        return {
            "study": self.study,
            "coders": list(self.coders),
            "by": self.by,
            "unit": self.unit,
            "unit_word": self.unit_word,
            "reference": self.reference,
            "n_documents": self.n_documents,
            "n_units": self.n_units,
            "n_bootstrap": self.n_bootstrap,
            "seed": self.seed,
            "notes": list(self.notes),
            "overall": {**self.overall.as_dict(), "in_words": self.say(self.overall)},
            "codes": [{**row.as_dict(), "in_words": self.say(row)} for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Mixup:
    """Units to which one coder applied one code and another coder the other one instead."""

    first: str
    second: str
    n_units: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """Which codes are taken for each other.

    `counts[row][column]`, with the codes in order and "no code" last: on the diagonal, units to
    which both applied the code; elsewhere, units to which the first coder applied the row's code
    and the second one the column's instead. With more than two coders, over all pairs.
    """

    coders: tuple[str, ...]
    unit_word: str
    codes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    most: tuple[Mixup, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Agreement on the documents that the last of their coders first finished in one week."""

    starts: date
    n_documents: int
    percent: Figure
    corrected: Figure


@dataclass(frozen=True, slots=True)
class Reading:
    """What one coder did with one code in one document.

    `spans` are places in the current text, `whole` tells whether they coded all of it, and
    `n_lost` counts codings whose words the text no longer has.
    """

    coder: str
    spans: tuple[tuple[int, int], ...]
    whole: bool
    n_lost: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One code in one document, on which coders differ in `n_units` units."""

    document_id: int
    label: str
    question: str
    text: str
    code_id: int
    code: str
    n_units: int
    readings: tuple[Reading, ...]


def _order(figure: Figure) -> float:
    """Sort by value, those without one last."""
    return 2.0 if figure.value is None else figure.value
