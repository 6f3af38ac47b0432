"""A transcript of people speaking together, as its file has it: what every reader gives.

In: nothing. Out: `SpeechFile`, the turns of a file in order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from workbench.domain.turns import Turn
from workbench.errors import InputError

__all__ = [
    "CLOCK", "Layout", "SpeechError", "SpeechFile", "Turn", "clock_ms", "joined",
    "without_worded_time",
]  # fmt: skip

Layout = Literal["voices", "names_before", "names_above", "bold_names", "table", "none"]
"""Where a file has the names of its speakers: in the cues' voices, before the words and a colon,
on lines above them, in bold, in a column of a table, or nowhere."""


class SpeechError(InputError):
    """A transcript of people speaking together cannot be read."""


@dataclass(frozen=True, slots=True)
class SpeechFile:
    """A transcript as it was read. `warnings` are sentences for the person."""

    name: str
    turns: tuple[Turn, ...]
    layout: Layout
    warnings: tuple[str, ...] = ()

    @property
    def speakers(self) -> dict[str, int]:
        """Names as the file has them, with their numbers of turns, in order of appearance."""
        return dict(Counter(turn.speaker for turn in self.turns if turn.speaker))


def joined(turns: Iterable[Turn], *, between: str = " ") -> list[Turn]:
    """Join turns that follow each other by the same speaker; empty ones are left out.

    Parameters
    ----------
    between
        What stands between the words of two: a blank between cues, a line break between paragraphs.

    Examples
    --------
    >>> one, two = Turn("Ana", "I rang", 0, 900), Turn("Ana", "twice.", 900, 1500)
    >>> joined([one, two])
    [Turn(speaker='Ana', text='I rang twice.', start_ms=0, end_ms=1500, line=None)]
    """
    found: list[Turn] = []
    for turn in turns:
        text = turn.text.strip()
        if not text:
            continue
        if found and found[-1].speaker == turn.speaker and turn.speaker:
            last = found[-1]
            end = turn.end_ms if turn.end_ms is not None else last.end_ms
            found[-1] = replace(last, text=f"{last.text}{between}{text}", end_ms=end)
        else:
            found.append(turn if text == turn.text else replace(turn, text=text))
    return found


_CLOCK = (
    r"[\[({<#]? ?(?:(?P<hours>\d{1,3}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)"
    r"(?:(?:[.,:]|-(?=\d{1,3}#))(?P<fraction>\d{1,3}))? ?[\])}>#]?"
)
CLOCK = re.compile(_CLOCK)
"""A time as people and programs write it: 0:03, [00:01:02], (1:02:03.450), #00:01:02-3#."""
CLOCK_AT_END = re.compile(rf"(?<![\d:.,]){_CLOCK}$")
CLOCK_CHARS = 24
"""No time is longer."""


def clock_ms(match: re.Match[str]) -> int:
    """Give the time that `CLOCK` has found, in milliseconds.

    Examples
    --------
    >>> clock_ms(CLOCK.fullmatch("[00:01:02.5]"))
    62500
    """
    hours, minutes, seconds = (int(match[name] or 0) for name in ("hours", "minutes", "seconds"))
    fraction = (match["fraction"] or "").ljust(3, "0")
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(fraction)


_WORDED = re.compile(
    r"(?<![\w.,:])[(\[]?(?=\d)(?:(?P<hours>\d{1,2}) ?h(?:ours?|rs?)?)?,? ?"
    r"(?:(?P<minutes>\d{1,3}) ?m(?:in(?:ute)?s?)?)?,? ?"
    r"(?:(?P<seconds>\d{1,2}) ?s(?:ec(?:ond)?s?)?)[)\]]?$"
)
WORDED_CHARS = 40


def without_worded_time(words: str) -> tuple[str, int | None]:
    """Part a time in words from the end, as Teams writes it on screen, in milliseconds.

    Examples
    --------
    >>> without_worded_time("Ana 1 minute 3 seconds"), without_worded_time("(1h 2m 3s)")
    (('Ana ', 63000), ('', 3723000))
    """
    end = words[-WORDED_CHARS:]
    found = _WORDED.search(end) if end[-1:] in "scd)]" else None
    if found is None:
        return words, None
    hours, minutes, seconds = (int(found[name] or 0) for name in ("hours", "minutes", "seconds"))
    return words[: len(words) - len(end) + found.start()], (
        (hours * 60 + minutes) * 60 + seconds
    ) * 1000
