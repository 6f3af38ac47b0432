"""The chosen cell of a table of themes: said in words, and its extracts opened.

In: a table, the cell, and what the page counts. Out: a sentence and a button that leads to the
Extracts page, which then shows what the cell has counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.services import sessions
from workbench.services.counting import figures, session_groups, summarise
from workbench.services.counting.summarise import GroupChoice
from workbench.services.counting.theme_table import ThemeRow, ThemeTable
from workbench.ui import state
from workbench.ui.components.coding.document_filter import prepare_filter
from workbench.ui.components.counting.layer_choice import prepare_layer
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import prepare
from workbench.ui.components.style import escape
from workbench.ui.components.words import line

OPEN = "themes_open"
"""Set where the person has asked for the extracts of the cell that was chosen."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that was chosen. With `of_nobody`, that of speakers who are not known.

    `row` is then what all respondents say of the same theme: a picture shows it.
    """

    row: ThemeRow
    of_nobody: bool = False


def say_cell(
    table: ThemeTable, cell: Cell, *, by: Sequence[GroupChoice], layer: str, where: DocumentFilter
) -> None:
    """Say the chosen cell in a sentence, and open its extracts.

    Parameters
    ----------
    by, layer, where
        What the table is grouped by, whose codings and which documents it counts.
    """
    row = cell.row
    n = table.nobodys.mentions.get(row.code_id, 0) if cell.of_nobody else row.mentions
    with st.container(horizontal=True, vertical_alignment="center", key="sentence"):
        said = figures.say_nobodys(table, row) if cell.of_nobody else figures.say(row)
        st.markdown(escape(said), width="content")
        rests = "" if cell.of_nobody else figures.on_drafts(row)
        if rests:
            line(rests, "warning")
        wants = st.button("Read the extracts", type="primary", disabled=not n)
    asked = state.get(OPEN)
    state.forget(OPEN)
    if not (wants or asked) or not n:
        return
    if cell.of_nobody:
        kind = where.kind or ("focus_group" if table.unit else None)
        open_extracts(row.code_id, replace(where, kind=kind), layer, of_nobody=True)
        return
    open_extracts(row.code_id, within(row, by, where), layer)


def within(row: ThemeRow, by: Sequence[GroupChoice], where: DocumentFilter) -> DocumentFilter:
    """Narrow the filter of a table to the group of one of its cells."""
    attributes = [item for item in by if item.attribute_id]
    groups = summarise.within_cell(where.groups, attributes, row.groups)
    if len(attributes) < len(by):
        held = sessions.list_sessions(*state.context().in_study())
        where = session_groups.narrowed_to(where, row.groups, held)
    return replace(where, groups=groups)


def open_extracts(
    code_id: int, where: DocumentFilter, layer: str, *, of_nobody: bool = False
) -> None:
    """Go to the extracts of a code, within what a table has counted."""
    prepare_filter("extracts", replace(where, code_id=code_id))
    prepare("extracts_carries", where.code_id)
    prepare("extracts_starred", "")
    prepare("extracts_quotable", False)
    prepare("extracts_nobody", of_nobody)
    prepare_layer("extracts", layer)
    state.put("extracts_flagged", False)
    go_to("extracts")
