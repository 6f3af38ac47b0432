"""Two texts side by side: which words of each the other does not have.

In: the old and the new text. Out: both cut into parts that are the same and parts that differ, in
whole words, for a person to compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.domain.differences import differences
from workbench.domain.spans import Span
from workbench.domain.text import ELLIPSIS, Characters

_WORD = re.compile(r"\S+")
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text, and whether the other text lacks it."""

    text: str
    differs: bool = False


def side_by_side(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Cut two texts into what they share and where they differ, in whole words.

    Returns
    -------
    tuple[tuple[Part, ...], tuple[Part, ...]]
        The parts of the old and of the new text; joined, they are those texts. Texts too long to be
        compared while a person waits come whole, without a mark.
    """
    found = differences(old, new)
    return tuple(_parts(old, found.gone)), tuple(_parts(new, found.come))


def shortened(parts: Iterable[Part], around: int = 80) -> tuple[Part, ...]:
    """Leave out what is far from any difference: at most `around` characters stay on each side."""
    listed = list(parts)
    found: list[Part] = []
    for at, part in enumerate(listed):
        if part.differs or len(listed) == 1:
            found.append(Part(_clipped(part.text, 10 * around), part.differs))
            continue
        head = around if at else 0
        tail = around if at + 1 < len(listed) else 0
        if len(part.text) <= head + tail + around:
            found.append(part)
            continue
        characters = Characters(part.text)
        start = characters.floor(head) if head else 0
        end = characters.ceil(len(part.text) - tail) if tail else len(part.text)
        found.append(Part(f"{part.text[:start]} {ELLIPSIS} {part.text[end:]}"))
    return tuple(found)


def _clipped(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return f"{text[: Characters(text[: limit + 40]).floor(limit)]}{ELLIPSIS}"


def _parts(text: str, spans: Iterable[Span]) -> Iterator[Part]:
    at = 0
    for start, end in _whole_words(text, spans):
        if start > at:
            yield Part(text[at:start])
        yield Part(text[start:end], differs=True)
        at = end
    if at < len(text):
        yield Part(text[at:])


def _whole_words(text: str, spans: Iterable[Span]) -> list[Stretch]:
    """Widen spans to whole words, and join those with only white space between them."""
    words = [word.span() for word in _WORD.finditer(text)]
    found: list[Stretch] = []
    at = 0
    for span in spans:
        while words[at][1] <= span.start:
            at += 1
        first = at
        while at + 1 < len(words) and words[at + 1][0] < span.end:
            at += 1
        start, end = words[first][0], words[at][1]
        if found and not text[found[-1][1] : start].strip():
            start = found.pop()[0]
        found.append((start, end))
    return found
