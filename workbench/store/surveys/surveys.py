"""The surveys of a study: which there are, who is in each, what each asked, which name whom.

In: a study. Out: its surveys, its people as an import must know them, and the links between them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, select, update

from workbench.store.bulk import insert_rows, parts, reserve_keys
from workbench.store.clock import now
from workbench.store.tables import (
    attribute,
    attribute_edit,
    import_batch,
    question,
    respondent,
    respondent_survey,
    revision,
    survey,
    survey_question,
)
from workbench.store.tables import document as document_table


@dataclass(frozen=True, slots=True)
class StoredSurvey:
    """One of a study's surveys, with how many people are in it."""

    id: int
    name: str
    n_respondents: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """A respondent as an import must know them."""

    id: int
    ref: str
    digest: str | None
    may_be_quoted: bool | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A respondent to be written."""

    ref: str
    submitted_at: str | None = None
    digest: str | None = None
    may_be_quoted: bool | None = None


def list_surveys(connection: Connection, study_id: int) -> list[StoredSurvey]:
    """List a study's surveys in their order."""
    n_people = (
        select(func.count())
        .where(respondent_survey.c.survey_id == survey.c.id)
        .where(respondent.c.id == respondent_survey.c.respondent_id)
        .where(respondent.c.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    rows = connection.execute(
        select(survey.c.id, survey.c.name, n_people.label("n"))
        .where(survey.c.study_id == study_id)
        .order_by(survey.c.position, survey.c.id)
    )
    return [StoredSurvey(row.id, row.name, row.n) for row in rows]


def add_survey(connection: Connection, study_id: int, name: str, position: int) -> int:
    """Make a survey; give its key."""
    key = connection.execute(
        insert(survey).values(study_id=study_id, name=name, position=position, created_at=now())
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


_PERSON = select(
    respondent.c.id,
    respondent.c.ref,
    respondent.c.source_digest,
    respondent.c.may_be_quoted,
    respondent.c.withdrawn_at,
)
"""What `Person` is made of."""


def people_of(connection: Connection, study_id: int) -> list[Person]:
    """Give a study's respondents, the withdrawn ones too."""
    rows = connection.execute(
        _PERSON.where(respondent.c.study_id == study_id).order_by(respondent.c.id)
    )
    return [Person(key, ref, digest, quoted, bool(gone)) for key, ref, digest, quoted, gone in rows]


def find_people(connection: Connection, study_id: int, refs: Sequence[str]) -> list[Person]:
    """Find respondents by ref, the withdrawn ones too; who is not there is left out."""
    found: list[Person] = []
    for part in parts(refs):
        rows = connection.execute(
            _PERSON.where(respondent.c.study_id == study_id, respondent.c.ref.in_(part))
        )
        found += [Person(*row[:4], bool(row[4])) for row in rows]
    return found


def refs_of(connection: Connection, respondent_ids: Sequence[int]) -> dict[int, str]:
    """Give the refs of respondents by key."""
    found: dict[int, str] = {}
    for part in parts(respondent_ids):
        rows = connection.execute(
            select(respondent.c.id, respondent.c.ref).where(respondent.c.id.in_(part))
        )
        found |= {row.id: row.ref for row in rows}
    return found


def members_of(connection: Connection, survey_id: int) -> set[int]:
    """Give the respondents of a survey."""
    return set(
        connection.execute(
            select(respondent_survey.c.respondent_id).where(
                respondent_survey.c.survey_id == survey_id
            )
        ).scalars()
    )


def questions_of(connection: Connection, survey_id: int) -> set[int]:
    """Give the questions that a survey asks."""
    return set(
        connection.execute(
            select(survey_question.c.question_id).where(survey_question.c.survey_id == survey_id)
        ).scalars()
    )


def shared_questions(connection: Connection, study_id: int, survey_id: int) -> dict[str, list[str]]:
    """Give the questions of a study's other surveys by ref: the names of those surveys."""
    rows = connection.execute(
        select(question.c.ref, survey.c.name)
        .join(survey_question, survey_question.c.question_id == question.c.id)
        .join(survey, survey.c.id == survey_question.c.survey_id)
        .where(survey.c.study_id == study_id, survey.c.id != survey_id)
        .order_by(survey.c.position)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.ref, []).append(row.name)
    return found


def answered_elsewhere(
    connection: Connection, study_id: int, survey_id: int, question_ids: Collection[int]
) -> dict[tuple[int, int], str]:
    """Give who has answered these questions in another survey: its name by (respondent, question).

    An answer belongs to the survey whose file brought its first text. One that came with a project
    belongs to the surveys that ask its question of its respondent.
    """
    answers = (
        select(document_table.c.respondent_id, document_table.c.question_id, survey.c.name)
        .select_from(document_table)
        .join(revision, revision.c.document_id == document_table.c.id)
        .join(import_batch, import_batch.c.id == revision.c.import_batch_id)
        .where(
            document_table.c.study_id == study_id,
            document_table.c.question_id.in_(sorted(question_ids)),
            document_table.c.answer_kind.isnot(None),
            revision.c.number == 1,
            survey.c.id != survey_id,
        )
    )
    own = survey_question.alias(), respondent_survey.alias()
    of_projects = (
        answers.join(
            respondent_survey,
            respondent_survey.c.respondent_id == document_table.c.respondent_id,
        )
        .join(
            survey_question,
            and_(
                survey_question.c.survey_id == respondent_survey.c.survey_id,
                survey_question.c.question_id == document_table.c.question_id,
            ),
        )
        .join(survey, survey.c.id == respondent_survey.c.survey_id)
        .where(
            import_batch.c.survey_id.is_(None),
            ~exists().where(
                own[0].c.survey_id == survey_id,
                own[0].c.question_id == document_table.c.question_id,
                own[1].c.survey_id == survey_id,
                own[1].c.respondent_id == document_table.c.respondent_id,
            ),
        )
    )
    of_files = answers.join(survey, survey.c.id == import_batch.c.survey_id)
    return {
        (person, asked): name
        for query in (of_projects, of_files)
        for person, asked, name in connection.execute(query)
    }


def link_people(
    connection: Connection,
    survey_id: int,
    batch_id: int,
    people: Sequence[tuple[int, str | None]],
) -> None:
    """Note that these people, given as (key, submitted at), are in a survey."""
    insert_rows(
        connection,
        respondent_survey,
        ("survey_id", "respondent_id", "submitted_at", "import_batch_id"),
        [(survey_id, person, submitted_at, batch_id) for person, submitted_at in people],
    )


def link_questions(connection: Connection, survey_id: int, question_ids: Sequence[int]) -> None:
    """Note that a survey asks these questions."""
    insert_rows(
        connection,
        survey_question,
        ("survey_id", "question_id"),
        [(survey_id, key) for key in question_ids],
    )


def add_people(
    connection: Connection, study_id: int, batch_id: int | None, people: Sequence[NewPerson]
) -> Sequence[int]:
    """Write new respondents; give their keys in the same order."""
    at = now()
    keys = reserve_keys(connection, respondent, len(people))
    insert_rows(
        connection,
        respondent,
        ("id", "study_id", "ref", "submitted_at", "source_digest", "may_be_quoted",
         "import_batch_id", "created_at"),
        [
            (key, study_id, item.ref, item.submitted_at, item.digest, item.may_be_quoted,
             batch_id, at)
            for key, item in zip(keys, people, strict=True)
        ],
    )  # fmt: skip
    return keys


def set_submitted(
    connection: Connection, batch_id: int, times: Mapping[int, str | None]
) -> None:  # fmt: skip
    """Note when the respondents that an import brought sent their answers."""
    known = [{"person": person, "at": at} for person, at in times.items() if at]
    if known:
        own = update(respondent).where(
            respondent.c.id == bindparam("person"), respondent.c.import_batch_id == batch_id
        )
        connection.execute(own.values(submitted_at=bindparam("at")), known)


def quotable_of(connection: Connection, people: Sequence[int]) -> dict[int, bool | None]:
    """Tell who of these respondents may be quoted; None where nobody has said."""
    found: dict[int, bool | None] = {}
    for part in parts(people):
        rows = connection.execute(
            select(respondent.c.id, respondent.c.may_be_quoted).where(respondent.c.id.in_(part))
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def set_quotable(connection: Connection, changes: dict[int, bool | None]) -> None:
    """Note who allows to be quoted, by respondent."""
    for value in (True, False, None):
        keys = [person for person, may in changes.items() if may is value]
        for part in parts(keys):
            connection.execute(
                update(respondent).where(respondent.c.id.in_(part)).values(may_be_quoted=value)
            )


def edited_values(connection: Connection, study_id: int) -> set[tuple[int, int]]:
    """Give the (respondent, attribute) pairs whose values a person has set by hand."""
    rows = connection.execute(
        select(attribute_edit.c.respondent_id, attribute_edit.c.attribute_id)
        .join(attribute, attribute.c.id == attribute_edit.c.attribute_id)
        .where(attribute.c.study_id == study_id)
    )
    return {(person, known) for person, known in rows}


def derived_attributes(connection: Connection, study_id: int) -> set[str]:
    """Give the names of the attributes that are derived from others."""
    return set(
        connection.execute(
            select(attribute.c.name).where(
                attribute.c.study_id == study_id, attribute.c.derived_from.isnot(None)
            )
        ).scalars()
    )
