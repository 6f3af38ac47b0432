"""Respondents one by one, and the values that their attributes take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, or_, select

from workbench.store.tables import (
    attribute,
    respondent,
    respondent_attribute,
    respondent_survey,
    survey,
)


@dataclass(frozen=True, slots=True)
class StoredRespondent:
    """A respondent with their key."""

    id: int
    ref: str


def get_respondent(
    connection: Connection, study_id: int, respondent_id: int
) -> StoredRespondent | None:
    """Read a respondent by key; who has withdrawn is not found."""
    row = connection.execute(
        select(respondent.c.id, respondent.c.ref).where(
            respondent.c.study_id == study_id,
            respondent.c.id == respondent_id,
            respondent.c.withdrawn_at.is_(None),
        )
    ).first()
    return StoredRespondent(row.id, row.ref) if row else None


@dataclass(frozen=True, slots=True)
class Person:
    """A respondent as a page shows them. `surveys` pairs names with dates of submission."""

    id: int
    ref: str
    submitted_at: str | None
    may_be_quoted: bool | None
    surveys: tuple[tuple[str, str | None], ...] = ()


def find_person(connection: Connection, study_id: int, respondent_id: int) -> Person | None:
    """Read a respondent with the surveys that they took part in; None where there is none."""
    row = connection.execute(
        select(respondent).where(
            respondent.c.id == respondent_id,
            respondent.c.study_id == study_id,
            respondent.c.withdrawn_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    surveys = connection.execute(
        select(survey.c.name, respondent_survey.c.submitted_at)
        .join(survey, survey.c.id == respondent_survey.c.survey_id)
        .where(respondent_survey.c.respondent_id == respondent_id)
        .order_by(survey.c.position, survey.c.id)
    )
    named = tuple((item.name, item.submitted_at) for item in surveys)
    return Person(row.id, row.ref, row.submitted_at, row.may_be_quoted, named)


def values_in_use(connection: Connection, attribute_id: int) -> list[str]:
    """List the values that an attribute takes among respondents who have not withdrawn.

    From one value the index leads to the next, whatever the number of people who have each.
    """
    known = respondent_attribute.c
    mine = known.attribute_id == attribute_id
    first = select(func.min(known.value).label("value")).where(mine)
    seen = first.cte("seen", recursive=True)
    following = (
        select(func.min(known.value)).where(mine, known.value > seen.c.value).scalar_subquery()
    )
    seen = seen.union_all(select(following).where(seen.c.value.isnot(None)))
    held = exists().where(
        mine,
        known.value == seen.c.value,
        respondent.c.id == known.respondent_id,
        respondent.c.withdrawn_at.is_(None),
    )
    return list(
        connection.execute(
            select(seen.c.value).where(seen.c.value.isnot(None), held).order_by(seen.c.value)
        ).scalars()
    )


def any_without(connection: Connection, study_id: int, attribute_id: int) -> bool:
    """Tell whether an attribute is not known of some respondent who has not withdrawn."""
    stated = exists().where(
        respondent_attribute.c.respondent_id == respondent.c.id,
        respondent_attribute.c.attribute_id == attribute_id,
    )
    unknown = exists().where(
        respondent.c.study_id == study_id,
        respondent.c.kind == "participant",
        respondent.c.withdrawn_at.is_(None),
        ~stated,
    )
    return bool(connection.execute(select(unknown)).scalar())


def may_not_all_be_quoted(connection: Connection, study_id: int) -> bool:
    """Tell whether some respondent said that they may not be quoted, or has withdrawn."""
    said_no = exists().where(
        respondent.c.study_id == study_id,
        or_(respondent.c.may_be_quoted.is_(False), respondent.c.withdrawn_at.isnot(None)),
    )
    return bool(connection.execute(select(said_no)).scalar())


def attributes_of(
    connection: Connection, respondent_ids: Sequence[int]
) -> dict[int, dict[str, str]]:
    """Give respondents' attributes by name, in the study's order; identifying ones never."""
    found: dict[int, dict[str, str]] = {}
    wanted = list(dict.fromkeys(respondent_ids))
    for start in range(0, len(wanted), 500):
        rows = connection.execute(
            select(
                respondent_attribute.c.respondent_id, attribute.c.name, respondent_attribute.c.value
            )
            .join(attribute, attribute.c.id == respondent_attribute.c.attribute_id)
            .where(
                respondent_attribute.c.respondent_id.in_(wanted[start : start + 500]),
                ~attribute.c.identifying,
            )
            .order_by(attribute.c.position, respondent_attribute.c.value)
        )
        for row in rows:
            mine = found.setdefault(row.respondent_id, {})
            mine[row.name] = f"{mine[row.name]}; {row.value}" if row.name in mine else row.value
    return found
