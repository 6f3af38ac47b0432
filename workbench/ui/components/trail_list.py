"""The trail on a screen: as a table to read, or step by step with a button to take each back.

In: entries of the trail. Out: HTML in which every text is escaped, and buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import streamlit as st

from workbench.domain.text import snippet
from workbench.domain.trail import AuditEntry
from workbench.errors import WorkbenchError
from workbench.services.trail import history, undo
from workbench.ui import state
from workbench.ui.components.coding.reading_links import to_coding
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.words import refusal, when

MAX_CODES = 3
"""Codes that are named beside one step."""
LABEL_CHARS = 40
"""Of what a button would take back."""
REFUSED = "audit_refused"


def draw_table(entries: Sequence[AuditEntry]) -> None:
    """Draw steps as a table; numbers only where they are told."""
    numbered = any(item.number is not None for item in entries)
    heads = ("When", "Who", "What", "Document", "Codes")
    first = '<th scope="col" class="number">No.</th>' if numbered else ""
    head = first + "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(_row(item, numbered=numbered) for item in entries)
    st.html(
        '<div class="wide" tabindex="0" role="region" aria-label="The trail">'
        f'<table class="surveys trail"><thead><tr>{head}</tr></thead><tbody>{body}</tbody>'
        "</table></div>"
    )


def _row(item: AuditEntry, *, numbered: bool) -> str:
    number = "" if item.number is None else f"{item.number:,}"
    what = f'<bdi dir="auto">{escape(item.what)}</bdi>'
    if item.undone:
        what = f'<s>{what}</s> <span class="quiet">taken back</span>'
    cells = [
        f'<td class="time">{escape(when(item.at))}</td>',
        f'<td class="who"><bdi>{escape(item.actor)}</bdi></td>',
        f"<td>{what}</td>",
        f"<td>{_link(item)}</td>",
        f"<td><bdi>{escape(codes_shown(item.codes))}</bdi></td>",
    ]
    first = [f'<td class="number">{number}</td>'] if numbered else []
    return f"<tr>{''.join([*first, *cells])}</tr>"


def _link(item: AuditEntry) -> str:
    """Lead to the document on the coding page, by its address."""
    if item.document_id is None:
        return ""
    context = state.context()
    study = context.study.id if context.study else ""
    address = f"coding?study={study}&document={item.document_id}&as={_quoted(context.actor.name)}"
    return f'<a href="{escape(address)}" target="_self"><bdi>{escape(item.document)}</bdi></a>'


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")


def codes_shown(codes: Sequence[str]) -> str:
    """Name the first codes, and say how many more there are."""
    more = len(codes) - MAX_CODES
    return ", ".join(codes[:MAX_CODES]) + (f" and {more:,} more" if more > 0 else "")


def draw_steps(entries: Sequence[AuditEntry]) -> None:
    """Draw steps one below the other, with a button where one may be taken back."""
    refused = state.get(REFUSED)
    for item in entries:
        with st.container(key=f"step_{item.uuid}", gap=None):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.html(_told(item), width="stretch")
                _buttons(item)
            if isinstance(refused, tuple) and refused[0] == item.uuid:
                refusal(refused[1])
    state.forget(REFUSED)


def _told(item: AuditEntry) -> str:
    what = f'<bdi dir="auto">{escape(item.what)}</bdi>'
    told = " · ".join(
        part
        for part in (
            when(item.at), item.actor, item.document, codes_shown(item.codes),
            "taken back" if item.undone else "",
        )
        if part
    )  # fmt: skip
    what = f"<s>{what}</s>" if item.undone else what
    return f'<p class="trail-step">{what}<br><span class="quiet">{escape(told)}</span></p>'


def _buttons(item: AuditEntry) -> None:
    if item.document_id is not None and st.button(
        "Open", key=f"open_{item.uuid}", type="tertiary", help="Open it in coding"
    ):
        to_coding(item.document_id)
    if item.can_undo:
        st.button(
            "Take back", key=f"take_back_{item.uuid}", type="tertiary", icon=":material/undo:",
            on_click=_take_back, args=(item.uuid,),
        )  # fmt: skip


def _take_back(uuid: str) -> None:
    try:
        done = history.undo_operation(*state.context().in_study(), uuid)
    except WorkbenchError as error:
        state.put(REFUSED, (uuid, error))
        return
    state.say_after_rerun(f"Taken back: {escape_markdown(done.label)}.")


def draw_undo() -> None:
    """Offer to take back one's last step of any kind, and to do it again."""
    place = state.context().in_study()
    steps: tuple[tuple[str, str, Callable[..., Any], Callable[..., str]], ...] = (
        ("Undo", "undo", undo.undo, undo.last_label),
        ("Redo", "redo", undo.redo, undo.next_label),
    )
    for name, icon, act, label_of in steps:
        label = label_of(*place)
        shown = f"{name}: {escape_markdown(snippet(label, LABEL_CHARS))}" if label else name
        if st.button(shown, icon=f":material/{icon}:", disabled=not label, key=f"audit_{name}"):
            _do(name, act)
    refused = state.get("audit_undo_refused")
    if refused is not None:
        state.forget("audit_undo_refused")
        refusal(refused)


def _do(name: str, act: Callable[..., Any]) -> None:
    try:
        done = act(*state.context().in_study())
    except WorkbenchError as error:
        state.put("audit_undo_refused", error)
    else:
        said = "Undone" if name == "Undo" else "Done again"
        state.say_after_rerun(f"{said}: {escape_markdown(done.label)}.")
    st.rerun()
