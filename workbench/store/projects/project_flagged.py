"""Codings that a project could not place: where a file's guess says they are already there.

In: documents. Out: their codings that must be placed again, and those that a person has placed
since, by where they were guessed to be. Programs that give everything a new GUID at each export
have no other name for them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from workbench.store.bulk import among
from workbench.store.coding.anchors import is_flagged
from workbench.store.tables import anchor, code_ancestor, coding, document, operation

PLACED_AGAIN = "place again"
"""The step by which a person places such a coding; its inverse tells where it was guessed."""

Guess = tuple[int, int, int, int | None, int | None]
"""(document, coder, code that it counts as, start, end)."""


def guessed_codings(
    connection: Connection, study_id: int, document_ids: Collection[int]
) -> dict[Guess, int]:
    """Give the live codings of documents that are or were to be placed again, by their guess."""
    found: dict[Guess, int] = {}
    whose: Select[Any] = (
        select(coding.c.id, coding.c.document_id, coding.c.coder_id, code_ancestor.c.ancestor_id)
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
        )
        .where(among(connection, coding.c.document_id, document_ids), coding.c.deleted_at.is_(None))
    )
    placed = connection.execute(
        select(operation.c.inverse).where(
            operation.c.study_id == study_id,
            operation.c.verb == PLACED_AGAIN,
            operation.c.undone_by.is_(None),
            among(connection, operation.c.document_id, document_ids),
        )
    ).scalars()
    guesses = {
        item["id"]: (item["anchor"]["start"], item["anchor"]["end"])
        for inverse in placed
        for item in inverse.get("coding", ())
        if item.get("anchor")
    }
    for row in connection.execute(whose.where(among(connection, coding.c.id, guesses))):
        start, end = guesses[row[0]]
        found[row[1], row[2], row[3], start, end] = row[0]
    flagged = whose.add_columns(anchor.c.start, anchor.c.end).join_from(
        coding, document, document.c.id == coding.c.document_id
    ).join(
        anchor,
        and_(
            anchor.c.coding_id == coding.c.id,
            anchor.c.revision_id == document.c.current_revision_id,
        ),
    )  # fmt: skip
    for row in connection.execute(flagged.where(is_flagged())):
        found[row[1], row[2], row[3], row[4], row[5]] = row[0]
    return found
