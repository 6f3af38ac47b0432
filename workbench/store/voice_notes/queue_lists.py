"""The queue as pages list it: how far each run is, and every recording in it.

In: a study. Out: counts and lists, without the recordings of people who have withdrawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select

from workbench.domain.transcripts import State, Task
from workbench.store.tables import recording, respondent, transcription, transcription_run
from workbench.store.voice_notes.transcription_runs import ENDED, Run, run_of
from workbench.store.voice_notes.transcriptions import BUSY

NEVER = "9999"
"""After all times."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a run is: notes by state, and milliseconds of sound.

    `fresh_ms` were done by the workers that are there now, from `fresh_from` to `fresh_until`; of
    notes that are under way, `fresh_until` is None.
    """

    run: Run
    n_queued: int
    n_busy: int
    n_done: int
    n_failed: int
    n_cancelled: int
    total_ms: int
    done_ms: int
    fresh_ms: int
    fresh_from: str | None
    fresh_until: str | None

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


def tallies(
    connection: Connection, study_id: int, *, since: str | None = None, limit: int = 20
) -> list[Tally]:
    """Give a study's runs with how far they are, the newest first.

    Parameters
    ----------
    since
        When the workers that are there now came; None while there is none.
    """
    states = transcription.c.state

    def n(*wanted: State) -> Any:
        return func.count().filter(states.in_(wanted))

    length = func.coalesce(transcription.c.audio_ms, 0)
    behind = case((states.in_(ENDED), length), else_=transcription.c.done_ms)
    fresh = and_(transcription.c.started_at >= (since or NEVER), states.in_((*BUSY, "done")))
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
            func.coalesce(func.sum(behind).filter(fresh), 0).label("fresh_ms"),
            func.min(transcription.c.started_at).filter(fresh).label("fresh_from"),
            func.max(transcription.c.finished_at).filter(fresh).label("fresh_until"),
        )
        .outerjoin(transcription, transcription.c.transcription_run_id == transcription_run.c.id)
        .where(transcription_run.c.study_id == study_id)
        .group_by(transcription_run.c.id)
        .order_by(transcription_run.c.id.desc())
        .limit(limit)
    )
    return [
        Tally(
            run_of(row), row.n_queued, row.n_busy, row.n_done, row.n_failed, row.n_cancelled,
            int(row.total_ms), int(row.behind_ms), int(row.fresh_ms), row.fresh_from,
            None if row.n_busy else row.fresh_until,
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
