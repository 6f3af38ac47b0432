"""Moving codes in the list of codes: Alt with the arrow keys, and dragging.

In: the codes as they are listed. Out: the trigger `moves`, a list of steps and drops, sent again
until the page has answered; each is one move of one code, and undone as one. The list itself stays
a group of radio buttons, which works without this script.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from workbench.domain.codings import Code
from workbench.services.codebooks.code_tree import Step, Where
from workbench.ui.components.panes import pane_in

__all__ = ["Move", "read_moves", "tree_message", "tree_moves"]

FOLDER = Path(__file__).parent
MAX_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Move:
    """One move: a `step`, or a drop at a place `where` beside or below the `target`."""

    number: int
    code_id: int
    step: Step | None = None
    target_id: int = 0
    where: Where = "below"


def tree_message(shown: Sequence[Code], *, session: str, answered: int) -> dict[str, object]:
    """Write what the script needs to know of the codes that are listed."""
    return {
        "session": session,
        "answered": answered,
        "codes": [{"id": item.id, "depth": item.depth, "name": item.name} for item in shown],
    }


def read_moves(sent: Mapping[str, object] | None, answered: int) -> list[Move]:
    """Read what the browser sent; what was answered for and what makes no sense are left out."""
    listed = (sent or {}).get("moves")
    moves = [_move(row) for row in listed if isinstance(row, Mapping)] \
        if isinstance(listed, list) else []  # fmt: skip
    found = [move for move in moves if move is not None and move.number > answered]
    return sorted(found, key=lambda move: move.number)


def _move(row: Mapping[str, object]) -> Move | None:
    number, code_id = _key(row, "number"), _key(row, "code")
    if not number or not code_id:
        return None
    if row.get("name") == "step" and row.get("step") in get_args(Step):
        return Move(number, code_id, cast(Step, row["step"]))
    target_id = _key(row, "target")
    if row.get("name") == "drop" and target_id and row.get("where") in get_args(Where):
        return Move(number, code_id, None, target_id, cast(Where, row["where"]))
    return None


def _key(row: Mapping[str, object], name: str) -> int:
    """Read a key that a database can hold; 0 when it is none."""
    value = row.get(name)
    return value if isinstance(value, int) and 0 < value <= MAX_NUMBER else 0


def tree_moves(*, key: str, data: Mapping[str, object], on_moves: Callable[[], None]) -> None:
    """Put the script on the page.

    Parameters
    ----------
    key
        Key of the widget; the same on every run.
    data
        What `tree_message` gives.
    on_moves
        Called before the next run when the person has moved something.
    """
    pane_in(FOLDER)(key=key, data=dict(data), on_moves_change=on_moves)
