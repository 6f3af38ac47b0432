"""Who may see whose codings: the one predicate that every read of codings passes.

A document that was given out for blind coding shows other people's work only when everybody who
has it has marked it done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, true

from workbench.store.tables import (
    assignment,
    code,
    coding,
    document,
    document_state,
    memo,
    operation_target,
    segment,
)

READING_VERBS = ("done", "reopen")
"""How far somebody has come is no secret; what they have coded is."""


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

    def sees_code(self, rows: Any) -> ColumnElement[bool]:
        """Give the condition under which a code may be seen.

        A code that was made while coding blind is its maker's alone until the document opens, or
        until they use it where nothing is hidden (`store/codebooks/blind_codes.py`).

        Parameters
        ----------
        rows
            Columns of codes: `code.c` or an alias's.
        """
        if self.hides_nothing:
            return true()
        return or_(
            rows.made_in.is_(None),
            rows.made_by == self.actor_id,
            ~self.hides_others(rows.made_in),
        )

    def hides_memo(self, rows: Any) -> ColumnElement[bool]:
        """Tell whether what a memo is about hides others' memos on it.

        That is a document that hides others' codings, a coding in one, whoever answered one, and a
        code that is hidden. Memos on the study and on versions of the codebook are everybody's.

        Parameters
        ----------
        rows
            Columns of memos: `memo.c` or an alias's.
        """
        kind, key = rows.target_kind, rows.target_id
        coded, person, made = coding.alias(), document.alias(), code.alias()
        in_closed = exists().where(coded.c.id == key, self.hides_others(coded.c.document_id))
        of_closed = exists().where(person.c.respondent_id == key, self.hides_others(person.c.id))
        spoken, turn = document.alias(), segment.alias()
        in_talk = exists().where(
            turn.c.respondent_id == key,
            spoken.c.current_revision_id == turn.c.revision_id,
            self.hides_others(spoken.c.id),
        )
        unseen = exists().where(made.c.id == key, ~self.sees_code(made.c))
        return or_(
            and_(kind == "document", self.hides_others(key)),
            and_(kind == "coding", in_closed),
            and_(kind == "respondent", or_(of_closed, in_talk)),
            and_(kind == "code", unseen),
        )

    def sees_operation(self, rows: Any) -> ColumnElement[bool]:
        """Give the condition under which an operation, with its label and states, may be seen.

        Others' operations are hidden where they are on a document that hides their codings, or
        touched a coding or a memo on one, or a code that is hidden. How far they have come is told.

        Parameters
        ----------
        rows
            Columns of operations: `operation.c` or an alias's.
        """
        if self.hides_nothing:
            return true()
        target = operation_target.alias("told_target")
        coded, written, made = coding.alias("told_coding"), memo.alias("told_memo"), code.alias()

        def touches(kind: str, *what: ColumnElement[bool]) -> ColumnElement[bool]:
            return exists().where(target.c.operation_id == rows.id, target.c.kind == kind, *what)

        on_coding = and_(coded.c.id == target.c.target_id, self.hides_others(coded.c.document_id))
        on_memo = and_(written.c.id == target.c.target_id, self.hides_memo(written.c))
        on_code = and_(made.c.id == target.c.target_id, ~self.sees_code(made.c))
        return or_(
            rows.actor_id == self.actor_id,
            rows.verb.in_(READING_VERBS),
            ~or_(
                and_(rows.document_id.isnot(None), self.hides_others(rows.document_id)),
                touches("coding", on_coding),
                touches("document", self.hides_others(target.c.target_id)),
                touches("memo", on_memo),
                touches("code", on_code),
            ),
        )


def sight_of(connection: Connection, study_id: int, actor_id: int) -> Sight:
    """Find out what a person may see; most studies hide nothing, and are asked only once."""
    # Written so that a database starts from the few blind assignments, not from all documents.
    here = exists().where(
        document.c.id == assignment.c.document_id, document.c.study_id == study_id
    )
    blind = exists().where(assignment.c.blind, here)
    return Sight(actor_id, not connection.execute(select(blind)).scalar())


def hides_document(connection: Connection, study_id: int, actor_id: int, document_id: int) -> bool:
    """Tell whether a document shows this person nobody's work but their own."""
    sight = sight_of(connection, study_id, actor_id)
    if sight.hides_nothing:
        return False
    return bool(connection.execute(select(sight.hides_others(document_id))).scalar())


def visible_to(
    connection: Connection, study_id: int, actor_id: int, rows: Any
) -> ColumnElement[bool]:
    """Give the condition under which a coding may be seen by this person; see `Sight.sees`."""
    return sight_of(connection, study_id, actor_id).sees(rows)
