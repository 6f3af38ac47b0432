"""What is known of one respondent, to read and to correct by hand.

In: a respondent. Out: values set, cleared or given back to the file, one operation each, which can
be undone. Identifying attributes are not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from workbench.errors import ConflictError, WorkbenchError
from workbench.services.coding.extracts import readable_date
from workbench.services.surveys import attributes
from workbench.services.surveys.attribute_traits import StoredAttribute
from workbench.services.surveys.attributes import KnownValues
from workbench.services.trail import undo
from workbench.ui import state
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.words import refusal

OPENED = "attribute_editor"


def attribute_editor(respondent_id: int) -> None:
    """Draw a respondent's attributes, each with a way to change it."""
    known = attributes.list_values(*state.context().in_study(), respondent_id)
    if not known:
        st.html('<p class="quiet">The study holds no attributes that may be shown.</p>')
    with st.container(key="attribute_rows", gap=None):
        for found in known:
            _row(respondent_id, found)
    _history()


def _row(respondent_id: int, found: KnownValues) -> None:
    opened: tuple[int, int, tuple[str, ...]] | None = state.get(OPENED)
    if opened is not None and opened[:2] == (respondent_id, found.item.id) and found.can_be_set:
        _edit(respondent_id, found, opened[2])
        return
    with st.container(key=f"attribute_row_{found.item.id}"):
        name, value, button = st.columns([3, 6, 1.4], vertical_alignment="center")
        name.html(f'<p class="quiet">{escape(found.item.title)}</p>')
        value.html(_shown(found))
        if found.can_be_set:
            button.button(
                "Edit",
                key=state.study_key(f"edit_{respondent_id}_{found.item.id}"),
                type="tertiary",
                help=f"Change {escape_markdown(found.item.title)}",
                on_click=_open,
                args=(respondent_id, found),
            )


def _shown(found: KnownValues) -> str:
    values = "; ".join(f"<bdi>{escape(readable_date(value))}</bdi>" for value in found.values)
    about = ""
    if not found.can_be_set:
        about = "derived: follows its original"
    elif found.set_by:
        about = f"set by {found.set_by} on {readable_date(found.set_at)}; imports leave it alone"
    below = f'<span class="about">{escape(about)}</span>' if about else ""
    return f'<p class="named">{values or "<i>Not stated</i>"}{below}</p>'


def _open(respondent_id: int, found: KnownValues) -> None:
    state.put(OPENED, (respondent_id, found.item.id, found.values))


def _close() -> None:
    state.forget(OPENED)


def _edit(respondent_id: int, found: KnownValues, seen: tuple[str, ...]) -> None:
    """Draw the widget of one attribute, as it was when it was opened, and what can be done."""
    with st.container(border=True, key="attribute_edit"):
        wanted = _widget(respondent_id, found.item, seen)
        with st.container(horizontal=True):
            if st.button("Save", type="primary"):
                _save(respondent_id, found, wanted, seen)
            if seen and st.button("Clear"):
                _save(respondent_id, found, (), seen)
            if found.set_by and st.button(
                "Take the file's value again",
                help="It comes with the next import; until then the value stays.",
            ):
                _release(respondent_id, found)
            st.button("Cancel", on_click=_close)


def _widget(respondent_id: int, item: StoredAttribute, seen: tuple[str, ...]) -> Sequence[str]:
    """Draw what fits the attribute's kind; give the values that are chosen or typed."""
    key = state.study_key(f"value_{respondent_id}_{item.id}_{hash(seen)}")
    title = escape_markdown(item.title)
    if item.kind in ("number", "date"):
        example = {"number": "12 or 2.5", "date": "2022-02-14"}.get(item.kind, "")
        typed = st.text_input(title, "".join(seen[:1]), key=key, placeholder=example, max_chars=500)
        return (typed,) if typed.strip() else ()
    offered = attributes.choices(*state.context().in_study(), item.id)
    offered = list(dict.fromkeys((*offered, *seen)))
    if item.kind == "multi":
        return st.multiselect(
            title, offered, list(seen), key=key, accept_new_options=True,
            placeholder="Choose or type",
        )  # fmt: skip
    chosen = st.selectbox(
        title, offered, key=key, accept_new_options=True, placeholder="Choose or type",
        index=offered.index(seen[0]) if seen else None,
    )  # fmt: skip
    return (chosen,) if chosen else ()


def _save(
    respondent_id: int, found: KnownValues, values: Sequence[str], seen: tuple[str, ...]
) -> None:
    actor, database, study_id = state.context().in_study()
    try:
        changed = attributes.set_values(
            actor, database, study_id, respondent_id, found.item.id, values, seen=seen
        )
    except ConflictError as error:
        _open(respondent_id, found)
        refusal(error)
        return
    except WorkbenchError as error:
        refusal(error)
        return
    _finish(f"Saved {found.item.title}." if changed else "Nothing was changed.")


def _release(respondent_id: int, found: KnownValues) -> None:
    actor, database, study_id = state.context().in_study()
    attributes.release(actor, database, study_id, respondent_id, found.item.id)
    _finish(f"The next import sets {found.item.title} again.")


def _finish(said: str) -> None:
    _close()
    state.say_after_rerun(escape_markdown(said))
    st.rerun()


def _history() -> None:
    """Offer to take back, and to do again, what was set by hand."""
    actor, database, study_id = state.context().in_study()
    back = undo.last_label(actor, database, study_id, undo.VALUES)
    again = undo.next_label(actor, database, study_id, undo.VALUES)
    with st.container(horizontal=True):
        for name, icon, label, act in (
            ("Undo", "undo", back, undo.undo),
            ("Redo", "redo", again, undo.redo),
        ):
            if label and st.button(
                f"{name} {escape_markdown(label)}", icon=f":material/{icon}:", type="tertiary",
                key=f"values_{name}",
            ):  # fmt: skip
                try:
                    act(actor, database, study_id, undo.VALUES)
                except WorkbenchError as error:
                    refusal(error)
                    return
                _finish(f"{'Undone' if name == 'Undo' else 'Done again'}: {label}.")
