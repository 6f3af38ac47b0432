"""The colours of charts, light and dark, and what can be read on them.

In: a share, a theme. Out: hex colours that keep text legible.
"""

from __future__ import annotations

from dataclasses import dataclass

TEXT_CONTRAST = 4.5
"""Least contrast of text on its ground (WCAG 2.2, success criterion 1.4.3)."""


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme of the workbench's look, as charts use it. All values are "#RRGGBB"."""

    page: str
    surface: str
    text: str
    quiet: str
    line: str
    accent: str
    bar: str
    """Ground of a bar: lighter than the accent in light, darker in dark, so that the interval
    drawn over it is seen."""
    none: str
    """Ground of a heat-map cell with a share of nought."""


LIGHT = Palette(
    page="#FBFAF7",
    surface="#FFFFFF",
    text="#1F2933",
    quiet="#52606D",
    line="#D9D5CC",
    accent="#0B5C5C",
    bar="#7FB0AD",
    none="#EEF3F1",
)
DARK = Palette(
    page="#14181C",
    surface="#1C2228",
    text="#E8E6E1",
    quiet="#A7B0B8",
    line="#36404A",
    accent="#6BC9BC",
    bar="#34726C",
    none="#20292E",
)


def palette(*, dark: bool) -> Palette:
    """Return the colours of one theme."""
    return DARK if dark else LIGHT


def luminance(colour: str) -> float:
    """Return the relative luminance of "#RRGGBB", from 0 (black) to 1 (white).

    Source: WCAG 2.2, definition of relative luminance.

    Examples
    --------
    >>> luminance("#FFFFFF")
    1.0
    """
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21.

    Source: WCAG 2.2, definition of contrast ratio.

    Examples
    --------
    >>> round(contrast("#000000", "#FFFFFF"))
    21
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(start: str, end: str, part: float) -> str:
    """Return the colour that lies at `part` (0-1) of the way between two colours, in sRGB."""
    pairs = [(int(start[at : at + 2], 16), int(end[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * part):02X}" for a, b in pairs)


def ink_on(ground: str, colours: Palette) -> str:
    """Choose the text colour for a ground: the theme's own where legible, else black or white.

    One of black and white has a contrast of at least 4.58 on every ground there is.
    """
    for ink in (colours.text, colours.surface):
        if contrast(ground, ink) >= TEXT_CONTRAST:
            return ink
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ground, ink))
