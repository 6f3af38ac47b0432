"""Runs: what people ask of the queue at once, and how each stands.

In: a model, options, and what people decide. Out: rows; a cancelled run leaves nothing waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from workbench.domain.transcripts import State
from workbench.store.clock import now
from workbench.store.tables import recording, respondent, transcription, transcription_run

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


def next_run(connection: Connection, study_id: int | None = None) -> Run | None:
    """Give the oldest run that has something to do; of one study, where it is named."""
    waiting = select(transcription.c.id).where(
        transcription.c.transcription_run_id == transcription_run.c.id,
        transcription.c.state == "queued",
    )
    query = select(transcription_run).where(transcription_run.c.state == "open", waiting.exists())
    if study_id is not None:
        query = query.where(transcription_run.c.study_id == study_id)
    row = connection.execute(query.order_by(transcription_run.c.id).limit(1)).first()
    return run_of(row) if row else None


def get_run(connection: Connection, run_id: int) -> Run | None:
    """Read one run."""
    row = connection.execute(
        select(transcription_run).where(transcription_run.c.id == run_id)
    ).first()
    return run_of(row) if row else None


def run_of(row: Any) -> Run:
    """Read a run from its row."""
    return Run(
        row.id, row.study_id, row.model, row.model_sha256, row.engine, row.options, row.state,
        row.created_by, row.created_at, row.finished_at,
    )  # fmt: skip


def drop_run(connection: Connection, run_id: int) -> None:
    """Take a run away that turned out to have nothing in it."""
    connection.execute(delete(transcription_run).where(transcription_run.c.id == run_id))


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
    """Mark as finished all open runs that have nothing left to do.

    What came back to the queue of a run that has been cancelled meanwhile is cancelled with it.
    """
    cancelled = select(transcription_run.c.id).where(transcription_run.c.state == "cancelled")
    connection.execute(
        update(transcription)
        .where(
            transcription.c.state == "queued",
            transcription.c.transcription_run_id.in_(cancelled),
        )
        .values(state="cancelled", finished_at=now())
    )
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
