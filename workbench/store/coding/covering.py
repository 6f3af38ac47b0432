"""Whose words very many new codings cover, and which of them open a mention, all at once.

In: codings that were just written, with their places. Out: their rows of `coding_respondent`, as
`sync_coding_respondents` would write them; what counted beside them is put right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from workbench.store.bulk import among, insert_rows
from workbench.store.codebooks.counted_as import counted_as
from workbench.store.coding.anchors import sync_coding_respondents
from workbench.store.counting.mentions import decide, places_in, set_marks
from workbench.store.tables import coding_respondent, document


class Placed(NamedTuple):
    """A new coding that is placed: None and None for the whole document."""

    coding_id: int
    document_id: int
    revision_id: int
    code_id: int
    coder_id: int
    start: int | None
    end: int | None


class _Counted(NamedTuple):
    """A new coding as it is counted, with the names that rows of the database have."""

    coding_id: int
    respondent_id: int
    document_id: int
    coder_id: int
    resolved: int
    revision_id: int
    start: int | None
    end: int | None
    code_id: int


def cover_placed(connection: Connection, codings: Sequence[Placed]) -> None:
    """Write whom new codings cover, and mark anew what opens a mention where they are.

    In a text of one person that takes one look at what is there and no update of what is new; the
    others, where speakers take turns, are covered by turns.
    """
    owners = _owners(connection, {item.document_id for item in codings})
    theirs = [item for item in codings if (item.document_id, item.revision_id) in owners]
    if len(theirs) < len(codings):
        others = [item.coding_id for item in codings
                  if (item.document_id, item.revision_id) not in owners]  # fmt: skip
        sync_coding_respondents(connection, others, fresh=True)
    if not theirs:
        return
    counts_as = counted_as(connection, {item.code_id for item in theirs})
    fresh = [
        _Counted(item.coding_id, owners[item.document_id, item.revision_id], item.document_id,
                 item.coder_id, counts_as[item.code_id], item.revision_id, item.start, item.end,
                 item.code_id)
        for item in theirs
    ]  # fmt: skip
    there = places_in(connection, {(item.document_id, item.resolved) for item in fresh})
    rows, changes = [], []
    for row, by_any, by_own in decide([*there, *fresh], {}):
        if isinstance(row, _Counted):
            rows.append((row.coding_id, row.respondent_id, row.document_id, row.code_id,
                         row.coder_id, by_any, by_own))  # fmt: skip
        elif (row.opens_any, row.opens_own) != (by_any, by_own):
            changes.append((row, by_any, by_own))
    set_marks(connection, changes)
    insert_rows(
        connection,
        coding_respondent,
        ("coding_id", "respondent_id", "document_id", "code_id", "coder_id", "opens_any",
         "opens_own"),
        rows,
    )  # fmt: skip


def _owners(connection: Connection, document_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Give the respondents whose documents these are, by (document, current text)."""
    rows = connection.execute(
        select(document.c.id, document.c.current_revision_id, document.c.respondent_id).where(
            among(connection, document.c.id, document_ids), document.c.respondent_id.isnot(None)
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}
