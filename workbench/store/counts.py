"""Theme by group: everything that a table of themes shows, in one SQL statement.

In: themes or codes, grouping attributes, a layer. Out: one row for each theme and group, zeros
included: base, respondents, mentions, documents not done.

The unit that is counted is the respondent. A respondent is in the base of a group with at least
one codable document in scope: an answer of their own, or a linked turn in a focus group.
Mentions are codings after overlapping spans of one code in one document, by any coder, are joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)

from workbench.domain.codings import DocumentFilter, Group
from workbench.domain.documents import NOT_STATED
from workbench.store.codings import current_anchor
from workbench.store.document_filter import document_conditions, in_group, joined_documents
from workbench.store.tables import (
    anchor,
    code_ancestor,
    coding,
    coding_respondent,
    document,
    document_state,
    respondent,
    respondent_attribute,
    segment,
)
from workbench.store.visibility import visible_to

WHOLE = 2_000_000_000
"""The end of a coding of a whole document: beyond any text."""

ANY, CONSENSUS = "any", "consensus"


@dataclass(frozen=True, slots=True)
class GroupCount:
    """One cell of a table of themes. `groups` has one value for each grouping attribute."""

    code_id: int
    groups: tuple[str, ...]
    base: int
    respondents: int
    mentions: int
    n_not_done: int


def count_themes(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    code_ids: Sequence[int],
    attribute_ids: Sequence[int],
    layer: str | int = ANY,
    where: DocumentFilter | None = None,
) -> list[GroupCount]:
    """Count codes, each with all below it, by the values of attributes crossed.

    Parameters
    ----------
    code_ids
        The codes that make the rows.
    attribute_ids
        Attributes to group by, at most a few; none counts everybody together.
    layer
        "any", "consensus", or a coder's key.
    where
        Which documents are in scope, by default all; its groups say which respondents are.
    """
    if not code_ids:
        return []
    where = where or DocumentFilter()
    scope = _scope(connection, study_id, actor_id, layer, replace(where, groups=()))
    person = _person(study_id, attribute_ids, where.groups, scope)
    groups = [person.c[f"g{index}"] for index in range(len(attribute_ids))]
    counted = _counted_codings(connection, study_id, actor_id, layer, scope)
    rows = (
        select(code_ancestor.c.code_id, code_ancestor.c.ancestor_id)
        .where(code_ancestor.c.ancestor_id.in_(code_ids))
        .cte("rollup")
    )
    base = (
        select(*groups, func.count(distinct(person.c.id)).label("n")).group_by(*groups).cte("base")
    )
    pending = _pending(person, groups, scope)
    hit = _hits(person, groups, rows, counted)
    mention = _mentions(person, groups, rows, counted)
    wanted = select(code_ancestor.c.ancestor_id.label("id")).distinct().where(
        code_ancestor.c.ancestor_id.in_(code_ids)
    ).cte("wanted")  # fmt: skip

    def same(table: CTE) -> ColumnElement[bool]:
        return and_(true(), *(table.c[column.name] == base.c[column.name] for column in groups))

    statement = (
        select(
            wanted.c.id,
            *(base.c[column.name] for column in groups),
            base.c.n.label("base"),
            func.coalesce(hit.c.n, 0).label("respondents"),
            func.coalesce(mention.c.n, 0).label("mentions"),
            func.coalesce(pending.c.n, 0).label("n_not_done"),
        )
        .select_from(wanted)
        .join(base, true())
        .outerjoin(hit, and_(hit.c.ancestor_id == wanted.c.id, same(hit)))
        .outerjoin(mention, and_(mention.c.ancestor_id == wanted.c.id, same(mention)))
        .outerjoin(pending, same(pending))
    )
    n = len(attribute_ids)
    return [
        GroupCount(row[0], tuple(row[1 : 1 + n]), *row[1 + n :])
        for row in connection.execute(statement)
    ]


def _scope(
    connection: Connection,
    study_id: int,
    actor_id: int,
    layer: str | int,
    where: DocumentFilter,
) -> CTE:
    """List the documents in scope, each with whether it is done on this layer."""
    return (
        select(
            document.c.id,
            document.c.respondent_id,
            document.c.current_revision_id,
            document.c.adjudicated_at.isnot(None).label("adjudicated"),
            _is_done(layer).label("done"),
        )
        .select_from(joined_documents(actor_id))
        .where(
            document.c.study_id == study_id,
            document.c.codable,
            *document_conditions(connection, study_id, actor_id, where),
        )
        .cte("scope")
    )


def _is_done(layer: str | int) -> ColumnElement[bool]:
    finished = document_state.alias("finished")
    rows = finished.c.document_id == document.c.id
    if isinstance(layer, int):
        return exists().where(rows, finished.c.coder_id == layer, finished.c.state == "done")
    if layer == ANY:
        return exists().where(rows, finished.c.state == "done")
    return or_(document.c.adjudicated_at.isnot(None), _n_finished(document.c.id) == 1)


def _n_finished(document_id: Any) -> ColumnElement[int]:
    finished = document_state.alias("finished")
    return (
        select(func.count())
        .where(finished.c.document_id == document_id, finished.c.state == "done")
        .scalar_subquery()
    )


def _person(
    study_id: int,
    attribute_ids: Sequence[int],
    within: Sequence[Group],
    scope: CTE,
) -> CTE:
    """List the respondents in scope with their groups; several rows for a multi-select."""
    joined: Any = respondent
    columns = []
    for index, attribute_id in enumerate(attribute_ids):
        value = respondent_attribute.alias(f"a{index}")
        joined = joined.outerjoin(
            value,
            and_(value.c.respondent_id == respondent.c.id, value.c.attribute_id == attribute_id),
        )
        columns.append(func.coalesce(value.c.value, literal(NOT_STATED)).label(f"g{index}"))
    answered = exists().where(scope.c.respondent_id == respondent.c.id)
    spoke = exists().where(
        segment.c.respondent_id == respondent.c.id,
        segment.c.revision_id == scope.c.current_revision_id,
    )
    return (
        select(respondent.c.id, *columns)
        .select_from(joined)
        .where(
            respondent.c.study_id == study_id,
            respondent.c.kind == "participant",
            respondent.c.withdrawn_at.is_(None),
            or_(answered, spoke),
            *(in_group(respondent.c.id, *group) for group in within),
        )
        .cte("person")
    )


def _pending(person: CTE, groups: Sequence[Any], scope: CTE) -> CTE:
    """Count documents that are not done, by group."""
    own = select(scope.c.id, scope.c.respondent_id).where(
        ~scope.c.done, scope.c.respondent_id.isnot(None)
    )
    spoken = (
        select(scope.c.id, segment.c.respondent_id)
        .join(segment, segment.c.revision_id == scope.c.current_revision_id)
        .where(~scope.c.done, segment.c.respondent_id.isnot(None))
    )
    rows = own.union(spoken).cte("unread")
    return (
        select(*groups, func.count(distinct(rows.c.id)).label("n"))
        .select_from(person.join(rows, rows.c.respondent_id == person.c.id))
        .group_by(*groups)
        .cte("pending")
    )


def _counted_codings(
    connection: Connection, study_id: int, actor_id: int, layer: str | int, scope: CTE
) -> Select[Any]:
    """Select (coding, respondent, document, code) on this layer, for what the actor may see."""
    covered = coding_respondent
    query = (
        select(
            covered.c.coding_id, covered.c.respondent_id, covered.c.document_id, covered.c.code_id
        )
        .join(scope, scope.c.id == covered.c.document_id)
        .where(visible_to(connection, study_id, actor_id, covered.c))
    )
    if isinstance(layer, int):
        return query.where(covered.c.coder_id == layer)
    if layer == ANY:
        return query
    finished = document_state.alias("only")
    agreed = exists().where(coding.c.id == covered.c.coding_id, coding.c.origin == "adjudication")
    single = and_(
        _n_finished(covered.c.document_id) == 1,
        exists().where(
            finished.c.document_id == covered.c.document_id,
            finished.c.coder_id == covered.c.coder_id,
            finished.c.state == "done",
        ),
    )
    return query.where(or_(and_(scope.c.adjudicated, agreed), and_(~scope.c.adjudicated, single)))


def _hits(person: CTE, groups: Sequence[Any], rows: CTE, counted: Select[Any]) -> CTE:
    covered = counted.cte("covered")
    return (
        select(
            *groups, rows.c.ancestor_id, func.count(distinct(covered.c.respondent_id)).label("n")
        )
        .select_from(
            covered.join(rows, rows.c.code_id == covered.c.code_id).join(
                person, person.c.id == covered.c.respondent_id
            )
        )
        .group_by(*groups, rows.c.ancestor_id)
        .cte("hit")
    )


def _mentions(person: CTE, groups: Sequence[Any], rows: CTE, counted: Select[Any]) -> CTE:
    """Join overlapping spans of one code in one document, then count the joined ones."""
    covered = counted.cte("mentioned")
    start = func.coalesce(anchor.c.start, 0)
    end = func.coalesce(anchor.c.end, WHOLE)
    own = code_ancestor.alias("own")
    spans = (
        select(
            covered.c.coding_id,
            covered.c.document_id,
            own.c.ancestor_id.label("code_id"),
            start.label("start"),
            end.label("end"),
        )
        .select_from(covered)
        .join(coding, coding.c.id == covered.c.coding_id)
        .join(document, document.c.id == covered.c.document_id)
        .join(anchor, current_anchor())
        .join(own, and_(own.c.code_id == covered.c.code_id, own.c.depth == 0))
        .distinct()
        .cte("spans")
    )
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
    island = select(marked.c.coding_id, marked.c.document_id, marked.c.code_id,
                    number.label("number")).cte("island")  # fmt: skip
    single = (
        select(
            *groups,
            rows.c.ancestor_id,
            island.c.document_id,
            island.c.code_id,
            island.c.number,
        )
        .select_from(
            island.join(covered, covered.c.coding_id == island.c.coding_id)
            .join(rows, rows.c.code_id == island.c.code_id)
            .join(person, person.c.id == covered.c.respondent_id)
        )
        .distinct()
        .cte("single")
    )
    columns = [single.c[column.name] for column in groups]
    return (
        select(*columns, single.c.ancestor_id, func.count().label("n"))
        .group_by(*columns, single.c.ancestor_id)
        .cte("mention")
    )
