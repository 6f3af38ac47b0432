"""How far transcribing is: by notes and by length of sound, with what was heard last.

In: the runs of the open study. Out: bars that move by themselves while something runs, with pause
and cancel. The page is drawn anew when a run ends.
"""

from __future__ import annotations

from html import escape
from time import monotonic

import streamlit as st

from workbench.services.voice_notes import note_list, transcribe, worker_process
from workbench.services.voice_notes.transcribe import RunProgress
from workbench.settings import Settings
from workbench.ui import state
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.words import count, lasting, line

EVERY_S = 1.0
LIST_EVERY_S = 5.0
"""How often the lists of the page are drawn anew while notes come to their end."""

SHOWN, DRAWN = "transcribe_shown", "transcribe_drawn"
LATEST = 3
SLOWEST = 0.05
"""Times as fast as speech; below, a figure tells nothing."""
STARTED = "transcribe_worker"
STARTS_IN_S = 20.0
"""How long a worker may take until it is heard of."""


def unfinished() -> list[RunProgress]:
    """List the runs that are not at their end, the newest first."""
    runs = transcribe.progress(*state.context().in_study())
    return [item for item in runs if item.state in ("open", "paused") and _left(item)]


def draw_progress(runs: list[RunProgress]) -> None:
    """Show runs; as long as one is active, look again every second."""
    if not runs:
        return
    state.put(SHOWN, _signature(runs))
    state.put(DRAWN, (monotonic(), _ended(runs)))
    every = EVERY_S if any(item.is_active for item in runs) else None
    st.fragment(_watch, run_every=every)()


def _watch() -> None:
    runs = unfinished()
    drawn_at, ended = state.get(DRAWN) or (0.0, 0)
    grown = _ended(runs) != ended and monotonic() - drawn_at >= LIST_EVERY_S
    if grown or _signature(runs) != state.get(SHOWN):
        st.rerun()  # the lists and counts of the page change too
    for item in runs:
        _draw(item)
    if any(item.is_active for item in runs):
        _latest()


def _signature(runs: list[RunProgress]) -> tuple[tuple[int, str], ...]:
    return tuple((item.run_id, item.state) for item in runs)


def _ended(runs: list[RunProgress]) -> int:
    return sum(item.n_done + item.n_failed for item in runs)


def _left(item: RunProgress) -> int:
    return item.n_queued + item.n_busy


def _draw(item: RunProgress) -> None:
    behind = item.n_done + item.n_failed
    with st.container(key=f"run_{item.run_id}", border=True):
        share = item.audio_ms / item.total_ms if item.total_ms else behind / max(1, item.n_notes)
        st.progress(min(1.0, share), text=escape_markdown(title_of(item)))
        line(figures_of(item))
        if item.n_failed:
            line(failed_of(item), "warning")
        if item.state == "open" and not item.worker_alive:
            _no_worker()
        _buttons(item)


def _works(item: RunProgress) -> bool:
    """Say whether anything transcribes these notes now."""
    return item.state == "open" and item.worker_alive


def title_of(item: RunProgress) -> str:
    """Say what a run does."""
    doing = "Paused" if item.state == "paused" else "Transcribing"
    english = ", with a translation into English" if item.task == "translate" else ""
    return f"{doing}: {item.model}{english}"


def figures_of(item: RunProgress) -> str:
    """Say how far a run is, how quick, and how long it will take.

    Notes that failed are behind, as their sound is; how many they are is said beside.
    """
    n_behind = item.n_done + item.n_failed + item.n_cancelled
    parts = [
        f"{n_behind:,} of {count(item.n_notes, 'note')}",
        f"{lasting(item.audio_ms)} of {lasting(item.total_ms)} of sound",
    ]
    working = _works(item)
    if working and item.rate and item.rate >= SLOWEST:
        parts.append(f"{item.rate:.1f} times as fast as speech")
    if working and item.left_s is not None:
        parts.append(f"about {lasting(item.left_s * 1000)} left")
    return " · ".join(parts)


def failed_of(item: RunProgress) -> str:
    """Say how many notes failed, and that the others go on while something works on them."""
    rest = "; the others go on" if _works(item) else ""
    return f"{count(item.n_failed, 'note')} failed{rest}."


def _buttons(item: RunProgress) -> None:
    place = state.context().in_study()
    with st.container(horizontal=True, vertical_alignment="center"):
        if item.state == "open":
            st.button(
                "Pause", key=f"pause_{item.run_id}", icon=":material/pause:",
                on_click=transcribe.pause, args=(*place, item.run_id),
                help="Notes under way come to their end",
            )  # fmt: skip
        elif st.button("Go on", key=f"go_on_{item.run_id}", icon=":material/play_arrow:"):
            transcribe.go_on(*place, item.run_id)
            start_worker()
            st.rerun()
        st.button(
            "Cancel", key=f"cancel_{item.run_id}", type="tertiary",
            on_click=transcribe.cancel, args=(*place, item.run_id),
            help="What is transcribed is kept; the others wait to be asked for again",
        )  # fmt: skip
        if _works(item):
            line("It goes on when you leave this page or close the browser.")


def start_worker() -> bool:
    """See to it that a worker is at work; tell whether one was started."""
    state.put(STARTED, monotonic())
    return worker_process.ensure_worker(state.context().database)


def _no_worker() -> None:
    if monotonic() - (state.get(STARTED) or -STARTS_IN_S) < STARTS_IN_S:
        line("The worker is starting.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if Settings().start_worker and st.button("Start the worker", key="start_worker"):
            start_worker()
            st.rerun()
        line(
            "Nothing works on it at the moment."
            if Settings().start_worker
            else "Nothing works on it at the moment, and this app starts no workers. Run "
            "'workbench worker' on the server.",
            "warning",
        )


def _latest() -> None:
    latest = note_list.latest_notes(*state.context().in_study(), limit=LATEST)
    if not latest:
        return
    rows = "".join(
        f'<li><p class="quiet">{escape(item.respondent or item.file_name)}</p>'
        f'<p class="said" dir="auto">{escape(item.excerpt) or "(no speech)"}</p></li>'
        for item in latest
    )
    st.html(f'<p class="step">Heard just now</p><ul class="heard">{rows}</ul>')
