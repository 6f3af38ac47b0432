"""The look that Streamlit's theme cannot give: one style sheet, and text made safe for Markdown.

In: nothing. Out: styles on the page. Colours come from the theme's own variables.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

_SPECIAL = str.maketrans({character: f"\\{character}" for character in r"\`*_{}[]()<>#+-.!|$~:&"})


@cache
def _style_sheet() -> str:
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def apply_style() -> None:
    """Put the style sheet on the page."""
    st.html(f"<style>{_style_sheet()}</style>")


def escape(text: str) -> str:
    """Write a text so that Markdown shows it as it is, on one line."""
    return " ".join(text.split()).translate(_SPECIAL)
