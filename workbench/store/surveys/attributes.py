"""Attributes one by one: their traits, and the values that a person sets by hand.

In: an attribute or a respondent. Out: rows as states, as undo writes them back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from workbench.errors import ConflictError, GoneError, NotFound
from workbench.store.surveys.groupings import get_derived, refresh_derived, refresh_one
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
    """Write attributes: some traits of one, a derived one made again, or taken away.

    A state holds the traits that an operation changed and no others, so that undo does not take
    back what an import has brought since, such as that an attribute is identifying.

    Raises
    ------
    ConflictError
        When another attribute has taken the name.
    GoneError
        When an attribute, or the one that it is derived from, is not there any more.
    """
    for row in rows:
        if row.get(GONE):
            _delete(connection, row["id"])
            continue
        _refuse_taken(connection, row)
        mine = attribute.c.id == row["id"]
        if connection.execute(update(attribute).where(mine).values(row)).rowcount == 0:
            _insert_again(connection, row)
        if "value_map" in row:
            refresh_one(connection, get_derived(connection, row["id"]))


def _insert_again(connection: Connection, row: dict[str, Any]) -> None:
    if "derived_from" not in row:
        raise GoneError("the attribute is not there any more.")
    hidden = connection.execute(
        select(attribute.c.identifying).where(attribute.c.id == row["derived_from"])
    ).scalar()
    if hidden is None:
        raise GoneError("the attribute that it is derived from is not there any more.")
    openly = row["value_map"].get("openly")
    connection.execute(
        insert(attribute).values(
            {**row, "identifying": row["identifying"] or (hidden and not openly)}
        )
    )


def _delete(connection: Connection, attribute_id: int) -> None:
    """Take away a derived attribute with its values, which follow from its original's."""
    connection.execute(
        delete(respondent_attribute).where(respondent_attribute.c.attribute_id == attribute_id)
    )
    connection.execute(delete(attribute).where(attribute.c.id == attribute_id))


def _refuse_taken(connection: Connection, row: dict[str, Any]) -> None:
    if "name" not in row:
        return
    of = select(attribute.c.study_id).where(attribute.c.id == row["id"])
    study_id = row.get("study_id") or connection.execute(of).scalar()
    taken = select(attribute.c.id).where(
        attribute.c.study_id == study_id,
        attribute.c.name == row["name"],
        attribute.c.id != row["id"],
    )
    if connection.execute(taken).first() is not None:
        raise ConflictError(f"another attribute is named {row['name']} by now. Rename it first.")


# ---------------------------------------------------------------- values of one respondent


def values_state(connection: Connection, respondent_id: int, attribute_id: int) -> dict[str, Any]:
    """Give what a respondent has for an attribute as a state; `edit` is None if nobody set it."""
    values = connection.execute(
        select(respondent_attribute.c.value).where(
            _pair(respondent_attribute, respondent_id, attribute_id)
        )
    ).scalars()
    edit = connection.execute(
        select(attribute_edit.c.coder_id, attribute_edit.c.changed_at).where(
            _pair(attribute_edit, respondent_id, attribute_id)
        )
    ).first()
    return {
        "respondent_id": respondent_id,
        "attribute_id": attribute_id,
        "values": sorted(values),
        "edit": dict(edit._mapping) if edit else None,
    }


def apply_values(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write respondents' values of attributes, and derive again what follows from them.

    Raises
    ------
    GoneError
        When a respondent has withdrawn, or they or an attribute went with an import that was taken
        back: what is gone does not come back.
    """
    if not rows:
        return
    people = sorted({row["respondent_id"] for row in rows})
    study_id = _refuse_gone(connection, people, {row["attribute_id"] for row in rows})
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
    refresh_derived(connection, study_id, people)


def _refuse_gone(connection: Connection, people: Sequence[int], attributes: Collection[int]) -> int:
    """See to it that these respondents and attributes are still there; give their study."""
    of = select(respondent.c.study_id, respondent.c.withdrawn_at)
    held = connection.execute(of.where(respondent.c.id.in_(people))).all()
    if any(row.withdrawn_at for row in held) or len(held) < len(people):
        raise GoneError("the respondent has withdrawn, or is not in the study any more.")
    known = select(func.count()).select_from(attribute).where(attribute.c.id.in_(attributes))
    if connection.execute(known).scalar_one() < len(attributes):
        raise GoneError("the attribute is not there any more.")
    return int(held[0].study_id)


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
