"""What a person does to an extract from the list: give it another code, or take it away.

In: an extract of the person's own. Out: operations as the coding pane sends them, and a line that
offers to undo the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from uuid import uuid4

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import Code
from workbench.services import code, undo
from workbench.services.extracts import CodedExtract
from workbench.ui import state


def remove(item: CodedExtract) -> None:
    """Take a coding away; it can be undone."""
    _apply({"kind": "remove", "coding": item.coding_guid})
    st.rerun()


@st.dialog("Give these words another code")
def recode(item: CodedExtract, codes: Sequence[Code]) -> None:
    """Ask for another code, and give it."""
    st.html(f'<p class="quiet">Now: {escape(format_path(item.extract.code_path))}</p>')
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
        placeholder="Type to find a code",
    )
    if st.button("Recode", type="primary", disabled=chosen is None) and chosen is not None:
        _apply({"kind": "recode", "coding": item.coding_guid, "code": chosen})
        st.rerun()


def undo_line() -> None:
    """Offer to undo what was done on this page, or say why something was refused."""
    refused = state.get("extracts_refused")
    if refused:
        state.forget("extracts_refused")
        st.error(refused, icon=":material/error:")
    if not state.get("extracts_changed"):
        return
    label = undo.last_label(*state.context().in_study())
    if label and st.button(
        "Undo", icon=":material/undo:", type="tertiary", help=f"Take back {label}"
    ):
        done = undo.undo(*state.context().in_study())
        state.forget("extracts_changed")
        state.say_after_rerun(f"Undone: {done.label}.")
        st.rerun()


def _apply(sent: dict[str, Any]) -> None:
    outcome = code.apply_operations(*state.context().in_study(), [{"id": str(uuid4()), **sent}])
    if outcome.rejected:
        state.put("extracts_refused", outcome.rejected[0].why)
        return
    state.put("extracts_changed", True)
    label = undo.last_label(*state.context().in_study())
    state.say_after_rerun(f"Done: {label}." if label else "Done.")
