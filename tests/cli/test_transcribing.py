"""`workbench transcribe` and `worker`, with the sample model and its voice notes."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import voice_notes
from workbench.errors import ModelError
from workbench.services import study
from workbench.services.opening import open_database
from workbench.services.voice_notes import transcribe, transcribing
from workbench.settings import SAMPLE_STUDY, bundled

NOTES = ("R046_q2_voice.opus", "R083_q2_voice.wav", "R106_q2_voice.amr")

SURVEY = "id,q2\nR046,\nR083,\nR106,\nR999,\n"
MAPPING = "respondent_id: id\nquestions:\n  - {column: q2, ref: q2, text: What would help?}\n"


@pytest.fixture
def spoken(workbench: Any, tmp_path: Path) -> Any:
    """Give the command with a sample study, three of its notes and two files that are no sound."""
    (tmp_path / "spoken.csv").write_text(SURVEY, encoding="utf-8")
    (tmp_path / "spoken.yaml").write_text(MAPPING, encoding="utf-8")
    place = ("--study", SAMPLE_STUDY)
    workbench("ingest", "survey", "spoken.csv", *place, "--mapping", "spoken.yaml")
    folder = bundled("data_samples") / "speakout" / "voice_notes"
    pattern = ("--pattern", "{respondent}_{question}_voice.{ext}")
    ran = workbench(
        "ingest", "recordings", *(folder / name for name in NOTES), *place, *pattern, "--json"
    )
    assert (ran.json["new"], ran.json["matched"]) == (3, 3)
    return workbench


def truth() -> dict[str, str]:
    path = bundled("data_samples") / "speakout" / "voice_notes" / "truth.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: row["words"] for row in csv.DictReader(file)}


def test_notes_are_transcribed_once_and_skipped_then(spoken: Any) -> None:
    call = ("transcribe", "--study", SAMPLE_STUDY, "--json")
    first = spoken(*call).json
    assert set(first) == {
        "transcribed", "failed", "skipped", "waiting", "audio_seconds", "wall_seconds", "notes",
    }  # fmt: skip
    assert (first["transcribed"], first["failed"], first["skipped"]) == (3, 0, 0)
    assert first["audio_seconds"] > 9
    expected = truth()
    assert {note["filename"]: note["text"] for note in first["notes"]} == {
        name: expected[name] for name in NOTES
    }
    assert {note["state"] for note in first["notes"]} == {"done"}
    assert {(note["language"], note["error"]) for note in first["notes"]} == {("en", None)}
    again = spoken(*call).json
    assert (again["transcribed"], again["skipped"], again["notes"]) == (0, 3, [])
    assert again["waiting"] == 0


def test_a_model_that_cannot_be_loaded_is_told_and_ends_with_1(
    spoken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_model(**_: object) -> Any:
        def load(*_: object, **__: object) -> Any:
            raise ModelError("the model cannot be loaded on cuda: no such device.")

        return load

    monkeypatch.setattr(transcribing, "local_loader", no_model)
    ran = spoken("transcribe", "--study", SAMPLE_STUDY, "--json", expect=1)
    assert (ran.json["transcribed"], ran.json["failed"]) == (0, 3)
    assert ran.err.count("cannot be loaded on cuda") == 1
    assert "workbench: nothing was transcribed, since the model could not be loaded: the" in ran.err


def test_a_file_that_is_gone_fails_alone_and_is_tried_again(spoken: Any, tmp_path: Path) -> None:
    (media,) = (tmp_path / "media").rglob("*.wav")
    kept = media.read_bytes()
    media.unlink()
    call = ("transcribe", "--study", SAMPLE_STUDY, "--json")
    ran = spoken(*call)
    assert (ran.json["transcribed"], ran.json["failed"]) == (2, 1)
    (failed,) = [note for note in ran.json["notes"] if note["state"] == "failed"]
    assert failed["filename"] == "R083_q2_voice.wav"
    assert failed["error"] in ran.err or "R083_q2_voice.wav" in ran.err
    media.write_bytes(kept)
    again = spoken(*call).json
    assert (again["transcribed"], again["failed"], again["skipped"]) == (1, 0, 2)


def test_the_sample_model_is_refused_in_other_studies(loaded: Any) -> None:
    ran = loaded("transcribe", "--study", "S", "--model", "sample-40-sentences", expect=1)
    assert "knows 40 sentences only and is for the sample study" in ran.err
    assert ran.out == ""


@pytest.fixture
def waiting(spoken: Any, tmp_path: Path) -> Iterator[voice_notes.Place]:
    """Put the notes into the queue without working on them."""
    database = open_database(f"sqlite:///{tmp_path / 'cli.sqlite3'}")
    actor = study.sign_in(database, "Asha")
    study_id = study.find_study(actor, database, SAMPLE_STUDY).id
    transcribe.request(actor, database, study_id, model="sample-40-sentences")
    yield actor, database, study_id
    database.close()


def test_what_an_earlier_call_left_behind_is_told_as_this_ones_work(
    waiting: voice_notes.Place, workbench: Any
) -> None:
    call = ("transcribe", "--study", SAMPLE_STUDY, "--json")
    told = workbench(*call).json
    n = len(transcribe.list_notes(*waiting))
    assert n >= 3
    assert (told["transcribed"], told["skipped"], len(told["notes"])) == (n, 0, n)


def test_a_worker_works_the_queue_and_ends(waiting: voice_notes.Place, workbench: Any) -> None:
    ran = workbench("worker", "--once")
    assert sorted(line for line in ran.err.splitlines() if line.endswith(": done")) == [
        f"{name}: done" for name in NOTES
    ]
    assert transcribe.progress(*waiting)[0].n_done == len(NOTES)


def test_one_interrupt_ends_in_good_order(waiting: voice_notes.Place) -> None:
    """Whenever it comes, nothing is left in anybody's hands, and nothing counts as tried."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "worker", "--once"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert "Working the queue" in process.stderr.readline()
    until = time.monotonic() + 30
    while not transcribe.progress(*waiting)[0].n_busy and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=30)[1]
    assert process.returncode == 0, told
    assert "Stopping: what is under way goes back to the queue." in told
    notes = transcribe.list_notes(*waiting)
    assert {note.state for note in notes} <= {"queued", "done"}
    assert {note.attempts for note in notes if note.state == "queued"} <= {0}
