"""Groups: the attributes of respondents, and groupings derived from them.

In: the open study. Out: labels, orders and derived groupings, each of which can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.domain.groupings import Calendar, DateBands, Merge, NumberBands
from workbench.domain.text import snippet
from workbench.errors import WorkbenchError
from workbench.services.coding.extracts import readable_date
from workbench.services.surveys import attribute_traits, groupings
from workbench.services.surveys.attribute_traits import AttributeDetail, ListedAttribute
from workbench.services.trail import undo
from workbench.ui import state
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import keep, prepare, recall
from workbench.ui.components.style import escape
from workbench.ui.components.surveys.attribute_form import attribute_form
from workbench.ui.components.surveys.group_sizes import size_table, small_groups
from workbench.ui.components.surveys.grouping_editor import begin, grouping_editor, task
from workbench.ui.components.surveys.spelling_hint import spelling_hint
from workbench.ui.components.words import count, line, refusal

KINDS = {
    "category": "one value each",
    "ordered": "values in order",
    "number": "numbers",
    "date": "dates",
    "multi": "several values each",
}
SIZES = {
    "category": ("value", ""),
    "ordered": ("value", " in order"),
    "number": ("number", ""),
    "date": ("date", ""),
    "multi": ("value", ", several each"),
}
LABEL_CHARS = 40
LONG, MOST = 30, 100
"""From how many attributes on they are searched for, and how many are listed at once."""


def empty() -> None:
    """Lead to the import while there is nothing to group by."""
    st.html(
        '<div class="empty"><p>The study holds no attributes yet. Attributes come with a survey '
        "file: columns such as an ethnic group, an age or a region.</p></div>"
    )
    if st.button("Import a survey", type="primary"):
        go_to("import_survey")


def history() -> None:
    """Offer to take back, and to do again, what was done with groups."""
    actor, database, study_id = state.context().in_study()
    back = undo.last_label(actor, database, study_id, undo.GROUPS)
    again = undo.next_label(actor, database, study_id, undo.GROUPS)
    with st.container(horizontal=True, key="groups_bar"):
        for name, icon, label, act in (
            ("Undo", "undo", back, undo.undo), ("Redo", "redo", again, undo.redo)
        ):  # fmt: skip
            shown = f"{name} {escape(snippet(label, LABEL_CHARS))}" if label else name
            if st.button(
                shown, icon=f":material/{icon}:", disabled=not label, key=f"groups_{name}"
            ):
                try:
                    act(actor, database, study_id, undo.GROUPS)
                except WorkbenchError as error:
                    refusal(error)
                    return
                said = "Undone" if name == "Undo" else "Done again"
                state.say_after_rerun(f"{said}: {escape(label)}.")
                st.rerun()


def narrowed(listed: Sequence[ListedAttribute]) -> Sequence[ListedAttribute]:
    """Draw a search over a long list; give the attributes to show, those that are chosen too."""
    if len(listed) <= LONG:
        return listed
    recall("groups_search", "")
    wanted = keep("groups_search", st.text_input(
        "Find an attribute", key=state.study_key("groups_search"), max_chars=200,
        placeholder="Any part of its name",
    )).casefold().strip()  # fmt: skip
    chosen = recall("groups_chosen")
    found = [
        item for item in listed
        if wanted in item.item.title.casefold() or wanted in item.item.name.casefold()
    ]  # fmt: skip
    shown = found[:MOST]
    if len(found) > MOST:
        line(f"The first {MOST} of {len(found):,} are shown.")
    elif not found:
        line("No attribute is called so.")
    return [*(item for item in listed if item.item.id == chosen and item not in shown), *shown]


def choose(listed: Sequence[ListedAttribute]) -> int:
    """Draw the list of attributes; give the one that is chosen."""
    by_key = {item.item.id: item for item in listed}
    if recall("groups_chosen") not in by_key:
        state.put("groups_chosen", next(iter(by_key)))
    with st.container(key="attributes", height=560 if len(listed) > 12 else "content"):
        chosen = st.radio(
            "Attributes",
            list(by_key),
            format_func=lambda key: _name(by_key[key]),
            captions=[_caption(item) for item in listed],
            key=state.study_key("groups_chosen"),
            label_visibility="collapsed",
            width="stretch",
        )
    return keep("groups_chosen", int(chosen or 0))


def _name(listed: ListedAttribute) -> str:
    below = "↳ " if listed.item.derived_from is not None else ""
    return below + escape(listed.item.title)


def _caption(listed: ListedAttribute) -> str:
    if listed.item.identifying:
        return "identifying: never shown"
    one, after = SIZES[listed.item.kind]
    parts = [f"{count(listed.n_values, one)}{after}"]
    if not listed.item.grouping:
        parts.append("not offered")
    if listed.n_unsettled:
        parts.insert(0, f":orange[{listed.n_unsettled:,} in no group yet]")
    return ", ".join(parts)


def show(detail: AttributeDetail) -> None:
    """Show one attribute: where it comes from, its groups, what can be done with it."""
    item = detail.item
    st.header(escape(item.title))
    line(_origin(detail))
    _actions(detail)
    if item.identifying:
        line("It is identifying: its values stay in the database and are never shown.")
    elif item.kind in ("number", "date"):
        line(_range(detail))
    else:
        size_table(detail.groups, title="Respondents by group")
        if detail.rule is not None:
            small_groups(detail.groups)
        else:
            spelling_hint(item)
    waiting = next((group.n for group in detail.groups if group.name == groupings.UNSETTLED), 0)
    if waiting:
        respondents = count(waiting, "respondent is", "respondents are")
        line(f"{respondents} in no group yet. Change the groups to settle it.", "warning")
    with st.expander("Label, order and grouping"):
        attribute_form(detail)


def _origin(detail: AttributeDetail) -> str:
    source = detail.source.title if detail.source else ""
    if isinstance(detail.rule, Merge):
        return f"Merged from {source}, which stays as it is."
    if isinstance(detail.rule, Calendar):
        return f"{source} by {detail.rule.by}."
    if isinstance(detail.rule, NumberBands | DateBands):
        return f"Bands of {source}, which stays as it is."
    return f"From the file, as {detail.item.name}: {KINDS[detail.item.kind]}."


def _range(detail: AttributeDetail) -> str:
    values = [group.name for group in detail.groups if group.name != groupings.NOT_STATED]
    if not values:
        return "Nobody has a value."
    known = sum(group.n for group in detail.groups if group.name != groupings.NOT_STATED)
    first, last = values[0], values[-1]
    return (
        f"{count(known, 'respondent')} with {count(len(values), 'different value')}, from "
        f"{readable_date(first)} to {readable_date(last)}. Put them into bands to group by them."
    )


def _actions(detail: AttributeDetail) -> None:
    item = detail.item
    with st.container(horizontal=True, key="groups_actions"):
        if detail.source is not None:
            st.button("Change the groups", on_click=begin, args=(detail.source, detail))
            if not item.identifying and st.button("Count themes by it"):
                prepare("themes_by", item.name)
                go_to("themes")
            if st.button("Remove", type="tertiary", help="The original stays; this can be undone"):
                groupings.remove(*state.context().in_study(), item.id)
                state.put("groups_next", item.derived_from)
                state.say_after_rerun(f"Removed {escape(item.title)}. Undo brings it back.")
                st.rerun()
        elif item.kind in ("number", "date"):
            st.button("Make bands", type="primary", on_click=begin, args=(item,))
        elif not item.identifying and len(detail.groups) <= groupings.MAX_MERGED:
            st.button("Merge values", type="primary", on_click=begin, args=(item,))


def draw(listed: Sequence[ListedAttribute]) -> None:
    """Draw the list beside the chosen attribute or what is being edited."""
    if state.has("groups_next"):
        prepare("groups_chosen", state.get("groups_next"))
        state.forget("groups_next")
    history()
    wanted = task()
    if wanted is not None and wanted.source_id in {item.item.id for item in listed}:
        grouping_editor(wanted)
        return
    with st.container(key="groups_panes"):
        left, right = st.columns([4, 7], gap="medium")
    with left:
        n_derived = sum(item.item.derived_from is not None for item in listed)
        n_originals = count(len(listed) - n_derived, "attribute")
        line(f"{n_originals}, {count(n_derived, 'derived grouping')}")
        chosen = choose(narrowed(listed) or listed[:1])
    with right:
        show(attribute_traits.describe(*state.context().in_study(), chosen))


st.title("Groups")
if found := attribute_traits.list_attributes(*state.context().in_study()):
    draw(found)
else:
    empty()
