"""Transcripts with times: WebVTT (Zoom, Microsoft Teams, Otter) and SubRip.

In: text of such a file. Out: turns. Cues by one speaker that follow each other are one turn; a cue
that repeats the one before, as live captions do, is left out.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator

from pipelines.ingest.speech import Layout, SpeechError, SpeechFile, Turn, joined
from pipelines.ingest.speech_layouts import LABEL, is_label, known_labels

VOICE = re.compile(r"<v(?:\.[^ \t>]+)?[ \t]+(?P<name>[^>]*)>|</v>", re.I)
TAG = re.compile(r"</?(?:[biu]|c|ruby|rt|lang|font)(?:[. ][^>]*)?>|<\d[\d:.]*>", re.I)
MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
AGAIN_MS = 2_000
"""A cue that says the same as the last one of its speaker within so much time repeats it."""


def read_vtt(text: str, name: str) -> SpeechFile:
    """Read WebVTT; voices (`<v Name>`) or names before a colon are the speakers.

    Raises
    ------
    SpeechError
        When it is not WebVTT, or holds no words.
    """
    import webvtt
    from webvtt.errors import MalformedFileError

    body = text.lstrip("\ufeff")
    try:
        captions = webvtt.from_buffer(io.StringIO(body)).captions
    except (MalformedFileError, ValueError) as error:
        raise SpeechError(
            "this is not a WebVTT file: it does not begin with WEBVTT, or its times are broken.",
            source=name,
            hint="Download the transcript again, or save it as a text file.",
        ) from error
    return _from_cues([(_ms(item.start), _ms(item.end), item.raw_text) for item in captions], name)


def read_srt(text: str, name: str) -> SpeechFile:
    """Read SubRip; raises as `read_vtt` does."""
    import webvtt
    from webvtt.errors import MalformedFileError

    try:
        captions = webvtt.from_buffer(io.StringIO(text.lstrip("\ufeff")), format="srt").captions
    except (MalformedFileError, ValueError) as error:
        raise SpeechError(
            "this is not a SubRip file: its numbers or times are broken.",
            source=name,
            hint="Save it again from the program that made it.",
        ) from error
    return _from_cues([(_ms(item.start), _ms(item.end), item.raw_text) for item in captions], name)


def _ms(stamp: str) -> int:
    hours, minutes, seconds = stamp.split(":")
    whole, _, fraction = seconds.partition(".")
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(whole) * 1000 + int(fraction or 0)


def _from_cues(cues: list[tuple[int, int, str]], name: str) -> SpeechFile:
    voiced = any(VOICE.search(raw) for _, _, raw in cues)
    turns = list(_spoken(cues, voiced=voiced))
    if not turns:
        raise SpeechError("there are no words in it.", source=name, hint="Is it the right file?")
    if not voiced:
        turns = _named_before(turns)
    named = any(turn.speaker for turn in turns)
    layout: Layout = "voices" if voiced else "names_before" if named else "none"
    return SpeechFile(name, tuple(joined(_without_repeats(turns))), layout)


def _spoken(cues: list[tuple[int, int, str]], *, voiced: bool) -> Iterator[Turn]:
    """Yield what is said in each cue, a voice at a time."""
    for start, end, raw in cues:
        if not voiced:
            yield Turn("", _plain(raw), start, end)
            continue
        speaker, at = "", 0
        for mark in VOICE.finditer(raw):
            if words := _plain(raw[at : mark.start()]):
                yield Turn(speaker, words, start, end)
            speaker, at = _plain(mark["name"] or ""), mark.end()
        if words := _plain(raw[at:]):
            yield Turn(speaker, words, start, end)


def _plain(raw: str) -> str:
    """Take tags and invisible marks away, and read entities."""
    words = html.unescape(TAG.sub("", raw)).replace("\xa0", " ")
    return " ".join(MARKS.sub("", words).split())


def _named_before(turns: list[Turn]) -> list[Turn]:
    """Find names before a colon; a cue without one goes on with the speaker before."""
    labels = known_labels([turn.text for turn in turns])
    found: list[Turn] = []
    speaker = ""
    for turn in turns:
        match = LABEL.match(turn.text)
        words = turn.text
        if match and is_label(match["label"]) and match["label"].strip() in labels:
            speaker, words = match["label"].strip(), match["words"]
        found.append(Turn(speaker, words, turn.start_ms, turn.end_ms))
    return found


def _without_repeats(turns: list[Turn]) -> Iterator[Turn]:
    """Leave out cues that say again what the cue before has said, and join growing ones."""
    last: Turn | None = None
    for turn in turns:
        if last is not None and last.speaker == turn.speaker and _close(last, turn):
            if turn.text == last.text or last.text.endswith(" " + turn.text):
                continue
            if turn.text.startswith(last.text + " "):
                grown = turn.text[len(last.text) :].strip()
                last = Turn(turn.speaker, turn.text, last.start_ms, turn.end_ms)
                yield Turn(turn.speaker, grown, turn.start_ms, turn.end_ms)
                continue
        last = turn
        yield turn


def _close(last: Turn, turn: Turn) -> bool:
    return (turn.start_ms or 0) - (last.end_ms or 0) <= AGAIN_MS
