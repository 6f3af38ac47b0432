"""Where the meaning of the columns is taken from at first, before a person corrects it.

In: a file, and the study that it goes into. Out: rows for the table of columns: from the study's
last import where that fits, from what the columns hold, or from a mapping file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from workbench.errors import InputError
from workbench.services import files
from workbench.services.study import Study
from workbench.services.surveys import columns, ingest
from workbench.services.surveys.columns import ColumnMapping, ColumnRow, FileChoices, Grid
from workbench.ui import state
from workbench.ui.components.style import escape
from workbench.ui.components.words import count, line, refusal

SOURCES = {
    "last": "The study's last import",
    "proposal": "What the columns hold",
    "file": "A mapping file",
}
SEVERAL = "last of "
"""Begins the sources of a study with several surveys whose last imports fit."""


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
    before = _before(table, target)
    options = [*before, "proposal", "file"]
    kept = state.recall("columns_source")
    source = st.radio(
        "Take the meaning of the columns from",
        options,
        index=options.index(kept) if kept in options else 0,
        format_func=_name_source,
        horizontal=True,
        key=f"columns_source_{target.id if target else 'new'}_{len(before)}",
    )
    state.keep("columns_source", source)
    if source in before:
        return _start(table, before[source], f"{source}_{target.id if target else 0}")
    if source == "file":
        mapping, name = _from_file()
        return _start(table, mapping, name)
    return _start(table, None, "proposal")


def _name_source(source: str) -> str:
    if source in SOURCES:
        return SOURCES[source]
    return f"The last import of {escape(source.removeprefix(SEVERAL)) or 'the first survey'}"


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


def _before(table: Grid, target: Study | None) -> dict[str, ColumnMapping]:
    """Give the mappings of the study's last imports that fit this file; say it if none does.

    There is one for each of the study's surveys, the newest first.
    """
    if target is None:
        return {}
    context = state.context()
    texts = ingest.last_mappings(context.actor, context.database, target.id)
    found: list[ColumnMapping] = []
    misfit = None
    for mapping in [files.read_mapping(text, "the mapping of the last import")
                    for text in texts if text]:  # fmt: skip
        why = columns.why_misfit(table, mapping)
        misfit = misfit or why
        if why is None:
            found.append(mapping)
    if misfit and not found:
        line(f"The mapping of the study's last import does not fit this file: {misfit}")
    if len(found) == 1:
        return {"last": found[0]}
    named: dict[str, ColumnMapping] = {}
    for mapping in found:
        named.setdefault(f"{SEVERAL}{mapping.survey}", mapping)
    return named


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
