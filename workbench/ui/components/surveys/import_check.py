"""The check before an import, and the import: what would come in, one by one, then the real thing.

In: a file, what its columns mean, and the study's name. Out: a preview that is made anew whenever
file, columns or study change; and, once the person confirms, respondents and answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st

from workbench.errors import InputError
from workbench.services import files, study
from workbench.services.surveys import ingest
from workbench.services.surveys.columns import ColumnMapping, Grid
from workbench.services.surveys.imports import Place
from workbench.services.surveys.ingest import IngestReport, SharedQuestion
from workbench.ui import state
from workbench.ui.components.style import escape
from workbench.ui.components.surveys.column_roles import rename_refs
from workbench.ui.components.surveys.import_changes import draw_changes
from workbench.ui.components.surveys.import_report import draw_report, tell_changes
from workbench.ui.components.surveys.row_progress import row_progress
from workbench.ui.components.surveys.survey_file import forget_file
from workbench.ui.components.words import line, refusal


@dataclass(frozen=True, slots=True)
class _Checked:
    """The last check: of what, and what it found or why it was refused."""

    wanted: tuple[object, ...]
    found: IngestReport | InputError


def draw_check(table: Grid, mapping: ColumnMapping, text: str, name: str) -> None:
    """Show what would come in, and bring it in once the person confirms.

    Parameters
    ----------
    text
        The mapping as YAML.
    name
        The study's.
    """
    wanted = (name, table.sha256, table.sheet, table.encoding, table.delimiter, text)
    checked: _Checked | None = state.recall("import_checked")
    if checked is None or checked.wanted != wanted:
        if checked is not None:
            line("The file, the columns or the study have changed since the last check.")
        if st.button("Check what will come in", type="primary"):
            state.keep("import_checked", _Checked(wanted, _check(table, mapping, text, name)))
            st.rerun()
        return
    if isinstance(checked.found, InputError):
        _draw_refusal(checked.found)
        return
    _draw_found(checked.found, table, mapping)
    _offer_import(checked.found, table, mapping, text, name)


def _draw_refusal(error: InputError) -> None:
    text = str(error) if error.source else f"{str(error)[:1].upper()}{str(error)[1:]}"
    st.error(escape(text), icon=":material/error:")
    if isinstance(error, SharedQuestion) and st.button(
        f"Begin the short names of {'these questions' if len(error.refs) > 1 else 'this question'}"
        f" with {error.prefix}",
        type="primary",
    ):
        rename_refs(error.refs, error.prefix)
        state.drop("import_checked")
        st.rerun()


def _draw_found(report: IngestReport, table: Grid, mapping: ColumnMapping) -> None:
    st.text(tell_changes(report, done=False))
    draw_report(report)

    def words_of(rows: Collection[int]) -> Mapping[Place, str]:
        part = files.read_survey(files.part_of(table, rows), mapping)
        return ingest.answers_of_rows(part, rows)

    draw_changes(report, words_of)


def _offer_import(
    report: IngestReport, table: Grid, mapping: ColumnMapping, text: str, name: str
) -> None:
    if report.undecided:
        line("Say first which of the rows that share an id to take.", "danger")
        return
    changes = bool(report.changes_anything)
    if not st.button(
        f"Import into {escape(name)}",
        type="primary" if changes else "secondary",
        icon=":material/upload_file:",
    ):
        return
    try:
        _finish(_run(table, mapping, text, name, dry_run=False))
    except InputError as error:  # somebody has imported something else in the meantime
        refusal(error)


def _check(table: Grid, mapping: ColumnMapping, text: str, name: str) -> IngestReport | InputError:
    try:
        return _run(table, mapping, text, name, dry_run=True)
    except InputError as error:
        return error


def _run(
    table: Grid, mapping: ColumnMapping, text: str, name: str, *, dry_run: bool
) -> IngestReport:
    """Import the file, or only see what that would do."""
    context = state.context()
    doing = "Checking" if dry_run else "Importing"
    with row_progress(doing, len(table.rows)) as progress:
        return ingest.ingest_survey(
            context.actor,
            context.database,
            name,
            files.read_survey(table, mapping),
            mapping=text,
            dry_run=dry_run,
            progress=progress,
        )


def _finish(report: IngestReport) -> None:
    """Open the study that was imported into and show what was done."""
    context = state.context()
    state.open_study(study.find_study(context.actor, context.database, report.study).id)
    forget_file()
    for name in ("import_checked", "import_into_new", "import_study_name"):
        state.drop(name)
    state.put("import_result", report)
    st.rerun()
