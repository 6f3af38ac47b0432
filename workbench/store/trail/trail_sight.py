"""What of the trail a person may see: nothing that others do on documents that are coded blind.

In: a study and who asks. Out: a condition on operations, and whether anything is closed at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    true,
    union,
)

from workbench.store.tables import (
    assignment,
    code,
    coding,
    document,
    memo,
    operation,
    operation_target,
)
from workbench.store.visibility import Sight, sight_of

ON_QUOTES = ("star", "take star")
"""What is done to a coding; older ones do not say in which document."""

MANY = 20_000
"""Closed documents from which on it is quicker to look at every operation."""


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

    def may_hide(self, connection: Connection, study_id: int) -> Select[Any] | None:
        """List the operations that could be hidden, to be looked at one by one.

        Found from the few documents that are closed; None where they are many, or none: then it
        is quicker to look at all operations.
        """
        closed = _closed(study_id, self.sight)
        few = select(func.count()).select_from(closed.limit(MANY + 1).subquery("few"))
        if not self.anything_closed or connection.execute(few).scalar_one() > MANY:
            return None
        target, done = operation_target.c, operation.c
        touched = select(target.operation_id)
        on_coding = and_(target.kind == "coding", coding.c.id == target.target_id)
        on_memo = and_(target.kind == "memo", memo.c.id == target.target_id)
        on_code = and_(target.kind == "code", code.c.id == target.target_id)
        about = and_(memo.c.target_kind == "coding", coding.c.id == memo.c.target_id)
        on_person = and_(
            memo.c.target_kind == "respondent", document.c.respondent_id == memo.c.target_id
        )
        on_its_code = and_(memo.c.target_kind == "code", code.c.id == memo.c.target_id)
        parts = union(
            select(done.id).where(done.document_id.in_(closed)),
            select(done.id).where(
                done.study_id == study_id, done.verb.in_(ON_QUOTES), done.document_id.is_(None)
            ),
            touched.where(target.kind == "document", target.target_id.in_(closed)),
            touched.join(coding, on_coding).where(coding.c.document_id.in_(closed)),
            touched.join(memo, on_memo).where(
                memo.c.target_kind == "document", memo.c.target_id.in_(closed)
            ),
            touched.join(memo, on_memo).join(coding, about).where(coding.c.document_id.in_(closed)),
            touched.join(memo, on_memo).join(document, on_person).where(document.c.id.in_(closed)),
            touched.join(memo, on_memo).join(code, on_its_code).where(code.c.made_in.isnot(None)),
            touched.join(code, on_code).where(code.c.made_in.isnot(None)),
        )
        return select(parts.subquery("may_hide"))


def _closed(study_id: int, sight: Sight) -> Select[Any]:
    """List the documents that show nobody's work but one's own."""
    return (
        select(assignment.c.document_id)
        .distinct()
        .join(document, document.c.id == assignment.c.document_id)
        .where(
            document.c.study_id == study_id,
            assignment.c.blind,
            sight.hides_others(assignment.c.document_id.label("shown")),
        )
    )


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
