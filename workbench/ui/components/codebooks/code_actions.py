"""What can be done with the chosen code: up, down, elsewhere, a code below it, out of use.

In: the code and the tree. Out: a changed tree; everything here can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import Code, DocumentFilter
from workbench.services.codebooks import code_tree, codebook
from workbench.ui import state
from workbench.ui.components.codebooks.code_tree import open_code
from workbench.ui.components.codebooks.codebook_deeds import do, done_so_far, menu
from workbench.ui.components.codebooks.refine_actions import draw_merge, draw_split, touched
from workbench.ui.components.coding.document_filter import prepare_filter
from workbench.ui.components.links import go_to
from workbench.ui.components.style import escape
from workbench.ui.components.words import count, line

TOP = 0
"""Stands for no parent in a list of keys, which count from 1."""
THEME = "Top level, as a theme"


def draw_actions(
    item: Code, codes: Sequence[Code], usage: Mapping[int, int], *, with_retired: bool
) -> None:
    """Draw the row of actions on a code."""
    with st.container(horizontal=True, key="code_actions"):
        for down, label, icon in ((False, "Up", "arrow_upward"), (True, "Down", "arrow_downward")):
            _step(item, codes, down=down, label=label, icon=icon, with_retired=with_retired)
        moved = touched("move", item).words
        with menu("Move"):
            _move(item, codes, moved)
        if item.status == "active":
            with menu("Add a code"):
                draw_add(item, codes)
            with menu("Merge"):
                draw_merge(item, codes)
            with menu("Split"):
                draw_split(item)
            with menu("Retire"):
                _retire(item, codes, usage, moved)
        elif st.button("Bring back", help="Put the code, and those above it, in use again"):
            actor, database, study_id = state.context().in_study()
            do(
                lambda: codebook.retire_code(actor, database, study_id, item.id, retired=False),
                f"{item.name} is in use again.",
            )
        if st.button("Extracts", type="tertiary", help="Show what this code was applied to"):
            prepare_filter("extracts", DocumentFilter(code_id=item.id))
            state.put("extracts_flagged", False)
            go_to("extracts")


def _step(
    item: Code, codes: Sequence[Code], *, down: bool, label: str, icon: str, with_retired: bool
) -> None:
    place = code_tree.neighbour_place(codes, item.id, down=down, with_retired=with_retired)
    if st.button(label, icon=f":material/{icon}:", disabled=place is None, key=f"code_{label}"):
        actor, database, study_id = state.context().in_study()
        do(
            lambda: codebook.move_code(
                actor, database, study_id, item.id, parent_id=item.parent_id, position=place
            ),
            f"{item.name} moved {label.lower()}.",
        )


def _move(item: Code, codes: Sequence[Code], moved: str) -> None:
    """Ask for a new parent and a place among its codes."""
    names = {TOP: THEME} | {
        other.id: format_path(other.path) for other in code_tree.new_parents(codes, item.id)
    }
    below = st.selectbox(
        "Put it below",
        list(names),
        index=list(names).index(item.parent_id) if item.parent_id in names else 0,
        format_func=names.__getitem__,
        key=state.study_key(f"move_below_{item.id}_{item.parent_id}"),
        width=340,
    )
    parent_id = below or None
    places = code_tree.places(codes, item.id, parent_id)
    stays = parent_id == item.parent_id
    place = st.selectbox(
        "Place",
        range(len(places)),
        index=code_tree.place_of(codes, item.id) if stays else len(places) - 1,
        format_func=places.__getitem__,
        key=state.study_key(f"move_place_{item.id}_{below}_{item.parent_id}_{item.position}"),
        width=340,
    )
    line(f"Moves {moved}.")
    if st.button("Move it", key="move_it"):
        actor, database, study_id = state.context().in_study()
        do(
            lambda: codebook.move_code(
                actor, database, study_id, item.id, parent_id=parent_id, position=place
            ),
            f"{item.name} moved to: {names[below]}.",
        )


def draw_add(chosen: Code | None, codes: Sequence[Code] = ()) -> None:
    """Ask for a new code's name and definition, and add it by the chosen one or as a theme."""
    actor, database, study_id = state.context().in_study()
    key = f"add_below_{chosen.id if chosen else 'top'}_{done_so_far()}"
    with st.form(key, border=False, width=340, clear_on_submit=False):
        parent = _where(chosen, codes) if chosen else None
        name = st.text_input("Name", max_chars=200)
        definition = st.text_area("Definition", height=96)
        wants = st.form_submit_button("Add")
    if wants:

        def add() -> None:
            added = codebook.add_code(
                actor,
                database,
                study_id,
                parent_id=parent,
                name=name,
                definition=definition.strip(),
            )
            open_code(added)

        do(add, f"{name.strip()} is in the codebook.")


def _where(chosen: Code, codes: Sequence[Code]) -> int:
    """Ask whether a new code goes below the chosen one or beside it; give the code above it.

    Beside it comes first for a code that has none below: lists are written one after the other.
    """
    above = next((item for item in codes if item.id == chosen.parent_id), None)
    if above is None or above.status != "active":
        return chosen.id
    words = {
        above.id: f"Beside {escape(chosen.name)}, below {escape(above.name)}",
        chosen.id: f"Below {escape(chosen.name)}",
    }
    order = list(words)
    if any(item.parent_id == chosen.id for item in codes):
        order.reverse()
    return st.radio("Where", order, format_func=words.__getitem__, key=f"add_where_{chosen.id}")


def _retire(item: Code, codes: Sequence[Code], usage: Mapping[int, int], moved: str) -> None:
    """Say what retiring means for the codings, and do it."""
    n_below, n_codings = code_tree.tell_family(codes, usage, item.id)
    below = f" and the {count(n_below, 'code')} below it" if n_below else ""
    st.markdown(f"Take **{escape(item.name)}**{below} out of the list of codes to apply.")
    stay = f"Its {count(n_codings, 'coding')} stay, and still count in themes and extracts."
    nothing = "It has no codings."
    line(stay if n_codings else nothing)
    if n_codings:
        line(f"Touched: {moved}.")
    if st.button("Retire it", key="retire_it"):
        actor, database, study_id = state.context().in_study()
        do(
            lambda: codebook.retire_code(actor, database, study_id, item.id),
            f"{item.name}{below} is retired. {stay if n_codings else nothing} Undo takes it back.",
        )
