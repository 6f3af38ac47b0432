"""Charts: what is encoded, what is said, and that nothing but that leaves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.summarise.chart import Cell, bars, heat_map, in_percent, to_png, to_svg
from pipelines.summarise.colours import DARK, LIGHT, contrast

TITLE = "Respondents who mention each theme, by role"
CELLS = [
    Cell("Racism", "Parent", 101, 43, 43 / 101, 0.334, 0.523),
    Cell("Racism", "Young person", 34, 0, 0.0, 0.0, 0.102),
    Cell("Racism", "Practitioner", 0, 0, None, None, None),
    Cell("Racism", "Not stated", 3, 2, 2 / 3, 0.208, 0.939, suppressed=True),
    Cell("Access", "Parent", 101, 101, 1.0, 0.963, 1.0),
    Cell("Access", "Young person", 34, 17, 0.5, 0.340, 0.660),
    Cell("Access", "Practitioner", 0, 0, None, None, None),
    Cell("Access", "Not stated", 3, 2, 2 / 3, 0.208, 0.939, suppressed=True),
]


def rows(chart: Any) -> list[dict[str, Any]]:
    """Return the data of a chart: one table for all its layers."""
    (table,) = chart.to_dict()["datasets"].values()
    return table


def layers(chart: Any) -> list[tuple[str, dict[str, Any]]]:
    spec = chart.to_dict()
    return [(layer["mark"]["type"], layer["encoding"]) for layer in spec.get("spec", spec)["layer"]]


def test_bars_encode_share_interval_and_base() -> None:
    chart = bars(CELLS, title=TITLE)
    parent, young, practitioner, unstated = rows(chart)[:4]
    assert parent["group"] == "Parent (n = 101)"
    assert parent["percent"] == pytest.approx(100 * 43 / 101)
    assert (parent["low"], parent["high"]) == pytest.approx((33.4, 52.3))
    assert parent["label"] == "43 %"
    assert parent["interval"] == "33 % to 52 %"
    assert parent["count"] == "43 of 101"
    assert (young["percent"], young["label"], young["label_at"]) == (0, "0 %", pytest.approx(10.2))
    assert practitioner["group"] == "Practitioner (n = 0)"
    assert (practitioner["percent"], practitioner["label"]) == (None, "no answers")
    assert (unstated["percent"], unstated["high"], unstated["label"]) == (None, None, "suppressed")
    drawn = {mark: encoding for mark, encoding in layers(chart)}
    assert drawn["bar"]["x"]["field"] == "percent"
    assert (drawn["rule"]["x"]["field"], drawn["rule"]["x2"]["field"]) == ("low", "high")
    assert drawn["text"]["text"]["field"] == "label"
    assert drawn["bar"]["y"]["field"] == "group"
    assert drawn["bar"]["x"]["scale"]["domain"] == [0, 100]


def test_bars_keep_the_order_given_and_have_one_panel_a_theme() -> None:
    spec = bars(CELLS, title=TITLE).to_dict()
    assert spec["facet"]["field"] == "panel"
    assert spec["facet"]["sort"] == ["Racism", "Access"]
    assert spec["columns"] == 1
    assert spec["spec"]["layer"][0]["encoding"]["y"]["sort"] is None


def test_the_axis_ends_above_the_highest_interval_and_begins_at_nought() -> None:
    chart = bars(CELLS[1:2], title=TITLE)
    assert layers(chart)[0][1]["x"]["scale"]["domain"] == [0, 20]
    only_suppressed = bars(CELLS[3:4], title=TITLE)
    assert layers(only_suppressed)[0][1]["x"]["scale"]["domain"] == [0, 100]


def test_heat_map_prints_percentages_and_bases() -> None:
    chart = heat_map(CELLS, title=TITLE)
    found = rows(chart)
    assert [row["label"] for row in found] == [
        *["43 %", "0 %", "no answers", "suppressed"],
        *["100 %", "50 %", "no answers", "suppressed"],
    ]
    assert found[0]["group"] == "Parent\n(n = 101)"
    assert [row["row"] for row in found[::4]] == ["Racism", "Access"]
    assert found[4]["ground"] == LIGHT.accent
    assert found[1]["ground"] == LIGHT.none
    assert [mark for mark, _ in layers(chart)] == ["rect", "point", "text"]
    hatch = chart.to_dict()["layer"][1]
    assert hatch["transform"] == [{"filter": "datum.suppressed"}]
    assert hatch["mark"]["shape"].startswith("M")


def test_heat_map_of_nothing_but_noughts_or_nobody() -> None:
    assert rows(heat_map(CELLS[1:2], title=TITLE))[0]["ground"] == LIGHT.none
    assert rows(heat_map(CELLS[2:3], title=TITLE))[0]["ground"] == LIGHT.surface


def test_a_base_that_differs_between_themes_is_shown_as_a_range() -> None:
    cells = [Cell("A", "G", 9, 1, 1 / 9, 0, 0.4), Cell("B", "G", 1200, 1, 1 / 1200, 0, 0.1)]
    assert rows(heat_map(cells, title=TITLE))[0]["group"] == "G\n(n = 9-1,200)"
    assert rows(bars(cells, title=TITLE))[1]["group"] == "G (n = 1,200)"


def test_the_line_below_the_title_is_broken_where_a_picture_would_cut_it() -> None:
    spec = bars(CELLS[:1], title=TITLE, base="respondents who spoke in these focus groups")
    below = spec.to_dict()["title"]["subtitle"]
    assert max(map(len, below)) < 100
    assert " ".join(below).endswith("n: respondents who spoke in these focus groups.")


def test_long_labels_are_cut_but_never_made_alike() -> None:
    names = ["A very long name of a group " * 3 + end for end in ("one", "two")]
    cells = [Cell("T", name, 5, 1, 0.2, 0.0, 0.6) for name in [*names, "Word " * 40]]
    for chart in (bars(cells, title=TITLE), heat_map(cells, title=TITLE)):
        labels = [row["group"] for row in rows(chart)]
        assert len(set(labels)) == 3
        assert "..." in labels[2]
        assert "two" in labels[1]


@pytest.mark.parametrize("picture", [bars, heat_map])
def test_a_suppressed_cell_leaves_no_number_behind(picture: Any) -> None:
    cell = Cell("T", "G", 3, 2, 0.777, 0.222, 0.999, suppressed=True)
    text = json.dumps(picture([cell, CELLS[0]], title=TITLE).to_dict())
    for number in ("777", "77.7", "78 %", "222", "22.2", "999", "99.9", "2 of 3"):
        assert number not in text


@pytest.mark.parametrize("picture", [bars, heat_map])
@pytest.mark.parametrize(("dark", "look"), [(False, LIGHT), (True, DARK)])
def test_the_look_is_the_workbenchs_own(picture: Any, dark: bool, look: Any) -> None:
    spec = picture(CELLS, title=TITLE, dark=dark).to_dict()
    assert spec["title"]["text"] == [TITLE]
    assert "respondents who answered" in spec["title"]["subtitle"]
    assert spec["background"] == look.page
    assert spec["config"]["font"].startswith("'Source Sans'")
    assert spec["config"]["title"]["color"] == look.text
    assert spec["config"]["axis"]["labelColor"] == look.text
    assert "legend" not in json.dumps(spec).replace('"legend": null', "")


@pytest.mark.parametrize("dark", [False, True])
def test_every_percentage_can_be_read_on_its_ground(dark: bool) -> None:
    cells = [Cell(f"T{n}", "G", 100, n, n / 100, 0.0, 1.0) for n in range(101)]
    cells += [CELLS[2], CELLS[3]]
    for row in rows(heat_map(cells, title=TITLE, dark=dark)):
        assert contrast(row["ground"], row["ink"]) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_text_lines_and_bars_have_enough_contrast(look: Any) -> None:
    for text in (look.text, look.quiet, look.accent):
        assert contrast(text, look.page) >= 4.5
    assert contrast(look.text, look.bar) >= 3
    assert contrast(look.accent, look.page) >= 3


def test_a_long_title_is_broken_into_lines() -> None:
    title = "Respondents who mention " + "a theme " * 30
    lines = bars(CELLS, title=title).to_dict()["title"]["text"]
    assert len(lines) > 2
    assert all(len(line) <= 76 for line in lines)
    assert " ".join(lines) == title.strip()


@pytest.mark.parametrize("picture", [bars, heat_map])
def test_no_cells_are_refused(picture: Any) -> None:
    with pytest.raises(ValueError, match="at least one cell"):
        picture([], title=TITLE)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.004, "0 %"), (0.005, "1 %"), (0.125, "13 %"), (0.285, "29 %"), (1, "100 %")],
)
def test_percentages_are_whole_and_round_halves_up(share: float, text: str) -> None:
    assert in_percent(share) == text


HOSTILE = [
    Cell("<script>alert(1)</script>", "datum['x'];--\"'\\", 5, 1, 0.2, 0.0, 0.6),
    Cell("سوال", "والدین", 7, 2, 2 / 7, 0.1, 0.6),
    Cell("n" * 5000, "👩‍👧 \x01", 7, 2, 2 / 7, 0.1, 0.6),
]


@pytest.mark.parametrize("picture", [bars, heat_map])
@pytest.mark.parametrize("dark", [False, True])
def test_pictures_come_out(picture: Any, dark: bool) -> None:
    chart = picture(CELLS + HOSTILE[:2], title=TITLE, dark=dark)
    assert to_png(chart, scale=1).startswith(b"\x89PNG\r\n\x1a\n")
    svg = to_svg(chart)
    assert svg.startswith("<svg")
    for words in (TITLE, "101", "43 %", "suppressed", "no answers", "والدین"):
        assert words in svg
    assert "<script" not in svg


@pytest.mark.parametrize("picture", [bars, heat_map])
def test_names_are_data_and_stay_what_they_are(picture: Any) -> None:
    found = rows(picture(HOSTILE, title="<b>=1+1</b>"))
    assert [row["theme"] for row in found] == [cell.theme for cell in HOSTILE]
    assert [row["name"] for row in found] == [cell.group for cell in HOSTILE]
