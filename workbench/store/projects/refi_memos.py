"""Memos for an exchange with other programs: what they say, and what they are about.

In: a study and the person who asks. Out: the memos that this person may see, and where those on
codings and merged codes belong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, literal, or_, select

from workbench.store.bulk import parts
from workbench.store.coding.codings import current_anchor
from workbench.store.memos.memo_sight import memos_seen
from workbench.store.tables import CONSENSUS, anchor, coding, document, memo


@dataclass(frozen=True, slots=True)
class MemoRow:
    """A memo that may be seen."""

    id: int
    guid: str
    target_kind: str
    target_id: int
    reply_to: int | None
    purpose: str | None
    text: str
    author_id: int
    created_at: str


def list_memos(connection: Connection, study_id: int, actor_id: int) -> list[MemoRow]:
    """List the memos that a person may see, with their words, the oldest first."""
    rows = connection.execute(
        select(
            memo.c.id, memo.c.guid, memo.c.target_kind, memo.c.target_id, memo.c.reply_to,
            memo.c.purpose, memo.c.text, memo.c.author_id, memo.c.created_at,
        )
        .where(memos_seen(connection, study_id, actor_id), memo.c.text != "")
        .order_by(memo.c.id)
    )  # fmt: skip
    return [MemoRow(*row) for row in rows]


def without_a_place(
    connection: Connection, keys: Sequence[int], *, consensus: bool
) -> dict[int, int]:
    """Give the documents of the codings that have no place in a file, by key of the coding.

    These are deleted, or must be placed again, or belong to a consensus that is not asked for.
    """
    found: dict[int, int] = {}
    for part in parts(keys):
        lost = or_(
            coding.c.deleted_at.isnot(None),
            anchor.c.id.is_(None),
            anchor.c.state != "placed",
            literal(not consensus) & (coding.c.coder_id == CONSENSUS),
        )
        rows = connection.execute(
            select(coding.c.id, coding.c.document_id)
            .select_from(
                coding.join(document, document.c.id == coding.c.document_id).outerjoin(
                    anchor, current_anchor()
                )
            )
            .where(coding.c.id.in_(part), lost)
        )
        found.update((row.id, row.document_id) for row in rows)
    return found
