"""Documents and their revisions: opened and written.

In: a key, or a text. Out: a document with its text; rows. Lists are in `document_lists`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from workbench.domain.codings import OpenDocument
from workbench.domain.documents import document_label
from workbench.domain.text import count_words, fold, sha
from workbench.domain.turns import TurnSpan
from workbench.errors import NotFound
from workbench.store.clock import new_guid, now
from workbench.store.documents.document_filter import (
    joined_documents,
    state_for_reader,
)
from workbench.store.memos.memos import stands_alone
from workbench.store.tables import (
    NO_KEY,
    document,
    memo,
    question,
    respondent,
    revision,
    segment,
    speaker,
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
    turns: tuple[TurnSpan, ...] = ()
    facilitators: tuple[str, ...] = ()
    own_memo = None
    if not text_only:
        turns, facilitators = _who_speaks(connection, row)
        own_memo = connection.execute(
            _memo_query(), {"document": document_id, "actor": actor_id}
        ).scalar()
    return OpenDocument(
        id=row.id,
        study_id=study_id,
        kind=row.kind,
        label=document_label(row.id, row.respondent_ref, row.ref),
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
        turns=turns,
        facilitators=facilitators,
        series=row.series or "",
        held_on=row.held_on or "",
    )


def _who_speaks(connection: Connection, row: Any) -> tuple[tuple[TurnSpan, ...], tuple[str, ...]]:
    """Read the turns of a discussion and its facilitators; else only turns that have a name."""
    found = connection.execute(
        _turns_query(), {"revision": row.revision_id, "all": row.kind == "focus_group"}
    )
    turns = tuple(
        TurnSpan(start, end, name or "", start_ms, end_ms)
        for start, end, name, start_ms, end_ms in found
    )
    if not turns:
        return (), ()
    names = connection.execute(_facilitators_query(), {"document": row.id})
    return turns, tuple(names.scalars())


def current_revision(connection: Connection, document_id: int) -> int | None:
    """Give the key of a document's current text; None when it is not there any more."""
    found: int | None = connection.execute(
        select(document.c.current_revision_id).where(document.c.id == document_id)
    ).scalar()
    return found


@cache
def _document_query() -> Select[Any]:
    return (
        select(
            document.c.id,
            document.c.kind,
            document.c.ref,
            document.c.series,
            document.c.held_on,
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
        select(
            segment.c.start,
            segment.c.end,
            segment.c.speaker,
            segment.c.start_ms,
            segment.c.end_ms,
        )
        .where(
            segment.c.revision_id == bindparam("revision"),
            or_(segment.c.speaker.isnot(None), bindparam("all", type_=Boolean)),
        )
        .order_by(segment.c.position)
    )


@cache
def _facilitators_query() -> Select[Any]:
    return (
        select(speaker.c.name)
        .where(speaker.c.document_id == bindparam("document"), speaker.c.role == "facilitator")
        .order_by(speaker.c.position)
    )


@cache
def _memo_query() -> Select[Any]:
    return (
        select(memo.c.text)
        .where(
            memo.c.target_kind == "document",
            memo.c.target_id == bindparam("document"),
            memo.c.author_id == bindparam("actor"),
            *stands_alone(),
        )
        .order_by(memo.c.id.desc())
        .limit(1)
    )


def text_of(connection: Connection, revision_id: int) -> str:
    """Give the text of one revision."""
    return str(
        connection.execute(select(revision.c.text).where(revision.c.id == revision_id)).scalar_one()
    )


def add_revision(
    connection: Connection,
    *,
    document_id: int,
    text: str,
    why: str,
    actor_id: int,
    import_batch_id: int | None = None,
    transcription_id: int | None = None,
) -> int:
    """Write a document's next text and make it the current one; give the revision's key.

    A translation never becomes codable, whatever its text.
    """
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
            transcription_id=transcription_id,
            created_by=actor_id,
            created_at=now(),
        )
    ).inserted_primary_key
    assert key is not None
    original = and_(document.c.translation_of.is_(None), literal(bool(text.strip())))
    connection.execute(
        update(document)
        .where(document.c.id == document_id)
        .values(
            current_revision_id=key[0],
            codable=original,
            n_words=case((document.c.translation_of.is_(None), count_words(text)), else_=0),
        )
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
    recording_id: int | None = None,
    transcription_id: int | None = None,
    translation_of: int | None = None,
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
            recording_id=recording_id,
            translation_of=translation_of,
            sort_question=NO_KEY if question_id is None else question_id,
            sort_respondent=NO_KEY if respondent_id is None else respondent_id,
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
        transcription_id=transcription_id,
    )
    return int(key[0])
