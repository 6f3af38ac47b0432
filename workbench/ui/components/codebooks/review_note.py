"""How much stands to be reviewed again: one quiet line that leads there, where something does.

In: the open study, or one code of it. Out: a line and a button, or nothing.
"""

from __future__ import annotations

import streamlit as st

from workbench.services.codebooks import rereview
from workbench.ui import state
from workbench.ui.components.links import go_to
from workbench.ui.components.words import count, line

CODE = "review_code"
"""Remembers which code's codings are gone through; 0 means all."""


def review_note(code_id: int | None = None) -> None:
    """Say how many of the person's codings stand to be reviewed, of one code or of all."""
    counts = rereview.count_unreviewed(*state.context().in_study())
    n = sum(counts.values()) if code_id is None else counts.get(code_id, 0)
    if not n:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="review_note"):
        line(
            f"{count(n, 'coding')} of yours {'was' if n == 1 else 'were'} made before "
            f"{'this' if code_id else 'a'} definition changed.",
            width="content",
        )
        if st.button("Review again", type="tertiary", key="to_review"):
            state.put(CODE, code_id or 0)
            go_to("rereview")
