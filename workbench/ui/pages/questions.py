"""Questions: the answers to one question beside each other, how long they are, and who is silent.

In: the open study, a filter, and the question of the address. Out: one page of answers, counts,
and links to the respondents and into the coding page.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from workbench.domain.codings import Code, DocumentFilter, Group
from workbench.domain.palette import CodeLook
from workbench.domain.words import readable_date
from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.surveys import questions
from workbench.services.surveys.questions import (
    LENGTHS,
    PAGE,
    AnswerCounts,
    AnswerOrder,
    AnswerPage,
)
from workbench.services.surveys.respondents import Said
from workbench.ui import state
from workbench.ui.components.coding.document_filter import STATES, document_filter
from workbench.ui.components.coding.extract_list import looks
from workbench.ui.components.coding.long_answer import length_button, shown_text
from workbench.ui.components.coding.reading_links import to_coding, to_respondent
from workbench.ui.components.counting.layer_choice import layer_choice
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import choose
from workbench.ui.components.said import codes_html, said_html
from workbench.ui.components.words import count

FILTER, CHOICE, SHOWN, OFFSET = "answers", "question_choice", "answers_shown", "answers_offset"

COUNTED = "answers_counted"

COLUMNS = 2
"""Answers beside each other."""

FACTS = 3
"""Attributes that stand beside a ref: the study's first ones."""

TALLEST_PX = 34
"""Height of the column of the most common length."""

ORDERS: dict[AnswerOrder, str] = {
    "respondent": "By respondent",
    "longest": "Longest first",
    "shortest": "Shortest first",
    "newest": "Newest first",
}


def chosen_question() -> int | None:
    """Ask for the question; None where the study has none."""
    titles = {
        item.id: item.text or item.ref for item in study.list_questions(*state.context().in_study())
    }
    if not titles:
        return None
    wanted = state.opened("question")
    state.put(CHOICE, wanted if wanted in titles else next(iter(titles)))
    found: int = st.selectbox(
        "Question",
        list(titles),
        format_func=titles.__getitem__,
        key=state.study_key(CHOICE),
        on_change=lambda: state.put("open_question", state.get(CHOICE)),
        width=660,
    )
    state.remember_opened("question", found)
    return found


def counts(question_id: int, where: DocumentFilter) -> None:
    """Say how many answered, how many did not and why, and how long the answers are."""
    found = _counted(question_id, where.groups)
    standings = [
        (found.given, "gave an answer"),
        (found.blank, "left it blank"),
        (found.not_asked, "were not asked"),
        (found.awaiting, "await a transcript"),
    ]
    if found.only_in_groups:
        standings.append((found.only_in_groups, "only in focus groups"))
    people = "".join(
        f"<li><strong>{n:,}</strong> <span>{words}</span></li>" for n, words in standings
    )
    st.html(
        '<div class="answer-figures"><ul class="standings" aria-label="Respondents">'
        f"{people}</ul>{_lengths(found)}</div>"
    )


def _counted(question_id: int, groups: tuple[Group, ...]) -> AnswerCounts:
    """Count, unless nothing was done since the same was counted: pages are turned quickly."""
    place = state.context().in_study()
    wanted = (question_id, groups, questions.as_of(*place))
    known: tuple[object, AnswerCounts] | None = state.get(COUNTED)
    if known is None or known[0] != wanted:
        known = (wanted, questions.answer_counts(*place, question_id, groups))
        state.put(COUNTED, known)
    return known[1]


def _lengths(found: AnswerCounts) -> str:
    """Draw the lengths as columns, each with its number."""
    if found.median is None:
        return ""
    most = max(found.by_length)
    lows = [1, *(end + 1 for end in LENGTHS)]
    names = [*(f"{low}-{high}" for low, high in zip(lows, LENGTHS, strict=False)), f"{lows[-1]}+"]
    columns = "".join(
        f'<li><strong>{n:,}</strong><i style="height: {TALLEST_PX * n / most:.0f}px"></i> '
        f"<span>{name}</span></li>"
        for name, n in zip(names, found.by_length, strict=True)
    )
    return (
        f'<ul class="lengths" aria-label="Answers by length in words">{columns}</ul>'
        f'<p class="quiet">Length in words: median<br>{found.median:,}, '
        f"from {found.shortest:,} to {found.longest:,}</p>"
    )


def answers(where: DocumentFilter, order: AnswerOrder, layer: str) -> None:
    """Show one page of the answers, beside each other."""
    total = questions.count_answers(*state.context().in_study(), where)
    if not total:
        st.html('<div class="empty"><p>No answer fits. Take a part of the filter back.</p></div>')
        return
    offset = _offset(total, (where, order))
    page = questions.list_answers(
        *state.context().in_study(), where, order=order, layer=layer, offset=offset
    )
    codes = codebook.list_codes(*state.context().in_study(), with_retired=True, with_counts=False)
    by_key, drawn = {item.id: item for item in codes}, looks(codes)
    _turn("above", offset, len(page.answers), total)
    for start in range(0, len(page.answers), COLUMNS):
        row = page.answers[start : start + COLUMNS]
        for column, item in zip(st.columns(COLUMNS, gap="medium"), row, strict=False):
            with column, st.container(key=f"card_{item.document_id}", gap="small"):
                _card(item, page, by_key, drawn)
    if total > PAGE:
        _turn("below", offset, len(page.answers), total)


def _card(item: Said, page: AnswerPage, codes: dict[int, Code], drawn: dict[int, CodeLook]) -> None:
    """Show one answer with whose it is, its length, its codes, and where it leads."""
    text, cut = shown_text(item)
    marks = page.marks.get(item.document_id, [])
    about = " · ".join([
        *map(readable_date, list(item.attributes.values())[:FACTS]),
        *(["voice note"] if item.by_voice else []),
        count(item.n_words, "word"),
        STATES[item.state].lower(),
    ])  # fmt: skip
    st.html(
        f'<p class="card-head"><strong>{escape(item.label)}</strong>'
        f' <span class="by" dir="auto">{escape(about)}</span></p>'
        + said_html(text, marks, drawn, cut=cut)
        + codes_html(marks, codes, drawn)
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        length_button(item)
        if st.button("Open in coding", key=f"code_{item.document_id}", type="tertiary"):
            to_coding(item.document_id)
        if item.respondent_id is not None and st.button(
            "Respondent", key=f"person_{item.document_id}", type="tertiary",
            help="Everything that this respondent said",
        ):  # fmt: skip
            to_respondent(item.respondent_id)


def _offset(total: int, wanted: object) -> int:
    """Give where the page begins: at the top again when filter or order have changed."""
    if state.get(SHOWN) != wanted:
        state.put(SHOWN, wanted)
        state.put(OFFSET, 0)
    return min(int(state.get(OFFSET, 0)), max(0, total - 1) // PAGE * PAGE)


def _turn(where: str, offset: int, n: int, total: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{offset + 1:,}-{offset + n:,}** of {count(total, 'answer')}",
                    width="content")  # fmt: skip
        if total <= PAGE:
            return
        for label, goal, letter in (("Previous", offset - PAGE, "K"), ("Next", offset + PAGE, "J")):
            st.button(
                label,
                key=f"turn_{where}_{label}",
                shortcut=letter if where == "above" else None,
                disabled=not 0 <= goal < total,
                on_click=state.put,
                args=(OFFSET, goal),
            )


def no_question() -> None:
    """Say what to do in a study without questions."""
    with st.container():
        st.html('<div class="empty"><p>This study asks no questions yet.</p></div>')
        if st.button("Import a survey", type="primary"):
            go_to("import_survey")


def draw() -> None:
    """Draw the page in reading order."""
    st.title("Questions")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        question_id = chosen_question()
        if question_id is None:
            no_question()
            return
        order: AnswerOrder = choose(
            "Order", "answers_order", list(ORDERS), words=lambda key: ORDERS[key], width=150
        )
        layer = layer_choice("answers")
    where = document_filter(FILTER, ("group", "state", "code", "search", "assigned"))
    counts(question_id, where)
    answers(replace(where, question_id=question_id), order, layer)


draw()
