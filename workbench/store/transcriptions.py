"""The queue of transcriptions: what was asked for, who works on what, and what became of it.

In: requests, workers and results. Out: rows that survive whatever happens to a worker. A recording
is claimed by one worker at a time; a worker that is lost gives up what it held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, func, insert, or_, select, update

from workbench.domain.transcripts import State, Task
from workbench.store.clock import now
from workbench.store.tables import recording, respondent, transcription, transcription_run
from workbench.store.upsert import insert_if_absent

BUSY: tuple[State, ...] = ("decoding", "transcribing")
ENDED: tuple[State, ...] = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Run:
    """What a person asked for at once."""

    id: int
    study_id: int
    model: str
    model_sha256: str
    engine: str
    options: dict[str, Any]
    state: str
    created_by: int
    created_at: str
    finished_at: str | None


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
class Tally:
    """How far a run is: notes by state, and milliseconds of sound."""

    run: Run
    n_queued: int
    n_busy: int
    n_done: int
    n_failed: int
    n_cancelled: int
    total_ms: int
    done_ms: int
    first_started_at: str | None
    last_finished_at: str | None

    @property
    def n_notes(self) -> int:
        """All of its notes."""
        return self.n_queued + self.n_busy + self.n_done + self.n_failed + self.n_cancelled


@dataclass(frozen=True, slots=True)
class QueuedNote:
    """One recording in the queue, as pages list it."""

    id: int
    run_id: int
    recording_id: int
    file_name: str
    task: Task
    state: State
    attempts: int
    duration_ms: int
    done_ms: int
    wall_ms: int | None
    language: str | None
    language_probability: float | None
    text: str
    warnings: tuple[str, ...]
    error_code: str | None
    error: str | None
    retryable: bool


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


def add_run(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    model: str,
    model_sha256: str,
    engine: str,
    options: dict[str, Any],
) -> int:
    """Write what a person asks for; give its key."""
    key = connection.execute(
        insert(transcription_run).values(
            study_id=study_id,
            model=model,
            model_sha256=model_sha256,
            engine=engine,
            options=options,
            state="open",
            created_by=actor_id,
            created_at=now(),
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def enqueue(
    connection: Connection,
    run_id: int,
    recording_id: int,
    *,
    task: Task,
    key: str,
    language: str | None,
    audio_ms: int | None,
) -> bool:
    """Put a recording into the queue unless this very result is there or on its way.

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
        return True
    again = connection.execute(
        update(transcription)
        .where(
            transcription.c.recording_id == recording_id,
            transcription.c.result_key == key,
            transcription.c.state.in_(("failed", "cancelled")),
        )
        .values(transcription_run_id=run_id, **_FRESH)
    )
    return again.rowcount == 1


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


def next_run(connection: Connection, run_id: int | None = None) -> Run | None:
    """Give the oldest run that has something to do; with a key, that run if it has."""
    waiting = select(transcription.c.id).where(
        transcription.c.transcription_run_id == transcription_run.c.id,
        transcription.c.state == "queued",
    )
    query = select(transcription_run).where(transcription_run.c.state == "open", waiting.exists())
    if run_id is not None:
        query = query.where(transcription_run.c.id == run_id)
    row = connection.execute(query.order_by(transcription_run.c.id).limit(1)).first()
    return _run(row) if row else None


def get_run(connection: Connection, run_id: int) -> Run | None:
    """Read one run."""
    row = connection.execute(
        select(transcription_run).where(transcription_run.c.id == run_id)
    ).first()
    return _run(row) if row else None


def _run(row: Any) -> Run:
    return Run(
        row.id, row.study_id, row.model, row.model_sha256, row.engine, row.options, row.state,
        row.created_by, row.created_at, row.finished_at,
    )  # fmt: skip


def claim(
    connection: Connection, worker_id: int, run_id: int, *, alone: bool = False
) -> Claimed | None:
    """Take the next recording of a run, if the run is open.

    One whose worker was lost before is taken only `alone`, and before the others then, so that a
    file that brings workers down does not take others with it.
    """
    suspect = transcription.c.attempts > 0
    query = (
        select(transcription.c.id)
        .join(transcription_run, transcription_run.c.id == transcription.c.transcription_run_id)
        .where(
            transcription.c.transcription_run_id == run_id,
            transcription.c.state == "queued",
            transcription_run.c.state == "open",
            suspect if alone else ~suspect,
        )
        .order_by(transcription.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=transcription)
    )
    key = connection.execute(query).scalar()
    if key is None:
        return None
    connection.execute(
        update(transcription)
        .where(transcription.c.id == key)
        .values(
            state="decoding",
            worker_id=worker_id,
            attempts=transcription.c.attempts + 1,
            started_at=now(),
            done_ms=0,
        )
    )
    row = connection.execute(
        select(transcription, recording.c.sha256, recording.c.uri, recording.c.file_name,
               recording.c.duration_ms)
        .join(recording, recording.c.id == transcription.c.recording_id)
        .where(transcription.c.id == key)
    ).one()  # fmt: skip
    return Claimed(
        row.id, row.transcription_run_id, row.recording_id, row.task, row.sha256, row.uri,
        row.file_name, row.duration_ms, row.asked_language, row.attempts,
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


def put_back(connection: Connection, transcription_id: int, worker_id: int) -> None:
    """Give a note back to the queue, in good order: it was not its fault."""
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
            attempts=case((transcription.c.attempts > 0, transcription.c.attempts - 1), else_=0),
        )
    )


def take_from(
    connection: Connection, worker_ids: Sequence[int], *, max_strikes: int, error: str
) -> int:
    """Give back what lost workers held; give how many notes that are.

    A note that a lost worker held alone gets a strike; one with `max_strikes` fails, since it may
    be what brings workers down.
    """
    held = connection.execute(
        select(transcription.c.id, transcription.c.worker_id, transcription.c.strikes).where(
            transcription.c.worker_id.in_(worker_ids), transcription.c.state.in_(BUSY)
        )
    ).all()
    by_worker: dict[int, int] = {}
    for row in held:
        by_worker[row.worker_id] = by_worker.get(row.worker_id, 0) + 1
    for row in held:
        strikes = row.strikes + (by_worker[row.worker_id] == 1)
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


def set_run_state(connection: Connection, run_id: int, state: str) -> None:
    """Open, pause, cancel or finish a run; a cancelled one leaves nothing in the queue."""
    ended = state in ("cancelled", "finished")
    connection.execute(
        update(transcription_run)
        .where(transcription_run.c.id == run_id)
        .values(state=state, finished_at=now() if ended else None)
    )
    if state == "cancelled":
        connection.execute(
            update(transcription)
            .where(
                transcription.c.transcription_run_id == run_id,
                transcription.c.state == "queued",
            )
            .values(state="cancelled", finished_at=now())
        )


def finish_runs(connection: Connection) -> None:
    """Mark as finished all open runs that have nothing left to do."""
    left = select(transcription.c.id).where(
        transcription.c.transcription_run_id == transcription_run.c.id,
        transcription.c.state.notin_(ENDED),
    )
    connection.execute(
        update(transcription_run)
        .where(transcription_run.c.state == "open", ~left.exists())
        .values(state="finished", finished_at=now())
    )


def fail_queued(connection: Connection, run_id: int, code: str, error: str) -> None:
    """End everything that waits in a run, such as when its model cannot be loaded."""
    connection.execute(
        update(transcription)
        .where(transcription.c.transcription_run_id == run_id, transcription.c.state == "queued")
        .values(state="failed", error_code=code, error=error, retryable=True, finished_at=now())
    )


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


def drop_withdrawn(connection: Connection, run_id: int) -> None:
    """Take the recordings of people who have withdrawn out of a run."""
    gone = (
        select(recording.c.id)
        .join(respondent, respondent.c.id == recording.c.respondent_id)
        .where(respondent.c.withdrawn_at.isnot(None))
    )
    connection.execute(
        update(transcription)
        .where(
            transcription.c.transcription_run_id == run_id,
            transcription.c.state == "queued",
            transcription.c.recording_id.in_(gone),
        )
        .values(state="cancelled", finished_at=now())
    )


def tallies(connection: Connection, study_id: int, *, limit: int = 20) -> list[Tally]:
    """Give a study's runs with how far they are, the newest first."""
    states = transcription.c.state

    def n(*wanted: State) -> Any:
        return func.count().filter(states.in_(wanted))

    length = func.coalesce(transcription.c.audio_ms, 0)
    behind = case((states.in_(ENDED), length), else_=transcription.c.done_ms)
    rows = connection.execute(
        select(
            transcription_run,
            n("queued").label("n_queued"),
            n(*BUSY).label("n_busy"),
            n("done").label("n_done"),
            n("failed").label("n_failed"),
            n("cancelled").label("n_cancelled"),
            func.coalesce(func.sum(length), 0).label("total_ms"),
            func.coalesce(func.sum(behind), 0).label("behind_ms"),
            func.min(transcription.c.started_at).label("first_started_at"),
            func.max(transcription.c.finished_at).label("last_finished_at"),
        )
        .outerjoin(transcription, transcription.c.transcription_run_id == transcription_run.c.id)
        .where(transcription_run.c.study_id == study_id)
        .group_by(transcription_run.c.id)
        .order_by(transcription_run.c.id.desc())
        .limit(limit)
    )
    return [
        Tally(
            _run(row), row.n_queued, row.n_busy, row.n_done, row.n_failed, row.n_cancelled,
            int(row.total_ms), int(row.behind_ms), row.first_started_at, row.last_finished_at,
        )
        for row in rows
    ]  # fmt: skip


def list_notes(
    connection: Connection,
    study_id: int,
    *,
    run_id: int | None = None,
    states: Sequence[State] = (),
) -> list[QueuedNote]:
    """List what is or was in the queue, but the recordings of people who have withdrawn."""
    query = (
        select(transcription, recording.c.file_name, recording.c.duration_ms.label("length"))
        .join(recording, recording.c.id == transcription.c.recording_id)
        .outerjoin(respondent, respondent.c.id == recording.c.respondent_id)
        .where(
            recording.c.study_id == study_id,
            or_(recording.c.respondent_id.is_(None), respondent.c.withdrawn_at.is_(None)),
        )
        .order_by(transcription.c.id)
    )
    if run_id is not None:
        query = query.where(transcription.c.transcription_run_id == run_id)
    if states:
        query = query.where(transcription.c.state.in_(states))
    return [
        QueuedNote(
            id=row.id,
            run_id=row.transcription_run_id,
            recording_id=row.recording_id,
            file_name=row.file_name,
            task=row.task,
            state=row.state,
            attempts=row.attempts,
            duration_ms=row.audio_ms or row.length or 0,
            done_ms=row.done_ms,
            wall_ms=row.wall_ms,
            language=row.language,
            language_probability=row.language_probability,
            text=(row.result or {}).get("text", ""),
            warnings=tuple((row.result or {}).get("warnings", ())),
            error_code=row.error_code,
            error=row.error,
            retryable=bool(row.retryable),
        )
        for row in connection.execute(query)
    ]


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


def results_of(connection: Connection, recording_id: int) -> list[int]:
    """Give the finished transcriptions of a recording, the newest last; translations after."""
    rows = connection.execute(
        select(transcription.c.id)
        .where(transcription.c.recording_id == recording_id, transcription.c.state == "done")
        .order_by(
            case((transcription.c.task == "transcribe", 0), else_=1), transcription.c.finished_at,
            transcription.c.id,
        )
    )  # fmt: skip
    return list(rows.scalars())


def untranscribed(connection: Connection, study_id: int) -> list[int]:
    """Give the recordings that no transcription was ever asked for or made of."""
    asked = select(transcription.c.id).where(
        transcription.c.recording_id == recording.c.id,
        transcription.c.state.notin_(("failed", "cancelled")),
    )
    rows = connection.execute(
        select(recording.c.id)
        .outerjoin(respondent, respondent.c.id == recording.c.respondent_id)
        .where(
            and_(recording.c.study_id == study_id, recording.c.matching != "set_aside"),
            or_(recording.c.respondent_id.is_(None), respondent.c.withdrawn_at.is_(None)),
            ~asked.exists(),
        )
        .order_by(recording.c.id)
    )
    return list(rows.scalars())
