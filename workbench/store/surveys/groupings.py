"""Derived attributes, and their values for each respondent, kept so that counting stays one query.

In: a rule with its original. Out: rows of `respondent_attribute` for the derived attribute, the
same as if a file had brought them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    update,
)

from workbench.domain import groupings
from workbench.domain.documents import NOT_STATED
from workbench.domain.groupings import UNSETTLED, Calendar, Rule
from workbench.errors import NotFound
from workbench.store.bulk import parts
from workbench.store.tables import attribute, respondent, respondent_attribute
from workbench.store.upsert import add_selected

VALUE = ("respondent_id", "attribute_id", "value")
MANY = 2_000
"""For more people than this, all values are written anew: 100,000 take about a second."""

MANY_VALUES = 500
"""More values than this are not grouped by statements over each of them."""

ORDER = "ordered_values"


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived attribute with its rule. `openly`: made from an identifying one, yet shown."""

    id: int
    source_id: int
    name: str
    rule: Rule
    openly: bool
    own_order: bool
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A derived attribute with values that are in no group yet; how many respondents have them."""

    attribute_id: int
    name: str
    n_respondents: int


def list_derived(connection: Connection, study_id: int) -> list[Derived]:
    """List a study's derived attributes in their order."""
    rows = connection.execute(
        select(attribute)
        .where(attribute.c.study_id == study_id, attribute.c.derived_from.isnot(None))
        .order_by(attribute.c.position, attribute.c.id)
    )
    return [_derived(row) for row in rows]


def get_derived(connection: Connection, attribute_id: int) -> Derived:
    """Read one derived attribute; raises NotFound when there is none with this key."""
    row = connection.execute(
        select(attribute).where(
            attribute.c.id == attribute_id, attribute.c.derived_from.isnot(None)
        )
    ).first()
    if row is None:
        raise NotFound("this grouping is not there any more.")
    return _derived(row)


def _derived(row: Any) -> Derived:
    return Derived(
        row.id,
        row.derived_from,
        row.name,
        groupings.from_json(row.value_map),
        bool(row.value_map.get("openly")),
        ORDER in (row.edited or ()),
        tuple(row.ordered_values),
    )


def refresh_derived(
    connection: Connection, study_id: int, respondent_ids: Iterable[int] | None = None
) -> list[Unsettled]:
    """Derive the values of all derived attributes again, after the originals' values have changed.

    Call it at the end of whatever writes values of attributes, in the same transaction.

    Parameters
    ----------
    respondent_ids
        Whose values have changed; None means everybody's.

    Returns
    -------
    The derived attributes in which values are in no group yet, among all respondents.
    """
    known = list_derived(connection, study_id)
    people = None if respondent_ids is None else list(dict.fromkeys(respondent_ids))
    for item in known:
        refresh_one(connection, item, people)
    return [found for found in (_unsettled(connection, item) for item in known) if found]


def refresh_one(
    connection: Connection, item: Derived, respondent_ids: Sequence[int] | None = None
) -> None:
    """Derive the values of one derived attribute again."""
    if respondent_ids is None or len(respondent_ids) > MANY:
        _rewrite(connection, item)
    else:
        for part in parts(respondent_ids):
            _rewrite_rows(connection, item, respondent_attribute.c.respondent_id.in_(part))
    if isinstance(item.rule, Calendar) and not item.own_order:
        order = groupings.groups_in_order(item.rule, distinct_values(connection, item.source_id))
        if order != item.order:
            connection.execute(
                update(attribute).where(attribute.c.id == item.id).values(ordered_values=order)
            )


def _rewrite(connection: Connection, item: Derived) -> None:
    """Write everybody's derived values anew."""
    values = distinct_values(connection, item.source_id)
    if len(values) > MANY_VALUES:
        _rewrite_rows(connection, item, true())
        return
    _clear(connection, item, true())
    into = groupings.grouper(item.rule)
    members: dict[str, list[str]] = {}
    for value in values:
        members.setdefault(into(value), []).append(value)
    members.pop(NOT_STATED, None)
    for group, held in members.items():  # a statement for each group
        for part in parts(held):
            rows = select(
                respondent_attribute.c.respondent_id, literal(item.id), literal(group)
            ).where(
                respondent_attribute.c.attribute_id == item.source_id,
                respondent_attribute.c.value.in_(part),
            )
            add_selected(connection, respondent_attribute, VALUE, rows.distinct())


def _rewrite_rows(connection: Connection, item: Derived, whose: ColumnElement[bool]) -> None:
    """Write derived values anew row by row: of a few people, or where most values differ."""
    _clear(connection, item, whose)
    into = groupings.grouper(item.rule)
    rows = connection.execute(
        select(respondent_attribute.c.respondent_id, respondent_attribute.c.value).where(
            respondent_attribute.c.attribute_id == item.source_id, whose
        )
    )
    wanted = dict.fromkeys((row.respondent_id, into(row.value)) for row in rows)
    made = [
        {"respondent_id": person, "attribute_id": item.id, "value": group}
        for person, group in wanted
        if group != NOT_STATED
    ]
    if made:
        connection.execute(insert(respondent_attribute), made)


def _clear(connection: Connection, item: Derived, whose: ColumnElement[bool]) -> None:
    connection.execute(
        delete(respondent_attribute).where(respondent_attribute.c.attribute_id == item.id, whose)
    )


def _unsettled(connection: Connection, item: Derived) -> Unsettled | None:
    n = connection.execute(
        select(func.count())
        .select_from(respondent_attribute)
        .join(respondent, respondent.c.id == respondent_attribute.c.respondent_id)
        .where(
            respondent_attribute.c.attribute_id == item.id,
            respondent_attribute.c.value == UNSETTLED,
            respondent.c.withdrawn_at.is_(None),
        )
    ).scalar_one()
    return Unsettled(item.id, item.name, n) if n else None


def distinct_values(connection: Connection, attribute_id: int) -> list[str]:
    """List the different values of an attribute."""
    rows = connection.execute(
        select(respondent_attribute.c.value)
        .where(respondent_attribute.c.attribute_id == attribute_id)
        .distinct()
        .order_by(respondent_attribute.c.value)
    )
    return [row.value for row in rows]


def count_values(connection: Connection, study_id: int, attribute_id: int) -> Counter[str]:
    """Count the participants who have each value of an attribute, and those of whom none is known.

    Who has withdrawn and who only facilitated is not counted, as everywhere.
    """
    shown = func.coalesce(respondent_attribute.c.value, literal(NOT_STATED, literal_execute=True))
    rows = connection.execute(
        select(shown.label("value"), func.count(respondent.c.id.distinct()).label("n"))
        .select_from(
            respondent.outerjoin(
                respondent_attribute,
                (respondent_attribute.c.respondent_id == respondent.c.id)
                & (respondent_attribute.c.attribute_id == attribute_id),
            )
        )
        .where(*_counted(study_id))
        .group_by(shown)
    )
    return Counter({row.value: row.n for row in rows})


def count_groups(
    connection: Connection, study_id: int, attribute_id: int, rule: Rule
) -> Counter[str]:
    """Count the participants whom a rule would put into each group; a preview of `refresh_one`."""
    rows = connection.execute(
        select(respondent.c.id, respondent_attribute.c.value)
        .select_from(
            respondent.outerjoin(
                respondent_attribute,
                (respondent_attribute.c.respondent_id == respondent.c.id)
                & (respondent_attribute.c.attribute_id == attribute_id),
            )
        )
        .where(*_counted(study_id))
    )
    into = groupings.grouper(rule)
    known: dict[str | None, str] = {None: NOT_STATED}
    found: dict[int, set[str]] = {}
    for person, value in rows:
        group = known.get(value)
        if group is None:
            group = known[value] = into(value)
        found.setdefault(person, set()).add(group)
    counts: Counter[str] = Counter()
    for groups in found.values():
        counts.update(groups - {NOT_STATED} or {NOT_STATED})
    return counts


def count_kinds(connection: Connection, study_id: int) -> dict[int, tuple[int, int]]:
    """Count for each attribute its different values, and the people who are in no group yet."""
    rows = connection.execute(
        select(
            respondent_attribute.c.attribute_id,
            func.count(respondent_attribute.c.value.distinct()).label("values"),
            func.count().filter(respondent_attribute.c.value == UNSETTLED).label("unsettled"),
        )
        .join(respondent, respondent.c.id == respondent_attribute.c.respondent_id)
        .where(*_counted(study_id))
        .group_by(respondent_attribute.c.attribute_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _counted(study_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        respondent.c.study_id == study_id,
        respondent.c.kind == "participant",
        respondent.c.withdrawn_at.is_(None),
    )
