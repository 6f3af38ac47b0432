"""Memos on a respondent or an answer: everybody's to read, one's own to write.

In: what the memos are about. Out: the memos on the page, and a box to write in on request.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.services.memos import memos
from workbench.services.surveys.respondents import ListedMemo
from workbench.ui import state
from workbench.ui.components.words import alone, when

OPEN, REFUSED, WRITTEN = "memo_open", "memo_refused", "memo_written"

Kind = Literal["respondent", "document"]


def memo_list(found: Sequence[ListedMemo], kind: Kind, key: int) -> None:
    """Show the memos on something."""
    for item in _on(found, kind, key):
        st.html(
            f'<p class="extract-memo" dir="auto">{escape(item.text)}</p>'
            f'<p class="quiet">Memo by {escape(item.author)}, {when(item.changed_at)}</p>'
        )


def memo_button(found: Sequence[ListedMemo], kind: Kind, key: int) -> None:
    """Draw the button that opens the box for one's own memo."""
    own = _own(found, kind, key)
    st.button(
        "Change memo" if own else "Write a memo",
        key=f"memo_{kind}_{key}",
        type="tertiary",
        on_click=_open,
        args=(kind, key, own),
    )


def memo_form(kind: Kind, key: int) -> None:
    """Draw the box, where it is open for this."""
    if state.get(OPEN) != (kind, key):
        return
    with st.form(f"memo_form_{kind}_{key}", border=False, width=560):
        st.text_area(
            "Memo",
            key=state.study_key("memo_text"),
            max_chars=memos.MAX_MEMO,
            height=110,
            help="Ctrl + Enter saves. An empty memo is removed.",
        )
        with st.container(horizontal=True):
            st.form_submit_button("Save memo", type="primary", on_click=_save, args=(kind, key))
            st.form_submit_button("Cancel", on_click=state.forget, args=(OPEN,))
    refused = state.get(REFUSED)
    if refused:
        st.error(refused, icon=":material/error:")
        state.forget(REFUSED)


def memo_undo() -> None:
    """Offer to take back the memo that was written on this page last."""
    label = state.get(WRITTEN)
    if label:
        st.button("Undo", icon=":material/undo:", type="tertiary", on_click=_undo,
                  help=f"Take back {label}")  # fmt: skip


def _on(found: Sequence[ListedMemo], kind: Kind, key: int) -> list[ListedMemo]:
    return [item for item in found if (item.target_kind, item.target_id) == (kind, key)]


def _own(found: Sequence[ListedMemo], kind: Kind, key: int) -> str:
    mine = [item for item in _on(found, kind, key) if item.author_id == state.context().actor.id]
    return mine[-1].text if mine else ""


def _open(kind: Kind, key: int, text: str) -> None:
    state.put(OPEN, (kind, key))
    state.put("memo_text", text)


def _save(kind: Kind, key: int) -> None:
    write = memos.write_on_respondent if kind == "respondent" else memos.write_on_document
    try:
        write(*state.context().in_study(), key, state.get("memo_text") or "")
    except WorkbenchError as error:  # in a callback nothing else would show it
        state.put(REFUSED, alone(error))
        return
    state.forget(OPEN)
    state.put(WRITTEN, "the memo that you wrote last")
    state.say_after_rerun("The memo is saved.")


def _undo() -> None:
    try:
        label = memos.undo_memo(*state.context().in_study())
    except WorkbenchError as error:
        state.say_after_rerun(alone(error))
        return
    finally:
        state.forget(WRITTEN)
    state.say_after_rerun(f"Undone: {label}.")
