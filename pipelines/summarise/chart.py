"""Pictures of themes by group: bars with intervals, and a heat map.

In: counted cells, one per theme and group, in the order in which they are to be shown. Out: Altair
charts in the workbench's own look (show them with `st.altair_chart(chart, theme=None)`), PNG, SVG.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pipelines.summarise.colours import Palette, ink_on, mix, palette

if TYPE_CHECKING:
    import altair as alt

Chart: TypeAlias = "alt.FacetChart | alt.LayerChart | alt.HConcatChart"

FONT = "'Source Sans', 'Source Sans 3', 'Source Sans Pro', 'Segoe UI', Helvetica, Arial, sans-serif"
"""Names with a digit must be quoted: the whole list is void otherwise, and SVG loses its text."""
WIDTH = 420
"""Pixels from 0 % to the end of the axis."""
ROW = 26
"""Pixels of height of one bar with the space around it."""
CELL_WIDTH, CELL_HEIGHT = 104, 40
"""Pixels of a heat-map cell."""
CELL_LABEL, ROW_LABEL = 14, 40
"""Characters of a line of the labels above and beside a heat map."""
PANEL_LABEL = 60
"""Characters of the heading of a panel of bars."""
MAX_LINES = 4
"""Of a label above a heat map, n among them; what does not fit ends in an ellipsis."""
LINE = 16
"""Pixels from line to line of a label."""
TITLE_LENGTH = 76
"""Characters of a title's line."""
SUBTITLE_LENGTH = 90
"""Characters of the smaller line below it: a picture is cut where its own parts are narrower."""
ANSWERED = "respondents who answered"
SUPPRESSED = "suppressed"
NO_BASE = "no answers"


@dataclass(frozen=True, slots=True)
class Cell:
    """One theme in one group.

    `n` of the `base` respondents of the group mention the theme; `share`, `low` and `high` are 0-1,
    None where the base is 0. Of a suppressed cell, the picture and its data hold the base and a
    word, and no other number.
    """

    theme: str
    group: str
    base: int
    n: int
    share: float | None
    low: float | None
    high: float | None
    suppressed: bool = False


def bars(
    cells: Sequence[Cell], *, title: str, dark: bool = False, base: str = ANSWERED
) -> alt.FacetChart:
    """Draw a bar per group with its 95 % interval, one panel per theme.

    Groups are named on the axis with their base, shares are written beside the interval; there is
    no legend to look up.

    Parameters
    ----------
    cells
        In the order of themes, and of groups within each.
    title
        The finding's subject, such as "Respondents who mention racism, by ethnic group".
    base
        Whom n counts, in words.

    Raises
    ------
    ValueError
        When there are no cells.
    """
    import altair as alt

    names = _labels((cell.group for cell in _at_least_one(cells)), ROW_LABEL, 1)
    panels = _labels((cell.theme for cell in cells), PANEL_LABEL, 1)
    rows = [{**_bar_row(cell, names[cell.group]), "panel": panels[cell.theme]} for cell in cells]
    colours = palette(dark=dark)
    x = alt.X("percent:Q", title="Share of respondents", axis=_percent_axis(), scale=_scale(cells))
    y = alt.Y("group:N", title=None, sort=None, scale=alt.Scale(paddingInner=0.3, paddingOuter=0.2))
    common = alt.Chart().encode(y=y, tooltip=_tooltip())
    parts = alt.layer(
        common.mark_bar(color=colours.bar, cornerRadiusEnd=2).encode(x=x),
        common.mark_rule(color=colours.text, strokeWidth=1.5).encode(x="low:Q", x2="high:Q"),
        *[
            common.mark_tick(color=colours.text, thickness=1.5, size=9, opacity=1).encode(
                x=f"{end}:Q"
            )
            for end in ("low", "high")
        ],
        common.mark_point(color=colours.accent, filled=True, opacity=1, size=46).encode(x=x),
        common.mark_text(align="left", dx=8, color=colours.text, fontSize=13).encode(
            x="label_at:Q", text="label:N"
        ),
    ).properties(width=WIDTH, height=alt.Step(ROW))
    panel = alt.Facet(
        "panel:N",
        title=None,
        sort=list(panels.values()),
        header=alt.Header(
            labelAnchor="start",
            labelFontSize=14,
            labelFontWeight=600,
            labelColor=colours.text,
            labelLimit=0,
            labelPadding=6,
        ),
    )
    chart = parts.facet(facet=panel, columns=1, spacing=18, data=alt.InlineData(values=rows))
    chart = chart.resolve_scale(y="independent")
    subtitle = f"Bars and points: share of respondents. Lines: 95 % interval. n: {base}."
    finished: alt.FacetChart = _finish(chart, title, subtitle, colours)
    return finished


def heat_map(
    cells: Sequence[Cell], *, title: str, dark: bool = False, base: str = ANSWERED
) -> alt.LayerChart:
    """Draw a cell per theme and group, with the percentage written in it.

    The darkest (on a dark page, the brightest) cell is the largest share in the picture.

    Parameters
    ----------
    cells
        In the order of themes, and of groups within each.
    title
        The finding's subject.
    base
        Whom n counts, in words.

    Raises
    ------
    ValueError
        When there are no cells.
    """
    import altair as alt

    colours = palette(dark=dark)
    rows, n_lines = _heat_rows(_at_least_one(cells), colours)
    common = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("group:N", title=None, sort=None, axis=_label_axis("top", n_lines)),
        y=alt.Y("row:N", title=None, sort=None, axis=_label_axis("left", 1)),
        tooltip=_tooltip(),
    )
    grounds = common.mark_rect(stroke=colours.page, strokeWidth=2).encode(
        fill=alt.Fill("ground:N", scale=None)
    )
    hatches = common.transform_filter("datum.suppressed").mark_point(
        shape=_hatch(), size=CELL_WIDTH**2, color=colours.line, strokeWidth=1, opacity=1
    )
    labels = common.mark_text().encode(
        text="label:N",
        color=alt.Color("ink:N", scale=None),
        size=alt.Size("size:Q", scale=None, legend=None),
    )
    marks = (
        [grounds, hatches, labels] if any(cell.suppressed for cell in cells) else [grounds, labels]
    )  # an empty layer has no words for a screen reader
    chart = alt.layer(*marks).properties(width=alt.Step(CELL_WIDTH), height=alt.Step(CELL_HEIGHT))
    subtitle = f"Share of the group's respondents. n: {base}."
    finished: alt.LayerChart = _finish(chart, title, subtitle, colours)
    return finished


def to_png(chart: Chart, *, scale: float = 2.0) -> bytes:
    """Return a chart as PNG, `scale` dots per pixel. Nothing is fetched from a network."""
    import vl_convert

    return vl_convert.vegalite_to_png(chart.to_dict(), scale=scale, allowed_base_urls=[])


def to_svg(chart: Chart) -> str:
    """Return a chart as SVG. Nothing is fetched from a network."""
    import vl_convert

    return vl_convert.vegalite_to_svg(chart.to_dict(), allowed_base_urls=[])


def in_percent(share: float) -> str:
    """Write a share as a whole percentage, halves up: `0.425` is "43 %".

    Examples
    --------
    >>> in_percent(0.005), in_percent(0.425), in_percent(1)
    ('1 %', '43 %', '100 %')
    """
    return f"{math.floor(round(share * 100, 6) + 0.5)} %"


def _at_least_one(cells: Sequence[Cell]) -> Sequence[Cell]:
    if not cells:
        raise ValueError("a chart needs at least one cell")
    return cells


def _numbers(cell: Cell) -> tuple[float, float, float] | None:
    """Return share, low and high in percent, or None where there is nothing to draw."""
    if cell.suppressed or cell.share is None or cell.low is None or cell.high is None:
        return None
    return 100 * cell.share, 100 * cell.low, 100 * cell.high


def _word(cell: Cell) -> str:
    if cell.suppressed:
        return SUPPRESSED
    return NO_BASE if cell.share is None else in_percent(cell.share)


def _common(cell: Cell) -> dict[str, object]:
    numbers = _numbers(cell)
    interval = (
        "" if numbers is None else f"{in_percent(cell.low or 0)} to {in_percent(cell.high or 0)}"
    )
    count = SUPPRESSED if cell.suppressed else f"{cell.n:,} of {cell.base:,}"
    words = {"theme": cell.theme, "name": cell.group, "count": count, "interval": interval}
    return {**words, "label": _word(cell), "suppressed": cell.suppressed}


def _bar_row(cell: Cell, name: str) -> dict[str, object]:
    row = {**_common(cell), "group": _with_base(name, {cell.base})}
    numbers = _numbers(cell)
    if numbers is None:
        return row | {"percent": None, "low": None, "high": None, "label_at": 0}
    percent, low, high = numbers
    return row | {"percent": percent, "low": low, "high": high, "label_at": high}


def _lines(name: str, width: int, most: int) -> str:
    """Break a name into lines, the last with an ellipsis where it needs more than `most`."""
    return "\n".join(textwrap.wrap(name, width, max_lines=most, placeholder=" ...")) or name


def _labels(names: Iterable[str], width: int, most: int) -> dict[str, str]:
    """Map each name to its label; names that would read the same once cut stay as they are."""
    labels = {name: _lines(name, width, most) for name in names}
    n_alike = Counter(labels.values())
    return {name: name if n_alike[label] > 1 else label for name, label in labels.items()}


def _with_base(group: str, bases: set[int]) -> str:
    """Name a group with its base, or with the range of its bases where themes differ in it."""
    low, high = min(bases), max(bases)
    return f"{group} (n = {low:,})" if low == high else f"{group} (n = {low:,}-{high:,})"


def _heat_rows(cells: Sequence[Cell], colours: Palette) -> tuple[list[dict[str, object]], int]:
    """Return the rows of a heat map, and how many lines the labels above it have."""
    bases: dict[str, set[int]] = {}
    for cell in cells:
        bases.setdefault(cell.group, set()).add(cell.base)
    cut = _labels(bases, CELL_LABEL, MAX_LINES - 1)
    groups = {group: _with_base(f"{cut[group]}\n", bases[group]) for group in bases}
    groups = {group: label.replace("\n ", "\n") for group, label in groups.items()}
    n_lines = max(label.count("\n") for label in groups.values()) + 1
    themes = _labels((cell.theme for cell in cells), ROW_LABEL, 2)
    top = max((cell.share or 0.0 for cell in cells if not cell.suppressed), default=0.0)
    rows = []
    for cell in cells:
        label = groups[cell.group]
        above = "\n" * (n_lines - 1 - label.count("\n"))  # all labels end on the same line
        place: dict[str, object] = {"row": themes[cell.theme], "group": above + label}
        rows.append({**_common(cell), **place, **_tone(cell, top, colours)})
    return rows, n_lines


def _tone(cell: Cell, top: float, colours: Palette) -> dict[str, object]:
    if cell.suppressed or cell.share is None:
        return {"ground": colours.surface, "ink": colours.quiet, "size": 12}
    ground = mix(colours.none, colours.accent, cell.share / top if top else 0.0)
    return {"ground": ground, "ink": ink_on(ground, colours), "size": 14}


def _label_axis(orient: Literal["top", "left"], n_lines: int) -> alt.Axis:
    """Return an axis of nothing but labels, which may have several lines.

    Vega draws the lines of a label downwards from where a single line would stand.
    """
    import altair as alt

    two_lines = alt.condition("indexof(datum.label, '\\n') > 0", alt.value(-8), alt.value(0))
    return alt.Axis(
        orient=orient,
        labelExpr="split(datum.label, '\\n')",
        labelAngle=0,
        labelLimit=0,
        labelLineHeight=LINE,
        labelPadding=8 + LINE * (n_lines - 1),
        labelOffset=two_lines if orient == "left" else 0,
        domain=False,
        ticks=False,
    )


def _hatch() -> str:
    """Return the slanting lines of a suppressed cell, an SVG path in half cell widths."""
    height = (CELL_HEIGHT - 4) / CELL_WIDTH
    width = 1 - 4 / CELL_WIDTH
    path = ""
    for step in range(-12, 10):
        left = step * 0.125
        start, end = max(left, -width), min(left + 2 * height, width)
        if start < end:
            rise, fall = height - (start - left), height - (end - left)
            path += f"M{start:.3f},{rise:.3f}L{end:.3f},{fall:.3f}"
    return path


def _tooltip() -> list[alt.Tooltip]:
    import altair as alt

    fields = {"theme": "Theme", "name": "Group", "label": "Share"}
    fields |= {"interval": "95 % interval", "count": "Respondents"}
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()]


def _percent_axis() -> alt.Axis:
    import altair as alt

    return alt.Axis(
        labelExpr="datum.value + ' %'", tickCount=5, grid=True, domain=False, ticks=False
    )


def _scale(cells: Sequence[Cell]) -> alt.Scale:
    """Begin at nought, end at the next ten above the highest interval, so that bars compare."""
    import altair as alt

    highs = [numbers[2] for cell in cells if (numbers := _numbers(cell))]
    end = min(100, 10 * math.ceil(max(highs, default=100) / 10))
    return alt.Scale(domain=[0, max(end, 10)], nice=False)


def _finish(chart: Any, title: str, subtitle: str, colours: Palette) -> Any:
    import altair as alt

    lines = textwrap.wrap(title, TITLE_LENGTH) or [""]
    below = subtitle if len(subtitle) <= SUBTITLE_LENGTH else textwrap.wrap(
        subtitle, SUBTITLE_LENGTH
    )  # fmt: skip
    heading = alt.TitleParams(lines, subtitle=below, anchor="start", frame="bounds", offset=16)
    text = {"labelColor": colours.text, "titleColor": colours.quiet, "labelFontSize": 13}
    padding = dict.fromkeys(("left", "right", "top", "bottom"), 16)  # Streamlit wants all four
    return (
        chart.properties(title=heading, background=colours.page, padding=padding)
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            **text,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=colours.line,
            domainColor=colours.line,
            tickColor=colours.line,
            labelLimit=0,
        )
        .configure_axisY(domain=False, ticks=False, labelPadding=8)
        .configure_title(
            color=colours.text,
            fontSize=17,
            fontWeight=600,
            subtitleColor=colours.quiet,
            subtitleFontSize=12.5,
            subtitlePadding=6,
        )
    )
