"""Extracts as one web page that needs nothing else: no scripts, no fonts, no pictures to fetch.

In: extracts and options. Out: HTML for reading, in light and dark, and for printing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from pipelines.export.by_theme import attribution, count_in_words, sections
from pipelines.export.html_page import PAGE, STYLE
from pipelines.export.neutralise import xml_text
from pipelines.export.options import ExtractOptions
from workbench.domain.codebook import COLOUR
from workbench.domain.extracts import Extract

CHUNK = 500
"""Pieces of the page that are written at once."""


def write_html(stream: BinaryIO, extracts: Iterable[Extract], options: ExtractOptions) -> int:
    """Write the page. Every text of the study is escaped; none of it can become markup or style.

    Each quote sets its own direction (`dir="auto"`). The page forbids scripts and everything from
    elsewhere by its own content security policy as well.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    page = Environment(
        autoescape=True,
        finalize=lambda value: xml_text(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    ).from_string(PAGE)
    themes = sections(extracts, options)
    everything = [extract for theme in themes for code in theme.codes for extract in code.extracts]
    pieces = page.stream(
        style=Markup(STYLE),
        options=options,
        themes=themes,
        counts=count_in_words(everything) if everything else "No extracts.",
        attribution=lambda extract: attribution(extract, options),
        safe_colour=safe_colour,
    )
    pieces.enable_buffering(CHUNK)
    pieces.dump(stream, encoding="utf-8")
    return len(everything)


def safe_colour(colour: str) -> str:
    """Return a code's colour, or the accent where it is none: nothing else may enter the style."""
    return colour if COLOUR.fullmatch(colour) else "var(--accent)"
