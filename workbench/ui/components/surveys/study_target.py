"""Which study something goes into that is brought in: the open one, or a new one by name.

In: the open study. Out: that study, or the name of a new one. The name outlives a look at another
page.
"""

from __future__ import annotations

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.services import study
from workbench.services.study import Study
from workbench.ui import state
from workbench.ui.components.style import escape
from workbench.ui.components.words import line, refusal

MADE = "import_study_made"
"""Kept when a study has been made here: the choice begins anew, with that study open."""


def choose_target() -> tuple[Study | None, str]:
    """Ask which study it goes into: (the open study or None, the study's name)."""
    context = state.context()
    if state.recall(MADE, False):
        state.drop(MADE)
        state.set_widget("import_into_new", False)
        state.set_widget("import_study_name", "")
    found = context.study
    into_new = found is None
    if found is not None:
        into_new = bool(
            st.radio(
                "Into which study",
                [False, True],
                index=int(state.recall("import_into_new", False)),
                format_func=lambda new: "A new study" if new else f"{escape(found.name)} (open)",
                horizontal=True,
                key="import_into_new",
            )
        )
        state.keep("import_into_new", into_new)
    if not into_new and found is not None:
        return found, found.name
    name = st.text_input(
        "Name of the new study",
        state.recall("import_study_name", ""),
        key="import_study_name",
        max_chars=200,
        width=420,
    )
    state.keep("import_study_name", name)
    if study.is_taken(context.actor, context.database, name):
        line("There is a study of this name. Open it in the sidebar, or choose another name.",
             "danger")  # fmt: skip
        return None, ""
    return None, name.strip()


def choose_or_make() -> Study | None:
    """Ask which study it goes into, and make a new one at once; None until there is one."""
    found, name = choose_target()
    if found is not None:
        return found
    if st.button("Make this study", type="primary"):
        if not name:
            line("Type a name for the new study that no other has.", "warning")
            return None
        context = state.context()
        try:
            made = study.create_study(context.actor, context.database, name)
        except WorkbenchError as error:
            refusal(error)
            return None
        for kept in ("import_into_new", "import_study_name"):
            state.drop(kept)
        state.keep(MADE, True)
        state.open_study(made.id)
        state.say_after_rerun(f"Made the study {made.name}.")
        st.rerun()
    return None
