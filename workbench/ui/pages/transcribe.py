"""Transcribe: turn voice notes into text with a model on this machine, and watch it work.

In: the open study's recordings. Out: requests to the queue, which a worker of its own works; how
far it is; what failed and why; and the way to checking by ear.
"""

from __future__ import annotations

import streamlit as st

from workbench.domain.transcripts import TranscribeOptions
from workbench.domain.words import agree
from workbench.errors import WorkbenchError
from workbench.services.voice_notes import models, note_list, transcribe
from workbench.services.voice_notes.note_list import NoteCounts
from workbench.ui import state
from workbench.ui.components import remembered
from workbench.ui.components.links import go_to
from workbench.ui.components.voice_notes.model_choice import ChosenModel, ask_model, use_model
from workbench.ui.components.voice_notes.note_rows import draw_notes, to_recordings
from workbench.ui.components.voice_notes.run_progress import draw_progress, start_worker, unfinished
from workbench.ui.components.voice_notes.transcript_files import transcript_files
from workbench.ui.components.words import count, lasting, line, refusal

DETECT, ENGLISH = "", "en"
LANGUAGE, TRANSLATE, ENGINE = "transcribe_language", "transcribe_english", "transcribe_engine"
WORD_TIMES, BATCH = "transcribe_words", "transcribe_batch"
MAX_BATCH = 32
CAN_TRANSLATE = "tiny, base, small, medium and large-v3 can"


def nothing_yet() -> None:
    """Say how recordings come in."""
    st.html(
        '<div class="empty"><p>There are no recordings in this study yet. Bring in voice notes as '
        "files, a folder or a ZIP; they are matched to respondents by their names. What is spoken "
        "is turned into text on this machine; nothing is sent anywhere.</p></div>"
    )
    if st.button("Import recordings", type="primary"):
        to_recordings()


def heading(counts: NoteCounts, *, running: bool) -> None:
    """Say what waits, first of all."""
    new = counts.of("new")
    if new:
        st.markdown(
            f"**{count(new, 'voice note waits', 'voice notes wait')}** to be transcribed: "
            f"{lasting(counts.new_ms)} of sound."
        )
    elif running:
        st.markdown(f"**{count(counts.of('queued', 'busy'), 'voice note')}** in the queue.")
    else:
        done = counts.of("draft", "checked", "unattached")
        st.markdown(f"Nothing waits. **{count(done, 'recording has', 'recordings have')}** a "
                    "transcript.")  # fmt: skip
    to_check = counts.of("draft")
    if to_check and not running:
        with st.container(horizontal=True, vertical_alignment="center", key="to_check"):
            line(
                "1 machine draft waits to be checked by ear."
                if to_check == 1
                else f"{to_check:,} machine drafts wait to be checked by ear. Until then they are "
                "marked as drafts wherever they are read.",
                width="content",
            )
            if st.button("Check by ear", type="tertiary" if new else "primary"):
                go_to("check")


def unmatched(counts: NoteCounts) -> None:
    """Lead to the recordings of which it is not known whose answer they are."""
    if not counts.n_unmatched:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        line(
            f"Of {count(counts.n_unmatched, 'recording')} it is not certain whose answer it is. "
            "Its words join the answers once that is settled.",
            "warning",
            width="content",
        )
        if st.button("Settle on the Import page", type="tertiary"):
            to_recordings()


def ask(counts: NoteCounts, *, running: bool) -> None:
    """Let the person choose a model and begin."""
    new, done = counts.of("new"), counts.of("draft", "unattached")
    if not new and not done:
        return
    if new:
        _form(counts)
        return
    if running:  # first let what is in the queue come to its end
        return
    with st.expander("Transcribe again with another model"):
        line("Transcripts that a person has checked or corrected are left as they are.")
        _form(counts)


def _form(counts: NoteCounts) -> None:
    choice, language_place = st.columns([480, 300], gap="medium", width=800)
    with choice:
        name = ask_model()
    with language_place:
        spoken = st.empty()
    with st.container(key="model_about"):
        model = use_model(name)
    with spoken:
        language = _language(model)
    translate = _translate(model)
    options = _more(language)
    again = not counts.of("new")
    wanted = counts.of("draft", "unattached") if again else counts.of("new")
    begin = st.button(
        f"Transcribe {count(wanted, 'voice note')}{' again' if again else ''}",
        type="primary",
        icon=":material/graphic_eq:",
        disabled=model is None,
        key="begin",
    )
    if begin and model is not None:
        _begin(model, options, translate=translate, again=again)


def _begin(model: ChosenModel, options: TranscribeOptions, *, translate: bool, again: bool) -> None:
    place = state.context().in_study()
    keys = None if again else note_list.new_recordings(*place)
    try:
        with st.spinner("Checking the model"):
            asked = transcribe.request(
                *place,
                model=model.name,
                engine=state.get(ENGINE) or transcribe.ENGINES[0],
                options=options,
                translate=translate,
                recording_ids=keys,
            )
    except WorkbenchError as error:
        refusal(error)
        return
    if asked.queued or asked.waiting:
        start_worker()
    if told := _what_is_left(asked):
        state.say_after_rerun(told)
    st.rerun()


def _what_is_left(asked: transcribe.Requested) -> str:
    """Say what of a request was not put into the queue, and why; nothing when all was."""
    if not asked.queued and not asked.waiting:
        return "This model has transcribed them all already."
    parts = [
        agree(template, n)
        for n, template in (
            (asked.waiting, "{n} {waits|wait} in the queue already"),
            (asked.skipped, "{n} {has|have} this transcript already"),
        )
        if n
    ]
    return f"{'; '.join(parts)}." if parts else ""


def _language(model: ChosenModel | None) -> str | None:
    """Ask for the language of these notes; None: detect it, note by note."""
    names = transcribe.languages_by_code()
    only_english = model is not None and not model.multilingual
    if only_english:  # a disabled list would be too faint to read
        st.selectbox("Language", [ENGLISH], format_func=lambda code: names[code],
                     help="This model knows English only")  # fmt: skip
        return ENGLISH
    codes = [DETECT, *sorted(names, key=lambda code: names[code])]
    chosen = remembered.choose(
        "Language",
        LANGUAGE,
        codes,
        words=lambda code: names[code] if code else "Detect, note by note",
        width="stretch",
        help="Set it when all notes are in one language: that is surer than detecting it",
    )
    return chosen or None


def _translate(model: ChosenModel | None) -> bool:
    able = model is None or model.translates
    if not able:
        state.put(TRANSLATE, False)
    reason = "" if able else _why_not(model)
    remembered.recall(TRANSLATE, False)
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.checkbox(
            "Translate into English as well",
            key=state.study_key(TRANSLATE),
            disabled=not able,
            help="A second text beside the transcript, marked as made by a machine",
        )
        if reason:
            line(reason)
    return remembered.keep(TRANSLATE, chosen) and able


def _why_not(model: ChosenModel | None) -> str:
    if model is None or model.name == models.SAMPLE_MODEL:
        return "The sample model cannot translate."
    if not model.multilingual:
        return f"{model.name} knows English only, so there is nothing to translate."
    return f"{model.name} cannot translate; {CAN_TRANSLATE}."


def _more(language: str | None) -> TranscribeOptions:
    with st.expander("More options"):
        remembered.tell_anew(WORD_TIMES, BATCH, ENGINE)
        remembered.recall(WORD_TIMES, True)
        words = remembered.keep(WORD_TIMES, st.checkbox(
            "Times for every word",
            key=state.study_key(WORD_TIMES),
            help="Checking by ear shows each word as it is heard. Takes a little longer.",
        ))  # fmt: skip
        remembered.recall(BATCH, TranscribeOptions().batch_size)
        batch = remembered.keep(BATCH, int(st.number_input(
            "Notes side by side",
            min_value=1, max_value=MAX_BATCH, step=1, width=200,
            key=state.study_key(BATCH),
            help="4 to 8 on an ordinary processor, more on a graphics processor. More needs more "
            "memory. The text stays the same.",
        )))  # fmt: skip
        remembered.choose(
            "Engine", ENGINE, list(transcribe.ENGINES), width=300,
            help="faster-whisper needs an extra package, and a model in its own format",
        )  # fmt: skip
    return TranscribeOptions(language=language, word_timestamps=words, batch_size=batch)


def draw() -> None:
    """Draw the page in reading order."""
    st.title("Transcribe")
    counts = note_list.count_notes(*state.context().in_study())
    if not counts.total:
        nothing_yet()
        return
    runs = unfinished()
    heading(counts, running=bool(runs))
    unmatched(counts)
    draw_progress(runs)
    ask(counts, running=bool(runs))
    draw_notes(counts)
    transcript_files()


draw()
