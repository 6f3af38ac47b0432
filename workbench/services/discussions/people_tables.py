"""Tables of participants of several focus groups: which rows are about which group.

In: one table or several, and the groups that come in. Out: one table whose rows name their group,
where a column, or the name of a table's file, tells it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from pipelines.ingest.discussions.people_table import ROW_STEP, PeopleTable, PersonRow
from workbench.domain.documents import BadRow
from workbench.domain.speaker_names import suggested_name
from workbench.domain.words import count

Groups = Mapping[str, Collection[str]]
"""What groups are called, each with what else a table may call it: its file, its day."""

_ABOUT_PEOPLE = re.compile(
    r"\b(?:participants?|people|persons?|attend(?:ance|ees)|members?|demographics|details|table|"
    r"list|sheet|info|of|the)\b",
    re.I,
)
_GROUP = re.compile(r"(?:focus|discussion)?groups?|fgds?")
_MAY_NAME_GROUPS = frozenset(
    {"group", "group_name", "group_id", "group_no", "group_number", "discussion", "interview",
     "meeting", "recording", "source", "document"}
)  # fmt: skip
"""Attributes that are taken for the group as soon as they name one that comes in."""
MOSTLY = 0.5


def for_groups(tables: Sequence[PeopleTable], groups: Groups) -> PeopleTable:
    """Put tables together, each row with the group that it is about, where that is told."""
    told = [_of_file(_with_groups(table, groups), groups) for table in tables]
    return combined(told)


def about_groups(table: PeopleTable, names: Sequence[str]) -> PeopleTable:
    """Say which groups the rows are about that do not tell; without names all stay as they are.

    Examples
    --------
    >>> table = PeopleTable("who.csv", (PersonRow(2, "P1", ""), PersonRow(3, "P2", "", group="B")))
    >>> [(row.row, row.group) for row in about_groups(table, ["A", "C"]).rows]
    [(2, 'A'), (2, 'C'), (3, 'B')]
    """
    rows = [
        replace(row, group=name) for row in table.rows for name in ([row.group] if row.group else
        names or [""])
    ]  # fmt: skip
    return replace(table, rows=tuple(rows))


def combined(tables: Sequence[PeopleTable]) -> PeopleTable:
    """Put several tables together; rows keep their numbers, and the name of their table."""
    if len(tables) == 1:
        return tables[0]
    rows: list[PersonRow] = []
    bad: list[BadRow] = []
    for at, table in enumerate(tables):
        shift = at * ROW_STEP
        rows += [replace(row, row=row.row + shift, origin=table.source) for row in table.rows]
        bad += [replace(row, row=row.row + shift) for row in table.bad_rows]
    attributes = {item.name: item for table in reversed(tables) for item in table.attributes}
    warnings = [f"{table.source}: {text}" for table in tables for text in table.warnings]
    return PeopleTable(
        f"{count(len(tables), 'table')} of participants", tuple(rows), tuple(attributes.values()),
        tuple(bad), tuple(warnings), tuple(table.source for table in tables),
    )  # fmt: skip


def of_tables(people: PeopleTable, rows: Iterable[BadRow]) -> dict[str, list[BadRow]]:
    """Part rows that could not be used by their table, with the numbers that they have there."""
    found: dict[str, list[BadRow]] = {}
    for row in rows:
        at, number = divmod(row.row, ROW_STEP)
        source = people.sources[at] if at < len(people.sources) else people.source
        found.setdefault(source, []).append(replace(row, row=number))
    return found


def _with_groups(table: PeopleTable, groups: Groups) -> PeopleTable:
    """Name the groups of rows as the study will; find the column that tells them, if none does."""
    if any(row.group for row in table.rows):
        return replace(
            table,
            rows=tuple(replace(row, group=group_meant(row.group, groups) or row.group)
                       for row in table.rows),
        )  # fmt: skip
    names = (item.name for item in table.attributes)
    column = next((name for name in names if _names_groups(table, name, groups)), None)
    if column is None:
        return table
    dropped = column.casefold() in _MAY_NAME_GROUPS
    rows = [_of_group(row, column, groups, dropped=dropped) for row in table.rows]
    kept = tuple(item for item in table.attributes if not dropped or item.name != column)
    return replace(table, rows=tuple(rows), attributes=kept)


def _of_group(row: PersonRow, column: str, groups: Groups, *, dropped: bool) -> PersonRow:
    cell = "; ".join(row.values.get(column, ()))
    values = {name: v for name, v in row.values.items() if not dropped or name != column}
    return replace(row, group=group_meant(cell, groups) or cell, values=values)


def _names_groups(table: PeopleTable, column: str, groups: Groups) -> bool:
    """Tell whether a column says which group a row is about.

    One that is called so does where any cell names a group; any other, where all cells do, and they
    name several.
    """
    cells = ["; ".join(row.values.get(column, ())) for row in table.rows]
    meant = [group_meant(cell, groups) for cell in cells if cell]
    if column.casefold() in _MAY_NAME_GROUPS:
        return any(meant)
    return all(meant) and len(set(meant)) > 1 and len(meant) > MOSTLY * len(cells)


def _of_file(table: PeopleTable, groups: Groups) -> PeopleTable:
    """Give rows without a group the one that the table's file is called by, if it is."""
    group = group_meant(_ABOUT_PEOPLE.sub(" ", re.sub(r"[_-]", " ", _stem(table.source))), groups)
    if group is None or len(groups) < 2:
        return table
    return replace(table, rows=tuple(replace(row, group=row.group or group) for row in table.rows))


def _stem(file_name: str) -> str:
    return file_name.rpartition(".")[0] or file_name


def group_meant(cell: str, groups: Groups) -> str | None:
    """Find the one group that a table means; None where there is none, or where it may be several.

    Examples
    --------
    >>> groups = {"FG 1": ["FG_1-transcript.vtt"], "Young people": ["youth.docx"]}
    >>> [group_meant(cell, groups) for cell in ("fg1", "Focus group 01", "1", "youth", "Hull")]
    ['FG 1', 'FG 1', 'FG 1', 'Young people', None]
    """
    said = _keys(cell)
    for keys in (said[:1], said):
        found = [name for name, others in groups.items()
                 if any(set(keys) & set(_keys(told)) for told in (name, *others))]  # fmt: skip
        if len(found) == 1:
            return found[0]
    return None


def _keys(told: str) -> list[str]:
    """Give what ways to write a group's name have in common: in full, and without "group"."""
    bare = suggested_name(told).casefold() if told.strip() else ""
    full = _GROUP.sub("fg", re.sub(r"[\W_]+", "", bare))
    numbered = re.sub(r"(?<!\d)0+(?=\d)", "", full)
    return [key for key in dict.fromkeys((numbered, numbered.replace("fg", ""))) if key]
