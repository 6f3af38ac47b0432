"""Team: who belongs to the study, who codes what, and how far each has come.

In: the open study. Out: roles and assignments; owners change them, everybody sees them.
"""

from __future__ import annotations

import streamlit as st

from workbench.domain.words import in_sentence
from workbench.services.counting import summarise
from workbench.services.team import team
from workbench.services.team.allocate import held_by_group
from workbench.services.team.team import Member
from workbench.ui import state
from workbench.ui.components.remembered import choose
from workbench.ui.components.team.allocation_form import allocation_form, taking_back
from workbench.ui.components.team.member_list import member_list
from workbench.ui.components.team.team_tables import held_table, pair_table
from workbench.ui.components.words import count, line


def given_out(members: list[Member]) -> None:
    """Show who has what, in all and by group."""
    holding = [(item.id, item.name) for item in members if item.load.assigned]
    st.header("Who has what", anchor=False)
    if not holding:
        line("Nothing is given out yet: everybody codes what they like.")
        return
    found = team.given(*state.context().in_study())
    line(
        f"{found.n_given:,} of {count(found.n_documents, 'document')} given out, "
        f"{found.n_several:,} of them to several people. "
        f"{count(found.n_hidden, 'document')} coded blind and not done by all yet."
    )
    groups = {item.attribute_id: item.title
              for item in summarise.list_groups(*state.context().in_study())}  # fmt: skip
    if not groups:
        return
    chosen = choose("By", "team_by", list(groups), words=lambda key: groups[key], width=240)
    held = held_by_group(*state.context().in_study(), chosen)
    held_table(held, holding, title=f"Documents by {in_sentence(groups[chosen])}")


def compared() -> None:
    """Show who can be compared with whom."""
    st.header("Done by several", anchor=False)
    pairs = team.pairs(*state.context().in_study())
    if not pairs:
        line("No document is done by two people yet. Agreement is measured where two have coded "
             "the same.")  # fmt: skip
        return
    pair_table(pairs)


def draw() -> None:
    """Draw the page in reading order."""
    owns = team.standing(*state.context().in_study()).owns
    members = team.list_members(*state.context().in_study())
    member_list(members, owns=owns)
    given_out(members)
    compared()
    if owns:
        allocation_form(members)
        taking_back(members)
    else:
        line("The study's owners say who belongs to it and who codes what.")


st.title("Team")
draw()
