"""What stands before anybody speaks: lists of who is there, as meeting programs write them.

In: the turns of a transcript. Out: those without such lists, which would show names of people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipelines.ingest.discussions.speech import Turn
from workbench.domain.words import agree

_HEADS = frozenset({"attendees", "invited", "participants", "speakers", "present", "guests"})
"""What such a list is called, where that stands on a line above it or before a colon."""
_BETWEEN = re.compile(r"[,;•|\n]|\band\b")
FRONT_TURNS = 20
"""Lists of people stand among the first turns."""
HALF = 0.5
LISTS = "{n} {line that lists|lines that list} who is there, before anybody speaks, left out."


def without_lists(turns: Sequence[Turn]) -> tuple[list[Turn], tuple[str, ...]]:
    """Leave lists of people before the first words out, and tell how many.

    A list names at least two people, half of whom speak later; its title goes with it.
    """
    names = Counter(turn.speaker.casefold() for turn in turns if turn.speaker)
    gone: set[int] = set()
    for at, turn in enumerate(turns[:FRONT_TURNS]):
        title = turn.speaker.casefold()
        if title and title not in _HEADS and not _is_list(turn, names):
            break
        if _is_list(turn, names):
            above = at - 1
            gone.add(at)
            if above >= 0 and turns[above].text.strip(" :").casefold() in _HEADS:
                gone.add(above)
    kept = [turn for at, turn in enumerate(turns) if at not in gone]
    return kept, (agree(LISTS, len(gone)),) if gone else ()


def _is_list(turn: Turn, names: Counter[str]) -> bool:
    """Tell whether a turn is names of people who speak, and nothing else."""
    if len(turn.text) > 2_000:
        return False
    title, colon, rest = turn.text.partition(":")
    listed = rest if colon and title.strip().casefold() in _HEADS else turn.text
    parts = [part.strip().casefold() for part in _BETWEEN.split(listed) if part.strip()]
    mine = turn.speaker.casefold()
    found = [part for part in parts if names[part] > (part == mine)]
    return len(parts) > 1 and len(found) > HALF * len(parts)
