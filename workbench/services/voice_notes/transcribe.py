"""Transcribe: ask for transcripts, see how far they are, pause, cancel, try again.

In: recordings, a model and options. Out: a run in the queue, which a worker works (`transcribing`);
and how far every run of the study is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal

from workbench.domain.codings import Actor
from workbench.domain.transcripts import State, Task, TranscribeOptions, result_key
from workbench.domain.words import count
from workbench.errors import InputError, NotFound
from workbench.services.trail import trail
from workbench.services.voice_notes import models
from workbench.services.voice_notes.models import ModelFile
from workbench.store.clock import now
from workbench.store.engine import Connection, Database
from workbench.store.voice_notes import (
    queue_lists,
    recordings,
    transcription_runs,
    transcriptions,
    workers,
)
from workbench.store.voice_notes.queue_lists import QueuedNote, Tally

__all__ = ["QueuedNote", "Requested", "RunProgress"]

RunState = Literal["open", "paused", "cancelled", "finished"]

ENGINES = ("openai-whisper", "faster-whisper")


@dataclass(frozen=True, slots=True)
class Requested:
    """What came of a request. `run_id` is None where there was nothing to queue.

    `skipped` have this very transcript already; `waiting` are in the queue for it already.
    """

    run_id: int | None
    queued: int
    skipped: int
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is. `audio_ms` of `total_ms` are behind.

    `rate` is sound per time, such as 8.0, of the workers that are there now. It and `left_s` are
    None while nothing can be said: nobody works, or nothing has come of it yet. `worker_alive` says
    whether anything works.
    """

    run_id: int
    model: str
    engine: str
    task: str
    language: str | None
    state: RunState
    n_notes: int
    n_queued: int
    n_busy: int
    n_done: int
    n_failed: int
    n_cancelled: int
    total_ms: int
    audio_ms: int
    rate: float | None
    left_s: float | None
    created_at: str
    worker_alive: bool

    @property
    def is_active(self) -> bool:
        """Whether something of it is still to be done, or being done."""
        return self.n_busy > 0 or (self.state == "open" and self.n_queued > 0)


def request(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    model: str,
    engine: str = "openai-whisper",
    options: TranscribeOptions | None = None,
    translate: bool = False,
    recording_ids: Sequence[int] | None = None,
    languages: Mapping[int, str] | None = None,
) -> Requested:
    """Put recordings into the queue.

    Parameters
    ----------
    model
        A model's name, or the path of a checkpoint.
    translate
        Ask for an English translation beside the transcript.
    recording_ids
        Which recordings; by default all but those that were set aside.
    languages
        The languages of single recordings, where they are known.

    Raises
    ------
    ModelError
        When the model is not there, may not be used here, or cannot do what is asked.
    NotFound
        When a recording is not in the study.
    InputError
        When there is no such engine.
    """
    if engine not in ENGINES:
        raise InputError(f"there is no engine {engine!r}.", hint=f"There are: {ENGINES}.")
    asked = options or TranscribeOptions()
    found = models.find(model, sample_allowed=models.sample_allowed(actor, database, study_id))
    models.check_form(found, engine)
    check_language(found, asked, translate=translate)
    versions = engine_versions(engine)
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        known = {item.id: item for item in recordings.list_recordings(connection, study_id)}
        chosen = [
            key for key, item in known.items() if item.matching != "set_aside"
        ] if recording_ids is None else list(dict.fromkeys(recording_ids))  # fmt: skip
        missing = [key for key in chosen if key not in known]
        if missing:
            raise NotFound(f"the study has no recording number {missing[0]}.")
        run_id = transcription_runs.add_run(
            connection,
            study_id,
            actor.id,
            model=str(found.path.resolve()) if found.kind == "own" else found.name,
            model_sha256=found.sha256,
            engine=engine,
            options=asdict(asked) | {"translate": translate},
        )
        came: Counter[transcriptions.Place] = Counter()
        for key in chosen:
            for task in _tasks(asked, translate):
                language = (languages or {}).get(key) or asked.language
                wanted = replace(asked, task=task, language=language)
                came[transcriptions.enqueue(
                    connection,
                    run_id,
                    key,
                    task=task,
                    key=result_key(known[key].sha256, found.sha256, wanted, versions),
                    language=language,
                    audio_ms=known[key].duration_ms,
                )] += 1  # fmt: skip
        queued = came["new"]
        if not queued:
            transcription_runs.drop_run(connection, run_id)
            return Requested(None, 0, came["done"], came["waiting"])
        trail.record(
            connection,
            actor,
            study_id,
            "request transcripts",
            label=f"{count(queued, 'recording')} for {found.name}",
            targets=[("transcription_run", run_id)],
            details={"queued": queued, "model_sha256": found.sha256},
        )
    return Requested(run_id, queued, came["done"], came["waiting"])


def _tasks(options: TranscribeOptions, translate: bool) -> tuple[Task, ...]:
    if translate and options.task == "transcribe":
        return ("transcribe", "translate")
    return (options.task,)


def check_language(model: ModelFile, options: TranscribeOptions, *, translate: bool) -> None:
    """See to it that the model knows the language and can translate, if that is asked.

    Raises
    ------
    ModelError
        When it cannot, with the models that can.
    InputError
        When there is no such language.
    """
    from pipelines.transcribe.whisper_engine import check_options

    if options.language is not None and options.language not in languages_by_code():
        raise InputError(
            f"there is no language {options.language!r}.",
            hint="Give a code such as en, ur, bn, pl, so or ar; or auto.",
        )
    check_options(model, options)
    if translate:
        check_options(model, replace(options, task="translate"))


def languages_by_code() -> dict[str, str]:
    """Give the languages that whisper knows: English names by code."""
    from pipelines.transcribe.languages import LANGUAGES

    return LANGUAGES


def engine_versions(engine: str) -> str:
    """Name what decodes and transcribes, with versions, without loading it."""
    from pipelines.transcribe.engines import versions_of

    return versions_of(engine)


def progress(actor: Actor, database: Database, study_id: int) -> list[RunProgress]:
    """Tell how far every run of the study is, the newest first."""
    with database.read() as connection:
        since = workers.alive_since(connection)
        return [
            _progress(item, alive=since is not None)
            for item in queue_lists.tallies(connection, study_id, since=since)
        ]


def _progress(tally: Tally, *, alive: bool) -> RunProgress:
    run = tally.run
    rate = left = None
    if tally.fresh_from and tally.fresh_ms > 0:
        passed_s = _seconds(tally.fresh_until or now()) - _seconds(tally.fresh_from)
        rate = tally.fresh_ms / 1000 / max(passed_s, 0.001)
        left = max(0, tally.total_ms - tally.done_ms) / 1000 / rate
    return RunProgress(
        run_id=run.id,
        model=run.model,
        engine=run.engine,
        task="translate" if run.options.get("translate") else run.options.get("task", ""),
        language=run.options.get("language"),
        state=run.state,  # type: ignore[arg-type]
        n_notes=tally.n_notes,
        n_queued=tally.n_queued,
        n_busy=tally.n_busy,
        n_done=tally.n_done,
        n_failed=tally.n_failed,
        n_cancelled=tally.n_cancelled,
        total_ms=tally.total_ms,
        audio_ms=tally.done_ms,
        rate=rate,
        left_s=left,
        created_at=run.created_at,
        worker_alive=alive,
    )


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp()


def list_notes(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    run_id: int | None = None,
    states: Sequence[State] = (),
) -> list[QueuedNote]:
    """List the recordings that are or were in the queue."""
    with database.read() as connection:
        return queue_lists.list_notes(connection, study_id, run_id=run_id, states=states)


def pause(actor: Actor, database: Database, study_id: int, run_id: int) -> None:
    """Take no more of a run's recordings; those under way come to their end."""
    _set_state(actor, database, study_id, run_id, "paused", ("open",))


def go_on(actor: Actor, database: Database, study_id: int, run_id: int) -> None:
    """Go on with a run that was paused."""
    _set_state(actor, database, study_id, run_id, "open", ("paused",))


def cancel(actor: Actor, database: Database, study_id: int, run_id: int) -> None:
    """Give a run up: what waits is taken out of the queue, what is under way is stopped."""
    _set_state(actor, database, study_id, run_id, "cancelled", ("open", "paused"))


def retry(actor: Actor, database: Database, study_id: int, transcription_ids: Sequence[int]) -> int:
    """Put recordings that failed or were cancelled back into the queue; give how many."""
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        n = transcriptions.requeue(connection, study_id, transcription_ids)
        if n:
            trail.record(
                connection, actor, study_id, "request transcripts",
                label=f"{count(n, 'recording')} once more",
                details={"transcriptions": sorted(transcription_ids)},
            )  # fmt: skip
        return n


def _set_state(
    actor: Actor,
    database: Database,
    study_id: int,
    run_id: int,
    state: RunState,
    allowed: Sequence[str],
) -> None:
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        run = _run_of(connection, study_id, run_id)
        if run.state not in allowed:
            return
        transcription_runs.set_run_state(connection, run_id, state)
        trail.record(
            connection, actor, study_id, f"{state} transcripts",
            label=f"run {run_id}", targets=[("transcription_run", run_id)],
        )  # fmt: skip


def _run_of(connection: Connection, study_id: int, run_id: int) -> transcription_runs.Run:
    run = transcription_runs.get_run(connection, run_id)
    if run is None or run.study_id != study_id:
        raise NotFound(f"the study has no transcription run number {run_id}.")
    return run
