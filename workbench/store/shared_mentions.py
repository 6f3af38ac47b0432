"""Mentions in documents where several people speak.

In: the codings on a layer. Out: a statement that joins overlapping spans and counts what is left,
by group and code. Everywhere else `coding_respondent` says already which codings open a mention.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, select

from workbench.domain.mentions import WHOLE
from workbench.store.codings import current_anchor
from workbench.store.counts_scope import Scope
from workbench.store.tables import anchor, code_ancestor, coding, document


def joined_mentions(
    covered: CTE,
    scope: Scope,
    person: CTE,
    groups: Sequence[ColumnElement[Any]],
    code_ids: Sequence[int],
) -> Select[Any]:
    """Select (groups ..., code, mentions) for the documents in which spans are joined."""
    spans = (
        select(
            covered.c.coding_id,
            covered.c.document_id,
            code_ancestor.c.ancestor_id.label("code_id"),
            func.coalesce(anchor.c.start, 0).label("start"),
            func.coalesce(anchor.c.end, WHOLE).label("end"),
        )
        .select_from(covered)
        .join(coding, coding.c.id == covered.c.coding_id)
        .join(document, document.c.id == covered.c.document_id)
        .join(anchor, current_anchor())
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == covered.c.code_id, code_ancestor.c.depth == 0),
        )
        .where(scope.is_shared(covered.c.document_id))
        .distinct()
        .cte("spans")
    )
    island = _islands(spans)
    rollup = code_ancestor.alias("rollup")
    single = (
        select(
            *groups,
            rollup.c.ancestor_id,
            island.c.document_id,
            island.c.code_id,
            island.c.number,
        )
        .select_from(
            island.join(covered, covered.c.coding_id == island.c.coding_id)
            .join(rollup, rollup.c.code_id == island.c.code_id)
            .join(person, person.c.id == covered.c.respondent_id)
        )
        .where(rollup.c.ancestor_id.in_(code_ids))
        .distinct()
        .cte("single")
    )
    columns = [single.c[column.key] for column in groups if column.key]
    return select(*columns, single.c.ancestor_id, func.count()).group_by(
        *columns, single.c.ancestor_id
    )


def _islands(spans: CTE) -> CTE:
    """Say in which run of overlapping spans, by document and code, each coding is."""
    by_place: dict[str, Any] = {
        "partition_by": (spans.c.document_id, spans.c.code_id),
        "order_by": (spans.c.start, spans.c.end.desc(), spans.c.coding_id),
    }
    reach = func.max(spans.c.end).over(**by_place, rows=(None, -1))
    opens = case((spans.c.start < reach, 0), else_=1)
    marked = select(spans, opens.label("opens")).cte("marked")
    number = func.sum(marked.c.opens).over(
        partition_by=(marked.c.document_id, marked.c.code_id),
        order_by=(marked.c.start, marked.c.end.desc(), marked.c.coding_id),
        rows=(None, 0),
    )
    return select(
        marked.c.coding_id, marked.c.document_id, marked.c.code_id, number.label("number")
    ).cte("island")
