"""Where the meaning of the columns is taken from at first, before a person corrects it.

In: a file, and the study that it goes into. Out: rows for the table of columns: from the study's
last import where that fits, from what the columns hold, or from a mapping file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from workbench.errors import InputError
from workbench.services import columns, files, ingest
from workbench.services.columns import ColumnMapping, ColumnRow, FileChoices, Grid
from workbench.services.study import Study
from workbench.ui import state
from workbench.ui.components.words import count, line, refusal

SOURCES = {
    "last": "The study's last import",
    "proposal": "What the columns hold",
    "file": "A mapping file",
}


@dataclass(frozen=True, slots=True)
class Start:
    """Rows and choices to begin with; `version` names file and source, to know them again."""

    rows: Sequence[ColumnRow]
    version: str
    choices: FileChoices


def forget_start() -> None:
    """Let go of what was chosen for the last file."""
    for name in (
        "columns_source", "columns_from_file", "columns_start", "columns_edited",
        "columns_choices", "columns_shared", "columns_text",
    ):  # fmt: skip
        state.drop(name)


def choose_start(table: Grid, target: Study | None) -> Start:
    """Ask where the meaning of the columns comes from, and give the rows."""
    last = _last_mapping(table, target)
    options = [name for name in SOURCES if name != "last" or last is not None]
    kept = state.recall("columns_source")
    source = st.radio(
        "Take the meaning of the columns from",
        options,
        index=options.index(kept) if kept in options else 0,
        format_func=lambda name: SOURCES[name],
        horizontal=True,
        key=f"columns_source_{target.id if target else 'new'}_{last is not None}",
    )
    state.keep("columns_source", source)
    if source == "last" and last is not None:
        return _start(table, last, f"last_{target.id if target else 0}")
    if source == "file":
        mapping, name = _from_file()
        return _start(table, mapping, name)
    return _start(table, None, "proposal")


def _start(table: Grid, mapping: ColumnMapping | None, name: str) -> Start:
    version = f"{table.sha256[:12]}_{table.sheet}_{table.encoding}_{table.delimiter}_{name}"
    kept = state.recall("columns_start")
    if kept is None or kept.version != version:
        choices = FileChoices() if mapping is None else columns.choices_of(mapping)
        with st.spinner(f"Looking at {count(len(table.header), 'column')}", show_time=True):
            kept = Start(columns.propose_rows(table, mapping), version, choices)
        state.keep("columns_start", kept)
    start: Start = kept
    return start


def _last_mapping(table: Grid, target: Study | None) -> ColumnMapping | None:
    """Give the mapping of the study's last import if it fits this file; say it if not."""
    if target is None:
        return None
    context = state.context()
    text = ingest.last_mapping(context.actor, context.database, target.id)
    if not text:
        return None
    mapping = files.read_mapping(text, "the mapping of the last import")
    misfit = columns.why_misfit(table, mapping)
    if misfit:
        line(f"The mapping of the study's last import does not fit this file: {misfit}")
        return None
    return mapping


def _from_file() -> tuple[ColumnMapping | None, str]:
    sent = st.file_uploader("Mapping file", type=["yaml", "yml"], key="mapping_file")
    if sent is not None:
        try:
            mapping = files.read_mapping(files.decode(sent.getvalue(), sent.name), sent.name)
        except InputError as error:
            refusal(error)
            return None, "proposal"
        state.keep("columns_from_file", (mapping, f"file_{sent.file_id}"))
    kept: tuple[ColumnMapping, str] | None = state.recall("columns_from_file")
    if kept is None:
        line("Until a mapping file is chosen, the table shows what the columns hold.")
        return None, "proposal"
    return kept


def mapping_text(mapping: ColumnMapping) -> str:
    """Write a mapping as YAML; one of thousands of columns takes a second, so it is kept."""
    known, text = state.recall("columns_text", (None, ""))
    if known != mapping:
        text = files.mapping_text(mapping)
        state.keep("columns_text", (mapping, text))
    return str(text)
