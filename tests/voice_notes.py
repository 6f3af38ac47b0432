"""Recordings and transcripts made for tests, without sound and without a model.

In: a study of `builders`. Out: recordings in it, and what a machine is pretended to have heard.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from workbench.domain.codings import Actor
from workbench.domain.transcripts import TimedSegment, Transcript
from workbench.services.opening import Database
from workbench.services.voice_notes import attach
from workbench.store.clock import now
from workbench.store.tables import question, respondent, transcription, transcription_run
from workbench.store.voice_notes import recordings
from workbench.store.voice_notes.recordings import NewRecording

Place = tuple[Actor, Database, int]


def record(
    place: Place,
    name: str,
    who: str | None = None,
    asked: str = "q1",
    *,
    duration_ms: int | None = 5_000,
    **more: Any,
) -> int:
    """Bring a recording in; matched when it is said whose it is. Gives its key."""
    actor, database, study_id = place
    digest = hashlib.sha256(name.encode()).hexdigest()
    with database.write() as connection:
        person = connection.execute(
            select(respondent.c.id).where(
                respondent.c.study_id == study_id, respondent.c.ref == who
            )
        ).scalar()
        item = connection.execute(
            select(question.c.id).where(question.c.study_id == study_id, question.c.ref == asked)
        ).scalar()
        values: dict[str, Any] = {"matching": "matched" if who else "unmatched"} | more
        return recordings.add_recording(
            connection,
            study_id,
            actor.id,
            NewRecording(
                digest, f"{digest}.opus", name, "audio/ogg", 1_000, duration_ms,
                respondent_id=person if who else None,
                question_id=item if who else None,
                **values,
            ),
        )  # fmt: skip


def add_run(place: Place, state: str = "finished", model: str = "small") -> int:
    """Make a run; give its key."""
    from dataclasses import asdict

    from workbench.domain.transcripts import TranscribeOptions

    actor, database, study_id = place
    with database.write() as connection:
        made = connection.execute(
            insert(transcription_run).values(
                study_id=study_id, model=model, model_sha256="0" * 64, engine="openai-whisper",
                options=asdict(TranscribeOptions()) | {"translate": False}, state=state,
                created_by=actor.id, created_at=now(),
            )
        ).inserted_primary_key  # fmt: skip
    assert made is not None
    return int(made[0])


def queue(
    place: Place, recording_id: int, state: str = "queued", *, run: int | None = None, **more: Any
) -> int:
    """Put a recording into the queue, in any state; give the transcription's key."""
    _, database, _ = place
    run_id = run or add_run(place, "open")
    values = {
        "task": "transcribe", "state": state, "created_at": now(),
        "result_key": hashlib.sha256(f"{recording_id} {run_id} {more}".encode()).hexdigest(),
    } | more  # fmt: skip
    with database.write() as connection:
        made = connection.execute(
            insert(transcription).values(
                transcription_run_id=run_id, recording_id=recording_id, **values
            )
        ).inserted_primary_key
    assert made is not None
    return int(made[0])


def hear(
    place: Place,
    recording_id: int,
    text: str,
    *,
    run: int | None = None,
    language: str = "en",
    sure: float | None = None,
    warnings: Sequence[str] = (),
) -> int:
    """Pretend that a machine has heard a text in a recording; give the transcription's key."""
    actor, database, study_id = place
    segments = (TimedSegment(0, len(text), 0, 4_000),) if text else ()
    result = attach.result_of(
        Transcript(text, segments, language, sure, 5_000, warnings=tuple(warnings))
    )
    key = queue(
        place, recording_id, "done", run=run or add_run(place), result=result, language=language,
        language_probability=sure, audio_ms=5_000, done_ms=5_000, finished_at=now(),
    )  # fmt: skip
    with database.write() as connection:
        attach.attach_in(connection, actor, study_id, key)
    return key


def fail(place: Place, recording_id: int, error: str, code: str = "corrupt", **more: Any) -> int:
    """Pretend that a recording could not be transcribed; give the transcription's key."""
    return queue(
        place, recording_id, "failed", run=add_run(place), error=error, error_code=code,
        **({"retryable": True} | more),
    )  # fmt: skip


def withdraw(place: Place, who: str) -> None:
    """Let a respondent withdraw."""
    _, database, study_id = place
    with database.write() as connection:
        connection.execute(
            update(respondent)
            .where(respondent.c.study_id == study_id, respondent.c.ref == who)
            .values(withdrawn_at=now())
        )
