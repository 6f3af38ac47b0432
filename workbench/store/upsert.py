"""Rows that two people may write at the same moment.

In: a row. Out: the row, written by whoever came first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_if_absent(connection: Connection, table: Table, **values: Any) -> bool:
    """Write a row unless one with the same key is there; tell whether it was written."""
    made = _insert(connection, table).values(values).on_conflict_do_nothing()
    kept = {"preserve_rowcount": True}  # an insert's is dropped otherwise on a server
    return connection.execute(made, execution_options=kept).rowcount == 1


def add_selected(
    connection: Connection, table: Table, columns: Sequence[str], rows: Select[Any]
) -> None:
    """Write the rows of a query, which must have a condition, but those that are there already."""
    connection.execute(
        _insert(connection, table).from_select(columns, rows).on_conflict_do_nothing()
    )


def _insert(connection: Connection, table: Table) -> Any:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return make(table)
