"""Table files: a table of themes, or two groups side by side, as CSV, XLSX and DOCX.

In: what `summarise` or `compare` has counted. Out: bytes. Every file says whom its shares are
shares of. Nothing is counted here.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pipelines.export.flat_file import flat_file
from pipelines.export.table import FlatTable, ShownTable, TableCell
from workbench.domain.frequency import Difference
from workbench.services.coding.extracts import readable_date
from workbench.services.counting.figures import (
    BASES,
    NOBODY,
    SPOKE,
    base_of,
    comparison_title,
    group_name,
    interval,
    percent,
    table_title,
    warnings,
)
from workbench.store.clock import now

if TYPE_CHECKING:
    from workbench.services.counting.compare import Comparison
    from workbench.services.counting.theme_table import ThemeRow, ThemeTable

TableFormat = Literal["csv", "xlsx", "docx"]
FORMATS: tuple[TableFormat, ...] = ("csv", "xlsx", "docx")
DRAFTS = ("draft_respondents", "draft_mentions")
"""Columns of what rests on machine drafts alone."""
NO_BASE = "\u2013"
"""Stands in a cell of a group that nobody is in."""


def table_file(table: ThemeTable, *, format: TableFormat, notes: Sequence[str] = ()) -> bytes:
    """Give a table as the bytes of a file.

    CSV has one row per theme and group. XLSX has that as its second sheet, the table as it is
    shown as its first, and a sheet "About" with the base, the layer, the warnings and `notes`.
    DOCX has the table as it is shown, with these below it.
    """
    about = _about(table, [*notes, *warnings(table)])
    return _file(format, _shown(table), [_wide(table), _long(table)], about)


def compare_file(found: Comparison, *, format: TableFormat, notes: Sequence[str] = ()) -> bytes:
    """Give two groups side by side as the bytes of a file, one row per theme."""
    lines = [*notes, *found.cautions, *(line for item in found.tables for line in warnings(item))]
    about = _about(found.tables[0], list(dict.fromkeys(lines)))
    return _file(format, _shown_comparison(found), [_compared(found)], about)


def cell_text(row: ThemeRow) -> tuple[str, str]:
    """Write a cell as "43 (43 %)" and its interval as "33-52 %"."""
    share = percent(row)
    if share is None:
        return NO_BASE, ""
    return f"{row.respondents:,} ({share} %)", f"{interval(row)} %"


def _with_drafts(row: ThemeRow) -> tuple[str, str]:
    """Write a cell with how many of its respondents rest on machine drafts alone."""
    text, below = cell_text(row)
    if row.draft_mentions:
        below += f"; on drafts alone {row.draft_respondents:,}, {row.draft_mentions:,} mentions"
    return text, below


def difference_text(difference: Difference | None) -> tuple[str, str]:
    """Write a difference as "+22 points" and its interval as "7 to 36"."""
    if difference is None:
        return NO_BASE, ""
    points, low, high = difference.points
    unit = "point" if abs(points) == 1 else "points"
    return f"{points:+d} {unit}" if points else f"0 {unit}", f"{low} to {high}"


def head(name: str, base: int) -> str:
    """Write the head of a column: its group, and how many people that is."""
    return f"{name} (n = {base:,})"


def _file(
    format: TableFormat,
    shown: ShownTable,
    tables: Sequence[FlatTable],
    about: Sequence[tuple[str, str]],
) -> bytes:
    if format != "docx":
        return flat_file(tables[-1:] if format == "csv" else tables, about, format=format)
    from pipelines.export.table_docx import write_table_docx

    stream = io.BytesIO()
    write_table_docx(stream, shown, about)
    return stream.getvalue()


def _long(table: ThemeTable) -> FlatTable:
    numbers = ("base", "respondents", "share", "low", "high", "mentions", "n_not_done")
    first = len(table.by) + 3
    return FlatTable(
        "Figures",
        ("theme", *table.by, *numbers, "n_awaiting", *DRAFTS, "base_of"),
        tuple(
            (
                row.theme, *row.groups.values(), row.base, row.respondents, row.share, row.low,
                row.high, row.mentions, row.n_not_done, row.n_awaiting, row.draft_respondents,
                row.draft_mentions, SPOKE if table.unit else BASES[table.base],
            )
            for row in table.rows
        ) + _nobodys(table),
        (first, first + 1, first + 2),
    )  # fmt: skip


def _nobodys(table: ThemeTable) -> tuple[tuple[TableCell, ...], ...]:
    """Give a row for each theme with its mentions in the speech of nobody, where there is any."""
    if not table.nobodys.turns:
        return ()
    themes = {row.code_id: row.theme for row in table.rows}
    names = (NOBODY,) * len(table.by)
    return tuple(
        (name, *names, *(None,) * 5, table.nobodys.mentions.get(key, 0), *(None,) * 4,
         f"nobody: {NOBODY.lower()}, mentions only")
        for key, name in themes.items()
    )  # fmt: skip


def _lines(table: ThemeTable) -> dict[int, list[ThemeRow]]:
    """Put rows into lines: for each theme everybody first, then the groups that somebody is in."""
    totals = {row.code_id: row for row in table.totals} if table.by else {}
    lines: dict[int, list[ThemeRow]] = {}
    for row in table.rows:
        if row.base:
            lines.setdefault(row.code_id, [totals[row.code_id]] if totals else []).append(row)
    return lines


def _wide(table: ThemeTable) -> FlatTable:
    """Write a row per theme, with two columns for each group that somebody is in."""
    if table.unit == "session":
        return _sessions_wide(table)
    lines = _lines(table)
    header = ["theme"]
    for row in next(iter(lines.values()), []):
        name = group_name(row.groups.values())
        header += [f"{head(name, row.base)}: respondents", f"{name}: share"]
    shares = tuple(range(2, len(header), 2))
    apart = bool(table.nobodys.turns)
    header += [f"{NOBODY}: mentions"] * apart
    rows: list[tuple[TableCell, ...]] = []
    for key, line in lines.items():
        cells: list[TableCell] = [line[0].theme]
        for row in line:
            cells += [row.respondents, row.share]
        rows.append((*cells, *[table.nobodys.mentions.get(key, 0)] * apart))
    return FlatTable("Table", tuple(header), tuple(rows), shares)


def by_session(table: ThemeTable) -> dict[str, list[ThemeRow]]:
    """Put the rows of a table by focus group into lines: for each group where anybody speaks."""
    lines: dict[str, list[ThemeRow]] = {}
    for row in table.rows:
        if row.base:
            lines.setdefault(next(iter(row.groups.values())), []).append(row)
    return lines


def session_text(row: ThemeRow) -> tuple[str, str]:
    """Write a cell of a focus group as "4 of 7" and "6 mentions"."""
    what = "mention" if row.mentions == 1 else "mentions"
    return f"{row.respondents:,} of {row.base:,}", f"{row.mentions:,} {what}"


def _sessions_wide(table: ThemeTable) -> FlatTable:
    """Write a row per focus group, with two columns for each theme."""
    themes = {row.code_id: row.theme for row in table.rows}
    header = [*table.by, "people"]
    for name in themes.values():
        header += [f"{name}: people", f"{name}: mentions"]
    rows: list[tuple[TableCell, ...]] = []
    for name, line in by_session(table).items():
        cells: list[TableCell] = [name, line[0].base]
        for row in line:
            cells += [row.respondents, row.mentions]
        rows.append(tuple(cells))
    if table.nobodys.turns:
        apart: list[TableCell] = [NOBODY, None]
        for key in themes:
            apart += [None, table.nobodys.mentions.get(key, 0)]
        rows.append(tuple(apart))
    return FlatTable("Table", tuple(header), tuple(rows), ())


def _shown(table: ThemeTable) -> ShownTable:
    if table.unit == "session":
        return _sessions_shown(table)
    lines = _lines(table)
    first = next(iter(lines.values()), [])
    n_turns = table.nobodys.turns
    apart = [f"{NOBODY} ({n_turns:,} turn{'s' if n_turns != 1 else ''})"] if n_turns else []

    def cells(key: int, line: Sequence[ThemeRow]) -> tuple[tuple[str, str], ...]:
        return (*map(_with_drafts, line), *(nobodys_text(table, key) for _ in apart))

    return ShownTable(
        table_title(table),
        ("Code" if table.level == "code" else "Theme",
         *(head(group_name(row.groups.values()), row.base) for row in first), *apart),
        tuple((line[0].theme, cells(key, line)) for key, line in lines.items()),
    )  # fmt: skip


def nobodys_text(table: ThemeTable, code_id: int) -> tuple[str, str]:
    """Write how often a theme is mentioned in the speech of nobody, as "7" and "mentions"."""
    n = table.nobodys.mentions.get(code_id, 0)
    return f"{n:,}", "mention" if n == 1 else "mentions"


def _sessions_shown(table: ThemeTable) -> ShownTable:
    themes = {row.code_id: row.theme for row in table.rows}
    lines = [
        (head(name, line[0].base), tuple(map(session_text, line)))
        for name, line in by_session(table).items()
    ]
    if table.nobodys.turns:
        lines.append((NOBODY, tuple(nobodys_text(table, key) for key in themes)))
    header = (table.by_titles[0], *themes.values())
    return ShownTable(table_title(table), header, tuple(lines))


def _compared(found: Comparison) -> FlatTable:
    sides = [
        f"{name}: {what}"
        for name in found.names
        for what in ("base", "respondents", "share", "low", "high")
    ]
    shares = (*range(3, 6), *range(8, 14))
    return FlatTable(
        "Comparison",
        ("theme", *sides, "difference", "difference low", "difference high", "base_of"),
        tuple(
            (
                row.theme,
                *(
                    value
                    for side in (row.first, row.second)
                    for value in (side.base, side.respondents, side.share, side.low, side.high)
                ),
                *(_parts(row.difference)),
                BASES[found.base],
            )
            for row in found.rows
        ),
        shares,
    )


def _parts(difference: Difference | None) -> tuple[TableCell, ...]:
    if difference is None:
        return None, None, None
    return difference.difference, difference.low, difference.high


def _shown_comparison(found: Comparison) -> ShownTable:
    bases = [(row.first.base, row.second.base) for row in found.rows[:1]] or [(0, 0)]
    heads = [head(name, base) for name, base in zip(found.names, bases[0], strict=True)]
    return ShownTable(
        comparison_title(found),
        ("Theme", *heads, "Difference, percentage points"),
        tuple(
            (
                row.theme,
                (cell_text(row.first), cell_text(row.second), difference_text(row.difference)),
            )
            for row in found.rows
        ),
    )


def _about(table: ThemeTable, notes: Sequence[str]) -> list[tuple[str, str]]:
    return [
        ("Study", table.study),
        ("Written", readable_date(now())),
        ("Counted", "respondents, each once; low and high are the Wilson 95 % interval"),
        ("Layer", table.layer),
        ("Base", base_of(table)),
        *(("Note", note) for note in notes),
    ]
