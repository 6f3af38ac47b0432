"""Open a database, SQLite by default and PostgreSQL by URL, and hand out transactions.

In: a URL or nothing. Out: a `Database` whose schema is current.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from glob import escape
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import StaticPool

from workbench.errors import MissingExtra, SchemaOutOfDate, StoreError
from workbench.store.clock import now

__all__ = [
    "Connection",
    "Database",
    "backup_database",
    "latest_backup",
    "open_database",
    "passing_copy",
    "schema_version",
    "upgrade_database",
]

HEAD = "0006"
"""The newest migration. Kept here so that opening a current database need not load Alembic."""

BUSY_TIMEOUT_MS = 20_000

BACKUPS = "backups"
"""The folder of copies, beside the database."""


class Database:
    """One open database.

    Parameters
    ----------
    url
        An SQLAlchemy URL, such as `sqlite:////home/me/study.sqlite3` or
        `postgresql://user@host/name`.
    """

    def __init__(self, url: str, *, copied: sqlite3.Connection | None = None) -> None:
        self.url = _with_driver(url)
        self.engine = _create_engine(self.url, copied)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file of one's own rather than a server."""
        return self.engine.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The database file, or None on a server or in memory."""
        name = self.engine.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @property
    def shown_url(self) -> str:
        """The URL without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state and changes nothing."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._telling(), self.engine.connect().execution_options(**options) as connection:
            yield connection
            connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes all happen or none.

        On SQLite the write lock is taken at the start (`BEGIN IMMEDIATE`): a deferred transaction
        that upgrades later fails at once when another has written, whatever the busy timeout.
        """
        with (
            self._telling(),
            self.engine.connect().execution_options(immediate=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Say it in words when the database is busy, full, read-only or gone."""
        try:
            yield
        except OperationalError as error:
            raise StoreError(
                f"{self.shown_url}: the database did not answer ({error.orig}). "
                "Nothing was changed. Try again."
            ) from error

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(url: str, *, upgrade: bool = True) -> Database:
    """Open a database and bring its schema up to date.

    A new one is created. An older SQLite file is upgraded after a backup beside it; an older
    server database is refused, since others may be at work in it.

    Raises
    ------
    StoreError
        When the URL is wrong or the server or file cannot be reached.
    SchemaOutOfDate
        When the database is newer than this program, or is an older one on a server.
    MissingExtra
        When the driver of a server is not installed.
    """
    database = Database(url)
    try:
        _make_ready(database, upgrade=upgrade)
    except BaseException:
        database.close()
        raise
    return database


def _make_ready(database: Database, *, upgrade: bool) -> None:
    if database.path is not None:
        _make_folder(database.path.parent)
    try:
        current = schema_version(database)
    except OperationalError as error:
        raise StoreError(
            f"{database.shown_url}: the database cannot be opened ({error.orig}). "
            "Check the address, and that the server runs or the folder may be written."
        ) from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        why = getattr(error, "orig", error)
        raise StoreError(
            f"{database.shown_url}: this is no database ({why}). Choose another file."
        ) from error
    if current == HEAD:
        return
    if current is not None and current > HEAD:
        raise SchemaOutOfDate(
            f"{database.shown_url} was written by a newer version of the workbench "
            f"(schema {current}, this program knows {HEAD}). Update the workbench."
        )
    if not upgrade:
        return
    if current is not None and not database.is_sqlite:
        raise SchemaOutOfDate(
            f"{database.shown_url} has schema {current}, this program needs {HEAD}. "
            "Make a backup, then run: workbench db upgrade"
        )
    upgrade_database(database)


def schema_version(database: Database) -> str | None:
    """Give the number of the last migration, or None for an empty database."""
    with database.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if "alembic_version" not in tables:
            if tables:
                raise StoreError(
                    f"{database.shown_url} holds tables of another program. "
                    "Choose an empty database."
                )
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade_database(database: Database) -> Path | None:
    """Run the migrations that are missing; give the backup made first, if any."""
    from workbench.store.migrations import upgrade

    backup = None
    if database.path is not None and schema_version(database) is not None:
        backup = backup_database(database, _backup_path(database.path))
    upgrade(database.engine)
    return backup


def backup_database(database: Database, target: Path | None = None) -> Path:
    """Copy an SQLite database while it is in use, through SQLite's backup interface.

    Raises
    ------
    StoreError
        On a server database (use its own tools, such as pg_dump), when there is a file of that
        name already, or when the copy fails.
    """
    source = database.path
    if source is None:
        raise StoreError(
            f"{database.shown_url} is on a server. Use the server's own backup, such as pg_dump."
        )
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000

    def waited(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("the database is locked")

    target = target or _backup_path(source)
    if target.exists():
        raise StoreError(f"{target} is there already. Choose another name for the backup.")
    _make_folder(target.parent)
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new, progress=waited)
    except sqlite3.Error as error:
        raise StoreError(f"{target}: the backup could not be written ({error}).") from error
    return target


@contextmanager
def passing_copy(database: Database) -> Iterator[Database]:
    """Give a copy of an SQLite database to try something on: nobody waits, and nothing stays.

    SQLite keeps it in a file that has no name, so that no other program sees it and it is gone when
    this one ends, however it ends. Other databases are given as they are: on a server, whoever
    writes waits for the same rows only.
    """
    if database.path is None:
        yield database
        return
    with closing(sqlite3.connect("", check_same_thread=False)) as copy:
        try:
            with closing(sqlite3.connect(database.path)) as there:
                there.backup(copy)
        except sqlite3.Error as error:
            raise StoreError(
                f"{database.shown_url}: there was no room for a copy to try it on ({error}). "
                "Nothing was changed."
            ) from error
        tried = Database(database.url, copied=copy)
        try:
            yield tried
        finally:
            tried.close()


def latest_backup(database: Database) -> Path | None:
    """Find the newest copy in the database's own folder of backups; None when there is none."""
    if database.path is None:
        return None
    path = database.path
    digits = "[0-9]" * 2
    stamp = f"{digits}{digits}-{digits}-{digits}T*Z"  # as `_backup_path` writes it: it sorts
    found = (path.parent / BACKUPS).glob(f"{escape(path.stem)}-{stamp}{escape(path.suffix)}")
    return max(found, key=lambda item: item.name, default=None)


def _backup_path(path: Path) -> Path:
    stamp = now().replace(":", "").replace(".", "")
    return path.parent / BACKUPS / f"{path.stem}-{stamp}{path.suffix}"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: the folder cannot be made ({error.strerror}).") from error


def _with_driver(url: str) -> str:
    """Name the driver where a URL names only the kind of database."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _create_engine(url: str, copied: sqlite3.Connection | None) -> Engine:
    try:
        parsed = make_url(url)
        options: dict[str, Any] = {"pool_pre_ping": True}
        if parsed.get_backend_name() == "sqlite":
            options = {}
        if copied is not None:
            options = {"creator": lambda: copied, "poolclass": StaticPool}
        engine = create_engine(parsed, **options)
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(
            f"{url.split('@')[-1]} is not a database address. Examples: "
            "sqlite:////home/me/study.sqlite3, postgresql://user@host/name"
        ) from error
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "The PostgreSQL driver is not installed: pip install 'speakout-workbench[postgresql]'"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _use_wal(cursor)
    for pragma in (
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Switch to write-ahead logging. SQLite does not wait for its turn here, so we do."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
