"""Schema changes, one file each under `versions/`, run by Alembic.

In: an engine. Out: the same database with the newest schema.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, func, select

from workbench.errors import StoreError

HERE = Path(__file__).parent

LOCK = 0x5350454B
"""The server's lock under which schemas change; any number that is always the same."""


def configuration() -> Config:
    """Alembic's settings, without an .ini file."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, target: str = "head") -> None:
    """Run every migration up to `target`, all or none; one program at a time.

    Raises
    ------
    StoreError
        When a migration would leave rows that refer to nothing.
    """
    config = configuration()
    with engine.connect().execution_options(immediate=True) as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # Batch migrations rebuild tables; that must not trip over foreign keys.
            _foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
                config.attributes["connection"] = connection
                command.upgrade(config, target)
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise StoreError(
                        "the upgrade would leave rows that refer to nothing. Nothing was changed."
                    )
        finally:
            if sqlite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    """Switch foreign keys by way of the driver: within a transaction SQLite ignores this."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={state}")
    cursor.close()
