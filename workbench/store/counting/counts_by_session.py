"""Themes counted by focus group, or by series of focus groups.

In: codes, a layer, whether sessions or series make the groups, perhaps attributes to cross with.
Out: one cell for each code and group, as `counts` gives them: who spoke there, who mentions the
code there, mentions there. A person who speaks in several sessions is counted in each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import CTE, ColumnElement, Connection, func, select

from workbench.domain.codings import DocumentFilter
from workbench.store.counting.counts import ANY, Counting, GroupCount, counting_of
from workbench.store.counting.hits import Groups
from workbench.store.tables import code_ancestor, document, segment

SessionUnit = Literal["session", "series"]
Key = tuple[Any, ...]


def count_sessions(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    unit: SessionUnit,
    code_ids: Sequence[int],
    attribute_ids: Sequence[int] = (),
    layer: str | int = ANY,
    where: DocumentFilter | None = None,
) -> list[GroupCount]:
    """Count codes, each with all below it, by session or series and the values of attributes.

    The first value of a cell's groups is the key of the session's document, as text, or the
    name of the series, empty for those in none. Other parameters are as `count_themes` takes them.
    """
    where = where or DocumentFilter()
    counting = counting_of(
        connection, study_id, actor_id, code_ids=code_ids, attribute_ids=attribute_ids,
        layer=layer, where=replace(where, kind=where.kind or "focus_group"),
    )  # fmt: skip
    held = _held(counting, unit)
    bases = _bases(counting, held)
    hits = _hits(counting, held)
    return [
        GroupCount(code_id, groups, base, *hits.get((code_id, groups), (0, 0)), n_not_done)
        for code_id in counting.code_ids
        for groups, (base, n_not_done) in bases.items()
    ]


def _held(counting: Counting, unit: SessionUnit) -> CTE:
    """List the discussions in scope, each with what it is counted under."""
    shared = counting.scope.shared
    key: ColumnElement[Any] = (
        document.c.id if unit == "session" else func.coalesce(document.c.series, "")
    )
    return (
        select(shared.c.id, shared.c.current_revision_id, shared.c.done, key.label("held"))
        .join(document, document.c.id == shared.c.id)
        .where(document.c.kind == "focus_group")
        .cte("held")
    )


def _bases(counting: Counting, held: CTE) -> dict[Groups, tuple[int, int]]:
    """Count who spoke, and the discussions that are not done."""
    spoke = (
        select(held.c.held, held.c.id, held.c.done, segment.c.respondent_id)
        .join(segment, segment.c.revision_id == held.c.current_revision_id)
        .where(segment.c.respondent_id.isnot(None))
        .distinct()
        .cte("spoke")
    )
    columns = [spoke.c.held, *counting.groups]
    rows = counting.connection.execute(
        select(
            *columns,
            func.count(spoke.c.respondent_id.distinct()),
            func.count(spoke.c.id.distinct()).filter(~spoke.c.done),
        )
        .select_from(spoke.join(counting.person, counting.person.c.id == spoke.c.respondent_id))
        .group_by(*columns)
    )
    return {_groups(row[:-2]): (row[-2], row[-1]) for row in rows}


def _hits(counting: Counting, held: CTE) -> dict[tuple[int, Groups], tuple[int, int]]:
    """Count who mentions each code, and mentions."""
    covered = counting.covered().subquery("covered")
    columns = [held.c.held, *counting.groups]
    rows = counting.connection.execute(
        select(
            *columns,
            code_ancestor.c.ancestor_id,
            func.count(covered.c.respondent_id.distinct()),
            func.coalesce(func.sum(covered.c.opens), 0),
        )
        .select_from(
            covered.join(held, held.c.id == covered.c.document_id)
            .join(counting.person, counting.person.c.id == covered.c.respondent_id)
            .join(code_ancestor, code_ancestor.c.code_id == covered.c.code_id)
        )
        .where(code_ancestor.c.ancestor_id.in_(counting.code_ids))
        .group_by(*columns, code_ancestor.c.ancestor_id)
    )
    return {(row[-3], _groups(row[:-3])): (row[-2], row[-1]) for row in rows}


def _groups(values: Sequence[Any]) -> Groups:
    return (str(values[0]), *values[1:])
