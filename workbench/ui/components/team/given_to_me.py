"""Given to me: a switch between what was given to the person and everything there is.

In: the name of what it filters. Out: the person's key, or None for everything. It is drawn only
for who was given something, and is on at first.
"""

from __future__ import annotations

import streamlit as st

from workbench.services.team import allocate
from workbench.ui import state
from workbench.ui.components.remembered import keep, prepare, recall


def given_to_me(name: str) -> int | None:
    """Draw the switch, where there is something to switch; give whose documents are meant."""
    actor, database, study_id = state.context().in_study()
    n = allocate.count_mine(actor, database, study_id)
    if not n:
        return None
    recall(f"{name}_assigned", True)
    chosen = st.toggle(
        f"Given to me ({n:,})",
        key=state.study_key(f"{name}_assigned"),
        help="Off: all documents, whoever has them.",
    )
    return actor.id if keep(f"{name}_assigned", chosen) else None


def is_given_to_me(name: str) -> bool:
    """Tell whether the switch is on, before it is drawn."""
    actor, database, study_id = state.context().in_study()
    return bool(recall(f"{name}_assigned", True)) and bool(
        allocate.count_mine(actor, database, study_id)
    )


def prepare_given_to_me(name: str, on: bool) -> None:
    """Set the switch before it is drawn: for a page about to be opened, or from a callback."""
    prepare(f"{name}_assigned", on)
