"""What every engine offers: notes in, a transcript or a reason for each one out.

In: notes that say where their sound lies. Out: one `Transcript` or `NoteFailure` each, told as soon
as it is known. Engines are `whisper_engine` and `faster_whisper_engine`; heavy packages are
imported inside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from workbench.domain.transcripts import TranscribeOptions, Transcript

ModelKind = Literal["whisper", "own", "sample"]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model on this machine.

    `name` is "base", "large-v3" or the like, or the file's own name. Only a model that is
    `multilingual` knows other languages than English; one that `translates` can turn them into
    English (turbo cannot, although it is multilingual).
    """

    name: str
    path: Path
    sha256: str
    size_bytes: int
    kind: ModelKind
    multilingual: bool
    translates: bool


@dataclass(frozen=True, slots=True)
class Note:
    """One recording to transcribe: `key` is the caller's; `uri` is opened through fsspec.

    `storage` goes to fsspec with the uri, such as the address of an object store. `language` set
    goes before the options' language. It can be sent to another machine.
    """

    key: str
    uri: str
    sha256: str
    file_name: str
    duration_ms: int | None = None
    language: str | None = None
    storage: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NoteFailure:
    """Why a note has no transcript.

    `code` is one of: empty, not_media, no_audio, corrupt, too_long, missing, not_finite,
    out_of_memory, timed_out, stopped, worker_lost, engine. `retryable` says that trying again may
    help.
    """

    code: str
    message: str
    retryable: bool = False


def shared_options(model: ModelFile, note: Note, options: TranscribeOptions) -> dict[str, Any]:
    """Give the arguments that both engines take under the same names."""
    return {
        "task": options.task,
        "language": (note.language or options.language) if model.multilingual else "en",
        "word_timestamps": options.word_timestamps and options.task == "transcribe",
        "condition_on_previous_text": options.condition_on_previous_text,
        "initial_prompt": options.initial_prompt or None,
        "compression_ratio_threshold": options.compression_ratio_threshold,
        "no_speech_threshold": options.no_speech_threshold,
    }


OnDone = Callable[[str, "Transcript | NoteFailure"], None]
"""Called with a note's key as soon as the note has ended, in the caller's thread."""

OnProgress = Callable[[str, int], None]
"""Called with a note's key and how many of its milliseconds are behind it."""


class Transcriber(Protocol):
    """An engine with a model loaded."""

    @property
    def engine(self) -> str:
        """The engine's name, such as "openai-whisper"."""

    @property
    def versions(self) -> str:
        """What decodes and transcribes, with versions: part of a result's key."""

    @property
    def model(self) -> ModelFile:
        """The model that is loaded."""

    def transcribe(
        self,
        notes: Iterable[Note],
        options: TranscribeOptions,
        *,
        on_done: OnDone,
        on_progress: OnProgress | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        """Transcribe notes; a note that cannot be is told as a `NoteFailure` and stops no other.

        Notes are taken from the iterable when there is room, so that it may be a queue. When
        `should_stop` says so, notes under way end as failures with the code "stopped".
        """
