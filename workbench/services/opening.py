"""Opening: which database to work in, and keeping it safe.

In: a URL or nothing. Out: an open database; where it lies; a backup; what a doctor would ask.
"""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.services.voice_notes import models
from workbench.store import engine
from workbench.store.engine import Database

__all__ = [
    "Database",
    "Storage",
    "backup",
    "diagnose",
    "open_database",
    "storage",
    "upgrade",
]

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


@dataclass(frozen=True, slots=True)
class Storage:
    """Where the data live. A database on a server has an address only."""

    address: str
    size_bytes: int | None = None
    latest_backup: Path | None = None
    backed_up_at: str | None = None


def storage(database: Database) -> Storage:
    """Tell where the data live, how large they are, and when they were last copied."""
    path = database.path
    if path is None:
        return Storage(database.shown_url)
    # What was written last may still lie in the log beside the file.
    parts = (path, path.with_name(f"{path.name}-wal"))
    size = sum(part.stat().st_size for part in parts if part.exists())
    copy = engine.latest_backup(database)
    if copy is None:
        return Storage(str(path), size)
    at = datetime.fromtimestamp(copy.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return Storage(str(path), size, copy, at)


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
    found.append(("Speech recognition models", True, models.said_of_folder()))
    found.append(("Sample model", *models.said_of_sample()))
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
