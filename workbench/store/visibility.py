"""Who may see whose codings: the one predicate that every read of codings passes.

A document that was given out for blind coding shows other people's work only when everybody who
has it has marked it done.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from workbench.store.tables import assignment, document, document_state


def visible_to(
    connection: Connection, study_id: int, actor_id: int, rows: Any
) -> ColumnElement[bool]:
    """Give the condition under which a coding may be seen by this person.

    Parameters
    ----------
    rows
        Columns with `document_id` and `coder_id` of the codings: `coding.c` or another table's.
    """
    from sqlalchemy import true

    if not _any_blind(connection, study_id):
        return true()
    return or_(rows.coder_id == actor_id, ~_still_blind(rows.document_id))


def _still_blind(document_id: Any) -> ColumnElement[bool]:
    done = exists().where(
        document_state.c.document_id == assignment.c.document_id,
        document_state.c.coder_id == assignment.c.coder_id,
        document_state.c.state == "done",
    )
    return exists().where(assignment.c.document_id == document_id, assignment.c.blind, ~done)


def _any_blind(connection: Connection, study_id: int) -> bool:
    return bool(
        connection.execute(
            select(
                exists().where(
                    and_(
                        assignment.c.blind,
                        assignment.c.document_id == document.c.id,
                        document.c.study_id == study_id,
                    )
                )
            )
        ).scalar()
    )
