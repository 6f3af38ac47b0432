"""Transcripts of recordings, and when their words were spoken.

In: recordings and texts. Out: documents; words with times, or segments where only these have them.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from workbench.domain.timed_words import Timed
from workbench.store.tables import document, respondent, revision, segment


class Heard(NamedTuple):
    """The document of a recording's words: its current text."""

    document_id: int
    revision_id: int
    text: str


def transcript_of(connection: Connection, recording_id: int) -> Heard | None:
    """Find the words of a recording; those of who has withdrawn are not found."""
    row = connection.execute(
        select(document.c.id, revision.c.id, revision.c.text)
        .join(revision, revision.c.id == document.c.current_revision_id)
        .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
        .where(
            document.c.recording_id == recording_id,
            document.c.translation_of.is_(None),
            respondent.c.withdrawn_at.is_(None),
        )
        .order_by(document.c.id)
        .limit(1)
    ).first()
    return None if row is None else Heard(row[0], row[1], row[2])


def times_of(connection: Connection, revision_id: int) -> tuple[Timed, ...]:
    """Give when the words of a text were spoken, as finely as is known."""
    found: list[Timed] = []
    rows = connection.execute(
        select(
            segment.c.start, segment.c.end, segment.c.start_ms, segment.c.end_ms, segment.c.words
        )
        .where(segment.c.revision_id == revision_id)
        .order_by(segment.c.position)
    )
    for start, end, start_ms, end_ms, words in rows:
        single = [Timed(word[0], word[1], word[2], word[3]) for word in words or ()
                  if word[2] is not None]  # fmt: skip
        if single:
            found += single
        elif start_ms is not None:
            found.append(Timed(start, end, start_ms, end_ms))
    return tuple(found)
