"""`workbench transcribe`, `worker` and `models`: voice notes to transcripts."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.domain.words import count

if TYPE_CHECKING:
    from workbench.domain.codings import Actor
    from workbench.services.opening import Database
    from workbench.services.voice_notes.transcribe import QueuedNote, RunProgress
    from workbench.services.voice_notes.transcribing import Claimed, Loader

DEVICE_OPTION = Annotated[
    str, typer.Option(help="Where to compute: auto, cpu or cuda (a graphics processor).")
]
WORKERS_OPTION = Annotated[
    str | None,
    typer.Option(help="The address of a Dask scheduler whose machines do the work."),
]

models_app = typer.Typer(help="Speech recognition models.", no_args_is_help=True)
app.add_typer(models_app, name="models")


@app.command("transcribe")
def transcribe(
    context: typer.Context,
    study: STUDY_OPTION,
    model: Annotated[
        str | None,
        typer.Option(help="A model's name, or a file of your own. Default: the best that is here."),
    ] = None,
    language: Annotated[
        str, typer.Option(help="The language spoken, such as en or ur; auto finds it out.")
    ] = "auto",
    translate: Annotated[
        bool, typer.Option("--translate", help="Ask for an English translation as well.")
    ] = False,
    batch_size: Annotated[
        int, typer.Option(min=1, max=256, help="How many notes are decoded side by side.")
    ] = 8,
    word_times: Annotated[
        bool, typer.Option("--word-times/--no-word-times", help="Find the time of each word.")
    ] = True,
    engine: Annotated[
        str, typer.Option(help="The program: openai-whisper, or faster-whisper if installed.")
    ] = "openai-whisper",
    device: DEVICE_OPTION = "auto",
    workers: WORKERS_OPTION = None,
    as_json: JSON_OPTION = False,
) -> None:
    """Transcribe all recordings of a study that have no transcript with this model yet."""
    from workbench.domain.transcripts import TranscribeOptions
    from workbench.services.voice_notes import models, transcribe, transcribing

    actor, database, found = context.obj.enter_study(study)
    begun, place = time.monotonic(), (actor, database, found.id)
    requested = transcribe.request(
        *place,
        model=model or models.proposed(*place),
        engine=engine,
        options=TranscribeOptions(
            language=None if language == "auto" else language,
            batch_size=batch_size,
            word_timestamps=word_times,
        ),
        translate=translate,
    )
    stopped = threading.Event()
    queued = {note.id for note in transcribe.list_notes(*place, states=("queued",))}
    worked: set[int] = set()  # also what an earlier call has left behind
    with _stops_in_order(stopped), _bar(actor, database, found.id, hidden=as_json) as told:

        def ended(claimed: Claimed, outcome: object) -> None:
            worked.add(claimed.id)
            told()

        transcribing.work_queue(
            actor,
            database,
            load=_loader(device, workers),
            study_id=found.id,
            on_note=ended,
            stopped=stopped,
        )
    every = transcribe.list_notes(*place)
    worked |= {note.id for note in every if note.id in queued and note.state in ("done", "failed")}
    notes = [note for note in every if note.id in worked or note.run_id == requested.run_id]
    earlier = sum(note.run_id != requested.run_id for note in notes)
    waiting = max(0, requested.waiting - earlier)
    values = _values(notes, requested.skipped, waiting, time.monotonic() - begun)
    unloaded = _not_loaded(notes)
    for note in notes:
        if note.error and not unloaded:
            say(f"{note.file_name}: {note.error.removeprefix(f'{note.file_name}: ')}")
    show(values, as_json=as_json, text=_text(values, stopped=stopped.is_set()))
    if unloaded:
        say(f"workbench: nothing was transcribed, since the model could not be loaded: {unloaded}")
        raise typer.Exit(1)


def _not_loaded(notes: list[QueuedNote]) -> str:
    """Give why the model could not be loaded, where that is why every recording failed."""
    if notes and all(note.error_code == "model" for note in notes):
        return notes[0].error or "no reason was given."
    return ""


def _values(notes: list[QueuedNote], skipped: int, waiting: int, wall_s: float) -> dict[str, Any]:
    done = [note for note in notes if note.state == "done"]
    return {
        "transcribed": len(done),
        "failed": sum(note.state == "failed" for note in notes),
        "skipped": skipped,
        "waiting": waiting,
        "audio_seconds": round(sum(note.duration_ms for note in done) / 1000, 3),
        "wall_seconds": round(wall_s, 3),
        "notes": [
            {
                "filename": note.file_name,
                "state": note.state,
                "task": note.task,
                "text": note.text,
                "language": note.language,
                "error": note.error,
            }
            for note in notes
        ],
    }


def _text(values: dict[str, Any], *, stopped: bool) -> str:
    lead = "Stopped. " if stopped else ""
    rate = values["audio_seconds"] / max(values["wall_seconds"], 0.001)
    waiting = f", {values['waiting']} still wait in the queue" if values["waiting"] else ""
    return (
        f"{lead}Transcribed {count(values['transcribed'], 'recording')} "
        f"({values['audio_seconds']:,.0f} s of sound in {values['wall_seconds']:,.0f} s, "
        f"{rate:.1f} times as fast as it was spoken). {values['failed']} failed, "
        f"{values['skipped']} had this transcript already{waiting}. "
        "They are machine drafts until somebody has checked them by ear."
    )


@app.command("worker")
def worker(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="End when the queue is empty.")] = False,
    idle_exit: Annotated[
        float | None,
        typer.Option(min=0, help="End when there was nothing to do for so many seconds."),
    ] = None,
    device: DEVICE_OPTION = "auto",
    workers: WORKERS_OPTION = None,
) -> None:
    """Work the queue of transcriptions, for all studies, until it is stopped."""
    from workbench.services.voice_notes import transcribing

    database = context.obj.open()
    stopped = threading.Event()
    say("Working the queue (stop it with Ctrl C).")
    with _stops_in_order(stopped):
        transcribing.work_queue(
            None,
            database,
            load=_loader(device, workers),
            idle_exit_s=0.0 if once else idle_exit,
            on_note=lambda claimed, outcome: say(
                f"{claimed.file_name}: {getattr(outcome, 'message', 'done')}"
            ),
            stopped=stopped,
        )


def _loader(device: str, workers: str | None) -> Loader:
    from workbench.services.voice_notes import transcribing

    if workers:
        return transcribing.cluster_loader(workers, device=device)
    return transcribing.local_loader(device=device)


@contextmanager
def _stops_in_order(stopped: threading.Event) -> Iterator[None]:
    """End after what is under way at the first Ctrl C, at once at the second."""

    def stop(number: int, frame: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        say("Stopping: what is under way goes back to the queue.")
        stopped.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _bar(
    actor: Actor, database: Database, study_id: int, *, hidden: bool
) -> Iterator[Callable[[], None]]:
    """Show how far the newest run is: notes, seconds of sound, how fast, how long it takes yet."""
    from workbench.services.voice_notes import transcribe

    if hidden or not sys.stderr.isatty():
        yield lambda: None
        return

    def told() -> None:
        progress = transcribe.progress(actor, database, study_id)
        if progress:
            sys.stderr.write(f"\r\033[K{_line(progress[0])}")
            sys.stderr.flush()

    told()
    yield told
    sys.stderr.write("\n")


def _line(run: RunProgress) -> str:
    share = run.audio_ms / run.total_ms if run.total_ms else 0.0
    filled = round(share * 24)
    text = f"[{'#' * filled}{'.' * (24 - filled)}] {run.n_done + run.n_failed} of {run.n_notes}"
    text += f" notes, {run.audio_ms / 1000:,.0f} of {run.total_ms / 1000:,.0f} s"
    if run.rate:
        text += f", {run.rate:.1f} x speech"
    if run.left_s is not None:
        minutes, seconds = divmod(round(run.left_s), 60)
        text += f", {minutes}:{seconds:02d} left"
    return text


@models_app.command("list")
def list_models(as_json: JSON_OPTION = False) -> None:
    """List the models that can be had, and which are on this machine."""
    from workbench.services.voice_notes import models

    listed = models.list_models()
    lines = [
        f"{item.model.name:<10} {item.model.size_mb:>5} MB  "
        f"{'here' if item.here else '-':<5} {item.model.advice}"
        for item in listed
    ]
    values = [
        {
            "name": item.model.name,
            "size_mb": item.model.size_mb,
            "here": item.here,
            "multilingual": item.model.multilingual,
            "translates": item.model.translates,
            "place": str(item.place),
        }
        for item in listed
    ]
    show({"models": values}, as_json=as_json, text="\n".join(lines))


@models_app.command("download")
def download_model(
    name: Annotated[str, typer.Argument(help="A model's name, such as small.")],
    as_json: JSON_OPTION = False,
) -> None:
    """Fetch a model from the internet and check it; nothing else of this program does that."""
    from workbench.services.voice_notes import models

    def told(have: int, total: int) -> None:
        if sys.stderr.isatty() and not as_json:
            sys.stderr.write(f"\r\033[K{name}: {have / 1e6:,.0f} of {total / 1e6:,.0f} MB")
            sys.stderr.flush()

    place = models.download(name, on_bytes=told)
    show({"model": name, "place": str(place)}, as_json=as_json, text=f"{name} is at {place}")
