"""Documents found by the names that people give them."""

from __future__ import annotations

from sqlalchemy import Connection, and_, select

from workbench.store.tables import document, question, respondent


def find_document(connection: Connection, study_id: int, ref: str) -> int | None:
    """Find a document by its own name, such as a focus group's."""
    found = connection.execute(
        select(document.c.id).where(document.c.study_id == study_id, document.c.ref == ref)
    ).scalar()
    if found is not None:
        return int(found)
    parts = ref.split("/")  # a person's or a question's own name may hold this sign too
    for cut in range(1, len(parts) - 1):
        person, asked = "/".join(parts[:cut]), "/".join(parts[cut:-1])
        answer = find_answer(connection, study_id, person, asked).get(ref)
        if answer is not None:
            return answer
    return None


def names_beside_answers(connection: Connection, study_id: int) -> dict[int, str]:
    """Name the documents that a respondent and a question do not name, by key.

    A focus group or a text of another program has its own name, also where it belongs to a
    respondent; an answer given both in writing and by voice note is `R014/q2/typed`.
    """
    named = connection.execute(
        select(document.c.id, document.c.ref).where(
            document.c.study_id == study_id,
            document.c.ref.isnot(None),
            document.c.answer_kind.is_(None),
        )
    )
    return {row.id: row.ref for row in named} | _answered_twice(connection, study_id)


def _answered_twice(connection: Connection, study_id: int) -> dict[int, str]:
    twin = document.alias("twin")
    rows = connection.execute(
        select(
            document.c.id,
            document.c.answer_kind,
            respondent.c.ref.label("person"),
            question.c.ref.label("asked"),
        )
        .join(respondent, respondent.c.id == document.c.respondent_id)
        .join(question, question.c.id == document.c.question_id)
        .join(
            twin,
            and_(
                twin.c.study_id == study_id,
                twin.c.question_id == document.c.question_id,
                twin.c.respondent_id == document.c.respondent_id,
                twin.c.id != document.c.id,
                twin.c.answer_kind.isnot(None),  # not its translation
            ),
        )
        .where(document.c.study_id == study_id, document.c.answer_kind.isnot(None))
    )
    return {row.id: f"{row.person}/{row.asked}/{row.answer_kind}" for row in rows}


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
            document.c.answer_kind.isnot(None),
        )
        .order_by(document.c.answer_kind.desc())
    )
    return {f"{respondent_ref}/{question_ref}/{row.answer_kind}": row.id for row in rows}
