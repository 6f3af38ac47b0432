"""The other engine: faster-whisper, an extra, with a model in its own form (CTranslate2).

In: notes. Out: a transcript or a reason for each. Notes are worked one after the other: it gains
its speed within a note. It decodes as the first engine does (no beam), but its text is its own and
need not be the same to the letter; and where a note is decoded again with chance, since the first
text was poor, another run may give another text: its generator cannot be set for each note.
Nothing is fetched: the model is a folder on this machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
from pipelines.transcribe.whisper_engine import (
    MAX_NOTE_SECONDS,
    BegunNote,
    check_options,
    failure_of,
)
from workbench.domain.transcripts import TranscribeOptions, Transcript
from workbench.errors import MissingExtra, ModelError


@dataclass
class FasterWhisperTranscriber:
    """A model in memory. `loaded` is the `faster_whisper.WhisperModel`."""

    model: ModelFile
    loaded: Any = field(repr=False)
    max_seconds: float | None = None
    engine: str = "faster-whisper"

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
        """Transcribe notes, one at a time.

        Raises
        ------
        ModelError
            When the model cannot do what is asked.
        """
        check_options(self.model, options)
        stop = should_stop or (lambda: False)
        for note in notes:
            on_done(note.key, self._told(note, options, on_progress, stop))
            if stop():
                return

    def _told(
        self,
        note: Note,
        options: TranscribeOptions,
        on_progress: OnProgress | None,
        stop: Callable[[], bool],
    ) -> Transcript | NoteFailure:
        try:
            return self._heard(note, options, on_progress, stop)
        except Exception as error:  # noqa: BLE001 - one note must not cost the others
            return failure_of(error)

    def _heard(
        self,
        note: Note,
        options: TranscribeOptions,
        on_progress: OnProgress | None,
        stop: Callable[[], bool],
    ) -> Transcript:
        from pipelines.transcribe.notes import Stopped, TookTooLong

        begun, until = BegunNote(note, self.max_seconds), time.monotonic() + MAX_NOTE_SECONDS
        if stop():
            raise Stopped
        samples = begun.load()
        language = note.language or options.language
        segments, info = self.loaded.transcribe(samples, **_arguments(self.model, note, options))
        found = []
        for segment in segments:  # the work is done here, segment by segment
            found.append(_plain(segment))
            if stop():
                raise Stopped
            if time.monotonic() > until:
                raise TookTooLong("The recording took too long.")
            if on_progress is not None:
                on_progress(note.key, min(round(float(segment.end) * 1000), begun.duration_ms))
        detected = language is None and self.model.multilingual
        return transcript_of(
            {
                "text": "".join(item["text"] for item in found),
                "language": info.language,
                "segments": found,
            },
            duration_ms=begun.duration_ms,
            task=options.task,
            language_probability=float(info.language_probability) if detected else None,
            warnings=[begun.warning] if begun.warning else [],
        )


def load_faster_whisper(
    model: ModelFile, *, device: str = "auto", max_seconds: float | None = None
) -> FasterWhisperTranscriber:
    """Load a model from its folder: onto a graphics processor where there is one.

    Raises
    ------
    MissingExtra
        When faster-whisper is not installed.
    ModelError
        When the folder holds no such model, or the device is not there.
    """
    try:
        import faster_whisper
    except ImportError as error:
        raise MissingExtra(
            "faster-whisper is not installed: pip install 'speakout-workbench[faster-whisper]'"
        ) from error
    try:
        loaded = faster_whisper.WhisperModel(
            str(Path(model.path)), device=device, local_files_only=True
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(
            f"the model cannot be loaded on {device}: {error}"[:400],
            source=model.name,
            hint="Convert it again, or name another device.",
        ) from error
    return FasterWhisperTranscriber(model, loaded, max_seconds=max_seconds)


def _arguments(model: ModelFile, note: Note, options: TranscribeOptions) -> dict[str, Any]:
    """Give faster-whisper's own arguments, with what it would do otherwise set as whisper does."""
    return {
        **shared_options(model, note, options),
        "beam_size": 1,
        "best_of": 1,
        "temperature": list(options.temperatures),
        "log_prob_threshold": options.logprob_threshold,
        "vad_filter": False,
    }


def _plain(segment: Any) -> Mapping[str, Any]:
    """Give a segment as whisper's dictionary has it."""
    return {
        "text": segment.text,
        "start": segment.start,
        "end": segment.end,
        "avg_logprob": segment.avg_logprob,
        "no_speech_prob": segment.no_speech_prob,
        "compression_ratio": segment.compression_ratio,
        "temperature": segment.temperature,
        "words": [
            {
                "word": word.word,
                "start": word.start,
                "end": word.end,
                "probability": float(word.probability),
            }
            for word in segment.words or ()
        ],
    }
