"""What shares are shares of, and what still waits: people and documents by group.

In: a filter and grouping attributes. Out: how many respondents make each group's base when it is
not those who answered, how many documents await adjudication, how many people two filters share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    cast,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
)

from workbench.domain.codings import DocumentFilter
from workbench.domain.documents import NOT_STATED
from workbench.store.documents.document_filter import (
    document_conditions,
    documents_joined_for,
    finished_by_several,
    in_group,
    in_session,
)
from workbench.store.tables import (
    absent_answer,
    document,
    respondent,
    respondent_attribute,
    respondent_survey,
    segment,
    survey_question,
)

Groups = tuple[str, ...]


def count_people(
    connection: Connection,
    study_id: int,
    *,
    attribute_ids: Sequence[int],
    base: Literal["asked", "everybody"],
    where: DocumentFilter,
) -> dict[Groups, int]:
    """Count respondents by the values of attributes crossed, whether or not they answered.

    Of the filter, its groups, survey and respondent say who is meant. Its question says what
    "asked" people were asked: who left it blank, or whose voice note is not transcribed yet, was.
    Words, codes and reading states are of answers and restrict nobody here.
    """
    columns, joined = _people(attribute_ids)
    query = select(*columns, func.count(distinct(respondent.c.id))).select_from(joined)
    query = query.where(*_persons(study_id, where))
    if base == "asked":
        query = query.where(_was_asked(where))
    rows = connection.execute(query.group_by(*columns))
    return _by_group(rows)


def count_awaiting(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    attribute_ids: Sequence[int],
    where: DocumentFilter,
    unit: Literal["session", "series"] | None = None,
) -> dict[Groups, int]:
    """Count the documents that several coders have finished and nobody has adjudicated, by group.

    They are in no consensus yet, and no reading will bring them there. With a unit, the first
    value of the groups is a session's key as text or a series, as `count_sessions` gives them.
    """
    waiting = (
        _in_scope(connection, study_id, actor_id, where)
        .add_columns(document.c.id, document.c.respondent_id, document.c.current_revision_id)
        .where(document.c.adjudicated_at.is_(None), document.c.id.in_(finished_by_several()))
        .cte("waiting")
    )
    spoken = select(waiting.c.id, segment.c.respondent_id).join(
        segment, segment.c.revision_id == waiting.c.current_revision_id
    )
    whose = select(waiting.c.id, waiting.c.respondent_id).union(spoken).cte("whose")
    columns, joined = _people(attribute_ids)
    joined = joined.join(whose, whose.c.respondent_id == respondent.c.id)
    if unit is not None:
        session = document.alias("session")
        joined = joined.join(session, session.c.id == whose.c.id)
        series = func.coalesce(session.c.series, "")
        columns.insert(0, cast(session.c.id, String) if unit == "session" else series)
    rows = connection.execute(
        select(*columns, func.count(distinct(whose.c.id)))
        .select_from(joined)
        .where(*_persons(study_id, where))
        .group_by(*columns)
    )
    return _by_group(rows)


def count_in_both(
    connection: Connection,
    study_id: int,
    actor_id: int,
    one: DocumentFilter,
    two: DocumentFilter,
    *,
    base: Literal["answered", "asked", "everybody"],
) -> int:
    """Count the respondents who are in the bases of both filters."""
    conditions = []
    for name, where in (("one", one), ("two", two)):
        conditions += _persons(study_id, where)
        if base == "asked":
            conditions.append(_was_asked(where))
        if base != "answered":
            continue
        scope = (
            _in_scope(connection, study_id, actor_id, where)
            .add_columns(document.c.respondent_id, document.c.current_revision_id)
            .cte(name)
        )
        spoke = exists().where(
            segment.c.respondent_id == respondent.c.id,
            segment.c.revision_id == scope.c.current_revision_id,
        )
        conditions.append(or_(exists().where(scope.c.respondent_id == respondent.c.id), spoke))
    return int(
        connection.execute(select(func.count(respondent.c.id)).where(*conditions)).scalar_one()
    )


def _by_group(rows: Iterable[Any]) -> dict[Groups, int]:
    return {tuple(row[:-1]): row[-1] for row in rows}


def _in_scope(
    connection: Connection, study_id: int, actor_id: int, where: DocumentFilter
) -> Select[Any]:
    """Select the documents that a filter leaves in; its groups are the speakers', not theirs."""
    return (
        select()
        .select_from(documents_joined_for(where, actor_id))
        .where(
            document.c.study_id == study_id,
            document.c.codable,
            *document_conditions(connection, study_id, actor_id, replace(where, groups=())),
        )
    )


def _people(attribute_ids: Sequence[int]) -> tuple[list[ColumnElement[str]], Any]:
    """Join respondents to their values: the columns to group by, and what to select from."""
    joined: Any = respondent
    columns: list[ColumnElement[str]] = []
    for index, attribute_id in enumerate(attribute_ids):
        value = respondent_attribute.alias(f"b{index}")
        joined = joined.outerjoin(
            value,
            and_(value.c.respondent_id == respondent.c.id, value.c.attribute_id == attribute_id),
        )
        columns.append(func.coalesce(value.c.value, literal(NOT_STATED)).label(f"g{index}"))
    return columns, joined


def _persons(study_id: int, where: DocumentFilter) -> list[ColumnElement[bool]]:
    conditions = [
        respondent.c.study_id == study_id,
        respondent.c.kind == "participant",
        respondent.c.withdrawn_at.is_(None),
        *(in_group(respondent.c.id, *group) for group in where.groups),
    ]
    if where.respondent_id is not None:
        conditions.append(respondent.c.id == where.respondent_id)
    if where.survey_id is not None:
        conditions.append(
            exists().where(
                respondent_survey.c.survey_id == where.survey_id,
                respondent_survey.c.respondent_id == respondent.c.id,
            )
        )
    return conditions


def _was_asked(where: DocumentFilter) -> ColumnElement[bool]:
    """Tell whether a respondent was asked anything within the filter.

    Who speaks in a discussion was asked there.
    """

    def meant(question: Any) -> list[ColumnElement[bool]]:
        conditions = [] if where.question_id is None else [question == where.question_id]
        if where.survey_id is not None:
            conditions.append(
                exists().where(
                    survey_question.c.survey_id == where.survey_id,
                    survey_question.c.question_id == question,
                )
            )
        return conditions

    kind = [] if where.kind is None else [document.c.kind == where.kind]
    left = {"answer": ["typed"], "voice_note": ["spoken"]}.get(where.kind or "")
    asked = [] if left is None else [absent_answer.c.kind.in_(left)]
    answered = exists().where(
        document.c.respondent_id == respondent.c.id, *meant(document.c.question_id), *kind
    )
    left_out = exists().where(
        absent_answer.c.respondent_id == respondent.c.id,
        absent_answer.c.state != "not_asked",
        *meant(absent_answer.c.question_id),
        *asked,
    )
    if where.question_id is not None or where.survey_id is not None:
        return or_(answered, left_out)
    spoke = exists().where(
        segment.c.respondent_id == respondent.c.id,
        segment.c.revision_id == document.c.current_revision_id,
        *in_session(where),
    )
    if where.series is not None or where.session_id is not None:
        return spoke
    return or_(answered, left_out, spoke) if where.kind != "focus_group" else spoke
