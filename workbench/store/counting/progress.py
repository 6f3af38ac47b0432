"""How far the coding has come: by question, by group, by person; and what came in when.

In: a study and the person who asks. Out: counts, from a few statements that never read a text, so
that they stay quick on a hundred thousand respondents.

What counts here is documents: answers that hold words, transcripts, notes. How far somebody has
come with a document is no secret, also where it was given out blind; what they have coded in it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Join,
    and_,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)

from workbench.domain.documents import NOT_STATED
from workbench.store.coding.layers import by_people
from workbench.store.counting.progress_spoken import with_discussions
from workbench.store.documents.document_filter import has_shared_documents
from workbench.store.tables import (
    absent_answer,
    assignment,
    code,
    coder,
    coding,
    document,
    document_state,
    import_batch,
    membership,
    operation,
    respondent,
    respondent_attribute,
    respondent_survey,
    survey,
    survey_question,
)
from workbench.store.visibility import sight_of, visible_to


@dataclass(frozen=True, slots=True)
class Reading:
    """How many documents there are, and how far one person has come with them."""

    total: int = 0
    done: int = 0
    begun: int = 0

    @property
    def not_read(self) -> int:
        """Documents that the person has neither begun nor done."""
        return self.total - self.done - self.begun

    @property
    def percent(self) -> int:
        """What is done in whole percent, rounded down: 100 only when all is done."""
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Absent:
    """Answers that are not there, by why: three different things."""

    blank: int = 0
    not_asked: int = 0
    awaiting_transcript: int = 0


@dataclass(frozen=True, slots=True)
class GroupProgress:
    """How far one person has come with what the people of one group have said."""

    value: str
    n_respondents: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class CoderProgress:
    """How far one person has come. `n_codings` are those that the reader may see."""

    coder_id: int
    name: str
    reading: Reading
    n_codings: int


@dataclass(frozen=True, slots=True)
class SurveyCount:
    """One survey of a study: how many people are in it, and how many questions it asks."""

    name: str
    n_respondents: int
    n_questions: int
    last_import: str | None = None


def by_question(
    connection: Connection, study_id: int, coder_id: int, *, given_to_them: bool = False
) -> dict[int | None, Reading]:
    """Count documents by question, and what a person has done; None: belongs to no question.

    Parameters
    ----------
    given_to_them
        Count only what was given to this person.
    """
    given = _given(coder_id) if given_to_them else ()
    return _readings(
        connection.execute(
            select(document.c.question_id, func.count())
            .where(document.c.study_id == study_id, document.c.codable, *given)
            .group_by(document.c.question_id)
        ).all(),
        connection.execute(
            select(document.c.question_id, document_state.c.state, func.count())
            .select_from(_states_of(study_id, coder_id))
            .where(true(), *given)
            .group_by(document.c.question_id, document_state.c.state)
        ).all(),
    )


def absent_by_question(connection: Connection, study_id: int) -> dict[int, Absent]:
    """Count the answers that are not there, by question.

    A person whose voice note awaits its transcript has not left the question blank.
    """
    other = absent_answer.alias("other")
    waits = exists().where(
        other.c.respondent_id == absent_answer.c.respondent_id,
        other.c.question_id == absent_answer.c.question_id,
        other.c.state == "awaiting_transcript",
    )
    answered = exists().where(
        document.c.study_id == study_id,
        document.c.question_id == absent_answer.c.question_id,
        document.c.respondent_id == absent_answer.c.respondent_id,
        document.c.codable,
    )
    state = absent_answer.c.state
    counted = and_(~answered, or_(state == "awaiting_transcript", ~waits))
    rows = connection.execute(
        select(
            absent_answer.c.question_id,
            state,
            func.count(distinct(absent_answer.c.respondent_id)).label("n"),
        )
        .join(respondent, respondent.c.id == absent_answer.c.respondent_id)
        .where(respondent.c.study_id == study_id, respondent.c.withdrawn_at.is_(None), counted)
        .group_by(absent_answer.c.question_id, state)
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.question_id, {})[row.state] = row.n
    return {key: Absent(**states) for key, states in found.items()}


def by_group(
    connection: Connection,
    study_id: int,
    coder_id: int,
    attribute_id: int,
    *,
    given_to_them: bool = False,
) -> list[GroupProgress]:
    """Count respondents and their documents by the values of an attribute.

    Somebody with several values is counted in each of their groups; somebody with none is in
    "Not stated". Documents of nobody in particular, such as notes, belong to no group.
    `given_to_them` is as in `by_question`.
    """
    wanted = (document.c.codable, *(_given(coder_id) if given_to_them else ()))
    value = respondent_attribute.alias("value")
    people = respondent.outerjoin(
        value, and_(value.c.respondent_id == respondent.c.id, value.c.attribute_id == attribute_id)
    )
    group = func.coalesce(value.c.value, literal(NOT_STATED)).label("value")
    here = (
        respondent.c.study_id == study_id,
        respondent.c.kind == "participant",
        respondent.c.withdrawn_at.is_(None),
    )
    sizes = connection.execute(
        select(group, func.count()).select_from(people).where(*here).group_by(group)
    ).all()
    said = people.join(document, document.c.respondent_id == respondent.c.id)
    totals = connection.execute(
        select(group, func.count()).select_from(said).where(*here, *wanted).group_by(group)
    ).all()
    read = said.join(
        document_state,
        and_(document_state.c.document_id == document.c.id, document_state.c.coder_id == coder_id),
    )
    states = connection.execute(
        select(group, document_state.c.state, func.count())
        .select_from(read)
        .where(*here, *wanted)
        .group_by(group, document_state.c.state)
    ).all()
    if has_shared_documents(connection, study_id):
        totals, states = with_discussions(
            connection, coder_id, totals, states,
            people=people, group=group, conditions=(*here, *wanted),
        )  # fmt: skip
    readings = _readings(totals, states)
    return [
        GroupProgress(name, n_people, readings.get(name, Reading())) for name, n_people in sizes
    ]


def by_coder(connection: Connection, study_id: int, actor_id: int) -> list[CoderProgress]:
    """Count what everybody has done who is a member, has read or has coded here; the actor too."""
    total = int(
        connection.execute(
            select(func.count()).where(document.c.study_id == study_id, document.c.codable)
        ).scalar_one()
    )
    read: dict[int, dict[str, int]] = {}
    for row in connection.execute(
        select(document_state.c.coder_id, document_state.c.state, func.count().label("n"))
        .join(document, document.c.id == document_state.c.document_id)
        .where(document.c.study_id == study_id, document.c.codable)
        .group_by(document_state.c.coder_id, document_state.c.state)
    ):
        read.setdefault(row.coder_id, {})[row.state] = row.n
    coded = _codings_by_coder(connection, study_id, actor_id)
    members = select(membership.c.coder_id).where(membership.c.study_id == study_id)
    people = connection.execute(
        select(coder.c.id, coder.c.name)
        .where(or_(coder.c.id.in_(members), coder.c.id.in_({*read, *coded, actor_id})))
        .order_by(coder.c.name_key)
    )
    return [
        CoderProgress(
            row.id,
            row.name,
            _reading(total, read.get(row.id, {})),
            coded.get(row.id, 0),
        )
        for row in people
    ]


def _codings_by_coder(connection: Connection, study_id: int, actor_id: int) -> dict[int, int]:
    rows = connection.execute(
        select(coding.c.coder_id, func.count())
        .join(document, document.c.id == coding.c.document_id)
        .where(
            document.c.study_id == study_id,
            coding.c.deleted_at.is_(None),
            by_people(coding.c),
            visible_to(connection, study_id, actor_id, coding.c),
        )
        .group_by(coding.c.coder_id)
    )
    return {row[0]: row[1] for row in rows}


def count_still_blind(connection: Connection, study_id: int) -> int:
    """Count documents in which other people's codings are hidden for now."""
    done = exists().where(
        document_state.c.document_id == assignment.c.document_id,
        document_state.c.coder_id == assignment.c.coder_id,
        document_state.c.state == "done",
    )
    return int(
        connection.execute(
            select(func.count(distinct(assignment.c.document_id)))
            .join(document, document.c.id == assignment.c.document_id)
            .where(document.c.study_id == study_id, assignment.c.blind, ~done)
        ).scalar_one()
    )


def list_surveys(connection: Connection, study_id: int) -> list[SurveyCount]:
    """List a study's surveys in their order, with how many people and questions they have."""
    people = (
        select(func.count())
        .select_from(
            respondent_survey.join(respondent, respondent.c.id == respondent_survey.c.respondent_id)
        )
        .where(respondent_survey.c.survey_id == survey.c.id, respondent.c.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    questions = (
        select(func.count()).where(survey_question.c.survey_id == survey.c.id).scalar_subquery()
    )
    latest = (
        select(func.max(import_batch.c.created_at))
        .where(import_batch.c.survey_id == survey.c.id, import_batch.c.undone_at.is_(None))
        .scalar_subquery()
    )
    rows = connection.execute(
        select(survey.c.name, people, questions, latest)
        .where(survey.c.study_id == study_id)
        .order_by(survey.c.position, survey.c.id)
    )
    return [SurveyCount(*row) for row in rows]


def last_change(connection: Connection, study_id: int) -> str | None:
    """Tell when anything was last done in a study."""
    found: str | None = connection.execute(
        select(operation.c.created_at)
        .where(operation.c.study_id == study_id)
        .order_by(operation.c.id.desc())
        .limit(1)
    ).scalar()
    return found


def has_answers(connection: Connection, study_id: int) -> bool:
    """Tell whether a study has anything to read."""
    return _is_there(connection, document.c.study_id == study_id, document.c.codable)


def has_codes(connection: Connection, study_id: int, actor_id: int) -> bool:
    """Tell whether a study has codes to apply that this person sees."""
    return _is_there(
        connection,
        code.c.study_id == study_id,
        code.c.status == "active",
        code.c.deleted_at.is_(None),
        sight_of(connection, study_id, actor_id).sees_code(code.c),
    )


def has_coded(connection: Connection, study_id: int, coder_id: int) -> bool:
    """Tell whether a person has applied a code in a study, by hand."""
    return _is_there(
        connection,
        operation.c.study_id == study_id,
        operation.c.actor_id == coder_id,
        operation.c.verb == "code",
    )


def has_done(connection: Connection, study_id: int, coder_id: int) -> bool:
    """Tell whether a person has marked something done in a study."""
    return _is_there(
        connection,
        document_state.c.coder_id == coder_id,
        document_state.c.state == "done",
        document_state.c.document_id == document.c.id,
        document.c.study_id == study_id,
    )


def _is_there(connection: Connection, *conditions: ColumnElement[bool]) -> bool:
    return bool(connection.execute(select(exists().where(*conditions))).scalar())


def _states_of(study_id: int, coder_id: int) -> Join:
    return document_state.join(
        document,
        and_(
            document.c.id == document_state.c.document_id,
            document_state.c.coder_id == coder_id,
            document.c.study_id == study_id,
            document.c.codable,
        ),
    )


def _given(coder_id: int) -> tuple[ColumnElement[bool], ...]:
    given = select(assignment.c.document_id).where(assignment.c.coder_id == coder_id)
    return (document.c.id.in_(given),)


def _readings(totals: Sequence[Any], states: Sequence[Any]) -> dict[Any, Reading]:
    """Put (key, documents) and (key, state, documents) together."""
    found: dict[Any, dict[str, int]] = {}
    for row in states:
        found.setdefault(row[0], {})[row[1]] = row[2]
    return {row[0]: _reading(row[1], found.get(row[0], {})) for row in totals}


def _reading(total: int, states: Mapping[str, int]) -> Reading:
    return Reading(total, states.get("done", 0), states.get("in_progress", 0))
