"""Memos: what everybody has written down while reading, found again, answered, taken along.

In: the open study. Out: threads, new memos on the study, on codes and on versions; files.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st

from workbench.domain.memos import KIND_NAMES, KINDS, MemoFilter, MemoPage, Purpose, TargetKind
from workbench.services.memos import memo_files, memo_list, memo_prompts
from workbench.services.surveys import respondents
from workbench.ui import state
from workbench.ui.components.coding.document_filter import choose_one, code_list
from workbench.ui.components.memos.memo_prompts import draw_prompts
from workbench.ui.components.memos.memo_thread import (
    BOX,
    PURPOSES,
    draw_threads,
    is_new,
    open_box,
    undo_button,
    write_box,
)
from workbench.ui.components.remembered import (
    choose,
    choose_in_line,
    keep,
    prepare,
    recall,
    tell_anew,
)
from workbench.ui.components.words import count, line

PARTS: dict[str, str | None] = {
    "memos_kind": None, "memos_author": None, "memos_code": None, "memos_ref": "",
    "memos_purpose": None, "memos_since": None, "memos_until": None,
}  # fmt: skip
"""The filters, each with what it holds when it is not set."""
ABOUT: dict[TargetKind, str] = {
    "study": "The study", "code": "A code", "codebook_version": "A version of the codebook",
}  # fmt: skip


def chosen() -> MemoFilter | None:
    """Ask which memos are wanted; None when the respondent that was named is not there."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="memos_bar"):
        recall("memos_search", "")
        search = keep(
            "memos_search",
            st.text_input(
                "Search in memos", key=state.study_key("memos_search"), max_chars=200, width=260,
                placeholder="Search in memos", icon=":material/search:",
                label_visibility="collapsed",
            ),
        )  # fmt: skip
        n_set = sum(bool(recall(name, default)) for name, default in PARTS.items())
        tell_anew(*PARTS)
        with st.popover(f"Filters: {n_set} set" if n_set else "Filters", width=170):
            where, ref = _filters(search)
            if n_set:
                st.button("Clear the filters", on_click=_clear)
        found = where if not ref else _with_respondent(where, ref)
        _offer_writing()
        if found is not None:
            _export(found)
        undo_button()
    return found


def _filters(search: str) -> tuple[MemoFilter, str]:
    authors = memo_list.list_authors(*state.context().in_study())
    kinds = {kind: KIND_NAMES[kind].capitalize() for kind in KINDS}
    kind: TargetKind | None = choose_one("memos", "kind", "On", kinds, "Anything", 240)
    author = choose_one("memos", "author", "Written by", authors, "Anybody", 240)
    code = code_list("memos", "Code, with all below")
    recall("memos_ref", "")
    ref = keep("memos_ref", st.text_input("Respondent", key=state.study_key("memos_ref"),
                                          max_chars=200, placeholder="Ref"))  # fmt: skip
    purpose: Purpose | None = choose_one(
        "memos", "purpose", "Asked for by the study", dict(PURPOSES), "All memos", 240
    )
    with st.container(horizontal=True):
        since, until = _day("From", "memos_since"), _day("To", "memos_until")
    where = MemoFilter(kind=kind, author_id=author, code_id=code, purpose=purpose, search=search,
                       since=since, until=until)  # fmt: skip
    return where, ref.strip()


def _day(label: str, name: str) -> str:
    recall(name)
    found = st.date_input(label, value=None, key=state.study_key(name), format="YYYY-MM-DD",
                          width=140)  # fmt: skip
    keep(name, found)
    return found.isoformat() if isinstance(found, date) else ""


def _clear() -> None:
    for name, default in PARTS.items():
        prepare(name, default)


def _with_respondent(where: MemoFilter, ref: str) -> MemoFilter | None:
    wanted = respondents.RespondentFilter(search=ref)
    for item in respondents.list_respondents(*state.context().in_study(), wanted, limit=100_000):
        if item.ref.casefold() == ref.casefold():
            return replace(where, respondent_id=item.id)
    return None


def _offer_writing() -> None:
    here = state.context().in_study()[2]
    st.button("Write a memo", icon=":material/edit:", type="primary", key="memos_write",
              on_click=open_box, args=(("new", "study", here, None),))  # fmt: skip


def writing() -> None:
    """Ask what the new memo is about, and give room for it."""
    if not is_new(state.get(BOX)):
        return
    with st.container(border=True, key="memos_new"):
        kind = choose_in_line("About", "memos_about", list(ABOUT), words=ABOUT.__getitem__)
        key = _target(kind)
        state.put(BOX, ("new", kind, key, None))
        if key is not None:
            write_box(kind, key)
        line("Memos on answers, codings and respondents are written where you read them: on "
             "Coding and on Respondents.")  # fmt: skip


def _target(kind: TargetKind) -> int | None:
    if kind == "study":
        return state.context().in_study()[2]
    if kind == "code":
        found = code_list("memos", "Code", "new_code")
        if found is None:
            line("Choose a code.")
        return found
    versions = memo_list.list_versions(*state.context().in_study())
    if not versions:
        line("The codebook has no versions yet: it is empty.")
        return None
    return choose("Version", "memos_version", list(versions), words=versions.__getitem__, width=320)


def _export(where: MemoFilter) -> None:
    found = memo_list.list_memos(*state.context().in_study(), where, limit=1)
    with st.popover("Export", icon=":material/download:", disabled=not found.n_memos):
        name = choose_in_line("File", "memos_format", list(memo_files.FORMATS), words=str.upper)
        kind = memo_files.FORMATS[name]
        st.caption(kind.label)
        withheld = st.checkbox(
            "With memos about people who may not be quoted",
            key=state.study_key("memos_withheld"),
            help="That you asked for them is written down.",
        )
        line("Memos may quote participants. Pass them on with care.")
        st.download_button(
            f"Download {count(found.n_threads, 'thread')} as {name.upper()}",
            data=partial(_content, where, name, withheld=withheld),
            file_name=f"memos.{name}",
            mime=kind.mime_type,
            type="primary",
            on_click="ignore",
        )


def _content(where: MemoFilter, name: str, *, withheld: bool) -> bytes:
    return memo_files.memos_file(
        *state.context().in_study(), where, format=name, include_withheld=withheld
    ).content


def listed(where: MemoFilter) -> None:
    """Show one page of threads, with their number."""
    if state.get("memos_shown") != where:
        state.put("memos_shown", where)
        state.put("memos_offset", 0)
    page = memo_list.list_memos(
        *state.context().in_study(), where, offset=int(state.get("memos_offset", 0))
    )
    if not page.n_threads:
        _nothing(where)
        return
    st.markdown(f"**{count(page.n_memos, 'memo')}** in {count(page.n_threads, 'thread')}")
    draw_threads(page.threads)
    _turn(page)


def _nothing(where: MemoFilter) -> None:
    if where != MemoFilter():
        words = "No memo fits. Take a part of the search or the filters back."
    else:
        words = (
            "There are no memos yet. Write one here on the study, a code or a version of the "
            "codebook; on Coding and on Respondents, write one beside what you read."
        )
    st.html(f'<div class="empty"><p>{words}</p></div>')


def _turn(page: MemoPage) -> None:
    if page.n_threads <= memo_list.PAGE:
        return
    last = page.offset + len(page.threads)
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        for label, goal in (("Newer", page.offset - memo_list.PAGE),
                            ("Older", page.offset + memo_list.PAGE)):  # fmt: skip
            st.button(label, disabled=not 0 <= goal < page.n_threads, on_click=state.put,
                      args=("memos_offset", goal))  # fmt: skip
        st.markdown(f"{page.offset + 1:,}-{last:,} of {page.n_threads:,}", width="content")


def draw() -> None:
    """Draw the page in reading order."""
    st.title("Memos")
    where = chosen()
    draw_prompts(memo_prompts.prompts(*state.context().in_study()))
    writing()
    if where is None:
        st.html('<div class="empty"><p>The study has no respondent of this ref. '
                "Change the filter.</p></div>")  # fmt: skip
    else:
        listed(where)


draw()
