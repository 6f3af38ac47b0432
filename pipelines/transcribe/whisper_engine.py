"""The engine: openai-whisper, with the windows of many notes decoded together.

In: notes. Out: a transcript or a reason for each. See `notes` and `ragged` for how, and decision
0019 for why. On a graphics processor it works in half precision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, cast

from pipelines import audio
from pipelines.transcribe.engines import versions_of
from pipelines.transcribe.from_whisper import transcript_of
from pipelines.transcribe.transcriber import (
    ModelFile,
    Note,
    NoteFailure,
    OnDone,
    OnProgress,
    shared_options,
)
from workbench.domain.transcripts import TranscribeOptions, Transcript
from workbench.errors import AudioError, ModelError

if TYPE_CHECKING:
    from pipelines.transcribe.notes import NoteJob, NoteResult

MAX_NOTE_SECONDS = 4 * 3600
"""Time after which a note is given up."""

REMEDY = {
    "out_of_memory": "Choose a smaller model, or fewer notes at a time.",
    "timed_out": "Cut the recording into parts, or choose a smaller model.",
}


@dataclass
class WhisperTranscriber:
    """A whisper model in memory. `loaded` is the `whisper.model.Whisper`."""

    model: ModelFile
    loaded: Any = field(repr=False)
    max_seconds: float | None = None
    engine: str = "openai-whisper"

    @property
    def versions(self) -> str:
        """What decodes and transcribes, with versions."""
        return versions_of(self.engine)

    def transcribe(
        self,
        notes: Iterable[Note],
        options: TranscribeOptions,
        *,
        on_done: OnDone,
        on_progress: OnProgress | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        """Transcribe notes, `options.batch_size` at a time.

        Raises
        ------
        ModelError
            When the model cannot do what is asked.
        """
        from pipelines.transcribe.notes import WINDOW_MS, Scheduler

        check_options(self.model, options)
        running: dict[str, BegunNote] = {}

        def ended(outcome: NoteResult) -> None:
            begun = running.pop(outcome.key)
            on_done(outcome.key, _told(begun, outcome, options))

        def window(key: str, n: int) -> None:
            if on_progress is not None:
                on_progress(key, min(n * WINDOW_MS, running[key].duration_ms))

        Scheduler(
            self.loaded, batch_size=options.batch_size, max_note_seconds=MAX_NOTE_SECONDS
        ).run(
            self._jobs(iter(notes), options, running),
            on_done=ended,
            on_window=window,
            should_stop=should_stop,
        )

    def _jobs(
        self, notes: Iterator[Note], options: TranscribeOptions, running: dict[str, BegunNote]
    ) -> Iterator[NoteJob]:
        from pipelines.transcribe.notes import NoteJob

        for note in notes:
            begun = running[note.key] = BegunNote(note, self.max_seconds)
            yield NoteJob(
                key=note.key,
                load=begun.load,
                options=self._whisper_options(note, options),
                seed=int(note.sha256[:15], 16),
            )

    def _whisper_options(self, note: Note, options: TranscribeOptions) -> dict[str, Any]:
        return {
            **shared_options(self.model, note, options),
            "temperature": options.temperatures,
            "logprob_threshold": options.logprob_threshold,
            "fp16": str(self.loaded.device) != "cpu",
        }


@dataclass
class BegunNote:
    """A note under way: what its file turned out to be."""

    note: Note
    max_seconds: float | None
    duration_ms: int = 0
    warning: str = ""

    def load(self) -> Any:
        """Decode the note's file; called when it is its turn."""
        import numpy as np

        with open_media(self.note) as file:
            sound = audio.decode(file, name=self.note.file_name, max_seconds=self.max_seconds)
        if sound.samples.ndim != 1 or not np.isfinite(sound.samples).all():
            raise AudioError(
                "the sound holds values that are no numbers.",
                code="not_finite",
                source=self.note.file_name,
            )
        self.duration_ms, self.warning = sound.duration_ms, sound.warning
        return sound.samples


def open_media(note: Note) -> IO[bytes]:
    """Open a note's file through fsspec.

    Raises
    ------
    AudioError
        When it is not there.
    """
    import fsspec

    try:
        return cast(IO[bytes], fsspec.open(note.uri, "rb", **dict(note.storage)).open())
    except FileNotFoundError as error:
        raise AudioError(
            "the file is not in the media folder.",
            code="missing",
            source=note.file_name,
            hint="Bring the recording in again.",
        ) from error


def check_options(model: ModelFile, options: TranscribeOptions) -> None:
    """See to it that a model can do what is asked.

    Raises
    ------
    ModelError
        When it cannot, with which models can.
    """
    if options.task == "translate" and not model.translates:
        raise ModelError(
            f"the model {model.name} cannot translate.",
            hint="tiny, base, small, medium and large-v3 can.",
        )
    if not model.multilingual and options.language not in (None, "en"):
        raise ModelError(
            f"the model {model.name} knows English only.",
            hint="Choose tiny, base, small, medium, large-v3 or turbo for other languages.",
        )


def _told(
    begun: BegunNote, outcome: NoteResult, options: TranscribeOptions
) -> Transcript | NoteFailure:
    if outcome.error is not None:
        return failure_of(outcome.error)
    assert outcome.result is not None
    warnings = [begun.warning] if begun.warning else []
    if len(outcome.languages) > 1:
        listed = ", ".join(sorted(outcome.languages, key=lambda name: -outcome.languages[name]))
        warnings.append(f"Several languages were heard: {listed}.")
    return transcript_of(
        outcome.result,
        duration_ms=begun.duration_ms,
        task=options.task,
        language_probability=outcome.language_probability,
        warnings=warnings,
    )


def failure_of(error: BaseException) -> NoteFailure:
    """Say why a note has no transcript, and whether trying again may help."""
    from pipelines.transcribe.notes import Stopped, TookTooLong, is_out_of_memory

    if isinstance(error, AudioError):
        return NoteFailure(error.code, str(error), retryable=error.code == "missing")
    if isinstance(error, Stopped):
        return NoteFailure("stopped", "Stopped before the end.", retryable=True)
    if isinstance(error, TookTooLong):
        return NoteFailure("timed_out", f"{error} {REMEDY['timed_out']}", retryable=True)
    if is_out_of_memory(error):
        return NoteFailure(
            "out_of_memory", f"The memory was not enough. {REMEDY['out_of_memory']}", retryable=True
        )
    kind = type(error).__name__
    return NoteFailure("engine", f"The engine gave up: {kind}: {error}"[:500], retryable=True)


def load_whisper(
    model: ModelFile, *, device: str = "auto", max_seconds: float | None = None
) -> WhisperTranscriber:
    """Load a model: onto a graphics processor where there is one, unless a device is named.

    Raises
    ------
    ModelError
        When the file is no whisper model, or the device is not there.
    """
    import torch
    import whisper

    chosen = device
    if device == "auto":
        chosen = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        loaded = whisper.load_model(str(model.path), device=chosen)
    except (RuntimeError, KeyError, TypeError, EOFError, OSError, AssertionError) as error:
        raise ModelError(
            f"the model cannot be loaded on {chosen}: {error}"[:400],
            source=model.name,
            hint="Download it again, or name another device.",
        ) from error
    return WhisperTranscriber(model, loaded, max_seconds=max_seconds)
