"""SQLite files of other programs: opened so that nothing in them can act.

In: an open file. Out: rows of its tables. A file may come from anywhere: it is copied, opened for
reading only, its views and triggers are never used, and its size is limited.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from workbench.errors import RefiError

HEADER = b"SQLite format 3\x00"
MAX_BYTES = 2 * 1024**3
_STEPS = 100_000
_MAX_CALLS = 200_000
"""Of `_STEPS` instructions each: a crafted file could make a query run for ever."""


def is_sqlite(stream: BinaryIO) -> bool:
    """Tell whether a file is an SQLite database, by its first bytes."""
    stream.seek(0)
    return stream.read(len(HEADER)) == HEADER


class SqliteFile:
    """An open database of another program."""

    def __init__(self, connection: sqlite3.Connection, source: str) -> None:
        self._connection = connection
        self.source = source
        self._calls = 0
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        connection.set_progress_handler(self._tick, _STEPS)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        self.tables: dict[str, tuple[str, ...]] = {}
        for name, sql in self._run("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
            if not str(sql or "").lstrip()[:20].upper().startswith("CREATE VIRTUAL"):
                self.tables[name] = self._columns(name)

    def has(self, *tables: str) -> bool:
        """Tell whether all these tables are there."""
        return all(name in self.tables for name in tables)

    def rows(self, table: str, columns: Sequence[str], order: str = "") -> Iterator[dict[str, Any]]:
        """Yield the rows of a table; a column that it does not have is None.

        Parameters
        ----------
        table, columns, order
            Names of our own, never from the file.
        """
        known = self.tables.get(table, ())
        there = [name for name in columns if name in known]
        if not there:
            return
        listed = ", ".join(f'"{name}"' for name in there)
        by = f' ORDER BY "{order}"' if order in known and order else ""
        for row in self._run(f'SELECT {listed} FROM "{table}"{by}'):
            yield {**dict.fromkeys(columns), **dict(zip(there, row, strict=True))}

    def _columns(self, table: str) -> tuple[str, ...]:
        quoted = table.replace('"', '""')
        return tuple(row[1] for row in self._run(f'PRAGMA table_info("{quoted}")'))

    def _run(self, statement: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._connection.execute(statement)
        except (sqlite3.Error, OverflowError, MemoryError) as error:
            raise damaged(self.source) from error

    def _tick(self) -> int:
        self._calls += 1
        return self._calls > _MAX_CALLS


@contextmanager
def open_sqlite(stream: BinaryIO, source: str) -> Iterator[SqliteFile]:
    """Open a database for reading.

    Raises
    ------
    RefiError
        When it is too large, or is damaged.
    """
    stream.seek(0, 2)
    if stream.tell() > MAX_BYTES:
        raise RefiError(
            f"the file is larger than {MAX_BYTES // 1024**3} GiB.", source=source,
            hint="Take recordings and pictures out of the project and export it again.",
        )  # fmt: skip
    stream.seek(0)
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        copy = Path(folder) / "project.sqlite3"
        with copy.open("wb") as file:
            shutil.copyfileobj(stream, file)
        try:
            connection = sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)
        except sqlite3.Error as error:
            raise damaged(source) from error
        with closing(connection):
            try:
                found = SqliteFile(connection, source)
            except sqlite3.Error as error:
                raise damaged(source) from error
            yield found


def damaged(source: str) -> RefiError:
    """Say that a database cannot be read."""
    return RefiError(
        "the database is damaged, or was copied while its program was writing.",
        source=source,
        hint="Close the other program, and copy or export the project again.",
    )
