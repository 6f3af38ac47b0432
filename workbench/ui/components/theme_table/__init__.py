"""The table of themes by group, or of two groups: to be read, copied, and to choose a cell from.

In: a `ThemeTable` or a `Comparison`, and the chosen cell. Out: the table on the page; `triggered`
tells which cell the person chose with the mouse or the keyboard. What the browser sends is a claim:
the page looks the cell up in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workbench.domain.codebook import PATH_SEPARATOR
from workbench.domain.words import readable_date
from workbench.services.counting import figures, table_files
from workbench.services.counting.compare import ComparedRow, Comparison
from workbench.services.counting.theme_table import ThemeRow, ThemeTable

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["NOBODYS", "ChosenCell", "Show", "comparison_table", "theme_table", "triggered"]

FOLDER = Path(__file__).parent
Show = Literal["respondents", "mentions"]
KEY = "theme_table"
NOBODYS = (figures.NOBODY, "", "")
"""The groups of cells of speakers who are not known: longer than those of any other cell."""


@dataclass(frozen=True, slots=True)
class ChosenCell:
    """A theme and the values of a group; no values for all respondents, `NOBODYS` for nobody."""

    code_id: int
    groups: tuple[str, ...]


@lru_cache(maxsize=1)
def component() -> ComponentRenderer:
    """Register the component, once per process."""
    import streamlit as st

    script = (FOLDER / "table.js").read_text(encoding="utf-8")
    style = (FOLDER / "table.css").read_text(encoding="utf-8")
    register = st.components.v2.component
    return register("speakout_theme_table", js=script, css=style, isolate_styles=False)


def theme_table(
    table: ThemeTable, *, show: Show, chosen: ChosenCell | None, on_cell: Callable[[], None]
) -> None:
    """Draw the table.

    Parameters
    ----------
    table
        Counted with totals: all respondents make the first column.
    show
        Respondents with their share and interval, or mentions.
    on_cell
        Called before the next run when the person chooses a cell; `triggered` tells which.
    """
    component()(key=KEY, data=message(table, show, chosen), on_cell_change=on_cell)


def comparison_table(found: Comparison, *, chosen: int | None, on_cell: Callable[[], None]) -> None:
    """Draw two groups side by side, with the difference; `chosen` is the key of a code."""
    component()(key=KEY, data=comparison_message(found, chosen), on_cell_change=on_cell)


def triggered() -> tuple[ChosenCell, bool] | None:
    """Give the cell that the person chose, and whether its extracts are wanted."""
    import streamlit as st

    state = st.session_state.get(KEY)
    value = state.get("cell") if isinstance(state, Mapping) else None
    if not isinstance(value, Mapping):
        return None
    code_id, groups = value.get("code"), value.get("groups")
    if not isinstance(code_id, int) or not isinstance(groups, Sequence):
        return None
    return ChosenCell(code_id, tuple(str(item) for item in groups)), value.get("open") is True


def message(table: ThemeTable, show: Show, chosen: ChosenCell | None) -> dict[str, Any]:
    """Write the table as the texts that the browser shows."""
    lines = _lines(table)
    first = next(iter(lines.values()), [])
    groups = [list(row.groups.values()) for row in first]
    if table.nobodys.turns:
        groups.append([*NOBODYS])
    place = None
    if chosen is not None and chosen.code_id in lines and list(chosen.groups) in groups:
        place = [list(lines).index(chosen.code_id), groups.index(list(chosen.groups))]
    by = " and ".join(table.by_titles)
    return {
        "label": f"{table.level.capitalize()}s by {by}" if by else f"{table.level.capitalize()}s",
        "corner": "Code" if table.level == "code" else "Theme",
        "heads": _with_nobody(table, _heads(first)),
        "groups": groups,
        "rows": [
            {
                "code": code_id,
                "name": line[0].theme.rpartition(PATH_SEPARATOR)[2],
                "depth": line[0].theme.count(PATH_SEPARATOR),
                "cells": [*(_cell(row, show) for row in line), *nobodys_cells(table, [code_id])],
            }
            for code_id, line in lines.items()
        ],
        "chosen": place,
        "copy": copying(
            figures.table_title(table),
            [figures.base_of(table), MENTIONS if show == "mentions" else INTERVALS,
             *figures.warnings(table)],
        ),
    }  # fmt: skip


def comparison_message(found: Comparison, chosen: int | None) -> dict[str, Any]:
    """Write two groups side by side as the texts that the browser shows."""
    sides = [(row.first, row.second) for row in found.rows[:1]]
    heads = [
        {"name": readable_date(name), "span": 1, "rows": 1, "base": f"(n = {side.base:,})",
         "warning": _waiting(side)}
        for name, side in zip(found.names, sides[0] if sides else (), strict=False)
    ]  # fmt: skip
    difference = {"name": "Difference", "span": 1, "rows": 1, "base": "percentage points",
                  "warning": ""}  # fmt: skip
    codes = [row.code_id for row in found.rows]
    level = found.tables[0].level
    notes = [figures.base_in_words(found.base), INTERVALS, *found.cautions]
    return {
        "label": f"{level.capitalize()}s in two groups",
        "corner": "Code" if level == "code" else "Theme",
        "heads": [[*heads, difference]],
        "groups": [["first"], ["second"], ["difference"]],
        "rows": [
            {
                "code": row.code_id,
                "name": row.theme.rpartition(PATH_SEPARATOR)[2],
                "depth": row.theme.count(PATH_SEPARATOR),
                "cells": [
                    _cell(row.first, "respondents"),
                    _cell(row.second, "respondents"),
                    _difference_cell(found, row),
                ],
            }
            for row in found.rows
        ],
        "chosen": [codes.index(chosen), 2] if chosen in codes else None,
        "copy": copying(figures.comparison_title(found), notes),
    }


INTERVALS = "Ranges are 95 % intervals."
MENTIONS = "Mentions: codings, those that overlap with the same code in one answer counted as one."


def copying(title: str, notes: Sequence[str]) -> dict[str, Any]:
    """Write what the button that copies the table says, and what goes along."""
    return {
        "title": title,
        "notes": list(notes),
        "label": "Copy table",
        "done": "Copied. Paste it into a document or a spreadsheet.",
        "failed": "The browser did not let it be copied. Select the table and copy it.",
    }


def _difference_cell(found: Comparison, row: ComparedRow) -> dict[str, object]:
    text, below = table_files.difference_text(row.difference)
    return {"text": text, "below": below, "title": found.say(row), "empty": not below}


def hidden_groups(table: ThemeTable) -> int:
    """Count the crossed groups that nobody is in, which are not shown."""
    if len(table.by) < 2 or not table.rows:
        return 0
    first = table.rows[0].code_id
    return sum(row.base == 0 for row in table.rows if row.code_id == first)


def _lines(table: ThemeTable) -> dict[int, list[ThemeRow]]:
    """Put the rows of a table into lines: for each theme everybody first, then the groups."""
    lines = {row.code_id: [row] for row in table.totals}
    if table.by:
        for row in table.rows:
            if row.base or len(table.by) < 2:
                lines[row.code_id].append(row)
    return lines


def _heads(rows: Sequence[ThemeRow]) -> list[list[dict[str, Any]]]:
    """Write the lines above the columns; with two attributes, the first spans the second."""
    depth = max((len(row.groups) for row in rows), default=0)
    last = [
        {
            "name": figures.group_name(map(readable_date, [*row.groups.values()][-1:])),
            "span": 1,
            "rows": 1 if row.groups else max(1, depth),
            "base": f"(n = {row.base:,})",
            "warning": _waiting(row),
        }
        for row in rows
    ]
    if depth < 2:
        return [last]
    spans = groupby(rows[1:], key=lambda row: next(iter(row.groups.values())))
    above = [
        {"name": readable_date(name), "span": len(list(group)), "rows": 1} for name, group in spans
    ]
    return [[last[0], *above], last[1:]]


def _with_nobody(
    table: ThemeTable, heads: list[list[dict[str, Any]]]
) -> list[list[dict[str, Any]]]:
    """Add a column for the speech of nobody, where there is any: mentions alone."""
    n = table.nobodys.turns
    if not n:
        return heads
    base = f"({n:,} turn{'s' if n != 1 else ''})"
    last = {"name": figures.NOBODY, "span": 1, "rows": 1, "base": base, "warning": ""}
    if len(heads) < 2:
        return [[*heads[0], last]]
    above = {"name": figures.NOBODY, "span": 1, "rows": 1}
    return [[*heads[0], above], [*heads[1], {**last, "name": "Mentions"}]]


def nobodys_cells(table: ThemeTable, code_ids: Sequence[int]) -> list[dict[str, object]]:
    """Write how often codes are mentioned in the speech of nobody; nothing where there is none."""
    if not table.nobodys.turns:
        return []
    texts = [table_files.nobodys_text(table, key) for key in code_ids]
    return [
        {"text": text, "below": below, "title": f"{text} {below}, whose words is not known",
         "empty": text == "0"}
        for text, below in texts
    ]  # fmt: skip


def _waiting(row: ThemeRow) -> str:
    parts = ((row.n_not_done, "not done"), (row.n_awaiting, "to adjudicate"))
    return ", ".join(f"{n:,} {what}" for n, what in parts if n)


def _cell(row: ThemeRow, show: Show) -> dict[str, object]:
    percent = figures.percent(row)
    if percent is None:
        return {
            "text": "\u2013",
            "below": "",
            "title": "No respondents in this group",
            "empty": True,
        }
    title = (
        f"{row.theme}: {row.respondents:,} of {row.base:,} respondents, {row.mentions:,} mentions"
    )
    rests = figures.on_drafts(row)
    if rests:
        title = f"{title}. {rests.rstrip('.')}"
    if show == "mentions":
        return {"text": f"{row.mentions:,}", "below": "", "title": title, "empty": not row.mentions}
    return {
        "text": f"{row.respondents:,} ({percent} %)",
        "below": f"{figures.interval(row)} %",
        "title": f"{title}. 95 % interval {figures.interval(row)} %",
        "empty": not row.respondents,
    }
