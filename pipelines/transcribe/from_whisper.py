"""From whisper's dictionary to a transcript whose spans are exact.

In: what `whisper.transcribe` gives. Out: a `Transcript`: its text as whisper wrote it, without
white space at the ends, and segments and words as spans of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.domain.text import normalise
from workbench.domain.transcripts import Task, TimedSegment, Transcript, Word

FIGURES = ("avg_logprob", "no_speech_prob", "compression_ratio", "temperature")


def transcript_of(
    result: Mapping[str, Any],
    *,
    duration_ms: int,
    task: Task = "transcribe",
    language_probability: float | None = None,
    warnings: Sequence[str] = (),
) -> Transcript:
    """Make a transcript of whisper's result.

    Segments without words are left out. Where a segment's words cannot be found in the text, which
    happens when a character is divided among two segments, the text is put together anew from the
    segments.
    """
    parts = [(normalise(str(item["text"])).strip(), item) for item in result["segments"]]
    parts = [(words, item) for words, item in parts if words]
    text = normalise(str(result["text"])).strip()
    places = _places(text, [words for words, _ in parts])
    if places is None:
        text = " ".join(words for words, _ in parts)
        places = _places(text, [words for words, _ in parts]) or []
    segments = tuple(
        _segment(text, start, end, item, duration_ms)
        for (start, end), (_, item) in zip(places, parts, strict=True)
    )
    return Transcript(
        text=text,
        segments=segments,
        language=str(result.get("language") or "en"),
        language_probability=language_probability,
        duration_ms=duration_ms,
        task=task,
        warnings=tuple(warnings),
    )


def _places(text: str, parts: Sequence[str]) -> list[tuple[int, int]] | None:
    """Find parts of a text, in order; None where one is not there or words are left over."""
    found, at = [], 0
    for part in parts:
        start = text.find(part, at)
        if start < 0 or text[at:start].strip():
            return None
        at = start + len(part)
        found.append((start, at))
    return None if text[at:].strip() else found


def _segment(
    text: str, start: int, end: int, item: Mapping[str, Any], duration_ms: int
) -> TimedSegment:
    quality = {
        name: float(item[name])
        for name in FIGURES
        if item.get(name) is not None and math.isfinite(float(item[name]))
    }
    mean = quality.get("avg_logprob")
    start_ms = _ms(item["start"], duration_ms)
    return TimedSegment(
        start=start,
        end=end,
        start_ms=start_ms,
        end_ms=max(start_ms, _ms(item["end"], duration_ms)),
        confidence=None if mean is None else min(1.0, math.exp(mean)),
        words=_words(text, start, end, item.get("words") or (), duration_ms),
        quality=quality,
    )


def _words(
    text: str, start: int, end: int, given: Sequence[Mapping[str, Any]], duration_ms: int
) -> tuple[Word, ...]:
    found, at, before = [], start, 0
    for item in given:
        word = normalise(str(item["word"])).strip()
        place = text.find(word, at, end) if word else -1
        if place < 0:
            continue
        at = place + len(word)
        begin = max(before, _ms(item["start"], duration_ms))
        before = max(begin, _ms(item["end"], duration_ms))
        found.append(Word(place, at, begin, before, _chance(item.get("probability"))))
    return tuple(found)


def _ms(seconds: Any, duration_ms: int) -> int:
    """Give milliseconds within the recording: the last window's times may lie beyond its end."""
    return max(0, min(round(float(seconds) * 1000), duration_ms))


def _chance(value: Any) -> float | None:
    return None if value is None else round(float(value), 4)
