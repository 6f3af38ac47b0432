"""Documents found by the names that people give them."""

from __future__ import annotations

from sqlalchemy import Connection, select

from workbench.store.tables import document, question, respondent


def find_document(connection: Connection, study_id: int, ref: str) -> int | None:
    """Find a document by its own name, such as a focus group's."""
    found = connection.execute(
        select(document.c.id).where(document.c.study_id == study_id, document.c.ref == ref)
    ).scalar()
    if found is not None:
        return int(found)
    person, asked, kind = [*ref.split("/"), "", ""][:3]
    return find_answer(connection, study_id, person, asked).get(f"{person}/{asked}/{kind}")


def find_answer(
    connection: Connection, study_id: int, respondent_ref: str, question_ref: str
) -> dict[str, int]:
    """Find one respondent's answers to a question: `R014/q2/typed` or `.../spoken`, with keys."""
    rows = connection.execute(
        select(document.c.id, document.c.answer_kind)
        .join(respondent, respondent.c.id == document.c.respondent_id)
        .join(question, question.c.id == document.c.question_id)
        .where(
            document.c.study_id == study_id,
            respondent.c.ref == respondent_ref,
            respondent.c.withdrawn_at.is_(None),
            question.c.ref == question_ref,
        )
    )
    return {f"{respondent_ref}/{question_ref}/{row.answer_kind}": row.id for row in rows}
