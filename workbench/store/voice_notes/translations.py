"""Translations: a second document with what was said, in English, beside the original.

In: keys of originals. Out: the words of their translations with their segments, and who has
confirmed them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from workbench.domain.transcripts import Standing, TimedSegment
from workbench.store.tables import coder, document, revision
from workbench.store.voice_notes.transcripts import read_segments

BY_MACHINE = "translated by machine"


@dataclass(frozen=True, slots=True)
class Translation:
    """One translation. `confirmed_by` is empty until a person has confirmed it."""

    document_id: int
    revision_id: int
    original_revision_id: int
    text: str
    language: str
    standing: Standing | None
    confirmed_by: str = ""

    @property
    def status(self) -> str:
        """What goes with its words wherever they are quoted."""
        if self.standing == "checked":
            return f"translation confirmed by {self.confirmed_by or 'a person'}"
        return BY_MACHINE


def any_translations(connection: Connection) -> bool:
    """Tell whether there is any translation in the database."""
    found = select(document.c.id).where(document.c.translation_of.isnot(None)).limit(1)
    return connection.execute(found).first() is not None


def translations_of(
    connection: Connection, document_ids: Collection[int]
) -> dict[int, Translation]:
    """Find the translations of documents, by the original's key."""
    if not document_ids:
        return {}
    original = document.alias("original")
    rows = connection.execute(
        select(
            document.c.id,
            document.c.translation_of,
            document.c.language,
            document.c.transcript,
            document.c.current_revision_id,
            original.c.current_revision_id.label("original_revision_id"),
            revision.c.text,
            coder.c.name,
        )
        .select_from(
            document.join(revision, revision.c.id == document.c.current_revision_id)
            .join(original, original.c.id == document.c.translation_of)
            .outerjoin(coder, coder.c.id == document.c.checked_by)
        )
        .where(document.c.translation_of.in_(document_ids))
        .order_by(document.c.id)
    )
    return {
        row.translation_of: Translation(
            row.id,
            row.current_revision_id,
            row.original_revision_id,
            row.text,
            row.language or "",
            row.transcript,
            row.name or "",
        )
        for row in rows
    }


def segments_of(
    connection: Connection, found: Translation
) -> tuple[tuple[TimedSegment, ...], tuple[TimedSegment, ...]]:
    """Give the segments of the original and of its translation."""
    return (
        read_segments(connection, found.original_revision_id),
        read_segments(connection, found.revision_id),
    )
