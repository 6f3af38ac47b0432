"""Two groups to hold against each other: two values of one attribute, or two saved filters.

In: the study's groups and saved filters. Out: what was chosen, and the comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.domain.words import readable_date
from workbench.errors import WorkbenchError
from workbench.services.coding.saved_filters import SavedFilter, list_filters
from workbench.services.counting import compare, summarise
from workbench.services.counting.compare import ComparedRow, Comparison
from workbench.services.counting.summarise import GroupChoice
from workbench.ui import state
from workbench.ui.components.counting.theme_cell import open_extracts, within
from workbench.ui.components.remembered import choose
from workbench.ui.components.style import escape
from workbench.ui.components.words import line, refusal

SAVED = ""
"""Stands for saved filters among the names of attributes, none of which is empty."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values of `by`, or two saved filters. Empty where there is nothing to choose from."""

    by: str = ""
    values: tuple[str, str] = ("", "")
    filters: tuple[SavedFilter, SavedFilter] | None = None


def choose_pair(groups: Sequence[GroupChoice]) -> Pair:
    """Ask for the two; each list leaves out what the other has."""
    saved = {item.name: item for item in list_filters(*state.context().in_study(), "themes")}
    by_name = {item.name: item for item in groups if len(item.values) > 1}
    titles = {name: item.title for name, item in by_name.items()}
    if len(saved) > 1:
        titles[SAVED] = "Two saved filters"
    if not titles:
        return Pair()
    by = choose("Compare by", "themes_compare", list(titles), words=titles.__getitem__, width=160)
    values = list(saved) if by == SAVED else list(by_name[by].values)
    first = choose("First group", "themes_first", values, words=readable_date, width=160)
    rest = [item for item in values if item != first]
    second = choose("Second group", "themes_second", rest, words=readable_date, width=160)
    if by == SAVED:
        return Pair(values=(first, second), filters=(saved[first], saved[second]))
    return Pair(by, (first, second))


def extracts_of_both(
    found: Comparison, row: ComparedRow, pair: Pair, *, layer: str, where: DocumentFilter
) -> None:
    """Offer the extracts of a theme in either group."""
    choices = [item for item in summarise.list_groups(*state.context().in_study())
               if item.name == pair.by]  # fmt: skip
    sides = (row.first, row.second)
    with st.container(horizontal=True):
        for place, (name, side) in enumerate(zip(found.names, sides, strict=True)):
            label = f"Extracts: {escape(readable_date(name))}"
            if not st.button(label, key=f"pair_extracts_{place}", disabled=not side.mentions):
                continue
            if pair.filters is not None:
                meant = pair.filters[place].settings.documents
            else:
                meant = within(side, choices, where)
            open_extracts(row.code_id, meant, layer)


def compared(pair: Pair, *, layer: str, where: DocumentFilter, **options: Any) -> Comparison | None:
    """Compare; say why not where that cannot be."""
    if not pair.values[0]:
        line("There are no two groups to compare: the study has no attribute with several values.")
        return None
    try:
        if pair.filters is None:
            return compare.compare_groups(
                *state.context().in_study(), by=pair.by, values=pair.values, layer=layer,
                where=where, **options,
            )  # fmt: skip
        if where != DocumentFilter():
            line("The filter of the page is set aside: two saved filters are compared as they are.")
        one, two = pair.filters
        return compare.compare_filters(
            *state.context().in_study(), names=pair.values, layer=layer,
            filters=(one.settings.documents, two.settings.documents), **options,
        )  # fmt: skip
    except WorkbenchError as error:
        refusal(error)
        return None
