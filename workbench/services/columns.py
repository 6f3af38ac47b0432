"""Columns: say what each column of a survey file means, and see what the file holds.

In: a table and, where there is one, a mapping from before. Out: rows for a person to correct; the
mapping that they make, or what is wrong in which row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.export.bad_rows_csv import bad_rows_csv
from pipelines.ingest import column_table, roles
from pipelines.ingest.column_table import ColumnReading, ColumnRow
from pipelines.ingest.mapping import check_mapping
from pipelines.ingest.mapping_model import Mapping as ColumnMapping
from pipelines.ingest.records import Grid
from workbench.domain.codings import Actor
from workbench.domain.documents import BadRow
from workbench.errors import SurveyError
from workbench.services import files, ingest, study
from workbench.store.engine import Database

__all__ = ["ColumnMapping", "ColumnReading", "ColumnRow", "Grid"]

KEPT_OUT = "kept out"
"""What stands in a preview in place of what identifies people."""
ROLES = (
    "respondent id", "submitted at", "attribute", "open answer", "voice note file", "identifying",
    "ignore",
)  # fmt: skip
KINDS = ("category", "ordered", "number", "date", "multi")
CUT_CHARS = 300
"""Of a cell in the preview."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first records of a file: their row numbers and, by column, their cells."""

    rows: tuple[int, ...]
    columns: dict[str, tuple[str, ...]]
    n_rows: int


def propose_rows(table: Grid, mapping: ColumnMapping | None = None) -> tuple[ColumnRow, ...]:
    """Say what the columns mean: by a mapping from before, else by what they hold."""
    proposal = roles.propose(table)
    if mapping is None:
        return column_table.rows_of_proposal(proposal)
    return column_table.rows_of_mapping(mapping, table.header, proposal)


def read_rows(table: Grid, rows: Sequence[ColumnRow]) -> ColumnReading:
    """Make a mapping of the rows and hold it against the file; problems come by row."""
    reading = column_table.read_rows(rows, table.header, table.name)
    if reading.mapping is None:
        return reading
    misfit = why_misfit(table, reading.mapping)
    return ColumnReading(None, {}, (misfit,)) if misfit else reading


def saved_mapping(
    actor: Actor, database: Database, study_name: str, table: Grid
) -> ColumnMapping | None:
    """Give the mapping of a study's last import if it fits this table."""
    known = {item.name.casefold(): item.id for item in study.list_studies(actor, database)}
    study_id = known.get(" ".join(study_name.split()).casefold())
    text = ingest.last_mapping(actor, database, study_id) if study_id is not None else None
    if not text:
        return None
    mapping = files.read_mapping(text, "the mapping of the last import")
    return mapping if why_misfit(table, mapping) is None else None


def why_misfit(table: Grid, mapping: ColumnMapping) -> str | None:
    """Say why a mapping does not fit a file; None when it does."""
    try:
        check_mapping(mapping, table.header, table.name)
    except SurveyError as error:
        return error.message
    return None


def examples(table: Grid, rows: Sequence[ColumnRow]) -> list[str]:
    """Give up to three different values of each row's column; none of what identifies people."""
    return [
        KEPT_OUT
        if row.role == "identifying" or row.identifying
        else " · ".join(column_table.examples(table, row.column))
        for row in rows
    ]


def preview(table: Grid, rows: Sequence[ColumnRow], n_rows: int = 8) -> Preview:
    """Give the first records as the file has them, without what identifies people."""
    hidden = {row.column for row in rows if row.role == "identifying" or row.identifying}
    shown = table.rows[:n_rows]
    return Preview(
        tuple(number for number, _ in shown),
        {
            name: tuple(KEPT_OUT if name in hidden else cells[at][:CUT_CHARS] for _, cells in shown)
            for at, name in enumerate(table.header)
        },
        len(table.rows),
    )


def bad_rows_file(rows: Iterable[BadRow]) -> bytes:
    """Write rows that could not be used as CSV, for mending the file."""
    return bad_rows_csv(rows)
