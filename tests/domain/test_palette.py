"""Colours keep their contrast in both themes and can be told apart by every reader."""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from itertools import combinations, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.domain.palette import (
    DARK_GROUNDS,
    DARK_TEXT,
    LIGHT_GROUNDS,
    LIGHT_TEXT,
    LINE_STYLES,
    THEME_COLOURS,
    code_look,
    contrast,
    dark_twin,
    fill,
    line_on_light,
    tint,
)
from workbench.errors import CodebookError

Matrix = tuple[tuple[float, ...], ...]

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06X}")

# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
SIGHT = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))


def rgb(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def apply(matrix: Matrix, values: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, values, strict=True)) for row in matrix]


def lab(colour: str, sight: str) -> list[float]:
    """CIE Lab (D65) of a colour as somebody sees it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
    seen = [min(1.0, max(0.0, c)) for c in apply(SIGHT[sight], linear)]
    scaled = [a / b for a, b in zip(apply(XYZ, seen), (0.9505, 1.0, 1.089), strict=True)]
    x, y, z = (c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in scaled)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def distance(a: str, b: str, sight: str = "usual") -> float:
    """CIE 1976 colour difference: about 2 is just seen, 5 is plain side by side."""
    pairs = zip(lab(a, sight), lab(b, sight), strict=True)
    return sum((p - q) ** 2 for p, q in pairs) ** 0.5


def hue(colour: str) -> float:
    return 360 * colorsys.rgb_to_hls(*rgb(colour))[0]


class TestContrast:
    @pytest.mark.parametrize(
        ("a", "b", "ratio"),
        [
            ("#000000", "#FFFFFF", 21.0),
            ("#FFFFFF", "#FFFFFF", 1.0),
            ("#767676", "#FFFFFF", 4.54),
            ("#FF0000", "#FFFFFF", 4.0),
        ],
    )
    def test_known_ratios(self, a: str, b: str, ratio: float) -> None:
        """As the WCAG 2.1 contrast checkers give them."""
        assert contrast(a, b) == pytest.approx(ratio, abs=0.01)

    @given(colours, colours)
    def test_order_is_free(self, a: str, b: str) -> None:
        assert 1 <= contrast(a, b) == contrast(b, a) <= 21.0001

    @pytest.mark.parametrize(
        "colour", ["", "red", "#FFF", "#GGGGGG", "123456", "#12 456", "#1234567"]
    )
    def test_not_a_colour(self, colour: str) -> None:
        with pytest.raises(CodebookError, match="is not of the form #RRGGBB"):
            contrast(colour, "#FFFFFF")


class TestEveryColour:
    @given(colours)
    @example("#FFFFFF")
    @example("#000000")
    @example("#FFFF00")
    def test_lines_on_light(self, colour: str) -> None:
        line = line_on_light(colour)
        assert min(contrast(line, ground) for ground in LIGHT_GROUNDS) >= 3
        assert contrast(line, "#FFFFFF") >= contrast(colour, "#FFFFFF")

    @given(colours)
    def test_a_line_that_is_dark_enough_stays(self, colour: str) -> None:
        if min(contrast(colour, ground) for ground in LIGHT_GROUNDS) >= 3:
            assert line_on_light(colour) == colour

    @given(colours)
    @example("#000000")
    @example("#0000FF")
    @example("#FFFFFF")
    def test_lines_on_dark(self, colour: str) -> None:
        assert min(contrast(dark_twin(colour), ground) for ground in DARK_GROUNDS) >= 3

    @given(colours, st.booleans())
    def test_text_on_a_highlight(self, colour: str, dark: bool) -> None:
        assert contrast(fill(colour, dark), DARK_TEXT if dark else LIGHT_TEXT) >= 4.5

    @given(colours, st.integers(1, 12), st.data())
    def test_tints_are_lines_on_light_already(
        self, colour: str, of: int, data: st.DataObject
    ) -> None:
        child = tint(colour, data.draw(st.integers(0, of - 1)), of)
        assert line_on_light(child) == child


class TestThemes:
    @pytest.mark.parametrize("sight", SIGHT)
    @pytest.mark.parametrize("drawn", [line_on_light, dark_twin], ids=["light", "dark"])
    @pytest.mark.parametrize(("a", "b"), list(combinations(THEME_COLOURS, 2)))
    def test_told_apart(self, drawn: Callable[[str], str], sight: str, a: str, b: str) -> None:
        assert distance(drawn(a), drawn(b), sight) >= 4.9

    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    @pytest.mark.parametrize("colour", THEME_COLOURS)
    def test_a_highlight_is_seen(self, colour: str, dark: bool) -> None:
        ground = (DARK_GROUNDS if dark else LIGHT_GROUNDS)[0]
        assert distance(fill(colour, dark), ground) >= 5

    @pytest.mark.parametrize("colour", THEME_COLOURS)
    def test_hue_stays(self, colour: str) -> None:
        drawn = [line_on_light(colour), dark_twin(colour), tint(colour, 0, 3), tint(colour, 2, 3)]
        for other in drawn:
            turned = abs(hue(other) - hue(colour))
            assert min(turned, 360 - turned) <= 3

    def test_there_are_no_twins(self) -> None:
        assert len(set(THEME_COLOURS)) == len(THEME_COLOURS) >= 8


class TestChildren:
    @pytest.mark.parametrize("of", [2, 3, 4, 5, 6])
    @pytest.mark.parametrize("theme", THEME_COLOURS)
    def test_neighbours_are_told_apart(self, theme: str, of: int) -> None:
        looks = [code_look(theme, position, of) for position in range(of)]
        for a, b in pairwise(looks):
            assert distance(a.light, b.light) >= 5
            assert distance(a.dark, b.dark) >= 2.3
            assert a.style != b.style

    @pytest.mark.parametrize("theme", THEME_COLOURS)
    def test_many_children_are_all_different(self, theme: str) -> None:
        looks = [code_look(theme, position, 20) for position in range(20)]
        assert len({look.light for look in looks}) == 20
        assert len({(look.dark, look.style) for look in looks}) == 20

    def test_an_only_child(self) -> None:
        assert contrast(tint("#117733", 0, 1), "#FFFFFF") >= 3

    def test_a_position_beyond_its_siblings_goes_round(self) -> None:
        assert tint("#117733", 7, 4) == tint("#117733", 3, 4)


def test_a_theme_itself_keeps_its_colour() -> None:
    look = code_look("#332288", 0)
    assert (look.light, look.dark, look.style) == ("#332288", dark_twin("#332288"), "solid")


def test_line_styles_go_round() -> None:
    styles = [code_look("#332288", position).style for position in range(10)]
    assert styles == [*LINE_STYLES, *LINE_STYLES]
