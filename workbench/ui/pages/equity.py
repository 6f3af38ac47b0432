"""Transcription equity: whose speech the machine gets wrong, as far as checked notes can tell.

In: the open study. Out: a table by group with the picture beside it, the same in words, and files.
"""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from workbench.services.counting.table_files import TableFormat
from workbench.services.voice_notes import equity as service
from workbench.services.voice_notes import equity_files
from workbench.services.voice_notes.equity import EquityReport, EquityRow
from workbench.ui import state
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import choose
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.voice_notes.transcript_files import transcript_files
from workbench.ui.components.words import line

HEADS = (
    "Group", "Respondents", "Notes checked", "Not checked", "Words changed", "Word error rate",
    "Character error rate",
)  # fmt: skip
MIME: dict[TableFormat, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def nothing(report: EquityReport) -> None:
    """Say what to do where no transcript is checked."""
    drafts = report.total.drafts or 0
    first = (
        f"{drafts:,} transcripts wait to be checked by ear."
        if drafts > 1
        else "One transcript waits to be checked by ear."
        if drafts
        else "There is no transcript yet."
    )
    st.html(
        f'<div class="empty"><p>{first} This page compares the machine\'s words with those that '
        "people have checked, so it needs checked notes.</p></div>"
    )
    where, label = ("check", "Check notes by ear") if drafts else ("transcribe", "Transcribe notes")
    if st.button(label, type="primary"):
        go_to(where)


def table(report: EquityReport) -> None:
    """Draw the table: all notes first, then the groups."""
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    body = "".join(map(_row, (report.total, *report.rows)))
    caption = f"Words that people changed, by {report.title}"
    st.html(
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="surveys"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(row: EquityRow) -> str:
    name = f'<th scope="row"><bdi>{escape(row.group)}</bdi></th>'
    if row.words is None:
        why = equity_files.HIDDEN[row.hidden]
        return f'<tr>{name}<td colspan="{len(HEADS) - 1}">{why}</td></tr>'
    cells = [f"{n or 0:,}" for n in (row.respondents, row.notes, row.drafts)]
    cells += [
        "<br>".join(filter(None, service.percent(rate))) for rate in (row.correction, row.wer)
    ]
    cells.append("\u2013" if row.cer is None else f"{100 * row.cer:.1f} %")
    return f"<tr>{name}{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def picture(report: EquityReport) -> None:
    """Draw the rates that are shown, with their intervals."""
    chart = equity_files.equity_picture(report, dark=st.context.theme.type == "dark")
    if chart is not None:
        st.altair_chart(chart, theme=None, width="content")


def files(report: EquityReport) -> None:
    """Offer the report as files."""
    with st.container(horizontal=True):
        for kind, mime in MIME.items():
            st.download_button(
                f"Report as {kind.upper()}",
                data=partial(equity_files.equity_file, report, format=kind),
                file_name=f"transcription-equity.{kind}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
            )


def draw() -> None:
    """Draw the page in reading order."""
    st.title("Transcription equity")
    context = state.context().in_study()
    titles = service.list_by(*context)
    by = choose("Group by", "equity_by", list(titles), words=titles.__getitem__)
    report = service.equity_report(*context, by=by)
    if report.total.notes == 0:
        nothing(report)
        transcript_files()
        return
    for caution in report.cautions:
        line(caution, "warning" if "sample study" in caution else "quiet")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        table(report)
    with right:
        picture(report)
    for sentence in service.in_words(report):
        st.markdown(escape_markdown(sentence))
    files(report)
    transcript_files()


draw()
