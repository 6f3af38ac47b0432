"""Pictures of a discussion: how much each says, who speaks after whom, and who speaks when.

In: figures of speakers and their turns, in order. Out: Altair charts in the workbench's own look.
Facilitators are told apart by a word and an outline, not by colour alone.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.summarise.chart import FONT
from pipelines.summarise.colours import Palette, ink_on, mix, palette
from workbench.domain.interactions import NOBODY, Pair, SpeakerFigures, Spoken

if TYPE_CHECKING:
    import altair as alt

ROW = 26
"""Pixels of height of one speaker."""
MOST_WIDTH, TIMELINE_WIDTH, BARS_WIDTH = 720, 760, 300
"""Pixels: of all columns of a map, of the axis of a timeline, and of the axis of bars."""
CELL = 30, 64
"""Pixels: the least and the greatest width of a cell of a map."""
NAME, NAME_ABOVE = 26, 14
"""Characters of a name beside a row, and above a column."""
UNKNOWN = "Nobody named"
MINUTE_MS = 60_000


def speaker_bars(
    people: Sequence[SpeakerFigures], *, title: str, dark: bool = False
) -> alt.HConcatChart:
    """Draw each speaker's words and turns as bars side by side, with the numbers written out.

    Raises
    ------
    ValueError
        When there are no speakers.
    """
    import altair as alt

    colours = palette(dark=dark)
    labels = shown_names([item.name for item in _at_least_one(people)], NAME)
    rows = [
        {
            "label": _with_role(labels[item.name], item),
            "led": item.role != "participant",
            "words": item.n_words,
            "turns": item.n_turns,
        }
        for item in people
    ]
    chart = alt.hconcat(
        *(
            _bars(rows, measure, colours, named=place == 0)
            for place, measure in enumerate(("words", "turns"))
        ),
        spacing=24,
    )
    subtitle = "Outlined: facilitators, and speech of which nobody knows whose it is."
    told = "; ".join(f"{item.name or UNKNOWN} {item.n_words} words" for item in people)
    finished: alt.HConcatChart = _finish(chart, title, subtitle, told, colours)
    return finished


def followed_map(
    followed: Mapping[Pair, int], names: Sequence[str], *, title: str, dark: bool = False
) -> alt.LayerChart:
    """Draw how often each speaks directly after each other one, with the number in each cell.

    Raises
    ------
    ValueError
        When there are no names.
    """
    import altair as alt

    colours = palette(dark=dark)
    beside = shown_names(_at_least_one(names), NAME)
    above = shown_names(names, NAME_ABOVE)
    most = max(followed.values(), default=0)
    rows = [
        {"one": beside[one], "next": above[other], "n": followed.get((one, other), 0),
         **_cell(followed.get((one, other), 0), most, colours, same=one == other)}
        for one in names for other in names
    ]  # fmt: skip
    width = max(CELL[0], min(CELL[1], MOST_WIDTH // len(names)))
    slanted = width < CELL[1] or max(map(len, above.values())) > 9
    top = alt.Axis(orient="top", labelAngle=-60 if slanted else 0, domain=False, ticks=False,
                   labelPadding=6, labelAlign="left" if slanted else "center",
                   title="Who speaks next")  # fmt: skip
    common = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("next:N", sort=None, axis=top),
        y=alt.Y("one:N", sort=None, title="Who speaks"),
        tooltip=[alt.Tooltip("one:N", title="Who speaks"),
                 alt.Tooltip("next:N", title="Who speaks next"), alt.Tooltip("n:Q", title="Times")],
    )  # fmt: skip
    cells = common.mark_rect(stroke=colours.page, strokeWidth=2).encode(
        fill=alt.Fill("ground:N", scale=None)
    )
    numbers = common.mark_text(fontSize=13 if width > 40 else 12).encode(
        text="text:N", color=alt.Color("ink:N", scale=None)
    )
    chart = alt.layer(cells, numbers).properties(width=alt.Step(width), height=alt.Step(ROW + 4))
    told = "; ".join(f"{other} after {one} {n} times" for (one, other), n in _greatest(followed))
    subtitle = "How often a turn of the one in the column directly follows one of the row's."
    finished: alt.LayerChart = _finish(chart, title, subtitle, told, colours)
    return finished


def timeline(
    spoken: Sequence[Spoken], people: Sequence[SpeakerFigures], *, title: str, dark: bool = False
) -> alt.LayerChart:
    """Draw a row for each speaker, with a block for each of their turns.

    Where every turn has times, the axis is minutes. Otherwise it is the words said so far, so that
    a long turn is wide and no pause shows.

    Raises
    ------
    ValueError
        When nobody speaks.
    """
    import altair as alt

    colours = palette(dark=dark)
    labels = shown_names([item.name for item in people], NAME)
    shown = {item.name: _with_role(labels[item.name], item) for item in people}
    led = {item.name for item in people if item.role != "participant"}
    timed = all(_has_times(turn) for turn in _at_least_one(spoken))
    rows = [
        {"label": shown[turn.speaker], "led": turn.speaker in led, "start": start, "end": end,
         "words": turn.n_words, "from": _clock(start) if timed else f"word {start + 1:,.0f}"}
        for turn, (start, end) in zip(spoken, _ends(spoken, timed=timed), strict=True)
        if turn.speaker in shown
    ]  # fmt: skip
    if timed:
        axis = alt.Axis(tickCount=10, domain=False, ticks=False, format=",.3~f")
        x_title = "Minutes from the beginning"
    else:
        axis = alt.Axis(tickCount=10, domain=False, ticks=False, format=",.0f")
        begins = any(turn.start_ms is not None for turn in spoken)
        why = "does not say when each turn ends" if begins else "has no times"
        x_title = f"Words said so far: the file {why}"
    blocks = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(height=15, strokeWidth=1)
        .encode(
            y=alt.Y("label:N", title=None, sort=list(shown.values()),
                    scale=alt.Scale(domain=list(shown.values()))),
            x=alt.X("start:Q", title=x_title, axis=axis, scale=alt.Scale(zero=True, nice=False)),
            x2="end:Q",
            tooltip=[alt.Tooltip("label:N", title="Speaker"), alt.Tooltip("from:N", title="From"),
                     alt.Tooltip("words:Q", title="Words", format=",")],
            **_led_or_not(colours),
        )
    )  # fmt: skip
    chart = alt.layer(blocks).properties(width=TIMELINE_WIDTH, height=alt.Step(ROW))
    counts = Counter(turn.speaker for turn in spoken)
    told = "; ".join(f"{item.name or UNKNOWN} {counts[item.name]} turns" for item in people)
    subtitle = "A block for each turn. Outlined: facilitators, and unknown speakers."
    finished: alt.LayerChart = _finish(chart, title, subtitle, told, colours)
    return finished


def shown_names(names: Iterable[str], width: int) -> dict[str, str]:
    """Map each name to what a picture shows of it; those that would read the same get a number.

    Examples
    --------
    >>> list(shown_names(["P1", "", "A very long name", "A very long one"], 12).values())
    ['P1', 'Nobody named', 'A very lo...', 'A very... 2']
    """
    shown: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        whole = " ".join(name.split()) or (UNKNOWN if name == NOBODY else "?")
        label, n = _cut(whole, width), 1
        while label in taken:
            n += 1
            label = f"{_cut(whole, width - 1 - len(str(n)) - 1)} {n}"
        taken.add(label)
        shown[name] = label
    return shown


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(width - 3, 1)].rstrip()}..."


def _with_role(label: str, item: SpeakerFigures) -> str:
    told = item.role != "facilitator" or "facilitator" in label.casefold()
    return label if told else f"{label} (facilitator)"


def _bars(
    rows: Sequence[Mapping[str, object]], measure: str, colours: Palette, *, named: bool
) -> alt.LayerChart:
    """Draw one panel of bars; room is left at the end of the axis for the number of the longest."""
    import altair as alt

    most = max(int(str(row[measure])) for row in rows)
    shown = alt.Axis(labels=named, domain=False, ticks=False)
    common = alt.Chart(alt.InlineData(values=list(rows))).encode(
        y=alt.Y("label:N", title=None, sort=None, axis=shown),
        x=alt.X(f"{measure}:Q", title=measure.capitalize(),
                axis=alt.Axis(tickCount=4, domain=False, ticks=False),
                scale=alt.Scale(domain=[0, max(1.2 * most, 1)], nice=False)),
        tooltip=[alt.Tooltip("label:N", title="Speaker"),
                 alt.Tooltip(f"{measure}:Q", title=measure.capitalize(), format=",")],
    )  # fmt: skip
    bars = common.mark_bar(strokeWidth=1.5, height=16).encode(**_led_or_not(colours))
    numbers = common.mark_text(align="left", dx=6, color=colours.text, fontSize=13).encode(
        text=alt.Text(f"{measure}:Q", format=",")
    )
    both: Any = alt.layer(bars, numbers)
    panel: alt.LayerChart = both.properties(width=BARS_WIDTH, height=alt.Step(ROW))
    return panel


def _led_or_not(colours: Palette) -> dict[str, Any]:
    import altair as alt

    led = alt.expr.toBoolean(alt.datum.led)
    return {
        "fill": alt.condition(led, alt.value(colours.surface), alt.value(colours.bar)),
        "stroke": alt.condition(led, alt.value(colours.quiet), alt.value(colours.bar)),
    }


def _cell(n: int, most: int, colours: Palette, *, same: bool) -> dict[str, str]:
    if same:
        return {"ground": colours.page, "ink": colours.quiet, "text": ""}
    ground = mix(colours.none, colours.accent, n / most if most else 0.0)
    return {"ground": ground, "ink": ink_on(ground, colours), "text": f"{n:,}" if n else "\u00b7"}


def _greatest(followed: Mapping[Pair, int], most: int = 10) -> list[tuple[Pair, int]]:
    return sorted(followed.items(), key=lambda item: -item[1])[:most]


def _has_times(turn: Spoken) -> bool:
    return turn.start_ms is not None and turn.end_ms is not None and turn.end_ms >= turn.start_ms


def _ends(spoken: Sequence[Spoken], *, timed: bool) -> Iterable[tuple[float, float]]:
    said = 0
    for turn in spoken:
        if timed:
            yield (turn.start_ms or 0) / MINUTE_MS, (turn.end_ms or 0) / MINUTE_MS
        else:
            yield said, said + turn.n_words
        said += turn.n_words


def _clock(minutes: float) -> str:
    seconds = math.floor(minutes * 60)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _at_least_one(items: Sequence[Any]) -> Sequence[Any]:
    if not items:
        raise ValueError("a chart needs at least one row")
    return items


def _finish(chart: Any, title: str, subtitle: str, told: str, colours: Palette) -> Any:
    import altair as alt

    lines = textwrap.wrap(title, 76, max_lines=2, placeholder=" ...") or [""]
    heading = alt.TitleParams(lines, subtitle=subtitle, anchor="start", frame="bounds", offset=14)
    return (
        chart.properties(
            title=heading, background=colours.page, description=f"{title}. {told}"[:2_000],
            padding=dict.fromkeys(("left", "right", "top", "bottom"), 12),
        )
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=colours.text, titleColor=colours.quiet, labelFontSize=13, titleFontSize=12,
            titleFontWeight="normal", gridColor=colours.line, labelLimit=0,
        )
        .configure_axisY(domain=False, ticks=False, labelPadding=8, grid=False)
        .configure_title(
            color=colours.text, fontSize=16, fontWeight=600, subtitleColor=colours.quiet,
            subtitleFontSize=12.5, subtitlePadding=6,
        )
    )  # fmt: skip
