"""Themes: how many respondents of each group mention each theme.

In: what to count and whose codings. Out: the table first, then the chosen cell in words with its
extracts, the picture, and files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.services.coding.saved_filters import Settings
from workbench.services.counting import figures, session_groups, summarise, table_files
from workbench.services.counting.compare import ComparedRow, Comparison
from workbench.services.counting.session_groups import BY_SERIES, BY_SESSION
from workbench.services.counting.summarise import Base, GroupChoice, GroupOrder, Level, Order
from workbench.services.counting.table_files import TableFormat
from workbench.services.counting.theme_table import ThemeRow, ThemeTable
from workbench.ui import state
from workbench.ui.components.codebooks.review_note import review_note
from workbench.ui.components.coding.document_filter import (
    SESSION_PARTS,
    Part,
    document_filter,
    prepare_filter,
)
from workbench.ui.components.coding.saved_filters import saved_filters
from workbench.ui.components.counting.layer_choice import layer_choice, layer_of, prepare_layer
from workbench.ui.components.counting.session_themes import MENTIONS, session_themes
from workbench.ui.components.counting.theme_cell import Cell, say_cell
from workbench.ui.components.counting.theme_choices import (
    BASES,
    GROUP_ORDERS,
    LEVELS,
    ORDERS,
    PICTURES,
    SHOWN,
    themes_in_address,
)
from workbench.ui.components.counting.two_groups import (
    Pair,
    choose_pair,
    compared,
    extracts_of_both,
)
from workbench.ui.components.counting.unit_table import unit_section
from workbench.ui.components.in_address import from_address, to_address
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import (
    choose,
    choose_in_line,
    keep,
    recall,
    tell_anew,
)
from workbench.ui.components.style import escape
from workbench.ui.components.theme_table import (
    NOBODYS,
    ChosenCell,
    Show,
    comparison_table,
    hidden_groups,
    theme_table,
    triggered,
)
from workbench.ui.components.words import count, line

MAX_GROUPS = 24
"""Focus groups in one picture."""
ARRANGED = (
    "themes_show", "themes_base", "themes_order", "themes_group_order", "themes_hide_empty",
)  # fmt: skip
"""What is chosen in the popover."""
PARTS: tuple[Part, ...] = ("question", "group", "search")
MORE: tuple[Part, ...] = ("survey", "finished", "code", "transcripts", *SESSION_PARTS)
MIME: dict[TableFormat, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person wants counted; with a pair, two groups side by side."""

    level: Level
    by: tuple[GroupChoice, ...]
    pair: Pair | None
    layer: str
    where: DocumentFilter
    show: Show
    base: Base
    order: Order
    group_order: GroupOrder
    hide_empty: bool


def choices() -> Choices:
    """Ask what to count."""
    groups = {item.name: item for item in summarise.list_groups(*state.context().in_study())}
    arranged_by = themes_in_address(groups.values())
    from_address("themes", _apply, arranged_by)
    pair = None
    by: tuple[GroupChoice, ...] = ()
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    with controls:
        side_by_side = choose_in_line("View", "themes_view", [False, True],
                                      words=("By group", "Two groups").__getitem__)  # fmt: skip
        level = choose_in_line("Rows", "themes_level", list(LEVELS), words=LEVELS.__getitem__)
        if side_by_side:
            pair = choose_pair(list(groups.values()))
        else:
            by = _group_by(groups)
        arranged = _arrangement(with_cells=not side_by_side)
    where = document_filter("themes", PARTS, more=MORE, line=controls)
    with controls:
        layer = layer_choice("themes")
        settings = Settings(where, layer=layer_of(layer))
        to_address(settings, arranged_by)
        saved_filters("themes", settings, _apply)
    return Choices(level, by, pair, layer, where, *arranged)


def _group_by(groups: dict[str, GroupChoice]) -> tuple[GroupChoice, ...]:
    held = {
        name: GroupChoice(0, name, title, ())
        for name, title in session_groups.offers(*state.context().in_study()).items()
    }
    titles = {name: item.title for name, item in (groups | held).items()} | {"": "Nothing"}
    first = choose("Group by", "themes_by", list(titles), words=titles.__getitem__, width=165)
    rest = ["", *(name for name in groups if name != first)]
    groups = groups | held
    second = ""
    if first and first != BY_SESSION:
        second = choose("Crossed with", "themes_and", rest, words=titles.__getitem__, width=165)
    return tuple(groups[name] for name in (first, second) if name)


def _arrangement(*, with_cells: bool) -> tuple[Show, Base, Order, GroupOrder, bool]:
    """Ask what the cells hold, whom shares are shares of, and how the table is arranged."""
    show: Show = "respondents"
    tell_anew(*ARRANGED)
    with st.popover("Base and order"):
        if with_cells:
            show = choose_in_line("Cells", "themes_show", list(SHOWN), words=SHOWN.__getitem__)
        base = choose("Shares of", "themes_base", list(BASES), words=BASES.__getitem__,
                      width="stretch")  # fmt: skip
        order = choose("Order of rows", "themes_order", list(ORDERS), words=ORDERS.__getitem__,
                       width="stretch")  # fmt: skip
        group_order = choose("Order of groups", "themes_group_order", list(GROUP_ORDERS),
                             words=GROUP_ORDERS.__getitem__, width="stretch")  # fmt: skip
        recall("themes_hide_empty", False)
        hide = st.checkbox("Hide codes and groups without anybody",
                           key=state.study_key("themes_hide_empty"))  # fmt: skip
    return show, base, order, group_order, keep("themes_hide_empty", hide)


def _apply(settings: Settings) -> None:
    """Set every widget to a saved filter."""
    prepare_filter("themes", settings.documents)
    prepare_layer("themes", settings.layer)


def counted(wanted: Choices) -> ThemeTable:
    """Count."""
    return summarise.summarise(
        *state.context().in_study(),
        by=[item.name for item in wanted.by],
        level=wanted.level,
        layer=wanted.layer,
        where=wanted.where,
        with_totals=True,
        base=wanted.base,
        order=wanted.order,
        group_order=wanted.group_order,
        hide_empty=wanted.hide_empty,
    )


def _counted_by_series(wanted: Choices) -> ThemeTable:
    by = GroupChoice(0, BY_SERIES, "", ())
    return counted(replace(wanted, by=(by,), hide_empty=False))


def empty(table: ThemeTable, wanted: Choices) -> bool:
    """Say what is missing when there is nothing to show."""
    if not table.rows and table.n_hidden:
        st.html('<div class="empty"><p>Nobody mentions any of the codes. Show those without '
                "anybody, or take a part of the filter back.</p></div>")  # fmt: skip
        return True
    if not table.rows:
        st.html('<div class="empty"><p>The codebook is empty: there is nothing to count.</p></div>')
        if st.button("Make a codebook", type="primary"):
            go_to("codebook")
        return True
    if any(row.base for row in table.totals) or table.nobodys.turns:
        return False
    if wanted.where != DocumentFilter():
        st.html('<div class="empty"><p>Nobody has answered within this filter. Take a part of '
                "it back.</p></div>")  # fmt: skip
        return True
    st.html('<div class="empty"><p>The study holds no answers or transcripts yet.</p></div>')
    if st.button("Import a survey or transcripts", type="primary"):
        go_to("import_survey")
    return True


def show_table(table: ThemeTable, wanted: Choices) -> Cell:
    """Show the table with its warnings; give the chosen cell."""
    chosen = _chosen(table)
    groups = NOBODYS if chosen.of_nobody else tuple(chosen.row.groups.values())
    cell = ChosenCell(chosen.row.code_id, groups)
    theme_table(table, show=wanted.show, chosen=cell, on_cell=_take_cell)
    line(figures.base_of(table))
    if table.unit is not None:
        line(MENTIONS)
    n_hidden = hidden_groups(table)
    if n_hidden:
        what = count(n_hidden, "combination", "combinations")
        line(f"{what} that nobody belongs to {'is' if n_hidden == 1 else 'are'} left out.")
    if table.n_hidden:
        what = count(table.n_hidden, "code")
        line(f"{what} that nobody mentions {'is' if table.n_hidden == 1 else 'are'} left out.")
    if wanted.show == "mentions":
        st.html('<p class="quiet">Mentions: codings, those that overlap with the same code in one '
                "answer counted as one.</p>")  # fmt: skip
    for text in figures.warnings(table):
        line(text, "warning")
    return chosen


def downloads(make: Callable[[TableFormat], bytes]) -> None:
    """Offer a table as a file."""
    with st.container(horizontal=True):
        for kind, mime in MIME.items():
            st.download_button(
                f"Table as {kind.upper()}",
                data=partial(make, kind),
                file_name=f"themes.{kind}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
            )


def picture(table: ThemeTable, row: ThemeRow, series: ThemeTable | None = None) -> None:
    """Draw the table, and offer the picture as a file; by series where that is chosen."""
    st.header("Picture")
    if series is not None and table.n_columns > MAX_GROUPS:
        line(f"The picture is by series: it holds at most {MAX_GROUPS} focus groups.")
        table = series
    elif series is not None and choose_in_line(
        "Groups in the picture", "themes_picture_of", [False, True],
        words=("Focus groups", "Series").__getitem__, show_label=False,
    ):  # fmt: skip
        table = series
    kind = choose_in_line("Kind of picture", "themes_picture", list(PICTURES),
                          words=PICTURES.__getitem__, show_label=False)  # fmt: skip
    chart = figures.picture(table, kind, code_id=row.code_id, dark=_is_dark())
    if chart is None:
        return
    st.altair_chart(chart, theme=None, width="content")
    _picture_files(lambda form: figures.picture_file(table, kind, format=form, code_id=row.code_id))


def _file_of(table: ThemeTable, kind: TableFormat) -> bytes:
    return table_files.table_file(table, format=kind)


def _picture_files(make: Callable[[figures.PictureFormat], bytes]) -> None:
    """Offer a picture as a file."""
    formats: dict[figures.PictureFormat, str] = {"png": "image/png", "svg": "image/svg+xml"}
    with st.container(horizontal=True):
        for form, mime in formats.items():
            st.download_button(
                f"Picture as {form.upper()}",
                data=partial(make, form),
                file_name=f"themes.{form}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
            )


def two_groups(found: Comparison, wanted: Choices) -> None:
    """Show two groups side by side: table, the chosen theme in words, files and picture."""
    if not found.rows:
        st.html('<div class="empty"><p>There is nothing to compare: nobody in these groups '
                "mentions any code.</p></div>")  # fmt: skip
        return
    cell: ChosenCell | None = state.get("themes_cell")
    chosen = next((row for row in found.rows if cell and row.code_id == cell.code_id),
                  found.rows[0])  # fmt: skip
    comparison_table(found, chosen=chosen.code_id, on_cell=_take_cell)
    state.forget("themes_open")
    line(figures.base_in_words(found.base))
    for text in dict.fromkeys(text for item in found.tables for text in figures.warnings(item)):
        line(text, "warning")
    st.markdown(escape(found.say(chosen)))
    if wanted.pair is not None:
        extracts_of_both(found, chosen, wanted.pair, layer=wanted.layer, where=wanted.where)
    for text in found.cautions:
        line(text, "warning" if found.why_not else "quiet")
    downloads(lambda kind: table_files.compare_file(found, format=kind))
    _picture_of_two(found, chosen)


def _picture_of_two(found: Comparison, row: ComparedRow) -> None:
    st.header("Picture")
    every = choose_in_line("Themes in the picture", "themes_pair_picture", [False, True],
                           words=("The chosen one", "All").__getitem__,
                           show_label=False)  # fmt: skip
    code_id = None if every else row.code_id
    chart = figures.compare_picture(found, code_id=code_id, dark=_is_dark())
    if chart is None:
        return
    st.altair_chart(chart, theme=None, width="content")
    _picture_files(lambda form: figures.compare_picture_file(found, format=form, code_id=code_id))


def _is_dark() -> bool:
    return st.context.theme.type == "dark"


def _chosen(table: ThemeTable) -> Cell:
    """Give the cell that was chosen last if it is still there, else the first."""
    cell: ChosenCell | None = state.get("themes_cell")
    if cell is not None and cell.groups == NOBODYS and table.nobodys.turns:
        row = next((row for row in table.totals if row.code_id == cell.code_id), None)
        if row is not None:
            return Cell(row, of_nobody=True)
    found = None
    if cell is not None and len(cell.groups) in (0, len(table.by)):
        named = zip(table.by, cell.groups, strict=True) if cell.groups else ()
        found = table.row(cell.code_id, dict(named))
    return Cell(found or table.totals[0])


def _take_cell() -> None:
    found = triggered()
    if found is not None:
        state.put("themes_cell", found[0])
        state.put("themes_open", found[1])


st.title("Themes")
asked = choices()
if asked.pair is not None:
    side_by_side = compared(
        asked.pair,
        layer=asked.layer,
        where=asked.where,
        level=asked.level,
        base=asked.base,
        order=asked.order,
        hide_empty=asked.hide_empty,
    )
    if side_by_side is not None:
        two_groups(side_by_side, asked)
else:
    found = counted(asked)
    if not empty(found, asked):
        series: ThemeTable | None = None
        if found.unit == "session":
            cell, series = session_themes(found, partial(_counted_by_series, asked))
        else:
            cell = show_table(found, asked)
        say_cell(found, cell, by=asked.by, layer=asked.layer, where=asked.where)
        review_note()
        downloads(partial(_file_of, found))
        picture(found, cell.row, series)
        unit_section(
            by=[item.name for item in asked.by if item.attribute_id],
            level=asked.level,
            layer=asked.layer,
            where=asked.where,
        )
