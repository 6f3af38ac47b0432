"""A discussion as it is read: its lines, each told where somebody begins to speak.

In: a text and its turns, from whatever file. Out: lines of the text, cut where a turn begins
within one, and the turns in order, with what nobody is said to have said as turns of nobody. A text
without turns comes out as its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.domain.text import blocks
from workbench.domain.turns import TurnSpan


@dataclass(frozen=True, slots=True)
class SpokenBlock:
    """A line or a part of one. `turn` is the place of the turn that begins here, if one does."""

    start: int
    text: str
    turn: int | None = None


def spoken_blocks(
    text: str, turns: Sequence[TurnSpan]
) -> tuple[tuple[SpokenBlock, ...], tuple[TurnSpan, ...]]:
    r"""Cut a text into lines at its turns; give both.

    Every turn begins at a block. Turns without words are left out; where two overlap, the first
    ends where the second begins.

    Examples
    --------
    >>> found, turns = spoken_blocks("Yes.\nNo.", [TurnSpan(0, 4, "P1"), TurnSpan(5, 8, "P2")])
    >>> [(block.text, turns[block.turn].speaker) for block in found]
    [('Yes.', 'P1'), ('No.', 'P2')]
    """
    whole = whole_turns(text, turns)
    found: list[SpokenBlock] = []
    place = 0
    for block in blocks(text):
        start, begun, end = block.start, None, block.start + len(block.text)
        while place < len(whole) and whole[place].start < end:
            offset = whole[place].start
            before = block.text[start - block.start : offset - block.start]
            if begun is not None or before.strip():
                found.append(SpokenBlock(start, before, begun))
                start = offset
            begun = place  # white space before the first word stays with it
            place += 1
        found.append(SpokenBlock(start, block.text[start - block.start :], begun))
    return tuple(found), whole


def whole_turns(text: str, turns: Sequence[TurnSpan]) -> tuple[TurnSpan, ...]:
    """Give the turns in order, each beginning at a word, with nobody's for what lies between."""
    found: list[TurnSpan] = []
    at = 0
    for turn in sorted(turns, key=lambda item: (item.start, item.end)):
        _add(found, text, TurnSpan(at, turn.start))
        _add(found, text, turn)
        at = max(at, turn.end)
    if found:
        _add(found, text, TurnSpan(at, len(text)))
    return tuple(found)


def _add(found: list[TurnSpan], text: str, turn: TurnSpan) -> None:
    """Add a turn if it has words, from the first of them."""
    end = min(turn.end, len(text))
    start = turn.start
    while start < end and text[start].isspace():
        start += 1
    if start >= end:
        return
    if found and found[-1].start >= start:  # both begin here: what begins later is the closer one
        found.pop()
    elif found and found[-1].end > start:
        found[-1] = replace(found[-1], end=start)
    found.append(replace(turn, start=start, end=end))
