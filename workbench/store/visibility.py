"""Who may see whose codings: the one predicate that every read of codings passes.

A document that was given out for blind coding shows other people's work only when everybody who
has it has marked it done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, or_, select, true

from workbench.store.tables import assignment, document, document_state


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person may see of others' codings in one study."""

    actor_id: int
    hides_nothing: bool

    def sees(self, rows: Any) -> ColumnElement[bool]:
        """Give the condition under which a coding may be seen.

        Parameters
        ----------
        rows
            Columns with `document_id` and `coder_id` of the codings: `coding.c` or another table's.
        """
        if self.hides_nothing:
            return true()
        return or_(rows.coder_id == self.actor_id, ~self.hides_others(rows.document_id))

    def hides_others(self, document_id: Any) -> ColumnElement[bool]:
        """Tell whether a document shows nobody's codings but one's own."""
        done = exists().where(
            document_state.c.document_id == assignment.c.document_id,
            document_state.c.coder_id == assignment.c.coder_id,
            document_state.c.state == "done",
        )
        return exists().where(assignment.c.document_id == document_id, assignment.c.blind, ~done)


def sight_of(connection: Connection, study_id: int, actor_id: int) -> Sight:
    """Find out what a person may see; most studies hide nothing, and are asked only once."""
    # Written so that a database starts from the few blind assignments, not from all documents.
    here = exists().where(
        document.c.id == assignment.c.document_id, document.c.study_id == study_id
    )
    blind = exists().where(assignment.c.blind, here)
    return Sight(actor_id, not connection.execute(select(blind)).scalar())


def visible_to(
    connection: Connection, study_id: int, actor_id: int, rows: Any
) -> ColumnElement[bool]:
    """Give the condition under which a coding may be seen by this person; see `Sight.sees`."""
    return sight_of(connection, study_id, actor_id).sees(rows)
