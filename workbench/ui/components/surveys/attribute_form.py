"""How an attribute is shown: its label, the order of its values, whether it is offered.

In: an attribute as it is. Out: what the person changed, saved; imports then leave it alone.
"""

from __future__ import annotations

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.services.surveys import attribute_traits
from workbench.services.surveys.attribute_traits import AttributeDetail, StoredAttribute
from workbench.services.surveys.groupings import NOT_STATED, UNSETTLED
from workbench.ui import state
from workbench.ui.components.style import escape
from workbench.ui.components.words import line, refusal

MOST = 60
"""The order of more values than this is not set by hand."""


def attribute_form(detail: AttributeDetail) -> None:
    """Draw the form of an attribute, and save what was changed in it."""
    item = detail.item
    shown = [group.name for group in detail.groups if group.name not in (NOT_STATED, UNSETTLED)]
    can_order = not item.identifying and item.kind not in ("number", "date") and len(shown) <= MOST
    version = hash((item, tuple(shown)))
    with st.form(state.study_key(f"traits_{item.id}_{version}"), border=False, width=440):
        filled: dict[str, object] = {
            "label": st.text_input(
                "Label", item.label or item.title, max_chars=200, help="As people read it."
            )
        }
        if item.derived_from is not None:
            filled["name"] = st.text_input(
                "Short name", item.name, max_chars=200,
                help="On the command line and as a heading in exports.",
            )  # fmt: skip
        if not item.identifying:
            filled["grouping"] = st.toggle("Offer it for grouping", item.grouping)
        if can_order:
            text = st.text_area(
                "Order of values, one a line",
                "\n".join(shown),
                height=min(68 + 24 * len(shown), 320),
                help="The groups are shown in this order everywhere.",
            )
            filled["ordered_values"] = [row.strip() for row in text.splitlines() if row.strip()]
        saved = st.form_submit_button("Save")
    if saved:
        _save(item, _changed(item, shown, filled))
    if item.edited and item.derived_from is None:
        _offer_file(item)


def _changed(
    item: StoredAttribute, shown: list[str], filled: dict[str, object]
) -> dict[str, object]:
    """Give what differs from what was shown."""
    now = {
        "label": item.label or item.title,
        "name": item.name,
        "grouping": item.grouping,
        "ordered_values": shown,
    }
    return {name: value for name, value in filled.items() if value != now[name]}


def _save(item: StoredAttribute, changes: dict[str, object]) -> None:
    actor, database, study_id = state.context().in_study()
    try:
        changed = attribute_traits.edit(actor, database, study_id, item.id, changes, seen=item)
    except WorkbenchError as error:
        refusal(error)
        return
    said = f"Saved {escape(item.title)}." if changed else "Nothing was changed."
    state.say_after_rerun(said)
    st.rerun()


def _offer_file(item: StoredAttribute) -> None:
    line("Set here: imports leave it alone.")
    if st.button("As in the file again", type="tertiary", help="From the next import on"):
        attribute_traits.as_in_the_file(*state.context().in_study(), item.id)
        state.say_after_rerun(f"The next import sets {escape(item.title)} again.")
        st.rerun()
