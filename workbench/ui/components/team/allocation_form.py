"""Giving documents out: how, to whom, blind or openly; what that gives to each; and doing it.

In: the members, and what owners choose. Out: a preview, then assignments in one step.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.domain.words import agree
from workbench.errors import WorkbenchError
from workbench.services.counting import summarise
from workbench.services.team import allocate
from workbench.services.team.allocate import Preview, Wanted
from workbench.services.team.team import Member
from workbench.services.trail import undo
from workbench.ui import state
from workbench.ui.components.coding.document_filter import SESSION_PARTS, document_filter
from workbench.ui.components.remembered import choose_in_line, keep, recall
from workbench.ui.components.style import escape
from workbench.ui.components.team.team_tables import plan_table
from workbench.ui.components.words import count, line, refusal

WAYS: dict[Any, str] = {
    "split": "Share out",
    "everyone": "All to everybody",
    "chosen": "By hand",
}
NO_GROUPS = 0
"""Beside the keys of attributes, which begin at 1."""

ABOUT = {
    "split": "Each document goes to one person, and as many as you say to several.",
    "everyone": "Everybody chosen gets every document.",
    "chosen": "The people you choose get the documents that the filter means, beside who has them.",
}


def allocation_form(members: list[Member]) -> None:
    """Draw the plan's choices, what they come to, and the button that does it."""
    st.header("Give documents out", anchor=False)
    coding = [item for item in members if item.role in ("owner", "coder")]
    where = document_filter("team", ("question", "group", "state", "search", *SESSION_PARTS))
    way = choose_in_line("How", "team_way", list(WAYS), words=lambda item: WAYS[item])
    line(ABOUT[way])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        coders = _people(coding)
        options = _sharing(len(coders)) if way == "split" else {}
    blind = keep("team_blind", st.toggle(
        "Blind: nobody sees others' codings until all who have a document are done with it",
        key=state.study_key("team_blind"), value=bool(recall("team_blind", False)),
    ))  # fmt: skip
    wanted = Wanted(where, coders, way, blind, **options)
    if not coders:
        line("Choose at least one person to see what each would get.")
        return
    try:
        plan = allocate.preview(*state.context().in_study(), wanted)
    except WorkbenchError as error:
        refusal(error)
        return
    _preview(plan, blind=blind)
    _buttons(wanted, plan)


def _people(coding: list[Member]) -> tuple[int, ...]:
    names = {item.id: item.name for item in coding}
    offered = set(state.get("team_offered", ()))
    chosen = recall("team_coders", list(names)) or []
    # Whoever has joined since is meant too: people are added in order to code.
    known = [key for key in names if key in chosen or (offered and key not in offered)]
    state.put("team_offered", tuple(names))
    state.put("team_coders", known)
    found = st.multiselect(
        "Who codes",
        list(names),
        format_func=lambda key: names[key],
        key=state.study_key("team_coders"),
        placeholder="Nobody yet",
        width=360,
    )
    return tuple(keep("team_coders", found))


def _sharing(n_coders: int) -> dict[str, Any]:
    overlap = _number("Coded by several, %", "team_overlap", 20, 0, 100)
    readers = _number("By how many", "team_readers", 2, 2, max(2, n_coders))
    groups: dict[int, str] = {NO_GROUPS: "No groups"}
    groups |= {
        item.attribute_id: item.title for item in summarise.list_groups(*state.context().in_study())
    }
    if recall("team_stratify") not in groups:
        state.put("team_stratify", NO_GROUPS)
    stratify = keep("team_stratify", st.selectbox(
        "Evenly within", list(groups), format_func=lambda key: groups[key],
        key=state.study_key("team_stratify"), width=220,
        help="Each group of this attribute is shared out evenly.",
    ))  # fmt: skip
    seed = _number(
        "Seed", "team_seed", 1, -1_000_000, 1_000_000,
        help="The same seed gives the same plan. Write it down in your methods.",
    )  # fmt: skip
    return {
        "overlap": overlap / 100 if n_coders > 1 else 0.0,
        "readers": readers,
        "stratify": None if stratify == NO_GROUPS else stratify,
        "seed": seed,
    }


def _number(
    label: str, name: str, first: int, least: int, most: int, *, help: str | None = None
) -> int:
    state.put(name, max(least, min(most, int(recall(name, first) or 0))))
    found = st.number_input(
        label, least, most, key=state.study_key(name), width=130, step=1, help=help
    )
    return int(keep(name, found))


def _preview(plan: Preview, *, blind: bool) -> None:
    if not plan.n_documents:
        line("No document fits the filter. Clear one of its parts.")
        return
    plan_table(plan, title=f"What this gives out, of {count(plan.n_documents, 'document')}")
    said = f"{count(plan.n_given, 'document')} given out"
    said += f", {plan.n_several:,} in the hands of several people then"
    said += f"; {plan.n_kept:,} had somebody before, who keeps them." if plan.n_kept else "."
    line(said)
    if plan.n_other_way:
        way = "openly" if blind else "blind"
        said = "{n} {document was|documents were} given out WAY before and {stays|stay} so."
        line(agree(said.replace("WAY", way), plan.n_other_way), "warning")


def _buttons(wanted: Wanted, plan: Preview) -> None:
    actor, database, study_id = state.context().in_study()
    with st.container(horizontal=True):
        given = f"Give out {count(plan.n_given, 'document')}"
        if st.button(given, type="primary", disabled=not plan.n_given):
            try:
                done = allocate.apply(actor, database, study_id, wanted)
            except WorkbenchError as error:
                refusal(error)
                return
            state.say_after_rerun(f"{count(done.n_given, 'document')} given out.")
            st.rerun()
        for name, icon, label, act in (
            ("Undo", "undo", undo.last_label, undo.undo),
            ("Redo", "redo", undo.next_label, undo.redo),
        ):
            what = label(actor, database, study_id, undo.ALLOCATION)
            shown = f"{name} {escape(what)}" if what else name
            if st.button(shown, icon=f":material/{icon}:", disabled=not what, key=f"team_{name}"):
                try:
                    act(actor, database, study_id, undo.ALLOCATION)
                except WorkbenchError as error:
                    refusal(error)
                    return
                state.say_after_rerun(f"{'Undone' if name == 'Undo' else 'Done again'}: {what}.")
                st.rerun()


def taking_back(members: list[Member]) -> None:
    """Draw taking documents back from people, and the end of blind coding, each confirmed."""
    holding = {item.id: item.name for item in members if item.load.assigned}
    n_blind = sum(item.load.blind for item in members)
    if not holding:
        return
    with st.expander("Take documents back, or end blind coding"):
        where = document_filter("team_back", ("question", "group", "search", *SESSION_PARTS))
        _take_back(where, holding)
        if n_blind:
            _end_blind(where)


def _take_back(where: DocumentFilter, holding: dict[int, str]) -> None:
    found = st.multiselect(
        "Take the documents of this filter back from", list(holding),
        format_func=lambda key: holding[key], key=state.study_key("team_from"),
        placeholder="Nobody", width=360,
    )  # fmt: skip
    n_hidden = allocate.count_hidden(*state.context().in_study(), where)
    sure = _sure("team_back_sure", n_hidden) if n_hidden and found else False
    if st.button("Take back", disabled=not found):
        _do("taken back", lambda: allocate.unassign(
            *state.context().in_study(), where, found, confirmed=sure))  # fmt: skip


def _end_blind(where: DocumentFilter) -> None:
    n_hidden = allocate.count_hidden(*state.context().in_study(), where)
    line("Blind coding ends by itself when all who have a document are done with it. To end it "
         "for the documents of this filter before that cannot be undone.")  # fmt: skip
    sure = _sure("team_open_sure", n_hidden) if n_hidden else False
    if st.button("End blind coding here"):
        _do("opened", lambda: allocate.open_up(
            *state.context().in_study(), where, confirmed=sure))  # fmt: skip


def _sure(name: str, n_hidden: int) -> bool:
    words = "document is" if n_hidden == 1 else "documents are"
    return st.checkbox(
        f"I know that {n_hidden:,} {words} being coded blind, and that people may see each other's "
        "codings by this.",
        key=state.study_key(name),
    )


def _do(said: str, act: Any) -> None:
    try:
        n = act()
    except WorkbenchError as error:
        refusal(error)
        return
    state.say_after_rerun(f"{count(n, 'document')} {said}.")
    st.rerun()
