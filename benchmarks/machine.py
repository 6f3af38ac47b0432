"""The machine that was measured on, in words.

In: the operating system and the installed packages. Out: lines for the report.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from benchmarks import chromium

BUSY = 0.5
"""Other programs' load for each core, above which the report says that times are too long."""


def describe() -> list[tuple[str, str]]:
    """Give what a reader needs to compare numbers with their own."""
    return [
        ("date", f"{datetime.now(UTC):%d %B %Y %H:%M} UTC"),
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("memory", _memory()),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("Streamlit", metadata.version("streamlit")),
        ("SQLAlchemy", metadata.version("sqlalchemy")),
        ("SQLite", sqlite3.sqlite_version),
        ("Chromium", _chromium()),
    ]


def load() -> float | None:
    """Give how many processes have wanted a core in the last minute; None on Windows."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def said_of_load(before: float | None) -> str:
    """Tell how busy the machine was with other work before the run."""
    if before is None:
        return "How busy the machine was with other work is not known."
    cores = os.cpu_count() or 1
    words = f"Before the run the machine's load was {before:.1f} on {cores} cores"
    if before > BUSY * cores:
        return f"{words}: other work was going on, so that times are longer than on a quiet one."
    return f"{words}: it was quiet."


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:  # not Linux
        pass
    return platform.processor() or platform.machine()


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # not a Unix
        return "unknown"
    return f"{size / 2**30:.0f} GiB"


def _chromium() -> str:
    path = chromium.find()
    if path is None:
        return "not installed"
    done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30)
    return done.stdout.strip().removeprefix("Chromium ").split(" built")[0] or "unknown"
