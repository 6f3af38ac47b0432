"""The worker as a process of its own, started by the app when something waits.

In: a database. Out: a process beside the app, which goes on when the browser or the app is closed
and ends by itself when the queue is empty.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from workbench.settings import Settings
from workbench.store.engine import Database
from workbench.store.voice_notes import workers

IDLE_EXIT_S = 60

_starting = threading.Lock()
_started: dict[str, threading.Thread] = {}
"""By database: who waits for the end of the worker that this process started."""

LOG = "worker.log"
"""Beside the database: what the worker last said."""


def ensure_worker(database: Database) -> bool:
    """See to it that a worker is at work; tell whether one was started.

    None is started where the setting WORKBENCH_START_WORKER says so, nor where one is alive or has
    been started and is not yet at work.
    """
    if not Settings().start_worker:
        return False
    with _starting:
        begun = _started.get(database.url)
        if begun is not None and begun.is_alive():
            return False
        with database.read() as connection:
            if workers.alive_since(connection) is not None:
                return False
        start_worker(database)
    return True


def start_worker(database: Database, *, idle_exit_s: float = IDLE_EXIT_S) -> int:
    """Start a worker that outlives this process; give its number.

    The address of the database goes along in the environment: it may hold a password, which a list
    of processes would show.
    """
    environment = os.environ | {
        "WORKBENCH_DATABASE_URL": database.engine.url.render_as_string(hide_password=False)
    }
    call = [sys.executable, "-m", "workbench", "worker", "--idle-exit", f"{idle_exit_s:g}"]
    with log_file(database).open("ab") as log:
        process = subprocess.Popen(
            call,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    # Whoever has ended must be fetched, or the number counts as that of a live process.
    waiter = threading.Thread(target=process.wait, daemon=True, name="worker's end")
    waiter.start()
    _started[database.url] = waiter
    return process.pid


def log_file(database: Database) -> Path:
    """Give the file in which a worker's messages are."""
    if database.path is not None:
        return database.path.absolute().with_name(LOG)
    return Path(tempfile.gettempdir()) / f"speakout-{LOG}"
