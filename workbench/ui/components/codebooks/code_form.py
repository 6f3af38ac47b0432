"""One code to read and to edit.

In: a code as it is. Out: the fields that the person changed, saved; what somebody else changed in
the meantime is neither lost nor overwritten in silence, and what was written and not saved stays
until it is saved or thrown away, whichever code or page is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from workbench.domain.codings import Code
from workbench.errors import WorkbenchError
from workbench.services.codebooks import codebook
from workbench.services.codebooks.refine_preview import preview
from workbench.ui import state
from workbench.ui.components.coding.extract_list import PLAIN_COLOUR
from workbench.ui.components.style import escape
from workbench.ui.components.words import line, refusal

TEXTS = ("name", "definition", "include", "exclude")
LISTS = ("examples", "cues")
DEFINING = frozenset({"definition", "include", "exclude"})
"""A change of these may change what should be coded."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has written for a code and not saved; `seen` is the code as it was then."""

    seen: Code
    written: dict[str, object]


def edit_form(item: Code) -> None:
    """Draw the fields of a code, save what was changed in them, or throw it away on request.

    Fields stand outside a form, for the browser keeps what is typed in a form to itself: it would
    be lost as soon as another code is opened.
    """
    draft = _drafts().get(item.id)
    seen = draft.seen if draft else item
    round_ = _round(seen)
    filled = _fields(seen, round_, draft)
    changes = changed_fields(seen, filled)
    with st.container(horizontal=True, vertical_alignment="center", key="code_save"):
        saved = st.button("Save", type="primary", key="save_code")
        if changes:
            st.button("Discard", key="discard_code", on_click=_drop, args=(seen.id,))
            st.html('<p class="warning">Not saved.</p>', width="content")
            if DEFINING & changes.keys():
                _say_review(item)
    if saved:
        _save(seen, changes)
    if not changes and draft:
        _forget(seen.id)


def _say_review(item: Code) -> None:
    """Say how many codings a changed definition would bring back to be looked at."""
    found = preview(*state.context().in_study(), "redefine", [item.id])
    if found.codings or found.blind:
        line(f"Saving it brings {found.words} under review again.")


def unsaved(codes: Sequence[Code], open_id: int) -> list[Code]:
    """List the codes, other than the open one, for which something was written and not saved."""
    drafts = _drafts()
    return [
        item
        for item in codes
        if item.id != open_id
        and (draft := drafts.get(item.id))
        and changed_fields(draft.seen, {**_as_written(draft.seen), **draft.written})
    ]


def _drafts() -> dict[int, Draft]:
    found: dict[int, Draft] = state.get("code_drafts", {})
    return found


def _note(seen: Code, name: str, key: str) -> None:
    """Keep what was written in a field, before anything is drawn: another page may come next."""
    known = _drafts().get(seen.id)
    written = {**(known.written if known else {}), name: state.get(key)}
    state.put("code_drafts", {**_drafts(), seen.id: Draft(known.seen if known else seen, written)})


def _forget(code_id: int) -> None:
    state.put("code_drafts", {key: it for key, it in _drafts().items() if key != code_id})


def _drop(code_id: int) -> None:
    """Forget what was written, and draw the fields afresh."""
    _forget(code_id)
    state.forget("code_form")


def _round(seen: Code) -> int:
    """Give a number for the fields' keys: another one as soon as they show another code."""
    kept: tuple[Code, int] | None = state.get("code_form")
    if kept is None or kept[0] != seen:
        kept = (seen, int(state.get("code_rounds", 0)) + 1)
        state.put("code_rounds", kept[1])
        state.put("code_form", kept)
    return kept[1]


def _as_written(seen: Code) -> dict[str, object]:
    """Give a code's fields as they stand in the boxes."""
    values: dict[str, object] = {name: getattr(seen, name) for name in TEXTS}
    values |= {name: "\n".join(getattr(seen, name)) for name in LISTS}
    if seen.depth == 0:
        values["colour"] = seen.colour or PLAIN_COLOUR
    return values


def _fields(seen: Code, round_: int, draft: Draft | None) -> dict[str, object]:
    """Draw the fields and give what stands in them."""
    values = {**_as_written(seen), **(draft.written if draft else {})}

    def field(name: str) -> dict[str, Any]:
        key = f"code_{seen.id}_{round_}_{name}"
        if not state.has(key):
            state.put(key, values[name])
        return {"key": state.study_key(key), "on_change": _note, "args": (seen, name, key)}

    filled: dict[str, object] = {}
    if seen.depth == 0:
        name, colour = st.columns([5, 1], vertical_alignment="bottom")
        filled["name"] = name.text_input("Name", max_chars=200, **field("name"))
        filled["colour"] = colour.color_picker("Colour", **field("colour")).upper()
    else:
        filled["name"] = st.text_input("Name", max_chars=200, **field("name"))
    filled["definition"] = st.text_area("Definition", height=80, **field("definition"))
    left, right = st.columns(2)
    filled["include"] = left.text_area("Use it for", height=96, **field("include"))
    filled["exclude"] = right.text_area("Do not use it for", height=96, **field("exclude"))
    filled["examples"] = left.text_area("Examples, one a line", height=96, **field("examples"))
    filled["cues"] = right.text_area(
        "Cues, one a line",
        height=96,
        help="Words on which the code is suggested. It is never applied by itself.",
        **field("cues"),
    )
    return filled


def changed_fields(seen: Code, filled: dict[str, object]) -> dict[str, object]:
    """Give the fields that differ from the code as it was seen; lists as lists."""
    values = dict(filled)
    for name in TEXTS:
        values[name] = str(values[name]).strip()
    for name in LISTS:
        lines = (part.strip() for part in str(values[name]).splitlines())
        values[name] = [part for part in lines if part]
    if str(values.get("colour", "")).upper() == (seen.colour or PLAIN_COLOUR).upper():
        del values["colour"]
    return {
        name: value
        for name, value in values.items()
        if value != (list(getattr(seen, name)) if name in LISTS else getattr(seen, name).strip())
    }


def _save(seen: Code, changes: dict[str, object]) -> None:
    actor, database, study_id = state.context().in_study()
    if not changes:
        st.toast("Nothing was changed.")
        return
    try:
        codebook.edit_code(actor, database, study_id, seen.id, changes, seen=seen)
    except WorkbenchError as error:
        refusal(error)
        return
    _drop(seen.id)
    state.say_after_rerun(f"Saved {escape(str(changes.get('name', seen.name)))}.")
    st.rerun()
