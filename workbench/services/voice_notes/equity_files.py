"""Equity files: the report as CSV, XLSX, DOCX and as a picture.

In: a report. Out: bytes, or a chart. Nothing is counted here; what is hidden is in no file.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pipelines.export.flat_file import flat_file
from pipelines.export.table import FlatTable, ShownTable
from pipelines.summarise.rate_chart import RateRow, rate_chart
from workbench.services.coding.extracts import readable_date
from workbench.services.counting.table_files import TableFormat
from workbench.services.voice_notes.equity import EquityReport, EquityRow, in_words, percent
from workbench.store.clock import now

if TYPE_CHECKING:
    import altair as alt

HIDDEN = {"": "", "small": "hidden: few respondents", "complement": "hidden with a small group"}


def equity_file(report: EquityReport, *, format: TableFormat) -> bytes:
    """Give the report as the bytes of a file; the cautions go along, in CSV as a column."""
    if format != "docx":
        return flat_file([_flat(report)], _about(report), format=format)
    from pipelines.export.table_docx import write_table_docx

    stream = io.BytesIO()
    write_table_docx(stream, _shown(report), _about(report))
    return stream.getvalue()


def equity_picture(report: EquityReport, *, dark: bool = False) -> alt.LayerChart | None:
    """Draw the correction rates with their intervals; None where there is nothing to draw."""
    rows = [
        RateRow(row.group, row.correction.value, row.correction.low, row.correction.high,
                row.respondents or 0)
        for row in (report.total, *report.rows)
        if row.correction.value is not None
    ]  # fmt: skip
    if not rows:
        return None
    return rate_chart(rows, title=f"Words that people changed, by {report.title}", dark=dark)


def _lines(report: EquityReport) -> tuple[EquityRow, ...]:
    return (report.total, *report.rows)


def _flat(report: EquityReport) -> FlatTable:
    values = report.as_dict()
    rows = [values["total"], *values["rows"]]
    header = tuple(rows[0])
    note = " ".join(report.cautions)
    percents = tuple(
        index for index, name in enumerate(header) if name.startswith(("correction", "wer", "cer"))
    )
    return FlatTable(
        "Equity", (*header, "note"), tuple((*row.values(), note) for row in rows), percents
    )


def _shown(report: EquityReport) -> ShownTable:
    return ShownTable(
        f"Transcription equity by {report.title}",
        ("Group", "Respondents", "Notes checked", "Not checked", "Machine's words",
         "Words changed", "Word error rate"),
        tuple((row.group, _cells(row)) for row in _lines(report)),
    )  # fmt: skip


def _cells(row: EquityRow) -> tuple[tuple[str, str], ...]:
    if row.words is None:
        return ((HIDDEN[row.hidden], ""), *(("\u2013", ""),) * 5)
    numbers = (row.respondents, row.notes, row.drafts, row.words.machine_words)
    return (*((f"{n or 0:,}", "") for n in numbers), percent(row.correction), percent(row.wer))


def _about(report: EquityReport) -> list[tuple[str, str]]:
    return [
        ("Study", report.study),
        ("Written", readable_date(now())),
        ("Counted", "words of checked transcripts, pooled in each group; 95 % intervals of a ratio "
                    "with respondents as clusters"),
        *(("In words", line) for line in in_words(report)),
        *(("Note", line) for line in report.cautions),
    ]  # fmt: skip
