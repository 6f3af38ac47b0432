"""Which documents: by question, group, reading state, code and words, in one line of widgets.

In: a name for the filter, and which parts a page needs. Out: a `DocumentFilter`. What was chosen
stays when the person goes to another page and comes back; a page that links to another can set
its filter with `prepare_filter`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import DocumentFilter
from workbench.services import codebook, study, summarise
from workbench.ui import state
from workbench.ui.components.remembered import keep, prepare, recall

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

Part = Literal["question", "group", "state", "code", "search"]

STATES: dict[Any, str] = {
    "not_done": "Not done by me",
    "untouched": "Not read",
    "in_progress": "Begun",
    "done": "Done",
}


def document_filter(
    name: str,
    parts: Sequence[Part] = get_args(Part),
    *,
    code_label: str = "Has code",
    line: DeltaGenerator | None = None,
) -> DocumentFilter:
    """Draw the filter and give what is chosen.

    Parameters
    ----------
    name
        Tells one page's filter from another's.
    parts
        The widgets to draw, from left to right.
    code_label
        The label of the list of codes.
    line
        A horizontal container to draw in, where the page has more widgets for the same line.
    """
    where = DocumentFilter()
    with line or st.container(horizontal=True, vertical_alignment="bottom"):
        for part in parts:
            if part == "question":
                where = replace(where, question_id=_question(name))
            elif part == "group":
                where = replace(where, groups=_groups(name))
            elif part == "state":
                where = replace(
                    where, state=_one(name, "state", "Reading state", STATES, "All", 150)
                )
            elif part == "code":
                where = replace(where, code_id=_code(name, code_label))
            else:
                where = replace(where, search=_search(name))
        if where != DocumentFilter():
            st.button(
                "Clear filter",
                type="tertiary",
                key=state.study_key(f"{name}_clear"),
                on_click=prepare_filter,
                args=(name, DocumentFilter()),
            )
    return where


def prepare_filter(name: str, where: DocumentFilter) -> None:
    """Set a filter before it is drawn: for a page about to be opened, or from a callback."""
    prepare(f"{name}_question", where.question_id)
    prepare(f"{name}_group", [*where.groups])
    prepare(f"{name}_state", where.state)
    prepare(f"{name}_code", where.code_id)
    prepare(f"{name}_search", where.search)


def _question(name: str) -> int | None:
    options = {
        item.id: item.text or item.ref for item in study.list_questions(*state.context().in_study())
    }
    found: int | None = _one(name, "question", "Question", options, "All questions", 210)
    return found


def _code(name: str, label: str) -> int | None:
    options: dict[Any, str] = {}
    for item in codebook.list_codes(*state.context().in_study(), with_retired=True):
        retired = " (retired)" if item.status == "retired" else ""
        options[item.id] = format_path(item.path) + retired
    found: int | None = _one(name, "code", label, options, "All codes", 210)
    return found


def _groups(name: str) -> tuple[tuple[int, str], ...]:
    titles = {
        (item.attribute_id, value): f"{value} ({item.title})"
        for item in summarise.list_groups(*state.context().in_study())
        for value in item.values
    }
    key = f"{name}_group"
    chosen = [tuple(item) for item in recall(key) or ()]
    state.put(key, [item for item in chosen if item in titles])
    found = st.multiselect(
        "Group",
        list(titles),
        format_func=lambda item: titles[item],
        key=state.study_key(key),
        placeholder="Everybody",
        help="With several groups, only respondents who belong to all of them.",
        width=220,
    )
    return tuple(keep(key, found))


def _search(name: str) -> str:
    key = f"{name}_search"
    recall(key, "")
    found = st.text_input(
        "Words in the text",
        key=state.study_key(key),
        placeholder="Any words",
        max_chars=200,
        width=140,
    )
    return keep(key, found)


def _one(
    name: str, part: str, label: str, options: dict[Any, str], everything: str, width: int
) -> Any:
    """Draw a list of one or none; none means everything."""
    key = f"{name}_{part}"
    if recall(key) not in options:
        state.put(key, None)
    return keep(
        key,
        st.selectbox(
            label,
            list(options),
            index=None,
            format_func=lambda item: options[item],
            key=state.study_key(key),
            placeholder=everything,
            width=width,
        ),
    )
