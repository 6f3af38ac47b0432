"""From a table of texts and its mapping to a survey.

In: a `Grid` and a `Mapping`. Out: a `Survey` with one row per respondent; records that cannot be
used are listed beside it with their row and what to do, and the others go in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.ingest.surveys import refs
from pipelines.ingest.surveys.answers import QuestionReader, question_readers
from pipelines.ingest.surveys.attributes import AttributeReader, BadCellError, attribute_readers
from pipelines.ingest.surveys.exclusions import keep_rows
from pipelines.ingest.surveys.mapping import check_mapping
from pipelines.ingest.surveys.mapping_model import Mapping, private_and_stored
from pipelines.ingest.surveys.values import find_day_first, match_key, parse_date
from pipelines.ingest.tables.records import Grid, Record, shorten
from workbench.domain.documents import BadRow, Question, Survey, SurveyRow
from workbench.domain.words import count
from workbench.errors import SurveyError

LISTED_ROWS = 20
"""Row numbers that one warning lists."""

Cells = Sequence[str]


def read_survey(grid: Grid, mapping: Mapping) -> Survey:
    """Read every record of a grid as a respondent with attributes and answers.

    Parameters
    ----------
    grid
        A file as a table of texts.
    mapping
        What its columns mean. Columns that it does not name are left out.

    Returns
    -------
    Survey
        `bad_rows` are in the order of the file. A record without a respondent's reference is not
        in `rows`; one whose number or date cannot be read is, without that attribute. Records that
        share an id go in as the mapping says; where it does not, none of them does, and their
        row numbers are in `undecided`.

    Raises
    ------
    SurveyError
        When a column that the mapping needs is not in the file, or ids that must not be stored are
        an attribute too.
    """
    warnings = check_mapping(mapping, grid.header, grid.name)
    reading = _Reading(grid, mapping)
    rows = tuple(reading.rows())
    bad_rows = sorted((*grid.bad_rows, *reading.bad_rows), key=lambda bad: bad.row)
    return Survey(
        source=grid.name,
        sha256=grid.sha256,
        attributes=tuple(reader.attribute for reader in reading.attributes),
        questions=tuple(
            Question(question.ref, question.text or question.column or question.ref)
            for question in mapping.questions
        ),
        rows=rows,
        bad_rows=tuple(bad_rows),
        n_excluded=reading.excluded.total(),
        warnings=(*grid.warnings, *warnings, *reading.warnings()),
        name=mapping.survey,
        refs="generated" if reading.private else "as given",
        excluded=dict(reading.excluded),
        undecided=reading.ids.undecided,
    )


def rows_that_share_an_id(grid: Grid, mapping: Mapping) -> tuple[str, ...]:
    """Say which rows share an id, among those that the mapping's rules let in; cheap.

    Raises
    ------
    SurveyError
        When a column that the mapping needs is not in the file.
    """
    check_mapping(mapping, grid.header, grid.name)
    ids = refs.id_rows(grid, mapping, keep_rows(grid, mapping).rows)
    private = refs.are_private(mapping, [ref for _, ref in ids])
    undecided = mapping.model_copy(update={"duplicates": None})
    settled = refs.settle(ids, undecided, private=private)
    by_row = dict(ids)
    groups = [(by_row[rows[0]], rows) for rows in settled.undecided]
    return refs.describe_shared(groups, private=private)


@dataclass(slots=True)
class _Reading:
    """One pass over a grid, and what was met on the way."""

    grid: Grid
    mapping: Mapping
    attributes: tuple[AttributeReader, ...] = ()
    questions: tuple[QuestionReader, ...] = ()
    bad_rows: list[BadRow] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)
    ids: refs.Refs = field(default_factory=refs.Refs)
    private: bool = False
    records: list[Record] = field(default_factory=list)
    day_first: bool | None = None
    submitted_place: int = 0
    quoted_place: int | None = None
    quoted_values: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.attributes = attribute_readers(self.mapping, self.grid)
        self.questions = question_readers(self.mapping, self.grid.header)
        if self.mapping.submitted_at is not None:
            self.submitted_place = self.grid.header.index(self.mapping.submitted_at)
            self.day_first = find_day_first(self.grid.column(self.mapping.submitted_at))
        if self.mapping.may_be_quoted is not None:
            self.quoted_place = self.grid.header.index(self.mapping.may_be_quoted.column)
            self.quoted_values = frozenset(map(match_key, self.mapping.may_be_quoted.values))
        kept = keep_rows(self.grid, self.mapping)
        self.records, self.excluded = kept.rows, kept.excluded
        self._settle_ids()

    def _settle_ids(self) -> None:
        ids = refs.id_rows(self.grid, self.mapping, self.records)
        self.private = refs.are_private(self.mapping, [ref for _, ref in ids])
        column = self.mapping.respondent_id
        if self.private and any(column in a.source_columns() for a in self.mapping.attributes):
            raise SurveyError(f"{private_and_stored(column)}.", source=self.grid.name)
        self.ids = refs.settle(ids, self.mapping, private=self.private)
        self.bad_rows += self.ids.bad_rows
        if self.ids.left_out:
            self.excluded[refs.SHARED] += len(self.ids.left_out)

    def rows(self) -> Iterator[SurveyRow]:
        """Yield the records that can be used."""
        for record in self.records:
            ref = self.ids.by_row.get(record[0])
            if ref is not None:
                yield self._row(ref, record)

    def _row(self, ref: str, record: Record) -> SurveyRow:
        row, cells = record
        answers = tuple(
            answer for question in self.questions for answer in question.read(row, cells)
        )
        return SurveyRow(
            row=row,
            respondent_ref=ref,
            attributes={
                reader.attribute.name: self._values(reader, row, cells)
                for reader in self.attributes
            },
            answers=answers,
            submitted_at=self._submitted_at(row, cells),
            may_be_quoted=self._may_be_quoted(cells),
        )

    def _may_be_quoted(self, cells: Cells) -> bool | None:
        """Tell what a respondent said; any words that do not mean yes mean no."""
        if self.quoted_place is None:
            return None
        said = match_key(cells[self.quoted_place])
        return said in self.quoted_values if said else None

    def _values(self, reader: AttributeReader, row: int, cells: Cells) -> tuple[str, ...]:
        try:
            return reader.read(cells)
        except BadCellError as error:
            self.bad_rows.append(BadRow(row, error.column, error.message))
            return ()

    def _submitted_at(self, row: int, cells: Cells) -> str | None:
        column = self.mapping.submitted_at
        if column is None:
            return None
        cell = cells[self.submitted_place]
        if not cell.strip():
            return None
        date = parse_date(cell, day_first=self.day_first is not False)
        if date is None:
            self.bad_rows.append(
                BadRow(
                    row,
                    column,
                    f"{self._shown(column, cell)} is not a date. The row went in without it; write "
                    "it as 2022-02-14 or 14/02/2022.",
                )
            )
        return date

    def _shown(self, column: str, cell: str) -> str:
        hidden = column in self.mapping.identifying
        hidden = hidden or (self.private and column == self.mapping.respondent_id)
        return "the cell" if hidden else repr(shorten(cell))

    def warnings(self) -> tuple[str, ...]:
        """Say what was decided on the way that a person should look at."""
        found = [
            f"question {question.ref!r}: "
            f"{count(len(question.unexpected_rows), 'row holds', 'rows hold')} an answer "
            f"though `asked_if` says that it was not asked (the first is row "
            f"{question.unexpected_rows[0]}). The answers were kept."
            for question in self.questions
            if question.unexpected_rows
        ]
        dates = {self.mapping.submitted_at: self.day_first} if self.mapping.submitted_at else {}
        for attribute in self.mapping.attributes:
            if attribute.kind == "date" and attribute.column is not None:
                dates[attribute.column] = find_day_first(self.grid.column(attribute.column))
        found += [
            f"column {column!r}: dates such as 03/04/2022 were read with the day first; nothing in "
            "the column settles it."
            for column, day_first in dates.items()
            if day_first is None
        ]
        return (*found, *self._warnings_of_ids(), *self._warnings_of_contacts())

    def _warnings_of_ids(self) -> Iterator[str]:
        column = self.mapping.respondent_id
        if self.private and not self.mapping.hides_ids:
            yield (
                f"column {column!r}: the ids look like e-mail addresses or telephone numbers. They "
                "are not stored; each respondent gets an id that the workbench makes."
            )
        if self.ids.left_out:
            which = "first" if self.mapping.duplicates == "first" else "last"
            n_rows = len(self.ids.left_out)
            share = "1 row shares its" if n_rows == 1 else f"{n_rows:,} rows share their"
            yield (
                f"{share} id with another row; the {which} was taken. Left out: "
                f"{_listed(self.ids.left_out)}."
            )

    def _warnings_of_contacts(self) -> Iterator[str]:
        for question in self.questions:
            if rows := question.contact_rows:
                hold = "1 answer holds" if len(rows) == 1 else f"{len(rows):,} answers hold"
                yield (
                    f"question {question.ref!r}: {hold} what looks like an e-mail address or a "
                    f"telephone number ({_listed(rows)}). Look at them before words from them are "
                    "passed on."
                )


def _listed(rows: Sequence[int]) -> str:
    more = len(rows) - LISTED_ROWS
    listed = f"{'row' if len(rows) == 1 else 'rows'} {', '.join(map(str, rows[:LISTED_ROWS]))}"
    return f"{listed} and {more:,} more" if more > 0 else listed
