"""Focus groups: documents in which several people speak.

In: a study. Out: its groups with their size, one found by name; when and in which series one was
held. Turns and speakers are in `speakers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from workbench.store.tables import document, import_batch, revision, segment, speaker


@dataclass(frozen=True, slots=True)
class FocusGroup:
    """A focus group as lists show it. `series` and `held_on` (YYYY-MM-DD) may be empty."""

    id: int
    name: str
    series: str
    held_on: str
    revision_id: int
    sha256: str
    n_words: int
    n_turns: int
    n_speakers: int


def list_groups(
    connection: Connection, study_id: int, document_id: int | None = None
) -> list[FocusGroup]:
    """List a study's focus groups by series and name; with a key, that one alone."""
    query = _groups().where(document.c.study_id == study_id)
    if document_id is not None:
        query = query.where(document.c.id == document_id)
    query = query.order_by(func.coalesce(document.c.series, ""), document.c.ref, document.c.id)
    return [_group(row) for row in connection.execute(query)]


def find_group(connection: Connection, study_id: int, name: str) -> FocusGroup | None:
    """Find a focus group by name."""
    query = _groups().where(document.c.study_id == study_id, document.c.ref == name)
    row = connection.execute(query).first()
    return _group(row) if row else None


def name_of_file(connection: Connection, study_id: int, sha256: str) -> str | None:
    """Find the name of a focus group that a file, by its SHA-256, has brought in or corrected."""
    query = (
        select(document.c.ref)
        .join(revision, revision.c.document_id == document.c.id)
        .join(import_batch, import_batch.c.id == revision.c.import_batch_id)
        .where(document.c.study_id == study_id, document.c.kind == "focus_group")
        .where(import_batch.c.study_id == study_id, import_batch.c.sha256 == sha256)
        .order_by(document.c.id)
    )
    return connection.execute(query).scalars().first()


def is_taken(connection: Connection, study_id: int, name: str) -> bool:
    """Tell whether a document of the study, of whatever kind, has this name."""
    query = select(document.c.id).where(document.c.study_id == study_id, document.c.ref == name)
    return connection.execute(query).first() is not None


def describe(connection: Connection, document_id: int, *, series: str, held_on: str) -> None:
    """Note when a group was held and in which series; what is empty stays as it is."""
    values = {"series": series.strip(), "held_on": held_on.strip()}
    given = {column: value for column, value in values.items() if value}
    if given:
        connection.execute(update(document).where(document.c.id == document_id).values(**given))


def _groups() -> Select[Any]:
    def counted(table: Any, condition: Any) -> Any:
        return select(func.count()).select_from(table).where(condition).scalar_subquery()

    # Turns are numbered from 0 without a gap: the last one's number is found without counting.
    last = select(func.max(segment.c.position)).where(segment.c.revision_id == revision.c.id)
    turns = func.coalesce(last.scalar_subquery() + 1, 0)
    return (
        select(
            document.c.id,
            document.c.ref,
            document.c.series,
            document.c.held_on,
            document.c.n_words,
            revision.c.id.label("revision_id"),
            revision.c.sha256,
            turns.label("n_turns"),
            counted(speaker, speaker.c.document_id == document.c.id).label("n_speakers"),
        )
        .join(revision, revision.c.id == document.c.current_revision_id)
        .where(document.c.kind == "focus_group")
    )


def _group(row: Any) -> FocusGroup:
    return FocusGroup(
        row.id,
        row.ref or "",
        row.series or "",
        row.held_on or "",
        row.revision_id,
        row.sha256,
        row.n_words,
        row.n_turns,
        row.n_speakers,
    )
