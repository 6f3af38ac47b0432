"""Codebook: the themes and codes of a study, to read, refine, load and keep as a file.

In: the open study. Out: a changed code tree; every change makes a version and can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import Code
from workbench.domain.text import snippet
from workbench.services.codebooks import code_tree, codebook
from workbench.services.codebooks.codebook import list_codes
from workbench.services.trail import undo
from workbench.ui import state
from workbench.ui.components.codebooks.code_actions import draw_actions, draw_add
from workbench.ui.components.codebooks.code_form import edit_form, unsaved
from workbench.ui.components.codebooks.code_tree import choose_code, open_code
from workbench.ui.components.codebooks.codebook_deeds import do, menu
from workbench.ui.components.codebooks.codebook_files import (
    bundled_codebooks,
    draw_download,
    draw_loading,
    load_bundled,
)
from workbench.ui.components.codebooks.codebook_versions import draw_versions
from workbench.ui.components.codebooks.move_codes import watch_tree
from workbench.ui.components.codebooks.refine_actions import draw_copy
from workbench.ui.components.codebooks.review_note import review_note
from workbench.ui.components.codebooks.sort_extracts import draw_sorting, sorting
from workbench.ui.components.memos.memo_thread import memo_thread
from workbench.ui.components.remembered import choose_in_line
from workbench.ui.components.style import escape
from workbench.ui.components.words import count, line

FIRST = "speakout"
"""The codebook that a study without codes is offered."""
LABEL_CHARS = 40
SHOWN_UNSAVED = 5
VIEWS = {"codes": "Codes", "versions": "Versions"}


def draw_empty() -> None:
    """Offer one clear next step while there are no codes."""
    st.html(
        '<p class="empty">This study has no codes yet. Begin with the bundled codebook on '
        "families' experience of services, and change it as you read; or begin with a theme of "
        "your own.</p>"
    )
    with st.container(horizontal=True):
        if st.button("Load the SpeakOut codebook", type="primary"):
            load_bundled(bundled_codebooks()[FIRST])
        with menu("Add a theme"):
            draw_add(None)
        with menu("Load a codebook"):
            draw_loading()
        with menu("Copy from a study"):
            draw_copy()
        draw_history(show_idle=False)


def draw_toolbar() -> None:
    """Offer undo and redo, a new theme, and files."""
    with st.container(horizontal=True, key="codebook_bar"):
        with menu("Add a theme"):
            draw_add(None)
        with menu("Load or download"):
            draw_loading()
            draw_download()
        with menu("Copy from a study"):
            draw_copy()
        draw_history()


def draw_history(*, show_idle: bool = True) -> None:
    """Offer to take back and to do again, each with what it would concern.

    `show_idle` keeps the place of a button while there is nothing for it to do.
    """
    actor, database, study_id = state.context().in_study()
    steps: tuple[tuple[str, str, Callable[..., object], Callable[..., str]], ...] = (
        ("Undo", "undo", undo.undo, undo.last_label),
        ("Redo", "redo", undo.redo, undo.next_label),
    )
    for name, icon, act, label_of in steps:
        label = label_of(actor, database, study_id, undo.CODEBOOK)
        if not (label or show_idle):
            continue
        shown = f"{name} {escape(snippet(label, LABEL_CHARS))}" if label else name
        if st.button(shown, icon=f":material/{icon}:", disabled=not label, key=f"codebook_{name}"):
            do(lambda act=act: act(actor, database, study_id, undo.CODEBOOK),  # type: ignore[misc]
               f"{'Undone' if name == 'Undo' else 'Done again'}: {label}.")  # fmt: skip


def draw_said() -> None:
    """Say what was done last, until something else is done."""
    said: str | None = state.get("codebook_said")
    if said:
        line(said)


def draw_tree(codes: Sequence[Code], usage: Mapping[int, int]) -> tuple[Code | None, bool]:
    """Draw search and tree; give the chosen code, and whether retired codes are shown."""
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.text_input(
            "Search",
            key=state.study_key("code_search"),
            placeholder="Name, definition or cue",
            icon=":material/search:",
            label_visibility="collapsed",
        )
        with_retired = st.toggle("Show retired", key=state.study_key("codes_retired"))
    listed = [item for item in codes if with_retired or item.status == "active"]
    shown = code_tree.find_codes(listed, wanted)
    found = "" if len(shown) == len(listed) else f"{len(shown):,} of "
    themes = [item for item in listed if item.depth == 0]
    line(f"{found}{count(len(listed), 'code')} in {count(len(themes), 'theme')}")
    if not shown:
        line("No code is shown. Change the search, or show retired codes.")
        return None, with_retired
    first = code_tree.first_hit(shown, wanted)
    chosen = choose_code(codes, shown, usage, first)
    watch_tree(shown)
    return chosen, with_retired


def draw_code(
    item: Code, codes: Sequence[Code], usage: Mapping[int, int], *, with_retired: bool
) -> None:
    """Draw the chosen code: where it stands, how often it was used, its actions and its form."""
    st.header(escape(item.name))
    n_below, n_family = code_tree.tell_family(codes, usage, item.id)
    below = f"; {n_family:,} with the {count(n_below, 'code')} below" if n_below else ""
    where = f"In {format_path(item.path[:-1])}. " if item.depth else ""
    retired = "Retired. " if item.status == "retired" else ""
    line(
        f"{retired}{where}{count(item.n_codings, 'coding')} of yours, "
        f"{usage.get(item.id, 0):,} by everybody{below}."
    )
    review_note(item.id)
    draw_actions(item, codes, usage, with_retired=with_retired)
    edit_form(item)
    if item.rests_on:
        line(f"Rests on: {', '.join(item.rests_on)}.")
    memo_thread("code", item.id)


def draw_codebook(codes: Sequence[Code]) -> None:
    """Draw tree and chosen code side by side, or the versions of the codebook."""
    view = choose_in_line("View", "codebook_view", list(VIEWS), words=lambda key: VIEWS[key],
                          show_label=False)  # fmt: skip
    if view == "versions":
        with st.container(horizontal=True, key="codebook_bar"):
            draw_history()
        draw_said()
        draw_versions()
        return
    usage = codebook.usage(*state.context().in_study())
    draw_toolbar()
    draw_said()
    unsaved_line = st.empty()
    with st.container(key="codebook_panes"):
        left, right = st.columns([5, 6], gap="medium")
    with left:
        item, with_retired = draw_tree(codes, usage)
    if item is not None:
        with right:
            draw_code(item, codes, usage, with_retired=with_retired)
    with unsaved_line:
        draw_unsaved(codes, item)


def draw_unsaved(codes: Sequence[Code], opened: Code | None) -> None:
    """Name the other codes for which something was written and not saved, and lead to them."""
    waiting = unsaved(codes, opened.id if opened else 0)
    if not waiting:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="unsaved_codes"):
        st.html('<p class="warning">Not saved yet:</p>', width="content")
        for item in waiting[:SHOWN_UNSAVED]:
            st.button(
                escape(item.name),
                key=f"unsaved_{item.id}",
                type="tertiary",
                on_click=open_code,
                args=(item.id,),
            )
        if len(waiting) > SHOWN_UNSAVED:
            line(f"and {count(len(waiting) - SHOWN_UNSAVED, 'more', 'more')}")


st.title("Codebook")
if found := list_codes(*state.context().in_study(), with_retired=True):
    if (waiting := sorting()) is None:
        draw_codebook(found)
    else:
        draw_sorting(waiting, found)
else:
    draw_said()
    draw_empty()
