"""Recordings on the Import page: bring them in, see what came of it, settle whose they are.

In: files or a folder from the person's disk. Out: recordings of the open study, matched or waiting
for the person in a table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape as escape_html

import streamlit as st

from workbench.domain.recordings import ENDINGS, Matching, Recording
from workbench.errors import InputError, WorkbenchError
from workbench.services import files
from workbench.services.files import Grid
from workbench.services.voice_notes import listen, recording_matches, recordings, voice_memos
from workbench.services.voice_notes.recordings import RecordingReport, Upload
from workbench.ui import state
from workbench.ui.components.style import escape
from workbench.ui.components.words import count, line, refusal, size
from workbench.ui.paths import page_path

SHOWN = 10
"""Recordings to settle on one page."""

SHOWN_SIGNS = 400
"""Characters of what was heard in a recording that is to be settled."""

LISTED = 12
"""Refused files that are listed before the rest is folded away."""

STATES: dict[Matching, str] = {
    "doubtful": "doubtful",
    "unmatched": "unmatched",
    "set_aside": "set aside",
    "matched": "matched",
}


def draw_recordings() -> None:
    """Go with the person from a folder of voice notes to recordings with owners."""
    found = state.context().study
    if found is None:
        line("Import a survey first: recordings are matched to its respondents and questions.")
        return
    report: RecordingReport | None = state.get("recordings_report")
    if report is not None:
        _draw_report(report)
    _draw_upload(found.name)
    _draw_waiting()
    _draw_memo()


def _draw_upload(study_name: str) -> None:
    st.header("Bring in voice notes")
    line(f"Into the open study, {study_name}. What is there already is left alone.")
    whole = st.segmented_control(
        "What to choose", ["Files or a ZIP", "A folder"], default="Files or a ZIP", required=True,
        key=state.study_key("recordings_what"), label_visibility="collapsed",
    )  # fmt: skip
    round_ = state.get("recordings_round", 0)
    kinds = [*sorted(ENDINGS), "zip"]
    if whole == "A folder":
        sent = st.file_uploader(
            "Folder of recordings", type=kinds, accept_multiple_files="directory",
            key=state.study_key(f"recordings_folder_{round_}"),
        )  # fmt: skip
    else:
        sent = st.file_uploader(
            "Recordings", type=kinds, accept_multiple_files=True,
            key=state.study_key(f"recordings_files_{round_}"),
            help="opus, ogg, m4a, mp3, wav, flac, amr, 3gp, aac, webm, wma, mp4 and others; "
            "ZIP archives are opened.",
        )  # fmt: skip
    pattern, manifest = _draw_hints()
    if sent and st.button(
        f"Bring in {count(len(sent), 'file')}", type="primary", icon=":material/graphic_eq:"
    ):
        _bring_in([Upload(item.name, item) for item in sent], pattern, manifest)


def _draw_hints() -> tuple[str, Grid | None]:
    """Ask how files are matched, where the survey does not name them."""
    with st.expander("How they are matched"):
        line(
            "By the file names in the survey. Where it holds none, by a table with the columns "
            "filename, respondent and question, or by how the files are named."
        )
        pattern = st.text_input(
            "Naming pattern", placeholder="{respondent}_{question}.{ext}",
            key=state.study_key("recordings_pattern"), width=420,
        )  # fmt: skip
        sent = st.file_uploader(
            "Table of files (optional)", type=["csv", "tsv", "xlsx", "ods"],
            key=state.study_key("recordings_manifest"),
        )  # fmt: skip
        table = None
        if sent is not None:
            try:
                table = files.read_table(sent.getvalue(), sent.name)
            except InputError as error:
                refusal(error)
    return pattern.strip(), table


def _bring_in(sent: Sequence[Upload], pattern: str, manifest: Grid | None) -> None:
    bar = st.progress(0.0, "Looking into the files")

    def told(n: int, name: str) -> None:
        bar.progress(min(1.0, n / max(1, len(sent))), f"{n + 1} of {len(sent)}: {escape(name)}")

    try:
        report = recordings.ingest_recordings(
            *state.context().in_study(), list(sent), manifest=manifest, pattern=pattern or None,
            on_file=told,
        )  # fmt: skip
    except WorkbenchError as error:
        bar.empty()
        refusal(error)
        return
    state.put("recordings_report", report)
    state.put("recordings_round", state.get("recordings_round", 0) + 1)
    st.rerun()


def _draw_report(report: RecordingReport) -> None:
    st.header("What came of it")
    st.text(
        f"{count(report.new, 'recording')} new: {report.matched} matched, {report.doubtful} "
        f"doubtful, {report.unmatched} unmatched. {report.known} there already, "
        f"{len(report.refused)} refused."
    )
    for text in report.warnings[:LISTED]:
        line(text, "warning")
    for row in report.bad_rows[:LISTED]:
        line(f"Table of files, row {row.row}: {row.message}", "danger")
    if report.refused:
        with st.expander(f"Refused: {len(report.refused)}", expanded=True):
            for item in report.refused[:LISTED]:
                line(f"{item.filename}: {item.message}", "danger")
            if len(report.refused) > LISTED:
                line(f"and {len(report.refused) - LISTED} more")
    with st.container(horizontal=True):
        if report.new and st.button(
            "Transcribe them", type="primary", icon=":material/arrow_forward:"
        ):
            st.switch_page(page_path("transcribe"))
        if st.button("Close this", type="tertiary"):
            state.forget("recordings_report")
            st.rerun()


def _draw_waiting() -> None:
    """List the recordings by whether it is known whose they are, and let the person settle them."""
    counts = recording_matches.count_recordings(*state.context().in_study())
    if not counts:
        return
    st.header("Whose they are")
    shown = [name for name in STATES if counts.get(name)]
    chosen = st.segmented_control(
        "Show", shown, default=shown[0], required=True, key=state.study_key("recordings_shown"),
        format_func=lambda name: f"{STATES[name].capitalize()} {counts[name]:,}",
        label_visibility="collapsed",
    )  # fmt: skip
    total = counts[chosen]
    at = 0
    if total > SHOWN:
        pages = (total - 1) // SHOWN + 1
        at = int(st.number_input("Page", 1, pages, key=state.study_key(f"recordings_at_{chosen}"),
                                 width=160)) - 1  # fmt: skip
    listed = recording_matches.list_recordings(
        *state.context().in_study(), matching=[chosen], offset=at * SHOWN, limit=SHOWN
    )
    for item in listed:
        _draw_one(item)


def _facts(item: Recording) -> str:
    seconds = round((item.duration_ms or 0) / 1000)
    facts = [f"{seconds // 60}:{seconds % 60:02d}", size(item.size_bytes)]
    facts += [part for part in (item.respondent, item.question) if part]
    if item.matched_by:
        facts.append(f"by {item.matched_by}")
    return " · ".join(facts)


def _draw_one(item: Recording) -> None:
    settled = item.matching in ("matched", "set_aside")
    with st.container(border=not settled, key=state.study_key(f"recording_{item.id}")):
        if settled:
            name, facts, deed = st.columns([4, 4, 2], vertical_alignment="center")
            name.text(item.file_name)
            with facts:
                line(_facts(item))
            with deed:
                _draw_choice(item)
            return
        st.text(item.file_name)
        line(_facts(item))
        if item.note:
            line(item.note, "warning")
        _draw_listening(item)
        heard = recording_matches.words_heard(*state.context().in_study(), item.id)
        if heard:
            st.html(f'<p class="words" dir="auto">{escape_html(heard[:SHOWN_SIGNS])}</p>')
        _draw_choice(item)


def _draw_listening(item: Recording) -> None:
    """Let the person hear whose voice it is, once they ask: each player loads its recording."""
    key = state.study_key(f"hear_{item.id}")
    if not st.toggle("Hear it", key=key):
        return
    try:
        address = listen.audio_url(*state.context().in_study(), item.id)
    except WorkbenchError as error:
        refusal(error)
        return
    st.html(f'<audio controls preload="none" src="{escape_html(address)}"></audio>')


def _draw_choice(item: Recording) -> None:
    context = state.context().in_study()
    if item.matching in ("doubtful", "unmatched"):
        people, questions = recording_matches.answers_to_choose(*context)
        left, middle, right = st.columns([2, 2, 3], vertical_alignment="bottom")
        person = left.selectbox(
            "Respondent", people, index=_index(people, item.respondent),
            placeholder="Who speaks", key=state.study_key(f"who_{item.id}"),
        )  # fmt: skip
        asked = middle.selectbox(
            "Question", questions, index=_index(questions, item.question),
            placeholder="Which question", key=state.study_key(f"which_{item.id}"),
        )  # fmt: skip
        with right.container(horizontal=True):
            if st.button("It is theirs", key=state.study_key(f"settle_{item.id}"),
                         disabled=not (person and asked)):  # fmt: skip
                _do("Settled.", lambda: recording_matches.settle(
                    *context, item.id, respondent=str(person), question=str(asked)))  # fmt: skip
            if st.button("Set aside", key=state.study_key(f"aside_{item.id}"), type="tertiary",
                         help="It is kept, and not transcribed."):  # fmt: skip
                _do("Set aside.", lambda: recording_matches.set_aside(*context, item.id))
    elif st.button("Settle anew", key=state.study_key(f"again_{item.id}"), type="tertiary"):
        _do("It waits to be settled.", lambda: recording_matches.take_back(*context, item.id))


def _index(options: Sequence[str], value: str) -> int | None:
    return options.index(value) if value in options else None


def _do(said: str, deed: Callable[[], None]) -> None:
    try:
        deed()
    except WorkbenchError as error:
        refusal(error)
        return
    state.say_after_rerun(said)
    st.rerun()


def _draw_memo() -> None:
    with st.expander("Spoken memo"):
        line("Your own words on the study. They become a memo when the recording is transcribed.")
        round_ = state.get("memo_round", 0)
        spoken = st.audio_input("Record a memo", key=state.study_key(f"memo_{round_}"))
        if spoken is not None and st.button("Keep this memo"):
            try:
                voice_memos.add_voice_memo(*state.context().in_study(), spoken.getvalue())
            except WorkbenchError as error:
                refusal(error)
                return
            state.put("memo_round", round_ + 1)
            state.say_after_rerun("The memo is kept. Transcribe it to have its words.")
            st.rerun()
