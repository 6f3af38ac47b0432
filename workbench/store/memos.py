"""Memos: a researcher's own words about a coding, a document, a code, a study.

One live memo per target and author is what the coding page edits; threads come from `reply_to`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from sqlalchemy import Connection, and_, exists, insert, or_, select, update

from workbench.store.clock import new_guid, now
from workbench.store.tables import coder, document, memo
from workbench.store.visibility import sight_of


@dataclass(frozen=True, slots=True)
class ListedMemo:
    """A memo with its author, as pages show it."""

    target_kind: str
    target_id: int
    text: str
    author_id: int
    author: str
    changed_at: str


def find_memo(
    connection: Connection, *, target_kind: str, target_id: int, author_id: int
) -> tuple[int, str] | None:
    """Find a person's live memo on something: (key, text)."""
    row = connection.execute(
        select(memo.c.id, memo.c.text)
        .where(
            memo.c.target_kind == target_kind,
            memo.c.target_id == target_id,
            memo.c.author_id == author_id,
            memo.c.deleted_at.is_(None),
        )
        .order_by(memo.c.id.desc())
        .limit(1)
    ).first()
    return (row.id, row.text) if row else None


def add_memo(
    connection: Connection,
    *,
    study_id: int,
    target_kind: str,
    target_id: int,
    author_id: int,
    text: str,
) -> int:
    """Write a new memo; give its key."""
    at = now()
    key = connection.execute(
        insert(memo).values(
            guid=new_guid(),
            study_id=study_id,
            target_kind=target_kind,
            target_id=target_id,
            author_id=author_id,
            text=text,
            created_at=at,
            changed_at=at,
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def change_memo(connection: Connection, memo_id: int, text: str, deleted_at: str | None) -> None:
    """Give a memo other words, take it away, or bring it back."""
    connection.execute(
        update(memo)
        .where(memo.c.id == memo_id)
        .values(text=text, deleted_at=deleted_at, changed_at=now())
    )


def memo_text(connection: Connection, memo_id: int) -> str:
    """Give a memo's words; empty where there is none."""
    found = connection.execute(select(memo.c.text).where(memo.c.id == memo_id)).scalar()
    return found or ""


def memos_around(
    connection: Connection,
    study_id: int,
    actor_id: int,
    respondent_id: int,
    document_ids: Sequence[int],
) -> list[ListedMemo]:
    """List the live memos on a respondent and on documents, the oldest first.

    Other people's are left out where their codings are hidden too: on a document that is coded
    blind, and on a respondent as long as any of their documents is.
    """
    sight = sight_of(connection, study_id, actor_id)
    on_documents = and_(
        memo.c.target_kind == "document",
        memo.c.target_id.in_(document_ids),
        sight.sees(SimpleNamespace(coder_id=memo.c.author_id, document_id=memo.c.target_id)),
    )
    on_person = and_(memo.c.target_kind == "respondent", memo.c.target_id == respondent_id)
    if not sight.hides_nothing:
        hidden = exists().where(
            document.c.respondent_id == respondent_id, sight.hides_others(document.c.id)
        )
        on_person = and_(on_person, or_(memo.c.author_id == actor_id, ~hidden))
    rows = connection.execute(
        select(memo, coder.c.name.label("author"))
        .join(coder, coder.c.id == memo.c.author_id)
        .where(memo.c.study_id == study_id, memo.c.deleted_at.is_(None), memo.c.text != "")
        .where(or_(on_person, on_documents))
        .order_by(memo.c.id)
    )
    return [
        ListedMemo(
            row.target_kind,
            row.target_id,
            row.text,
            row.author_id,
            row.author,
            row.changed_at,
        )
        for row in rows
    ]
