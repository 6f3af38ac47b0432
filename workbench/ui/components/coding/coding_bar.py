"""The bar above the coding pane: read or grid, in which order, and which answers.

In: the open study's questions, attributes and codes. Out: what the person chose.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.services import study
from workbench.services.coding import reading
from workbench.ui import state
from workbench.ui.components.coding.document_filter import SESSION_PARTS, Part, document_filter
from workbench.ui.components.remembered import choose, choose_in_line, keep, recall, tell_anew
from workbench.ui.components.team.given_to_me import given_to_me

View = Literal["read", "grid"]
Order = Literal["question", "respondent"]

VIEWS: dict[View, str] = {"read": "Read", "grid": "Grid"}
ORDERS: dict[Order, str] = {"question": "By question", "respondent": "By respondent"}
FILTER = "coding"
"""The filter's name, for pages that lead here."""
FILTERED: tuple[Part, ...] = ("question", "group", "state", "code", *SESSION_PARTS)
EVERYBODY = -1
"""Stands for no coder in a list of keys."""
FACTS = 3
"""How many attributes stand beside a respondent's ref."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """How the person wants to see which answers. `facts` are attribute names.

    `shown` is the coder whose codings are shown beside one's own: everybody's when None.
    """

    view: View = "read"
    order: Order = "question"
    where: DocumentFilter = field(default_factory=DocumentFilter)
    facts: tuple[str, ...] = ()
    shown: int | None = None


def coding_bar() -> Chosen:
    """Draw the bar and give what is chosen in it."""
    attributes = [
        item for item in study.list_attributes(*state.context().in_study()) if item.grouping
    ]
    with st.container(key="coding_bar", horizontal=True, vertical_alignment="center", gap="small"):
        view = choose_in_line(
            "View", "coding_view", list(VIEWS), words=lambda key: VIEWS[key], show_label=False
        )
        order = choose_in_line(
            "Order", "coding_order", list(ORDERS), words=lambda key: ORDERS[key], show_label=False
        )
        search = _search()
        mine = given_to_me(FILTER)
        where = replace(_filters(), search=search, assigned_to=mine)
        shown = _whose() if view == "read" else None
    return Chosen(view, order, where, tuple(item.name for item in attributes[:FACTS]), shown)


def _whose() -> int | None:
    """Ask whose codings are shown, where others have coded; what is coded blind stays hidden."""
    actor = state.context().actor
    others = reading.list_coders(*state.context().in_study())
    if not others:
        return None
    words = {EVERYBODY: "Everybody's codings", actor.id: "My codings"}
    words |= {key: f"Mine and {name}'s" for key, name in others.items()}
    chosen = choose("Codings shown", "coding_shown", list(words), words=words.__getitem__,
                    width=172, show_label=False)  # fmt: skip
    return None if chosen == EVERYBODY else chosen


def _search() -> str:
    key = f"{FILTER}_search"
    recall(key, "")
    found = st.text_input(
        "Search in answers",
        placeholder="Search in answers",
        label_visibility="collapsed",
        key=state.study_key(key),
        max_chars=200,
        width=190,
    )
    return keep(key, found)


def _filters() -> DocumentFilter:
    n_set = sum(bool(state.get(f"{FILTER}_{part}")) for part in FILTERED)
    tell_anew(*(f"{FILTER}_{part}" for part in FILTERED))
    with st.popover(f"Filters: {n_set} set" if n_set else "Filters", width=135):
        return document_filter(FILTER, FILTERED, line=st.container())
