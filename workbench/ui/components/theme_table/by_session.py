"""The table of themes by focus group: groups below one another under their series, themes beside.

In: a table by focus group, and one by series where there are any. Out: the table on the page;
`chosen_row` tells which of their cells the person chose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.domain.codebook import PATH_SEPARATOR
from workbench.services.counting import figures, table_files
from workbench.services.counting.session_groups import NO_SERIES
from workbench.services.counting.theme_table import ThemeRow, ThemeTable
from workbench.services.sessions import Session
from workbench.ui.components import theme_table as whole
from workbench.ui.components.theme_table import ChosenCell

NOBODY = ("nobody", "")
"""The key of the line of speakers who are not known."""


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One line: of all, of a series, or of a focus group; `key` tells it from the others."""

    key: tuple[str, str]
    name: str
    depth: int
    rows: tuple[ThemeRow, ...]


def session_lines(
    table: ThemeTable, series: ThemeTable | None, held: Sequence[Session]
) -> list[SessionLine]:
    """Put focus groups where anybody speaks under their series, behind the line of all.

    The last line is that of nobody, where there is any; it has the rows of all.
    """
    lines = [SessionLine(("all", ""), "All who spoke", 0, table.totals)]
    by_name = table_files.by_session(table)
    groups = table_files.by_session(series) if series is not None else {}
    above = {item.name: item.series or NO_SERIES for item in held}
    for name, rows in groups.items():
        lines.append(SessionLine(("series", name), name, 0, tuple(rows)))
        lines += [
            SessionLine(("session", one), one, 1, tuple(by_name[one]))
            for one in by_name
            if above.get(one) == name
        ]
    if series is None:
        lines += [SessionLine(("session", one), one, 1, tuple(rows))
                  for one, rows in by_name.items()]  # fmt: skip
    if table.nobodys.turns:
        lines.append(SessionLine(NOBODY, figures.NOBODY, 0, table.totals))
    return lines


def session_table(
    table: ThemeTable,
    lines: Sequence[SessionLine],
    *,
    chosen: tuple[tuple[str, str], int] | None,
    on_cell: Callable[[], None],
) -> None:
    """Draw the table; `chosen` is the key of a line and that of a code."""
    data = session_message(table, lines, chosen)
    whole.component()(key=whole.KEY, data=data, on_cell_change=on_cell)


def chosen_row(
    lines: Sequence[SessionLine], cell: ChosenCell
) -> tuple[tuple[str, str], ThemeRow] | None:
    """Find the cell that the browser says was chosen; the line is told by its place."""
    if not 0 <= cell.code_id < len(lines) or len(cell.groups) != 1:
        return None
    line = lines[cell.code_id]
    row = next((row for row in line.rows if str(row.code_id) == cell.groups[0]), None)
    return None if row is None else (line.key, row)


def session_message(
    table: ThemeTable, lines: Sequence[SessionLine], chosen: tuple[tuple[str, str], int] | None
) -> dict[str, Any]:
    """Write the table as the texts that the browser shows."""
    codes = [row.code_id for row in table.totals]
    keys = [line.key for line in lines]
    place = None
    if chosen is not None and chosen[0] in keys and chosen[1] in codes:
        place = [keys.index(chosen[0]), codes.index(chosen[1])]
    heads = [
        {"name": row.theme.rpartition(PATH_SEPARATOR)[2], "span": 1, "rows": 1, "base": "",
         "warning": ""}
        for row in table.totals
    ]  # fmt: skip
    rows = [
        {"code": at, "name": f"{line.name} (n = {line.rows[0].base:,})", "depth": line.depth,
         "cells": [_cell(row) for row in line.rows]}
        if line.key != NOBODY else
        {"code": at, "name": line.name, "depth": 0, "cells": whole.nobodys_cells(table, codes)}
        for at, line in enumerate(lines) if line.rows
    ]  # fmt: skip
    return {
        "label": f"{table.level.capitalize()}s by focus group",
        "corner": "Focus group",
        "heads": [heads],
        "groups": [[str(code)] for code in codes],
        "rows": rows,
        "chosen": place,
        "copy": whole.copying(
            figures.table_title(table),
            [figures.base_of(table, shares=False), *figures.warnings(table)],
        ),
    }


def _cell(row: ThemeRow) -> dict[str, object]:
    text, below = table_files.session_text(row)
    return {
        "text": text,
        "below": below,
        "title": f"{row.theme}: {text} who spoke, {below}",
        "empty": not row.respondents,
    }
