"""Agreement files: the table of a comparison as CSV and XLSX.

In: what `agree.compare` has worked out. Out: bytes. Nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pipelines.export.files import replacing
from pipelines.export.flat_file import FlatFormat, flat_file, flat_format
from pipelines.export.table import FlatTable, TableCell
from workbench.domain.agreement import SOURCES, TITLES, CodeAgreement
from workbench.services.coding.extracts import readable_date
from workbench.services.team.agree_results import Agreement, Week
from workbench.store.clock import now

if TYPE_CHECKING:
    from altair import LayerChart

AgreementFormat: TypeAlias = FlatFormat
ENDS = ("value", "low", "high")


def agreement_file(found: Agreement, *, format: AgreementFormat) -> bytes:
    """Give a comparison as the bytes of a file, a row per code and the overall one first.

    An empty cell has a reason in the column `why`. XLSX has each pair of coders on a second sheet
    where there are more than two, and what the figures rest on on the sheet "About".
    """
    tables = [_table(found), *([_pairs(found)] if len(found.coders) > 2 else [])]
    return flat_file(tables, _about(found), format=format)


def export_agreement(found: Agreement, path: Path) -> None:
    """Write a comparison to a file ending in .csv or .xlsx, whole or not at all.

    Raises
    ------
    ExportError
        When the name ends otherwise, or the file cannot be written.
    """
    format = flat_format(path)
    with replacing(path) as stream:
        stream.write(agreement_file(found, format=format))


def drift_picture(weeks: Sequence[Week], *, title: str, dark: bool = False) -> LayerChart | None:
    """Draw agreement week by week; None where there is nothing to see a course in."""
    from pipelines.summarise.agreement_chart import Point, drift_chart

    points = [
        Point(readable_date(week.starts.isoformat()), week.n_documents, figure.value, figure.low,
              figure.high)
        for week in weeks for figure in (week.corrected,) if figure.value is not None
    ]  # fmt: skip
    return drift_chart(points, title=title, dark=dark) if len(points) > 1 else None


def _table(found: Agreement) -> FlatTable:
    names = [name for name in TITLES if name in found.overall.figures]
    header = [
        "code", "documents", "units", "agreed", "share applied",
        *(f"applied by {coder}" for coder in found.coders),
        *(f"{name} {end}" if end != "value" else name for name in names for end in ENDS),
        "why", "in words",
    ]  # fmt: skip
    rows = [_row(found, item, names) for item in (found.overall, *found.rows)]
    return FlatTable("Agreement", tuple(header), tuple(rows), (4,))


def _row(found: Agreement, item: CodeAgreement, names: list[str]) -> tuple[TableCell, ...]:
    cells: list[TableCell] = [item.name, found.n_documents, item.n_units, item.n_agreed, item.share]
    cells += item.applied
    why = []
    for name in names:
        figure = item.figures.get(name)
        if figure is None:
            cells += [None] * len(ENDS)
            continue
        cells += [figure.value, figure.low, figure.high]
        if figure.why_not or figure.no_interval:
            why.append(f"{TITLES[name]}: {figure.why_not or 'no interval: ' + figure.no_interval}")
    return (*cells, "; ".join(why), found.say(item))


def _pairs(found: Agreement) -> FlatTable:
    names = ("percent", "cohen_kappa")
    header = ("code", "first coder", "second coder",
              *(f"{name} {end}" if end != "value" else name for name in names for end in ENDS),
              "why")  # fmt: skip
    rows = []
    for item in (found.overall, *found.rows):
        for pair in item.pairs:
            figures = [pair.figures[name] for name in names]
            ends = [end for figure in figures for end in (figure.value, figure.low, figure.high)]
            why = "; ".join(dict.fromkeys(f.why_not for f in figures if f.why_not))
            rows.append((item.name, *pair.coders, *ends, why))
    return FlatTable("Pairs", header, tuple(rows))


def _about(found: Agreement) -> list[tuple[str, str]]:
    return [
        ("Study", found.study),
        ("Written", readable_date(now())),
        ("Coders", ", ".join(found.coders)),
        ("Reference", found.reference or "none"),
        ("Compared", f"{found.n_documents:,} documents, {found.n_units:,} units"),
        *(("Note", note) for note in found.notes),
        *((TITLES[name], SOURCES[name]) for name in TITLES),
    ]
