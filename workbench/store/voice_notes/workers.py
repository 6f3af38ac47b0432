"""Workers: the processes that work the queue, and which of them are lost.

In: a process. Out: its row, kept alive by what it reports.
"""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from workbench.store.clock import new_guid, now
from workbench.store.tables import transcription, worker

LEASE_S = 60
"""A worker that has not been heard of for so long is lost."""


def add_worker(connection: Connection) -> int:
    """Write down this process as a worker; give its key."""
    at = now()
    key = connection.execute(
        insert(worker).values(
            guid=new_guid(), host=platform.node()[:200], pid=os.getpid(), started_at=at, seen_at=at
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def report(connection: Connection, worker_id: int) -> None:
    """Note that a worker is alive."""
    connection.execute(update(worker).where(worker.c.id == worker_id).values(seen_at=now()))


def end_worker(connection: Connection, worker_id: int) -> None:
    """Note that a worker has ended in good order."""
    connection.execute(update(worker).where(worker.c.id == worker_id).values(ended_at=now()))


def lost_workers(connection: Connection, me: int | None = None) -> list[int]:
    """Give the workers that are not there any more, or ended without giving back what they held.

    They count as ended then. `me` is never among them: whoever asks is there.
    """
    gone = [key for key in _sorted_out(connection, me)[1] if key != me]
    if gone:
        connection.execute(update(worker).where(worker.c.id.in_(gone)).values(ended_at=now()))
    holding = connection.execute(
        select(worker.c.id)
        .join(transcription, transcription.c.worker_id == worker.c.id)
        .where(
            worker.c.ended_at.isnot(None), transcription.c.state.in_(("decoding", "transcribing"))
        )
        .distinct()
    )
    return sorted({*gone, *holding.scalars()} - {me})


def alive_since(connection: Connection) -> str | None:
    """Give when the first of the workers that are at work came; None while there is none."""
    alive = _sorted_out(connection)[0]
    return connection.execute(
        select(func.min(worker.c.started_at)).where(worker.c.id.in_(alive))
    ).scalar()


def _sorted_out(connection: Connection, me: int | None = None) -> tuple[list[int], list[int]]:
    limit = (datetime.now(UTC) - timedelta(seconds=LEASE_S)).isoformat(timespec="milliseconds")
    limit = limit.replace("+00:00", "Z")
    here = platform.node()[:200]
    alive: list[int] = []
    gone: list[int] = []
    for row in connection.execute(select(worker).where(worker.c.ended_at.is_(None))):
        # A number that is this process's own now belonged to a worker that is gone.
        reused = me is not None and row.id != me and row.pid == os.getpid()
        lost = row.seen_at < limit or (row.host == here and (reused or not _runs(row.pid)))
        (gone if lost else alive).append(row.id)
    return alive, gone


def _runs(pid: int) -> bool:
    """Tell whether a process of this machine is there; in doubt it is."""
    if sys.platform == "win32":
        return True  # asking there would end it: its silence tells
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
