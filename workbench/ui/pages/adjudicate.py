"""Adjudicate: go through what coders differ on, decide it, and so make the consensus.

In: the open study. Out: the adjudicating pane, which tells by the trigger `deed` what the person
decided; it is stored in the callback, before anything is drawn.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import DocumentFilter
from workbench.domain.text import snippet
from workbench.errors import NotFound, WorkbenchError
from workbench.services.codebooks import codebook
from workbench.services.coding.extracts import readable_date
from workbench.services.team import adjudicate, team
from workbench.services.team.adjudicate import PAGE, Standing, ToSettle, Unsettled
from workbench.services.trail import undo
from workbench.ui import state
from workbench.ui.components.adjudicating_pane import adjudicating_pane
from workbench.ui.components.adjudicating_pane.payload import adjudicating_message
from workbench.ui.components.coding.document_filter import prepare_filter
from workbench.ui.components.coding_pane import triggered
from workbench.ui.components.links import go_to
from workbench.ui.components.style import escape
from workbench.ui.components.words import alone, count, line, refusal

PANE = "adjudicating_pane"
OPEN, CHOICE, CODE, OFFSET = "settle_open", "settle_choice", "settle_code", "settle_offset"
QUESTION_CHARS = 34
SHOWN_CHANGED = 20
SAID, REFUSED, DECIDED = "settle_said", "settle_refused", "settle_decided"


def on_deed() -> None:
    """Store what the person decided; what is refused is said in the pane."""
    sent = dict(triggered(PANE, "deed") or {})
    try:
        _do(str(sent.get("name", "")), sent)
    except WorkbenchError as error:  # in a callback nothing else would show it
        _say(alone(error), refused=True)


def _do(name: str, sent: dict[str, Any]) -> None:
    document_id = sent.get("document")
    if not isinstance(document_id, int):
        raise NotFound("no answer is open.")
    if name in ("next", "previous"):
        _step(document_id, 1 if name == "next" else -1)
    elif name == "undo":
        _undo()
    elif name == "decide":
        settled = adjudicate.decide(*state.context().in_study(), document_id, **decision_in(sent))
        state.put(DECIDED, True)
        if settled:
            _say("Decided. That answer is settled.")
            state.forget(OPEN)
        else:
            _say("Decided.")


def decision_in(sent: dict[str, Any]) -> dict[str, Any]:
    """Read a decision from what the browser sent; raises NotFound where that makes no sense."""
    place, take = sent.get("place"), sent.get("take", [])
    span = (sent.get("start"), sent.get("end"))
    if (
        not (isinstance(place, list) and len(place) == 3 and isinstance(take, list))
        or not all(type(key) is int for key in (place[0], *take))
    ):  # fmt: skip
        raise NotFound("this difference is not there any more. Look at it as it is now.")
    if span == (None, None):
        return {"place": tuple(place), "take": take, "note": str(sent.get("note", ""))}
    if not all(type(end) is int for end in span):
        raise NotFound("no words are selected. Select them in the text first.")
    return {
        "place": tuple(place),
        "span": span,
        "sha": str(sent.get("sha", "")),
        "quote": str(sent.get("quote", "")),
        "note": str(sent.get("note", "")),
    }


def _step(document_id: int, by: int) -> None:
    listed = _listed()[0]
    keys = [row.document_id for row in listed]
    at = keys.index(document_id) + by if document_id in keys else 0
    if at == len(keys) or at < 0:
        _turn(by)
    else:
        state.put(OPEN, keys[at])


def _turn(by: int) -> None:
    """Go to the page of the list before or after."""
    state.put(OFFSET, max(0, _offset() + by * PAGE))
    rows = _listed()[0]
    state.put(OPEN, rows[0 if by > 0 else -1].document_id if rows else None)


def _undo() -> None:
    label, document_id = adjudicate.undo_last(*state.context().in_study())
    if document_id is not None:
        state.put(OPEN, document_id)
    _say(f"Undone: {label}.")


def _say(words: str, *, refused: bool = False) -> None:
    state.put(SAID, words)
    state.put(REFUSED, refused)


def _offset() -> int:
    return int(state.get(OFFSET) or 0)


def _listed() -> tuple[list[Unsettled], int]:
    place = state.context().in_study()
    found = adjudicate.list_unsettled(*place, code_id=state.get(CODE), offset=_offset())
    if not found[0] and _offset():  # what was listed there has been settled
        state.put(OFFSET, 0)
        found = adjudicate.list_unsettled(*place, code_id=state.get(CODE))
    return found


def progress(found: Standing) -> None:
    """Say how far settling has come."""
    line(
        f"{found.n_settled:,} of {count(found.n_finished, 'answer')} that two or more people have "
        f"done are settled. {count(found.n_differences, 'difference')} to decide in "
        f"{count(found.n_open - found.n_clear, 'answer')}."
    )


def toolbar(found: Standing) -> None:
    """Offer what enters at once, the code to go through, and what has changed since."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="settle_bar"):
        _choose_code(found)
        if found.n_agreed or found.n_clear:
            with st.popover("Accept what is agreed"):
                _accept(found)
        if found.changed:
            with st.popover(f"Changed since ({len(found.changed):,})"):
                _changed(found)


def _choose_code(found: Standing) -> None:
    names = {
        item.id: format_path(item.path)
        for item in codebook.list_codes(
            *state.context().in_study(), with_retired=True, with_counts=False
        )
    }
    left = dict(found.by_code)
    chosen = state.get(CODE)
    keys = [None, *left] if chosen in (None, *left) else [None, chosen, *left]
    st.selectbox(
        "Differences on",
        keys,
        format_func=lambda key: "all codes" if key is None
        else f"{names.get(key, 'a code')} ({left.get(key, 0):,})",
        key=state.study_key(CODE),
        on_change=lambda: state.forget(OFFSET),
        width=340,
    )  # fmt: skip


def _accept(found: Standing) -> None:
    """Say what would enter the consensus, and let it."""
    st.markdown(
        f"**{count(found.n_agreed, 'coding')}** on which everybody agrees, word for word, would "
        f"enter the consensus. **{count(found.n_clear, 'answer')}** without any difference would "
        "be settled by that; answers in which nobody coded anything are among them."
    )
    line("Undo takes it back.")
    if st.button("Accept them", type="primary"):
        n_codings, n_settled = adjudicate.accept_agreed(*state.context().in_study())
        _say(
            f"{count(n_codings, 'agreed coding')} in the consensus, "
            f"{count(n_settled, 'answer')} settled."
        )
        st.rerun()


def _changed(found: Standing) -> None:
    """Name settled answers in which something has changed, and offer to open them again."""
    st.markdown(
        "Somebody coded these answers, or their words moved, after they had been settled. The "
        "consensus stands as it was decided. Opening one takes its decisions back."
    )
    listed = found.changed[:SHOWN_CHANGED]
    for key, name in adjudicate.name_changed(*state.context().in_study(), listed):
        if st.button(f"Open {escape(name)} again", key=f"settle_again_{key}"):
            adjudicate.open_again(*state.context().in_study(), key)
            state.put(OPEN, key)
            _say(f"{name} is open again.")
            st.rerun()
    if len(found.changed) > SHOWN_CHANGED:
        line(f"and {count(len(found.changed) - SHOWN_CHANGED, 'more', 'more')}")


def listing(opened: ToSettle, rows: list[Unsettled], total: int) -> None:
    """List the answers with differences."""
    by_key = {row.document_id: row for row in rows}
    line(f"{count(total, 'answer')} with differences")
    if not rows:
        return
    state.put(CHOICE, opened.document.id if opened.document.id in by_key else None)
    with st.container(key="settle_list", height=520, border=False):
        st.radio(
            "Answers with differences",
            list(by_key),
            format_func=lambda key: escape(by_key[key].label),
            captions=[
                escape(
                    f"{count(row.n_differences, 'difference')}"
                    f"{' · ' + snippet(row.question, QUESTION_CHARS) if row.question else ''}"
                )
                for row in rows
            ],
            key=state.study_key(CHOICE),
            width="stretch",
            label_visibility="collapsed",
            on_change=lambda: state.put(OPEN, state.get(CHOICE)),
        )
    if total > PAGE:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Earlier", disabled=not _offset(), on_click=_turn, args=(-1,))
            later = _offset() + PAGE < total
            st.button("Later", disabled=not later, on_click=_turn, args=(1,))
            line(f"{_offset() + 1:,}-{_offset() + len(rows):,} of {total:,}")


def opened_now(rows: list[Unsettled]) -> ToSettle | None:
    """Open the answer that was asked for, or the first; None when there is none."""
    place = state.context().in_study()
    wanted = state.get(OPEN)
    if wanted:
        try:
            return adjudicate.open_document(*place, wanted)
        except NotFound:  # opened again for coding, or gone in the meantime
            pass
    return adjudicate.open_document(*place, rows[0].document_id) if rows else None


def facts(opened: ToSettle) -> None:
    """Say which answer this is, who has coded it, and whether it is settled."""
    document = opened.document
    names = ", ".join(coder.name for coder in opened.coders)
    asked = document.question or document.question_ref or document.series
    settled = f" · settled on {readable_date(opened.settled_at)}" if opened.settled_at else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        line(
            f"{asked + ' · ' if asked else ''}coded by {names} · "
            f"{count(opened.n_agreed, 'agreement')}, {count(len(opened.differences), 'difference')}"
            f"{settled}"
        )
        if st.button("Open in coding", type="tertiary", icon=":material/edit_note:"):
            prepare_filter("coding", DocumentFilter())
            state.put("open_document", document.id)
            go_to("coding")


def pane(opened: ToSettle, rows: list[Unsettled], total: int) -> None:
    """Mount the text with what each has coded."""
    keys = [row.document_id for row in rows]
    at = keys.index(opened.document.id) if opened.document.id in keys else -1
    adjudicating_pane(
        key=PANE,
        data=adjudicating_message(
            opened,
            title=opened.document.label,
            may=team.standing(*state.context().in_study()).writes,
            undo=undo.last_label(*state.context().in_study(), undo.SETTLING),
            said=state.get(SAID) or "",
            refused=bool(state.get(REFUSED)),
            decided_now=bool(state.get(DECIDED)),
            has_previous=at > 0 or _offset() > 0,
            has_next=bool(keys) and (at < len(keys) - 1 or _offset() + PAGE < total),
        ),
        on_deed=on_deed,
    )
    for name in (SAID, REFUSED, DECIDED):
        state.forget(name)


def nothing_to_settle(found: Standing) -> None:
    """Say why there is nothing to decide, and offer what comes next."""
    said = state.get(SAID)
    if said:
        line(said)
        state.forget(SAID)
    if found.n_finished == 0:
        words = (
            "No answer has been marked done by two people yet. Give the same answers to two "
            "coders on the page Team; once both have marked one done, what they differ on is "
            "settled here."
        )
    elif found.n_open:
        words = (
            "There is no difference left to decide. Accept what is agreed, and "
            f"{count(found.n_clear, 'more answer')} will count in the consensus."
        )
    else:
        words = "Every answer that two or more people have done is settled."
    st.html(f'<div class="empty"><p>{words}</p></div>')
    with st.container(horizontal=True):
        if found.n_finished == 0 and st.button("Give answers to two people", type="primary"):
            go_to("team")
        if found.n_finished and st.button("Themes of the consensus", type="primary"):
            go_to("themes")
        label = undo.last_label(*state.context().in_study(), undo.SETTLING)
        if label:
            st.button(
                "Undo", icon=":material/undo:", help=f"Take back {label}", on_click=_undo_shown
            )


def _undo_shown() -> None:
    try:
        _undo()
    except WorkbenchError as error:
        _say(alone(error), refused=True)


def draw() -> None:
    """Draw the page in reading order."""
    try:
        found = adjudicate.standing(*state.context().in_study())
    except WorkbenchError as error:
        refusal(error)
        return
    if found.n_finished:
        progress(found)
        toolbar(found)
    rows, total = _listed()
    opened = opened_now(rows)
    if opened is None:
        nothing_to_settle(found)
        return
    state.put(OPEN, opened.document.id)
    left, right = st.columns([3, 10], gap="medium")
    with left:
        listing(opened, rows, total)
    with right:
        facts(opened)
        pane(opened, rows, total)


st.title("Adjudicate")
draw()
