"""Transcripts as they are checked: which there are, how they stand, and where each came from.

In: a study or a document. Out: lists, and the history of one transcript.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, delete, func, or_, select

from workbench.domain.transcripts import Standing
from workbench.store.tables import (
    coder,
    document,
    question,
    recording,
    respondent,
    revision,
    segment,
    transcription,
    transcription_run,
)


@dataclass(frozen=True, slots=True)
class ListedTranscript:
    """A transcript as a list shows it. `n_flagged` counts segments that wait for an ear."""

    document_id: int
    recording_id: int
    respondent: str
    question: str
    file_name: str
    standing: Standing
    language: str
    duration_ms: int
    n_words: int
    n_flagged: int
    checked_at: str | None
    checked_by: str


@dataclass(frozen=True, slots=True)
class Step:
    """One state of a transcript: who made it, when and why."""

    number: int
    why: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a transcript came from: the machine's own text, and how it was made."""

    text: str
    engine_version: str
    model: str
    model_sha256: str
    options: dict[str, Any]
    finished_at: str
    wall_ms: int
    language_probability: float | None
    warnings: tuple[str, ...]


def _waiting_segments() -> Any:
    flagged = case((segment.c.flags.isnot(None) & segment.c.reviewed_at.is_(None), 1), else_=0)
    return (
        select(func.coalesce(func.sum(flagged), 0))
        .where(segment.c.revision_id == document.c.current_revision_id)
        .correlate(document)
        .scalar_subquery()
    )


def _listed(study_id: int) -> Select[Any]:
    return (
        select(
            document.c.id,
            document.c.recording_id,
            document.c.transcript,
            document.c.language,
            document.c.n_words,
            document.c.checked_at,
            respondent.c.ref.label("person"),
            question.c.ref.label("asked"),
            recording.c.file_name,
            recording.c.duration_ms,
            coder.c.name.label("checker"),
            _waiting_segments().label("n_flagged"),
        )
        .join(recording, recording.c.id == document.c.recording_id)
        .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
        .outerjoin(question, question.c.id == document.c.question_id)
        .outerjoin(coder, coder.c.id == document.c.checked_by)
        .where(
            document.c.study_id == study_id,
            document.c.transcript.isnot(None),
            document.c.translation_of.is_(None),
            or_(document.c.respondent_id.is_(None), respondent.c.withdrawn_at.is_(None)),
        )
        .order_by(document.c.sort_question, document.c.sort_respondent, document.c.id)
    )


def list_transcripts(
    connection: Connection,
    study_id: int,
    *,
    standing: Standing | None = None,
    document_id: int | None = None,
) -> list[ListedTranscript]:
    """List a study's transcripts in the order of questions and people, or just one of them."""
    query = _listed(study_id)
    if document_id is not None:
        query = query.where(document.c.id == document_id)
    if standing is not None:
        query = query.where(document.c.transcript == standing)
    return [
        ListedTranscript(
            row.id, row.recording_id, row.person or "", row.asked or "", row.file_name,
            row.transcript, row.language or "", row.duration_ms or 0, row.n_words,
            int(row.n_flagged), row.checked_at, row.checker or "",
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def find_transcript(
    connection: Connection, study_id: int, document_id: int
) -> ListedTranscript | None:
    """Find one transcript of a study."""
    found = list_transcripts(connection, study_id, document_id=document_id)
    return found[0] if found else None


def history(connection: Connection, document_id: int) -> list[Step]:
    """Give all states of a transcript, the oldest first."""
    rows = connection.execute(
        select(revision.c.number, revision.c.why, coder.c.name, revision.c.created_at)
        .join(coder, coder.c.id == revision.c.created_by)
        .where(revision.c.document_id == document_id)
        .order_by(revision.c.number)
    )
    return [Step(*row) for row in rows]


def origin(connection: Connection, document_id: int) -> Origin | None:
    """Give the newest machine text of a document, and how it was made."""
    row = connection.execute(
        select(
            revision.c.text,
            transcription.c.engine_version,
            transcription_run.c.model,
            transcription_run.c.model_sha256,
            transcription_run.c.options,
            transcription.c.finished_at,
            transcription.c.wall_ms,
            transcription.c.language_probability,
            transcription.c.result,
        )
        .join(transcription, transcription.c.id == revision.c.transcription_id)
        .join(transcription_run, transcription_run.c.id == transcription.c.transcription_run_id)
        .where(revision.c.document_id == document_id)
        .order_by(revision.c.number.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return Origin(
        row.text,
        row.engine_version or "",
        row.model,
        row.model_sha256,
        row.options,
        row.finished_at or "",
        row.wall_ms or 0,
        row.language_probability,
        tuple((row.result or {}).get("warnings", ())),
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction that can be taken back: who made it, and the state before."""

    by: int
    before_id: int
    before_text: str


def last_correction(connection: Connection, document_id: int) -> Correction | None:
    """Give the newest state of a transcript, where that is a correction."""
    rows = connection.execute(
        select(revision.c.id, revision.c.text, revision.c.why, revision.c.created_by)
        .where(revision.c.document_id == document_id)
        .order_by(revision.c.number.desc())
        .limit(2)
    ).all()
    if len(rows) < 2 or rows[0].why != "correction":
        return None
    return Correction(rows[0].created_by, rows[1].id, rows[1].text)


def drop_segments_before(connection: Connection, document_id: int) -> None:
    """Forget the segments of corrections that two newer states have replaced; texts stay."""
    newest = (
        select(revision.c.id)
        .where(revision.c.document_id == document_id)
        .order_by(revision.c.number.desc())
        .limit(2)
    )
    old = select(revision.c.id).where(
        revision.c.document_id == document_id,
        revision.c.why == "correction",
        revision.c.id.notin_(newest),
    )
    connection.execute(delete(segment).where(segment.c.revision_id.in_(old)))
