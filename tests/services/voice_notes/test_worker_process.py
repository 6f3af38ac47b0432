"""The worker that the app starts: one, with the database's address out of sight."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from workbench.services.opening import Database
from workbench.services.voice_notes import worker_process
from workbench.store.voice_notes import workers


class Process:
    """A process that is pretended to be started, and runs until it is told to end."""

    pid = 4_711

    def __init__(self) -> None:
        import threading

        self.ended = threading.Event()

    def wait(self) -> None:
        self.ended.wait(20)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Any:
    calls: list[tuple[list[str], dict[str, Any], Process]] = []

    def pretend(call: list[str], **more: Any) -> Process:
        calls.append((call, more, Process()))
        return calls[-1][2]

    monkeypatch.setattr(subprocess, "Popen", pretend)
    monkeypatch.setattr(worker_process, "_started", {})
    yield calls
    for _, _, process in calls:
        process.ended.set()


def test_one_worker_is_started_and_no_second(sqlite: Database, started: Any) -> None:
    assert worker_process.ensure_worker(sqlite)
    assert not worker_process.ensure_worker(sqlite), "the first is on its way"
    ((call, more, _),) = started
    assert call[1:] == ["-m", "workbench", "worker", "--idle-exit", "60"]
    assert not any("sqlite" in part for part in call)
    assert more["env"]["WORKBENCH_DATABASE_URL"] == sqlite.url
    assert more["start_new_session"]


def test_none_is_started_beside_a_living_one(sqlite: Database, started: Any) -> None:
    with sqlite.write() as connection:
        key = workers.add_worker(connection)
    assert not worker_process.ensure_worker(sqlite)
    with sqlite.write() as connection:
        workers.end_worker(connection, key)
    assert worker_process.ensure_worker(sqlite)


def test_another_is_started_when_the_first_has_ended(sqlite: Database, started: Any) -> None:
    worker_process.ensure_worker(sqlite)
    started[0][2].ended.set()
    worker_process._started[sqlite.url].join(20)
    assert worker_process.ensure_worker(sqlite)


def test_a_setting_forbids_it(
    sqlite: Database, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_START_WORKER", "false")
    assert not worker_process.ensure_worker(sqlite)
    assert started == []


def test_a_password_travels_in_the_environment_only(started: Any) -> None:
    database = Database("postgresql://me:s3cret@host/name")
    worker_process.start_worker(database)
    ((call, more, _),) = started
    assert "s3cret" not in " ".join(call)
    assert "s3cret" in more["env"]["WORKBENCH_DATABASE_URL"]


def test_the_log_lies_beside_the_database(sqlite: Database, tmp_path: Path, started: Any) -> None:
    worker_process.start_worker(sqlite)
    assert worker_process.log_file(sqlite) == tmp_path / "worker.log"
    assert (tmp_path / "worker.log").exists()
