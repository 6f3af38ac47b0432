"""Codebooks as files: load one of one's own or one that comes along, download the study's.

In: YAML. Out: codes in the study, with a report; and YAML.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.services import codebook, files
from workbench.settings import bundled
from workbench.ui import state
from workbench.ui.components.code_actions import say
from workbench.ui.components.words import count, line, refusal


def bundled_codebooks() -> dict[str, Path]:
    """List the codebooks that come with the program, by name."""
    return {path.stem: path for path in files.sample_codebooks(bundled("codebooks"))}


def load_text(text: str, source: str) -> None:
    """Load a codebook into the open study and say what it brought, or why it was refused."""
    actor, database, study_id = state.context().in_study()
    try:
        book = files.read_codebook(text, source)
        report = codebook.load_codebook(actor, database, study_id, book)
    except WorkbenchError as error:
        refusal(error)
        return
    say(
        f"{book.name}: {count(report.added, 'code')} added, {report.updated:,} updated, "
        f"{report.unchanged:,} as they were.",
    )
    state.forget("code_form")
    st.rerun()


def draw_loading() -> None:
    """Offer to load a codebook from a file or from those that come along."""
    line("Codes of the same path are updated, new ones added; nothing is taken away.")
    sent = st.file_uploader(
        "Codebook file (YAML)",
        type=["yaml", "yml"],
        key=state.study_key(f"codebook_file_{state.get('codebook_round', 0)}"),
    )
    if sent is not None and st.button("Load this file"):
        try:
            text = files.decode(sent.getvalue(), sent.name)
        except WorkbenchError as error:
            refusal(error)
        else:
            load_text(text, sent.name)
    known = bundled_codebooks()
    name = st.selectbox("Codebook that comes along", list(known))
    if name and st.button("Load it", key="load_bundled"):
        load_text(files.read_text(known[name]), known[name].name)


def draw_download() -> None:
    """Offer the study's codebook as a file."""
    context = state.context()
    book = codebook.export_codebook(*context.in_study())
    if book.themes:
        st.download_button(
            "Download as YAML",
            files.codebook_text(book),
            file_name="codebook.yaml",
            mime="application/yaml",
            on_click="ignore",
            icon=":material/download:",
        )
