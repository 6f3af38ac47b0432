"""Filters that were given a name, for everybody in a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from workbench.store.clock import now
from workbench.store.tables import coder, saved_filter


@dataclass(frozen=True, slots=True)
class StoredFilter:
    """A filter as it was saved. `settings` holds keys, values and words, as its page wrote them."""

    id: int
    name: str
    settings: dict[str, Any]
    created_by: str
    changed_at: str


def list_filters(connection: Connection, study_id: int, page: str) -> list[StoredFilter]:
    """List the filters of a page, in the order in which they were made."""
    rows = connection.execute(
        select(saved_filter, coder.c.name.label("maker"))
        .join(coder, coder.c.id == saved_filter.c.created_by)
        .where(saved_filter.c.study_id == study_id, saved_filter.c.page == page)
        .order_by(saved_filter.c.id)
    )
    return [
        StoredFilter(row.id, row.name, dict(row.settings), row.maker, row.changed_at)
        for row in rows
    ]


def add_filter(
    connection: Connection,
    study_id: int,
    *,
    page: str,
    name: str,
    settings: Mapping[str, Any],
    actor_id: int,
) -> int:
    """Write a new filter; give its key."""
    at = now()
    key = connection.execute(
        insert(saved_filter).values(
            study_id=study_id,
            page=page,
            name=name,
            settings=dict(settings),
            created_by=actor_id,
            created_at=at,
            changed_at=at,
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def change_filter(connection: Connection, filter_id: int, **values: Any) -> None:
    """Give a filter another name or other settings."""
    connection.execute(
        update(saved_filter)
        .where(saved_filter.c.id == filter_id)
        .values(changed_at=now(), **values)
    )


def delete_filter(connection: Connection, filter_id: int) -> None:
    """Take a filter away."""
    connection.execute(delete(saved_filter).where(saved_filter.c.id == filter_id))
