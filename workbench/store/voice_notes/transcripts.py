"""Segments of a transcript: words with their times, and how a transcript stands.

In: a transcript and the revision that holds its text. Out: `segment` rows and back; documents
marked as drafts or as checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from workbench.domain.transcripts import Standing, TimedSegment, Word
from workbench.store.clock import now
from workbench.store.tables import document, segment


def write_segments(
    connection: Connection, revision_id: int, segments: Sequence[TimedSegment]
) -> None:
    """Write the segments of a revision, in order."""
    at = now()
    if segments:
        connection.execute(
            insert(segment),
            [
                {
                    "revision_id": revision_id,
                    "position": position,
                    "start": item.start,
                    "end": item.end,
                    "start_ms": item.start_ms,
                    "end_ms": item.end_ms,
                    "speaker": item.speaker,
                    "confidence": item.confidence,
                    "words": [_word_row(word) for word in item.words] or None,
                    "quality": dict(item.quality) or None,
                    "flags": list(item.flags) or None,
                    "reviewed_at": at if item.reviewed else None,
                }
                for position, item in enumerate(segments)
            ],
        )


def read_segments(connection: Connection, revision_id: int) -> tuple[TimedSegment, ...]:
    """Give the segments of a revision, in order."""
    rows = connection.execute(
        select(segment).where(segment.c.revision_id == revision_id).order_by(segment.c.position)
    )
    return tuple(
        TimedSegment(
            start=row.start,
            end=row.end,
            start_ms=row.start_ms,
            end_ms=row.end_ms,
            confidence=row.confidence,
            words=tuple(Word(*values) for values in row.words or ()),
            quality=row.quality or {},
            flags=tuple(row.flags or ()),
            speaker=row.speaker,
            reviewed=row.reviewed_at is not None,
        )
        for row in rows
    )


def set_reviewed(
    connection: Connection, revision_id: int, position: int, *, reviewed: bool
) -> bool:
    """Note that a person has heard a segment, or has not; tell whether there is one."""
    done = connection.execute(
        update(segment)
        .where(segment.c.revision_id == revision_id, segment.c.position == position)
        .values(reviewed_at=now() if reviewed else None)
    )
    return done.rowcount == 1


def set_standing(
    connection: Connection, document_id: int, standing: Standing, actor_id: int | None
) -> None:
    """Mark a transcript as a draft or as checked by a person."""
    checked = standing == "checked"
    connection.execute(
        update(document)
        .where(document.c.id == document_id)
        .values(
            transcript=standing,
            checked_at=now() if checked else None,
            checked_by=actor_id if checked else None,
        )
    )


def set_language(connection: Connection, document_id: int, language: str | None) -> None:
    """Note the language of a document's words."""
    connection.execute(
        update(document).where(document.c.id == document_id).values(language=language)
    )


def as_json(segments: Sequence[TimedSegment]) -> list[dict[str, Any]]:
    """Write segments as plain values, as `transcription.result` keeps them."""
    return [
        {
            "start": item.start,
            "end": item.end,
            "start_ms": item.start_ms,
            "end_ms": item.end_ms,
            "confidence": item.confidence,
            "words": [_word_row(word) for word in item.words],
            "quality": dict(item.quality),
            "flags": list(item.flags),
        }
        for item in segments
    ]


def from_json(values: Sequence[dict[str, Any]]) -> tuple[TimedSegment, ...]:
    """Read segments from plain values."""
    return tuple(
        TimedSegment(
            start=item["start"],
            end=item["end"],
            start_ms=item["start_ms"],
            end_ms=item["end_ms"],
            confidence=item["confidence"],
            words=tuple(Word(*values) for values in item["words"]),
            quality=item["quality"],
            flags=tuple(item["flags"]),
        )
        for item in values
    )


def _word_row(word: Word) -> list[float | int | None]:
    return [word.start, word.end, word.start_ms, word.end_ms, word.probability]
