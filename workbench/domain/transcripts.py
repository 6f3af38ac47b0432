"""Transcripts: what a machine heard in a recording, word by word, and how sure it was.

In: nothing. Out: frozen values that an engine makes, the store keeps and people correct. Offsets
are half-open code points over the transcript's text; times are milliseconds from the beginning of
the recording.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Task = Literal["transcribe", "translate"]
"""In the language that was spoken, or into English."""

State = Literal["queued", "decoding", "transcribing", "done", "failed", "cancelled"]
"""How far a recording has come in the queue."""

Standing = Literal["draft", "checked"]
"""A transcript as the machine left it, or as a person has checked it by ear."""

Flag = Literal[
    "low_confidence",
    "silence_with_text",
    "repetition",
    "invented_phrase",
    "too_fast",
    "too_slow",
    "language_switch",
]
"""Why a segment should be heard by a person."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its times. `probability` is the engine's, 0 to 1; None where unknown."""

    start: int
    end: int
    start_ms: int
    end_ms: int
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class TimedSegment:
    """Some words that the engine heard in one go.

    `confidence` is the geometric mean of its tokens' probabilities, 0 to 1. `quality` holds the
    engine's own figures: `avg_logprob`, `no_speech_prob`, `compression_ratio`, `temperature`.
    """

    start: int
    end: int
    start_ms: int | None
    end_ms: int | None
    confidence: float | None = None
    words: tuple[Word, ...] = ()
    quality: Mapping[str, float] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    speaker: str | None = None
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """What an engine made of one recording.

    `text` is normalised and has no white space at its ends; the segments are spans of it, in
    order, without overlap. `language_probability` is None where the language was set by a person.
    `warnings` are for people, such as a damaged end or a second language.
    """

    text: str
    segments: tuple[TimedSegment, ...]
    language: str
    language_probability: float | None = None
    duration_ms: int = 0
    task: Task = "transcribe"
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TranscribeOptions:
    """What is asked of an engine. `language` None: detect it, note by note.

    `batch_size` is how many notes are decoded side by side. It does not change the text and is no
    part of the result's key.
    """

    task: Task = "transcribe"
    language: str | None = None
    word_timestamps: bool = True
    condition_on_previous_text: bool = False
    initial_prompt: str = ""
    temperatures: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    compression_ratio_threshold: float | None = 2.4
    logprob_threshold: float | None = -1.0
    no_speech_threshold: float | None = 0.6
    batch_size: int = 8

    def canonical(self) -> dict[str, Any]:
        """Give what changes the result, as plain values."""
        return {
            "task": self.task,
            "language": self.language,
            "word_timestamps": self.word_timestamps,
            "condition_on_previous_text": self.condition_on_previous_text,
            "initial_prompt": self.initial_prompt,
            "temperatures": list(self.temperatures),
            "compression_ratio_threshold": self.compression_ratio_threshold,
            "logprob_threshold": self.logprob_threshold,
            "no_speech_threshold": self.no_speech_threshold,
        }


def result_key(
    media_sha256: str, model_sha256: str, options: TranscribeOptions, versions: str
) -> str:
    """Give the identity of a result: the same for the same sound, model, options and decoders.

    Parameters
    ----------
    versions
        What decodes and transcribes, with versions, such as "openai-whisper 20250625, av 18.1.0".

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    parts = [media_sha256, model_sha256, options.canonical(), versions]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
