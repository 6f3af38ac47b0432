"""Threads of memos: read, answered, changed and taken away, on any page.

In: threads, or the one thing that they are about. Out: the threads, each with a box to reply on
request; what people write goes to the service in a callback, before anything is drawn.

`memo_thread(kind, key)` is all that a page needs to show the memos on what it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.domain.memos import KIND_NAMES, Memo, MemoFilter, Place, Purpose, TargetKind, Thread
from workbench.errors import WorkbenchError
from workbench.services.memos import memo_list, memos
from workbench.ui import state
from workbench.ui.components.codebooks.code_tree import open_code
from workbench.ui.components.coding.document_filter import prepare_filter
from workbench.ui.components.links import go_to
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.words import alone, count, line, when

BOX, WORDS, REFUSED, WRITTEN = "thread_box", "thread_words", "thread_refused", "thread_written"
FEW = 5
"""Threads that are shown on the page of what they are about; the page Memos has all."""

PURPOSES: dict[Purpose, str] = {
    "positionality": "Positionality memo", "reflexivity": "Reflexivity memo",
}  # fmt: skip

Box = tuple[str | int | None, ...]
"""Which box is open: ("new", kind, key, purpose), ("reply", memo) or ("edit", memo)."""


def memo_thread(kind: TargetKind, key: int, *, label: str = "Memos") -> None:
    """Show the memos on one thing, with a box to write another."""
    where = MemoFilter(kind=kind, target_id=key)
    found = memo_list.list_memos(*state.context().in_study(), where, limit=FEW)
    with st.container(key=f"memos_{kind}_{key}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{label}**", width="content")
            if found.n_memos:
                line(count(found.n_memos, "memo"), width="content")
            write_button(kind, key)
            undo_button()
        write_box(kind, key)
        draw_threads(found.threads, with_place=False)
        if found.n_threads > len(found.threads):
            line(f"The newest {len(found.threads):,} of {count(found.n_threads, 'thread')}. "
                 "The page Memos has all of them.")  # fmt: skip


def draw_threads(threads: Sequence[Thread], *, with_place: bool = True) -> None:
    """Show threads, one below the other."""
    for thread in threads:
        with st.container(key=f"thread_{thread.key}", gap=None):
            if with_place:
                _place_line(thread)
            _first(thread)
            for item in thread.replies:
                with st.container(key=f"thread_reply_{item.id}", gap=None):
                    _memo(item, thread)


def write_button(kind: TargetKind, key: int, *, purpose: Purpose | None = None) -> None:
    """Draw the button that opens the box for a new memo."""
    st.button(
        "Write a memo",
        key=f"write_{kind}_{key}_{purpose}",
        type="tertiary",
        icon=":material/edit:",
        on_click=open_box,
        args=(("new", kind, key, purpose),),
    )


def write_box(kind: TargetKind, key: int, *, purpose: Purpose | None = None) -> None:
    """Draw the box for a new memo, where it is open for this."""
    _box(
        ("new", kind, key, purpose),
        PURPOSES[purpose] if purpose else "Memo",
        lambda words: memos.write(*state.context().in_study(), kind, key, words, purpose=purpose),
    )


def undo_button() -> None:
    """Offer to take back what was done with memos in this session last."""
    if state.get(WRITTEN):
        st.button("Undo", icon=":material/undo:", key="thread_undo", type="tertiary",
                  on_click=_undo, help="Take back what you did with a memo last")  # fmt: skip


def open_box(box: Box, words: str = "") -> None:
    """Open one box, with words to begin from; any other one closes."""
    state.put(BOX, box)
    state.put(WORDS, words)
    state.forget(REFUSED)


def _place_line(thread: Thread) -> None:
    place = thread.place
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="memo-place"><bdi>{escape(place.label)}</bdi></p>', width="content")
        kind = KIND_NAMES[place.kind]
        if place.kind not in ("study", "codebook_version") and st.button(
            "Open in coding" if place.document_id is not None else f"Open the {kind}",
            key=f"place_{thread.key}",
            type="tertiary",
        ):
            open_place(place)


def open_place(place: Place) -> None:
    """Lead to what a memo is about."""
    if place.kind == "code" and place.code_id is not None:
        open_code(place.code_id)
        go_to("codebook")
    if place.kind == "respondent":
        state.put("open_respondent", place.respondent_id)
        go_to("respondents")
    if place.document_id is not None:
        prepare_filter("coding", DocumentFilter())
        state.put("open_document", place.document_id)
        go_to("coding")


def is_new(box: object) -> bool:
    """Tell whether the open box is for a new memo that nobody has asked for."""
    return isinstance(box, tuple) and box[0] == "new" and box[-1] is None


def _first(thread: Thread) -> None:
    if thread.root is None:
        line("A reply to a memo that you cannot see yet.")
    elif thread.root.taken_away:
        line("The first memo was removed by its author.")
    else:
        _memo(thread.root, thread)


def _memo(item: Memo, thread: Thread) -> None:
    """Show one memo, and what can be done with it."""
    purpose = f"{PURPOSES[item.purpose]} by " if item.purpose else ""
    changed = f", changed {when(item.changed_at)}" if item.is_changed else ""
    st.html(
        f'<p class="memo-text" dir="auto">{escape(item.text)}</p>'
        f'<p class="quiet">{purpose}<bdi>{escape(item.author)}</bdi>, '
        f"{when(item.created_at)}{changed}</p>"
    )
    is_last, is_own = item is thread.memos[-1], item.author_id == state.context().actor.id
    if not (is_last or is_own):
        return
    with st.container(horizontal=True, gap="small"):
        if is_last:
            st.button("Reply", key=f"reply_{thread.key}", type="tertiary",
                      on_click=open_box, args=(("reply", thread.key),))  # fmt: skip
        if is_own:
            _own_buttons(item)
    at = state.context().in_study()
    _box(("edit", item.id), "Memo", lambda words: memos.edit(*at, item.id, words))
    if is_last:
        place = thread.place
        _box(
            ("reply", thread.key),
            "Reply",
            lambda words: memos.write(*at, place.kind, place.id, words, reply_to=item.id),
        )


def _own_buttons(item: Memo) -> None:
    st.button("Change", key=f"edit_{item.id}", type="tertiary", on_click=open_box,
              args=(("edit", item.id), item.text))  # fmt: skip
    st.button("Remove", key=f"take_{item.id}", type="tertiary", on_click=_take_away,
              args=(item.id,), help="It can be brought back with Undo")  # fmt: skip


def _box(box: Box, label: str, save: Callable[[str], object]) -> None:
    if state.get(BOX) != box:
        return
    key = "_".join(str(part) for part in box)
    with st.form(f"thread_form_{key}", border=False, width=620):
        st.text_area(
            label, key=state.study_key(WORDS), max_chars=memo_list.MAX_MEMO, height=130,
            help="Ctrl + Enter saves.",
        )  # fmt: skip
        with st.container(horizontal=True):
            st.form_submit_button("Save memo" if label != "Reply" else "Save reply",
                                  type="primary", on_click=_save, args=(save,))  # fmt: skip
            st.form_submit_button("Cancel", on_click=state.forget, args=(BOX,))
    refused = state.get(REFUSED)
    if refused:
        st.error(escape_markdown(refused), icon=":material/error:")
        state.forget(REFUSED)


def _save(save: Callable[[str], object]) -> None:
    try:
        save(state.get(WORDS) or "")
    except WorkbenchError as error:  # in a callback nothing else would show it
        state.put(REFUSED, alone(error))
        return
    state.forget(BOX)
    state.put(WRITTEN, True)
    state.say_after_rerun("The memo is saved.")


def _take_away(memo_id: int) -> None:
    try:
        memos.take_away(*state.context().in_study(), memo_id)
    except WorkbenchError as error:
        state.say_after_rerun(alone(error))
        return
    state.forget(BOX)
    state.put(WRITTEN, True)
    state.say_after_rerun("The memo is removed.")


def _undo() -> None:
    try:
        label = memos.undo_memo(*state.context().in_study())
    except WorkbenchError as error:
        state.say_after_rerun(alone(error))
        return
    finally:
        state.forget(WRITTEN)
    state.say_after_rerun(f"Undone: {label}.")
