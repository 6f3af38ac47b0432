"""The guided first visit: one card above the page, with what to do here; nothing is blocked by it.

In: the page that is open. Out: the card of the step that the person has come to, ticked off once
they have really done it. Whoever has never been asked finds an offer on the Overview.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape as escape_html

import streamlit as st

from workbench.services import visit
from workbench.services.visit import STEPS, Step, Visit
from workbench.ui import state
from workbench.ui.boundary import errors_shown
from workbench.ui.components.links import go_to

EVERY_S = 2
"""Seconds after which the card looks again whether the step is done, where people code."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one step asks for: on which page, under which title."""

    page: str
    page_title: str
    title: str
    text: str


CARDS: dict[Step, Card] = {
    "study": Card(
        "overview",
        "Overview",
        "Something to read",
        "A study holds what people said. Load the synthetic sample study here, or bring in a "
        "survey of your own on the Import page.",
    ),
    "codebook": Card(
        "codebook",
        "Codebook",
        "Read the codes",
        "Choose a code on the left: on the right stands what it means, when to use it and when "
        "not. Everything can be changed, and undone.",
    ),
    "code": Card(
        "coding",
        "Coding",
        "Code some words",
        "Select a few words of an answer, with the mouse or with Shift and the arrow keys. Then "
        "press a number, or a code on the right.",
    ),
    "done": Card(
        "coding",
        "Coding",
        "Mark an answer as done",
        "When you have read an answer to its end, press D or the button Done and next. Done "
        "without any code means: read, nothing applies.",
    ),
    "themes": Card(
        "themes",
        "Themes",
        "See what comes up",
        "Each cell counts people of a group who mention a theme at least once, out of all who "
        "were read. Group by another attribute to compare.",
    ),
    "extracts": Card(
        "extracts",
        "Extracts",
        "Find the words behind a number",
        "Here are the coded words themselves. Filter them, and download them for a report as "
        "Word, Excel, CSV or a web page.",
    ),
}


def guided_visit(page: str) -> None:
    """Draw the card, or the offer, above the page of this name; nothing once the visit is over."""
    context = state.context()
    found = visit.get(context.actor, context.database)
    if found.state == "ended" or (found.state == "offered" and page != "overview"):
        return
    if found.state == "offered":
        _offer()
        return
    card = CARDS[found.step]
    if page == card.page and found.step not in found.seen:
        visit.see(context.actor, context.database, found.step)
    # Coding draws only what changes: the card looks for itself, beside the pane.
    looks_again = page == card.page == "coding"
    st.fragment(_card, run_every=EVERY_S if looks_again else None)(page)


def restart() -> None:
    """Take the visit from its first step."""
    context = state.context()
    visit.start(context.actor, context.database)
    go_to(CARDS[STEPS[0]].page)


def _offer() -> None:
    context = state.context()
    with st.container(key="visit", border=True, horizontal=True, vertical_alignment="center"):
        st.html(
            '<p class="visit"><strong>New here?</strong> A guided visit shows the way from answers '
            f"to themes in {len(STEPS)} short steps, on your own pages. It can be left at any "
            "time.</p>"
        )
        if st.button("Take the visit", key="visit_start"):
            visit.start(context.actor, context.database)
            st.rerun()
        if st.button("No, thanks", key="visit_end", type="tertiary"):
            visit.end(context.actor, context.database)
            st.rerun()


def _card(page: str) -> None:
    with errors_shown():
        context = state.context()
        found = visit.get(context.actor, context.database)
        if found.state != "open":
            return
        study_id = context.study.id if context.study else None
        done = visit.is_done(context.actor, context.database, study_id, found)
        card = CARDS[found.step]
        with st.container(key="visit", border=True, horizontal=True, vertical_alignment="center"):
            st.html(_words(found, card, page, done=done))
            _buttons(found, card, page)


def _words(found: Visit, card: Card, page: str, *, done: bool) -> str:
    where = "" if page == card.page else f" This step is on the page {card.page_title}."
    tick = '<span class="visit-done">Done.</span> ' if done else ""
    return (
        f'<p class="visit"><span class="visit-place">Guided visit, {found.place + 1} of '
        f"{len(STEPS)}</span><strong>{escape_html(card.title)}.</strong> {tick}"
        f"{escape_html(card.text)}{escape_html(where)}</p>"
    )


def _buttons(found: Visit, card: Card, page: str) -> None:
    actor, database = state.context().actor, state.context().database
    if page != card.page and st.button(f"Go to {card.page_title}", key="visit_there"):
        go_to(card.page)
    back = found.place > 0 and st.button("Step back", key="visit_back", type="tertiary")
    on = st.button("Finish" if found.is_last else "Next step", key="visit_next")
    if st.button("End the visit", key="visit_end", type="tertiary"):
        visit.end(actor, database)
        st.rerun()
    if on and found.is_last:
        visit.end(actor, database)
        go_to("overview")
    if on or back:
        step = STEPS[found.place + (1 if on else -1)]
        visit.go_to(actor, database, step)
        go_to(CARDS[step].page)
