"""The queue's own cost: what a note costs beside its transcribing.

In: a study with many recordings and an engine that answers at once. Out: milliseconds a note, from
the request to the draft, on SQLite and, where it is installed, on PostgreSQL.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import select

from benchmarks import corpus, studies
from benchmarks.measure import Section, shown
from pipelines.transcribe.transcriber import ModelFile, Note, OnDone, OnProgress, Transcriber
from workbench.domain.transcripts import TimedSegment, TranscribeOptions, Transcript, Word
from workbench.services.opening import Database, open_database
from workbench.services.voice_notes import models, transcribe, transcribing
from workbench.store.tables import question
from workbench.store.voice_notes import recordings
from workbench.store.voice_notes.recordings import NewRecording

N_NOTES = 500
N_WORDS = 40
SERVER = "WORKBENCH_BENCHMARK_POSTGRESQL"
"""The address of an empty database on a server, to measure there too."""

MODEL = ModelFile("small", Path("small.pt"), "0" * 64, 1, "whisper", True, True)


@dataclass
class AtOnce:
    """An engine that hears the same words in every note, at once."""

    engine: str = "openai-whisper"
    versions: str = "none"
    model: ModelFile = MODEL

    def transcribe(
        self,
        notes: Iterable[Note],
        options: TranscribeOptions,
        *,
        on_done: OnDone,
        on_progress: OnProgress | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        """End each note as it comes."""
        for note in notes:
            if should_stop is not None and should_stop():
                return
            on_done(note.key, _heard())


def _heard() -> Transcript:
    words = tuple(Word(5 * n, 5 * n + 4, 300 * n, 300 * n + 250, 0.9) for n in range(N_WORDS))
    text = " ".join(["word"] * N_WORDS)
    half = N_WORDS // 2
    segments = (
        TimedSegment(0, 5 * half - 1, 0, 300 * half, 0.9, words[:half]),
        TimedSegment(5 * half, len(text), 300 * half, 300 * N_WORDS, 0.9, words[half:]),
    )
    return Transcript(text, segments, "en", 0.9, 300 * N_WORDS)


def _load(model: ModelFile, *, engine: str) -> Transcriber:
    made: Transcriber = AtOnce()
    return made


def _record(bench: studies.Bench) -> None:
    """Bring recordings in, each matched to somebody's answer to the one question."""
    with bench.database.write() as connection:
        people = recordings.people_by_ref(connection, bench.study_id)
        asked = (
            connection.execute(select(question.c.id).where(question.c.study_id == bench.study_id))
            .scalars()
            .first()
        )
        for n, person in enumerate(people.values()):
            digest = hashlib.sha256(str(n).encode()).hexdigest()
            recordings.add_recording(
                connection, bench.study_id, bench.actor.id,
                NewRecording(digest, f"{digest}.opus", f"{n}.opus", "audio/ogg", 1_000, 12_000,
                             respondent_id=person, question_id=asked, matching="matched"),
            )  # fmt: skip


def measure(database: Database) -> tuple[float, float]:
    """Give milliseconds a note for the request, and for the worker."""
    bench = studies.new_study_in(database)
    studies.import_csv(bench, corpus.as_csv(corpus.answers(N_NOTES)))
    _record(bench)
    with patch.object(models, "find", lambda *_, **__: MODEL):
        begun = time.perf_counter()
        asked = transcribe.request(bench.actor, database, bench.study_id, model="small")
        between = time.perf_counter()
        transcribing.work_queue(bench.actor, database, load=_load)
        ended = time.perf_counter()
    done = transcribe.list_notes(bench.actor, database, bench.study_id, states=("done",))
    if not asked.queued == len(done) == N_NOTES:
        raise RuntimeError(f"{asked.queued} were queued and {len(done)} done, not {N_NOTES}")
    return (between - begun) * 1000 / N_NOTES, (ended - between) * 1000 / N_NOTES


def run(folder: Path) -> Section:
    """Measure and describe."""
    addresses = [("SQLite", f"sqlite:///{folder / 'queue.sqlite3'}")]
    if os.environ.get(SERVER):
        addresses.append(("PostgreSQL", os.environ[SERVER]))
    rows: list[tuple[str, ...]] = []
    for name, address in addresses:
        with ExitStack() as stack:
            database = open_database(address)
            stack.callback(database.close)
            asking, working = measure(database)
        rows.append((name, f"{N_NOTES:,}", shown(asking), shown(working), shown(asking + working)))
    return Section(
        "What the queue costs beside transcribing",
        ("database", "notes", "asking, ms a note", "working, ms a note", "together, ms a note"),
        tuple(rows),
        "`services.transcribe.request` and a worker with an engine that answers at once: claim, "
        "result, document with revision, two segments of 20 words, event in the chain; one "
        f"transaction to claim a note and one to write it down. Aim: under 10 ms. {SERVER} names a "
        "database on a server to measure as well.",
    )
