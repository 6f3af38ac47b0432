"""All decisions on what coders differed on, as a list tells them.

In: a study and who asks. Out: the decisions that stand in documents that hide nothing from them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from workbench.domain.adjudication import Choice
from workbench.domain.documents import document_label
from workbench.store.coding.quoting import closed_discussions
from workbench.store.documents.document_filter import not_withdrawn
from workbench.store.tables import (
    adjudication,
    code_ancestor,
    coder,
    document,
    question,
    respondent,
)
from workbench.store.visibility import sight_of


@dataclass(frozen=True, slots=True)
class ListedDecision:
    """One decision. `code_id` is what its code counts as; places are in the text of then."""

    document: str
    question_ref: str
    code_id: int
    start: int | None
    end: int | None
    choice: Choice
    taken_from: tuple[int, ...]
    n_codings: int
    note: str
    decided_by: str
    decided_at: str
    settled: bool
    quotable: bool


def list_decisions(connection: Connection, study_id: int, actor_id: int) -> list[ListedDecision]:
    """List the decisions that stand, by question, respondent and time."""
    sight = sight_of(connection, study_id, actor_id)
    seen = [] if sight.hides_nothing else [~sight.hides_others(document.c.id)]
    rows = connection.execute(
        select(
            adjudication,
            code_ancestor.c.ancestor_id,
            coder.c.name,
            document.c.ref,
            document.c.adjudicated_at,
            document.c.id.in_(closed_discussions(study_id)).label("shut"),
            respondent.c.ref.label("respondent_ref"),
            respondent.c.may_be_quoted,
            question.c.ref.label("question_ref"),
        )
        .join(document, document.c.id == adjudication.c.document_id)
        .join(coder, coder.c.id == adjudication.c.decided_by)
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == adjudication.c.code_id, code_ancestor.c.depth == 0),
        )
        .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
        .outerjoin(question, question.c.id == document.c.question_id)
        .where(
            document.c.study_id == study_id,
            document.c.codable,
            not_withdrawn(connection, study_id),
            adjudication.c.deleted_at.is_(None),
            *seen,
        )
        .order_by(document.c.sort_question, document.c.sort_respondent, adjudication.c.id)
    )
    return [
        ListedDecision(
            document=document_label(row.document_id, row.respondent_ref, row.ref),
            question_ref=row.question_ref or "",
            code_id=row.ancestor_id,
            start=row.start,
            end=row.end,
            choice=row.choice,
            taken_from=tuple(row.taken_from),
            n_codings=len(row.codings),
            note=row.note,
            decided_by=row.name,
            decided_at=row.decided_at,
            settled=row.adjudicated_at is not None,
            quotable=row.may_be_quoted is not False and not row.shut,
        )
        for row in rows
    ]
