"""What a person does to an extract from the list: star it, give it another code, take it away.

In: an extract of the person's own. Out: operations as the coding pane sends them, and a line that
offers to undo the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import Code
from workbench.errors import WorkbenchError
from workbench.services.coding import code, star
from workbench.services.coding.extracts import CodedExtract
from workbench.services.trail import undo
from workbench.ui import state
from workbench.ui.components.words import alone

RECODING = "extracts_recoding"
"""Remembers the coding that is being given another code."""


def star_button(item: CodedExtract) -> None:
    """Draw the button that stars an extract, or takes one's own star away."""
    st.button(
        "Starred" if item.starred else "Star",
        key=f"star_{item.coding_guid}",
        type="tertiary",
        icon=":material/star:",
        help="Take your star away" if item.starred else "Mark it, to find it again",
        on_click=_set_star,
        args=(item.coding_guid, not item.starred),
    )


def _set_star(guid: str, starred: bool) -> None:
    try:
        star.set_star(*state.context().in_study(), guid, starred=starred)
    except WorkbenchError as error:  # in a callback nothing else would show it
        state.put("extracts_refused", alone(error))


def own_actions(item: CodedExtract, codes: Sequence[Code]) -> None:
    """Draw what the person can do to a coding of their own."""
    guid = item.coding_guid
    if state.get(RECODING) == guid:
        _ask_for_code(item, codes)
        return
    st.button(
        "Recode",
        key=f"recode_{guid}",
        type="tertiary",
        on_click=state.put,
        args=(RECODING, guid),
    )
    st.button(
        "Remove",
        key=f"remove_{guid}",
        type="tertiary",
        on_click=_apply,
        args=({"kind": "remove", "coding": guid, "document": item.document_id},),
    )


def _ask_for_code(item: CodedExtract, codes: Sequence[Code]) -> None:
    """Ask for another code in the place of the buttons, and give it."""
    choices = {
        other.guid: format_path(other.path)
        for other in codes
        if other.status == "active" and other.id != item.code_id
    }
    chosen = st.selectbox(
        "New code",
        list(choices),
        index=None,
        format_func=choices.__getitem__,
        placeholder="New code",
        label_visibility="collapsed",
        key=state.study_key("extracts_new_code"),
        width=280,
    )
    if st.button("Give this code", type="primary", disabled=chosen is None):
        _apply({"kind": "recode", "coding": item.coding_guid, "code": chosen,
                "document": item.document_id})  # fmt: skip
        state.forget(RECODING)
        st.rerun()
    st.button("Cancel", type="tertiary", on_click=state.forget, args=(RECODING,))


def undo_line() -> None:
    """Offer to undo what was done on this page, or say why something was refused."""
    refused = state.get("extracts_refused")
    if refused:
        state.forget("extracts_refused")
        st.error(refused, icon=":material/error:")
    if not state.get("extracts_changed"):
        return
    label = undo.last_label(*state.context().in_study(), undo.CODING)
    if label and st.button(
        "Undo", icon=":material/undo:", type="tertiary", help=f"Take back {label}"
    ):
        done = undo.undo(*state.context().in_study(), undo.CODING)
        state.forget("extracts_changed")
        state.say_after_rerun(f"Undone: {done.label}.")
        st.rerun()


def _apply(sent: dict[str, Any]) -> None:
    """Do it, before the list is drawn again; what is refused is said above the list."""
    try:
        outcome = code.apply_operations(*state.context().in_study(), [{"id": str(uuid4()), **sent}])
    except WorkbenchError as error:  # in a callback nothing else would show it
        state.put("extracts_refused", alone(error))
        return
    if outcome.rejected:
        state.put("extracts_refused", outcome.rejected[0].why)
        return
    state.put("extracts_changed", True)
    label = undo.last_label(*state.context().in_study(), undo.CODING)
    state.say_after_rerun(f"Done: {label}." if label else "Done.")
