"""Sessions: a study's focus groups by series, to filter and to count by.

In: a study. Out: what a page offers to choose from.
"""

from __future__ import annotations

from workbench.domain.codings import Actor
from workbench.domain.documents import DocumentKind
from workbench.errors import NotFound
from workbench.store.discussions import sessions
from workbench.store.discussions.sessions import Session
from workbench.store.engine import Database

__all__ = ["Session", "find_series", "list_kinds", "list_sessions"]

NO_SERIES = "In no series"
"""What pages and tables call the focus groups that have no series."""


def list_sessions(actor: Actor, database: Database, study_id: int) -> list[Session]:
    """List a study's focus groups by series, day and name."""
    with database.read() as connection:
        return sessions.list_sessions(connection, study_id)


def find_series(actor: Actor, database: Database, study_id: int, name: str) -> str:
    """Find a series of focus groups, as a filter takes it, by the name that pages show.

    Raises
    ------
    NotFound
        When the study has no such series; the message lists those there are.
    """
    known = {item.series or NO_SERIES: item.series
             for item in list_sessions(actor, database, study_id)}  # fmt: skip
    if name.strip() in known:
        return known[name.strip()]
    raise NotFound(
        f"there is no series of focus groups {name!r}. Series: {', '.join(known) or 'none'}."
    )


def list_kinds(actor: Actor, database: Database, study_id: int) -> list[DocumentKind]:
    """List the kinds of documents that a study has; nothing where there can be but one."""
    with database.read() as connection:
        return sessions.list_kinds(connection, study_id)
