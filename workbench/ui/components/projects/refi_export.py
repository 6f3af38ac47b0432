"""Write the study for another program: choices, a file, and what is not in it.

In: the open study. Out: a project or a codebook to download, with its report.
"""

from __future__ import annotations

import re
from html import escape

import streamlit as st

from workbench.domain.refi import Profile
from workbench.errors import WorkbenchError
from workbench.services.codebooks import codebook_files
from workbench.services.projects import refi_export as service
from workbench.services.projects.refi_export import (
    Contents,
    RefiChoice,
    RefiExport,
    RefiProjectFile,
)
from workbench.ui import state
from workbench.ui.components.remembered import choose_in_line, keep, recall
from workbench.ui.components.words import count, line, refusal, size

PROJECT, CODEBOOK = "The whole project", "The codebook alone"
PROFILES: dict[Profile, str] = {
    "standard": "As the standard says",
    "utf16": "For NVivo on Windows",
}
MADE = "exchange_made"


def export_section() -> None:
    """Draw the section."""
    st.header("Export", anchor=False)
    what = choose_in_line("File", "exchange_file", [PROJECT, CODEBOOK])
    if what == CODEBOOK:
        _codebook()
        return
    there = service.what_there_is(*state.context().in_study())
    choice = _choices(there)
    line(service.CAUTION, "warning")
    if choice.audio and there.sound_bytes > service.MOST_SOUND:
        line(
            f"The recordings have {size(there.sound_bytes)}, too much for a download. Leave them "
            "out here, or write the file on the command line: workbench export refi.", "warning",
        )  # fmt: skip
        return
    made: tuple[RefiChoice, RefiProjectFile] | None = state.get(MADE)
    if made is not None and made[0] != choice:
        state.forget(MADE)
        made = None
    if made is None:
        if st.button("Make the file", type="primary", key="exchange_make"):
            _make(choice)
        return
    with st.container(horizontal=True):
        _offer(made[1])
        st.button("Make it again", key="exchange_again", on_click=state.forget, args=(MADE,),
                  help="After something has changed in the study.")  # fmt: skip
    _report(made[1].report)


def _choices(there: Contents) -> RefiChoice:
    profile = choose_in_line(
        "Places in texts", "exchange_profile", list(PROFILES), words=PROFILES.__getitem__
    )
    left, right = st.columns(2)
    with left:
        audio = there.n_recordings > 0 and _tick(
            "With recordings", "audio", True, "Larger, and voices identify people."
        )
        turns = there.n_discussions == 0 or _tick(
            "Mark each turn of a discussion", "turns", True,
            "Each turn becomes a passage that belongs to its speaker. Some programs list passages "
            "without codes as quotations; the names stand in the text either way.",
        )  # fmt: skip
        consensus = _tick(
            "With the consensus, as a coder named so", "consensus", True,
            "What was adjudicated, beside what each coder has coded. Without it no code counts "
            "twice.",
        )  # fmt: skip
    with right:
        joined = _tick(
            "One text for each respondent", "joined", False,
            "Typed answers below their questions, in place of a text for each answer. Easier to "
            "read in programs that list thousands of small texts. Imported here again, they are "
            "the answers that they were.",
        )  # fmt: skip
        crlf = _tick(
            "Line ends as on Windows", "crlf", False,
            "Only if a program shows codings that slip further with each line.",
        )  # fmt: skip
    return RefiChoice(profile, crlf, audio, turns, consensus, joined)


def _tick(label: str, name: str, default: bool, help: str) -> bool:
    key = f"exchange_{name}"
    recall(key, default)
    return keep(key, st.checkbox(label, key=state.study_key(key), help=help))


def _make(choice: RefiChoice) -> None:
    """Write the file, with a bar for large studies, and keep it for the download."""
    state.forget(MADE)
    bar = st.progress(0.0, text="Reading the study")

    def draw(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), text=f"Reading document {done:,} of {total:,}")

    try:
        made = service.project_file(*state.context().in_study(), choice=choice, progress=draw)
    except WorkbenchError as error:
        refusal(error)
        return
    finally:
        bar.empty()
    state.put(MADE, (choice, made))
    st.rerun()


def _offer(made: RefiProjectFile) -> None:
    st.download_button(
        f"Download the project ({size(len(made.content))})",
        data=made.content,
        file_name=f"{_file_name()}.qdpx",
        mime=service.MIME_TYPE,
        icon=":material/download:",
        on_click="ignore",
        type="primary",
    )


def _report(report: RefiExport) -> None:
    held = [
        count(report.n_sources, "text"),
        *([count(report.n_recordings, "recording")] if report.n_recordings else []),
        count(report.n_cases, "case"),
        count(report.n_codes, "code"),
        count(report.n_codings, "coding"),
        count(report.n_memos, "memo"),
        count(report.n_users, "coder"),
    ]
    line(f"In the file: {', '.join(held)}.")
    for sentence in report.remarks:
        line(sentence)
    if report.left_out:
        st.markdown("**Not in the file**")
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in report.left_out)
        st.html(f'<ul class="quiet">{items}</ul>')


def _codebook() -> None:
    """Offer the codebook; it holds nobody's words but those in its definitions and examples."""
    line("Codes with colours and definitions. Examples may be participants' words.")
    try:
        content = codebook_files.export_codebook_file(*state.context().in_study(), "qdc")
    except WorkbenchError as error:
        refusal(error)
        return
    st.download_button(
        "Download the codebook", data=content, file_name=f"{_file_name()}.qdc",
        mime="application/xml", type="primary", icon=":material/download:", on_click="ignore",
    )  # fmt: skip


def _file_name() -> str:
    """Name the file like the study, with nothing that a file system refuses."""
    found = state.context().study
    name = found.name if found is not None else ""
    return re.sub(r"[^\w\- ]", "", name).strip()[:80] or "study"
