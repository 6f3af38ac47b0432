"""Themes: how many respondents of each group mention each theme.

In: what to count and whose codings. Out: the table first, then the chosen cell in words with its
extracts, the picture, and files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.services import figures, summarise
from workbench.services.summarise import GroupChoice, Level, ThemeRow, ThemeTable
from workbench.ui import state
from workbench.ui.components.document_filter import Part, document_filter, prepare_filter
from workbench.ui.components.layer_choice import layer_choice, prepare_layer
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import choose, choose_in_line, prepare
from workbench.ui.components.style import escape
from workbench.ui.components.theme_table import (
    ChosenCell,
    Show,
    hidden_groups,
    theme_table,
    triggered,
)

LEVELS: dict[Level, str] = {"theme": "Themes", "code": "All codes"}
SHOWN: dict[Show, str] = {"respondents": "Respondents", "mentions": "Mentions"}
PICTURES: dict[figures.Kind, str] = {
    "heat_map": "Heat map",
    "bars": "Bars, the chosen one",
    "all_bars": "Bars, all",
}
PARTS: tuple[Part, ...] = ("question", "group", "search")
MORE: tuple[Part, ...] = ("survey", "finished", "code")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person wants counted."""

    level: Level
    by: tuple[GroupChoice, ...]
    layer: str
    show: Show
    where: DocumentFilter


def choices() -> Choices:
    """Ask what to count."""
    groups = {item.name: item for item in summarise.list_groups(*state.context().in_study())}
    titles = {name: item.title for name, item in groups.items()} | {"": "Nothing"}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = choose_in_line("Rows", "themes_level", list(LEVELS), words=LEVELS.__getitem__)
        show = choose_in_line("Cells", "themes_show", list(SHOWN), words=SHOWN.__getitem__)
        first = choose("Group by", "themes_by", list(titles), words=titles.__getitem__)
        rest = ["", *(name for name in groups if name != first)]
        second = (
            choose("Crossed with", "themes_and", rest, words=titles.__getitem__) if first else ""
        )
        layer = layer_choice("themes")
    where = document_filter("themes", PARTS, more=MORE)
    return Choices(
        level, tuple(groups[name] for name in (first, second) if name), layer, show, where
    )


def counted(wanted: Choices) -> ThemeTable:
    """Count."""
    return summarise.summarise(
        *state.context().in_study(),
        by=[item.name for item in wanted.by],
        level=wanted.level,
        layer=wanted.layer,
        where=wanted.where,
        with_totals=True,
    )


def empty(table: ThemeTable, wanted: Choices) -> bool:
    """Say what is missing when there is nothing to show."""
    if not table.rows:
        st.html('<div class="empty"><p>The codebook is empty: there is nothing to count.</p></div>')
        if st.button("Make a codebook", type="primary"):
            go_to("codebook")
        return True
    if any(row.base for row in table.totals):
        return False
    if wanted.where != DocumentFilter():
        st.html('<div class="empty"><p>Nobody has answered within this filter. Take a part of '
                "it back.</p></div>")  # fmt: skip
        return True
    st.html('<div class="empty"><p>The study holds no answers yet.</p></div>')
    if st.button("Import a survey", type="primary"):
        go_to("import_survey")
    return True


def show_table(table: ThemeTable, wanted: Choices) -> ThemeRow:
    """Show the table with its warnings; give the row of the chosen cell."""
    chosen = _chosen(table)
    cell = ChosenCell(chosen.code_id, tuple(chosen.groups.values()))
    theme_table(table, show=wanted.show, chosen=cell, on_cell=_take_cell)
    n_hidden = hidden_groups(table)
    if n_hidden:
        st.html(f'<p class="quiet">{n_hidden:,} combinations that nobody belongs to are left '
                "out.</p>")  # fmt: skip
    if wanted.show == "mentions":
        st.html('<p class="quiet">Mentions: codings, those that overlap with the same code in one '
                "answer counted as one.</p>")  # fmt: skip
    for line in figures.warnings(table):
        st.html(f'<p class="warning">{line}</p>')
    return chosen


def in_words(row: ThemeRow, wanted: Choices) -> None:
    """Say the chosen cell in a sentence, and open its extracts."""
    with st.container(horizontal=True, vertical_alignment="center", key="sentence"):
        st.markdown(escape(figures.say(row)), width="content")
        wants = st.button("Read the extracts", type="primary", disabled=not row.mentions)
    if wants or (state.get("themes_open") and row.mentions):
        state.forget("themes_open")
        _open_extracts(row, wanted)
    state.forget("themes_open")


def downloads(table: ThemeTable) -> None:
    """Offer the table as a file."""
    kinds: tuple[tuple[figures.TableFormat, str, str], ...] = (
        ("csv", "Table as CSV", "text/csv"),
        ("xlsx", "Table as XLSX", XLSX),
    )
    with st.container(horizontal=True):
        for kind, label, mime in kinds:
            st.download_button(
                label,
                data=partial(figures.table_file, table, format=kind),
                file_name=f"themes.{kind}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
            )


def picture(table: ThemeTable, row: ThemeRow) -> None:
    """Draw the table, and offer the picture as a file."""
    st.header("Picture")
    kind = choose_in_line("Kind of picture", "themes_picture", list(PICTURES),
                          words=PICTURES.__getitem__, show_label=False)  # fmt: skip
    dark = st.context.theme.type == "dark"
    chart = figures.picture(table, kind, code_id=row.code_id, dark=dark)
    if chart is None:
        return
    st.altair_chart(chart, theme=None, width="content")
    formats: tuple[tuple[Literal["png", "svg"], str], ...] = (
        ("png", "image/png"),
        ("svg", "image/svg+xml"),
    )
    with st.container(horizontal=True):
        for form, mime in formats:
            st.download_button(
                f"Picture as {form.upper()}",
                data=partial(figures.picture_file, table, kind, format=form, code_id=row.code_id),
                file_name=f"themes.{form}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
            )


def _chosen(table: ThemeTable) -> ThemeRow:
    """Give the cell that was chosen last if it is still there, else the first."""
    cell: ChosenCell | None = state.get("themes_cell")
    found = None
    if cell is not None and len(cell.groups) in (0, len(table.by)):
        named = zip(table.by, cell.groups, strict=True) if cell.groups else ()
        found = table.row(cell.code_id, dict(named))
    return found or table.totals[0]


def _take_cell() -> None:
    found = triggered()
    if found is not None:
        state.put("themes_cell", found[0])
        state.put("themes_open", found[1])


def _open_extracts(row: ThemeRow, wanted: Choices) -> None:
    groups = summarise.within_cell(wanted.where.groups, wanted.by, row.groups)
    prepare_filter("extracts", replace(wanted.where, code_id=row.code_id, groups=groups))
    prepare("extracts_carries", wanted.where.code_id)
    prepare_layer("extracts", wanted.layer)
    state.put("extracts_flagged", False)
    go_to("extracts")


st.title("Themes")
asked = choices()
found = counted(asked)
if not empty(found, asked):
    row = show_table(found, asked)
    in_words(row, asked)
    downloads(found)
    picture(found, row)
