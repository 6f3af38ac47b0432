"""The look that Streamlit's theme cannot give: one style sheet, one font, and safe Markdown.

In: nothing. Out: styles on the page. Colours follow the theme that the person chose.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit import runtime

HERE = Path(__file__).parent
ARABIC = "U+0600-06FF, U+0750-077F, U+08A0-08FF, U+FB50-FDFF, U+FE70-FEFF"
"""The blocks of Unicode for which the bundled font is fetched (Unicode 16, Blocks.txt)."""

_SPECIAL = str.maketrans({character: f"\\{character}" for character in r"\`*_{}[]()<>#+-.!|$~:&"})


@cache
def _read(name: str) -> bytes:
    return (HERE / name).read_bytes()


def apply_style() -> None:
    """Put the style sheet on the page."""
    st.html(f"<style>{_read('style.css').decode()}{_arabic_font()}{_scheme()}</style>")


def _scheme() -> str:
    """Let what floats over the app follow its theme: popovers and dialogs lie outside of it."""
    chosen = st.context.theme.type
    return f"body {{ color-scheme: {chosen}; }}" if chosen in ("light", "dark") else ""


def use_whole_width() -> None:
    """Give this page every pixel.

    A rule of its own, because `:has()` in the style sheet would make the browser look through the
    whole page after every change in it: 40 ms for each coding.
    """
    st.html(
        "<style>.stMainBlockContainer { padding: 0.5rem 0.75rem 0; max-width: none; } "
        ".stMainBlockContainer > .stVerticalBlock { gap: 0.4rem; } "
        '[data-testid="stSidebar"][data-collapsed="true"] + div .stMainBlockContainer '
        "{ padding-top: 0.5rem; } "
        '[data-testid="stSidebar"][data-collapsed="true"] + div .st-key-coding_bar > :first-child '
        "{ margin-inline-start: 2.25rem; } "
        "@media (max-width: 640px) { .st-key-coding_bar { gap: 0.4rem; } }</style>"
    )


def _arabic_font() -> str:
    """Offer the bundled Arabic face; a browser fetches it when it meets such letters.

    Without it a browser may join letters from several fonts, which breaks words apart.
    """
    if not runtime.exists():  # under test
        return ""
    url = runtime.get_instance().media_file_mgr.add(
        _read("fonts/NotoNaskhArabic.woff2"), "font/woff2", "speakout-arabic-font"
    )
    base = st.get_option("server.baseUrlPath").strip("/")
    address = f"/{base}{url}" if base else url
    return (
        '@font-face { font-family: "Noto Naskh Arabic"; font-display: swap; '
        f'src: url("{address}") format("woff2"); unicode-range: {ARABIC}; }}'
    )


def escape(text: str) -> str:
    """Write a text so that Markdown shows it as it is, on one line."""
    return " ".join(text.split()).translate(_SPECIAL)
