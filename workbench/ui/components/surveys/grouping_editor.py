"""Make or change a derived grouping, with what it would give before it is saved.

In: an original, and a derived attribute to change or none. Out: groups saved, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from workbench.domain.groupings import Merge, Rule
from workbench.errors import WorkbenchError
from workbench.services.surveys import attribute_traits, attributes, grouping_offers, groupings
from workbench.services.surveys.attribute_traits import AttributeDetail, StoredAttribute
from workbench.services.surveys.groupings import Preview
from workbench.ui import state
from workbench.ui.boundary import errors_shown
from workbench.ui.components.style import escape
from workbench.ui.components.surveys.band_editor import band_editor, begin_bands
from workbench.ui.components.surveys.group_sizes import size_table, small_groups
from workbench.ui.components.surveys.merge_editor import begin_merge, merge_editor
from workbench.ui.components.words import line, refusal


@dataclass(frozen=True, slots=True)
class Task:
    """What is being edited: groups from `source_id`; a new attribute, or `attribute_id`.

    `seen` is the rule from which the person began.
    """

    source_id: int
    attribute_id: int | None = None
    seen: Rule | None = None


def begin(source: StoredAttribute, derived: AttributeDetail | None = None) -> None:
    """Open the editor, from a button's callback."""
    rule = derived.rule if derived else None
    with errors_shown():
        if source.kind in ("number", "date"):
            begin_bands(rule)
        else:
            begin_merge(source.id, rule if isinstance(rule, Merge) else None)
        state.put("grouping_task", Task(source.id, derived.item.id if derived else None, rule))


def task() -> Task | None:
    """Give what is being edited, if anything is."""
    found: Task | None = state.get("grouping_task")
    return found


def close() -> None:
    """Leave the editor without saving."""
    state.forget("grouping_task")


def grouping_editor(wanted: Task) -> None:
    """Draw the editor with its preview, and save when asked."""
    actor, database, study_id = state.context().in_study()
    source = attribute_traits.describe(actor, database, study_id, wanted.source_id).item
    old = None
    if wanted.attribute_id is not None:
        old = attribute_traits.describe(actor, database, study_id, wanted.attribute_id)
    title = f"Groups from {source.title}" if old is None else f"Groups of {old.item.title}"
    st.header(escape(title))
    with st.container(key="groups_panes"):
        left, right = st.columns([7, 5], gap="medium")
    with left:
        label = _name(source) if old is None else ""
        banded = source.kind in ("number", "date")
        rule: Rule | None = band_editor(source) if banded else merge_editor(source.id)
    with right:
        openly = old.openly if old else _openly(source)
        seen = _preview(source, rule, openly=openly)
        with st.container(horizontal=True):
            saved = st.button("Save the groups", type="primary", disabled=seen is None)
            st.button("Cancel", on_click=close)
        if saved and rule is not None:
            _save(wanted, old, rule, label, openly=openly)


def _name(source: StoredAttribute) -> str:
    banded = source.kind in ("number", "date")
    example = f"{source.title}, in bands" if banded else f"Broad {source.title.lower()}"
    return st.text_input(
        "Name of the new grouping",
        key=state.study_key(f"grouping_name_{source.id}"),
        placeholder=f"Such as: {example}",
        max_chars=200,
        width=440,
    )


def _openly(source: StoredAttribute) -> bool:
    """Ask an owner whether coarse bands of an identifying attribute may be shown."""
    if not source.identifying:
        return False
    line(
        f"{source.title} is identifying. What is derived from it is identifying too: it is kept, "
        "and never shown, offered or exported."
    )
    if not attributes.is_owner(*state.context().in_study()):
        return False
    wanted = st.checkbox(
        "Show the result: it is coarse enough",
        help="Only for bands no finer than years with at least five respondents in each.",
    )
    if wanted:
        line("Together with other attributes even coarse bands can point to one person.", "warning")
    return wanted


def _preview(source: StoredAttribute, rule: Rule | None, *, openly: bool) -> Preview | None:
    """Show what the rule would give; None where it cannot be saved."""
    if rule is None or (isinstance(rule, Merge) and not rule.groups):
        what = "where a band begins" if rule is None else "a group beside at least one value"
        line(f"Write {what}: what comes of it is shown here.")
        return None
    try:
        seen = groupings.preview(*state.context().in_study(), source.id, rule, openly=openly)
    except WorkbenchError as error:
        refusal(error)
        return None
    if not seen.hidden:
        size_table(seen.groups, title="What comes of it")
        small_groups(seen.groups)
    return seen


def _save(
    wanted: Task, old: AttributeDetail | None, rule: Rule, label: str, *, openly: bool
) -> None:
    actor, database, study_id = state.context().in_study()
    try:
        if old is not None:
            groupings.change(actor, database, study_id, old.item.id, rule, seen=wanted.seen)
            key, title = old.item.id, old.item.title
        else:
            title = " ".join(label.split())
            key = groupings.make(
                actor, database, study_id, wanted.source_id, rule,
                name=grouping_offers.short_name(title), label=title, openly=openly,
            )  # fmt: skip
    except WorkbenchError as error:
        refusal(error)
        return
    close()
    state.put("groups_next", key)
    state.say_after_rerun(f"Saved {escape(title)}.")
    st.rerun()
