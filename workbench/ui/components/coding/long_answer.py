"""Long answers: cut at first, shown up to what a page can bear when the person asks for it.

In: an answer as a page has read it. Out: the text to show, and the button that shows more or less.
"""

from __future__ import annotations

import streamlit as st

from workbench.services.surveys import questions
from workbench.services.surveys.respondents import Said
from workbench.ui import state

WHOLE = "answers_shown_whole"
"""Remembers the documents that are shown whole."""


def shown_text(item: Said) -> tuple[str, bool]:
    """Give the text to show, and whether it is cut."""
    text = item.opening
    if item.n_characters > len(text) and item.document_id in state.get(WHOLE, ()):
        text = questions.whole_text(*state.context().in_study(), item.document_id)
    return text, len(text) < item.n_characters


def length_button(item: Said) -> None:
    """Draw the button that shows the whole answer, or its beginning again."""
    if item.n_characters <= len(item.opening):
        return
    whole = item.document_id in state.get(WHOLE, ())
    label = "Show less" if whole else f"Show all {item.n_words:,} words"
    st.button(
        label,
        key=f"length_{item.document_id}",
        type="tertiary",
        on_click=_toggle,
        args=(item.document_id,),
    )
    if whole and item.n_characters > questions.MOST:
        st.html(
            f'<p class="quiet">The first {questions.MOST:,} of {item.n_characters:,} characters '
            "are shown. The coding page has them all.</p>"
        )


def _toggle(document_id: int) -> None:
    shown = set(state.get(WHOLE, ()))
    state.put(WHOLE, shown ^ {document_id})
