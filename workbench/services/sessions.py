"""Sessions: a study's focus groups by series, to filter and to count by.

In: a study. Out: what a page offers to choose from.
"""

from __future__ import annotations

from workbench.domain.codings import Actor
from workbench.domain.documents import DocumentKind
from workbench.store import sessions
from workbench.store.engine import Database
from workbench.store.sessions import Session

__all__ = ["Session", "list_kinds", "list_sessions"]


def list_sessions(actor: Actor, database: Database, study_id: int) -> list[Session]:
    """List a study's focus groups by series, day and name."""
    with database.read() as connection:
        return sessions.list_sessions(connection, study_id)


def list_kinds(actor: Actor, database: Database, study_id: int) -> list[DocumentKind]:
    """List the kinds of documents that a study has; nothing where there can be but one."""
    with database.read() as connection:
        return sessions.list_kinds(connection, study_id)
