"""Schema changes, one file each under `versions/`, run by Alembic.

In: an engine. Out: the same database with the newest schema.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

HERE = Path(__file__).parent


def configuration() -> Config:
    """Alembic's settings, without an .ini file."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, target: str = "head") -> None:
    """Run every migration up to `target`, all or none."""
    config = configuration()
    with engine.connect().execution_options(immediate=True) as connection:
        if engine.dialect.name == "sqlite":
            # Batch migrations rebuild tables; that must not trip over foreign keys.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, target)
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.rollback()
