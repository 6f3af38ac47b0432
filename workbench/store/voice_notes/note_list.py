"""Recordings as a list with what became of each: waiting, failed, a draft, or checked by ear.

In: a study. Out: counts by standing, and one page of recordings. A recording stands where its
newest transcript stands; those of people who have withdrawn are nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)

from workbench.store.tables import (
    document,
    question,
    recording,
    respondent,
    revision,
    transcription,
)

NoteStanding = Literal["new", "queued", "busy", "failed", "draft", "checked", "unattached"]
"""`unattached`: transcribed, and not yet known whose answer it is."""

EXCERPT = 200
"""Characters of a transcript that a list shows."""


@dataclass(frozen=True, slots=True)
class ListedNote:
    """A recording as a list shows it. `transcription_id` is its newest; None where none was asked.

    `excerpt` is the beginning of its words as they are now. `done_ms` tells how far it is while a
    machine works on it.
    """

    recording_id: int
    file_name: str
    duration_ms: int
    purpose: str
    matching: str
    standing: NoteStanding
    respondent: str = ""
    question: str = ""
    transcription_id: int | None = None
    document_id: int | None = None
    language: str | None = None
    language_probability: float | None = None
    done_ms: int = 0
    error_code: str = ""
    error: str = ""
    retryable: bool = False
    warnings: tuple[str, ...] = ()
    excerpt: str = ""
    has_translation: bool = False


@dataclass(frozen=True, slots=True)
class NoteCounts:
    """How many recordings stand where, and how long those are that nobody has asked for yet."""

    by_standing: dict[NoteStanding, int]
    new_ms: int
    n_unmatched: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_standing.values())

    def of(self, *standings: NoteStanding) -> int:
        """Count those of some standings."""
        return sum(self.by_standing.get(standing, 0) for standing in standings)


def count_notes(connection: Connection, study_id: int) -> NoteCounts:
    """Count a study's recordings by where they stand; those set aside are left out."""
    standing = _standing().label("standing")
    unsettled = recording.c.matching.in_(("unmatched", "doubtful"))
    rows = connection.execute(
        _select(study_id, standing, func.count().label("n"),
                func.coalesce(func.sum(recording.c.duration_ms), 0).label("length"),
                func.count().filter(unsettled, recording.c.purpose == "voice_note")
                .label("unsettled"))
        .group_by(standing)
    ).all()  # fmt: skip
    return NoteCounts(
        {row.standing: row.n for row in rows},
        new_ms=int(sum(row.length for row in rows if row.standing == "new")),
        n_unmatched=sum(row.unsettled for row in rows),
    )


def list_notes(
    connection: Connection,
    study_id: int,
    *,
    standings: tuple[NoteStanding, ...] = (),
    offset: int = 0,
    limit: int = 50,
) -> list[ListedNote]:
    """List one page of recordings, in the order in which they came in."""
    query = _rows(study_id).order_by(recording.c.id).offset(offset).limit(limit)
    if standings:
        query = query.where(_standing().in_(standings))
    return [_note(row) for row in connection.execute(query).mappings()]


def latest_notes(connection: Connection, study_id: int, *, limit: int = 3) -> list[ListedNote]:
    """Give what was transcribed last, the newest first."""
    query = (
        _rows(study_id)
        .where(transcription.c.state == "done")
        .order_by(transcription.c.finished_at.desc(), transcription.c.id.desc())
        .limit(limit)
    )
    return [_note(row) for row in connection.execute(query).mappings()]


def new_recordings(connection: Connection, study_id: int) -> list[int]:
    """Give the recordings that nobody has asked to transcribe yet, in order."""
    query = _select(study_id, recording.c.id).where(_standing() == "new")
    return list(connection.execute(query.order_by(recording.c.id)).scalars())


def failed_transcriptions(connection: Connection, study_id: int) -> list[int]:
    """Give the transcriptions that failed and may be tried again."""
    query = _select(study_id, transcription.c.id).where(
        _standing() == "failed", transcription.c.retryable
    )
    return list(connection.execute(query.order_by(recording.c.id)).scalars())


def _standing() -> ColumnElement[str]:
    state = transcription.c.state
    return case(
        (state == "queued", "queued"),
        (state.in_(("decoding", "transcribing")), "busy"),
        (state == "failed", "failed"),
        (document.c.transcript == "checked", "checked"),
        (document.c.id.isnot(None), "draft"),
        (state == "done", "unattached"),
        else_="new",
    )


def _select(study_id: int, *columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(_joined())
        .where(
            recording.c.study_id == study_id,
            recording.c.matching != "set_aside",
            or_(recording.c.respondent_id.is_(None), respondent.c.withdrawn_at.is_(None)),
        )
    )


def _joined() -> FromClause:
    other = transcription.alias("newest")
    newest = (
        select(other.c.id)
        .where(other.c.recording_id == recording.c.id, other.c.task == "transcribe")
        .order_by(other.c.transcription_run_id.desc(), other.c.id.desc())
        .limit(1)
        .correlate(recording)
        .scalar_subquery()
    )
    original = and_(document.c.recording_id == recording.c.id, document.c.translation_of.is_(None))
    return (
        recording.outerjoin(transcription, transcription.c.id == newest)
        .outerjoin(document, original)
        .outerjoin(respondent, respondent.c.id == recording.c.respondent_id)
        .outerjoin(question, question.c.id == recording.c.question_id)
    )


def _rows(study_id: int) -> Select[Any]:
    translation = document.alias("translation")
    current = (
        select(func.substr(revision.c.text, 1, EXCERPT))
        .where(revision.c.id == document.c.current_revision_id)
        .correlate(document)
        .scalar_subquery()
    )
    translated = (
        select(translation.c.id)
        .where(translation.c.translation_of == document.c.id)
        .correlate(document)
        .exists()
    )
    return _select(
        study_id,
        recording.c.id.label("recording_id"),
        recording.c.file_name,
        recording.c.duration_ms,
        recording.c.purpose,
        recording.c.matching,
        _standing().label("standing"),
        respondent.c.ref.label("respondent"),
        question.c.ref.label("question"),
        transcription.c.id.label("transcription_id"),
        transcription.c.audio_ms,
        transcription.c.done_ms,
        transcription.c.error_code,
        transcription.c.error,
        transcription.c.retryable,
        transcription.c.result,
        transcription.c.language.label("heard"),
        transcription.c.language_probability,
        document.c.id.label("document_id"),
        document.c.language,
        current.label("current"),
        translated.label("translated"),
    )


def _note(row: RowMapping) -> ListedNote:
    result = row["result"] or {}
    text = row["current"] if row["current"] is not None else str(result.get("text", ""))[:EXCERPT]
    return ListedNote(
        recording_id=row["recording_id"],
        file_name=row["file_name"],
        duration_ms=row["duration_ms"] or row["audio_ms"] or 0,
        purpose=row["purpose"],
        matching=row["matching"],
        standing=row["standing"],
        respondent=row["respondent"] or "",
        question=row["question"] or "",
        transcription_id=row["transcription_id"],
        document_id=row["document_id"],
        language=row["language"] or row["heard"],
        language_probability=row["language_probability"],
        done_ms=row["done_ms"] or 0,
        error_code=row["error_code"] or "",
        error=row["error"] or "",
        retryable=bool(row["retryable"]),
        warnings=tuple(result.get("warnings", ())),
        excerpt=text,
        has_translation=bool(row["translated"]),
    )
