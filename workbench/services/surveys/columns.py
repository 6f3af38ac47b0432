"""Columns: say what each column of a survey file means, and see what the file holds.

In: a table and, where there is one, a mapping from before. Out: rows for a person to correct; the
mapping that they make, or what is wrong in which row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipelines.export.bad_rows_csv import bad_rows_csv
from pipelines.ingest.surveys import column_table, exclusions, refs, roles, survey
from pipelines.ingest.surveys.column_table import ColumnReading, ColumnRow, FileChoices
from pipelines.ingest.surveys.mapping import check_mapping
from pipelines.ingest.surveys.mapping_model import MAX_SURVEY_CHARS, Duplicates
from pipelines.ingest.surveys.mapping_model import Mapping as ColumnMapping
from pipelines.ingest.tables.records import Grid
from workbench.domain.codings import Actor
from workbench.domain.documents import BadRow, Refs
from workbench.errors import SurveyError
from workbench.services import files, study
from workbench.services.surveys import ingest
from workbench.store.engine import Database

__all__ = [
    "MAX_SURVEY_CHARS", "ColumnMapping", "ColumnReading", "ColumnRow", "Duplicates", "FileChoices",
    "Grid",
]  # fmt: skip

KEPT_OUT = "kept out"
"""What stands in a preview in place of what identifies people."""
ROLES = (
    "respondent id", "submitted at", "attribute", "open answer", "voice note file",
    "may be quoted", "identifying", "ignore",
)  # fmt: skip
KINDS = ("category", "ordered", "number", "date", "multi")
CUT_CHARS = 300
"""Of a cell in the preview."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first records of a file: their row numbers and, by column, their cells.

    `n_rows` and `n_columns` are those of the file; a preview of a wide one has its first columns.
    """

    rows: tuple[int, ...]
    columns: dict[str, tuple[str, ...]]
    n_rows: int
    n_columns: int = 0


def propose_rows(table: Grid, mapping: ColumnMapping | None = None) -> tuple[ColumnRow, ...]:
    """Say what the columns mean: by a mapping from before, else by what they hold."""
    proposal = roles.propose(table)
    if mapping is None:
        return column_table.rows_of_proposal(proposal)
    rows = column_table.rows_of_mapping(mapping, table.header, proposal)
    private = mapping.respondent_id in _private_ids(table, rows, mapping.refs)
    return tuple(
        replace(row, identifying=True) if private and row.role == "respondent id" else row
        for row in rows
    )


def read_rows(
    table: Grid, rows: Sequence[ColumnRow], choices: FileChoices | None = None
) -> ColumnReading:
    """Make a mapping of the rows and hold it against the file; problems come by row."""
    reading = column_table.read_rows(rows, table.header, table.name, choices)
    if reading.mapping is None:
        return reading
    misfit = why_misfit(table, reading.mapping)
    return ColumnReading(None, {}, (misfit,)) if misfit else reading


def rows_left_out(table: Grid, mapping: ColumnMapping) -> dict[str, int]:
    """Count the rows that the mapping's rules leave out, by the rule in words."""
    return dict(exclusions.keep_rows(table, mapping).excluded)


def with_duplicates(mapping: ColumnMapping, duplicates: Duplicates) -> ColumnMapping:
    """Give the mapping with what a person has said of rows that share an id."""
    return mapping.model_copy(update={"duplicates": duplicates})


def with_survey(mapping: ColumnMapping, name: str) -> ColumnMapping:
    """Give the mapping for the study's survey of this name."""
    return mapping.model_copy(update={"survey": " ".join(name.split())})


def with_ids_as_given(mapping: ColumnMapping) -> ColumnMapping:
    """Give the mapping with its ids as they are, although they look like telephone numbers."""
    return mapping.model_copy(update={"refs": "as given"})


def with_settled_ids(table: Grid, mapping: ColumnMapping) -> ColumnMapping:
    """Give the mapping with what the ids look like written down, for the next file to go by."""
    column = mapping.respondent_id
    if mapping.hides_ids or column not in table.header:
        return mapping
    if not refs.look_private(table.column(column), mapping.refs):
        return mapping
    return mapping.model_copy(update={"refs": "generated"})


def choices_of(mapping: ColumnMapping) -> FileChoices:
    """Give what a mapping says of a file as a whole."""
    return FileChoices(mapping.survey, mapping.duplicates, mapping.refs == "as given")


def ids_may_be_shown(table: Grid, mapping: ColumnMapping) -> bool:
    """Tell whether a person has to say that ids such as 0012345678 are no telephone numbers.

    E-mail addresses are kept private whatever a person says.
    """
    if mapping.hides_ids:
        return False
    ids = table.column(mapping.respondent_id)
    return refs.look_private(ids, None) and not refs.look_private(ids, "as given")


def shared_ids(table: Grid, mapping: ColumnMapping) -> tuple[str, ...]:
    """Say which rows share an id, one text for each id; private ids are not named."""
    return survey.rows_that_share_an_id(table, mapping)


def saved_mapping(
    actor: Actor, database: Database, study_name: str, table: Grid, survey_name: str = ""
) -> ColumnMapping | None:
    """Give the mapping of a study's last import that fits this table.

    The last import of the survey of this name comes first, then the newest of the study.
    """
    known = {item.name.casefold(): item.id for item in study.list_studies(actor, database)}
    study_id = known.get(" ".join(study_name.split()).casefold())
    texts = ingest.last_mappings(actor, database, study_id) if study_id is not None else []
    mappings = [
        files.read_mapping(text, "the mapping of the last import") for text in texts if text
    ]
    fitting = [mapping for mapping in mappings if why_misfit(table, mapping) is None]
    wanted = " ".join(survey_name.split()).casefold()
    named = [mapping for mapping in fitting if mapping.survey.casefold() == wanted]
    return next(iter([*named, *fitting] if wanted else fitting), None)


def why_misfit(table: Grid, mapping: ColumnMapping) -> str | None:
    """Say why a mapping does not fit a file; None when it does."""
    try:
        check_mapping(mapping, table.header, table.name)
    except SurveyError as error:
        return error.message
    return None


def examples(table: Grid, rows: Sequence[ColumnRow]) -> list[str]:
    """Give up to three different values of each row's column; none of what identifies people."""
    hidden = _hidden_columns(table, rows)
    places = {name: at for at, name in enumerate(table.header)}
    return [
        KEPT_OUT
        if row.column in hidden
        else " · ".join(column_table.examples_at(table, places[row.column]))
        if row.column in places
        else ""
        for row in rows
    ]


def preview(
    table: Grid, rows: Sequence[ColumnRow], n_rows: int = 8, n_columns: int = 200
) -> Preview:
    """Give the first records as the file has them, without what identifies people."""
    hidden = _hidden_columns(table, rows)
    shown = table.rows[:n_rows]
    return Preview(
        tuple(number for number, _ in shown),
        {
            name: tuple(KEPT_OUT if name in hidden else cells[at][:CUT_CHARS] for _, cells in shown)
            for at, name in enumerate(table.header[:n_columns])
        },
        len(table.rows),
        len(table.header),
    )


def _hidden_columns(table: Grid, rows: Sequence[ColumnRow]) -> set[str]:
    """Find the columns that must not be shown: what identifies people, ids that reach them."""
    hidden = {row.column for row in rows if row.role == "identifying" or row.identifying}
    return hidden | _private_ids(table, rows, None)


def _private_ids(table: Grid, rows: Sequence[ColumnRow], told: Refs | None) -> set[str]:
    """Find the columns of ids that are private by what they hold."""
    columns = {row.column for row in rows if row.role == "respondent id"} & set(table.header)
    return {name for name in columns if refs.look_private(table.column(name), told)}


def bad_rows_file(rows: Iterable[BadRow]) -> bytes:
    """Write rows that could not be used as CSV, for mending the file."""
    return bad_rows_csv(rows)
