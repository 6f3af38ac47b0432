"""Attributes one by one: their traits, and the values that a person sets by hand.

In: an attribute or a respondent. Out: rows as states, as undo writes them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from workbench.errors import ConflictError, NotFound
from workbench.store.groupings import list_derived, refresh_derived, refresh_one
from workbench.store.tables import (
    attribute,
    attribute_edit,
    coder,
    respondent,
    respondent_attribute,
)

GONE = "gone"
"""In the state of an attribute: that there is no such row."""


def attribute_state(connection: Connection, attribute_id: int) -> dict[str, Any]:
    """Give an attribute's row as a state."""
    row = connection.execute(select(attribute).where(attribute.c.id == attribute_id)).first()
    if row is None:
        raise NotFound("this attribute is not there any more.")
    return dict(row._mapping)


def add_attribute(connection: Connection, study_id: int, **values: Any) -> int:
    """Write a new attribute, the last of its study; give its key."""
    last = select(func.max(attribute.c.position)).where(attribute.c.study_id == study_id)
    place = connection.execute(last).scalar()
    key = connection.execute(
        insert(attribute).values(
            study_id=study_id, position=0 if place is None else place + 1, **values
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def apply_attributes(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write attributes' rows: changed, made again, or taken away with their values.

    Raises
    ------
    ConflictError
        When another attribute has taken the name.
    """
    for row in rows:
        mine = attribute.c.id == row["id"]
        if row.get(GONE):
            delete_attribute(connection, row["id"])
            continue
        _refuse_taken(connection, row)
        if connection.execute(update(attribute).where(mine).values(row)).rowcount == 0:
            connection.execute(insert(attribute).values(row))
    kept = {row["id"]: row["study_id"] for row in rows if not row.get(GONE)}
    for study_id in set(kept.values()):
        for item in list_derived(connection, study_id):
            if item.id in kept:
                refresh_one(connection, item)


def delete_attribute(connection: Connection, attribute_id: int) -> None:
    """Take away a derived attribute with its values, which follow from its original's."""
    for table in (respondent_attribute, attribute_edit):
        connection.execute(delete(table).where(table.c.attribute_id == attribute_id))
    connection.execute(delete(attribute).where(attribute.c.id == attribute_id))


def _refuse_taken(connection: Connection, row: dict[str, Any]) -> None:
    taken = select(attribute.c.id).where(
        attribute.c.study_id == row["study_id"],
        attribute.c.name == row["name"],
        attribute.c.id != row["id"],
    )
    if connection.execute(taken).first() is not None:
        raise ConflictError(f"another attribute is named {row['name']} by now. Rename it first.")


# ---------------------------------------------------------------- values of one respondent


def values_state(connection: Connection, respondent_id: int, attribute_id: int) -> dict[str, Any]:
    """Give what a respondent has for an attribute as a state; `edit` is None if nobody set it."""
    values = connection.execute(
        select(respondent_attribute.c.value)
        .where(_pair(respondent_attribute, respondent_id, attribute_id))
        .order_by(respondent_attribute.c.value)
    ).scalars()
    edit = connection.execute(
        select(attribute_edit.c.coder_id, attribute_edit.c.changed_at).where(
            _pair(attribute_edit, respondent_id, attribute_id)
        )
    ).first()
    return {
        "respondent_id": respondent_id,
        "attribute_id": attribute_id,
        "values": list(values),
        "edit": dict(edit._mapping) if edit else None,
    }


def apply_values(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write respondents' values of attributes, and derive again what follows from them.

    Raises
    ------
    ConflictError
        When a respondent has withdrawn: what is gone does not come back.
    """
    for row in rows:
        key = {"respondent_id": row["respondent_id"], "attribute_id": row["attribute_id"]}
        for table in (respondent_attribute, attribute_edit):
            connection.execute(delete(table).where(_pair(table, **key)))
        if row["values"]:
            connection.execute(
                insert(respondent_attribute), [{**key, "value": value} for value in row["values"]]
            )
        if row["edit"]:
            connection.execute(insert(attribute_edit).values({**key, **row["edit"]}))
    people = sorted({row["respondent_id"] for row in rows})
    if not people:
        return
    of = select(respondent.c.study_id, respondent.c.withdrawn_at)
    held = connection.execute(of.where(respondent.c.id.in_(people))).all()
    if any(row.withdrawn_at for row in held) or len(held) < len(people):
        raise ConflictError("the respondent has withdrawn, or is not in the study any more.")
    refresh_derived(connection, held[0].study_id, people)


def values_target(row: dict[str, Any]) -> tuple[str, int]:
    """Name what such a state is about: one respondent's values of one attribute."""
    return (f"values:{row['attribute_id']}", int(row["respondent_id"]))


def edited_attributes(connection: Connection, respondent_id: int) -> dict[int, tuple[str, str]]:
    """Give for each attribute that was set by hand for a respondent: (who, when)."""
    rows = connection.execute(
        select(attribute_edit.c.attribute_id, coder.c.name, attribute_edit.c.changed_at)
        .join(coder, coder.c.id == attribute_edit.c.coder_id)
        .where(attribute_edit.c.respondent_id == respondent_id)
    )
    return {row.attribute_id: (row.name, row.changed_at) for row in rows}


def values_by_attribute(connection: Connection, respondent_id: int) -> dict[int, tuple[str, ...]]:
    """Give all values of a respondent by attribute, identifying ones too."""
    rows = connection.execute(
        select(respondent_attribute.c.attribute_id, respondent_attribute.c.value)
        .where(respondent_attribute.c.respondent_id == respondent_id)
        .order_by(respondent_attribute.c.value)
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row.attribute_id] = (*found.get(row.attribute_id, ()), row.value)
    return found


def _pair(table: Any, respondent_id: int, attribute_id: int) -> Any:
    return and_(table.c.respondent_id == respondent_id, table.c.attribute_id == attribute_id)
