"""What every column of a survey file means, one row per column, for a person to correct.

In: a proposal, or a mapping from before. Out: rows that a table can show; `column_table` makes a
mapping of them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.ingest.surveys.cell_lists import format_list, format_rule
from pipelines.ingest.surveys.mapping_model import YES, AttributeMapping, Mapping
from pipelines.ingest.surveys.proposal import ColumnProposal, Proposal, Role, label_for
from pipelines.ingest.tables.records import Grid, shorten
from workbench.domain.documents import AttributeKind

UNSEEN = {"\t": "tab", " ": "space"}
"""What a person reads and writes for delimiters that cannot be seen."""
N_EXAMPLES = 3
EXAMPLE_CHARS = 40
RULES_ONLY = "decides about rows only"
EXAMPLE_ROWS = 2_000
"""Rows that are searched for different examples."""


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """What one column means.

    `ref` is an attribute's name, a question's short name, or the question that a voice note
    answers; `text` is the question's wording or the attribute's label. `values`, `asked_if`,
    `not_asked`, `leave_out` and `keep_if` are written as in `cell_lists`; with the role "may be
    quoted", `values` are those that mean yes. `stands_for` is the value that a cell with a tick in
    it means, where an attribute has one column per value. A respondent id that is `identifying` is
    not stored: the import makes refs.
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
    keep_if: str = ""
    identifying: bool = False
    reason: str = ""


def rows_of_proposal(proposal: Proposal) -> tuple[ColumnRow, ...]:
    """Give the rows of what was proposed, with the reasons."""
    refs = {column.ref for column in proposal.columns if column.role == "open answer"}
    return tuple(_proposed(column, refs) for column in proposal.columns)


def _proposed(column: ColumnProposal, refs: set[str]) -> ColumnRow:
    row = ColumnRow(
        column.column,
        column.role,
        reason=column.reason,
        leave_out=format_list(column.leave_out),
        keep_if=format_list(column.keep_if),
        identifying=column.private,
    )
    if column.role == "open answer":
        return replace(row, ref=column.ref or column.column, text=column.text or column.column)
    if column.role == "voice note file":
        text = "" if column.question in refs else column.text or column.column
        return replace(row, ref=column.question, text=text)
    if column.role == "may be quoted":
        return replace(row, values=format_list(column.values))
    if column.role == "attribute":
        has_order = column.kind == "ordered"
        one_cell = column.kind == "multi" and not column.stands_for
        return replace(
            row,
            ref=column.ref or column.column,
            text=label_for(column),
            kind=column.kind,
            grouping=column.grouping and column.kind not in ("number", "date"),
            values=format_list(column.values) if has_order else "",
            delimiter=shown_delimiter(column.delimiter or ";") if one_cell else "",
            stands_for=column.stands_for,
        )
    return row


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
        rows = found.setdefault(column, [ColumnRow(column, reason=RULES_ONLY)])
        rows[0] = replace(rows[0], leave_out=format_list(values))
    for column, values in mapping.keep_rows_if.items():
        rows = found.setdefault(column, [ColumnRow(column, reason=RULES_ONLY)])
        rows[0] = replace(rows[0], keep_if=format_list(values))
    seen_as = {item.column: item.role for item in proposal.columns} if proposal else {}
    rows = [row for column in header for row in found.get(column, [_unnamed(column, seen_as)])]
    known = set(header)
    for column in found:
        if column not in known:
            rows += [replace(row, reason="not in this file") for row in found[column]]
    return tuple(rows)


def _unnamed(column: str, seen_as: dict[str, Role]) -> ColumnRow:
    role = seen_as.get(column, "ignore")
    looks = "" if role == "ignore" else f"; it looks like: {role}"
    return ColumnRow(column, reason=f"not in the mapping{looks}")


def _mapped(mapping: Mapping) -> Iterator[ColumnRow]:
    reason = "from the mapping"
    hidden = mapping.hides_ids
    yield ColumnRow(mapping.respondent_id, "respondent id", identifying=hidden, reason=reason)
    if mapping.submitted_at is not None:
        hidden = mapping.submitted_at in mapping.identifying
        yield ColumnRow(mapping.submitted_at, "submitted at", identifying=hidden, reason=reason)
    if mapping.may_be_quoted is not None:
        values = mapping.may_be_quoted.values
        yield ColumnRow(
            mapping.may_be_quoted.column,
            "may be quoted",
            values="" if values == YES else format_list(values),
            reason=reason,
        )
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
    used |= {mapping.respondent_id, mapping.submitted_at or ""}
    for column in mapping.identifying:
        if column not in used:
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
        row = replace(row, delimiter=shown_delimiter(delimiter))
    for column in attribute.source_columns():
        stands_for = (attribute.columns or {}).get(column, "")
        hidden = column in mapping.identifying
        yield replace(row, column=column, stands_for=stands_for, identifying=hidden)


def shown_delimiter(delimiter: str) -> str:
    """Write a delimiter so that a person can see it."""
    return UNSEEN.get(delimiter, delimiter)


def read_delimiter(written: str) -> str:
    """Return the delimiter that a person has written; a semicolon where they wrote none."""
    named = {name: sign for sign, name in UNSEEN.items()}
    return named.get(written.strip().casefold(), written) or ";"


def examples(grid: Grid, column: str) -> tuple[str, ...]:
    """Give the first different values of a column, shortened; none where the file lacks it."""
    if column not in grid.header:
        return ()
    return examples_at(grid, grid.header.index(column))


def examples_at(grid: Grid, at: int) -> tuple[str, ...]:
    """Give the first different values of the column at a place, counted from 0."""
    found: list[str] = []
    for _, cells in grid.rows[:EXAMPLE_ROWS]:
        value = shorten(cells[at], EXAMPLE_CHARS)
        if value and value not in found:
            found.append(value)
        if len(found) == N_EXAMPLES:
            break
    return tuple(found)
