"""Colours and line styles of codes: legible in both themes, and safe for colour-blind readers.

In: a theme's colour and a code's place among its siblings. Out: "#RRGGBB" values and a line style
for the coding pane, the charts and the exports. Codes never differ by colour alone.

Every function keeps the hue and moves the lightness (HLS), so that a code is known by its colour in
both themes. Contrast is that of WCAG 2.1 (success criteria 1.4.3 and 1.4.11).
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from workbench.errors import CodebookError

LineStyle = Literal["solid", "dashed", "dotted", "double", "wavy"]

LINE_STYLES: tuple[LineStyle, ...] = ("solid", "dashed", "dotted", "double", "wavy")

THEME_COLOURS = (
    "#332288",  # indigo
    "#CC6677",  # rose
    "#117733",  # green
    "#88CCEE",  # cyan
    "#882255",  # wine
    "#44AA99",  # teal
    "#AA4499",  # purple
    "#999933",  # olive
)
"""Paul Tol's "muted" scheme: P. Tol (2021), Colour Schemes, SRON/EPS/TN/09-002, issue 3.2.

Without its sand, which as a line on white has to be so dark that it is taken for olive.
"""

LIGHT_GROUNDS = ("#FFFFFF", "#FBFAF7")
DARK_GROUNDS = ("#1C2228", "#14181C")
LIGHT_TEXT = "#1F2933"
DARK_TEXT = "#E8E6E1"

LINE_CONTRAST = 3.0
"""Of lines and icons against the ground (WCAG 2.1, 1.4.11)."""

TEXT_CONTRAST = 4.5
"""Of text against a highlight (WCAG 2.1, 1.4.3)."""

STRONGEST_FILL = 0.35
"""Share of the code's colour in a highlight; less where the text would suffer."""

PALEST, DEEPEST = 3.2, 11.0
"""Contrast against white between which the children of a theme lie."""


DARK_SATURATION = 0.65
"""Most that a line on a dark ground has: more glares."""

USUAL_LIGHTNESS = (0.1, 0.8)
"""Of colours meant for a light ground; spread over what is legible on a dark one."""

BRIGHTEST = 0.92
"""Lightness of a line on a dark ground."""


@dataclass(frozen=True, slots=True)
class CodeLook:
    """How a code is drawn: a line colour for each theme of the app, and a line style for both."""

    light: str
    dark: str
    style: LineStyle


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.1); the order is free.

    Raises
    ------
    CodebookError
        When a colour is not of the form "#RRGGBB". So do all functions here.
    """
    light, dark = sorted((_luminance(_parse(a)), _luminance(_parse(b))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def line_on_light(colour: str) -> str:
    """Darken a colour until a line in it stands out on the light grounds (3:1)."""
    if _least_contrast(colour, LIGHT_GROUNDS) >= LINE_CONTRAST:
        return _format(_parse(colour))
    lightest = _search(colour, lambda c: _least_contrast(c, LIGHT_GROUNDS) >= LINE_CONTRAST)
    return _with_lightness(colour, lightest)


def dark_twin(colour: str) -> str:
    """Return the twin of a colour for the dark grounds (3:1 at least).

    The usual lightness of colours is spread over what is legible there, so that colours which
    differ in the light theme differ in the dark one too.
    """
    hue, lightness, saturation = _hls(colour)
    calm = _format(colorsys.hls_to_rgb(hue, 0.5, min(saturation, DARK_SATURATION)))
    floor = _search(calm, lambda c: _least_contrast(c, DARK_GROUNDS) < LINE_CONTRAST) + 0.01
    low, high = USUAL_LIGHTNESS
    step = min(1.0, max(0.0, (lightness - low) / (high - low)))
    return _with_lightness(calm, floor + step * (BRIGHTEST - floor))


def tint(colour: str, position: int, of: int) -> str:
    """Return the colour of a theme's child: the theme's hue, deeper or paler.

    Parameters
    ----------
    colour
        The theme's.
    position
        The child's place among its siblings, from 0.
    of
        How many siblings there are, itself included; 1 or more.
    """
    deepest = _search(colour, lambda c: contrast(c, "#FFFFFF") >= DEEPEST)
    palest = _search(colour, lambda c: contrast(c, "#FFFFFF") >= PALEST)
    step = position % of / (of - 1) if of > 1 else 0.5
    return _with_lightness(colour, deepest + (palest - deepest) * step)


def fill(colour: str, dark: bool) -> str:
    """Return the background of words highlighted in a colour; text on it keeps 4.5:1."""
    ground, text = (DARK_GROUNDS[0], DARK_TEXT) if dark else (LIGHT_GROUNDS[0], LIGHT_TEXT)
    strength = STRONGEST_FILL
    filled = _mix(colour, ground, strength)
    while contrast(filled, text) < TEXT_CONTRAST:
        strength -= 0.05
        filled = _mix(colour, ground, strength)
    return filled


@lru_cache(maxsize=4096)
def code_look(theme_colour: str, position: int, of: int = 0) -> CodeLook:
    """Return how a code is drawn.

    Parameters
    ----------
    theme_colour
        The colour of its theme.
    position
        The code's place in its theme, from 0. Line styles go round with it.
    of
        How many codes the theme has; 0 for the theme's own colour, not a tint of it.
    """
    colour = tint(theme_colour, position, of) if of else theme_colour
    style = LINE_STYLES[position % len(LINE_STYLES)]
    return CodeLook(line_on_light(colour), dark_twin(colour), style)


def _search(colour: str, holds: Callable[[str], bool]) -> float:
    """Return the greatest lightness (0-1) at which something holds that holds for darker ones."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(_with_lightness(colour, middle)) else (low, middle)
    return low


def _least_contrast(colour: str, grounds: tuple[str, ...]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


def _parse(colour: str) -> tuple[float, float, float]:
    """Turn "#RRGGBB" into red, green and blue from 0 to 1."""
    try:
        if len(colour) != 7 or colour[0] != "#":
            raise ValueError
        red, green, blue = bytes.fromhex(colour[1:])
    except ValueError as error:
        raise CodebookError(f"the colour {colour[:20]!r} is not of the form #RRGGBB.") from error
    return red / 255, green / 255, blue / 255


def _format(rgb: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, part))):02X}" for part in rgb)


def _luminance(rgb: tuple[float, float, float]) -> float:
    """Relative luminance, from 0 to 1 (WCAG 2.1)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _hls(colour: str) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*_parse(colour))


def _with_lightness(colour: str, lightness: float) -> str:
    hue, _, saturation = _hls(colour)
    return _format(colorsys.hls_to_rgb(hue, lightness, saturation))


def _mix(colour: str, ground: str, strength: float) -> str:
    pairs = zip(_parse(colour), _parse(ground), strict=True)
    red, green, blue = (strength * a + (1 - strength) * b for a, b in pairs)
    return _format((red, green, blue))
