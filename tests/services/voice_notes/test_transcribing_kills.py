"""Workers killed at random moments: nothing is lost, halved or done twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import voice_notes
from tests.builders import Bench
from tests.fake_engine import MODEL
from tests.voice_notes import Place
from workbench.domain.transcripts import TranscribeOptions
from workbench.services.voice_notes import models, transcribe
from workbench.store.tables import document, revision, segment, transcription

N_NOTES = 40
SEED = 20
PAUSE_S = 0.06
LONGEST_S = 0.45
"""After a worker's first note; a batch of four takes about a fifth of a second."""

SURVEY = "id,q1\n" + "".join(f"P{n:02},\n" for n in range(N_NOTES))
MAPPING = "respondent_id: id\nquestions:\n  - {column: q1, ref: q1, text: Why}\n"


@pytest.fixture
def place(empty: Bench, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(models, "find", lambda *_, **__: MODEL)
    empty.ingest(SURVEY, MAPPING)
    made = empty.actor, empty.database, empty.study_id
    for n in range(N_NOTES):
        voice_notes.record(made, f"note {n:02}", f"P{n:02}")
    return made


def start(place: Place, side_file: Path, pause_s: float = PAUSE_S) -> subprocess.Popen[bytes]:
    call = [sys.executable, "-m", "tests.fake_engine", place[1].url, side_file, str(pause_s)]
    return subprocess.Popen(call, cwd=Path(__file__).parents[3])


def done_notes(place: Place) -> set[str]:
    return {item.file_name for item in transcribe.list_notes(*place, states=("done",))}


def begun(side_file: Path) -> list[str]:
    return side_file.read_text(encoding="utf-8").splitlines() if side_file.exists() else []


def kill_while_working(
    place: Place, side_file: Path, chance: random.Random
) -> tuple[bool, int, set[str]]:
    """Start a worker and kill it; tell whether it was at work, and how things stood then."""
    before = len(begun(side_file))
    process = start(place, side_file)
    try:
        until = time.monotonic() + 30
        while len(begun(side_file)) == before and process.poll() is None:
            assert time.monotonic() < until, "the worker begins nothing"
            time.sleep(0.005)
        time.sleep(chance.uniform(0, LONGEST_S))
        at_work = process.poll() is None
    finally:
        process.kill()
        process.wait(20)
    return at_work, len(begun(side_file)), done_notes(place)


def finish(place: Place, side_file: Path) -> None:
    """Let a worker come to the end, and try again what was lost with two workers."""
    assert start(place, side_file, 0.0).wait(60) == 0
    failed = transcribe.list_notes(*place, states=("failed",))
    assert {item.error_code for item in failed} <= {"worker_lost"}
    if failed:
        assert transcribe.retry(*place, [item.id for item in failed]) == len(failed)
        assert start(place, side_file, 0.0).wait(60) == 0


def assert_all_is_there_once(place: Place) -> None:
    notes = transcribe.list_notes(*place)
    assert [item.state for item in notes] == ["done"] * N_NOTES
    with place[1].read() as connection:

        def count(query: Any) -> int:
            return int(connection.execute(select(func.count()).select_from(query)).scalar_one())

        assert count(select(transcription.c.result_key).distinct().subquery()) == N_NOTES
        rows = connection.execute(
            select(document.c.recording_id, document.c.transcript, revision.c.transcription_id,
                   revision.c.text)
            .join(revision, revision.c.document_id == document.c.id)
            .where(document.c.recording_id.isnot(None))
        ).all()  # fmt: skip
        assert len(rows) == N_NOTES
        assert {row.recording_id for row in rows} == {item.recording_id for item in notes}
        assert {row.transcription_id for row in rows} == {item.id for item in notes}
        assert {row.transcript for row in rows} == {"draft"}
        assert {row.text for row in rows} == {
            f"Transcribe note {n:02} now." for n in range(N_NOTES)
        }
        assert count(segment) == 2 * N_NOTES


def test_killed_at_random_moments_every_note_ends_once(place: Place, tmp_path: Path) -> None:
    n_kills = 20 if place[1].is_sqlite else 5
    chance, side_file = random.Random(SEED), tmp_path / "begun.txt"
    transcribe.request(*place, model="small", options=TranscribeOptions(batch_size=4))
    stands = [kill_while_working(place, side_file, chance) for _ in range(n_kills)]
    finish(place, side_file)
    log = begun(side_file)
    n_at_work = sum(at_work and len(done) < N_NOTES for at_work, _, done in stands)
    assert n_at_work == n_kills, "some kills came when nothing was left to do"
    for _, length, done in stands:
        assert not done & set(log[length:]), "computed again although it was written down"
    assert stands[-1][2], "no worker got as far as to write anything down"
    assert len(log) > N_NOTES, "no kill met a note that was under way"
    assert_all_is_there_once(place)


def test_a_file_that_brings_workers_down_fails_and_takes_none_along(
    place: Place, tmp_path: Path
) -> None:
    voice_notes.record(place, "kill me")
    side_file = tmp_path / "begun.txt"
    transcribe.request(*place, model="small", options=TranscribeOptions(batch_size=8))
    ends = [start(place, side_file, 0.0).wait(60) for _ in range(4)]
    assert ends == [-9, -9, -9, 0]
    (failed,) = transcribe.list_notes(*place, states=("failed",))
    assert (failed.file_name, failed.error_code, failed.attempts) == ("kill me", "worker_lost", 3)
    assert len(done_notes(place)) == N_NOTES


def test_workers_side_by_side_never_take_the_same_note(place: Place, tmp_path: Path) -> None:
    side_file = tmp_path / "begun.txt"
    transcribe.request(*place, model="small", options=TranscribeOptions(batch_size=2))
    processes = [start(place, side_file, 0.02) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert sorted(begun(side_file)) == [f"note {n:02}" for n in range(N_NOTES)]
    assert_all_is_there_once(place)
