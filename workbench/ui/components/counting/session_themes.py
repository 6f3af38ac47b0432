"""Themes by focus group on the Themes page: the table with its warnings, and the chosen cell.

In: a table by focus group, and a way to count by series. Out: the chosen cell, and the
table of the series for the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from workbench.services import sessions
from workbench.services.counting import figures
from workbench.services.counting.theme_table import ThemeTable
from workbench.ui import state
from workbench.ui.components.counting.theme_cell import OPEN, Cell
from workbench.ui.components.theme_table import triggered
from workbench.ui.components.theme_table.by_session import (
    NOBODY,
    SessionLine,
    chosen_row,
    session_lines,
    session_table,
)
from workbench.ui.components.words import line

MENTIONS = (
    "Mentions are counted for each speaker: a stretch over the turns of several people is a "
    "mention of each. The page Focus groups counts such a stretch once."
)


def session_themes(
    table: ThemeTable, count_series: Callable[[], ThemeTable]
) -> tuple[Cell, ThemeTable | None]:
    """Show focus groups below one another, under their series where there are any."""
    held = sessions.list_sessions(*state.context().in_study())
    series = count_series() if any(item.series for item in held) else None
    lines = session_lines(table, series, held)
    chosen: tuple[tuple[str, str], int] | None = state.get("themes_group_cell")
    cell = next(
        (Cell(row, of_nobody=line.key == NOBODY)
         for line in lines for row in line.rows if chosen == (line.key, row.code_id)),
        None,
    )  # fmt: skip
    session_table(table, lines, chosen=chosen if cell else None, on_cell=partial(_take, lines))
    line(figures.base_of(table, shares=False))
    line(MENTIONS)
    for text in figures.warnings(table):
        line(text, "warning")
    return cell or Cell(table.totals[0]), series


def _take(lines: Sequence[SessionLine]) -> None:
    found = triggered()
    told = chosen_row(lines, found[0]) if found is not None else None
    if found is not None and told is not None:
        key, row = told
        state.put("themes_group_cell", (key, row.code_id))
        state.put(OPEN, found[1])
