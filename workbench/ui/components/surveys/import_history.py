"""The history of imports: what came in when, by whom, and taking the last one back.

In: the open study. Out: a section of the Import page.
"""

from __future__ import annotations

import streamlit as st

from workbench.domain.words import sentence
from workbench.errors import WorkbenchError
from workbench.services.surveys import columns, imports, ingest
from workbench.services.surveys.imports import Batch
from workbench.ui import state
from workbench.ui.components.style import escape
from workbench.ui.components.words import count, line, refusal, when

PROJECT_REPORTS = ("project_done", "project_preview")
"""What the page Exchange shows of a project that came in: no longer true once it is gone."""
SHOWN = 5
"""Imports that are listed until a person asks for all."""


def draw_history() -> None:
    """List the imports of the open study."""
    context = state.context()
    if context.study is None:
        return
    place = context.in_study()
    n_imports = imports.count_imports(*place)
    if not n_imports:
        return
    st.header("Imports")
    line(f"{count(n_imports, 'file')} imported into {context.study.name}, the newest first.")
    limit = None if state.get("imports_all") else SHOWN
    several = len(ingest.list_surveys(*place)) > 1
    with st.container(key="imports", gap="small"):
        for batch in imports.list_imports(*place, limit=limit):
            with st.container(gap=None):
                _draw(batch, name_survey=several)
    if limit is not None and limit < n_imports and st.button(f"Show all {n_imports:,}"):
        state.put("imports_all", True)
        st.rerun()


def _draw(batch: Batch, *, name_survey: bool) -> None:
    survey = f" into {escape(batch.survey)}" if batch.survey and name_survey else ""
    undone = f" Taken back on {when(batch.undone_at)}." if batch.undone_at else ""
    figures = sentence(imports.figures_of(batch)) or "No respondents and no answers"
    st.markdown(f"**{escape(batch.file_name)}**{survey}")
    line(f"{when(batch.created_at)}, by {batch.actor}. {figures}.{undone}")
    with st.container(horizontal=True):
        _downloads(batch)
        if batch.can_be_undone and st.button(
            "Undo this import", key=f"undo_import_{batch.id}", type="tertiary",
            icon=":material/undo:",
        ):  # fmt: skip
            state.put("import_undo_asked", batch.id)
            st.rerun()
    if batch.can_be_undone and state.get("import_undo_asked") == batch.id:
        _ask(batch)


def _downloads(batch: Batch) -> None:
    if batch.mapping:
        st.download_button(
            "Mapping",
            batch.mapping,
            file_name="mapping.yaml",
            mime="application/yaml",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
            key=f"mapping_{batch.id}",
        )
    bad_rows = imports.bad_rows_of(batch)
    if bad_rows:
        st.download_button(
            f"{count(len(bad_rows), 'row')} to look at",
            columns.bad_rows_file(bad_rows),
            file_name="import-rows.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
            key=f"bad_rows_{batch.id}",
        )


def _ask(batch: Batch) -> None:
    """Say what taking the import back means, or why it cannot be; and do it once confirmed."""
    place = state.context().in_study()
    with st.container(border=True):
        why = imports.why_not_undo(*place)
        if why is not None:
            line(f"{why[:1].upper()}{why[1:]}", "warning")
        else:
            line(imports.what_goes(batch))
        with st.container(horizontal=True):
            if why is None and st.button("Take this import back", type="primary"):
                _undo(batch)
            if st.button("Keep this import"):
                state.forget("import_undo_asked")
                st.rerun()


def _undo(batch: Batch) -> None:
    try:
        with st.spinner(f"Taking back {escape(batch.file_name)}", show_time=True):
            undone = imports.undo_import(*state.context().in_study())
    except WorkbenchError as error:
        refusal(error)
        return
    for name in ("import_undo_asked", "import_result"):
        state.forget(name)
    for name in ("import_checked", *PROJECT_REPORTS):
        state.drop(name)
    in_full = batch.is_project or undone.study_gone
    state.say_after_rerun(undone.in_words if in_full else f"Taken back: {batch.file_name}.")
    st.rerun()
