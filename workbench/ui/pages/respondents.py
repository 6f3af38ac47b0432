"""Respondents: choose one, and read what is known of them and everything that they said.

In: the open study, a filter, and the respondent of the address. Out: one respondent; links into
the coding page and to the questions; memos.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.domain.documents import NOT_STATED
from workbench.errors import NotFound
from workbench.services.codebooks import codebook
from workbench.services.coding.extracts import readable_date
from workbench.services.surveys import respondents
from workbench.services.surveys.respondents import (
    PAGE,
    ListedRespondent,
    OpenRespondent,
    QuestionSaid,
    RespondentFilter,
    Said,
)
from workbench.services.voice_notes import listen
from workbench.ui import state
from workbench.ui.components.coding.document_filter import STATES, document_filter
from workbench.ui.components.coding.extract_list import looks
from workbench.ui.components.coding.long_answer import length_button, shown_text
from workbench.ui.components.coding.reading_links import to_coding, to_question
from workbench.ui.components.counting.layer_choice import layer_choice
from workbench.ui.components.discussions.said_in_groups import said_in_groups
from workbench.ui.components.links import go_to
from workbench.ui.components.memos.memo_box import memo_button, memo_form, memo_list, memo_undo
from workbench.ui.components.remembered import keep, recall
from workbench.ui.components.said import codes_html, memos_html, said_html
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.surveys.attribute_editor import attribute_editor
from workbench.ui.components.words import count

CHOICE, FILTERED = "people_choice", "people_filtered"

CORRECTING = "people_correcting"
"""Remembers that the attributes are open for correction."""

FACTS = 3
"""Attributes that stand below a ref in the list."""

QUOTED = {True: "Yes", False: "No", None: "Not asked"}

LEFT = {
    "blank": "Left blank.",
    "not_asked": "Not asked.",
    "awaiting_transcript": "A voice note awaits its transcript.",
}
"""How a question is left without an answer, in words."""


def chosen() -> tuple[RespondentFilter, str]:
    """Ask which respondents, and whose codings."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        recall("people_search", "")
        search = keep(
            "people_search",
            st.text_input(
                "Find by ref",
                key=state.study_key("people_search"),
                placeholder="Any part of a ref",
                max_chars=200,
                width=200,
            ),
        )
        line = st.container(horizontal=True, vertical_alignment="bottom", width="content")
        where = document_filter("people", ("survey", "group"), line=line)
        layer = layer_choice("people")
    return RespondentFilter(search, where.groups, where.survey_id), layer


def opened(where: RespondentFilter, layer: str) -> OpenRespondent | None:
    """Open the respondent who was asked for; after a change of the filter one who fits it."""
    wanted = state.opened("respondent")
    changed = state.get(FILTERED) not in (None, where)
    state.put(FILTERED, where)
    if wanted is not None:
        try:
            found = _open(wanted, where, layer)
        except NotFound:
            state.forget("open_respondent")
        else:
            if not changed or wanted in {item.id for item in _page(found, where)}:
                return found
    first = respondents.list_respondents(*state.context().in_study(), where, limit=1)
    return _open(first[0].id, where, layer) if first else None


def _open(respondent_id: int, where: RespondentFilter, layer: str) -> OpenRespondent:
    return respondents.open_respondent(
        *state.context().in_study(), respondent_id, where, layer=layer
    )


def _offset(found: OpenRespondent) -> int:
    return min(found.position, max(0, found.total - 1)) // PAGE * PAGE


def _page(found: OpenRespondent, where: RespondentFilter) -> list[ListedRespondent]:
    return respondents.list_respondents(
        *state.context().in_study(), where, offset=_offset(found), limit=PAGE
    )


def listed(found: OpenRespondent, where: RespondentFilter) -> bool:
    """List the page around the open respondent; tell whether they fit the filter."""
    page = {item.id: item for item in _page(found, where)}
    fits = found.person.id in page
    state.put(CHOICE, found.person.id if fits else None)
    st.html(f'<p class="quiet">{count(found.total, "respondent")}</p>')
    with st.container(key="people", height=520, border=False):
        st.radio(
            "Respondents",
            list(page),
            format_func=lambda key: escape_markdown(page[key].ref),
            captions=[_caption(item) for item in page.values()],
            key=state.study_key(CHOICE),
            label_visibility="collapsed",
            on_change=lambda: state.put("open_respondent", state.get(CHOICE)),
        )
    if found.total > PAGE:
        _turn(_offset(found), len(page), found.total, where)
    return fits


def _caption(item: ListedRespondent) -> str:
    known = [readable_date(value) for value in list(item.attributes.values())[:FACTS]]
    said = [count(item.n_answers, "answer")] if item.n_answers or not item.n_groups else []
    spoke = [f"spoke in {count(item.n_groups, 'group')}"] if item.n_groups else []
    return escape_markdown(" · ".join([*known, *said, *spoke]))


def _turn(offset: int, n: int, total: int, where: RespondentFilter) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, goal in (("Earlier", offset - PAGE), ("Later", offset + PAGE)):
            if st.button(label, disabled=not 0 <= goal < total):
                first = respondents.list_respondents(
                    *state.context().in_study(), where, offset=goal, limit=1
                )
                state.put("open_respondent", first[0].id if first else None)
                st.rerun()
        st.markdown(f"{offset + 1:,}-{offset + n:,}", width="content")


def heading(found: OpenRespondent, where: RespondentFilter, *, fits: bool) -> None:
    """Say who it is, and step to the one before and after."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(escape_markdown(found.person.ref), width="content")
        place = f"{found.position + 1:,} of {found.total:,}" if fits else "does not fit the filter"
        st.markdown(place, width="content")
        for label, step, letter in (("Previous", "previous", "K"), ("Next", "next", "J")):
            key = respondents.neighbour(
                *state.context().in_study(), where, found.person.id,
                step="next" if step == "next" else "previous",
            )  # fmt: skip
            st.button(
                label,
                key=f"step_{step}",
                shortcut=letter,
                disabled=key is None,
                on_click=state.put,
                args=("open_respondent", key),
            )
        memo_button(found.memos, "respondent", found.person.id)
        if found.attributes and not state.get(CORRECTING):
            st.button(
                "Correct attributes",
                type="tertiary",
                on_click=state.put,
                args=(CORRECTING, True),
                help="Set by hand what is known of this respondent; imports leave it alone",
            )
        memo_undo()
    memo_form("respondent", found.person.id)
    memo_list(found.memos, "respondent", found.person.id)


def known(found: OpenRespondent) -> None:
    """Show what is known of the person: attributes, surveys, and whether they may be quoted."""
    if state.get(CORRECTING):
        attribute_editor(found.person.id)
        st.button("Close the attributes", on_click=state.forget, args=(CORRECTING,))
        return
    rows = [(title, readable_date(value) or NOT_STATED) for title, value in found.attributes]
    surveys = [f"{name}, {readable_date(at)}" if at else name for name, at in found.person.surveys]
    rows.append(("Surveys", "; ".join(surveys) or "None"))
    rows.append(("May be quoted", QUOTED[found.person.may_be_quoted]))
    cells = "".join(
        f'<div><dt>{escape(title)}</dt><dd dir="auto">{escape(value)}</dd></div>'
        for title, value in rows
    )
    st.html(f'<dl class="facts">{cells}</dl>')


def everything_said(found: OpenRespondent) -> None:
    """Show the answers question by question, and what was left without an answer."""
    codes = codebook.list_codes(*state.context().in_study(), with_retired=True, with_counts=False)
    drawn, by_key = looks(codes), {item.id: item for item in codes}
    only_spoke = bool(found.discussions) and all(
        item.absent == "not_asked" and not item.answers for item in found.questions
    )
    if only_spoke:
        st.html('<p class="quiet">Was asked nothing in a survey.</p>')
    for item in () if only_spoke else found.questions:
        _question(item)
        for answer in item.answers:
            with st.container(key=f"answer_{answer.document_id}", gap="small"):
                text, cut = shown_text(answer)
                marks = found.marks.get(answer.document_id, [])
                st.html(
                    said_html(text, marks, drawn, cut=cut)
                    + codes_html(marks, by_key, drawn)
                    + memos_html(marks, by_key)
                )
                memo_list(found.memos, "document", answer.document_id)
                _actions(answer, found)
        if item.absent:
            st.html(f'<p class="quiet">{LEFT[item.absent]}</p>')
    said_in_groups(found, by_key, drawn)


def _question(item: QuestionSaid) -> None:
    title = item.question.text or item.question.ref if item.question else "Other texts"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(escape_markdown(title), width="content")
        if item.question and st.button(
            "All answers",
            key=f"to_question_{item.question.id}",
            type="tertiary",
            help="What everybody said to this question",
        ):
            to_question(item.question.id)


def _actions(answer: Said, found: OpenRespondent) -> None:
    spoken = "transcript of a voice note · " if answer.by_voice else ""
    words = f"{spoken}{count(answer.n_words, 'word')} · {STATES[answer.state].lower()} by me"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="quiet">{words}</p>', width="content")
        length_button(answer)
        if st.button("Open in coding", key=f"code_{answer.document_id}", type="tertiary"):
            to_coding(answer.document_id)
        memo_button(found.memos, "document", answer.document_id)
        heard = answer.by_voice and _wants_to_hear(answer.document_id)
    if heard:
        address = listen.voice_url(*state.context().in_study(), answer.document_id)
        st.html(f'<audio controls preload="none" src="{escape(address)}"></audio>')
    memo_form("document", answer.document_id)


def _wants_to_hear(document_id: int) -> bool:
    """Offer a transcript's recording, where there is one; players load it only when asked to."""
    try:
        listen.voice_url(*state.context().in_study(), document_id)
    except NotFound:
        return False
    return st.toggle("Hear it", key=state.study_key(f"hear_{document_id}"))


def nobody(where: RespondentFilter) -> None:
    """Say what to do when there is nobody to show."""
    if where != RespondentFilter():
        st.html(
            '<div class="empty"><p>No respondent fits. Take a part of the filter back.</p></div>'
        )
        return
    st.html('<div class="empty"><p>This study has no respondents yet.</p></div>')
    if st.button("Import a survey or transcripts", type="primary"):
        go_to("import_survey")


def draw() -> None:
    """Draw the page in reading order."""
    st.title("Respondents")
    where, layer = chosen()
    found = opened(where, layer)
    if found is None:
        nobody(where)
        return
    state.remember_opened("respondent", found.person.id)
    left, right = st.columns([3, 10], gap="medium")
    with left:
        fits = listed(found, where)
    with right:
        heading(found, where, fits=fits)
        known(found)
        everything_said(found)


draw()
