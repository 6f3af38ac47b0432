"""What an import did or would do: figures, a sentence, what to look at, rows to be mended.

In: a report. Out: the part of a page that tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from workbench.domain.documents import BadRow
from workbench.services.surveys import columns
from workbench.services.surveys.ingest import IngestReport
from workbench.ui.components.words import count, line

LISTED = 20
"""Warnings that are listed; the others are counted."""
Figures = Sequence[tuple[str, int]]


def draw_report(report: IngestReport) -> None:
    """Show an import's figures, warnings and bad rows."""
    tables = (
        (
            "Respondents",
            (
                ("new", report.respondents_new),
                ("updated", report.respondents_updated),
                ("unchanged", report.respondents_unchanged),
                ("not in this file", report.respondents_missing),
                ("rows left out by a rule", report.rows_excluded),
            ),
        ),
        (
            "Answers",
            (
                ("new", report.answers_new),
                ("changed", report.answers_changed),
                ("unchanged", report.answers_unchanged),
                ("left blank", report.answers_blank),
                ("of these, kept in the study", report.answers_kept),
                ("not asked", report.answers_not_asked),
                ("awaiting transcript", report.answers_awaiting_transcript),
            ),
        ),
        (
            "Values of attributes",
            (
                ("changed", report.values_changed),
                ("set by hand, left alone", report.values_set_by_hand),
            ),
        ),
        (
            "Codings on changed answers",
            (
                ("carried over", report.codings_reanchored),
                ("to be placed by a person", report.codings_flagged),
            ),
        ),
    )
    known = report.respondents_updated + report.respondents_unchanged + report.respondents_missing
    parts = [(title, _told(rows, again=known > 0)) for title, rows in tables]
    shown = "".join(_table(title, rows) for title, rows in parts if rows)
    st.html(f'<div class="figures">{shown}</div>')
    if report.excluded:
        told = "; ".join(f"{why}: {n:,}" for why, n in list(report.excluded.items())[:LISTED])
        line(f"Rows left out by a rule: {told}.")
    for warning in report.warnings[:LISTED]:
        line(warning[:1].upper() + warning[1:], "warning")
    if len(report.warnings) > LISTED:
        line(f"{len(report.warnings) - LISTED:,} more of this kind.", "warning")
    draw_bad_rows(report.bad_rows, "import")


def _told(rows: Figures, *, again: bool) -> Figures:
    """Leave out what cannot be in a first file: nothing was there to be changed or kept."""
    return [(what, n) for what, n in rows if again or n or what == "new"]


def draw_bad_rows(bad_rows: Sequence[BadRow], what: str) -> None:
    """List rows that could not be used, and offer them as a file."""
    if not bad_rows:
        return
    import pandas as pd

    line(
        f"{count(len(bad_rows), 'row')} to look at. Mend {'it' if len(bad_rows) == 1 else 'them'} "
        "in the file and import the file again; "
        "what is in already stays as it is.",
        "warning",
    )
    st.dataframe(
        pd.DataFrame(
            {
                "Row": [bad.row for bad in bad_rows],
                "Column": [bad.column or "" for bad in bad_rows],
                "What is wrong": [bad.message for bad in bad_rows],
            }
        ),
        hide_index=True,
        column_config={"What is wrong": st.column_config.TextColumn(width=700)},
        alt="Rows that could not be used",
    )
    st.download_button(
        "Download these rows as CSV",
        columns.bad_rows_file(bad_rows),
        file_name=f"{what}-rows.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key=f"bad_rows_{what}",
    )


def tell_changes(report: IngestReport, *, done: bool) -> str:
    """Say in a sentence what an import brings."""
    if not report.changes_anything:
        return (
            "Nothing has changed: the study had all of this already."
            if done
            else "Nothing will change: the study has all of this already."
        )
    parts = [
        count(n, what)
        for n, what in (
            (report.respondents_new, "new respondent"),
            (report.respondents_updated, "updated respondent"),
            (report.answers_new, "new answer"),
            (report.answers_changed, "changed answer"),
        )
        if n
    ]
    n_described = report.descriptions_changed
    if not parts:
        parts = [count(n_described, "new or changed description of a question or an attribute",
                       "new or changed descriptions of questions or attributes")]  # fmt: skip
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    return f"{listed} {'have come' if done else 'will come'} in."


def _table(title: str, figures: Figures) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{n:,}</td></tr>' for name, n in figures
    )
    return f"<table><caption>{escape(title)}</caption><tbody>{rows}</tbody></table>"
