"""Agreement week by week: a dot and an interval for each.

In: figures of weeks, in order. Out: an Altair chart in the workbench's own look.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.summarise.chart import FONT
from pipelines.summarise.colours import palette

if TYPE_CHECKING:
    import altair as alt

STEP, HEIGHT = 84, 320
"""Pixels: of a week's width, and of the height; on a page its title is counted in."""


@dataclass(frozen=True, slots=True)
class Point:
    """A week with its coefficient, its interval where it has one, and its number of documents."""

    week: str
    n_documents: int
    value: float
    low: float | None
    high: float | None


def drift_chart(points: Sequence[Point], *, title: str, dark: bool = False) -> alt.LayerChart:
    """Draw the weeks from left to right; 0 is chance, 1 is agreement in everything.

    Raises
    ------
    ValueError
        When there are no points.
    """
    import altair as alt

    if not points:
        raise ValueError("a chart needs at least one week")
    colours = palette(dark=dark)
    least = min(0.0, *(p.value if p.low is None else p.low for p in points))
    axis = alt.Axis(labelExpr="split(datum.label, '|')", labelAngle=0, ticks=False, domain=False)
    base = alt.Chart(alt.InlineData(values=[_values(point) for point in points])).encode(
        x=alt.X("label:N", title=None, sort=None, axis=axis),
        tooltip=[
            alt.Tooltip(f"{name}:N", title=words)
            for name, words in (
                ("week", "Week of"), ("figure", "Agreement"), ("interval", "95 % interval"),
                ("n", "Documents"),
            )
        ],
    )  # fmt: skip
    y = alt.Y("value:Q", title="Agreement beyond chance", axis=alt.Axis(tickCount=6),
              scale=alt.Scale(domain=[least, 1]))  # fmt: skip
    marks = [
        base.mark_line(color=colours.bar, strokeWidth=1.5).encode(y=y),
        base.mark_point(color=colours.accent, filled=True, opacity=1, size=80).encode(y=y),
    ]
    if any(point.low is not None for point in points):
        held = base.transform_filter("isValid(datum.low)")
        rules = held.mark_rule(color=colours.text, strokeWidth=1.5)
        marks.insert(1, rules.encode(y=alt.Y("low:Q"), y2="high:Q"))
    heading = alt.TitleParams(
        textwrap.wrap(title, 60) or [""],
        subtitle="Dots: all codes together. Lines: 95 % interval. n: documents.",
        anchor="start", frame="bounds", offset=14,
    )  # fmt: skip
    finished: alt.LayerChart = (
        alt.layer(*marks)
        .properties(
            width=alt.Step(STEP), height=HEIGHT, title=heading, background=colours.page,
            padding=dict.fromkeys(("left", "right", "top", "bottom"), 12),
        )
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=colours.text, titleColor=colours.quiet, labelFontSize=13, titleFontSize=12,
            titleFontWeight="normal", gridColor=colours.line, labelLimit=0,
        )
        .configure_axisY(domain=False, ticks=False, labelPadding=8)
        .configure_title(
            color=colours.text, fontSize=16, fontWeight=600, subtitleColor=colours.quiet,
            subtitleFontSize=12.5, subtitlePadding=6,
        )
    )  # fmt: skip
    return finished


def _values(point: Point) -> dict[str, object]:
    known = point.low is not None and point.high is not None
    return {
        "label": f"{point.week}|n = {point.n_documents:,}",
        "week": point.week,
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "figure": f"{point.value:.2f}",
        "interval": f"{point.low:.2f} to {point.high:.2f}" if known else "none",
        "n": point.n_documents,
    }
