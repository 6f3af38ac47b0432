"""An engine for tests of clusters: it hears what the note's name says, or does what it demands.

It is loaded in worker processes, by its name. "kill" kills the process with SIGKILL, "break"
raises, "refuse" fails as a damaged file does, "slow" takes two seconds, "held" takes until there
is a file "go"; a file "once-X" is made before the first kill of "kill once X", which then kills no
more.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from pipelines.transcribe.transcriber import ModelFile, Note, NoteFailure, OnDone, OnProgress
from workbench.domain.transcripts import TimedSegment, TranscribeOptions, Transcript
from workbench.errors import ModelError

HELD_S = 60
"""So long at most, so that a test that fails ends."""


class PretendTranscriber:
    engine = "pretend"
    versions = "pretend 1"

    def __init__(self, model: ModelFile) -> None:
        self.model = model

    def transcribe(
        self,
        notes: Iterable[Note],
        options: TranscribeOptions,
        *,
        on_done: OnDone,
        on_progress: OnProgress | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        batch = list(notes)
        _write_down(batch)
        for note in batch:
            if should_stop is not None and should_stop():
                on_done(note.key, NoteFailure("stopped", "stopped.", retryable=True))
                continue
            _demand(note)
            if on_progress is not None:
                on_progress(note.key, note.duration_ms or 0)
            on_done(note.key, _heard(note, options))


def load(
    model: ModelFile, *, engine: str, device: str, max_seconds: float | None = None
) -> PretendTranscriber:
    if model.path.read_bytes().startswith(b"unreadable"):
        raise ModelError("this is no model.", source=model.name)
    with Path(os.environ["PRETEND_LOG"]).open("a") as log:
        log.write(f"load {os.getpid()} {model.path}\n")
    return PretendTranscriber(model)


def _write_down(batch: list[Note]) -> None:
    with Path(os.environ["PRETEND_LOG"]).open("a") as log:
        log.write(f"batch {os.getpid()} {','.join(note.key for note in batch)}\n")


def _hold(go: Path) -> None:
    end = time.monotonic() + HELD_S
    while not go.exists() and time.monotonic() < end:
        time.sleep(0.05)


def _demand(note: Note) -> None:
    wanted = note.file_name.split()
    if "slow" in wanted:
        time.sleep(2)
    if "held" in wanted:
        _hold(Path(os.environ["PRETEND_LOG"]).with_name("go"))
    if "cannot" in wanted:
        raise ModelError("the model cannot translate.")
    if "break" in wanted:
        raise RuntimeError("out of tune")
    if "kill" in wanted:
        mark = Path(os.environ["PRETEND_LOG"]).with_name(f"once-{note.key}")
        if "once" in wanted and mark.exists():
            return
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _heard(note: Note, options: TranscribeOptions) -> Transcript | NoteFailure:
    if "refuse" in note.file_name.split():
        return NoteFailure("corrupt", "the recording is damaged.")
    if "missing" in note.file_name.split():
        return NoteFailure("missing", f"{note.uri} is not there.")
    text = f"heard {note.file_name}"
    segment = TimedSegment(0, len(text), 0, 1_000)
    return Transcript(text, (segment,), note.language or options.language or "en")
