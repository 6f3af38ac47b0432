"""An engine without a model, for tests of the queue; as a program, a worker that can be killed.

In: notes. Out: words made of the file's name. Names that begin with "bad", "raise" or "kill" fail,
break the engine, or end the process.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.transcribe.transcriber import (
    ModelFile,
    Note,
    NoteFailure,
    OnDone,
    OnProgress,
    Transcriber,
)
from workbench.domain.transcripts import TimedSegment, TranscribeOptions, Transcript, Word

MODEL = ModelFile("small", Path("small.pt"), "0" * 64, 1, "whisper", True, True)

ROUNDS = 3
"""How often a note is looked at before it ends."""


def words_of(note: Note, options: TranscribeOptions) -> Transcript:
    """Make the transcript that is pretended to be heard."""
    text = f"{options.task.title()} {note.file_name} now."
    first = text.index(" ")
    segments = (
        TimedSegment(0, first, 0, 1_000, 0.9, (Word(0, first, 0, 1_000, 0.9),)),
        TimedSegment(first + 1, len(text), 1_000, 4_000, 0.8),
    )
    sure = None if options.language else 0.75
    return Transcript(text, segments, note.language or "en", sure, 5_000, task=options.task)


@dataclass
class FakeTranscriber:
    """Takes notes as there is room, and works some side by side, as the real ones do."""

    engine: str = "openai-whisper"
    versions: str = "fake 1"
    model: ModelFile = MODEL
    pause_s: float = 0.0
    side_file: Path | None = None
    begun: list[str] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    in_round: Callable[[], None] | None = None
    greedy: bool = False

    def transcribe(
        self,
        notes: Iterable[Note],
        options: TranscribeOptions,
        *,
        on_done: OnDone,
        on_progress: OnProgress | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        """Transcribe notes, in `ROUNDS` rounds each."""
        source, active = iter(notes), dict[str, tuple[Note, int]]()
        while True:
            while (self.greedy or len(active) < options.batch_size) and (
                note := next(source, None)
            ):
                self._begin(note)
                active[note.key] = (note, 0)
            if not active:
                return
            self.batches.append(len(active))
            if self.in_round is not None:
                self.in_round()
            time.sleep(self.pause_s)
            if should_stop is not None and should_stop():
                for key in active:
                    on_done(key, NoteFailure("stopped", "It was stopped.", retryable=True))
                return
            for key, (note, n) in list(active.items()):
                active[key] = (note, n + 1)
                if on_progress is not None:
                    on_progress(key, 1_000 * (n + 1))
                if n + 1 == ROUNDS:
                    del active[key]
                    on_done(key, _outcome(note, options))

    def _begin(self, note: Note) -> None:
        self.begun.append(note.file_name)
        if self.side_file is not None:
            with self.side_file.open("a", encoding="utf-8") as file:
                file.write(f"{note.file_name}\n")


def _outcome(note: Note, options: TranscribeOptions) -> Transcript | NoteFailure:
    if note.file_name.startswith("bad"):
        return NoteFailure("corrupt", f"{note.file_name} is damaged.", retryable=False)
    if note.file_name.startswith("raise"):
        raise RuntimeError("no such kernel")
    if note.file_name.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    return words_of(note, options)


def main() -> None:
    """Work the queue of a database: its address, a file of what was begun, a pause in seconds."""
    from workbench.services.opening import open_database
    from workbench.services.voice_notes import models, transcribing

    url, side_file, pause_s = sys.argv[1:]
    engine = FakeTranscriber(pause_s=float(pause_s), side_file=Path(side_file))

    def load(model: ModelFile, *, engine: str) -> Transcriber:
        return made

    made: Transcriber = engine
    models.find = lambda *_, **__: MODEL
    database = open_database(url)
    transcribing.work_queue(None, database, load=load)
    database.close()


if __name__ == "__main__":
    main()
