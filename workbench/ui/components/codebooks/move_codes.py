"""Move codes where they are listed, by key or by dragging: every move is one step of undo.

In: the codes as they are listed. Out: a changed tree, and a word on what was done.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.domain.codings import Code
from workbench.errors import WorkbenchError
from workbench.services.codebooks import code_tree, codebook
from workbench.ui import state
from workbench.ui.components.codebooks.code_tree import open_code
from workbench.ui.components.codebooks.codebook_deeds import say
from workbench.ui.components.coding_pane import triggered
from workbench.ui.components.tree_moves import Move, read_moves, tree_message, tree_moves
from workbench.ui.components.words import alone, line

KEY, ANSWERED = "tree_moves", "tree_moves_answered"
NOWHERE = {
    "up": "is the first in its place already.",
    "down": "is the last in its place already.",
    "in": "has no code before it to go below.",
    "out": "is at the top level already.",
}


def watch_tree(shown: Sequence[Code]) -> None:
    """Let the listed codes be moved by key and by dragging, and say so."""
    line("Drag a code to move it, or use Alt with the arrow keys.")
    session = str(state.context().in_study()[2])
    tree_moves(
        key=KEY,
        data=tree_message(shown, session=session, answered=int(state.get(ANSWERED) or 0)),
        on_moves=_on_moves,
    )


def _on_moves() -> None:
    """Carry out what the person did; what is refused is said where what was done is said."""
    for move in read_moves(triggered(KEY, "moves"), int(state.get(ANSWERED) or 0)):
        try:
            say(_do(move))
        except WorkbenchError as error:  # in a callback nothing else would show it
            say(alone(error))
        open_code(move.code_id)
        state.put(ANSWERED, move.number)


def _do(move: Move) -> str:
    """Move one code; say what was done."""
    place = state.context().in_study()
    codes = codebook.list_codes(*place, with_retired=True, with_counts=False)
    names = {item.id: item.name for item in codes}
    name = names.get(move.code_id, "")
    goal: tuple[int | None, int] | None
    if move.step is None:
        goal = code_tree.dropped(codes, move.code_id, move.target_id, move.where)
    else:
        with_retired = bool(state.get("codes_retired"))
        goal = code_tree.stepped(codes, move.code_id, move.step, with_retired=with_retired)
        if goal is None:
            return f"{name} {NOWHERE[move.step]}"
    parent_id, position = goal
    codebook.move_code(*place, move.code_id, parent_id=parent_id, position=position)
    where = f"below {names[parent_id]}" if parent_id is not None else "at the top level"
    return f"{name} moved; it is {where}."
