"""Documents and their revisions: listed, opened, marked as read.

In: a filter. Out: one page of a list with its total, or a document with its text. Filtering,
ordering and paging are SQL's, so that a hundred thousand documents open as quickly as a hundred.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from workbench.domain.codings import DocumentFilter, ListedDocument, OpenDocument
from workbench.domain.text import count_words, fold, sha, snippet
from workbench.errors import NotFound
from workbench.store.clock import new_guid, now
from workbench.store.document_filter import (
    document_conditions,
    joined_documents,
    state_for_reader,
)
from workbench.store.respondents import attributes_of
from workbench.store.tables import (
    coding,
    document,
    document_state,
    memo,
    question,
    respondent,
    revision,
    segment,
)

Order = Literal["question", "respondent"]

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
    rows = connection.execute(
        _documents(connection, study_id, actor_id, where)
        .add_columns(
            document.c.id,
            document.c.kind,
            document.c.ref,
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
        .order_by(*_order(order))
        .offset(offset)
        .limit(limit)
    ).all()
    known = attributes_of(connection, [row.respondent_id for row in rows if row.respondent_id])
    return [
        ListedDocument(
            id=row.id,
            label=row.respondent_ref or row.ref or f"Document {row.id}",
            question_id=row.question_id,
            question_ref=row.question_ref or "",
            question=row.question_text or "",
            kind=row.kind,
            snippet=snippet(row.opening),
            n_characters=row.length,
            state=row.state,
            n_codings=row.n_codings,
            attributes=known.get(row.respondent_id, {}),
        )
        for row in rows
    ]


def count_documents(
    connection: Connection, study_id: int, actor_id: int, where: DocumentFilter
) -> tuple[int, int]:
    """Count the documents of a filter, and those that the actor has done: (total, done)."""
    row = connection.execute(
        _documents(connection, study_id, actor_id, where).add_columns(
            func.count().label("total"),
            func.count().filter(document_state.c.state == "done").label("done"),
        )
    ).one()
    return row.total, row.done


def neighbour(
    connection: Connection,
    study_id: int,
    actor_id: int,
    where: DocumentFilter,
    document_id: int,
    *,
    order: Order = "question",
    step: Literal["next", "previous", "next_not_done"] = "next",
) -> int | None:
    """Give the document after (or before) one in a filtered list; None at the end.

    `next_not_done` starts again from the top when nothing is left below.
    """
    here = connection.execute(
        select(*_order(order))
        .select_from(joined_documents(actor_id))
        .where(document.c.id == document_id, document.c.study_id == study_id)
    ).first()
    base = _documents(connection, study_id, actor_id, where).add_columns(document.c.id)
    if step == "next_not_done":
        base = base.where(state_for_reader() != "done", document.c.id != document_id)
    keys = _order(order)
    if here is not None:
        place = tuple_(*keys)
        value = tuple_(*(literal(item) for item in here))
        beyond = base.where(place < value if step == "previous" else place > value)
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
    keys = _order(order)
    here = connection.execute(
        select(*keys).select_from(joined_documents(actor_id)).where(document.c.id == document_id)
    ).first()
    if here is None:
        return 0
    return int(
        connection.execute(
            _documents(connection, study_id, actor_id, where)
            .add_columns(func.count())
            .where(tuple_(*keys) < tuple_(*(literal(item) for item in here)))
        ).scalar_one()
    )


def open_document(
    connection: Connection,
    study_id: int,
    actor_id: int,
    document_id: int,
    *,
    text_only: bool = False,
) -> OpenDocument:
    """Read one document with its current text.

    Parameters
    ----------
    text_only
        Leave out the speakers and the actor's memo, which coding does not need.

    Raises
    ------
    NotFound
        When the study has no such document.
    """
    row = connection.execute(
        _document_query(), {"study": study_id, "actor": actor_id, "document": document_id}
    ).first()
    if row is None:
        raise NotFound(f"the study has no document number {document_id}.")
    speakers: tuple[tuple[int, str], ...] = ()
    own_memo = None
    if not text_only:
        turns = connection.execute(_turns_query(), {"revision": row.revision_id})
        speakers = tuple((turn.start, turn.speaker) for turn in turns)
        own_memo = connection.execute(
            _memo_query(), {"document": document_id, "actor": actor_id}
        ).scalar()
    return OpenDocument(
        id=row.id,
        study_id=study_id,
        kind=row.kind,
        label=row.respondent_ref or row.ref or f"Document {row.id}",
        revision_id=row.revision_id,
        sha256=row.sha256,
        text=row.text,
        state=row.state,
        respondent_id=row.respondent_id,
        question_id=row.question_id,
        question_ref=row.question_ref or "",
        question=row.question_text or "",
        language=row.language or "",
        memo=own_memo or "",
        speakers=speakers,
    )


@cache
def _document_query() -> Select[Any]:
    return (
        select(
            document.c.id,
            document.c.kind,
            document.c.ref,
            document.c.language,
            document.c.respondent_id,
            respondent.c.ref.label("respondent_ref"),
            question.c.id.label("question_id"),
            question.c.ref.label("question_ref"),
            question.c.text.label("question_text"),
            revision.c.id.label("revision_id"),
            revision.c.sha256,
            revision.c.text,
            state_for_reader().label("state"),
        )
        .select_from(joined_documents(bindparam("actor")))
        .where(document.c.id == bindparam("document"), document.c.study_id == bindparam("study"))
    )


@cache
def _turns_query() -> Select[Any]:
    return (
        select(segment.c.start, segment.c.speaker)
        .where(segment.c.revision_id == bindparam("revision"), segment.c.speaker.isnot(None))
        .order_by(segment.c.position)
    )


@cache
def _memo_query() -> Select[Any]:
    return (
        select(memo.c.text)
        .where(
            memo.c.target_kind == "document",
            memo.c.target_id == bindparam("document"),
            memo.c.author_id == bindparam("actor"),
            memo.c.deleted_at.is_(None),
        )
        .order_by(memo.c.id.desc())
        .limit(1)
    )


def add_revision(
    connection: Connection,
    *,
    document_id: int,
    text: str,
    why: str,
    actor_id: int,
    import_batch_id: int | None = None,
) -> int:
    """Write a document's next text and make it the current one; give the revision's key."""
    number = connection.execute(
        select(func.max(revision.c.number)).where(revision.c.document_id == document_id)
    ).scalar()
    key = connection.execute(
        insert(revision).values(
            document_id=document_id,
            number=(number or 0) + 1,
            text=text,
            search_text=fold(text),
            sha256=sha(text),
            why=why,
            import_batch_id=import_batch_id,
            created_by=actor_id,
            created_at=now(),
        )
    ).inserted_primary_key
    assert key is not None
    connection.execute(
        update(document)
        .where(document.c.id == document_id)
        .values(current_revision_id=key[0], codable=bool(text.strip()), n_words=count_words(text))
    )
    return int(key[0])


def add_document(
    connection: Connection,
    *,
    study_id: int,
    kind: str,
    text: str,
    why: str,
    actor_id: int,
    ref: str | None = None,
    respondent_id: int | None = None,
    question_id: int | None = None,
    answer_kind: str | None = None,
    import_batch_id: int | None = None,
) -> int:
    """Make a document with its first text; give the document's key."""
    key = connection.execute(
        insert(document).values(
            study_id=study_id,
            guid=new_guid(),
            kind=kind,
            ref=ref,
            respondent_id=respondent_id,
            question_id=question_id,
            answer_kind=answer_kind,
            codable=False,
            created_at=now(),
        )
    ).inserted_primary_key
    assert key is not None
    add_revision(
        connection,
        document_id=key[0],
        text=text,
        why=why,
        actor_id=actor_id,
        import_batch_id=import_batch_id,
    )
    return int(key[0])


def _documents(
    connection: Connection, study_id: int, actor_id: int, where: DocumentFilter
) -> Select[Any]:
    return (
        select()
        .select_from(joined_documents(actor_id))
        .where(
            document.c.study_id == study_id,
            document.c.codable,
            respondent.c.withdrawn_at.is_(None),
            *document_conditions(connection, study_id, actor_id, where),
        )
    )


def _order(order: Order) -> list[ColumnElement[Any]]:
    asked = func.coalesce(question.c.position, 1_000_000)
    person = func.coalesce(document.c.respondent_id, 1_000_000_000)
    first = [asked, person] if order == "question" else [person, asked]
    return [*first, document.c.id]
