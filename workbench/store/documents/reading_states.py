"""How far coders are: who has begun on a document, and who has done it.

In: documents and a coder. Out: reading states, as screens show and operations keep them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from workbench.domain.codings import ReadingState
from workbench.store.coding.anchors import is_placed
from workbench.store.tables import anchor, coding, document, document_state, done_coding
from workbench.store.upsert import add_selected

_STATE_ROW = select(document_state).where(
    document_state.c.document_id == bindparam("document"),
    document_state.c.coder_id == bindparam("coder"),
)


def state_row(connection: Connection, document_id: int, coder_id: int) -> dict[str, Any]:
    """Give a coder's reading state of a document, as an operation keeps it."""
    row = (
        connection.execute(_STATE_ROW, {"document": document_id, "coder": coder_id})
        .mappings()
        .first()
    )
    if row is not None:
        return dict(row)
    return {
        "document_id": document_id,
        "coder_id": coder_id,
        "state": "untouched",
        "done_at": None,
        "first_done_at": None,
    }


def touch(connection: Connection, document_id: int, coder_id: int) -> None:
    """Note that a coder has begun on a document, unless it is begun or done already."""
    if state_row(connection, document_id, coder_id)["state"] != "untouched":
        return
    # A row may be there: that a document was done once is kept when that is taken back.
    begun = (
        update(document_state)
        .where(document_state.c.document_id == document_id, document_state.c.coder_id == coder_id)
        .values(state="in_progress")
    )
    if connection.execute(begun).rowcount == 0:
        connection.execute(
            insert(document_state).values(
                document_id=document_id, coder_id=coder_id, state="in_progress"
            )
        )


def keep_first_reading(connection: Connection, document_id: int, coder_id: int) -> None:
    """Write down what a coder has coded in a document at the moment when they first finish it.

    Agreement between coders is measured on this, whatever they change later. Codings without a
    place in the current text are left out. A second call changes nothing.
    """
    placed = (
        select(
            coding.c.document_id,
            coding.c.coder_id,
            coding.c.id,
            coding.c.code_id,
            anchor.c.revision_id,
            anchor.c.start,
            anchor.c.end,
        )
        .join(document, document.c.id == coding.c.document_id)
        .join(
            anchor,
            and_(
                anchor.c.coding_id == coding.c.id,
                anchor.c.revision_id == document.c.current_revision_id,
            ),
        )
        .where(
            coding.c.document_id == document_id,
            coding.c.coder_id == coder_id,
            coding.c.deleted_at.is_(None),
            is_placed(),
        )
    )
    columns = ("document_id", "coder_id", "coding_id", "code_id", "revision_id", "start", "end")
    add_selected(connection, done_coding, columns, placed)


def states_of(
    connection: Connection, document_ids: Sequence[int], coder_id: int
) -> dict[int, ReadingState]:
    """Give a coder's reading states of documents; untouched ones are left out."""
    rows = connection.execute(
        select(document_state.c.document_id, document_state.c.state).where(
            document_state.c.coder_id == coder_id,
            document_state.c.document_id.in_(document_ids),
        )
    )
    return {row.document_id: row.state for row in rows}


def count_own_codings(connection: Connection, document_id: int, coder_id: int) -> int:
    """Count a coder's own live codings in a document."""
    return int(
        connection.execute(
            select(func.count()).where(
                coding.c.document_id == document_id,
                coding.c.coder_id == coder_id,
                coding.c.deleted_at.is_(None),
            )
        ).scalar_one()
    )
