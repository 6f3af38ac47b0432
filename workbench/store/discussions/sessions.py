"""The sessions of a study: its focus groups by series, and which kinds of documents it has.

In: a study. Out: what there is to filter by and to count by.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from workbench.domain.documents import DocumentKind, document_label
from workbench.store.tables import document, recording


@dataclass(frozen=True, slots=True)
class Session:
    """A focus group by the name of its document. `series` and `held_on` may be empty."""

    id: int
    name: str
    series: str
    held_on: str


def list_sessions(connection: Connection, study_id: int) -> list[Session]:
    """List a study's focus groups by series, day and name."""
    series, held_on = func.coalesce(document.c.series, ""), func.coalesce(document.c.held_on, "")
    rows = connection.execute(
        select(document.c.id, document.c.ref, series, held_on)
        .where(
            document.c.study_id == study_id,
            document.c.respondent_id.is_(None),  # few, along an index
            document.c.kind == "focus_group",
        )
        .order_by(series, held_on, document.c.ref, document.c.id)
    )
    return [Session(row[0], document_label(row[0], None, row[1]), row[2], row[3]) for row in rows]


def list_kinds(connection: Connection, study_id: int) -> list[DocumentKind]:
    """List the kinds of documents that a study has, where it may have several."""
    shared = select(document.c.kind).where(
        document.c.study_id == study_id, document.c.respondent_id.is_(None)
    )
    found = set(connection.execute(shared.distinct()).scalars())
    heard = select(recording.c.id).where(
        recording.c.study_id == study_id, recording.c.purpose == "voice_note"
    )
    if not found and connection.execute(heard.limit(1)).first() is None:
        return []
    kinds: tuple[DocumentKind, ...] = ("answer", "voice_note", "focus_group", "note")
    return [kind for kind in kinds if kind in found or kind in ("answer", "voice_note")]
