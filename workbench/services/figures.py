"""Figures: a table of themes by group as a sentence, a picture or a file.

In: a table that `summarise` has counted. Out: words and charts for the screen, bytes of CSV, XLSX,
PNG and SVG. Nothing is counted here.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from pipelines.export.table import FlatTable, TableCell
from workbench.domain.frequency import Share, sentence
from workbench.services.extracts import readable_date
from workbench.store.clock import now

if TYPE_CHECKING:
    from pipelines.summarise.chart import Cell, Chart
    from workbench.services.summarise import ThemeRow, ThemeTable

Kind = Literal["heat_map", "bars", "all_bars"]
TableFormat = Literal["csv", "xlsx"]
PictureFormat = Literal["png", "svg"]

ALL = "All respondents"


def group_name(groups: Iterable[str]) -> str:
    """Name a group by its values; "All respondents" for that of everybody."""
    return ", ".join(groups) or ALL


def say(row: ThemeRow) -> str:
    """Say one cell of a table in plain words."""
    values = ", ".join(row.groups.values())
    people = f"respondents ({values})" if values else "respondents"
    return sentence(Share(row.respondents, row.base), row.theme, people=people)


def percent(row: ThemeRow) -> int | None:
    """Give a cell's share as a whole percentage; None at base 0."""
    return Share(row.respondents, row.base).percent


def interval(row: ThemeRow) -> str:
    """Write a cell's 95 % interval as "33-52", in percent; empty at base 0."""
    from pipelines.summarise.chart import in_percent

    if row.low is None or row.high is None:
        return ""
    return "-".join(in_percent(end).removesuffix(" %") for end in (row.low, row.high))


def picture(
    table: ThemeTable, kind: Kind, *, code_id: int | None = None, dark: bool = False
) -> Chart | None:
    """Draw a table; None when nobody is to be counted.

    Parameters
    ----------
    kind
        "heat_map" and "all_bars" show every theme, "bars" that of `code_id` alone.
    """
    from pipelines.summarise import chart

    cells = _cells(table.rows, None if kind != "bars" else code_id)
    if not cells:
        return None
    title = _title(table, cells[0].theme if kind == "bars" else None)
    draw: Callable[..., Chart] = chart.heat_map if kind == "heat_map" else chart.bars
    return draw(cells, title=title, dark=dark)


def picture_file(
    table: ThemeTable, kind: Kind, *, format: PictureFormat, code_id: int | None = None
) -> bytes:
    """Give a picture as the bytes of a file, always in the light colours of paper.

    Raises
    ------
    InputError
        When nobody is to be counted.
    """
    from pipelines.summarise import chart
    from workbench.errors import InputError

    drawn = picture(table, kind, code_id=code_id)
    if drawn is None:
        raise InputError("there is nothing to draw.", hint="Take back a filter.")
    if format == "png":
        return chart.to_png(drawn)
    return chart.to_svg(drawn).encode("utf-8")


def table_file(table: ThemeTable, *, format: TableFormat, notes: Sequence[str] = ()) -> bytes:
    """Give a table as the bytes of a file.

    CSV has one row per theme and group. XLSX has that as its second sheet, the table as it is
    shown as its first, and a sheet "About" with the layer, the warnings and `notes`.
    """
    from pipelines.export.table_csv import write_table_csv
    from pipelines.export.table_xlsx import write_table_xlsx

    stream = io.BytesIO()
    if format == "csv":
        write_table_csv(stream, _long(table))
    else:
        write_table_xlsx(stream, [_wide(table), _long(table)], _about(table, notes))
    return stream.getvalue()


def warnings(table: ThemeTable) -> list[str]:
    """Say what a reader of the table has to know before trusting it."""
    lines = []
    waiting = max((row.n_not_done for row in table.totals), default=0)
    if waiting:
        lines.append(
            f"{_count(waiting, 'document is', 'documents are')} not done on this layer: "
            "counts may still grow."
        )
    if table.n_flagged:
        what = _count(table.n_flagged, "coding waits", "codings wait")
        lines.append(f"{what} to be placed again by a person and not counted until then.")
    if table.overlapping:
        lines.append(
            "Groups overlap: a respondent may be in several, so that their numbers do not add up."
        )
    return lines


def _count(n: int, one: str, many: str) -> str:
    return f"1 {one}" if n == 1 else f"{n:,} {many}"


def _title(table: ThemeTable, theme: str | None) -> str:
    what = "each code" if table.level == "code" else "each theme"
    title = f"Respondents who mention {theme or what}"
    if not table.by_titles:
        return title
    return f"{title}, by {' and '.join(_in_sentence(name) for name in table.by_titles)}"


def _in_sentence(title: str) -> str:
    """Begin a title with a small letter, unless it is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _cells(rows: Sequence[ThemeRow], code_id: int | None) -> list[Cell]:
    from pipelines.summarise.chart import Cell

    return [
        Cell(
            row.theme,
            group_name(row.groups.values()),
            row.base,
            row.respondents,
            row.share,
            row.low,
            row.high,
        )
        for row in rows
        if row.base and code_id in (None, row.code_id)
    ]


def _long(table: ThemeTable) -> FlatTable:
    numbers = ("base", "respondents", "share", "low", "high", "mentions", "n_not_done")
    first = len(table.by) + 3
    return FlatTable(
        "Figures",
        ("theme", *table.by, *numbers),
        tuple(
            (
                row.theme, *row.groups.values(), row.base, row.respondents,
                row.share, row.low, row.high, row.mentions, row.n_not_done,
            )
            for row in table.rows
        ),
        (first, first + 1, first + 2),
    )  # fmt: skip


def _wide(table: ThemeTable) -> FlatTable:
    """Write a row per theme, with two columns for each group that somebody is in."""
    totals = {row.code_id: row for row in table.totals} if table.by else {}
    shown = [row for row in table.rows if row.base]
    lines: dict[int, list[ThemeRow]] = {}
    for row in shown:
        lines.setdefault(row.code_id, [totals[row.code_id]] if totals else []).append(row)
    first = next(iter(lines.values()), [])
    header = ["theme"]
    for row in first:
        name = group_name(row.groups.values())
        header += [f"{name} (n = {row.base:,}): respondents", f"{name}: share"]
    rows: list[tuple[TableCell, ...]] = []
    for line in lines.values():
        cells: list[TableCell] = [line[0].theme]
        for row in line:
            cells += [row.respondents, row.share]
        rows.append(tuple(cells))
    return FlatTable("Table", tuple(header), tuple(rows), tuple(range(2, len(header), 2)))


def _about(table: ThemeTable, notes: Sequence[str]) -> list[tuple[str, str]]:
    return [
        ("Study", table.study),
        ("Written", readable_date(now())),
        ("Counted", "respondents, each once; low and high are the Wilson 95 % interval"),
        ("Layer", table.layer),
        *(("Note", note) for note in (*notes, *warnings(table))),
    ]
