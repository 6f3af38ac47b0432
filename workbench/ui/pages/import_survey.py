"""Import: bring a survey file into a study, after a look at what it will add.

In: a CSV or XLSX file and what its columns mean. Out: respondents and answers in a study, old or
new. Also here: the sample study, and codings from a CSV.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.errors import InputError
from workbench.services import columns, files, ingest, study
from workbench.services.columns import ColumnReading, ColumnRow, Grid
from workbench.services.ingest import IngestReport
from workbench.services.study import Study
from workbench.ui import state
from workbench.ui.components.column_roles import edit_columns, list_problems
from workbench.ui.components.import_report import draw_report, tell_changes
from workbench.ui.components.mapping_source import choose_start
from workbench.ui.components.other_imports import draw_codings, draw_sample
from workbench.ui.components.style import escape
from workbench.ui.components.survey_file import choose_file, forget_file
from workbench.ui.components.words import count, line, refusal
from workbench.ui.paths import page_path

LISTED_PROBLEMS = 8


def draw_result(report: IngestReport) -> None:
    """Tell what an import did, and lead on to the next step."""
    st.header(f"Imported into {escape(report.study)}")
    st.text(tell_changes(report, done=True))
    draw_report(report)
    with st.container(horizontal=True):
        context = state.context()
        coded = (
            context.study
            and study.progress(context.actor, context.database, context.study.id).n_codes
        )
        step, label = ("coding", "Code the answers") if coded else (
            "codebook", "Set up the codebook")  # fmt: skip
        if st.button(label, type="primary", icon=":material/arrow_forward:"):
            st.switch_page(page_path(step))
        if st.button("Import another file"):
            state.forget("import_result")
            st.rerun()


def draw_target() -> tuple[Study | None, str]:
    """Ask which study the file goes into: (the open study or None, the study's name)."""
    context = state.context()
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


def draw_columns(table: Grid, target: Study | None) -> ColumnReading:
    """Let the person say what the columns mean, and show the file's first rows."""
    st.header("What the columns mean")
    start = choose_start(table, target)
    rows = edit_columns(table, start.rows, start.version)
    reading = columns.read_rows(table, rows)
    problems = list_problems(reading, rows)
    for problem in problems[:LISTED_PROBLEMS]:
        line(problem, "danger")
    if len(problems) > LISTED_PROBLEMS:
        line(f"{len(problems) - LISTED_PROBLEMS} more; see the table.", "danger")
    with st.container(horizontal=True, vertical_alignment="center"):
        line(
            "Change any cell by typing or pasting. Cells that do not belong to a role are not used."
        )
        if reading.mapping is not None:
            st.download_button(
                "Download mapping",
                files.mapping_text(reading.mapping),
                file_name="mapping.yaml",
                mime="application/yaml",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )
    draw_first_rows(table, rows)
    return reading


def draw_first_rows(table: Grid, rows: Sequence[ColumnRow]) -> None:
    """Show the file as it is, without what identifies people."""
    import pandas as pd

    shown = columns.preview(table, rows)
    with st.expander(f"First {count(len(shown.rows), 'row')} of {shown.n_rows:,}", expanded=True):
        frame = pd.DataFrame(dict(shown.columns), index=pd.Index(shown.rows, name="Row"))
        st.dataframe(frame, alt="The first rows of the file")


def draw_import(table: Grid, reading: ColumnReading, name: str) -> None:
    """Show what would come in, and bring it in once the person confirms."""
    st.header("What will come in")
    if reading.mapping is None:
        line("Put right what is listed under the table first.")
        return
    if not name:
        line("Give the new study a name above first.")
        return
    text = files.mapping_text(reading.mapping)
    wanted = (name, table.sha256, table.sheet, table.encoding, table.delimiter, text)
    checked, report = state.recall("import_checked", (None, None))
    if checked != wanted:
        if checked is not None:
            line("The file, the columns or the study have changed since the last check.")
        if st.button("Check what will come in", type="primary"):
            found = run_import(table, reading, name, dry_run=True)
            state.keep("import_checked", (wanted, found))
            st.rerun()
        return
    st.text(tell_changes(report, done=False))
    draw_report(report)
    changes = bool(report.changes_anything)
    if st.button(
        f"Import into {escape(name)}",
        type="primary" if changes else "secondary",
        icon=":material/upload_file:",
    ):
        finish(run_import(table, reading, name, dry_run=False))


def run_import(table: Grid, reading: ColumnReading, name: str, *, dry_run: bool) -> IngestReport:
    """Import the file, or only see what that would do."""
    context = state.context()
    assert reading.mapping is not None
    doing = "Checking" if dry_run else "Importing"
    with st.spinner(f"{doing} {count(len(table.rows), 'row')}", show_time=True):
        return ingest.ingest_survey(
            context.actor,
            context.database,
            name,
            files.read_survey(table, reading.mapping),
            mapping=files.mapping_text(reading.mapping),
            dry_run=dry_run,
        )


def finish(report: IngestReport) -> None:
    """Open the study that was imported into and show what was done."""
    context = state.context()
    state.open_study(study.find_study(context.actor, context.database, report.study).id)
    forget_file()
    for name in ("import_checked", "import_into_new", "import_study_name"):
        state.drop(name)
    state.put("import_result", report)
    st.rerun()


def draw_survey() -> None:
    """Go with the person from a file to an import."""
    report: IngestReport | None = state.get("import_result")
    if report is not None:
        draw_result(report)
        return
    table = choose_file()
    if table is None:
        line("One row per respondent. You see what will come in before anything is changed.")
        return
    target, name = draw_target()
    try:
        draw_import(table, draw_columns(table, target), name)
    except InputError as error:
        refusal(error)


st.title("Import")
draw_survey()
draw_sample()
draw_codings()
