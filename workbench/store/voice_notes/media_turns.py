"""Turns at the media folder: who uses what lies there, and who takes away what nobody uses.

In: a transaction. Out: the same, with a lock until its end, so that no recording is taken away
between the moment somebody has found it there and the moment their use of it can be seen. SQLite
has one writer at a time anyway; PostgreSQL takes an advisory lock.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select

LOCK = 7_236_118
"""Of the advisory lock. Any number will do that nothing else takes."""


def use(connection: Connection) -> None:
    """Wait until nobody takes recordings away, and let nobody begin to; many may use at once."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(LOCK)))


def take_away(connection: Connection) -> None:
    """Wait until nobody is about to use a recording that is there, and let nobody begin to."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
