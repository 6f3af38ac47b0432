"""Codebooks as files: load one of one's own or one that comes along, download the study's.

In: a file in any format. Out: what it would bring, then codes in the study; and a file to take.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.services import files
from workbench.services.codebooks import codebook, codebook_files
from workbench.services.codebooks.codebook_files import CodebookFile, LoadPreview
from workbench.settings import bundled
from workbench.ui import state
from workbench.ui.components.codebooks.codebook_deeds import say
from workbench.ui.components.surveys.import_report import draw_bad_rows
from workbench.ui.components.words import count, line, refusal

LISTED_WARNINGS = 5
ROW_PX, MOST_ROWS = 35, 6
"""Of the list of changes: it scrolls beyond that."""


def bundled_codebooks() -> dict[str, Path]:
    """List the codebooks that come with the program, by name."""
    return {path.stem: path for path in files.sample_codebooks(bundled("codebooks"))}


def load_bundled(path: Path) -> None:
    """Load a codebook that comes along into the open study, and say what it brought."""
    try:
        file = codebook_files.read_codebook_path(path)
    except WorkbenchError as error:
        refusal(error)
    else:
        load_file(file)


def load_file(file: CodebookFile) -> None:
    """Load what was read of a file into the open study, and say what it brought."""
    actor, database, study_id = state.context().in_study()
    try:
        report = codebook.load_codebook(actor, database, study_id, file.book, file.given)
    except WorkbenchError as error:
        refusal(error)
        return
    left = f" {count(len(file.bad_rows), 'row')} left out." if file.bad_rows else ""
    say(
        f"{file.book.name}: {count(report.added, 'code')} added, {report.updated:,} updated, "
        f"{report.unchanged:,} as they were.{left}",
    )
    state.forget("code_form")
    st.rerun()


def draw_loading() -> None:
    """Offer to load a codebook from a file or from those that come along, after a look at it."""
    line("Codes of the same path are updated, new ones added; nothing is taken away.")
    sent = st.file_uploader(
        "Codebook file",
        type=list(codebook_files.SUFFIXES),
        key=state.study_key(f"codebook_file_{state.get('codebook_round', 0)}"),
        help="YAML, CSV, Excel, Word or a web page: as this program writes them, or a table whose "
        "first row names its columns, such as code, parent and definition. Codebooks of other "
        "programs by REFI-QDA (.qdc).",
    )
    if sent is not None:
        _draw_file(sent.getvalue(), sent.name)
    known = bundled_codebooks()
    name = st.selectbox("Codebook that comes along", list(known))
    if name and st.button("Load it", key="load_bundled"):
        load_bundled(known[name])


def _draw_file(data: bytes, name: str) -> None:
    """Tell what a file would bring, and offer to load it."""
    try:
        file = codebook_files.read_codebook_file(data, name)
    except WorkbenchError as error:
        refusal(error)
        return
    found = codebook_files.preview(*state.context().in_study(), file)
    line(
        f"{file.book.name}: {count(len(found.added), 'code')} new, {len(found.changed):,} changed, "
        f"{found.n_same:,} the same."
    )
    _draw_changes(found)
    for warning in file.warnings[:LISTED_WARNINGS]:
        line(warning[:1].upper() + warning[1:], "warning")
    if len(file.warnings) > LISTED_WARNINGS:
        line(f"{len(file.warnings) - LISTED_WARNINGS:,} more of this kind.", "warning")
    if found.retired:
        line(f"{count(len(found.retired), 'code')} of the file taken out of use here; loading does "
             "not bring them back.")  # fmt: skip
    draw_bad_rows(file.bad_rows, "codebook")
    if not found.added and not found.changed:
        line("Nothing will change: the study has all of this already.")
    label = "Load the other rows" if file.bad_rows else "Load this file"
    if st.button(label, type="primary"):
        load_file(file)


def _draw_changes(found: LoadPreview) -> None:
    """List the new and the changed codes, with what changes of them."""
    import pandas as pd

    lines = [(path, "new") for path in found.added]
    lines += [(path, ", ".join(labels)) for path, labels in found.changed]
    if lines:
        st.dataframe(
            pd.DataFrame(lines, columns=["Code", "What changes"]),
            hide_index=True,
            height=ROW_PX * (min(len(lines), MOST_ROWS) + 1) + 2,
            alt="Codes that the file adds or changes",
        )


def draw_download() -> None:
    """Offer the study's codebook as a file, in a format to choose."""
    context = state.context().in_study()
    if not codebook.list_codes(*context, with_counts=False):
        return
    kinds = {kind.name: kind for kind in codebook_files.formats()}
    name = st.selectbox(
        "Format", list(kinds), format_func=lambda key: kinds[key].label, key="codebook_format"
    )
    kind = kinds[name]
    counted = kind.counts and st.checkbox(
        "With the number of codings",
        key="codebook_counts",
        help="Of each code itself, by everybody whose codings you may see.",
    )
    st.download_button(
        "Download the codebook",
        partial(codebook_files.export_codebook_file, *context, name, counted),
        file_name=f"codebook.{kind.suffix}",
        mime=kind.mime_type,
        on_click="ignore",
        icon=":material/download:",
    )
