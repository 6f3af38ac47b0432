"""Memos: a researcher's own words about a coding, a document, a code, a study.

One live memo per target and author is what the coding page edits: the newest that is no reply.
Threads come from `reply_to`, which always names a thread's first memo; a reply has its target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from workbench.domain.memos import Purpose
from workbench.store.clock import new_guid, now
from workbench.store.memos.memo_sight import memos_seen
from workbench.store.tables import coder, memo


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
    """Find a person's live memo on something, which is no reply: (key, text)."""
    row = connection.execute(
        select(memo.c.id, memo.c.text)
        .where(
            memo.c.target_kind == target_kind,
            memo.c.target_id == target_id,
            memo.c.author_id == author_id,
            *stands_alone(),
        )
        .order_by(memo.c.id.desc())
        .limit(1)
    ).first()
    return (row.id, row.text) if row else None


def stands_alone() -> tuple[ColumnElement[bool], ...]:
    """Give the conditions on what the coding page edits: live, no reply, not asked for."""
    return memo.c.deleted_at.is_(None), memo.c.reply_to.is_(None), memo.c.purpose.is_(None)


def add_memo(
    connection: Connection,
    *,
    study_id: int,
    target_kind: str,
    target_id: int,
    author_id: int,
    text: str,
    reply_to: int | None = None,
    purpose: Purpose | None = None,
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
            reply_to=reply_to,
            purpose=purpose,
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


def memo_state(connection: Connection, memo_id: int) -> dict[str, Any]:
    """Give what an operation may change of a memo, for undo."""
    row = connection.execute(
        select(memo.c.id, memo.c.text, memo.c.changed_at, memo.c.deleted_at).where(
            memo.c.id == memo_id
        )
    ).one()
    return dict(row._mapping)


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
    """List the live memos on a respondent and on documents, without replies, the oldest first.

    Other people's are left out where their codings are hidden too: on a document that is coded
    blind, and on a respondent as long as any of their documents is.
    """
    on_documents = and_(memo.c.target_kind == "document", memo.c.target_id.in_(document_ids))
    on_person = and_(memo.c.target_kind == "respondent", memo.c.target_id == respondent_id)
    rows = connection.execute(
        select(memo, coder.c.name.label("author"))
        .join(coder, coder.c.id == memo.c.author_id)
        .where(memos_seen(connection, study_id, actor_id), memo.c.text != "")
        .where(or_(on_person, on_documents), memo.c.reply_to.is_(None))
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
