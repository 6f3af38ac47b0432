"""Sort extracts: one after the other into the codes that a code was split into.

In: a code that was split. Out: extracts with new codes; the sorting pane tells by the trigger
`deeds` what the person decided, which is stored in the callback, before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.domain.codings import Code
from workbench.errors import NotFound, WorkbenchError
from workbench.services.codebooks import refine_split
from workbench.services.codebooks.refine_split import SplitQueue, Whose
from workbench.services.trail import undo
from workbench.ui import state
from workbench.ui.components.coding.extract_list import looks
from workbench.ui.components.coding_pane import triggered
from workbench.ui.components.remembered import choose_in_line, recall
from workbench.ui.components.sorting_pane import sorting_pane
from workbench.ui.components.sorting_pane.payload import Deed, read_deeds, sorting_message
from workbench.ui.components.style import escape
from workbench.ui.components.words import alone, count, line

PANE = "sorting_pane"
CODE, ANSWERED, SAID, LOST, LIMIT = (
    "sorting_code", "sorting_answered", "sorting_said", "sorting_lost", "sorting_limit"
)  # fmt: skip
AT_ONCE = 200
"""Extracts that the pane is given; more when these are nearly sorted."""
WHOSE: dict[Whose, str] = {"mine": "Mine", "all": "Everybody's"}


def sorting() -> int | None:
    """Give the code whose extracts are being sorted, if any."""
    found: int | None = state.get(CODE)
    return found


def begin(code_id: int) -> None:
    """Open the queue of a code as soon as the page is drawn again."""
    state.put(CODE, code_id)
    state.put(LIMIT, AT_ONCE)


def end() -> None:
    """Go back to the codebook."""
    state.forget(CODE)


def whose() -> Whose:
    """Give whose extracts are sorted."""
    chosen: Whose = recall("sorting_whose", "mine") or "mine"
    return chosen


def on_deeds() -> None:
    """Store what the person decided; what is refused is said in the pane."""
    answered = int(state.get(ANSWERED) or 0)
    lost: list[int] = []
    for deed in read_deeds(triggered(PANE, "deeds"), answered):
        try:
            _do(deed)
        except WorkbenchError as error:  # in a callback nothing else would show it
            lost.append(deed.number)
            state.put(SAID, alone(error))
        state.put(ANSWERED, deed.number)
    state.put(LOST, lost)


def _do(deed: Deed) -> None:
    place = state.context().in_study()
    if deed.name == "more":
        state.put(LIMIT, int(state.get(LIMIT) or AT_ONCE) + AT_ONCE)
    elif deed.name == "undo":
        state.put(SAID, f"Undone: {undo.undo(*place, undo.SORTING).label}.")
    else:
        refine_split.sort_codings(*place, [deed.coding], deed.to, copy=deed.copy)


def draw_sorting(code_id: int, codes: Sequence[Code]) -> None:
    """Draw the queue of a code instead of the tree."""
    place = state.context().in_study()
    try:
        found = refine_split.split_queue(
            *place, code_id, whose=whose(), limit=int(state.get(LIMIT) or AT_ONCE)
        )
    except NotFound:
        end()
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Back to the codebook", icon=":material/arrow_back:"):
            end()
            st.rerun()
        if found.owns:
            choose_in_line("Whose", "sorting_whose", list(WHOSE), words=WHOSE.__getitem__,
                           show_label=False)  # fmt: skip
    st.header(f"Sort extracts of {escape(found.code.name)}")
    line(_explained(found))
    if not found.parts:
        line("It has no new codes to sort into. Split it first.", "warning")
        return
    sorting_pane(
        key=PANE,
        data=sorting_message(
            found,
            looks(codes),
            session=f"{place[2]} {code_id} {whose()}",
            answered=int(state.get(ANSWERED) or 0),
            said=state.get(SAID) or "",
            lost=state.get(LOST) or (),
        ),
        on_deeds=on_deeds,
    )
    for name in (SAID, LOST):
        state.forget(name)


def _explained(found: SplitQueue) -> str:
    """Say how many there are, and what is not among them."""
    words = [f"{count(found.total, 'extract')} to sort; what you do not sort keeps this code."]
    if found.others and not found.owns:
        words.append(f"{count(found.others, 'extract')} of other people: they sort their own.")
    elif found.others:
        words.append(f"{count(found.others, 'extract')} of other people, too.")
    if found.blind:
        words.append("What others code blind is not listed.")
    return " ".join(words)
