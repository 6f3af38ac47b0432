"""Transcribing: what a worker does, a process of its own that works the queue.

In: the queue. Out: every recording with its transcript or the reason why not, each written down as
soon as it ends. Whatever happens to the worker, what it has written stays, and what it held goes
back to the queue.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from pipelines.transcribe.transcriber import Note, NoteFailure, Transcriber
from workbench.domain.codings import Actor
from workbench.domain.transcripts import TranscribeOptions, Transcript
from workbench.errors import ClusterError, StoreError, WorkbenchError
from workbench.services.voice_notes import attach, models
from workbench.services.voice_notes.models import ModelFile
from workbench.settings import Settings
from workbench.store.engine import Database
from workbench.store.team import people
from workbench.store.voice_notes import media, transcription_runs, transcriptions, workers
from workbench.store.voice_notes.transcription_runs import Run
from workbench.store.voice_notes.transcriptions import Claimed, Ending

__all__ = ["Claimed", "Loader", "Worker", "cluster_loader", "local_loader", "work_queue"]

REPORT_S = 5.0
"""How often a worker says that it is alive."""

POLL_S = 1.0
"""How often an idle worker looks for something to do, and a busy one for a cancellation."""

PROGRESS_S = 1.0
"""How often progress within a note is written."""

MAX_STRIKES = 2
"""Workers that may be lost with a note in their hands alone before it is given up."""

LOST = (
    "The worker broke off several times at this recording. It may be damaged or too large for the "
    "memory; try a smaller model, or cut it into parts."
)


class Loader(Protocol):
    """Loads a model into an engine, or reaches one elsewhere."""

    def __call__(self, model: ModelFile, *, engine: str) -> Transcriber:
        """Give an engine with the model loaded."""


OnNote = Callable[[Claimed, "Transcript | NoteFailure"], None]


@dataclass
class Worker:
    """One process's work on the queue.

    Parameters
    ----------
    load
        Loads a model; called once for each model that the queue asks for, while it stays the same.
    on_note
        Told of each note when it has been written down.
    """

    database: Database
    load: Loader
    on_note: OnNote | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    _id: int = 0
    _loaded: tuple[tuple[str, str], Transcriber] | None = None

    def work(self, *, study_id: int | None = None, idle_exit_s: float | None = 0.0) -> None:
        """Work until the queue (or one study's) is empty, or somebody says stop.

        Parameters
        ----------
        idle_exit_s
            How long to wait for more; None waits for ever.
        """
        with self.database.write() as connection:
            self._id = workers.add_worker(connection)
        alive = _Alive(self.database, self._id)
        alive.start()
        try:
            idle_since = time.monotonic()
            while not self.stopped.is_set():
                if self._one_run(study_id):
                    idle_since = time.monotonic()
                    continue
                if idle_exit_s is not None and time.monotonic() - idle_since >= idle_exit_s:
                    return
                self.stopped.wait(POLL_S)
        finally:
            alive.end()
            with self.database.write() as connection:
                transcription_runs.finish_runs(connection)
                workers.end_worker(connection, self._id)

    def _one_run(self, study_id: int | None) -> bool:
        """Work on the next run that has something to do; tell whether there was any."""
        with self.database.write() as connection:
            lost = workers.lost_workers(connection, self._id)
            if lost:
                transcriptions.take_from(connection, lost, max_strikes=MAX_STRIKES, error=LOST)
            transcription_runs.finish_runs(connection)
            run = transcription_runs.next_run(connection, study_id)
            if run is None:
                return False
            transcription_runs.drop_withdrawn(connection, run.id)
        try:
            engine = self._engine(run)
        except ClusterError:
            raise  # no fault of the run's: it waits until the machines are there
        except (WorkbenchError, ImportError) as error:
            with self.database.write() as connection:
                transcription_runs.fail_queued(connection, run.id, "model", str(error))
                transcription_runs.finish_runs(connection)
            return True
        for alone in (True, False):
            for task in ("transcribe", "translate"):
                _Pass(self, run, engine, task, alone=alone).go()
        with self.database.write() as connection:
            transcription_runs.finish_runs(connection)
        return True

    def _engine(self, run: Run) -> Transcriber:
        wanted = (run.model_sha256, run.engine)
        if self._loaded is not None and self._loaded[0] == wanted:
            return self._loaded[1]
        with self.database.read() as connection:
            allowed = models.sample_allowed_in(connection, run.study_id)
        model = models.find(run.model, sample_allowed=allowed)
        if model.sha256 != run.model_sha256:
            raise StoreError(
                f"the file of the model {run.model} has changed since it was chosen. Ask again."
            )
        self._loaded = None  # one model at a time: the old one's memory is free before
        engine = self.load(model, engine=run.engine)
        self._loaded = (wanted, engine)
        return engine


class _Alive(threading.Thread):
    """Says every few seconds that the worker is alive, whatever the worker is busy with."""

    def __init__(self, database: Database, worker_id: int) -> None:
        super().__init__(daemon=True, name="worker's sign of life")
        self._database, self._worker_id = database, worker_id
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(REPORT_S):
            try:
                with self._database.write() as connection:
                    workers.report(connection, self._worker_id)
            except StoreError:
                continue  # the database is busy: the next sign will do

    def end(self) -> None:
        """Say no more."""
        self._ended.set()
        self.join()


class _Pass:
    """One pass over a run's recordings for one task: several side by side, or one at a time."""

    def __init__(
        self, worker: Worker, run: Run, engine: Transcriber, task: str, *, alone: bool
    ) -> None:
        self.worker, self.run, self.engine, self.alone = worker, run, engine, alone
        self.database = worker.database
        self.options = options_of(run.options, task)
        if alone:
            self.options = replace(self.options, batch_size=1)
        self.task = task
        self.store = media.media_store(self.database)
        self.held: dict[str, Claimed] = {}
        self.begun: dict[str, float] = {}
        self.told: dict[str, float] = {}
        self.cancelled, self.looked = False, 0.0
        self.actor: Actor | None = None

    def go(self) -> None:
        """Transcribe what there is, until nothing of this kind waits."""
        first = self._claim()
        while first is not None:
            self._transcribe(first)
            first = self._claim()

    def _transcribe(self, first: Claimed) -> None:
        """Run the engine; give back what is left when it breaks off.

        What breaks the engine itself is then tried alone, and alone it fails.
        """
        suspect = False
        try:
            self.engine.transcribe(
                self._notes(first),
                self.options,
                on_done=self._done,
                on_progress=self._progress,
                should_stop=self._should_stop,
            )
        except WorkbenchError:
            raise  # the database or the cluster is away: no note's fault
        except Exception as error:  # noqa: BLE001 - engines raise anything; told to the note
            suspect = True
            if self.alone and str(first.id) in self.held:
                told = f"The engine broke off: {type(error).__name__}: {error}. Try another model."
                self._done(str(first.id), NoteFailure("engine", told, retryable=True))
        finally:
            self._give_back(suspect=suspect)

    def _give_back(self, *, suspect: bool) -> None:
        held, self.held = self.held, {}
        if held:
            with self.database.write() as connection:
                for claimed in held.values():
                    transcriptions.put_back(
                        connection, claimed.id, self.worker._id, suspect=suspect
                    )

    def _claim(self) -> Claimed | None:
        if self.worker.stopped.is_set():
            return None
        with self.database.write() as connection:
            found = transcriptions.claim(
                connection, self.worker._id, self.run.id, task=self.task, alone=self.alone
            )
        if found is not None:
            self.held[str(found.id)] = found
            self.begun[str(found.id)] = time.monotonic()
        return found

    def _notes(self, first: Claimed) -> Iterator[Note]:
        claimed: Claimed | None = first
        while claimed is not None:
            yield Note(
                key=str(claimed.id),
                uri=self.store.full(claimed.uri),
                sha256=claimed.sha256,
                file_name=claimed.file_name,
                duration_ms=claimed.duration_ms,
                language=claimed.language,
                storage=tuple((name, str(value)) for name, value in self.store.storage.items()),
            )
            claimed = None if self.alone else self._claim()

    def _progress(self, key: str, done_ms: int) -> None:
        now = time.monotonic()
        if key in self.held and now - self.told.get(key, 0.0) >= PROGRESS_S:
            self.told[key] = now
            with self.database.write() as connection:
                transcriptions.note_progress(connection, self.held[key].id, done_ms)

    def _should_stop(self) -> bool:
        if self.worker.stopped.is_set():
            return True
        if time.monotonic() - self.looked >= POLL_S:
            self.looked = time.monotonic()
            with self.database.read() as connection:
                run = transcription_runs.get_run(connection, self.run.id)
            self.cancelled = run is None or run.state == "cancelled"
        return self.cancelled

    def _done(self, key: str, outcome: Transcript | NoteFailure) -> None:
        claimed = self.held[key]
        wall_ms = round((time.monotonic() - self.begun[key]) * 1000)
        with self.database.write() as connection:
            if isinstance(outcome, NoteFailure) and outcome.code == "stopped":
                if not self.cancelled:
                    return  # given back at the end
                ending = Ending("cancelled")
            else:
                ending = self._ending(outcome, wall_ms)
            mine = transcriptions.end(connection, claimed.id, self.worker._id, ending)
            if mine and ending.state == "done":
                if self.actor is None:
                    self.actor = people.get_coder(connection, self.run.created_by)
                attach.attach_in(connection, self.actor, self.run.study_id, claimed.id)
        del self.held[key]
        if self.worker.on_note is not None:
            self.worker.on_note(claimed, outcome)

    def _ending(self, outcome: Transcript | NoteFailure, wall_ms: int) -> Ending:
        if isinstance(outcome, NoteFailure):
            return Ending(
                "failed", wall_ms=wall_ms, error_code=outcome.code, error=outcome.message,
                retryable=outcome.retryable,
            )  # fmt: skip
        return Ending(
            "done",
            result=attach.result_of(outcome),
            language=outcome.language,
            language_probability=outcome.language_probability,
            audio_ms=outcome.duration_ms,
            wall_ms=wall_ms,
            engine_version=self.engine.versions,
        )


def options_of(kept: dict[str, Any], task: str) -> TranscribeOptions:
    """Read options as a run keeps them."""
    known = {name: value for name, value in kept.items() if name != "translate"}
    known["temperatures"] = tuple(known["temperatures"])
    return replace(TranscribeOptions(**known), task=task)  # type: ignore[arg-type]


def local_loader(*, device: str = "auto") -> Loader:
    """Give what loads models in this process."""

    def load(model: ModelFile, *, engine: str) -> Transcriber:
        from pipelines.transcribe.engines import load_transcriber

        longest = Settings().max_recording_minutes * 60
        return load_transcriber(model, engine=engine, device=device, max_seconds=longest)

    return load


def cluster_loader(address: str, *, device: str = "auto") -> Loader:
    """Give what hands the work to the machines of a cluster."""

    def load(model: ModelFile, *, engine: str) -> Transcriber:
        from pipelines.transcribe.cluster import connect

        longest = Settings().max_recording_minutes * 60
        return connect(model, address, engine=engine, device=device, max_seconds=longest)

    return load


def work_queue(
    actor: Actor | None,
    database: Database,
    *,
    load: Loader | None = None,
    study_id: int | None = None,
    idle_exit_s: float | None = 0.0,
    on_note: OnNote | None = None,
    stopped: threading.Event | None = None,
) -> None:
    """Work the queue in this process; see `Worker`."""
    worker = Worker(
        database, load or local_loader(), on_note=on_note, stopped=stopped or threading.Event()
    )
    worker.work(study_id=study_id, idle_exit_s=idle_exit_s)
