"""How far the coding has come: by question, by group, or by person, one line each.

In: the open study. Out: lines with a bar and figures; every line opens the answers it counts.
"""

from __future__ import annotations

from html import escape as escape_html
from typing import Literal

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.services import sessions, study
from workbench.services.counting import progress
from workbench.services.counting.progress import (
    Absent,
    CoderProgress,
    GroupsProgress,
    Progress,
    Reading,
)
from workbench.ui import state
from workbench.ui.components.coding.document_filter import prepare_filter
from workbench.ui.components.coding.reading_links import to_question
from workbench.ui.components.counting.layer_choice import prepare_layer
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import choose, choose_in_line
from workbench.ui.components.style import escape
from workbench.ui.components.team.given_to_me import given_to_me
from workbench.ui.components.words import count, line

View = Literal["question", "group", "person"]
VIEWS: dict[View, str] = {"question": "By question", "group": "By group", "person": "By person"}

SHOWN_GROUPS = 25
"""Groups that are listed before the person asks for all of them."""

ABSENT = (
    ("awaiting_transcript", "awaits a transcript", "await a transcript"),
    ("not_asked", "not asked", "not asked"),
    ("blank", "left blank", "left blank"),
)


def progress_view(found: Progress) -> None:
    """Draw the heading, the choice of view, and the lines."""
    st.header("Progress", anchor=False)
    grouping = [item for item in study.list_attributes(*state.context().in_study())
                if item.grouping]  # fmt: skip
    views = [view for view in VIEWS if view != "group" or grouping]
    mine = None
    with st.container(horizontal=True, vertical_alignment="center", key="progress_choice"):
        view = choose_in_line(
            "Show", "overview_view", views, words=lambda key: VIEWS[key], show_label=False
        )
        if view == "group":
            names = {item.id: item.title for item in grouping}
            attribute = choose(
                "Attribute",
                "overview_attribute",
                list(names),
                words=lambda key: names[key],
                show_label=False,
            )
        if view != "person":
            what = "text" if found.others.total else "answer"
            line(f"You have done {found.done:,} of {count(found.total, what)}.",
                 width="content")  # fmt: skip
            mine = given_to_me("overview")
    with st.container(key="progress_lines", gap="xsmall"):
        if view == "question":
            _questions(found, mine)
        elif view == "group":
            _groups(
                progress.by_group(
                    *state.context().in_study(), attribute, given_to_me=mine is not None
                ),
                mine,
            )
        else:
            _people()


def _questions(found: Progress, mine: int | None) -> None:
    none = "no answers" if mine is None else "none given to you"
    for item in found.questions:
        opened = _line(
            f"question_{item.question.id}",
            item.question.text or item.question.ref,
            item.reading,
            about=_why_absent(item.absent),
            button="Code" if item.reading.total else "",
            can_read=True,
            none=none,
        )
        if opened == "read":
            to_question(item.question.id)
        elif opened:
            _to_coding(DocumentFilter(question_id=item.question.id, assigned_to=mine))
    if not found.others.total:
        return
    held = len(sessions.list_sessions(*state.context().in_study()))
    label = "Focus groups" if held == found.others.total else "Focus groups and other texts"
    opened = _line(
        "question_none", label, found.others, button="Code" if held else "", can_read=bool(held)
    )
    if opened == "read":
        go_to("focus_groups")
    elif opened:
        _to_coding(DocumentFilter(kind="focus_group", assigned_to=mine))


def _why_absent(absent: Absent) -> str:
    """Keep three things apart: waiting for a transcript, not asked, left blank."""
    parts = [
        f"{n:,} {one if n == 1 else many}"
        for name, one, many in ABSENT
        if (n := getattr(absent, name))
    ]
    return ", ".join(parts)


def _groups(found: GroupsProgress, mine: int | None) -> None:
    if found.overlap:
        line("Somebody may be in several of these groups: the numbers do not add up.")
    shown = found.groups
    if len(shown) > SHOWN_GROUPS and not state.get("overview_all_groups"):
        shown = shown[:SHOWN_GROUPS]
    for at, group in enumerate(shown):
        opened = _line(
            f"group_{at}",
            group.value,
            group.reading,
            about=count(group.n_respondents, "respondent"),
            button="Code" if group.reading.total else "",
        )
        if opened:
            where = DocumentFilter(groups=((found.attribute.id, group.value),), assigned_to=mine)
            _to_coding(where)
    if len(shown) < len(found.groups) and st.button(
        f"Show all {len(found.groups):,} groups", type="tertiary"
    ):
        state.put("overview_all_groups", True)
        st.rerun()


def _people() -> None:
    found = progress.by_coder(*state.context().in_study())
    me = state.context().actor.id
    for person in found.people:
        opened = _line(
            f"person_{person.coder_id}",
            f"{person.name} (you)" if person.coder_id == me else person.name,
            person.reading,
            about=_unread(person),
            button=count(person.n_codings, "coding") if person.n_codings else "",
        )
        if opened:
            _to_extracts(person.name)
    if found.n_blind:
        line(
            f"{count(found.n_blind, 'answer was', 'answers were')} given out to be coded blind and "
            "not done by all who have it: other people's codings there are not counted yet."
        )


def _unread(person: CoderProgress) -> str:
    return f"{person.reading.not_read:,} not read" if person.reading.not_read else "all read"


def _line(
    key: str,
    name: str,
    reading: Reading,
    *,
    about: str = "",
    button: str = "",
    can_read: bool = False,
    none: str = "no answers",
) -> Literal["", "read", "open"]:
    """Draw one line; tell which of its buttons was pressed."""
    with st.container(key=f"progress_{key}"):
        words, bar, figures, link = st.columns([6, 1.8, 2.2, 1.9], vertical_alignment="center")
        small = f'<span class="about">{escape_html(about)}</span>' if about else ""
        words.html(f'<p class="named"><bdi>{escape_html(name)}</bdi>{small}</p>')
        bar.html(_bar(reading))
        figures.html(f'<p class="figure">{_figures(reading, none)}</p>')
        shown = escape(name)
        with link.container(horizontal=True, gap="small"):
            if can_read and st.button(
                "Read", key=f"read_{key}", type="tertiary", help=f"Side by side: {shown}"
            ):
                return "read"
            if button and st.button(button, key=f"open_{key}", help=f"Open: {shown}"):
                return "open"
    return ""


def _bar(reading: Reading) -> str:
    begun = 100 * reading.begun // reading.total if reading.total else 0
    return (
        f'<div class="bar" aria-hidden="true"><span style="width: {reading.percent}%"></span>'
        f'<span class="begun" style="width: {begun}%"></span></div>'
    )


def _figures(reading: Reading, none: str) -> str:
    if not reading.total:
        return none
    begun = f", {reading.begun:,} begun" if reading.begun else ""
    return f"{reading.done:,} of {reading.total:,} done{begun}"


def _to_coding(where: DocumentFilter) -> None:
    prepare_filter("coding", where)
    go_to("coding")


def _to_extracts(layer: str) -> None:
    prepare_filter("extracts", DocumentFilter())
    prepare_layer("extracts", layer)
    state.put("extracts_flagged", False)
    go_to("extracts")
