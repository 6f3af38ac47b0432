"""From the table of columns, as a person has corrected it, to a mapping.

In: rows with what every column means. Out: a `Mapping`, or what is wrong in which row. Cells that
do not belong to a column's role (such as the delimiter of a question) are not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.ingest.surveys.cell_lists import parse_list, parse_rule
from pipelines.ingest.surveys.column_rows import (
    ColumnRow,
    examples,
    examples_at,
    read_delimiter,
    rows_of_mapping,
    rows_of_proposal,
)
from pipelines.ingest.surveys.mapping import build_mapping
from pipelines.ingest.surveys.mapping_model import Duplicates, Mapping, nearest
from pipelines.ingest.surveys.proposal import Role
from pipelines.ingest.tables.records import shorten
from workbench.errors import SurveyError, WorkbenchError

__all__ = [
    "ColumnReading",
    "ColumnRow",
    "FileChoices",
    "examples",
    "examples_at",
    "read_rows",
    "rows_of_mapping",
    "rows_of_proposal",
]


@dataclass(frozen=True, slots=True)
class FileChoices:
    """What a person says of the file as a whole.

    Which of the study's surveys it is; which of the rows that share an id to take; and `as_given`,
    that ids that look like telephone numbers are none.
    """

    survey: str = ""
    duplicates: Duplicates | None = None
    as_given: bool = False


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What the rows say: a mapping, or problems by row (counted from 0) and in general."""

    mapping: Mapping | None
    problems: dict[int, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()


def read_rows(
    rows: Sequence[ColumnRow],
    header: Sequence[str],
    source: str,
    choices: FileChoices | None = None,
) -> ColumnReading:
    """Make a mapping of the rows, or say what is wrong in which row and what to do."""
    reading = _Reading(rows, header, choices or FileChoices())
    data = reading.data()
    if reading.problems or reading.general:
        return ColumnReading(None, reading.problems, tuple(reading.general))
    try:
        return ColumnReading(build_mapping(data, source))
    except SurveyError as error:
        return ColumnReading(None, {}, (error.message,))


class _Reading:
    """One pass over the rows, and what was found wrong."""

    def __init__(
        self, rows: Sequence[ColumnRow], header: Sequence[str], choices: FileChoices
    ) -> None:
        self.rows = list(enumerate(rows))
        self.choices = choices
        self.header = header
        self.known = {*header, *(row.column for row in rows)}
        self.problems: dict[int, str] = {}
        self.general: list[str] = []

    def data(self) -> dict[str, Any]:
        """Give the fields of the mapping, as far as they can be read."""
        ids = self._single("respondent id")
        times = self._single("submitted at")
        if not ids:
            self.general.append(
                "No column is the respondent id. Choose the one whose value is different for "
                "every respondent. A name will do too: tick 'Identifying' there, and it is not "
                "stored."
            )
        self._check_identifying()
        private = any(row.identifying for _, row in self._of("respondent id"))
        data: dict[str, Any] = {
            "survey": self.choices.survey,
            "respondent_id": ids[0] if ids else "",
            "refs": "generated" if private else "as given" if self.choices.as_given else None,
            "duplicates": self.choices.duplicates,
        }
        if times:
            data["submitted_at"] = times[0]
        data["may_be_quoted"] = self._quoted()
        data["attributes"] = self._attributes()
        questions = self._questions()
        data["voice_notes"] = self._voice_notes(questions)
        data["questions"] = questions
        data["identifying"] = list(
            dict.fromkeys(
                row.column for _, row in self.rows if row.role == "identifying" or _hidden(row)
            )
        )
        used = {row.column for _, row in self.rows if row.role != "ignore"}
        data["ignore"] = [row.column for _, row in self._of("ignore") if row.column not in used]
        data["exclude_rows_if"] = {
            row.column: self._list(at, row.leave_out) for at, row in self.rows if row.leave_out
        }
        data["keep_rows_if"] = {
            row.column: self._list(at, row.keep_if) for at, row in self.rows if row.keep_if
        }
        if not questions:
            self.general.append("No column holds answers. Choose the role 'open answer' for one.")
        return data

    def _of(self, role: Role) -> list[tuple[int, ColumnRow]]:
        return [(at, row) for at, row in self.rows if row.role == role]

    def _single(self, role: Role) -> list[str]:
        rows = self._of(role)
        if len(rows) > 1:
            names = ", ".join(shorten(row.column) for _, row in rows)
            for at, _ in rows:
                self._say(at, f"{len(rows)} columns are the {role} ({names}); only one can be.")
        return [row.column for _, row in rows]

    def _quoted(self) -> dict[str, Any] | None:
        columns = self._single("may be quoted")
        if not columns:
            return None
        ((at, row), *_) = self._of("may be quoted")
        values = self._list(at, row.values)
        return {"column": row.column} | ({"values": values} if values else {})

    def _check_identifying(self) -> None:
        for at, row in self.rows:
            if row.identifying and row.role in ("open answer", "voice note file", "may be quoted"):
                self._say(
                    at,
                    f"a column with the role '{row.role}' cannot be identifying too. To keep it "
                    "out, choose the role 'identifying'.",
                )

    def _attributes(self) -> list[dict[str, Any]]:
        by_name: dict[str, list[tuple[int, ColumnRow]]] = {}
        for at, row in self._of("attribute"):
            by_name.setdefault(_ref(row), []).append((at, row))
        found = []
        for name, rows in by_name.items():
            several = all(row.kind == "multi" and row.stands_for.strip() for _, row in rows)
            if len(rows) > 1 and not several:
                for at, _ in rows:
                    self._say(
                        at,
                        f"{len(rows)} attributes are named {name!r}. Give each its own name; or, "
                        "if each column is one value of it, choose the kind 'multi' and say what "
                        "each stands for.",
                    )
                continue
            found.append(self._attribute(name, rows, several=several))
        return found

    def _attribute(
        self, name: str, rows: Sequence[tuple[int, ColumnRow]], *, several: bool
    ) -> dict[str, Any]:
        first = rows[0][1]
        values = [value for at, row in rows for value in self._list(at, row.values)]
        fields: dict[str, Any] = {
            "name": name,
            "label": first.text.strip(),
            "kind": first.kind,
            "grouping": first.grouping,
            "values": list(dict.fromkeys(values)),
        }
        if several:
            fields["columns"] = {row.column: row.stands_for for _, row in rows}
        else:
            fields["column"] = first.column
            if first.kind == "multi":
                fields["delimiter"] = read_delimiter(first.delimiter)
        return fields

    def _questions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        at_of: dict[str, int] = {}
        for at, row in self._of("open answer"):
            ref = _ref(row)
            if ref in at_of:
                message = f"two questions have the short name {ref!r}. Give each its own."
                self._say(at_of[ref], message)
                self._say(at, message)
            at_of[ref] = at
            found.append({"column": row.column} | self._question(at, row, ref))
        return found

    def _question(self, at: int, row: ColumnRow, ref: str) -> dict[str, Any]:
        return {
            "ref": ref,
            "text": row.text.strip(),
            "asked_if": self._rule(at, row.asked_if),
            "not_asked_values": self._list(at, row.not_asked),
        }

    def _voice_notes(self, questions: list[dict[str, Any]]) -> list[dict[str, str]]:
        """Give the columns of voice notes; one that answers no other question is a question."""
        typed = [question["ref"] for question in questions]
        found: list[dict[str, str]] = []
        for at, row in self._of("voice note file"):
            ref = row.ref.strip()
            if not ref:
                self._say(at, "say which question it answers: write its short name.")
            elif any(note["question"] == ref for note in found):
                self._say(at, f"another column has voice notes for {ref!r} already.")
            elif ref not in typed:
                questions.append(self._question(at, row, ref))
            found.append({"column": row.column, "question": ref})
        return found

    def _list(self, at: int, text: str) -> list[str]:
        try:
            return list(parse_list(text))
        except WorkbenchError as error:
            self._say(at, str(error))
            return []

    def _rule(self, at: int, text: str) -> dict[str, list[str]]:
        try:
            rule = parse_rule(text)
        except WorkbenchError as error:
            self._say(at, str(error))
            return {}
        for column in rule:
            if column not in self.known:
                close = nearest(column, self.header)
                self._say(at, f"the rule speaks of {column!r}, which is no column.{close}")
        return {column: list(values) for column, values in rule.items()}

    def _say(self, at: int, message: str) -> None:
        shown = message[:1].upper() + message[1:]
        before = self.problems.get(at)
        self.problems[at] = f"{before} {shown}" if before and shown not in before else shown


def _ref(row: ColumnRow) -> str:
    return row.ref.strip() or row.column


def _hidden(row: ColumnRow) -> bool:
    return row.identifying and row.role in ("attribute", "submitted at")
