"""Summarise: themes by group, with shares and intervals.

In: a study, grouping attributes, a level and a layer. Out: a `ThemeTable`, zeros included.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, Code, DocumentFilter, Group
from workbench.domain.documents import NOT_STATED
from workbench.domain.frequency import wilson
from workbench.errors import NotFound
from workbench.services.arrange import GroupOrder, Order, order_codes, order_groups
from workbench.services.counting.grouping_choice import Grouping, find_grouping, order_of
from workbench.services.counting.theme_table import Base, Level, ThemeRow, ThemeTable
from workbench.services.voice_notes import draft_counts
from workbench.store import studies
from workbench.store.codebooks import codebook
from workbench.store.coding import flagged
from workbench.store.counting import bases, counts
from workbench.store.discussions.nobodys import count_nobodys
from workbench.store.engine import Connection, Database
from workbench.store.surveys.respondents import any_without
from workbench.store.team import people

__all__ = [
    "Base",
    "GroupChoice",
    "GroupOrder",
    "Level",
    "Order",
    "ThemeRow",
    "ThemeTable",
    "layer_key",
    "list_groups",
    "list_layers",
    "list_surveys",
    "summarise",
    "within_cell",
]


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
    base: Base = "answered",
    order: Order = "codebook",
    group_order: GroupOrder = "own",
    hide_empty: bool = False,
) -> ThemeTable:
    """Count respondents and mentions for each theme (or each code) and group.

    Parameters
    ----------
    by
        Names of at most two grouping attributes; with two, every pair of their values is a group.
        "session" takes the focus groups, "series" their series: those who spoke there are counted.
    layer
        "any", "consensus", or a coder's name.
    where
        Which documents are in scope; its groups say which respondents are.
    with_totals
        Count all respondents together too.
    base
        Whom shares are shares of: respondents who "answered" anything within the filter, those
        who were "asked" (blank answers included), or "everybody" whom the filter's groups mean.
    order, group_order
        Of the rows and of the columns; see `arrange`.
    hide_empty
        Leave out codes that nobody mentions, and groups that nobody is in.

    Raises
    ------
    InputError
        When an attribute is unknown or identifying, or more than two are named.
    NotFound
        When there is no coder of the layer's name.
    """
    with database.read() as connection:
        study = studies.get_study(connection, study_id)
        key = layer_key(connection, study_id, layer)
        scope = replace(where or DocumentFilter(), layer=key)
        scope = draft_counts.needed_filter(connection, study_id, scope)
        grouping = find_grouping(connection, study_id, by, scope)
        if grouping.held is not None:
            scope, base = replace(scope, kind=scope.kind or "focus_group"), "answered"
        items = [
            item
            for item in codebook.list_codes(connection, study_id, actor.id, with_retired=True)
            if level == "code" or item.depth == 0
        ]
        count = partial(_counted, connection, study_id, actor.id, key, scope, base)
        options: Any = {"code_ids": [item.id for item in items], "layer": key, "where": scope}
        cells = grouping.count(connection, study_id, actor.id, **options)
        found = count(cells, grouping)
        needs_totals = with_totals or hide_empty or order == "mentioned"
        together = found
        if needs_totals and by:
            overlapping = grouping.overlapping or grouping.held is not None
            together = count(
                counts.totals_of(
                    connection,
                    study_id,
                    actor.id,
                    cells,
                    attribute_ids=grouping.attribute_ids,
                    overlapping=overlapping,
                    **options,
                ),
                Grouping(),
            )
        orders = grouping.orders(connection)
        nobodys = count_nobodys(connection, study_id, actor.id, **options)
        n_flagged = flagged.count_flagged(connection, study_id, actor.id)
        n_drafts = draft_counts.count_in_scope(connection, study_id, scope)
    totals = _fill(items, [], [], together) if needs_totals or not by else []
    orders = order_groups(_with_not_stated(orders, found), group_order, found.bases)
    rows = _fill(items, grouping.names, orders, found)
    among_all = {row.code_id: row for row in totals}
    ranks = {code: rank for rank, code in enumerate(order_codes(rows, order, among_all))}
    kept = partial(_arranged, ranks=ranks, hidden=_hidden(totals) if hide_empty else set())
    return ThemeTable(
        study.name,
        grouping.names,
        layer,
        level,
        kept(rows, groups=hide_empty),
        grouping.overlapping,
        n_flagged,
        grouping.titles,
        kept(totals) if with_totals else (),
        base,
        len(_hidden(totals)) if hide_empty else 0,
        n_drafts,
        grouping.held.unit if grouping.held else None,
        nobodys,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the store has counted: cells by code and groups, and numbers by groups alone."""

    cells: dict[tuple[int, tuple[str, ...]], counts.GroupCount]
    bases: dict[tuple[str, ...], int]
    awaiting: dict[tuple[str, ...], int]
    on_drafts: dict[draft_counts.Cell, draft_counts.OnDrafts]


def _counted(
    connection: Connection,
    study_id: int,
    actor_id: int,
    layer: str | int,
    scope: DocumentFilter,
    base: Base,
    found: Sequence[counts.GroupCount],
    grouping: Grouping,
) -> _Counted:
    """Put bases and what awaits adjudication beside the cells that were counted."""
    held, attribute_ids = grouping.held, grouping.attribute_ids
    if base == "answered":
        by_group = {cell.groups: cell.base for cell in found}
    else:
        by_group = bases.count_people(
            connection, study_id, attribute_ids=attribute_ids, base=base, where=scope
        )
    awaiting = {}
    if layer == counts.CONSENSUS:
        awaiting = bases.count_awaiting(
            connection, study_id, actor_id, attribute_ids=attribute_ids, where=scope,
            unit=held.unit if held else None,
        )  # fmt: skip
        if held:
            awaiting = {(held.names[key[0]], *key[1:]): n for key, n in awaiting.items()
                        if key[0] in held.names}  # fmt: skip
    cells = {(cell.code_id, cell.groups): cell for cell in found}
    if scope.kind == "focus_group":  # no machine has written it down
        return _Counted(cells, by_group, awaiting, {})
    apart = draft_counts.counted_apart(
        connection, study_id, actor_id, found,
        attribute_ids=attribute_ids, layer=layer, where=scope,
    )  # fmt: skip
    return _Counted(cells, by_group, awaiting, apart)


def _hidden(totals: Sequence[ThemeRow]) -> set[int]:
    return {row.code_id for row in totals if not row.respondents}


def _arranged(
    rows: Sequence[ThemeRow],
    *,
    ranks: Mapping[int, int],
    hidden: set[int],
    groups: bool = False,
) -> tuple[ThemeRow, ...]:
    """Put rows into the order of their codes, without what is hidden."""
    kept = [row for row in rows if row.code_id not in hidden and (row.base or not groups)]
    return tuple(sorted(kept, key=lambda row: ranks[row.code_id]))


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
                    *order_of(connection, item),
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
        value = cell.get(item.name)
        if value is None or (item.attribute_id, value) in found:
            continue
        wider = [group for group in found if group[0] == item.attribute_id and value in group[1]]
        if not item.several and len(wider) == 1 and not isinstance(wider[0][1], str):
            found.remove(wider[0])
        found.append((item.attribute_id, value))
    return tuple(found)


FIRST_SURVEY = "First survey"
"""What a survey without a name is called: a study's first."""


def list_surveys(actor: Actor, database: Database, study_id: int) -> dict[int, str]:
    """Name a study's surveys, by key."""
    with database.read() as connection:
        return {
            key: name or FIRST_SURVEY for key, name in studies.list_surveys(connection, study_id)
        }


def _with_not_stated(orders: Sequence[Sequence[str]], found: _Counted) -> list[list[str]]:
    """Add the group of those who did not say, where somebody is in it."""
    return [
        [*order, NOT_STATED]
        if NOT_STATED not in order and any(groups[index] == NOT_STATED for groups in found.bases)
        else list(order)
        for index, order in enumerate(orders)
    ]


def _fill(
    items: Sequence[Code],
    names: Sequence[str],
    orders: Sequence[Sequence[str]],
    found: _Counted,
) -> list[ThemeRow]:
    """Put counts into every cell, in the order of the tree and of the groups."""
    return [
        _row(item, dict(zip(names, groups, strict=True)), groups, found)
        for item in items
        for groups in itertools.product(*orders)
    ]


def _row(item: Code, named: dict[str, str], groups: tuple[str, ...], found: _Counted) -> ThemeRow:
    cell = found.cells.get((item.id, groups)) or counts.GroupCount(item.id, groups, 0, 0, 0, 0)
    base = found.bases.get(groups, 0)
    awaiting = found.awaiting.get(groups, 0)
    on_drafts = found.on_drafts.get((item.id, groups), draft_counts.NOTHING)
    interval = wilson(cell.respondents, base)
    return ThemeRow(
        item.id,
        format_path(item.path),
        named,
        base,
        cell.respondents,
        cell.respondents / base if base else None,
        interval[0] if interval else None,
        interval[1] if interval else None,
        cell.mentions,
        (cell.n_not_done or 0) - awaiting,  # a sum over nobody is nothing
        awaiting,
        on_drafts.respondents,
        on_drafts.mentions,
    )
