"""Realign: segments and word times carried along when a person corrects a transcript.

In: a text with its segments, and other words for one segment. Out: the new text, with all segments
as spans of it. Words that stay keep their times; new words share the time of those they replace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from workbench.domain.text import normalise
from workbench.domain.transcripts import TimedSegment, Word

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Realigned:
    """A text and its segments after a correction."""

    text: str
    segments: tuple[TimedSegment, ...]


def correct_segment(
    text: str, segments: Sequence[TimedSegment], position: int, words: str
) -> Realigned:
    """Give a segment other words.

    Parameters
    ----------
    position
        Which segment, from 0.
    words
        Its words from now on. They become one line; none at all leave an empty segment, so that
        its stretch of sound can still be found.

    Raises
    ------
    IndexError
        When there is no such segment.
    """
    if position < 0:
        raise IndexError(position)
    old = segments[position]
    new = " ".join(normalise(words).split())
    before, after = text[: old.start], text[old.end :]
    shift = len(new) - (old.end - old.start)
    changed = replace(
        old,
        end=old.start + len(new),
        words=_retimed(text, old, new),
        reviewed=True,
    )
    moved = [
        item if item.end <= old.start and at < position else _moved(item, shift)
        for at, item in enumerate(segments)
    ]
    moved[position] = changed
    return Realigned(before + new + after, tuple(moved))


def _moved(item: TimedSegment, shift: int) -> TimedSegment:
    return replace(
        item,
        start=item.start + shift,
        end=item.end + shift,
        words=tuple(
            replace(word, start=word.start + shift, end=word.end + shift) for word in item.words
        ),
    )


def _retimed(text: str, old: TimedSegment, new: str) -> tuple[Word, ...]:
    """Give the words of a segment's new text their times."""
    if old.start_ms is None or old.end_ms is None or not old.words:
        return ()
    before = [text[word.start : word.end] for word in old.words]
    places = [match.span() for match in _WORD.finditer(new)]
    now = [new[start:end] for start, end in places]
    made: list[Word] = []
    matcher = SequenceMatcher(None, _plain(before), _plain(now), autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            for word, (start, end) in zip(old.words[i1:i2], places[j1:j2], strict=True):
                made.append(replace(word, start=old.start + start, end=old.start + end))
        else:
            begin = old.words[i1].start_ms if i1 < i2 else _end_before(old, i1)
            finish = old.words[i2 - 1].end_ms if i1 < i2 else _start_after(old, i2)
            made += _shared(old.start, places[j1:j2], begin, max(begin, finish))
    return tuple(made)


def _plain(words: Sequence[str]) -> list[str]:
    """Write words so that capitals and points make no difference."""
    return ["".join(filter(str.isalnum, word)).casefold() or word for word in words]


def _end_before(old: TimedSegment, at: int) -> int:
    return old.words[at - 1].end_ms if at > 0 else old.start_ms or 0


def _start_after(old: TimedSegment, at: int) -> int:
    return old.words[at].start_ms if at < len(old.words) else old.end_ms or 0


def _shared(offset: int, places: Sequence[tuple[int, int]], begin: int, finish: int) -> list[Word]:
    """Share a stretch of time among words, by their lengths."""
    total = sum(end - start for start, end in places) or 1
    made, done = [], 0
    for start, end in places:
        from_ms = begin + (finish - begin) * done // total
        done += end - start
        to_ms = begin + (finish - begin) * done // total
        made.append(Word(offset + start, offset + end, from_ms, to_ms, None))
    return made
