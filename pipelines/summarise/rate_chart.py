"""Rates with their intervals: a dot and a line for each group.

In: rates of groups, in order. Out: an Altair chart in the workbench's own look.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.summarise.chart import FONT
from pipelines.summarise.colours import Palette, palette

if TYPE_CHECKING:
    import altair as alt

WIDTH, ROW = 320, 34
"""Pixels: of the axis, and of the height of one group."""
NAME = 34
"""Characters of a group's name."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """A group's rate, 0-1, with its interval where it has one, and its number of respondents."""

    group: str
    value: float | None
    low: float | None
    high: float | None
    respondents: int


def rate_chart(rows: Sequence[RateRow], *, title: str, dark: bool = False) -> alt.LayerChart:
    """Draw a dot for each rate, and a line for its 95 % interval.

    Raises
    ------
    ValueError
        When there are no rows.
    """
    import altair as alt

    if not rows:
        raise ValueError("a chart needs at least one row")
    colours = palette(dark=dark)
    y = alt.Y("label:N", title=None, sort=None)
    common = alt.Chart(alt.InlineData(values=[_values(row) for row in rows])).encode(
        y=y, tooltip=_tooltip()
    )
    axis = alt.Axis(labelExpr="datum.value + ' %'", tickCount=5, domain=False, ticks=False)
    dots = common.mark_point(color=colours.accent, filled=True, opacity=1, size=80).encode(
        x=alt.X(
            "percent:Q", title="Share of the machine's words", axis=axis, scale=alt.Scale(zero=True)
        )
    )
    marks = [dots]
    if any(row.low is not None for row in rows):  # an empty layer has no words for a screen reader
        whole = common.transform_filter("isValid(datum.low)")
        lines = whole.mark_rule(color=colours.text, strokeWidth=1.5)
        marks.insert(0, lines.encode(x="low:Q", x2="high:Q"))
    chart = alt.layer(*marks).properties(width=WIDTH, height=alt.Step(ROW))
    return _finished(chart, title, colours)


def _values(row: RateRow) -> dict[str, object]:
    name = textwrap.shorten(row.group, NAME, placeholder=" ...") or row.group[:NAME]
    ends = [None if end is None else 100 * end for end in (row.value, row.low, row.high)]
    interval = "none" if row.low is None else f"{ends[1]:.1f} to {ends[2]:.1f} %"
    return {
        "label": f"{name} (n = {row.respondents:,})",
        "group": row.group,
        "percent": ends[0],
        "low": ends[1],
        "high": ends[2],
        "rate": f"{ends[0]:.1f} %",
        "interval": interval,
        "n": row.respondents,
    }


def _tooltip() -> list[alt.Tooltip]:
    import altair as alt

    fields = {"group": "Group", "rate": "Changed", "interval": "95 % interval", "n": "Respondents"}
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in fields.items()]


def _finished(chart: Any, title: str, colours: Palette) -> alt.LayerChart:
    import altair as alt

    heading = alt.TitleParams(
        textwrap.wrap(title, 38) or [""],
        subtitle="Dots: pooled rate. Lines: 95 % interval. n: respondents.",
        anchor="start",
        frame="bounds",
        offset=14,
    )
    text = {"labelColor": colours.text, "titleColor": colours.quiet, "labelFontSize": 13}
    finished: alt.LayerChart = (
        chart.properties(
            title=heading,
            background=colours.page,
            padding=dict.fromkeys(("left", "right", "top", "bottom"), 12),
        )
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            **text, titleFontSize=12, titleFontWeight="normal", gridColor=colours.line,
            labelLimit=0,
        )
        .configure_axisY(domain=False, ticks=False, labelPadding=8)
        .configure_title(
            color=colours.text, fontSize=16, fontWeight=600, subtitleColor=colours.quiet,
            subtitleFontSize=12.5, subtitlePadding=6,
        )
    )  # fmt: skip
    return finished
