"""One code to read and to edit.

In: a code as it is. Out: the fields that the person changed, saved; what somebody else changed in
the meantime is neither lost nor overwritten in silence.
"""

from __future__ import annotations

import streamlit as st

from workbench.domain.codings import Code
from workbench.errors import WorkbenchError
from workbench.services import codebook
from workbench.ui import state
from workbench.ui.components.extract_list import PLAIN_COLOUR
from workbench.ui.components.style import escape
from workbench.ui.components.words import refusal

TEXTS = ("name", "definition", "include", "exclude")
LISTS = ("examples", "cues")


def edit_form(item: Code) -> None:
    """Draw the form of a code, and save what was changed in it."""
    seen, round_ = _opened(item)
    with st.form(f"code_{item.id}_{round_}", border=False, enter_to_submit=False):
        filled = _fields(seen, round_)
        saved = st.form_submit_button("Save", type="primary")
    if saved:
        _save(seen, filled)
    elif item != seen:
        _open_again(item, round_)
        st.rerun()


def _opened(item: Code) -> tuple[Code, int]:
    """Give the code as it was when its form was opened, and a number for the form's keys."""
    kept: tuple[Code, int] | None = state.get("code_form")
    if kept is None or kept[0].id != item.id:
        kept = (item, kept[1] + 1 if kept else 0)
        state.put("code_form", kept)
    return kept


def _open_again(item: Code, round_: int) -> None:
    state.put("code_form", (item, round_ + 1))


def _fields(seen: Code, round_: int) -> dict[str, object]:
    """Draw the fields and give what stands in them."""

    def key(name: str) -> str:
        return state.study_key(f"code_{seen.id}_{round_}_{name}")

    filled: dict[str, object] = {}
    if seen.depth == 0:
        name, colour = st.columns([5, 1], vertical_alignment="bottom")
        filled["name"] = name.text_input("Name", seen.name, max_chars=200, key=key("name"))
        filled["colour"] = colour.color_picker(
            "Colour", seen.colour or PLAIN_COLOUR, key=key("colour")
        ).upper()
    else:
        filled["name"] = st.text_input("Name", seen.name, max_chars=200, key=key("name"))
    filled["definition"] = st.text_area(
        "Definition", seen.definition, height=80, key=key("definition")
    )
    left, right = st.columns(2)
    filled["include"] = left.text_area("Use it for", seen.include, height=96, key=key("include"))
    filled["exclude"] = right.text_area(
        "Do not use it for", seen.exclude, height=96, key=key("exclude")
    )
    filled["examples"] = left.text_area(
        "Examples, one a line", "\n".join(seen.examples), height=96, key=key("examples")
    )
    filled["cues"] = right.text_area(
        "Cues, one a line",
        "\n".join(seen.cues),
        height=96,
        key=key("cues"),
        help="Words on which the code is suggested. It is never applied by itself.",
    )
    return filled


def changed_fields(seen: Code, filled: dict[str, object]) -> dict[str, object]:
    """Give the fields that differ from the code as it was seen; lists as lists."""
    values = dict(filled)
    for name in TEXTS:
        values[name] = str(values[name]).strip()
    for name in LISTS:
        lines = (line.strip() for line in str(values[name]).splitlines())
        values[name] = [line for line in lines if line]
    if values.get("colour") == (seen.colour or PLAIN_COLOUR).upper():
        del values["colour"]
    return {
        name: value
        for name, value in values.items()
        if value != (list(getattr(seen, name)) if name in LISTS else getattr(seen, name).strip())
    }


def _save(seen: Code, filled: dict[str, object]) -> None:
    actor, database, study_id = state.context().in_study()
    changes = changed_fields(seen, filled)
    if not changes:
        st.toast("Nothing was changed.")
        return
    try:
        codebook.edit_code(actor, database, study_id, seen.id, changes, seen=seen)
    except WorkbenchError as error:
        refusal(error)
        return
    state.forget("code_form")
    state.say_after_rerun(f"Saved {escape(str(changes.get('name', seen.name)))}.")
    st.rerun()
