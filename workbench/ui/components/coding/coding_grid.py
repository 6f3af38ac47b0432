"""The grid of answers: sort, filter, pick several rows and code them at once.

In: what the bar has chosen. Out: codings of whole answers, as one operation that one undo takes
back.
"""

from __future__ import annotations

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import ListedDocument
from workbench.domain.words import readable_date
from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.coding import code, reading
from workbench.services.trail import undo
from workbench.services.voice_notes import drafts
from workbench.ui import state
from workbench.ui.components.coding.coding_bar import Chosen
from workbench.ui.components.coding.document_filter import STATES
from workbench.ui.components.words import count

ROWS = 500
"""Answers in one page of the grid."""


def coding_grid(chosen: Chosen) -> None:
    """Draw the grid and what can be done with the rows that are picked."""
    actor, database, study_id = state.context().in_study()
    page = _page_number(chosen)
    listed, total = reading.list_documents(
        actor,
        database,
        study_id,
        chosen.where,
        order=chosen.order,
        offset=page * ROWS,
        limit=ROWS,
    )
    if not listed:
        st.html('<p class="empty">No answer fits these filters. Clear one of them above.</p>')
        return
    first = page * ROWS + 1
    last = first + len(listed) - 1
    shown = count(total, "answer") if total <= ROWS else f"{first:,}-{last:,} of {total:,}"
    st.html(f'<p class="quiet">{shown}. Click a heading to sort; tick rows to code them.</p>')
    actions = st.container(key="grid_actions")
    picked = _table(listed)
    with actions:
        _code_picked([listed[row].id for row in picked])


def _page_number(chosen: Chosen) -> int:
    actor, database, study_id = state.context().in_study()
    _, total = reading.list_documents(actor, database, study_id, chosen.where, limit=1)
    pages = (total + ROWS - 1) // ROWS
    if pages < 2:
        return 0
    number = st.number_input("Page", 1, pages, 1, width=120, key=state.study_key("grid_page"))
    return int(number) - 1


def _table(listed: list[ListedDocument]) -> list[int]:
    """Show the rows; give the places of those that are picked."""
    import pandas as pd

    actor, database, study_id = state.context().in_study()
    attributes = study.list_attributes(actor, database, study_id)
    standings = drafts.marks(actor, database, study_id, [item.id for item in listed])
    frame = pd.DataFrame(
        [
            {
                "Respondent": item.label,
                "Question": item.question_ref,
                "Answer": item.snippet,
                "Characters": item.n_characters,
                "My codings": item.n_codings,
                "State": STATES[item.state],
                **({"Transcript": standings.get(item.id, "")} if standings else {}),
                **{
                    known.title: readable_date(item.attributes.get(known.name, ""))
                    for known in attributes
                },
            }
            for item in listed
        ]
    )
    event = st.dataframe(
        frame,
        hide_index=True,
        height=520,
        row_height=36,
        on_select="rerun",
        selection_mode="multi-row",
        key=state.study_key(f"grid_rows:{_mark(listed)}"),
        column_config={
            "Respondent": st.column_config.TextColumn(pinned=True),
            "Answer": st.column_config.TextColumn(width="large"),
            "Characters": st.column_config.NumberColumn(format="localized"),
        },
    )
    return [row for row in event["selection"]["rows"] if row < len(listed)]


def _mark(listed: list[ListedDocument]) -> int:
    """Tell one set of rows from another: ticks must never pass over to other answers."""
    return hash(tuple(item.id for item in listed))


def _code_picked(document_ids: list[int]) -> None:
    actor, database, study_id = state.context().in_study()
    codes = {item.id: item for item in codebook.list_codes(actor, database, study_id)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            "Code for the ticked answers",
            list(codes),
            index=None,
            format_func=lambda key: format_path(codes[key].path),
            placeholder="Choose a code",
            width=420,
            key=state.study_key("grid_code"),
        )
        n_picked = len(document_ids)
        label = f"Code {count(n_picked, 'answer')}"
        ready = bool(document_ids) and chosen is not None
        agreed = _agree_to_drafts(document_ids)
        if st.button(label, type="primary", disabled=not ready) and chosen is not None:
            n_new = code.code_documents(
                actor, database, study_id, document_ids, chosen, accept_drafts=agreed
            )
            state.say_after_rerun(
                f"{codes[chosen].name}: {count(n_new, 'answer')} coded, "
                f"{n_picked - n_new:,} had it already."
            )
            st.rerun()
        if len(document_ids) == 1 and st.button("Open it"):
            state.put("open_document", document_ids[0])
            state.put("coding_view", "read")
            st.rerun()
        _undo_button()


def _agree_to_drafts(document_ids: list[int]) -> bool:
    """Warn of machine drafts among the ticked answers, and ask whether to code them anyway."""
    actor, database, study_id = state.context().in_study()
    n, policy = drafts.count_blocked(actor, database, study_id, document_ids)
    if not n:
        return False
    what = count(n, "machine draft")
    if policy == "forbid":
        st.warning(f"{what} among them: this study codes only what a person has checked.")
        return False
    return st.checkbox(
        f"Code {what} anyway",
        key=state.study_key("grid_drafts"),
        help="Nobody has checked these words by ear.",
    )


def _undo_button() -> None:
    actor, database, study_id = state.context().in_study()
    if st.button("Undo", help="Take back the last thing that you did in this study"):
        done = undo.undo(actor, database, study_id, undo.CODING)
        state.say_after_rerun(f"Undone: {done.label}.")
        st.rerun()
