"""Opening: which database to work in, and keeping it safe.

In: a URL or nothing. Out: an open database; a backup; what a doctor would ask.
"""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.store import engine
from workbench.store.engine import Database

__all__ = ["Database", "backup", "diagnose", "open_database", "upgrade"]

OWNERS_PACKAGES = ("streamlit", "pandas", "spacy", "openai-whisper", "scikit-learn")


def open_database(url: str, *, upgrade: bool = True) -> Database:
    """Open a database; see `workbench.store.engine.open_database`."""
    return engine.open_database(url, upgrade=upgrade)


def upgrade(database: Database) -> tuple[str | None, str, Path | None]:
    """Bring the schema up to date: (version before, version now, backup made first)."""
    before = engine.schema_version(database)
    if before == engine.HEAD:
        return before, engine.HEAD, None
    return before, engine.HEAD, engine.upgrade_database(database)


def backup(database: Database, target: Path | None = None) -> Path:
    """Copy the database while it is in use; give the copy's place."""
    return engine.backup_database(database, target)


def diagnose(url: str) -> list[tuple[str, bool, str]]:
    """Look at everything that the workbench needs: (what, in order, what was found)."""
    found = [("Python", sys.version_info >= (3, 11), platform.python_version())]
    for name in OWNERS_PACKAGES:
        try:
            found.append((name, True, metadata.version(name)))
        except metadata.PackageNotFoundError:
            found.append((name, False, f"not installed: pip install {name}"))
    found.append(
        (
            "PostgreSQL driver",
            True,
            "installed" if find_spec("psycopg") else "not installed (needed for a team server)",
        )
    )
    try:
        database = engine.open_database(url, upgrade=False)
        version = engine.schema_version(database)
        state = "new" if version is None else f"schema {version}"
        current = version in (None, engine.HEAD)
        hint = "" if current else "; run: workbench db upgrade"
        found.append(("Database", current, f"{database.shown_url}, {state}{hint}"))
        database.close()
    except WorkbenchError as error:
        found.append(("Database", False, str(error)))
    return found
