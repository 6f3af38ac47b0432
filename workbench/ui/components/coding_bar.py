"""The bar above the coding pane: read or grid, in which order, and which answers.

In: the open study's questions, attributes and codes. Out: what the person chose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import DocumentFilter
from workbench.domain.documents import NOT_STATED
from workbench.services import codebook, reading, study
from workbench.ui import state

View = Literal["read", "grid"]
Order = Literal["question", "respondent"]
States = Literal["untouched", "in_progress", "done", "not_done"]

VIEWS: dict[View, str] = {"read": "Read", "grid": "Grid"}
ORDERS: dict[Order, str] = {"question": "By question", "respondent": "By respondent"}
STATES: dict[States, str] = {
    "not_done": "Not done by me",
    "untouched": "Not read",
    "in_progress": "Begun",
    "done": "Done",
}
FACTS = 3
"""How many attributes stand beside a respondent's ref."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """How the person wants to see which answers. `facts` are attribute names."""

    view: View = "read"
    order: Order = "question"
    where: DocumentFilter = field(default_factory=DocumentFilter)
    facts: tuple[str, ...] = ()


def coding_bar() -> Chosen:
    """Draw the bar and give what is chosen in it."""
    actor, database, study_id = state.context().in_study()
    attributes = [
        item for item in study.list_attributes(actor, database, study_id) if item.grouping
    ]
    with st.container(key="coding_bar", horizontal=True, vertical_alignment="center", gap="small"):
        view = st.segmented_control(
            "View",
            list(VIEWS),
            default="read",
            format_func=lambda key: VIEWS[key],
            label_visibility="collapsed",
            key=state.study_key("coding_view"),
        )
        order = st.segmented_control(
            "Order",
            list(ORDERS),
            default="question",
            format_func=lambda key: ORDERS[key],
            label_visibility="collapsed",
            key=state.study_key("coding_order"),
        )
        search = st.text_input(
            "Search",
            placeholder="Search in answers",
            label_visibility="collapsed",
            key=state.study_key("coding_search"),
            width=260,
        )
        where = _filters(attributes, search)
    return Chosen(
        view or "read", order or "question", where, tuple(item.name for item in attributes[:FACTS])
    )


def _filters(attributes: list[study.StoredAttribute], search: str) -> DocumentFilter:
    keys = ("coding_question", "coding_attribute", "coding_value", "coding_state", "coding_code")
    n_set = sum(state.get(key) is not None for key in keys if key != "coding_value")
    with st.popover(f"Filters: {n_set} set" if n_set else "Filters", width=180):
        question_id = _question()
        groups = _group(attributes)
        reading_state = st.selectbox(
            "State",
            list(STATES),
            index=None,
            format_func=lambda key: STATES[key],
            placeholder="Any",
            key=state.study_key("coding_state"),
        )
        code_id = _code()
        if n_set:
            st.button("Clear all filters", on_click=_clear, args=(keys,), type="tertiary")
    return DocumentFilter(
        question_id=question_id,
        groups=groups,
        state=reading_state,
        code_id=code_id,
        search=search,
    )


def _clear(keys: tuple[str, ...]) -> None:
    for key in keys:
        state.put(key, None)


def _question() -> int | None:
    actor, database, study_id = state.context().in_study()
    questions = {item.id: item for item in study.list_questions(actor, database, study_id)}
    return st.selectbox(
        "Question",
        list(questions),
        index=None,
        format_func=lambda key: f"{questions[key].ref}: {questions[key].text}",
        placeholder="Any",
        key=state.study_key("coding_question"),
    )


def _group(attributes: list[study.StoredAttribute]) -> tuple[tuple[int, str], ...]:
    actor, database, study_id = state.context().in_study()
    known = {item.id: item for item in attributes}
    attribute_id = st.selectbox(
        "Group by attribute",
        list(known),
        index=None,
        format_func=lambda key: known[key].title,
        placeholder="Any",
        key=state.study_key("coding_attribute"),
    )
    if attribute_id is None:
        return ()
    values = [*reading.group_values(actor, database, study_id, attribute_id), NOT_STATED]
    value = st.selectbox(
        known[attribute_id].title,
        values,
        index=None,
        placeholder="Any",
        key=state.study_key("coding_value"),
    )
    return ((attribute_id, value),) if value is not None else ()


def _code() -> int | None:
    actor, database, study_id = state.context().in_study()
    codes = {item.id: item for item in codebook.list_codes(actor, database, study_id)}
    return st.selectbox(
        "Has code",
        list(codes),
        index=None,
        format_func=lambda key: format_path(codes[key].path),
        placeholder="Any",
        key=state.study_key("coding_code"),
    )
