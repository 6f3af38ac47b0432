"""Discussions: several people speaking in turn, such as a focus group.

In: turns as a transcript has them. Out: one text with a span for each turn; who speaks. The text
holds the words alone: names stand beside it, so that a quote never carries one by accident.
Offsets are half-open code points, times milliseconds from the beginning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from workbench.domain.text import normalise

SpeakerRole = Literal["participant", "facilitator"]
"""What a facilitator says is shown and can be coded, and counts for nobody."""

BETWEEN = "\n\n"
"""What stands between two turns in the text."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says in one go.

    `speaker` is the name as the file has it, empty where it has none; times are milliseconds from
    the beginning, None where the file has none. `line` is where it begins, for messages.
    """

    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class TurnSpan:
    """A turn in the text of a discussion. `speaker` is empty where nobody knows who speaks."""

    start: int
    end: int
    speaker: str = ""
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks in a discussion.

    `name` is what is shown; `respondent_id` says whose words count for whom. `known_as` are keyed
    digests of the names that files give this person.
    """

    name: str
    role: SpeakerRole = "participant"
    respondent_id: int | None = None
    known_as: tuple[str, ...] = ()


def lay_out(turns: Iterable[Turn]) -> tuple[str, tuple[TurnSpan, ...]]:
    r"""Write turns as one text, with a blank line between two; empty ones are left out.

    Examples
    --------
    >>> text, spans = lay_out([Turn("P1", "Nobody rang. "), Turn("P2", "Same.", 900, 1500)])
    >>> text
    'Nobody rang.\n\nSame.'
    >>> [text[span.start : span.end] for span in spans]
    ['Nobody rang.', 'Same.']
    """
    parts: list[str] = []
    spans: list[TurnSpan] = []
    at = 0
    for turn in turns:
        words = normalise(turn.text).strip()
        if not words:
            continue
        if parts:
            at += len(BETWEEN)
        parts.append(words)
        spans.append(TurnSpan(at, at + len(words), turn.speaker, turn.start_ms, turn.end_ms))
        at += len(words)
    return BETWEEN.join(parts), tuple(spans)


def short_clock(ms: int) -> str:
    """Write a time from the beginning as screens show it, without hours where there are none.

    Examples
    --------
    >>> short_clock(754_900), short_clock(3_723_000)
    ('12:34', '1:02:03')
    """
    hours, rest = clock(ms).split(":", 1)
    return rest if hours == "0" else f"{hours}:{rest}"


def clock(ms: int) -> str:
    """Write a time from the beginning as files have it: spreadsheets take 12:34 for hours.

    Examples
    --------
    >>> clock(754_900)
    '0:12:34'
    """
    seconds = max(0, ms) // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
