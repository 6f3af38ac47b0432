"""Values of an attribute that differ in capitals or spaces alone: told, and merged with one click.

In: an attribute that came with a file. Out: a hint while there are such values; a derived grouping.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.domain.groupings import Merge, ValueGroup
from workbench.domain.words import together
from workbench.errors import WorkbenchError
from workbench.services.surveys import grouping_offers, groupings
from workbench.services.surveys.attribute_traits import StoredAttribute
from workbench.services.team import team
from workbench.ui import state
from workbench.ui.components.style import escape
from workbench.ui.components.words import isolated, line, refusal

SHOWN = 3
"""Sets of values that are named; the others are counted."""


def spelling_hint(item: StoredAttribute) -> None:
    """Tell of values that are spelled alike, and offer to merge them."""
    place = state.context().in_study()
    alike = grouping_offers.propose_spellings(*place, item.id)
    if not alike:
        return
    named = [together([f"“{isolated(value)}”" for value in group.values]) for group in alike]
    more = f"; and {len(alike) - SHOWN:,} more such sets" if len(alike) > SHOWN else ""
    line(
        f"Different in capitals or spaces alone, and counted apart: {'; '.join(named[:SHOWN])}"
        f"{more}.",
        "warning",
    )
    if team.standing(*place).writes and st.button(
        "Merge what is spelled alike", icon=":material/merge:",
        help=f"Makes a grouping in which these values are one. {escape(item.title)} stays as it is",
    ):  # fmt: skip
        _merge(item, alike)


def _merge(item: StoredAttribute, alike: Sequence[ValueGroup]) -> None:
    title = f"{item.title}, spellings merged"
    try:
        key = groupings.make(
            *state.context().in_study(), item.id, Merge(tuple(alike)),
            name=grouping_offers.short_name(title), label=title,
        )  # fmt: skip
    except WorkbenchError as error:
        refusal(error)
        return
    state.put("groups_next", key)
    state.say_after_rerun(f"Made {escape(title)}.")
    st.rerun()
