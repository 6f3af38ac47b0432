"""Saved filters of a page: open, save, rename, delete. They belong to everybody in the study.

In: what the page filters by now, and how it takes another filter. Out: a button with what can be
done behind it.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.services.coding import saved_filters as service
from workbench.services.coding.saved_filters import Page, SavedFilter, Settings
from workbench.ui import state
from workbench.ui.components.style import escape
from workbench.ui.components.words import refusal


def saved_filters(page: Page, current: Settings, apply: Callable[[Settings], None]) -> None:
    """Draw the button.

    Parameters
    ----------
    current
        What a new name is given to.
    apply
        Sets the page's widgets, before they are drawn.
    """
    kept = service.list_filters(*state.context().in_study(), page)
    label = f"Saved filters: {len(kept)}" if kept else "Saved filters"
    with st.popover(label, icon=":material/bookmark:", key=state.study_key(f"{page}_saved")):
        error: WorkbenchError | None = state.get(f"{page}_saved_error")
        state.forget(f"{page}_saved_error")
        if error is not None:
            refusal(error)
        if kept:
            _open(page, kept, apply)
        _save(page, kept, current)
        _link(has_search=bool(current.documents.search))


def _link(*, has_search: bool) -> None:
    """Show the address of what the page shows, to be copied."""
    apart = " The words that you search for are not in it." if has_search else ""
    st.caption(f"Link to what the page shows now. It does not say who opens it.{apart}")
    st.code(state.link(), language=None, wrap_lines=True)


def _open(page: Page, kept: list[SavedFilter], apply: Callable[[Settings], None]) -> None:
    by_id = {item.id: item for item in kept}
    key = f"{page}_saved_one"
    if state.get(key) not in by_id:
        state.put(key, None)
    chosen = st.selectbox(
        "Saved filter",
        list(by_id),
        index=None,
        format_func=lambda item: by_id[item].name,
        key=state.study_key(key),
        placeholder="Choose one",
    )
    item = by_id.get(chosen) if chosen is not None else None
    if item is None:
        return
    gone = f" It named what the study has not got any more: {', '.join(item.gone)}."
    st.caption(f"Saved by {escape(item.created_by)}.{gone if item.gone else ''}")
    with st.container(horizontal=True):
        st.button("Open", type="primary", key=f"{page}_saved_open", on_click=apply,
                  args=(item.settings,))  # fmt: skip
        if state.get(f"{page}_saved_deleting") != item.id:
            st.button("Delete", key=f"{page}_saved_delete", on_click=state.put,
                      args=(f"{page}_saved_deleting", item.id))  # fmt: skip
            return
        st.button("Delete it for everybody", key=f"{page}_saved_confirm", on_click=_delete,
                  args=(page, item))  # fmt: skip
        st.button("Keep it", key=f"{page}_saved_keep", type="tertiary", on_click=state.forget,
                  args=(f"{page}_saved_deleting",))  # fmt: skip


def _save(page: Page, kept: list[SavedFilter], current: Settings) -> None:
    name = st.text_input(
        "Name for this filter",
        key=state.study_key(f"{page}_saved_name"),
        max_chars=service.MAX_NAME,
        placeholder="What the page shows now",
    )
    taken = " ".join(name.split()).casefold() in {item.name.casefold() for item in kept}
    chosen = next((item for item in kept if item.id == state.get(f"{page}_saved_one")), None)
    with st.container(horizontal=True):
        st.button(
            "Save in its place" if taken else "Save",
            key=f"{page}_saved_save",
            disabled=not name.strip(),
            on_click=_do_save,
            args=(page, name, current, taken),
        )
        if chosen is not None and not taken:
            st.button(
                "Rename the chosen one",
                key=f"{page}_saved_rename",
                disabled=not name.strip(),
                help=f"{escape(chosen.name)} is called so from then on",
                on_click=_rename,
                args=(page, chosen.id, name),
            )


def _do_save(page: Page, name: str, current: Settings, overwrite: bool) -> None:
    _try(
        page,
        lambda: service.save_filter(
            *state.context().in_study(), page, name, current, overwrite=overwrite
        ),
        f"Saved as {name.strip()}.",
    )


def _rename(page: Page, filter_id: int, name: str) -> None:
    _try(
        page,
        lambda: service.rename_filter(*state.context().in_study(), page, filter_id, name),
        f"Renamed to {name.strip()}.",
    )


def _delete(page: Page, item: SavedFilter) -> None:
    state.forget(f"{page}_saved_deleting")
    _try(
        page,
        lambda: service.delete_filter(*state.context().in_study(), page, item.id),
        f"The filter {item.name} is deleted.",
    )


def _try(page: Page, deed: Callable[[], object], said: str) -> None:
    """Do it before the page is drawn again; what is refused is said where it was asked for."""
    try:
        deed()
    except WorkbenchError as error:
        state.put(f"{page}_saved_error", error)
        return
    state.put(f"{page}_saved_name", "")
    state.say_after_rerun(said)
