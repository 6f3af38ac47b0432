"""Figures: a table of themes by group as a sentence or a picture.

In: a table that `summarise` has counted. Out: words and charts for the screen, bytes of PNG and
SVG. Nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from workbench.domain.codebook import PATH_SEPARATOR
from workbench.domain.frequency import Share, sentence
from workbench.domain.words import in_sentence, readable_date
from workbench.services.counting.theme_table import Base
from workbench.store.counting.counts_scope import ANY, CONSENSUS

if TYPE_CHECKING:
    from pipelines.summarise.chart import Cell, Chart
    from workbench.services.counting.compare import Comparison
    from workbench.services.counting.theme_table import ThemeRow, ThemeTable

Kind = Literal["heat_map", "bars", "all_bars"]
PictureFormat = Literal["png", "svg"]

ALL = "All respondents"
NOBODY = "Speaker not known"
"""Names the column of what is said by nobody who is linked to a respondent."""
BASES: dict[Base, str] = {
    "answered": "respondents who answered",
    "asked": "respondents who were asked, blank answers included",
    "everybody": "all respondents, whether or not they were asked",
}
"""Whom shares are shares of, in words, as pictures and files say it."""
SPOKE = "respondents who spoke in these focus groups"


def group_name(groups: Iterable[str]) -> str:
    """Name a group by its values; "All respondents" for that of everybody."""
    return ", ".join(groups) or ALL


def say(row: ThemeRow) -> str:
    """Say one cell of a table in plain words."""
    values = ", ".join(map(readable_date, row.groups.values()))
    people = f"respondents ({values})" if values else "respondents"
    return sentence(Share(row.respondents, row.base), row.theme, people=people)


def say_nobodys(table: ThemeTable, row: ThemeRow) -> str:
    """Say how often a row's theme is mentioned where it is not known who speaks."""
    n = table.nobodys.mentions.get(row.code_id, 0)
    where = f"in words of which it is not known whose they are ({NOBODY.lower()})"
    return f"{_count(n, 'mention', 'mentions')} of {row.theme} {where}."


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
    title = table_title(table, cells[0].theme if kind == "bars" else None)
    draw: Callable[..., Chart] = chart.heat_map if kind == "heat_map" else chart.bars
    return draw(cells, title=title, dark=dark, base=SPOKE if table.unit else BASES[table.base])


def compare_picture(
    found: Comparison, *, code_id: int | None = None, dark: bool = False
) -> Chart | None:
    """Draw two groups side by side, of one theme or of all; None when nobody is to be counted."""
    from pipelines.summarise import chart

    cells = [
        _cell(row, name)
        for compared in found.rows
        if code_id in (None, compared.code_id)
        for row, name in zip((compared.first, compared.second), found.names, strict=True)
        if row.base
    ]
    if not cells:
        return None
    title = comparison_title(found, cells[0].theme if code_id is not None else None)
    drawn: Chart = chart.bars(cells, title=title, dark=dark, base=BASES[found.base])
    return drawn


def comparison_title(found: Comparison, theme: str | None = None) -> str:
    """Name what a table of two groups or a picture of it shows."""
    what = theme or ("each code" if found.tables[0].level == "code" else "each theme")
    return f"Respondents who mention {what}: {found.names[0]} and {found.names[1]}"


def compare_picture_file(
    found: Comparison, *, format: PictureFormat, code_id: int | None = None
) -> bytes:
    """Give a picture of two groups as the bytes of a file; raises as `picture_file` does."""
    return _as_file(compare_picture(found, code_id=code_id), format)


def picture_file(
    table: ThemeTable, kind: Kind, *, format: PictureFormat, code_id: int | None = None
) -> bytes:
    """Give a picture as the bytes of a file, always in the light colours of paper.

    Raises
    ------
    InputError
        When nobody is to be counted.
    """
    return _as_file(picture(table, kind, code_id=code_id), format)


def _as_file(drawn: Chart | None, format: PictureFormat) -> bytes:
    from pipelines.summarise import chart
    from workbench.errors import InputError

    if drawn is None:
        raise InputError("there is nothing to draw.", hint="Take back a filter.")
    if format == "png":
        return chart.to_png(drawn)
    return chart.to_svg(drawn).encode("utf-8")


def base_in_words(base: Base) -> str:
    """Say in a sentence whom the shares are shares of."""
    if base == "answered":
        return "n and shares are of respondents who answered anything within the filter."
    return f"n and shares are of {BASES[base]}."


def base_of(table: ThemeTable, *, shares: bool = True) -> str:
    """Say whom a table's shares are shares of; by focus group or series, of those who spoke.

    Without `shares`, for a table that shows none, say whom n counts.
    """
    if table.unit is None:
        return base_in_words(table.base)
    counted = "n and shares are of" if shares else "n counts"
    return (
        f"{counted} {SPOKE}. Who spoke in several focus groups stands in each group of "
        "the table, and once among all."
    )


def warnings(table: ThemeTable) -> list[str]:
    """Say what a reader of the table has to know before trusting it."""
    lines = []
    waiting = max((row.n_not_done for row in table.totals), default=0)
    if waiting:
        lines.append(not_done_in_words(table.layer, waiting))
    awaiting = max((row.n_awaiting for row in table.totals), default=0)
    if awaiting:
        lines.append(
            f"{_count(awaiting, 'document awaits', 'documents await')} adjudication, finished by "
            "several coders, and in no consensus yet."
        )
    if table.n_flagged:
        what = _count(table.n_flagged, "coding waits", "codings wait")
        lines.append(f"{what} to be placed again by a person, and counted only then.")
    if table.n_drafts:
        what = _count(table.n_drafts, "machine draft", "machine drafts")
        n = _on_drafts(table)
        lines.append(
            f"The study holds {what} that nobody has checked by ear; "
            f"{_count(n, 'mention rests', 'mentions rest')} on drafts, counted apart."
        )
    if table.nobodys.turns:
        lines.append(nobodys_in_words(table))
    if table.overlapping:
        lines.append(
            "Groups overlap: a respondent may be in several, so that their numbers do not add up."
        )
    return lines


def not_done_in_words(layer: str, n: int) -> str:
    """Say that documents are not done, and by whom: by one coder, or by anybody at all."""
    whom = "anybody" if layer in (ANY, CONSENSUS) else layer
    return (
        f"{_count(n, 'document is', 'documents are')} not marked as done by {whom}: "
        "counts may still grow."
    )


def nobodys_in_words(table: ThemeTable) -> str:
    """Say how much of what was said is nobody's; empty where all speakers are known."""
    found = table.nobodys
    if not found.turns:
        return ""
    texts = _count(found.documents, "text", "texts")
    return (
        f"{NOBODY}: {_count(found.words, 'word', 'words')} in "
        f"{_count(found.turns, 'turn', 'turns')} of {texts} are linked to no respondent. "
        "Their mentions are counted apart and are in no share."
    )


def _on_drafts(table: ThemeTable) -> int:
    """Count the mentions on drafts; of all codes only those at the top, which hold the others."""
    rows = table.totals or table.rows
    return sum(row.draft_mentions for row in rows if PATH_SEPARATOR not in row.theme)


def on_drafts(row: ThemeRow) -> str:
    """Say how much of a cell rests on machine drafts; empty where nothing does."""
    if not row.draft_mentions:
        return ""
    people = _count(row.draft_respondents, "respondent", "respondents")
    mentions = _count(row.draft_mentions, "mention", "mentions")
    return f"On machine drafts alone: {people}, {mentions}."


def _count(n: int, one: str, many: str) -> str:
    return f"1 {one}" if n == 1 else f"{n:,} {many}"


def table_title(table: ThemeTable, theme: str | None = None) -> str:
    """Name what a table or a picture of it shows."""
    what = "each code" if table.level == "code" else "each theme"
    title = f"Respondents who mention {theme or what}"
    if not table.by_titles:
        return title
    return f"{title}, by {' and '.join(in_sentence(name) for name in table.by_titles)}"


def _cells(rows: Sequence[ThemeRow], code_id: int | None) -> list[Cell]:
    return [
        _cell(row, group_name(map(readable_date, row.groups.values())))
        for row in rows
        if row.base and code_id in (None, row.code_id)
    ]


def _cell(row: ThemeRow, group: str) -> Cell:
    from pipelines.summarise.chart import Cell

    return Cell(row.theme, group, row.base, row.respondents, row.share, row.low, row.high)
