"""What a person has set for themselves, whichever study they work in: one value for each name.

In: a coder. Out: values as JSON keeps them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from workbench.errors import NotFound
from workbench.store.tables import coder


def get_preference(connection: Connection, coder_id: int, name: str) -> Any:
    """Give what a person has set under a name, or None."""
    return _all(connection, coder_id).get(name)


def set_preference(connection: Connection, coder_id: int, name: str, value: object) -> None:
    """Set one value and leave the others.

    Raises
    ------
    NotFound
        When there is no such person.
    """
    values = {**_all(connection, coder_id), name: value}
    connection.execute(update(coder).where(coder.c.id == coder_id).values(preferences=values))


def _all(connection: Connection, coder_id: int) -> dict[str, Any]:
    row = connection.execute(select(coder.c.preferences).where(coder.c.id == coder_id)).first()
    if row is None:
        raise NotFound("this person is not known in the database any more. Choose who you are.")
    return dict(row.preferences or {})
