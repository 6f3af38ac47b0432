"""Transcripts as plain text: a heading, what must be known, and the words with their times.

In: transcripts. Out: UTF-8 with a byte order mark, so that editors on Windows read it rightly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from pipelines.export.neutralise import xml_text
from pipelines.export.transcripts import SpokenText, TranscriptOptions


def write_txt(stream: BinaryIO, texts: Sequence[SpokenText], options: TranscriptOptions) -> None:
    """Write transcripts one below the other."""
    lines = [line for line in (options.title, options.study, options.generated_at) if line]
    lines += options.notes
    for item in texts:
        lines += ["", "-" * 72, *_note(item, options)]
    stream.write("\n".join(map(xml_text, lines)).encode("utf-8-sig") + b"\n")


def _note(item: SpokenText, options: TranscriptOptions) -> Iterator[str]:
    yield item.heading
    if item.mark:
        yield f"[{item.mark}]"
    yield from facts(item, options)
    yield ""
    for start, speaker, words in paragraphs(item):
        yield "  ".join(filter(None, (start, speaker, words)))


def facts(item: SpokenText, options: TranscriptOptions) -> Iterator[str]:
    """Say what is known of a note, one line each."""
    if item.question_text:
        yield f"Question: {one_line(item.question_text)}"
    known = [f"{name}: {item.attributes[name]}" for name in options.attributes
             if item.attributes.get(name)]  # fmt: skip
    if known:
        yield one_line("; ".join(known))
    if item.language:
        yield f"Language: {item.language}"
    if item.checked_by and item.standing == "checked":
        yield one_line(f"Checked by {item.checked_by}, {item.checked_at}")
    yield from map(one_line, item.origin)


def paragraphs(item: SpokenText) -> Iterator[tuple[str, str, str]]:
    """Give (time, speaker, words) of each segment; the text as a whole where there are none."""
    if not item.segments:
        yield "", "", item.text
        return
    for segment in item.segments:
        words = one_line(item.text[segment.start : segment.end])
        if words:
            start = "" if segment.start_ms is None else clock(segment.start_ms)
            yield f"[{start}]" if start else "", segment.speaker or "", words


def clock(ms: int) -> str:
    """Write a time as minutes and seconds, with hours where there are some.

    Examples
    --------
    >>> clock(61_900), clock(3_600_000)
    ('1:01', '1:00:00')
    """
    hours, rest = divmod(ms // 1000, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def one_line(text: str) -> str:
    """Put a text on one line."""
    return " ".join(text.split())
