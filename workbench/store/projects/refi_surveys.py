"""A study's surveys as an exchange with other programs has them: who and what is in which.

In: a study. Out: its surveys with refs, and what was answered in each.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, and_, select

from workbench.store.tables import (
    absent_answer,
    document,
    question,
    respondent,
    respondent_survey,
    survey,
    survey_question,
)


class SurveyRow(NamedTuple):
    """A survey: the refs of what it asks, and the keys and refs of who is in it."""

    id: int
    name: str
    questions: tuple[str, ...]
    people: tuple[tuple[int, str], ...]


def list_surveys(connection: Connection, study_id: int) -> list[SurveyRow]:
    """List a study's surveys in their order, without who has withdrawn."""
    asked: dict[int, list[str]] = {}
    for key, ref in connection.execute(
        select(survey_question.c.survey_id, question.c.ref)
        .join(question, question.c.id == survey_question.c.question_id)
        .where(question.c.study_id == study_id)
        .order_by(question.c.position, question.c.id)
    ):
        asked.setdefault(key, []).append(ref)
    took_part: dict[int, list[tuple[int, str]]] = {}
    for key, person, ref in connection.execute(
        select(respondent_survey.c.survey_id, respondent.c.id, respondent.c.ref)
        .join(respondent, respondent.c.id == respondent_survey.c.respondent_id)
        .where(respondent.c.study_id == study_id, respondent.c.withdrawn_at.is_(None))
        .order_by(respondent.c.id)
    ):
        took_part.setdefault(key, []).append((person, ref))
    rows = connection.execute(
        select(survey.c.id, survey.c.name)
        .where(survey.c.study_id == study_id)
        .order_by(survey.c.position, survey.c.id)
    )
    return [
        SurveyRow(key, name, tuple(asked.get(key, ())), tuple(took_part.get(key, ())))
        for key, name in rows
    ]


def list_absences(connection: Connection, study_id: int) -> list[tuple[int, str, str]]:
    """List where answers are missing: (question, its ref, typed or spoken), in order."""
    rows = connection.execute(
        select(question.c.id, question.c.ref, absent_answer.c.kind)
        .join(absent_answer, absent_answer.c.question_id == question.c.id)
        .join(respondent, respondent.c.id == absent_answer.c.respondent_id)
        .where(question.c.study_id == study_id, respondent.c.withdrawn_at.is_(None))
        .group_by(question.c.id, question.c.ref, question.c.position, absent_answer.c.kind)
        .order_by(question.c.position, question.c.id, absent_answer.c.kind.desc())
    )
    return [(row[0], row[1], row[2]) for row in rows]


def list_submissions(connection: Connection, study_id: int) -> dict[str, dict[int, str]]:
    """Give when respondents sent their answers, by survey in order, and respondent."""
    found: dict[str, dict[int, str]] = {}
    rows = connection.execute(
        select(survey.c.name, respondent.c.id, respondent_survey.c.submitted_at)
        .join(respondent_survey, respondent_survey.c.survey_id == survey.c.id)
        .join(respondent, respondent.c.id == respondent_survey.c.respondent_id)
        .where(
            survey.c.study_id == study_id,
            respondent.c.withdrawn_at.is_(None),
            respondent_survey.c.submitted_at.isnot(None),
        )
        .order_by(survey.c.position, survey.c.id, respondent.c.id)
    )
    for name, person, submitted_at in rows:
        found.setdefault(name, {})[person] = submitted_at
    return found


def documents_by_survey(connection: Connection, study_id: int) -> dict[int, list[tuple[int, int]]]:
    """Give what answers a survey's questions in it, by survey: (document, respondent)."""
    found: dict[int, list[tuple[int, int]]] = {}
    rows = connection.execute(
        select(survey.c.id, document.c.id, document.c.respondent_id)
        .join(respondent_survey, respondent_survey.c.survey_id == survey.c.id)
        .join(survey_question, survey_question.c.survey_id == survey.c.id)
        .join(
            document,
            and_(
                document.c.respondent_id == respondent_survey.c.respondent_id,
                document.c.question_id == survey_question.c.question_id,
            ),
        )
        .where(survey.c.study_id == study_id)
        .order_by(survey.c.id, document.c.sort_question, document.c.sort_respondent, document.c.id)
    )
    for key, document_id, person in rows:
        found.setdefault(key, []).append((document_id, person))
    return found
