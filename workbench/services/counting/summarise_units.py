"""Themes counted by area, or by another unit than the respondent.

In: an attribute whose values are the units, at most one to group by, a level and a layer. Out: a
`UnitTable`: in how many units somebody mentions each theme, zeros included.

There is no interval: the areas of a study are seldom a sample of areas.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, Code, DocumentFilter
from workbench.domain.documents import NOT_STATED
from workbench.errors import InputError
from workbench.services.counting.summarise import Level, layer_key
from workbench.store import studies
from workbench.store.codebooks import codebook
from workbench.store.counting.counts_by_unit import UnitCount, UnitCounts, count_units
from workbench.store.engine import Connection, Database
from workbench.store.studies import StoredAttribute

__all__ = ["UnitRow", "UnitTable", "list_units", "summarise_units", "units_file"]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One theme in one group; `group` is empty for all together. `share` is 0-1, None at base 0."""

    code_id: int
    theme: str
    group: str
    base: int
    units: int
    share: float | None


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Themes by unit. `groups` are the columns after the one of all together.

    `n_without` respondents have no value of the unit's attribute, and count nowhere.
    """

    unit: str
    by: str
    layer: str
    level: Level
    groups: tuple[str, ...]
    rows: tuple[UnitRow, ...]
    n_without: int

    def row(self, theme: str, group: str = "") -> UnitRow:
        """Give one cell by the names of its theme and its group."""
        return next(row for row in self.rows if (row.theme, row.group) == (theme, group))

    def as_dict(self) -> dict[str, Any]:
        """Give the table as plain values, for JSON; `group` is null for all together."""
        return {
            "unit": self.unit,
            "by": self.by or None,
            "layer": self.layer,
            "level": self.level,
            "n_without": self.n_without,
            "rows": [
                {
                    "theme": row.theme,
                    "group": row.group or None,
                    "base": row.base,
                    "units": row.units,
                    "share": row.share,
                }
                for row in self.rows
            ],
        }


def list_units(actor: Actor, database: Database, study_id: int) -> list[StoredAttribute]:
    """List the attributes whose values can be counted: those to group by, and none identifying."""
    with database.read() as connection:
        return [item for item in _known(connection, study_id).values() if item.grouping]


def summarise_units(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    unit: str,
    by: str = "",
    level: Level = "theme",
    layer: str = "any",
    where: DocumentFilter | None = None,
) -> UnitTable:
    """Count in how many units somebody mentions each theme (or each code).

    Parameters
    ----------
    unit
        Name of the attribute whose values are the units, such as "area".
    by
        Name of an attribute to group by; a unit is in each group that one of its people is in.
    layer
        "any", "consensus", or a coder's name.
    where
        Which documents are in scope; its groups say which respondents are.

    Raises
    ------
    InputError
        When an attribute is unknown or identifying, or both are the same.
    NotFound
        When there is no coder of the layer's name.
    """
    with database.read() as connection:
        known = _known(connection, study_id)
        names = [unit, by] if by else [unit]
        for name in names:
            if name not in known:
                raise InputError(
                    f"there is no attribute {name!r} to count by.",
                    hint=f"Attributes: {', '.join(known) or 'none'}.",
                )
        if unit == by:
            raise InputError(
                f"{unit} is counted already.", hint="Group by another attribute, or by none."
            )
        key = layer_key(connection, study_id, layer)
        scope = replace(where or DocumentFilter(), layer=key)
        items = [
            item
            for item in codebook.list_codes(connection, study_id, actor.id, with_retired=True)
            if level == "code" or item.depth == 0
        ]

        def count(attribute_ids: Sequence[int]) -> UnitCounts:
            return count_units(
                connection, study_id, actor.id, unit_id=known[unit].id,
                code_ids=[item.id for item in items], attribute_ids=attribute_ids,
                layer=key, where=scope,
            )  # fmt: skip

        together = count([])
        grouped = count([known[by].id]).cells if by else ()
    groups = _ordered({cell.groups[0] for cell in grouped}, known[by]) if by else []
    rows = _rows(items, groups, [*together.cells, *grouped])
    return UnitTable(unit, by, layer, level, tuple(groups), tuple(rows), together.n_without)


def units_file(table: UnitTable) -> bytes:
    """Give a table as CSV, one row for each theme and group; an empty group is all together."""
    from pipelines.export.table import FlatTable
    from pipelines.export.table_csv import write_table_csv

    stream = io.BytesIO()
    names = ("theme", table.by or "group", "base", "units", "share")
    rows = tuple((row.theme, row.group, row.base, row.units, row.share) for row in table.rows)
    write_table_csv(stream, FlatTable("Units", names, rows, (4,)))
    return stream.getvalue()


def _known(connection: Connection, study_id: int) -> dict[str, StoredAttribute]:
    return {
        item.name: item
        for item in studies.list_attributes(connection, study_id)
        if not item.identifying
    }


def _ordered(values: set[str], item: StoredAttribute) -> list[str]:
    """Put groups in the attribute's order, the others by name, "Not stated" last."""
    place = {value: at for at, value in enumerate(item.ordered_values)}
    return sorted(
        values,
        key=lambda value: (value == NOT_STATED, place.get(value, len(place)), value.casefold()),
    )


def _rows(
    items: Sequence[Code], groups: Sequence[str], cells: Sequence[UnitCount]
) -> list[UnitRow]:
    found = {(cell.code_id, "".join(cell.groups)): cell for cell in cells}
    rows = []
    for item in items:
        for group in ("", *groups):
            cell = found.get((item.id, group)) or UnitCount(item.id, (), 0, 0)
            share = cell.units / cell.base if cell.base else None
            rows.append(
                UnitRow(item.id, format_path(item.path), group, cell.base, cell.units, share)
            )
    return rows
