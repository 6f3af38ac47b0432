"""Memos: a researcher's own words about a coding, a document, a code, a study.

One live memo per target and author is what the coding page edits; threads come from `reply_to`.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from workbench.store.clock import new_guid, now
from workbench.store.tables import memo


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
