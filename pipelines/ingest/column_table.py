"""What every column of a survey file means, one row per column, for a person to correct.

In: a proposal, or a mapping from before. Out: rows that a table can show; and, from the rows that
the person has corrected, a `Mapping` or what is wrong in which row. Cells that do not belong to a
column's role (such as the delimiter of a question) are not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.ingest import name_hints
from pipelines.ingest.cell_lists import format_list, format_rule, parse_list, parse_rule
from pipelines.ingest.mapping import build_mapping
from pipelines.ingest.mapping_model import AttributeMapping, Mapping, nearest
from pipelines.ingest.proposal import ColumnProposal, Proposal, Role
from pipelines.ingest.records import Grid, shorten
from workbench.domain.documents import AttributeKind
from workbench.errors import SurveyError, WorkbenchError

TAB = "tab"
"""What a person reads and writes for the delimiter that cannot be seen."""
N_EXAMPLES = 3
EXAMPLE_CHARS = 40
EXAMPLE_ROWS = 2_000
"""Rows that are searched for different examples."""


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """What one column means.

    `ref` is an attribute's name, a question's short name, or the question that a voice note
    answers; `text` is the question's wording or the attribute's label. `values`, `asked_if`,
    `not_asked` and `leave_out` are written as in `cell_lists`. `stands_for` is the value that a
    cell with a tick in it means, where an attribute has one column per value.
    """

    column: str
    role: Role = "ignore"
    ref: str = ""
    text: str = ""
    kind: AttributeKind = "category"
    grouping: bool = True
    values: str = ""
    delimiter: str = ""
    stands_for: str = ""
    asked_if: str = ""
    not_asked: str = ""
    leave_out: str = ""
    identifying: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What the rows say: a mapping, or problems by row (counted from 0) and in general."""

    mapping: Mapping | None
    problems: dict[int, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()


def rows_of_proposal(proposal: Proposal) -> tuple[ColumnRow, ...]:
    """Give the rows of what was proposed, with the reasons."""
    refs = {column.ref for column in proposal.columns if column.role == "open answer"}
    return tuple(_proposed(column, refs) for column in proposal.columns)


def _proposed(column: ColumnProposal, refs: set[str]) -> ColumnRow:
    row = ColumnRow(column.column, column.role, column.ref, reason=column.reason)
    if column.role == "open answer":
        return replace(row, ref=column.ref or column.column, text=column.column)
    if column.role == "voice note file":
        text = "" if column.question in refs else column.column
        return replace(row, ref=column.question, text=text)
    if column.role == "attribute":
        return replace(
            row,
            ref=column.ref or column.column,
            text=name_hints.label_of(column.column),
            kind=column.kind,
            grouping=column.grouping and column.kind not in ("number", "date"),
            values=format_list(column.values) if column.kind == "ordered" else "",
            delimiter=_shown(column.delimiter or ";") if column.kind == "multi" else "",
        )
    return replace(row, ref="")


def rows_of_mapping(
    mapping: Mapping, header: Sequence[str], proposal: Proposal | None = None
) -> tuple[ColumnRow, ...]:
    """Give the rows of a mapping for a file with these columns.

    A column with two roles has two rows. Columns that the mapping does not name are ignored, and
    what the proposal takes them for is the reason; columns that the file lacks come last.
    """
    found: dict[str, list[ColumnRow]] = {}
    for row in _mapped(mapping):
        found.setdefault(row.column, []).append(row)
    for column, values in mapping.exclude_rows_if.items():
        rows = found.setdefault(column, [ColumnRow(column, reason="decides about rows only")])
        rows[0] = replace(rows[0], leave_out=format_list(values))
    seen_as = {item.column: item.role for item in proposal.columns} if proposal else {}
    rows = [row for column in header for row in found.get(column, [_unnamed(column, seen_as)])]
    for column in found:
        if column not in header:
            rows += [replace(row, reason="not in this file") for row in found[column]]
    return tuple(rows)


def _unnamed(column: str, seen_as: dict[str, Role]) -> ColumnRow:
    role = seen_as.get(column, "ignore")
    looks = "" if role == "ignore" else f"; it looks like: {role}"
    return ColumnRow(column, reason=f"not in the mapping{looks}")


def _mapped(mapping: Mapping) -> Iterator[ColumnRow]:
    reason = "from the mapping"
    yield ColumnRow(mapping.respondent_id, "respondent id", reason=reason)
    if mapping.submitted_at is not None:
        hidden = mapping.submitted_at in mapping.identifying
        yield ColumnRow(mapping.submitted_at, "submitted at", identifying=hidden, reason=reason)
    for attribute in mapping.attributes:
        yield from _attribute_rows(attribute, mapping)
    voice = {note.question: note.column for note in mapping.voice_notes}
    for question in mapping.questions:
        row = ColumnRow(
            question.column or voice[question.ref],
            "open answer" if question.column else "voice note file",
            question.ref,
            question.text,
            asked_if=format_rule(question.asked_if),
            not_asked=format_list(question.not_asked_values),
            reason=reason,
        )
        yield row
        if question.column and question.ref in voice:
            yield ColumnRow(voice[question.ref], "voice note file", question.ref, reason=reason)
    used = {column for attribute in mapping.attributes for column in attribute.source_columns()}
    for column in mapping.identifying:
        if column not in used and column != mapping.submitted_at:
            yield ColumnRow(column, "identifying", reason=reason)
    for column in mapping.ignore:
        yield ColumnRow(column, "ignore", reason=reason)


def _attribute_rows(attribute: AttributeMapping, mapping: Mapping) -> Iterator[ColumnRow]:
    row = ColumnRow(
        "",
        "attribute",
        attribute.name,
        attribute.label,
        attribute.kind,
        attribute.as_attribute().grouping,
        format_list(attribute.values),
        reason="from the mapping",
    )
    if attribute.column is not None:
        delimiter = attribute.separator if attribute.kind == "multi" else ""
        row = replace(row, delimiter=_shown(delimiter))
    for column in attribute.source_columns():
        stands_for = (attribute.columns or {}).get(column, "")
        hidden = column in mapping.identifying
        yield replace(row, column=column, stands_for=stands_for, identifying=hidden)


def read_rows(rows: Sequence[ColumnRow], header: Sequence[str], source: str) -> ColumnReading:
    """Make a mapping of the rows, or say what is wrong in which row and what to do."""
    reading = _Reading(rows, header)
    data = reading.data()
    if reading.problems or reading.general:
        return ColumnReading(None, reading.problems, tuple(reading.general))
    try:
        return ColumnReading(build_mapping(data, source))
    except SurveyError as error:
        return ColumnReading(None, {}, (error.message,))


class _Reading:
    """One pass over the rows, and what was found wrong."""

    def __init__(self, rows: Sequence[ColumnRow], header: Sequence[str]) -> None:
        self.rows = list(enumerate(rows))
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
                "every respondent."
            )
        self._check_identifying()
        data: dict[str, Any] = {"respondent_id": ids[0] if ids else ""}
        if times:
            data["submitted_at"] = times[0]
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

    def _check_identifying(self) -> None:
        for at, row in self.rows:
            if row.identifying and row.role in ("respondent id", "open answer", "voice note file"):
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
                delimiter = first.delimiter
                fields["delimiter"] = "\t" if delimiter.strip() == TAB else delimiter or ";"
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


def _shown(delimiter: str) -> str:
    return TAB if delimiter == "\t" else delimiter


def examples(grid: Grid, column: str) -> tuple[str, ...]:
    """Give the first different values of a column, shortened; none where the file lacks it."""
    if column not in grid.header:
        return ()
    at = grid.header.index(column)
    found: list[str] = []
    for _, cells in grid.rows[:EXAMPLE_ROWS]:
        value = shorten(cells[at], EXAMPLE_CHARS)
        if value and value not in found:
            found.append(value)
        if len(found) == N_EXAMPLES:
            break
    return tuple(found)
