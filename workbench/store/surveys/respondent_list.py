"""Respondents as a list: searched by ref, filtered by group and survey, a page at a time.

In: a filter. Out: one page, counts, and who comes before and after somebody. All of it is SQL's, so
that a hundred thousand respondents open as quickly as a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, literal_column, or_, select

from workbench.domain.codings import Group
from workbench.domain.documents import NOT_STATED
from workbench.errors import InputError
from workbench.store.documents.document_filter import MAX_SEARCH
from workbench.store.planning import only_checked
from workbench.store.surveys.respondents import attributes_of
from workbench.store.tables import (
    document,
    respondent,
    respondent_attribute,
    respondent_survey,
    speaker,
)


@dataclass(frozen=True, slots=True)
class RespondentFilter:
    """Which respondents are meant; empty parts do not restrict.

    `search` is looked for anywhere in a ref, whatever its capitals. `groups` pairs an attribute's
    key with a value, or with several of which one must hold; all pairs must hold.
    """

    search: str = ""
    groups: tuple[Group, ...] = ()
    survey_id: int | None = None


@dataclass(frozen=True, slots=True)
class ListedRespondent:
    """A respondent as a list shows them. `attributes` holds no identifying ones."""

    id: int
    ref: str
    n_answers: int
    n_groups: int = 0  # focus groups in which they speak
    attributes: dict[str, str] = field(default_factory=dict)


def list_respondents(
    connection: Connection,
    study_id: int,
    where: RespondentFilter,
    *,
    offset: int = 0,
    limit: int = 50,
) -> list[ListedRespondent]:
    """List one page of a study's respondents, in the order in which they came in."""
    n_answers = (
        select(func.count())
        .where(document.c.respondent_id == respondent.c.id, document.c.codable)
        .correlate(respondent)
        .scalar_subquery()
    )
    n_groups = (
        select(func.count(speaker.c.document_id.distinct()))
        .where(speaker.c.respondent_id == respondent.c.id)
        .correlate(respondent)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            respondent.c.id,
            respondent.c.ref,
            n_answers.label("n_answers"),
            n_groups.label("n_groups"),
        )
        .where(*respondent_conditions(study_id, where))
        .order_by(respondent.c.id)
        .offset(offset)
        .limit(limit)
    ).all()
    known = attributes_of(connection, [row.id for row in rows])
    return [
        ListedRespondent(row.id, row.ref, row.n_answers, row.n_groups, known.get(row.id, {}))
        for row in rows
    ]


def count_respondents(
    connection: Connection, study_id: int, where: RespondentFilter, *, before: int = 0
) -> tuple[int, int]:
    """Count the respondents of a filter, and those of them that stand before one (by key)."""
    row = connection.execute(
        select(
            func.count().label("total"),
            func.count().filter(respondent.c.id < before).label("before"),
        ).where(*respondent_conditions(study_id, where))
    ).one()
    return row.total, row.before


def neighbour(
    connection: Connection,
    study_id: int,
    where: RespondentFilter,
    respondent_id: int,
    *,
    step: Literal["next", "previous"] = "next",
) -> int | None:
    """Give the respondent after (or before) one, who need not fit the filter; None at the end."""
    key = respondent.c.id
    beyond, order = (
        (key > respondent_id, key) if step == "next" else (key < respondent_id, key.desc())
    )
    found: int | None = connection.execute(
        select(key)
        .where(*respondent_conditions(study_id, where), beyond)
        .order_by(order)
        .limit(1)
    ).scalar()  # fmt: skip
    return found


def respondent_conditions(study_id: int, where: RespondentFilter) -> list[ColumnElement[bool]]:
    """Turn a filter into conditions on `respondent`; who has withdrawn never fits."""
    if len(where.search) > MAX_SEARCH:
        raise InputError(
            f"the search has {len(where.search):,} characters, at most {MAX_SEARCH} are looked for."
        )
    conditions = [
        only_checked(respondent.c.study_id) == study_id,
        respondent.c.kind == literal_column("'participant'"),
        respondent.c.withdrawn_at.is_(None),
        *(_in_group(*group) for group in where.groups),
    ]
    wanted = where.search.strip()
    if wanted:
        pattern = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        conditions.append(respondent.c.ref.ilike(f"%{pattern}%", escape="\\"))
    if where.survey_id is not None:
        conditions.append(
            respondent.c.id.in_(
                select(respondent_survey.c.respondent_id).where(
                    respondent_survey.c.survey_id == where.survey_id
                )
            )
        )
    return conditions


def _in_group(attribute_id: int, value: str | Sequence[str]) -> ColumnElement[bool]:
    """Tell whether a respondent belongs to a group: found by the group, not one by one."""
    values = [value] if isinstance(value, str) else list(value)
    stated = select(respondent_attribute.c.respondent_id).where(
        respondent_attribute.c.attribute_id == attribute_id
    )
    named = [item for item in values if item != NOT_STATED]
    choices: list[ColumnElement[bool]] = []
    if named:
        choices.append(respondent.c.id.in_(stated.where(respondent_attribute.c.value.in_(named))))
    if len(named) < len(values):
        choices.append(respondent.c.id.not_in(stated))
    return or_(*choices)
