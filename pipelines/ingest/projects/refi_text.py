"""Texts of a REFI-QDA file and the places in them, whichever way a program counts.

In: a text as it stands in the file. Out: the text as it is kept, and for every position of the file
the offset in it, under any `Reading`. Places are found before newlines are normalised.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from workbench.domain.refi import Reading

BOM = "\ufeff"
MAX_NAME_LOOKED_AT = 10_000
"""Characters of a name that may be words; nobody names a selection so."""
_DROPPED = re.compile("\\A[\ufeff\x00]+|\x00|\r(?=\x00*\n)")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CR_OF_CRLF = re.compile("\r(?=\n)")


class _Ruler:
    """Turns positions in one unit into indices of the raw text.

    Kept are only the characters that do not count one: `index` of each in the raw text, the
    `position` before it, and the `shift` between both after it.
    """

    __slots__ = ("_is_wide", "_length", "_positions", "_shifts")

    def __init__(self, raw: str, unit: str, crlf: int, bom_counts: bool) -> None:
        special: list[tuple[int, int]] = []
        if raw.startswith(BOM) and not bom_counts:
            special.append((0, -1))
        if crlf == 1:
            special.extend((found.start(), -1) for found in _CR_OF_CRLF.finditer(raw))
        if unit == "UTF-16":
            special.extend((found.start(), 1) for found in _ASTRAL.finditer(raw))
        special.sort()
        self._length = len(raw)
        self._positions: list[int] = []
        self._shifts = [0]
        self._is_wide: list[bool] = []
        for index, shift in special:
            self._positions.append(index + self._shifts[-1])
            self._shifts.append(self._shifts[-1] + shift)
            self._is_wide.append(shift > 0)

    def index(self, position: int) -> int | None:
        before = bisect_left(self._positions, position)
        inside = (
            before > 0 and self._is_wide[before - 1] and self._positions[before - 1] == position - 1
        )
        index = position - self._shifts[before]
        return index if not inside and 0 <= index <= self._length and position >= 0 else None


class RefiText:
    """One text: as it stands (`raw`) and as it is kept (`text`)."""

    __slots__ = ("_as_it_is", "_dropped", "_rulers", "first_special", "raw", "text")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self._dropped = [
            index for found in _DROPPED.finditer(raw) for index in range(*found.span())
        ]
        self.text = _DROPPED.sub("", raw).replace("\r", "\n")
        self._rulers: dict[tuple[str, int, bool], _Ruler] = {}
        marks = (_ASTRAL.search(raw), _CR_OF_CRLF.search(raw))
        starts = [found.start() for found in marks if found]
        self.first_special = 0 if raw.startswith(BOM) else min(starts, default=len(raw) + 1)
        self._as_it_is = min(self.first_special, *self._dropped[:1], len(raw))

    def offset(self, position: int, reading: Reading) -> int | None:
        """Return the offset in `text`, None where the position is outside or cuts a character."""
        if 0 <= position <= self._as_it_is:  # whoever counts, and nothing is dropped before it
            return position
        key = (reading.unit, reading.crlf, reading.bom_counts)
        ruler = self._rulers.get(key)
        if ruler is None:
            ruler = self._rulers[key] = _Ruler(self.raw, *key)
        index = ruler.index(position)
        return None if index is None else index - bisect_left(self._dropped, index)

    def span(self, start: int, end: int, reading: Reading) -> tuple[int, int] | None:
        """Return the half-open span, None where it is outside, empty, or cuts a character."""
        first = self.offset(start, reading)
        last = self.offset(end + (reading.end == "inclusive"), reading)
        if first is None or last is None or first >= last:
            return None
        return first, last


def enough(name: str) -> int:
    """Return how many characters of a selection are needed to hold its name against them."""
    return 40 * len(name) + 401


def names_words(name: str, words: str) -> bool:
    """Tell whether a selection's name is its words, white space apart; "…" ends a beginning.

    Of long words the first `enough(name)` are sufficient.
    """
    if len(name) > MAX_NAME_LOOKED_AT:
        return False
    plain = _name(name)
    if plain and len(words) < enough(name) and plain == _one_line(words):
        return True
    beginning = plain.removesuffix("…").removesuffix("...").rstrip()
    return bool(beginning) and beginning != plain and _one_line(words).startswith(beginning)


@lru_cache(maxsize=1024)
def _name(name: str) -> str:
    return _one_line(name)


def _one_line(text: str) -> str:
    """Return text as a name has it: XML has no control characters, and writers put U+FFFD."""
    return _NOT_XML.sub("\ufffd", " ".join(text.split()))
