"""Themes counted by area, or by another unit than the respondent.

In: what the Themes page counts. Out: a choice of the unit, and a table of how many units mention
each theme; as a file too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape as escape_html

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.domain.words import readable_date
from workbench.services.counting import summarise_units as service
from workbench.services.counting.summarise import Level
from workbench.services.counting.summarise_units import UnitRow, UnitTable
from workbench.ui import state
from workbench.ui.components.remembered import choose
from workbench.ui.components.style import escape
from workbench.ui.components.words import count, line

NONE = ""
MAX_GROUPS = 30
"""Columns that are drawn; the file has all."""


def unit_section(*, by: Sequence[str], level: Level, layer: str, where: DocumentFilter) -> None:
    """Draw the section, where the study has something else to count than respondents.

    Parameters
    ----------
    by
        Names of the attributes that the page groups by; the first that is not the unit is used.
    level, layer, where
        As the page counts respondents.
    """
    context = state.context()
    units = {item.name: item.title for item in service.list_units(*context.in_study())}
    if not units:
        return
    st.header("By area, or another unit", anchor=False)
    titles = {NONE: "Nothing"} | units
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = choose("Count each", "themes_unit", list(titles), words=titles.__getitem__)
        if unit == NONE:
            line("Choose an attribute, such as the area, to count its values instead of people.")
            return
    grouping = next((name for name in by if name != unit), NONE)
    table = service.summarise_units(
        *context.in_study(), unit=unit, by=grouping, level=level, layer=layer, where=where
    )
    st.html(_as_html(table, units[unit]))
    line(
        f"Each {units[unit]} counts once, however many of its people mention a theme. "
        f"Shares are of those with anybody who answered."
    )
    if table.n_without:
        line(f"{count(table.n_without, 'respondent has', 'respondents have')} no {units[unit]}.")
    if len(table.groups) > MAX_GROUPS:
        line(f"The first {MAX_GROUPS} of {len(table.groups):,} groups are shown; the file has all.")
    st.download_button(
        f"Counted by {escape(units[unit])} as CSV",
        data=partial(service.units_file, table),
        file_name="themes-by-unit.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _as_html(table: UnitTable, title: str) -> str:
    groups = ("", *table.groups[:MAX_GROUPS])
    lines: dict[int, list[UnitRow]] = {}
    for row in table.rows:
        if row.group in groups:
            lines.setdefault(row.code_id, []).append(row)
    first = next(iter(lines.values()), [])
    head = "".join(
        f'<th scope="col"><bdi>{escape_html(readable_date(row.group) or "All")}</bdi>'
        f"<br>n = {row.base:,}</th>"
        for row in first
    )
    body = "".join(
        f'<tr><th scope="row"><bdi>{escape_html(cells[0].theme)}</bdi></th>'
        f"{''.join(map(_cell, cells))}</tr>"
        for cells in lines.values()
    )
    caption = f"Themes by number of different values of {title}"
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape_html(caption)}">'
        f'<table class="surveys"><thead><tr><th scope="col">Theme</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(row: UnitRow) -> str:
    if row.share is None:
        return "<td>\u2013</td>"
    return f"<td>{row.units:,} ({100 * row.share:.0f} %)</td>"
