"""Transcripts as subtitles: WebVTT and SubRip.

In: one transcript. Out: cues of a length that can be read, cut at words by their times. Words that
a player would take for markup or for a new cue are made harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pipelines.export.neutralise import xml_text
from pipelines.export.transcripts import SpokenText, TranscriptOptions
from workbench.domain.transcripts import TimedSegment

LONGEST = 84
"""Characters of a cue: two lines of 42, as broadcasters have it."""
LONGEST_MS = 7_000
"""How long a cue stands at most, where it can be cut."""
SHORTEST_MS = 300
"""A cue without an extent in time is shown for so long."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are shown from one time to another, in milliseconds."""

    start_ms: int
    end_ms: int
    words: str


@dataclass(frozen=True, slots=True)
class _Piece:
    start_ms: int
    end_ms: int
    words: str


def cues(item: SpokenText) -> list[Cue]:
    """Cut a transcript into cues.

    A segment that is longer than a cue may be is cut between words, at their times; where it has
    none, time is shared out by characters. A transcript without times is one segment.
    """
    segments = item.segments or (TimedSegment(0, len(item.text), 0, item.duration_ms),)
    made: list[Cue] = []
    for segment in segments:
        made += _cut(list(_pieces(item, segment)), segment.speaker or "")
    if item.mark and made:
        first = made[0]
        made[0] = Cue(first.start_ms, first.end_ms, f"[{item.mark}] {first.words}")
    return made


def _pieces(item: SpokenText, segment: TimedSegment) -> Iterator[_Piece]:
    """Give the words of a segment with their times."""
    text = item.text
    begin = segment.start_ms or 0
    finish = segment.end_ms if segment.end_ms is not None else item.duration_ms
    finish = max(begin, finish)
    if segment.words:
        at = segment.start
        for index, word in enumerate(segment.words):
            last = index == len(segment.words) - 1
            end = segment.end if last else max(word.end, at)
            yield _Piece(word.start_ms, word.end_ms, text[at:end])
            at = end
        return
    size = max(segment.end - segment.start, 1)
    at = segment.start
    for token in text[segment.start : segment.end].split():
        start = text.index(token, at)
        at = start + len(token)
        yield _Piece(
            begin + (finish - begin) * (start - segment.start) // size,
            begin + (finish - begin) * (at - segment.start) // size,
            token + " ",
        )


def _cut(pieces: Sequence[_Piece], speaker: str) -> Iterator[Cue]:
    held: list[_Piece] = []
    for piece in pieces:
        if held and _too_long([*held, piece]):
            yield _cue(held, speaker)
            held = []
        held.append(piece)
    if held and _words(held):
        yield _cue(held, speaker)


def _too_long(pieces: Sequence[_Piece]) -> bool:
    return len(_words(pieces)) > LONGEST or pieces[-1].end_ms - pieces[0].start_ms > LONGEST_MS


def _words(pieces: Sequence[_Piece]) -> str:
    return " ".join("".join(piece.words for piece in pieces).split())


def _cue(pieces: Sequence[_Piece], speaker: str) -> Cue:
    start = pieces[0].start_ms
    end = max(pieces[-1].end_ms, start + SHORTEST_MS)
    words = _words(pieces)
    return Cue(start, end, f"{' '.join(speaker.split())}: {words}" if speaker else words)


def write_vtt(stream: BinaryIO, texts: Sequence[SpokenText], options: TranscriptOptions) -> None:
    """Write one transcript as WebVTT (W3C, 2019), with what must be known in a note at its head."""
    (item,) = texts
    head = [line for line in (item.heading, item.mark, *item.origin) if line]
    blocks = ["WEBVTT", "NOTE\n" + "\n".join(vtt_text(line) for line in head)]
    for number, cue in enumerate(cues(item), start=1):
        times = f"{_time(cue.start_ms, '.')} --> {_time(cue.end_ms, '.')}"
        blocks.append(f"{number}\n{times}\n{vtt_text(cue.words)}")
    stream.write(("\n\n".join(blocks) + "\n").encode("utf-8"))


def write_srt(stream: BinaryIO, texts: Sequence[SpokenText], options: TranscriptOptions) -> None:
    """Write one transcript as SubRip. It has no place for notes: the first cue carries the mark."""
    (item,) = texts
    blocks = [
        f"{number}\n{_time(cue.start_ms, ',')} --> {_time(cue.end_ms, ',')}\n{srt_text(cue.words)}"
        for number, cue in enumerate(cues(item), start=1)
    ]
    stream.write(("\n\n".join(blocks) + "\n").encode("utf-8-sig"))


def vtt_text(words: str) -> str:
    """Write words for WebVTT: on one line, with `&`, `<` and `>` escaped.

    Examples
    --------
    >>> vtt_text("a --> b <i> & c")
    'a --&gt; b &lt;i&gt; &amp; c'
    """
    line = " ".join(xml_text(words).split())
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def srt_text(words: str) -> str:
    """Write words for SubRip: on one line. It knows no escapes, so `<`, `>`, `{` are replaced.

    Examples
    --------
    >>> srt_text("a --> <b>")
    'a --\u203a \u2039b\u203a'
    """
    line = " ".join(xml_text(words).split())
    return line.translate(str.maketrans("<>{}", "\u2039\u203a()"))


def _time(ms: int, point: str) -> str:
    hours, rest = divmod(max(ms, 0), 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"
