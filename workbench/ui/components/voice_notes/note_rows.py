"""Recordings one below the other: how each stands, what was heard, what went wrong, what to do.

In: counts of the open study. Out: a page of the list, with a button where something is to be done.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.services.voice_notes import note_list, transcribe
from workbench.services.voice_notes.note_list import PAGE, ListedNote, NoteCounts, NoteStanding
from workbench.ui import state
from workbench.ui.components import remembered
from workbench.ui.components.links import go_to
from workbench.ui.components.voice_notes.run_progress import start_worker
from workbench.ui.components.words import clock, count, line

FILTER, OFFSET = "transcribe_show", "transcribe_offset"

SHOWN: dict[str, tuple[str, tuple[NoteStanding, ...]]] = {
    "all": ("All", ()),
    "failed": ("Failed", ("failed",)),
    "draft": ("To check", ("draft",)),
    "checked": ("Checked", ("checked",)),
    "unattached": ("Whose is not known", ("unattached",)),
    "waiting": ("Waiting", ("new", "queued", "busy")),
}

STANDINGS: dict[NoteStanding, str] = {
    "new": "no transcript yet",
    "queued": "in the queue",
    "busy": "being transcribed",
    "failed": "failed",
    "draft": "machine draft",
    "checked": "checked by ear",
    "unattached": "transcribed",
}


def draw_notes(counts: NoteCounts) -> None:
    """List recordings, a page at a time."""
    st.header("Recordings", anchor=False)
    shown = [
        key for key, (_, wanted) in SHOWN.items() if key == "all" or counts.of(*wanted)
    ]  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = remembered.choose_in_line(
            "Show", FILTER, shown, words=lambda key: _choice(key, counts), show_label=False
        )
        _retry_all(counts)
    standings = SHOWN[chosen][1]
    total = counts.of(*standings) if standings else counts.total
    offset = min(state.get(OFFSET) or 0, max(0, total - 1) // PAGE * PAGE)
    place = state.context().in_study()
    listed = note_list.list_notes(*place, standings=standings, offset=offset)
    names = transcribe.languages_by_code()
    with st.container(key="notes", gap=None):
        for item in listed:
            _row(item, names)
    if total > PAGE:
        _turn(offset, len(listed), total)


def _choice(key: str, counts: NoteCounts) -> str:
    words, wanted = SHOWN[key]
    return f"{words} {counts.of(*wanted) if wanted else counts.total:,}"


def _retry_all(counts: NoteCounts) -> None:
    if counts.of("failed") < 2:
        return
    keys = note_list.failed_transcriptions(*state.context().in_study())
    if keys and st.button(f"Try all that failed again: {len(keys):,}", icon=":material/refresh:"):
        _retry(keys)


def _retry(keys: list[int]) -> None:
    place = state.context().in_study()
    n = transcribe.retry(*place, keys)
    start_worker()
    state.say_after_rerun(f"{count(n, 'recording')} back in the queue.")
    st.rerun()


def _row(item: ListedNote, names: dict[str, str]) -> None:
    with st.container(key=f"note_{item.recording_id}"):
        text, button = st.columns([8, 1.6], vertical_alignment="center")
        with text:
            st.html(row_html(item, names))
        with button:
            _action(item)


def row_html(item: ListedNote, names: dict[str, str]) -> str:
    """Write a recording's row, safe whatever its name and words are."""
    facts = [item.respondent, item.question, clock(item.duration_ms), language_of(item, names)]
    if item.purpose == "memo":
        facts.insert(0, "spoken memo")
    if item.has_translation:
        facts.append("translated by machine")
    about = " · ".join(escape(part) for part in facts if part)
    kind = {"failed": "danger", "draft": "warning"}.get(item.standing, "quiet")
    parts = [
        f'<p class="named"><bdi>{escape(item.file_name)}</bdi> '
        f'<span class="{kind} standing">{STANDINGS[item.standing]}</span>'
        f'<span class="about">{about}</span></p>'
    ]
    if item.standing == "failed":
        why = item.error.removeprefix(f"{item.file_name}: ")
        parts.append(f'<p class="danger" dir="auto">{escape(why)}</p>')
    elif item.excerpt:
        parts.append(f'<p class="said" dir="auto">{escape(item.excerpt)}</p>')
    elif item.standing in ("draft", "unattached"):
        parts.append('<p class="quiet">No speech was heard.</p>')
    parts += [f'<p class="warning">{escape(words)}</p>' for words in item.warnings]
    return "".join(parts)


def language_of(item: ListedNote, names: dict[str, str]) -> str:
    """Name a recording's language, with how sure the machine was where it has found it out."""
    if not item.language:
        return ""
    name = names.get(item.language, item.language)
    if item.language_probability is None:
        return name
    return f"{name} (detected, {round(item.language_probability * 100)} %)"


def _action(item: ListedNote) -> None:
    key = f"do_{item.recording_id}"
    label = f" {item.file_name}"[:60]
    if item.standing == "failed" and item.transcription_id is not None:
        if st.button("Try again", key=key, help=f"Transcribe{label} once more"):
            _retry([item.transcription_id])
    elif item.standing in ("draft", "checked"):
        if st.button("Check by ear", key=key, type="tertiary", help=f"Listen and correct{label}"):
            state.put("check_open", item.document_id)
            go_to("check")
    elif _unsettled(item) and st.button(
        "Whose is it?", key=key, type="tertiary", help=f"Say who speaks in{label}"
    ):
        to_recordings()


def to_recordings() -> None:
    """Open the Import page where recordings come in and are settled."""
    state.keep("import_what", "Recordings")
    go_to("import_survey")


def _unsettled(item: ListedNote) -> bool:
    return item.matching in ("unmatched", "doubtful") and item.purpose == "voice_note"


def _turn(offset: int, n: int, total: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, goal in (("Earlier", offset - PAGE), ("Later", offset + PAGE)):
            if st.button(label, disabled=not 0 <= goal < total):
                state.put(OFFSET, goal)
                st.rerun()
        line(f"{offset + 1:,}-{offset + n:,} of {total:,}")
