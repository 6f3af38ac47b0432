"""From a table of texts and its mapping to a survey.

In: a `Grid` and a `Mapping`. Out: a `Survey` with one row per respondent; records that cannot be
used are listed beside it with their row and what to do, and the others go in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.ingest.answers import QuestionReader, holds_one_of, question_readers
from pipelines.ingest.attributes import AttributeReader, BadCellError, attribute_readers
from pipelines.ingest.mapping import check_mapping
from pipelines.ingest.mapping_model import Mapping
from pipelines.ingest.records import Grid, Record, shorten
from pipelines.ingest.values import find_day_first, parse_date
from workbench.domain.documents import BadRow, Question, Survey, SurveyRow
from workbench.domain.text import normalise

MAX_REF_CHARS = 200
"""Characters of a respondent's reference: it stands on every page and in every export."""

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
        `bad_rows` are in the order of the file. A record without a respondent's reference, or with
        one that an earlier record has, is not in `rows`; one whose number or date cannot be read
        is, without that attribute.

    Raises
    ------
    SurveyError
        When a column that the mapping needs is not in the file.
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
        n_excluded=reading.n_excluded,
        warnings=(*grid.warnings, *warnings, *reading.warnings()),
    )


@dataclass(slots=True)
class _Reading:
    """One pass over a grid, and what was met on the way."""

    grid: Grid
    mapping: Mapping
    attributes: tuple[AttributeReader, ...] = ()
    questions: tuple[QuestionReader, ...] = ()
    bad_rows: list[BadRow] = field(default_factory=list)
    n_excluded: int = 0
    day_first: bool | None = None
    submitted_place: int = 0

    def __post_init__(self) -> None:
        self.attributes = attribute_readers(self.mapping, self.grid)
        self.questions = question_readers(self.mapping, self.grid.header)
        if self.mapping.submitted_at is not None:
            self.submitted_place = self.grid.header.index(self.mapping.submitted_at)
            self.day_first = find_day_first(self.grid.column(self.mapping.submitted_at))

    def rows(self) -> Iterator[SurveyRow]:
        """Yield the records that can be used."""
        id_at = self.grid.header.index(self.mapping.respondent_id)
        excluded = self._exclusion()
        seen: dict[str, int] = {}
        for row, cells in self.grid.rows:
            if excluded(cells):
                self.n_excluded += 1
                continue
            ref = normalise(cells[id_at]).strip()
            if problem := _problem_of_ref(ref, row, seen):
                self.bad_rows.append(BadRow(row, self.mapping.respondent_id, problem))
                continue
            seen[ref] = row
            yield self._row(ref, (row, cells))

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
        )

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
                    f"{shorten(cell)!r} is not a date. The row went in without it; write it as "
                    "2022-02-14 or 14/02/2022.",
                )
            )
        return date

    def _exclusion(self) -> Callable[[Cells], bool]:
        places = {column: at for at, column in enumerate(self.grid.header)}
        rules = [
            holds_one_of(column, values, self.mapping, places)
            for column, values in self.mapping.exclude_rows_if.items()
        ]
        return lambda cells: any(rule(cells) for rule in rules)

    def warnings(self) -> tuple[str, ...]:
        """Say what was decided on the way that a person should look at."""
        found = [
            f"question {question.ref!r}: {len(question.unexpected_rows)} rows hold an answer "
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
        return tuple(found)


def _problem_of_ref(ref: str, row: int, seen: dict[str, int]) -> str | None:
    if not ref:
        return "there is no respondent id. The row was left out; give it one in the file."
    if len(ref) > MAX_REF_CHARS:
        return (
            f"the respondent id has {len(ref):,} characters, at most {MAX_REF_CHARS} fit. The row "
            "was left out; choose another column or shorten it."
        )
    if ref in seen:
        return (
            f"{shorten(ref)} is already in row {seen[ref]}; this row was left out. Keep one of the "
            "two in the file, or give this one another id."
        )
    return None
