"""Check by ear: hear a transcript against its recording, correct it, say that it is right.

In: the open study. Out: the checking pane, which tells by the trigger `deed` what the person did;
that is stored in the callback, before anything is drawn.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from html import escape
from typing import Literal

import streamlit as st

from workbench.domain.transcripts import Standing
from workbench.domain.words import sentence
from workbench.errors import NotFound, WorkbenchError
from workbench.services.coding.extracts import readable_date
from workbench.services.voice_notes import check, drafts, listen, tickets, transcribe
from workbench.services.voice_notes.check import CheckView, ListedTranscript
from workbench.ui import state
from workbench.ui.components.checking_pane import checking_pane
from workbench.ui.components.checking_pane.payload import checking_message, machine_html
from workbench.ui.components.coding_pane import triggered
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import choose, choose_in_line, keep, recall
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.words import count, line, refusal, when

PANE = "checking_pane"
AUDIO = "check_audio"
"""The address that plays: whose, of what, and since when."""
OPEN, CHOICE, SETTLED, SHOWN = "check_open", "check_choice", "check_settled", "check_shown"
LANGUAGE, FLAGGED, ANY = "check_language", "check_flagged", ""
PAGE = 100
"""Transcripts in the list at a time."""

KEPT = 20
"""Deeds whose outcome is told again, should an answer get lost."""

POLICIES: dict[drafts.Policy, str] = {
    "warn": "May be coded after a warning",
    "forbid": "May not be coded before somebody has checked them",
}
SHOW: dict[str, str] = {"draft": "Drafts", "checked": "Checked", "all": "All"}


def on_deed() -> None:
    """Store what the person did; what is refused is said in the pane."""
    sent = triggered(PANE, "deed") or {}
    identity = str(sent.get("id", ""))
    known = [dict(item) for item in state.get(SETTLED) or []]
    if any(item["id"] == identity for item in known):
        return
    try:
        _do(sent)
        outcome = {"id": identity, "why": ""}
    except WorkbenchError as error:  # in a callback nothing else would show it
        outcome = {"id": identity, "why": str(error)}
    state.put(SETTLED, [*known, outcome][-KEPT:])


def _do(sent: Mapping[str, object]) -> None:
    context, document_id, kind = state.context().in_study(), sent.get("document"), sent.get("kind")
    position = sent.get("position")
    if not isinstance(document_id, int):
        raise NotFound("no transcript is open.")
    if kind == "correct" and isinstance(position, int):
        check.correct(*context, document_id, position=position, was=str(sent.get("was", "")),
                      words=str(sent.get("words", "")))  # fmt: skip
    elif kind == "review" and isinstance(position, int):
        check.review(*context, document_id, position=position,
                     reviewed=sent.get("reviewed") is True)  # fmt: skip
    elif kind == "undo":
        check.undo_correction(*context, document_id)
    elif kind == "reopen":
        check.mark(*context, document_id, "draft")
    elif kind == "checked":
        listed = _listed()
        check.mark(*context, document_id, "checked")
        state.put(OPEN, _after(listed, document_id))


def _after(listed: list[ListedTranscript], document_id: int) -> int | None:
    """Give the next draft after a transcript; the first one where there is none after it."""
    keys = [item.document_id for item in listed]
    at = keys.index(document_id) if document_id in keys else -1
    later = [*listed[at + 1 :], *listed[: max(at, 0)]]
    return next((item.document_id for item in later if item.standing == "draft"), None)


def _shown() -> Standing | None:
    chosen: Standing | Literal["all"] = state.get(SHOWN) or "draft"
    return None if chosen == "all" else chosen


def _listed() -> list[ListedTranscript]:
    """List the transcripts that fit what was chosen above them."""
    language, flagged = state.get(LANGUAGE) or ANY, bool(state.get(FLAGGED))
    return [
        item
        for item in check.list_transcripts(*state.context().in_study(), standing=_shown())
        if language in (ANY, item.language) and (item.n_flagged or not flagged)
    ]


def narrow() -> list[ListedTranscript]:
    """Ask which transcripts to list."""
    every = check.list_transcripts(*state.context().in_study())
    n = sum(item.standing == "draft" for item in every)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{count(n, 'machine draft')}** to be checked.", width="content")
        choose_in_line("Show", SHOWN, list(SHOW), words=lambda key: SHOW[key], show_label=False)
        languages = sorted({item.language for item in every if item.language}, key=language_name)
        if len(languages) > 1:
            choose("Language", LANGUAGE, [ANY, *languages],
                   words=lambda key: language_name(key) if key else "Any language",
                   show_label=False)  # fmt: skip
        else:
            state.forget(LANGUAGE)
        if every:
            recall(FLAGGED, False)
            keep(FLAGGED, st.toggle("Flagged only", key=state.study_key(FLAGGED)))
    return _listed()


def opened(listed: list[ListedTranscript]) -> CheckView | None:
    """Open the transcript that was asked for, or the first."""
    context, wanted = state.context().in_study(), state.get(OPEN) or state.open_document()
    if wanted is not None:
        try:
            return check.open_transcript(*context, wanted)
        except NotFound:
            pass
    return check.open_transcript(*context, listed[0].document_id) if listed else None


def choose_transcript(listed: list[ListedTranscript], found: CheckView) -> None:
    """List the transcripts; the open one is chosen."""
    keys = [item.document_id for item in listed]
    offset = keys.index(found.document.id) // PAGE * PAGE if found.document.id in keys else 0
    by_id = {item.document_id: item for item in listed[offset : offset + PAGE]}
    by_id.setdefault(found.document.id, found.transcript)
    state.put(CHOICE, found.document.id)
    with st.container(key="check_list", height=560, border=False):
        st.radio(
            "Transcripts",
            list(by_id),
            format_func=lambda key: _name(by_id[key]),
            captions=[_caption(item) for item in by_id.values()],
            key=state.study_key(CHOICE),
            label_visibility="collapsed",
            on_change=lambda: state.put(OPEN, state.get(CHOICE)),
        )
    if len(keys) > PAGE:
        _turn(keys, offset)


def _turn(keys: list[int], offset: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, goal in (("Earlier", offset - PAGE), ("Later", offset + PAGE)):
            inside = 0 <= goal < len(keys)
            st.button(label, disabled=not inside, on_click=state.put,
                      args=(OPEN, keys[goal] if inside else None))  # fmt: skip
        last = min(offset + PAGE, len(keys))
        st.markdown(f"{offset + 1:,}-{last:,} of {len(keys):,}", width="content")


def _name(item: ListedTranscript) -> str:
    return escape_markdown(f"{item.respondent or item.file_name} · {item.question}".strip(" ·"))


def _caption(item: ListedTranscript) -> str:
    seconds = round(item.duration_ms / 1000)
    parts = [f"{seconds // 60}:{seconds % 60:02d}", language_name(item.language)]
    if item.standing == "checked":
        parts.append("checked")
    elif item.n_flagged:
        parts.append(f"{item.n_flagged} flagged")
    return " · ".join(part for part in parts if part)


def language_name(code: str) -> str:
    """Write a language's name for people; the code where it has none."""
    return transcribe.languages_by_code().get(code, code)


def facts(found: CheckView) -> None:
    """Say whose words these are and how they stand."""
    item = found.transcript
    standing = (
        f"checked by {item.checked_by} on {readable_date(item.checked_at)}"
        if item.standing == "checked" and item.checked_at
        else "machine draft: nobody has checked these words by ear"
    )
    language = language_name(item.language)
    chance = found.origin.language_probability if found.origin else None
    if language and chance is not None:
        language += f" (detected, {round(chance * 100)} %)"
    parts = [item.respondent, found.document.question or item.question, language]
    st.html(
        f'<p class="quiet" dir="auto">{escape(" · ".join(part for part in parts if part))}</p>'
        f'<p class="{"quiet" if item.standing == "checked" else "warning"}">'
        f"{escape(sentence(standing))}.</p>"
    )
    for warning in found.origin.warnings if found.origin else ():
        line(warning, "warning")


def pane(found: CheckView) -> None:
    """Mount the recording with its words."""
    context = state.context().in_study()
    try:
        address = _address(found.transcript.recording_id)
    except WorkbenchError:
        address = ""
    checking_pane(
        key=PANE,
        data=checking_message(
            found,
            audio=address,
            settled=state.get(SETTLED) or [],
            can_undo=check.can_undo(*context, found.document.id),
        ),
        on_deed=on_deed,
    )


def _address(recording_id: int) -> str:
    """Give a recording's address; the same one while it holds, so that what plays goes on."""
    actor, database, study_id = state.context().in_study()
    fresh, kept = listen.audio_url(actor, database, study_id, recording_id), state.get(AUDIO)
    key = (actor.id, study_id, recording_id)
    if kept is not None and kept[0] == key and time.time() - kept[2] < tickets.LASTS_S / 2:
        return str(kept[1])
    state.put(AUDIO, (key, fresh, time.time()))
    return fresh


def origin(found: CheckView) -> None:
    """Tell where the transcript came from and who has had a hand in it."""
    with st.expander("Where it came from"):
        made = found.origin
        if made is not None:
            st.text(
                f"{made.engine_version}\nModel {made.model}, SHA-256 {made.model_sha256[:16]}…\n"
                f"{when(made.finished_at)}, in {made.wall_ms / 1000:.1f} s"
            )
            options = {
                name: value for name, value in made.options.items() if value not in ("", None)
            }
            st.text(", ".join(f"{name} {value}" for name, value in options.items()))
        for step in found.history:
            what = "by machine" if step.why == "transcription" else "corrected"
            line(f"{when(step.at)}: {what}, {step.by}")
        if made is not None and made.text != found.document.text:
            st.html(machine_html(made.text, found.document.text))


def translation(found: CheckView) -> None:
    """Show the translation beside the words, with who stands for it."""
    if found.translation is None:
        return
    confirmed = found.translation.standing == "checked"
    label = "Translation, confirmed" if confirmed else "Translated by machine, not confirmed"
    with st.expander(label, expanded=True):
        for said, meant in found.side_by_side:
            left, right = st.columns(2)
            left.html(f'<p class="words" dir="auto">{escape(said)}</p>')
            right.html(f'<p class="words" dir="auto">{escape(meant)}</p>')
        button = "Not confirmed after all" if confirmed else "I confirm this translation"
        if st.button(button):
            check.confirm_translation(*state.context().in_study(), found.document.id,
                                      "draft" if confirmed else "checked")  # fmt: skip
            st.rerun()


def nothing() -> None:
    """Say what to do where there is nothing to check."""
    context = state.context().in_study()
    every = check.list_transcripts(*context)
    if state.get(FLAGGED) or state.get(LANGUAGE):
        st.html(
            '<div class="empty"><p>No transcript fits. Take a part of the filter back.</p></div>'
        )
        return
    if every and _shown() == "draft":
        st.html(
            f'<div class="empty"><p>All {count(len(every), "transcript")} are checked.</p></div>'
        )
        if st.button("Go on coding", type="primary"):
            go_to("coding")
        return
    st.html('<div class="empty"><p>There is no transcript here yet.</p></div>')
    if st.button("Transcribe recordings", type="primary"):
        go_to("transcribe")


def setting() -> None:
    """Let the study's owner say whether drafts may be coded."""
    context = state.context().in_study()
    found = drafts.state(*context)
    with st.expander("Coding of machine drafts"):
        chosen = st.radio(
            "Machine drafts",
            list(POLICIES),
            index=list(POLICIES).index(found.policy),
            format_func=POLICIES.__getitem__,
            key=state.study_key("drafts_policy"),
            label_visibility="collapsed",
        )
        if chosen != found.policy and st.button("Set this for the study"):
            try:
                drafts.set_policy(*context, chosen)
            except WorkbenchError as error:
                refusal(error)
                return
            state.say_after_rerun("Set for everybody in the study.")
            st.rerun()


def draw() -> None:
    """Draw the page in reading order."""
    st.title("Check by ear")
    listed = narrow()
    found = opened(listed)
    if found is None:
        nothing()
        return
    state.put(OPEN, found.document.id)
    left, right = st.columns([3, 10], gap="medium")
    with left:
        choose_transcript(listed, found)
    with right:
        facts(found)
        pane(found)
        translation(found)
        origin(found)
        setting()


draw()
