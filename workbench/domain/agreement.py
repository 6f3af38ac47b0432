"""How far coders agree: figures with their intervals, and the sentences that say them.

In: figures that `pipelines/summarise` has worked out. Out: values for the page, files and the
command line. A figure that is not defined is None, and says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.domain.words import count

By = Literal["code", "theme"]
Unit = Literal["document", "sentence", "character"]

RARE = 0.1
"""Below this share of ratings that apply a code (or do not), kappa and alpha are pulled down."""
FEW_DOCUMENTS = 20
"""Below this many documents an interval from resampling them is rough."""

TITLES: Mapping[str, str] = {
    "percent": "Percent agreement",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "alpha": "Krippendorff's alpha",
    "ac1": "Gwet's AC1",
    "brennan_prediger": "Brennan-Prediger",
    "f1": "F1",
    "precision": "Precision",
    "recall": "Recall",
    "unitizing_alpha": "Alpha for unitizing",
    "masi_alpha": "Alpha over sets of codes (MASI)",
}
"""Every figure, by name."""

SOURCES: Mapping[str, str] = {
    "percent": "The share of pairs of coders who agree on a unit, averaged over units.",
    "cohen_kappa": "Cohen (1960). For two coders, each with their own habit.",
    "fleiss_kappa": "Fleiss (1971), with missing coders as in Gwet (2014).",
    "alpha": "Krippendorff (2011), nominal, applied or not; any number of coders, some missing.",
    "ac1": "Gwet (2008). Stays steady where a code is rare.",
    "brennan_prediger": "Brennan and Prediger (1981). Takes chance agreement to be one half.",
    "f1": "The harmonic mean of precision and recall; it leaves out what nobody coded.",
    "precision": "Of what the others coded, the share that the reference coder coded too.",
    "recall": "Of what the reference coder coded, the share that the others coded too.",
    "unitizing_alpha": "Krippendorff and others (2016), |u-alpha: the same stretches of text.",
    "masi_alpha": "Krippendorff's alpha with the distance of Passonneau (2006) between sets.",
}
"""What each figure is, and who has described it."""

POOLED = (
    "Overall, observed agreement and agreement by chance are each averaged over codes, before one "
    "is corrected for the other (De Vries and others 2008). Codes that nobody applied are left out."
)
CONVENTION = (
    "Words for such figures are conventions. Landis and Koch (1977) call kappa from 0.41 to 0.60 "
    '"moderate", from 0.61 to 0.80 "substantial" and above 0.80 "almost perfect"; Krippendorff '
    "(2004) asks for alpha of 0.80, or 0.667 where conclusions are tentative."
)
UNCODED = (
    'A unit that a coder left without the code counts as "not applied" once they have marked the '
    "document done. Documents that a coder has not done are missing for that coder."
)
FIRST = "Codings are taken as they stood when each coder first marked the document done."
UNITS: Mapping[Unit, str] = {
    "document": "The unit is the whole document: a code applies to it, or does not.",
    "sentence": "The unit is the sentence: a code applies where it covers any word of it. A coding "
    "of a whole document applies to all its sentences.",
    "character": "The unit is the character: a code applies where it covers it. A coding of a "
    "whole document covers all its text.",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A coefficient with its 95 % interval. None has a reason, in words that end a sentence."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why_not: str = ""
    no_interval: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give the figure as plain values."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "why_not": self.why_not,
            "no_interval": self.no_interval,
        }

    def text(self) -> str:
        """Write the figure with its interval.

        Examples
        --------
        >>> Figure(0.6154, 0.4, 0.79).text(), Figure(None).text(), Figure(-0.004).text()
        ('0.62 (0.40 to 0.79)', '\u2013', '0.00')
        """
        if self.value is None:
            return "\u2013"
        if self.low is None or self.high is None:
            return decimal(self.value)
        return f"{decimal(self.value)} ({decimal(self.low)} to {decimal(self.high)})"


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Two coders' agreement: percent and Cohen's kappa, over what both have done."""

    coders: tuple[str, str]
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """Agreement on one code, or overall (`code_id` None).

    `n_agreed` counts the units on which all who rated it agree, of `n_units`; overall, a unit is
    counted once for every code. `applied` counts, for each coder, the units to which they applied
    it, of `rated`. `share` is the share of all ratings that apply the code.
    """

    code_id: int | None
    name: str
    n_units: int
    n_agreed: int
    applied: tuple[int, ...]
    rated: tuple[int, ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)
    pairs: tuple[PairFigures, ...] = ()

    @property
    def share(self) -> float | None:
        """The share of all ratings that apply the code."""
        return sum(self.applied) / sum(self.rated) if sum(self.rated) else None

    @property
    def is_rare(self) -> bool:
        """Whether so few ratings differ from the usual that kappa is pulled down."""
        share = self.share
        return share is not None and 0 < min(share, 1 - share) < RARE

    def as_dict(self) -> dict[str, Any]:
        """Give the agreement as plain values."""
        return {
            "code_id": self.code_id,
            "code": self.name,
            "n_units": self.n_units,
            "n_agreed": self.n_agreed,
            "applied": list(self.applied),
            "rated": list(self.rated),
            "share": self.share,
            "figures": {name: figure.as_dict() for name, figure in self.figures.items()},
            "pairs": [
                {
                    "coders": list(pair.coders),
                    **{name: figure.as_dict() for name, figure in pair.figures.items()},
                }
                for pair in self.pairs
            ],
        }


def decimal(value: float) -> str:
    """Write a coefficient with two decimals; next to nothing has no sign."""
    return f"{value:.2f}".replace("-0.00", "0.00")


def percent(share: float) -> str:
    """Write a share in whole percent; next to nothing is not called nothing.

    Examples
    --------
    >>> percent(0.08), percent(0.002), percent(0.999), percent(1.0)
    ('8 %', 'under 1 %', 'over 99 %', '100 %')
    """
    whole = int(100 * share + 0.5)
    if share > 0 and whole == 0:
        return "under 1 %"
    if share < 1 and whole == 100:
        return "over 99 %"
    return f"{whole} %"


def names_of(coders: Sequence[str]) -> str:
    """Write names in a row.

    Examples
    --------
    >>> names_of(["Ana", "Ben"]), names_of(["Ana", "Ben", "Cem"])
    ('Ana and Ben', 'Ana, Ben and Cem')
    """
    return " and ".join([", ".join(coders[:-1]), coders[-1]]) if len(coders) > 1 else coders[0]


def main_figure(coders: Sequence[str]) -> str:
    """Name the figure that a sentence says: kappa for two coders, alpha for more."""
    return "cohen_kappa" if len(coders) == 2 else "alpha"


def say(
    item: CodeAgreement, coders: Sequence[str], *, unit: str = "document", n_documents: int
) -> str:
    """Say how far coders agree on one code, and what a reader has to keep in mind.

    Parameters
    ----------
    unit
        What a unit is called, in the singular.
    n_documents
        Documents that were compared: what an interval rests on.

    Examples
    --------
    >>> figures = {"cohen_kappa": Figure(0.62, 0.4, 0.79), "ac1": Figure(0.9, 0.8, 0.96)}
    >>> item = CodeAgreement(1, "Judged", 50, 46, (5, 3), (50, 50), figures)
    >>> say(item, ["Ana", "Ben"], unit="answer", n_documents=50)
    'Ana and Ben agree on Judged in 46 of 50 answers; corrected for chance, kappa is 0.62 (95 % \
interval 0.40 to 0.79). The code is rare (8 %), which pulls kappa down; AC1 is 0.90.'
    """
    who, many = names_of(coders), count(item.n_units, unit)
    if not item.n_units:
        return f"{who} have done no {unit} in common yet."
    if not sum(item.applied):
        return f"Nobody applied {item.name} in {many}: there is nothing to agree on."
    if sum(item.applied) == sum(item.rated):
        return f"{who} applied {item.name} to all {many}: nothing varies, so chance has no measure."
    agreed = f"{who} agree on {item.name} in {item.n_agreed:,} of {many}"
    parts = [agreed + _corrected(item, coders)]
    parts += _cautions(item, coders, n_documents)
    return " ".join(parts)


def say_overall(
    item: CodeAgreement, coders: Sequence[str], *, unit: str, by: By, n_documents: int
) -> str:
    """Say how far coders agree over all codes.

    Examples
    --------
    >>> figures = {"cohen_kappa": Figure(0.62, 0.4, 0.79)}
    >>> item = CodeAgreement(None, "All codes", 100, 92, (10, 8), (100, 100), figures)
    >>> say_overall(item, ["Ana", "Ben"], unit="answer", by="code", n_documents=50)
    'Over all codes, Ana and Ben agree in 92 of 100 decisions (an answer and a code each); \
corrected for chance, kappa is 0.62 (95 % interval 0.40 to 0.79).'
    """
    if not item.n_units:
        return "Nothing has been coded in what they have both done."
    article = "an" if unit[0] in "aeiou" else "a"
    said = (
        f"Over all {by}s, {names_of(coders)} agree in {item.n_agreed:,} of "
        f"{count(item.n_units, 'decision')} ({article} {unit} and a {by} each)"
    )
    few = [] if n_documents >= FEW_DOCUMENTS else _few(n_documents)
    return " ".join([said + _corrected(item, coders), *few])


def _few(n_documents: int) -> list[str]:
    return [f"It rests on {count(n_documents, 'document')}: one more could change it much."]


def _corrected(item: CodeAgreement, coders: Sequence[str]) -> str:
    name = main_figure(coders)
    found = item.figures.get(name, Figure(None))
    word = "kappa" if name == "cohen_kappa" else "alpha"
    if found.value is None:
        return f"; {word} is not defined, since {found.why_not}." if found.why_not else "."
    said = f"; corrected for chance, {word} is {decimal(found.value)}"
    if found.low is not None and found.high is not None:
        said += f" (95 % interval {decimal(found.low)} to {decimal(found.high)})"
    return said + "."


def _cautions(item: CodeAgreement, coders: Sequence[str], n_documents: int) -> list[str]:
    lines = []
    word = "kappa" if main_figure(coders) == "cohen_kappa" else "alpha"
    ac1 = item.figures.get("ac1", Figure(None)).value
    figure = item.figures.get(main_figure(coders), Figure(None)).value
    pulled = figure is None or (figure < 1 and (ac1 is None or ac1 > figure))
    if item.is_rare and item.share is not None and pulled:
        kind = "rare" if item.share < 0.5 else "nearly everywhere"
        said = f"The code is {kind} ({percent(item.share)}), which pulls {word} down"
        lines.append(said + (f"; AC1 is {decimal(ac1)}." if ac1 is not None else "."))
    silent = [who for who, n in zip(coders, item.applied, strict=True) if n == 0]
    if silent and item.code_id is not None:
        lines.append(f"{names_of(silent)} never applied it.")
    return lines + (_few(n_documents) if n_documents < FEW_DOCUMENTS else [])
