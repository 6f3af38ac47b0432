"""The queue of transcriptions: what was asked for, who works on what, and what became of it.

In: requests, workers and results. Out: rows that survive whatever happens to a worker. A recording
is claimed by one worker at a time; a worker that is lost gives up what it held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, case, func, or_, select, update

from workbench.domain.transcripts import State, Task
from workbench.store.clock import now
from workbench.store.tables import recording, respondent, transcription, transcription_run
from workbench.store.upsert import insert_if_absent

BUSY: tuple[State, ...] = ("decoding", "transcribing")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A recording that a worker has taken."""

    id: int
    run_id: int
    recording_id: int
    task: Task
    sha256: str
    uri: str
    file_name: str
    duration_ms: int | None
    language: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How a note's transcription ended: with a result, or with why not."""

    state: State
    result: dict[str, Any] | None = None
    language: str | None = None
    language_probability: float | None = None
    audio_ms: int | None = None
    wall_ms: int | None = None
    engine_version: str | None = None
    error_code: str | None = None
    error: str | None = None
    retryable: bool | None = None


Place = Literal["new", "waiting", "done"]
"""Of a recording that is asked for: into the queue with it, in it already, or transcribed."""


def enqueue(
    connection: Connection,
    run_id: int,
    recording_id: int,
    *,
    task: Task,
    key: str,
    language: str | None,
    audio_ms: int | None,
) -> Place:
    """Put a recording into the queue unless this very result is there or on its way; say which.

    One that failed or was cancelled is tried again, as part of the new run.
    """
    made = insert_if_absent(
        connection,
        transcription,
        transcription_run_id=run_id,
        recording_id=recording_id,
        task=task,
        result_key=key,
        state="queued",
        asked_language=language,
        audio_ms=audio_ms,
        created_at=now(),
    )
    if made:
        return "new"
    again = connection.execute(
        update(transcription)
        .where(
            transcription.c.recording_id == recording_id,
            transcription.c.result_key == key,
            transcription.c.state.in_(("failed", "cancelled")),
        )
        .values(transcription_run_id=run_id, **_FRESH)
    )
    if again.rowcount == 1:
        return "new"
    there = connection.execute(
        select(transcription.c.state).where(
            transcription.c.recording_id == recording_id, transcription.c.result_key == key
        )
    ).scalar_one()
    return "done" if there == "done" else "waiting"


_FRESH: dict[str, Any] = {
    "state": "queued",
    "attempts": 0,
    "strikes": 0,
    "worker_id": None,
    "done_ms": 0,
    "error_code": None,
    "error": None,
    "retryable": None,
    "finished_at": None,
}


def claim(
    connection: Connection, worker_id: int, run_id: int, *, task: str, alone: bool = False
) -> Claimed | None:
    """Take the next recording of a run, if the run is open.

    One whose worker was lost before is taken only `alone`, and before the others then, so that a
    file that brings workers down does not take others with it.
    """
    suspect = transcription.c.attempts > 0
    query = (
        select(
            transcription,
            recording.c.sha256,
            recording.c.uri,
            recording.c.file_name,
            recording.c.duration_ms,
        )
        .join(transcription_run, transcription_run.c.id == transcription.c.transcription_run_id)
        .join(recording, recording.c.id == transcription.c.recording_id)
        .outerjoin(respondent, respondent.c.id == recording.c.respondent_id)
        .where(
            transcription.c.transcription_run_id == run_id,
            transcription.c.state == "queued",
            transcription.c.task == task,
            transcription_run.c.state == "open",
            suspect if alone else ~suspect,
            or_(recording.c.respondent_id.is_(None), respondent.c.withdrawn_at.is_(None)),
        )
        .order_by(transcription.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=transcription)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    connection.execute(
        update(transcription)
        .where(transcription.c.id == row.id)
        .values(
            state="decoding",
            worker_id=worker_id,
            attempts=transcription.c.attempts + 1,
            started_at=now(),
            done_ms=0,
        )
    )
    return Claimed(
        row.id, row.transcription_run_id, row.recording_id, row.task, row.sha256, row.uri,
        row.file_name, row.duration_ms, row.asked_language, row.attempts + 1,
    )  # fmt: skip


def note_progress(connection: Connection, transcription_id: int, done_ms: int) -> None:
    """Note how much of a recording is behind."""
    connection.execute(
        update(transcription)
        .where(transcription.c.id == transcription_id, transcription.c.state.in_(BUSY))
        .values(state="transcribing", done_ms=done_ms)
    )


def end(
    connection: Connection, transcription_id: int, worker_id: int | None, ending: Ending
) -> bool:
    """Write how a note ended; tell whether it was this worker's still.

    A worker that was taken for lost may come back: what it brings is not written then, since
    somebody else has the note.
    """
    done = connection.execute(
        update(transcription)
        .where(
            transcription.c.id == transcription_id,
            transcription.c.worker_id == worker_id,
            transcription.c.state.in_(BUSY),
        )
        .values(
            state=ending.state,
            worker_id=None,
            result=ending.result,
            language=ending.language,
            language_probability=ending.language_probability,
            audio_ms=func.coalesce(ending.audio_ms, transcription.c.audio_ms),
            done_ms=ending.audio_ms or 0,
            wall_ms=ending.wall_ms,
            engine_version=ending.engine_version,
            error_code=ending.error_code,
            error=ending.error,
            retryable=ending.retryable,
            finished_at=now(),
        )
    )
    return done.rowcount == 1


def put_back(
    connection: Connection, transcription_id: int, worker_id: int, *, suspect: bool = False
) -> None:
    """Give a note back to the queue; unless it is `suspect`, as if it had not been tried."""
    attempts = transcription.c.attempts
    connection.execute(
        update(transcription)
        .where(
            transcription.c.id == transcription_id,
            transcription.c.worker_id == worker_id,
            transcription.c.state.in_(BUSY),
        )
        .values(
            state="queued",
            worker_id=None,
            done_ms=0,
            attempts=attempts if suspect else case((attempts > 0, attempts - 1), else_=0),
        )
    )


def take_from(
    connection: Connection, worker_ids: Sequence[int], *, max_strikes: int, error: str
) -> int:
    """Give back what lost workers held; give how many notes that are.

    Whatever was tried before is worked alone (see `claim`). A note whose worker is lost then gets a
    strike; one with `max_strikes` fails, since it may be what brings workers down.
    """
    held = connection.execute(
        select(transcription.c.id, transcription.c.attempts, transcription.c.strikes).where(
            transcription.c.worker_id.in_(worker_ids), transcription.c.state.in_(BUSY)
        )
    ).all()
    for row in held:
        strikes = row.strikes + (row.attempts > 1)
        failed = strikes >= max_strikes
        values: dict[str, Any] = {"worker_id": None, "done_ms": 0, "strikes": strikes}
        values |= (
            {"state": "failed", "error_code": "worker_lost", "error": error, "retryable": True,
             "finished_at": now()}
            if failed else {"state": "queued"}
        )  # fmt: skip
        connection.execute(
            update(transcription).where(transcription.c.id == row.id).values(**values)
        )
    return len(held)


def requeue(connection: Connection, study_id: int, transcription_ids: Sequence[int]) -> int:
    """Put failed or cancelled notes back into the queue, and open their runs again."""
    runs = select(transcription_run.c.id).where(transcription_run.c.study_id == study_id)
    rows = connection.execute(
        select(transcription.c.id, transcription.c.transcription_run_id).where(
            transcription.c.id.in_(transcription_ids),
            transcription.c.transcription_run_id.in_(runs),
            transcription.c.state.in_(("failed", "cancelled")),
        )
    ).all()
    keys = [row.id for row in rows]
    if keys:
        connection.execute(
            update(transcription).where(transcription.c.id.in_(keys)).values(**_FRESH)
        )
        connection.execute(
            update(transcription_run)
            .where(transcription_run.c.id.in_({row.transcription_run_id for row in rows}))
            .values(state="open", finished_at=None)
        )
    return len(keys)


def find_transcription(connection: Connection, transcription_id: int) -> Any:
    """Read one transcription with its recording and run, as a row; None where there is none."""
    return connection.execute(
        select(
            transcription.c.id,
            transcription.c.task,
            transcription.c.state,
            transcription.c.result,
            transcription.c.language,
            transcription.c.language_probability,
            transcription.c.engine_version,
            transcription.c.wall_ms,
            transcription.c.finished_at,
            transcription_run.c.study_id,
            transcription_run.c.created_by,
            transcription_run.c.model,
            transcription_run.c.model_sha256,
            transcription_run.c.engine,
            transcription_run.c.options,
            recording.c.id.label("recording_id"),
            recording.c.purpose,
            recording.c.matching,
            recording.c.file_name,
            recording.c.respondent_id,
            recording.c.question_id,
            recording.c.memo_id,
            recording.c.created_by.label("brought_by"),
            respondent.c.withdrawn_at,
        )
        .join(transcription_run, transcription_run.c.id == transcription.c.transcription_run_id)
        .join(recording, recording.c.id == transcription.c.recording_id)
        .outerjoin(respondent, respondent.c.id == recording.c.respondent_id)
        .where(transcription.c.id == transcription_id)
    ).first()


def latest_result(connection: Connection, recording_id: int, task: Task) -> int | None:
    """Give the newest finished transcription of a recording, or translation of it."""
    return connection.execute(
        select(transcription.c.id)
        .where(
            transcription.c.recording_id == recording_id,
            transcription.c.state == "done",
            transcription.c.task == task,
        )
        .order_by(transcription.c.finished_at.desc(), transcription.c.id.desc())
        .limit(1)
    ).scalar()
