"""The `workbench` command: the same services as the screens, for batches and scripts.

Standard output holds the result (with `--json` one JSON object and nothing else); messages go to
standard error. Exit status: 0 done, 1 refused with a message, 2 wrong usage.
"""

from __future__ import annotations

from workbench.cli import (  # noqa: F401 - they register
    adjudicate,
    agree,
    audit,
    coding,
    database,
    discussions,
    equity,
    groups,
    imports,
    memos,
    projects,
    recordings,
    refi,
    results,
    serving,
    studies,
    team,
    transcribing,
    transcript_files,
    transcripts_in,
    units,
    versions,
)
from workbench.cli.app import app, main

__all__ = ["app", "main"]
