"""Very many rows at once: keys taken in advance, rows sent to the driver as they are.

In: columns and rows as tuples. Out: rows in a table. For whoever holds the database's write lock
(SQLite) or takes keys from a sequence (PostgreSQL), so that no two writers get the same.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Table,
    any_,
    bindparam,
    func,
    select,
    text,
)

Item = TypeVar("Item")

KEYS = 450
"""Keys per statement, which may name them twice; SQLite allows 999 variables in old builds."""


def parts(items: Sequence[Item], size: int = KEYS) -> Iterator[Sequence[Item]]:
    """Cut a list into parts that fit a statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


@contextmanager
def without_collecting() -> Iterator[None]:
    """Collect no garbage for a moment in which others wait.

    Each collection walks through all that a large file holds, which stays: a quarter of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def among(connection: Connection, column: Any, keys: Iterable[Any]) -> ColumnElement[bool]:
    """Say that a column is one of these keys, in one statement however many they are.

    They are one parameter: SQLite reads it as JSON, PostgreSQL as an array. Text and numbers only.
    """
    listed = list(keys)
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps(listed)).table_valued("value")
        is_one: ColumnElement[bool] = column.in_(select(each.c.value))
    else:
        is_one = column == any_(bindparam(None, listed, type_=ARRAY(column.type)))
    return is_one


def reserve_keys(connection: Connection, table: Table, n: int) -> Sequence[int]:
    """Give keys for so many new rows of a table, in rising order.

    On SQLite they must be used before any others are asked for: nothing but the rows themselves
    tells that a key is taken.
    """
    if not n:
        return ()
    if connection.dialect.name == "sqlite":
        last = connection.execute(_LAST, {"name": table.name}).scalar() or 0
        return range(last + 1, last + n + 1)
    return sorted(connection.execute(_NEXT, {"name": table.name, "n": n}).scalars())


_LAST = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_NEXT = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :n)")


def insert_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Write rows given as tuples in the order of these columns; no key comes back.

    Values go to the driver untouched: texts, numbers, booleans and None only.
    """
    if not rows:
        return
    quote = connection.dialect.identifier_preparer.quote
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    names = ", ".join(map(quote, columns))
    marks = ", ".join([mark] * len(columns))
    connection.exec_driver_sql(
        f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})", list(rows)
    )
