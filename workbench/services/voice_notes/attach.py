"""Attach: a machine's transcript becomes the answer that was spoken.

In: a finished transcription whose recording is matched to a respondent and a question. Out: a
document that can be read and coded, marked as a machine's draft; a translation as a document beside
it; a researcher's spoken memo as a memo. What a person has checked or corrected is never
overwritten.
"""

from __future__ import annotations

from typing import Any

from workbench.domain.codings import Actor
from workbench.domain.transcript_flags import flag_transcript
from workbench.domain.transcripts import Task, TimedSegment, Transcript
from workbench.services.trail import trail
from workbench.store.coding import anchors
from workbench.store.documents import documents
from workbench.store.engine import Connection
from workbench.store.memos import memos
from workbench.store.surveys import answers
from workbench.store.voice_notes import spoken, transcriptions, transcripts, translations

WHY = "transcription"
"""Why a revision was made: by a machine."""

TASKS: tuple[Task, ...] = ("transcribe", "translate")
"""The original first: a translation stands beside it."""


def result_of(transcript: Transcript) -> dict[str, Any]:
    """Write a transcript as plain values, as the queue keeps it; flags included."""
    flagged = flag_transcript(transcript)
    return {
        "text": flagged.text,
        "segments": transcripts.as_json(flagged.segments),
        "language": flagged.language,
        "language_probability": flagged.language_probability,
        "duration_ms": flagged.duration_ms,
        "task": flagged.task,
        "warnings": list(flagged.warnings),
    }


def attach_waiting_in(
    connection: Connection, actor: Actor, study_id: int, recording_id: int
) -> int:
    """Attach what was last heard in a recording; give how many documents stand for it then."""
    n = 0
    for task in TASKS:
        key = transcriptions.latest_result(connection, recording_id, task)
        if key is not None:
            n += attach_in(connection, actor, study_id, key) is not None
    return n


def attach_in(
    connection: Connection, actor: Actor, study_id: int, transcription_id: int
) -> int | None:
    """Attach one finished transcription; give its document, or None where there is none yet.

    There is none while it is not known whose words they are, when the person has withdrawn, and
    when the answer has a text that came without this recording.
    """
    row = transcriptions.find_transcription(connection, transcription_id)
    if row is None or row.state != "done" or row.study_id != study_id:
        return None
    if row.purpose == "memo":
        _write_memo(connection, actor, row)
        return None
    if row.matching != "matched" or row.withdrawn_at is not None:
        return None
    if row.respondent_id is None or row.question_id is None:
        return None
    found = spoken.find_spoken(connection, study_id, row.respondent_id, row.question_id)
    if row.task == "translate":
        if found is None or found.recording_id != row.recording_id:
            return None
        return _attach_translation(connection, actor, row, found)
    if found is not None and found.recording_id != row.recording_id:
        return None
    if found is None:
        document_id = _make(connection, actor, row)
    else:
        document_id = found.document_id
        _revise(connection, actor, row, found)
    translated = transcriptions.latest_result(connection, row.recording_id, "translate")
    if translated is not None:  # it may have been made before its original was there
        attach_in(connection, actor, study_id, translated)
    return document_id


def _make(connection: Connection, actor: Actor, row: Any) -> int:
    text, segments = row.result["text"], transcripts.from_json(row.result["segments"])
    document_id = documents.add_document(
        connection,
        study_id=row.study_id,
        kind="voice_note",
        text=text,
        why=WHY,
        actor_id=actor.id,
        respondent_id=row.respondent_id,
        question_id=row.question_id,
        answer_kind="spoken",
        recording_id=row.recording_id,
        transcription_id=row.id,
    )
    _settle(connection, document_id, row, segments)
    answers.set_absences(connection, [(row.respondent_id, row.question_id, "spoken")], {})
    _record(connection, actor, row, document_id, "transcribe")
    return document_id


def _settle(
    connection: Connection, document_id: int, row: Any, segments: tuple[TimedSegment, ...]
) -> None:
    revision_id = spoken.current_revision(connection, document_id)
    transcripts.write_segments(connection, revision_id, segments)
    language = "en" if row.task == "translate" else row.language
    transcripts.set_language(connection, document_id, language)
    transcripts.set_standing(connection, document_id, "draft", None)


def _revise(connection: Connection, actor: Actor, row: Any, found: spoken.Spoken) -> None:
    """Write another machine's text, unless a person has had a hand in the one that is there."""
    if found.standing != "draft" or found.corrected or found.transcription_id == row.id:
        return
    text, segments = row.result["text"], transcripts.from_json(row.result["segments"])
    before = documents.text_of(connection, found.revision_id)
    revision_id = documents.add_revision(
        connection,
        document_id=found.document_id,
        text=text,
        why=WHY,
        actor_id=actor.id,
        transcription_id=row.id,
    )
    anchors.reanchor_document(
        connection,
        document_id=found.document_id,
        old_revision_id=found.revision_id,
        new_revision_id=revision_id,
        old_text=before,
        new_text=text,
    )
    _settle(connection, found.document_id, row, segments)
    _record(connection, actor, row, found.document_id, "transcribe")


def _attach_translation(
    connection: Connection, actor: Actor, row: Any, original: spoken.Spoken
) -> int:
    key = original.document_id
    translation = translations.translations_of(connection, [key]).get(key)
    found = spoken.read_spoken(connection, translation.document_id) if translation else None
    if found is not None:
        _revise(connection, actor, row, found)
        return found.document_id
    document_id = documents.add_document(
        connection,
        study_id=row.study_id,
        kind="voice_note",
        text=row.result["text"],
        why=WHY,
        actor_id=actor.id,
        respondent_id=row.respondent_id,
        question_id=row.question_id,
        recording_id=row.recording_id,
        transcription_id=row.id,
        translation_of=original.document_id,
    )
    _settle(connection, document_id, row, transcripts.from_json(row.result["segments"]))
    _record(connection, actor, row, document_id, "translate")
    return document_id


def _write_memo(connection: Connection, actor: Actor, row: Any) -> None:
    """Write a researcher's spoken words into their memo, unless they have words there already."""
    text = row.result["text"]
    if not text or row.memo_id is None:
        return
    written = memos.memo_text(connection, row.memo_id)
    if written:
        return
    memos.change_memo(connection, row.memo_id, text, None)
    trail.record(
        connection,
        actor,
        row.study_id,
        "transcribe",
        label="a spoken memo",
        targets=[("memo", row.memo_id), ("recording", row.recording_id)],
    )


def _record(connection: Connection, actor: Actor, row: Any, document_id: int, verb: str) -> None:
    trail.record(
        connection,
        actor,
        row.study_id,
        verb,
        label=f"the recording {row.file_name}",
        document_id=document_id,
        targets=[("document", document_id), ("recording", row.recording_id)],
        details={
            "transcription": row.id,
            "model": row.model,
            "model_sha256": row.model_sha256,
        },
    )
