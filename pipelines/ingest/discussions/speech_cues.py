"""Transcripts with times: WebVTT (Zoom, Microsoft Teams, Otter) and SubRip.

In: text of such a file. Out: turns. Cues by one speaker that follow each other are one turn; a cue
that repeats the one before, as live captions do, is left out.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from pipelines.ingest.discussions.speech import Layout, SpeechError, SpeechFile, Turn, joined
from pipelines.ingest.discussions.speech_labels import (
    BULLET,
    Label,
    known_labels,
    split_any,
    split_label,
    with_small_names,
)
from pipelines.ingest.discussions.speech_layouts import CHANGE, NO_NAMES, SELDOM, labelled_once
from workbench.domain.words import agree

VOICE = re.compile(r"<v(?:\.[^ \t<>]{1,60})?[ \t]{1,3}(?P<name>[^<>\s][^<>]{0,200})>|</v>", re.I)
TAG = re.compile(r"</?(?:[biu]|c|ruby|rt|lang|font)(?:[. ][^<>]{0,200})?>|<\d[\d:.]{0,20}>", re.I)
_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,:](\d{1,3}))?(?![\d:])")
_TIMES = re.compile(rf"[ \t]{{0,8}}{_TIME.pattern}[ \t]{{0,4}}-->[ \t]{{0,4}}{_TIME.pattern}")
_NAMED_CUE = re.compile(r'\d{1,6} "(?P<name>[^"<>\n]{1,200})"(?: \(\d{1,12}\))?')
"""How Webex numbers its cues: 12 "Ana K" (3204)."""
_ARROW = re.compile(r"^[ \t]{0,8}\d[^\n]{0,40}?-->[^\n]*", re.M)
COMMENTS = ("NOTE", "STYLE", "REGION", "WEBVTT")
MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def read_vtt(text: str, name: str, *, not_speakers: Iterable[str] = ()) -> SpeechFile:
    """Read WebVTT; voices (`<v Name>`) or names before a colon are the speakers.

    Parameters
    ----------
    not_speakers
        What a person has said is no speaker's name: words of such a voice go on with the speaker
        before.

    Raises
    ------
    SpeechError
        When it is not WebVTT, or holds no words.
    """
    import webvtt
    from webvtt.errors import MalformedFileError

    timed, told = _with_whole_times(text.lstrip("\ufeff"), ".")
    body = _without_gaps(timed)
    try:
        captions = webvtt.from_buffer(io.StringIO(body)).captions
    except (MalformedFileError, ValueError) as error:
        raise SpeechError(
            "this is not a WebVTT file: it does not begin with WEBVTT, or its times are broken.",
            source=name,
            hint="Download the transcript again, or save it as a text file.",
        ) from error
    cues = [(_ms(item.start), _ms(item.end), _voiced(item)) for item in captions]
    return _from_cues(cues, name, set(not_speakers), told)


def _voiced(cue: Any) -> str:
    """Give what is said in a cue, with the voice that Webex names in the cue's number."""
    found = _NAMED_CUE.fullmatch(str(cue.identifier or "").strip())
    raw = str(cue.raw_text)
    return raw if found is None else f"<v {html.escape(found['name'])}>{raw}"


def _with_whole_times(text: str, sign: str) -> tuple[str, tuple[str, ...]]:
    """Write times as the format has them: some programs leave parts out, or write other signs.

    A cue whose times cannot be read gets those of the one before, so that its words are not lost;
    that is told.
    """
    last, n_broken = f"00:00:00{sign}000 --> 00:00:00{sign}000", 0

    def whole(found: re.Match[str]) -> str:
        hours, minutes, seconds, ms = found.groups()
        return f"{int(hours or 0):02}:{int(minutes):02}:{seconds}{sign}{(ms or '0').ljust(3, '0')}"

    def mended(line: re.Match[str]) -> str:
        nonlocal last, n_broken
        times = _TIMES.match(line[0])
        if times is None:
            n_broken += 1
            return last
        last = _TIME.sub(whole, times[0])
        return last + line[0][times.end() :]

    body = _ARROW.sub(mended, text)
    told = (
        "{n} {cue has|cues have} times that cannot be read, and {has|have} those of the one before."
    )
    return body, (agree(told, n_broken),) if n_broken else ()


def _without_gaps(text: str) -> str:
    """Close up blank lines within cues: words after one have no time and would be lost."""
    found: list[str] = []
    begun = comment = False
    blocks = re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.strip("\n"))
    for at, block in enumerate(blocks):
        lines = block.split("\n")
        timed = any("-->" in line for line in lines[:2])
        comment = not timed and lines[0].startswith(COMMENTS)
        follows = blocks[at + 1] if at + 1 < len(blocks) else ""
        is_id = " " not in block and len(lines) == 1 and "-->" in follows.split("\n")[0]
        joins = begun and not timed and not comment and not is_id
        found.append(("\n" if joins else "\n\n") + block)
        begun = timed or joins
    return "".join(found).lstrip("\n") + "\n"


def read_srt(text: str, name: str, *, not_speakers: Iterable[str] = ()) -> SpeechFile:
    """Read SubRip; takes and raises what `read_vtt` does."""
    import webvtt
    from webvtt.errors import MalformedFileError

    try:
        body, told = _with_whole_times(text.lstrip("\ufeff"), ",")
        captions = webvtt.from_buffer(io.StringIO(body), format="srt").captions
    except (MalformedFileError, ValueError) as error:
        raise SpeechError(
            "this is not a SubRip file: its numbers or times are broken.",
            source=name,
            hint="Save it again from the program that made it.",
        ) from error
    cues = [(_ms(item.start), _ms(item.end), item.raw_text) for item in captions]
    return _from_cues(cues, name, set(not_speakers), told)


def _ms(stamp: str) -> int:
    hours, minutes, seconds = stamp.split(":")
    whole, _, fraction = seconds.partition(".")
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(whole) * 1000 + int(fraction or 0)


def _from_cues(
    cues: list[tuple[int, int, str]], name: str, refused: set[str], told_of_times: tuple[str, ...]
) -> SpeechFile:
    voiced = any(VOICE.search(raw) for _, _, raw in cues)
    said = [(at, turn) for at, cue in enumerate(cues) for turn in _spoken(*cue, voiced=voiced)]
    if not said:
        raise SpeechError("there are no words in it.", source=name, hint="Is it the right file?")
    kept = _without_repeats(said)
    n_repeats = len(said) - len(kept)
    doubts: tuple[str, ...] = ()
    if voiced:
        turns = _gone_on([turn for _, turn in kept], refused)
    else:
        turns, doubts = _named_before(kept, refused)
    named = any(turn.speaker for turn in turns)
    layout: Layout = "voices" if voiced else "names_before" if named else "none"
    told = "{n} {cue that repeats|cues that repeat} the one before, at the same time, left out."
    notes = [agree(told, n_repeats)]
    warnings = notes if n_repeats else []
    return SpeechFile(
        name,
        tuple(joined(_whole_cues(turns))),
        layout,
        (*told_of_times, *warnings, *(doubts if named else [NO_NAMES])),
    )


def _whole_cues(turns: list[Turn]) -> list[Turn]:
    """Join the lines of a cue that are nobody's."""
    found: list[Turn] = []
    for turn in turns:
        last = found[-1] if found else None
        nobodys = last is not None and not (turn.speaker or last.speaker)
        changes = BULLET.match(turn.text)  # - Yes. - No.: two people in one cue
        if last and nobodys and last.start_ms == turn.start_ms and not changes:
            found[-1] = replace(last, text=f"{last.text} {turn.text}")
        else:
            found.append(turn)
    return found


def _spoken(start: int, end: int, raw: str, *, voiced: bool) -> Iterator[Turn]:
    """Yield what is said in a cue: a voice at a time, or a line at a time."""
    if not voiced:
        yield from (Turn("", words, start, end) for words in map(_plain, raw.split("\n")) if words)
        return
    speaker, at = "", 0
    for mark in VOICE.finditer(raw):
        if words := _plain(raw[at : mark.start()]):
            yield Turn(speaker, words, start, end)
        speaker, at = _plain(mark["name"] or ""), mark.end()
    if words := _plain(raw[at:]):
        yield Turn(speaker, words, start, end)


def _plain(raw: str) -> str:
    """Take tags and invisible marks away, and read entities."""
    if raw.isascii() and "<" not in raw and "&" not in raw:  # most cues: nothing to take away
        return " ".join(raw.split())
    words = html.unescape(TAG.sub("", raw)).replace("\xa0", " ")
    return " ".join(MARKS.sub("", words).split())


def _gone_on(turns: list[Turn], refused: set[str]) -> list[Turn]:
    """Give the words of voices that are no speakers to whoever speaks before."""
    found: list[Turn] = []
    for turn in turns:
        before = found[-1].speaker if found else ""
        found.append(replace(turn, speaker=before) if turn.speaker in refused else turn)
    return found


def _named_before(
    said: list[tuple[int, Turn]], refused: set[str]
) -> tuple[list[Turn], tuple[str, ...]]:
    """Find names before a colon; a line without one goes on with the speaker before.

    Where a file names every cue, as Zoom's do, one without a name is nobody's: its program did not
    know who spoke. Also warn of what may be the name of somebody who speaks once.
    """
    turns = [turn for _, turn in said]
    labels, heads, is_plain = _labels([turn.text for turn in turns], refused)
    names = [head.name if head is not None and head.name in labels else None for head in heads]
    every = _names_every_cue(said, names)
    if every and is_plain:
        names = _once(said, names, refused)
    found: list[Turn] = []
    unnamed: list[Turn] = []
    speaker, last_cue = "", -1
    for (cue, turn), head, name in zip(said, heads, names, strict=True):
        words = turn.text
        if name is not None and head is None:
            head = split_any(words)
        if head is not None and name is not None:
            speaker, words = name, head.words
        else:
            unnamed.append(turn)
            no_name = head is None or head.name not in refused
            changes = words.startswith(CHANGE) or (every and cue != last_cue)
            speaker = "" if changes and no_name else speaker
        last_cue = cue
        found.append(Turn(speaker, words, turn.start_ms, turn.end_ms))
    return found, labelled_once(unnamed, refused)


def _once(
    said: list[tuple[int, Turn]], names: list[str | None], refused: set[str]
) -> list[str | None]:
    """Take what can be a name at the beginning of a cue for one, though it comes only once."""
    found: list[str | None] = []
    last_cue = -1
    for (cue, turn), name in zip(said, names, strict=True):
        first = name is None and cue != last_cue
        head = split_any(turn.text) if first else None
        new = head is not None and head.name not in refused
        found.append(head.name if head is not None and new else name)
        last_cue = cue
    return found


def _labels(texts: list[str], refused: set[str]) -> tuple[set[str], Sequence[Label | None], bool]:
    """Find the names before words, and part the lines; tell whether a colon does."""
    plain: Sequence[Label | None] = [split_label(text) for text in texts]
    labels = known_labels(plain) - refused
    if labels:
        labels, plain = with_small_names(texts, plain, labels)
        return labels - refused, plain, True
    for split in SELDOM:
        found = [split(text) for text in texts]
        if labels := known_labels(found) - refused:
            return labels, found, False
    return set(), plain, True


def _names_every_cue(said: list[tuple[int, Turn]], names: list[str | None]) -> bool:
    """Tell whether names stand in each cue, also where the same person goes on.

    Then most cues that could go without a name, since they have the speaker of the cue before, have
    one.
    """
    first = {cue: name for (cue, _), name in reversed(list(zip(said, names, strict=True)))}
    heads = [first[cue] for cue in sorted(first)]
    again = sum(now is not None and now == before for before, now in pairwise(heads))
    return again > heads.count(None)


def _without_repeats(turns: list[tuple[int, Turn]]) -> list[tuple[int, Turn]]:
    """Leave out cues that say what the one before says at the same time, and join growing ones.

    People do say a thing twice, one after the other: only what overlaps in time, in
    another cue, is a repeat.
    """
    found: list[tuple[int, Turn]] = []
    last: Turn | None = None
    last_cue = -1
    for cue, turn in turns:
        if last is not None and last.speaker == turn.speaker and cue != last_cue:
            if turn.text == last.text and _at_once(last, turn):
                continue
            if _grows(last, turn):
                grown = turn.text[len(last.text) :].strip()
                found.append((cue, Turn(turn.speaker, grown, turn.start_ms, turn.end_ms)))
                last = Turn(turn.speaker, turn.text, last.start_ms, turn.end_ms)
                last_cue = cue
                continue
        last, last_cue = turn, cue
        found.append((cue, turn))
    return found


def _at_once(last: Turn, turn: Turn) -> bool:
    return (turn.start_ms or 0) < (last.end_ms or 0) or turn.start_ms == last.start_ms


def _grows(last: Turn, turn: Turn) -> bool:
    """Tell whether a cue says what the one before said, and goes on: as live captions do."""
    several = " " in last.text or _at_once(last, turn)
    follows = (turn.start_ms or 0) <= (last.end_ms or 0)
    return several and follows and turn.text.startswith(last.text + " ")
