"""Lists of documents: one page, how many there are, what comes before and after.

In: a filter and an order. Out: values for a list. Filtering, ordering and paging are SQL's, along
an index that holds the order, so that a hundred thousand documents list as quickly as a hundred.
Keys are found first; what a list shows is read for these few alone.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal,
    select,
    tuple_,
)

from workbench.domain.codings import DocumentFilter, ListedDocument
from workbench.domain.documents import document_label
from workbench.domain.text import snippet
from workbench.store.documents.document_filter import (
    document_conditions,
    documents_joined_for,
    joined_documents,
    not_withdrawn,
    read_by,
    state_for_reader,
)
from workbench.store.surveys.respondents import attributes_of
from workbench.store.tables import (
    coding,
    document,
    document_state,
    question,
    respondent,
    revision,
)

Order = Literal["question", "respondent"]
Step = Literal["next", "previous", "next_not_done"]

SNIPPET_SOURCE = 240
"""Characters read from the database for a snippet of a document."""


def list_documents(
    connection: Connection,
    study_id: int,
    actor_id: int,
    where: DocumentFilter,
    *,
    order: Order = "question",
    offset: int = 0,
    limit: int = 200,
) -> list[ListedDocument]:
    """List one page of a study's codable documents."""
    keys = list(
        connection.execute(
            _documents(connection, study_id, actor_id, where)
            .add_columns(document.c.id)
            .order_by(*_order(order))
            .offset(offset)
            .limit(limit)
        ).scalars()
    )
    rows = {row.id: row for row in connection.execute(_shown(actor_id, keys))}
    known = attributes_of(
        connection, [row.respondent_id for row in rows.values() if row.respondent_id]
    )
    return [_listed(rows[key], known) for key in keys]


def _shown(actor_id: int, keys: list[int]) -> Select[Any]:
    own = (
        select(func.count())
        .where(
            coding.c.document_id == document.c.id,
            coding.c.coder_id == actor_id,
            coding.c.deleted_at.is_(None),
        )
        .correlate(document)
        .scalar_subquery()
    )
    return (
        select(
            document.c.id,
            document.c.kind,
            document.c.ref,
            document.c.series,
            document.c.held_on,
            document.c.respondent_id,
            respondent.c.ref.label("respondent_ref"),
            question.c.id.label("question_id"),
            question.c.ref.label("question_ref"),
            question.c.text.label("question_text"),
            func.substr(revision.c.text, 1, SNIPPET_SOURCE).label("opening"),
            func.length(revision.c.text).label("length"),
            state_for_reader().label("state"),
            own.label("n_codings"),
        )
        .select_from(joined_documents(actor_id))
        .where(document.c.id.in_(keys))
    )


def _listed(row: Any, known: dict[int, dict[str, str]]) -> ListedDocument:
    return ListedDocument(
        id=row.id,
        label=document_label(row.id, row.respondent_ref, row.ref),
        question_id=row.question_id,
        question_ref=row.question_ref or "",
        question=row.question_text or "",
        kind=row.kind,
        snippet=snippet(row.opening),
        n_characters=row.length,
        state=row.state,
        n_codings=row.n_codings,
        attributes=known.get(row.respondent_id, {}),
        series=row.series or "",
        held_on=row.held_on or "",
    )


def count_documents(
    connection: Connection, study_id: int, actor_id: int, where: DocumentFilter
) -> tuple[int, int]:
    """Count the documents of a filter, and those that the actor has done: (total, done)."""
    listed = _documents(connection, study_id, actor_id, where)
    total = connection.execute(listed.add_columns(func.count())).scalar_one()
    mine = document_state.alias("mine")
    done = connection.execute(
        _documents(connection, study_id, actor_id, where)
        .add_columns(func.count())
        .join_from(
            document,
            mine,
            and_(
                mine.c.document_id == document.c.id,
                mine.c.coder_id == actor_id,
                mine.c.state == "done",
            ),
        )
    ).scalar_one()
    return total, done


def any_document(connection: Connection, study_id: int, actor_id: int) -> bool:
    """Tell whether a study has anything to read."""
    first = _documents(connection, study_id, actor_id, DocumentFilter()).add_columns(document.c.id)
    return connection.execute(first.limit(1)).first() is not None


def neighbour(
    connection: Connection,
    study_id: int,
    actor_id: int,
    where: DocumentFilter,
    document_id: int,
    *,
    order: Order = "question",
    step: Step = "next",
) -> int | None:
    """Give the document after (or before) one in a filtered list; None at the end.

    `next_not_done` starts again from the top when nothing is left below.
    """
    base = _documents(connection, study_id, actor_id, where).add_columns(document.c.id)
    if step == "next_not_done":
        base = base.where(~read_by(actor_id, "done"), document.c.id != document_id)
    keys = _order(order)
    here = _place(connection, study_id, document_id, order)
    if here is not None:
        beyond = base.where(tuple_(*keys) < here if step == "previous" else tuple_(*keys) > here)
        keys_wanted = [key.desc() for key in keys] if step == "previous" else keys
        found = connection.execute(beyond.order_by(*keys_wanted).limit(1)).scalar()
        if found is not None or step != "next_not_done":
            return found
    return connection.execute(base.order_by(*keys).limit(1)).scalar()


def position_of(
    connection: Connection,
    study_id: int,
    actor_id: int,
    where: DocumentFilter,
    document_id: int,
    *,
    order: Order = "question",
) -> int:
    """Give how many documents of a filtered list come before one."""
    here = _place(connection, study_id, document_id, order)
    if here is None:
        return 0
    return int(
        connection.execute(
            _documents(connection, study_id, actor_id, where)
            .add_columns(func.count())
            .where(tuple_(*_order(order)) < here)
        ).scalar_one()
    )


def _place(connection: Connection, study_id: int, document_id: int, order: Order) -> Any:
    """Give a document's place in an order, as a value to compare with; None if it is not there."""
    row = connection.execute(
        select(*_order(order)).where(document.c.id == document_id, document.c.study_id == study_id)
    ).first()
    return None if row is None else tuple_(*(literal(value) for value in row))


def _documents(
    connection: Connection, study_id: int, actor_id: int, where: DocumentFilter
) -> Select[Any]:
    return (
        select()
        .select_from(documents_joined_for(where, actor_id))
        .where(
            document.c.study_id == study_id,
            document.c.codable,
            not_withdrawn(connection, study_id),
            *document_conditions(connection, study_id, actor_id, where),
        )
    )


def _order(order: Order) -> list[ColumnElement[Any]]:
    asked, person = document.c.sort_question, document.c.sort_respondent
    first = [asked, person] if order == "question" else [person, asked]
    return [*first, document.c.id]
