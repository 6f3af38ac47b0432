"""Transcripts as files: which ones, in what form, and a button to take them.

In: the open study. Out: a section with choices and a download; nothing where there is no
transcript.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from workbench.services.voice_notes import transcript_files as service
from workbench.services.voice_notes.transcript_files import TranscriptChoice, TranscriptFormat
from workbench.ui import state
from workbench.ui.components.remembered import choose, choose_in_line, keep
from workbench.ui.components.words import line

NAMES: dict[TranscriptFormat, str] = {
    "docx": "Word",
    "txt": "Text",
    "vtt": "Subtitles, WebVTT",
    "srt": "Subtitles, SubRip",
    "csv": "Spreadsheet, CSV",
}
TOGETHER, APART = "One file", "A file for each note"
SEGMENT, NOTE = "A row for each segment", "A row for each note"
ALL, CHECKED = "All", "Checked only"


def transcript_files() -> None:
    """Draw the section, where the study has transcripts."""
    found = service.count_transcripts(*state.context().in_study())
    if not found.checked + found.drafts:
        return
    st.header("Transcripts as files", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form = choose("Format", "transcripts_format", list(NAMES), words=NAMES.__getitem__)
        which = choose_in_line("Transcripts", "transcripts_which", [ALL, CHECKED])
        apart = form in service.ALONE
        if not apart:
            apart = choose_in_line("Files", "transcripts_apart", [TOGETHER, APART]) == APART
        by_note = False
        if form == "csv":
            by_note = choose_in_line("Rows", "transcripts_rows", [SEGMENT, NOTE]) == NOTE
    translations = bool(found.translations) and _tick(
        "With English translations, marked as such", "transcripts_translations", True
    )
    withheld = bool(found.unquotable) and _tick(
        "With the words of respondents who said that they may not be quoted",
        "transcripts_withheld",
        False,
    )
    choice = TranscriptChoice(
        form,
        apart,
        which == CHECKED,
        translations,
        None,
        withheld,
        "note" if by_note else "segment",
    )
    if which == CHECKED and not found.checked:
        line("No transcript is checked yet.")
        return
    if which == ALL and found.drafts:
        line(f"{found.drafts:,} of {found.drafts + found.checked:,} are machine drafts. "
             "They are marked in the file.", "warning")  # fmt: skip
    st.download_button(
        "Transcripts",
        data=partial(_content, choice),
        file_name=f"transcripts.{choice.ending}",
        on_click="ignore",
        icon=":material/download:",
    )


def _tick(label: str, name: str, default: bool) -> bool:
    value = state.recall(name, default)
    return keep(name, st.checkbox(label, value=value, key=state.study_key(f"{name}_box")))


def _content(choice: TranscriptChoice) -> bytes:
    return service.transcripts_file(*state.context().in_study(), choice).content
