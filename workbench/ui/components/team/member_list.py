"""Who belongs to a study: one line each, with role and progress; owners change them here.

In: members. Out: roles changed, people added and removed.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape as escape_html

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.services.team import team
from workbench.services.team.team import MAY, ROLES, Member
from workbench.ui import state
from workbench.ui.components.style import escape
from workbench.ui.components.team.team_tables import swatch
from workbench.ui.components.words import alone, count, line, refusal, when

ROLE_NAMES = {"owner": "Owner", "coder": "Coder", "viewer": "Viewer"}
WIDTHS = [4.2, 3.4, 2.6, 1.6]


def member_list(members: list[Member], *, owns: bool) -> None:
    """Draw the members, and for owners what they may change."""
    st.header(f"Members ({sum(item.role is not None for item in members):,})", anchor=False)
    refused = state.get("team_refused")
    if refused:
        state.forget("team_refused")
        st.error(escape(refused), icon=":material/error:")
    for member in members:
        _member(member, owns=owns)
    line("; ".join(f"{ROLE_NAMES[role]}: {words}" for role, words in MAY.items()) + ".")
    if owns:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _add()
        _joining()


def _member(member: Member, *, owns: bool) -> None:
    me = " (you)" if member.id == state.context().actor.id else ""
    with st.container(key=f"progress_member_{member.id}"):
        who, reached, role, act = st.columns(WIDTHS, vertical_alignment="center")
        since = "removed; their codings stay" if member.role is None else (
            f"since {when(member.joined_at)}"
        )  # fmt: skip
        who.html(
            f'<p class="named">{swatch(member.look)} <bdi>{escape_html(member.name)}</bdi>{me}'
            f'<span class="about">{since}</span></p>'
        )
        reached.html(f'<p class="figure">{escape_html(_reached(member))}</p>')
        if member.role is None:
            if owns and act.button("Add again", key=f"again_{member.id}"):
                _do(lambda: team.add_member(*state.context().in_study(), member.name),
                    f"{member.name} belongs to the study again.")  # fmt: skip
            return
        if not owns:
            role.html(f'<p class="figure">{ROLE_NAMES[member.role]}</p>')
            return
        with role:
            _role(member)
        with act:
            _remove(member)


def _reached(member: Member) -> str:
    if member.load.assigned:
        return (
            f"{member.load.done:,} of {count(member.load.assigned, 'given document')} done, "
            f"{count(member.n_codings, 'coding')}"
        )
    return f"{member.n_done:,} done, {count(member.n_codings, 'coding')}"


def _role(member: Member) -> None:
    name = f"role_{member.id}"
    state.put(name, member.role)
    st.selectbox(
        f"Role of {escape(member.name)}",
        ROLES,
        format_func=lambda role: ROLE_NAMES[role],
        key=state.study_key(name),
        label_visibility="collapsed",
        on_change=_change_role,
        args=(member, name),
    )


def _change_role(member: Member, name: str) -> None:
    chosen = state.get(name)
    _try(lambda: team.set_role(*state.context().in_study(), member.id, chosen),
         f"{member.name}: {ROLE_NAMES[chosen].lower()}.")  # fmt: skip


def _remove(member: Member) -> None:
    with st.popover("Remove", key=state.study_key(f"remove_{member.id}")):
        st.markdown(
            f"Take **{escape(member.name)}** out of the study? Their codings and memos stay. They "
            "may not write any more; you can add them again."
        )
        if st.button("Remove from the study", key=f"really_{member.id}", type="primary"):
            _do(lambda: team.remove_member(*state.context().in_study(), member.id),
                f"{member.name} was removed. Their codings stay.")  # fmt: skip


def _add() -> None:
    with st.form("add_member", border=False, clear_on_submit=True):
        name, role, send = st.columns([3, 1.6, 1.2], vertical_alignment="bottom")
        named = name.text_input("Add somebody by name", max_chars=200, placeholder="A name")
        chosen = role.selectbox("As", ROLES, index=1, format_func=lambda item: ROLE_NAMES[item])
        if send.form_submit_button("Add"):
            if not named.strip():
                line("Type a name first.", "warning")
                return
            _do(lambda: team.add_member(*state.context().in_study(), named, chosen),
                f"{named.strip()} was added.")  # fmt: skip


def _joining() -> None:
    state.put("team_closed", not team.is_open(*state.context().in_study()))
    st.toggle(
        "Only people whom an owner adds may join",
        key=state.study_key("team_closed"),
        help="Off: whoever begins to work in this study joins it as a coder.",
        on_change=_change_joining,
    )


def _change_joining() -> None:
    closed = bool(state.get("team_closed"))
    words = "Only people whom you add may join." if closed else "Everybody may join."
    _try(lambda: team.set_open(*state.context().in_study(), not closed), words)


def _try(act: Callable[[], object], said: str) -> None:
    """Do something from a widget's callback, before anything is drawn."""
    try:
        act()
    except WorkbenchError as error:
        state.put("team_refused", alone(error))
        return
    state.say_after_rerun(escape(said))


def _do(act: Callable[[], object], said: str) -> None:
    try:
        act()
    except WorkbenchError as error:
        refusal(error)
        return
    state.say_after_rerun(escape(said))
    st.rerun()
