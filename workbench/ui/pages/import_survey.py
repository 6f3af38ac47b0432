"""Import: bring a survey file into a study, after a look at what it will add.

In: a CSV or XLSX file and what its columns mean. Out: respondents and answers in a study, old or
new. Also here: voice notes, transcripts of focus groups, the sample study, codings from a CSV.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.errors import InputError
from workbench.services import study
from workbench.services.study import Study
from workbench.services.surveys import columns
from workbench.services.surveys.columns import ColumnReading, ColumnRow, FileChoices, Grid
from workbench.services.surveys.ingest import IngestReport
from workbench.ui import state
from workbench.ui.components.discussions.discussions import draw_discussions
from workbench.ui.components.style import escape
from workbench.ui.components.surveys.column_roles import edit_columns, list_problems
from workbench.ui.components.surveys.file_choices import WAITING, choose_survey, settle_ids
from workbench.ui.components.surveys.import_check import draw_check
from workbench.ui.components.surveys.import_history import draw_history
from workbench.ui.components.surveys.import_report import draw_report, tell_changes
from workbench.ui.components.surveys.mapping_source import choose_start, mapping_text
from workbench.ui.components.surveys.other_imports import draw_codings, draw_sample
from workbench.ui.components.surveys.study_target import choose_target
from workbench.ui.components.surveys.survey_file import choose_file
from workbench.ui.components.voice_notes.recording_intake import draw_recordings
from workbench.ui.components.words import count, line, refusal
from workbench.ui.paths import page_path

LISTED_PROBLEMS = 8
SURVEY, RECORDINGS, DISCUSSIONS = "Survey file", "Recordings", "Focus groups"
PUT_RIGHT = "Put right what is listed under the table first."


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
        if report.codings_flagged and st.button(f"Place again: {report.codings_flagged:,}"):
            st.switch_page(page_path("place_again"))
        if st.button("Import another file"):
            state.forget("import_result")
            st.rerun()


def draw_columns(table: Grid, target: Study | None) -> ColumnReading:
    """Let the person say what the columns mean, and show the file's first rows."""
    st.header("What the columns mean")
    start = choose_start(table, target)
    choices = FileChoices(choose_survey(start.version, start.choices, target))
    rows, reading = edit_columns(table, start.rows, start.version, choices)
    problems = list_problems(reading, rows)
    for problem in problems[:LISTED_PROBLEMS]:
        line(problem, "danger")
    if len(problems) > LISTED_PROBLEMS:
        line(f"{len(problems) - LISTED_PROBLEMS} more; see the table.", "danger")
    reading = settle_ids(table, reading, start.version, start.choices)
    with st.container(horizontal=True, vertical_alignment="center"):
        line(
            "Change any cell by typing or pasting. Cells that do not belong to a role are not used."
        )
        if reading.mapping is not None:
            st.download_button(
                "Download mapping",
                mapping_text(reading.mapping),
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
    title = f"First {count(len(shown.rows), 'row')} of {shown.n_rows:,}"
    if len(shown.columns) < shown.n_columns:
        title += f", first {len(shown.columns)} columns of {shown.n_columns:,}"
    with st.expander(title, expanded=True):
        frame = pd.DataFrame(dict(shown.columns), index=pd.Index(shown.rows, name="Row"))
        st.dataframe(frame, alt="The first rows of the file")


def draw_import(table: Grid, reading: ColumnReading, name: str) -> None:
    """Show what would come in, once it is clear what the columns mean and where it goes."""
    st.header("What will come in")
    if reading.mapping is None:
        line(reading.general[0] if reading.general == (WAITING,) else PUT_RIGHT)
    elif not name:
        line("Give the new study a name above first.")
    else:
        draw_check(table, reading.mapping, mapping_text(reading.mapping), name)


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
    target, name = choose_target()
    try:
        draw_import(table, draw_columns(table, target), name)
    except InputError as error:
        refusal(error)


def draw() -> None:
    """Draw the page for what is to be brought in."""
    st.title("Import")
    what = st.segmented_control(
        "What to bring in",
        [SURVEY, RECORDINGS, DISCUSSIONS],
        default=state.recall("import_what", SURVEY),
        required=True,  # a second press on what is chosen would let go of it, and of the page
        key="import_what",
        label_visibility="collapsed",
    )
    state.keep("import_what", what)
    if what == RECORDINGS:
        draw_recordings()
        return
    if what == DISCUSSIONS:
        draw_discussions()
        draw_history()
        return
    draw_survey()
    draw_history()
    draw_sample()
    draw_codings()


draw()
