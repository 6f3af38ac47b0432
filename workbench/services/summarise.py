"""Summarise: themes by group, with shares and intervals.

In: a study, grouping attributes, a level and a layer. Out: a `ThemeTable`, zeros included.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, Code, DocumentFilter, Group
from workbench.domain.documents import NOT_STATED
from workbench.domain.frequency import wilson
from workbench.errors import InputError, NotFound
from workbench.store import codebook, counts, flagged, people, studies
from workbench.store.engine import Connection, Database
from workbench.store.respondents import any_without, values_in_use
from workbench.store.studies import StoredAttribute

Level = Literal["theme", "code"]


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme in one group. `share`, `low` and `high` are 0-1, None at base 0."""

    code_id: int
    theme: str
    groups: dict[str, str]
    base: int
    respondents: int
    share: float | None
    low: float | None
    high: float | None
    mentions: int
    n_not_done: int


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """Themes by group.

    `overlapping` is set when a grouping attribute takes several values at once: then the groups
    overlap and their bases do not add up. `n_flagged` counts codings that are left out because
    their words must be found again by a person.
    """

    study: str
    by: tuple[str, ...]
    layer: str
    level: Level
    rows: tuple[ThemeRow, ...]
    overlapping: bool = False
    n_flagged: int = 0
    by_titles: tuple[str, ...] = field(default=())
    totals: tuple[ThemeRow, ...] = field(default=())
    """Each theme among all respondents in scope, counted once; only when asked for."""

    @property
    def n_columns(self) -> int:
        """How many groups there are; the rows of one theme follow each other."""
        return sum(row.code_id == self.rows[0].code_id for row in self.rows) if self.rows else 0

    def row(self, code_id: int, groups: Mapping[str, str]) -> ThemeRow | None:
        """Give one cell; without groups, that of all respondents. None when it is not there."""
        rows = self.rows if groups or not self.by else self.totals
        for row in rows:
            if row.code_id == code_id and row.groups == groups:
                return row
        return None

    def as_dict(self) -> dict[str, Any]:
        """Give the table as plain values, for JSON."""
        return {
            "study": self.study,
            "by": list(self.by),
            "layer": self.layer,
            "level": self.level,
            "n_flagged": self.n_flagged,
            "rows": [
                {
                    "theme": row.theme,
                    "groups": row.groups,
                    "base": row.base,
                    "respondents": row.respondents,
                    "share": row.share,
                    "low": row.low,
                    "high": row.high,
                    "mentions": row.mentions,
                    "n_not_done": row.n_not_done,
                }
                for row in self.rows
            ],
        }


def summarise(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    by: Sequence[str] = (),
    level: Level = "theme",
    layer: str = "any",
    where: DocumentFilter | None = None,
    with_totals: bool = False,
) -> ThemeTable:
    """Count respondents and mentions for each theme (or each code) and group.

    Parameters
    ----------
    by
        Names of at most two grouping attributes; with two, every pair of their values is a group.
    layer
        "any", "consensus", or a coder's name.
    where
        Which documents are in scope; its groups say which respondents are.
    with_totals
        Count all respondents together too.

    Raises
    ------
    InputError
        When an attribute is unknown or identifying, or more than two are named.
    NotFound
        When there is no coder of the layer's name.
    """
    with database.read() as connection:
        study = studies.get_study(connection, study_id)
        chosen = _attributes(connection, study_id, by)
        key = layer_key(connection, study_id, layer)
        items = [
            item
            for item in codebook.list_codes(connection, study_id, with_retired=True)
            if level == "code" or item.depth == 0
        ]
        code_ids = [item.id for item in items]
        within = replace(where or DocumentFilter(), layer=key)
        found = counts.count_themes(
            connection, study_id, actor.id,
            code_ids=code_ids, attribute_ids=[item.id for item in chosen], layer=key, where=within,
        )  # fmt: skip
        together = (
            counts.totals_of(
                connection, study_id, actor.id, found,
                code_ids=code_ids, overlapping=any(item.kind == "multi" for item in chosen),
                layer=key, where=within,
            )
            if with_totals and chosen
            else []
        )  # fmt: skip
        orders = [_group_order(connection, item) for item in chosen]
        n_flagged = flagged.count_flagged(connection, study_id, actor.id)
    rows = _fill(items, [item.name for item in chosen], orders, found)
    totals = _fill(items, [], [], together) if with_totals and chosen else rows
    return ThemeTable(
        study.name,
        tuple(item.name for item in chosen),
        layer,
        level,
        tuple(rows),
        any(item.kind == "multi" for item in chosen),
        n_flagged,
        tuple(item.title for item in chosen),
        tuple(totals) if with_totals else (),
    )


def layer_key(connection: Connection, study_id: int, layer: str) -> str | int:
    """Turn a layer's name into what the store counts by.

    Raises
    ------
    NotFound
        When it is neither "any" nor "consensus" nor a coder of the study.
    """
    if layer in (counts.ANY, counts.CONSENSUS):
        return layer
    found = people.find_coder(connection, layer)
    members = people.list_coders(connection, study_id)
    if found is None or found.id not in {item.id for item in members}:
        names = ", ".join(item.name for item in members)
        raise NotFound(
            f"there is no coder {layer!r} in this study. "
            f"Layers: any, consensus, {names or 'no coders yet'}."
        )
    return found.id


def list_layers(actor: Actor, database: Database, study_id: int) -> list[str]:
    """List the layers that a table can be made from: any, consensus, and each coder."""
    with database.read() as connection:
        members = people.list_coders(connection, study_id)
    return [counts.ANY, counts.CONSENSUS, *(item.name for item in members)]


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """An attribute to group by or to filter by, with its values in their order."""

    attribute_id: int
    name: str
    title: str
    values: tuple[str, ...]
    several: bool = False
    """Whether one respondent may have several values."""


def list_groups(actor: Actor, database: Database, study_id: int) -> list[GroupChoice]:
    """List the grouping attributes with their values; "Not stated" where it is needed."""
    with database.read() as connection:
        return [
            GroupChoice(
                item.id,
                item.name,
                item.title,
                (
                    *_group_order(connection, item),
                    *([NOT_STATED] if any_without(connection, study_id, item.id) else []),
                ),
                item.kind == "multi",
            )
            for item in studies.list_attributes(connection, study_id)
            if item.grouping and not item.identifying
        ]


def within_cell(
    within: Sequence[Group], by: Sequence[GroupChoice], cell: Mapping[str, str]
) -> tuple[Group, ...]:
    """Narrow the groups of a filter to those of one cell of its table.

    Where a respondent has one value only, the cell's takes the place of the filter's; of an
    attribute with several, both must hold.
    """
    found = list(within)
    for item in by:
        mine: Group = (item.attribute_id, cell[item.name]) if item.name in cell else (0, "")
        if item.name not in cell or mine in found:
            continue
        if not item.several:
            found = [group for group in found if group[0] != item.attribute_id]
        found.append(mine)
    return tuple(found)


FIRST_SURVEY = "First survey"
"""What a survey without a name is called: a study's first."""


def list_surveys(actor: Actor, database: Database, study_id: int) -> dict[int, str]:
    """Name a study's surveys, by key."""
    with database.read() as connection:
        return {
            key: name or FIRST_SURVEY for key, name in studies.list_surveys(connection, study_id)
        }


def _attributes(connection: Connection, study_id: int, by: Sequence[str]) -> list[StoredAttribute]:
    if len(by) > 2:
        raise InputError(f"{len(by)} attributes to group by.", hint="Name one or two.")
    if len(set(by)) < len(by):
        raise InputError(f"{by[0]} is named twice.", hint="Name two different attributes.")
    known = {item.name: item for item in studies.list_attributes(connection, study_id)
             if not item.identifying}  # fmt: skip
    for name in by:
        if name not in known:
            raise InputError(
                f"there is no attribute {name!r} to group by.",
                hint=f"Attributes: {', '.join(known) or 'none'}.",
            )
    return [known[name] for name in by]


def _group_order(connection: Connection, item: StoredAttribute) -> list[str]:
    """Put an attribute's values in their order: declared ones first, the rest by name or size."""
    used = values_in_use(connection, item.id)
    rest = [value for value in used if value not in item.ordered_values]
    rest.sort(key=_number_or_name if item.kind == "number" else str.casefold)
    return [*item.ordered_values, *rest]


def _number_or_name(value: str) -> tuple[int, float, str]:  # numbers first, by size
    try:
        return (0, float(value), value)
    except ValueError:
        return (1, 0.0, value)


def _fill(
    items: Sequence[Code],
    names: Sequence[str],
    orders: Sequence[Sequence[str]],
    found: Sequence[counts.GroupCount],
) -> list[ThemeRow]:
    """Put counts into every cell, in the order of the tree and of the groups."""
    cells = {(cell.code_id, cell.groups): cell for cell in found}
    present = {cell.groups for cell in found}
    for index, order in enumerate(orders):
        if any(groups[index] == NOT_STATED for groups in present) and NOT_STATED not in order:
            orders = [*orders[:index], [*order, NOT_STATED], *orders[index + 1 :]]
    rows = []
    for item in items:
        for groups in itertools.product(*orders):
            cell = cells.get((item.id, groups)) or counts.GroupCount(item.id, groups, 0, 0, 0, 0)
            interval = wilson(cell.respondents, cell.base)
            rows.append(
                ThemeRow(
                    item.id,
                    format_path(item.path),
                    dict(zip(names, groups, strict=True)),
                    cell.base,
                    cell.respondents,
                    cell.respondents / cell.base if cell.base else None,
                    interval[0] if interval else None,
                    interval[1] if interval else None,
                    cell.mentions,
                    cell.n_not_done,
                )
            )
    return rows
