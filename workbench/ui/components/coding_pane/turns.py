"""What panes are told of a text: its lines, and who speaks when. Offsets stay code points.

A line is `[start, text]`, with the place of the turn that begins there as a third value where one
does. Turns name their speaker by a place in the list of names: a long group has a thousand.
"""

from __future__ import annotations

from typing import Any

from workbench.domain.codings import OpenDocument
from workbench.domain.turn_blocks import spoken_blocks

NOBODY = -1
"""Stands for the speaker where nobody knows who speaks."""


def text_message(document: OpenDocument) -> dict[str, Any]:
    """Write `blocks` and `turns` of a document; `turns` is None where nobody is said to speak."""
    blocks, turns = spoken_blocks(document.text, document.turns)
    places: dict[str, int] = {}
    who = [
        places.setdefault(turn.speaker, len(places)) if turn.speaker else NOBODY for turn in turns
    ]
    times = [None if turn.start_ms is None else turn.start_ms // 1000 for turn in turns]
    told = {
        "names": list(places),
        "facilitators": [places[name] for name in document.facilitators if name in places],
        "who": who,
        "times": times if any(time is not None for time in times) else None,
    }
    return {
        "blocks": [
            [item.start, item.text]
            if item.turn is None
            else [item.start, item.text, item.turn]
            for item in blocks
        ],
        "turns": told if turns else None,
    }  # fmt: skip
