"""What of the trail a person may see: nothing that others do on documents that are coded blind.

In: a study and who asks. Out: a condition on operations, and whether anything is closed at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, not_, or_, select, true

from workbench.store.tables import assignment, document
from workbench.store.visibility import Sight, sight_of

ON_QUOTES = ("star", "take star")
"""What is done to a coding; older ones do not say in which document."""


@dataclass(frozen=True, slots=True)
class TrailSight:
    """What one person may see of what others did in one study.

    `anything_closed` depends on what was given out and on who is done, which is no secret, and on
    nothing else that anybody did: what is told only when it is False tells nothing.
    """

    anything_closed: bool
    sight: Sight

    def sees(self, rows: Any) -> ColumnElement[bool]:
        """Give the condition under which an operation (`operation.c`, or an alias) may be seen."""
        if not self.anything_closed:
            return true()
        nowhere = and_(rows.verb.in_(ON_QUOTES), rows.document_id.is_(None))
        mine = rows.actor_id == self.sight.actor_id
        return and_(self.sight.sees_operation(rows), or_(mine, not_(nowhere)))


def trail_sight(connection: Connection, study_id: int, actor_id: int) -> TrailSight:
    """Find out what a person may see of the trail."""
    sight = sight_of(connection, study_id, actor_id)
    if sight.hides_nothing:
        return TrailSight(False, sight)
    here = (
        select(assignment.c.document_id)
        .join(document, document.c.id == assignment.c.document_id)
        .where(document.c.study_id == study_id, assignment.c.blind)
        .subquery("here")
    )
    closed = exists().select_from(here).where(sight.hides_others(here.c.document_id))
    return TrailSight(bool(connection.execute(select(closed)).scalar()), sight)
