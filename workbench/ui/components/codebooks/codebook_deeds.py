"""Codebook deeds: do something to the codebook, and say what was done or why not.

In: a change. Out: the page drawn again, or the refusal at the place where it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.ui import state
from workbench.ui.components.words import refusal


def menu(label: str) -> AbstractContextManager[object]:
    """Open a small box under a button; it closes once something was done in it."""
    return st.popover(label, key=f"menu_{label}_{done_so_far()}")


def done_so_far() -> int:
    """Count what was done: what is keyed by it is drawn afresh."""
    return int(state.get("codebook_round", 0))


def do(action: Callable[[], object], said: str) -> None:
    """Change the codebook and draw the page again, or show why not."""
    try:
        action()
    except WorkbenchError as error:
        refusal(error)
        return
    say(said)
    st.rerun()


def say(said: str) -> None:
    """Keep what was done, to be shown until something else is done."""
    state.put("codebook_said", said)
    state.put("codebook_round", done_so_far() + 1)
