"""Spoken answers and their translations: which there are, and whose hand is in their words.

In: a respondent and a question, or a document. Out: the document that holds the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from workbench.domain.transcripts import Standing
from workbench.store.tables import document, revision


@dataclass(frozen=True, slots=True)
class Spoken:
    """A document with spoken words. `corrected`: a person has had a hand in them."""

    document_id: int
    recording_id: int | None
    standing: Standing | None
    revision_id: int
    transcription_id: int | None
    corrected: bool


def find_spoken(
    connection: Connection, study_id: int, respondent_id: int, question_id: int
) -> Spoken | None:
    """Find what somebody said in answer to a question."""
    return _spoken(
        connection,
        _query().where(
            document.c.study_id == study_id,
            document.c.respondent_id == respondent_id,
            document.c.question_id == question_id,
            document.c.answer_kind == "spoken",
        ),
    )


def read_spoken(connection: Connection, document_id: int) -> Spoken | None:
    """Read a document of spoken words, an original or a translation, by its key."""
    return _spoken(connection, _query().where(document.c.id == document_id))


def current_revision(connection: Connection, document_id: int) -> int:
    """Give the revision that is read now."""
    return int(
        connection.execute(
            select(document.c.current_revision_id).where(document.c.id == document_id)
        ).scalar_one()
    )


def _query() -> Select[Any]:
    other = revision.alias("other")
    by_people = (
        select(func.count())
        .where(other.c.document_id == document.c.id, other.c.why != "transcription")
        .correlate(document)
        .scalar_subquery()
    )
    return select(
        document.c.id,
        document.c.recording_id,
        document.c.transcript,
        revision.c.id.label("revision_id"),
        revision.c.transcription_id,
        by_people.label("by_people"),
    ).join(revision, revision.c.id == document.c.current_revision_id)


def _spoken(connection: Connection, query: Select[Any]) -> Spoken | None:
    row = connection.execute(query).first()
    if row is None:
        return None
    return Spoken(
        row.id,
        row.recording_id,
        row.transcript,
        row.revision_id,
        row.transcription_id,
        bool(row.by_people),
    )
