"""Rows that two people may write at the same moment.

In: a row. Out: the row, written by whoever came first.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_if_absent(connection: Connection, table: Table, **values: Any) -> bool:
    """Write a row unless one with the same key is there; tell whether it was written."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return connection.execute(make(table).values(values).on_conflict_do_nothing()).rowcount == 1
