"""Small words: counts with their noun, text safe for HTML.

In: numbers and names. Out: what a person reads.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.ui.components.style import escape as escape_markdown


def count(n: int, one: str, many: str = "") -> str:
    """Write a number with its noun: `1 code`, `1,204 codes`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def line(text: str, kind: str = "quiet") -> None:
    """Show one line of text as it is: `quiet`, `warning` or `danger`."""
    st.html(f'<p class="{kind}">{escape(text)}</p>')


def refusal(error: WorkbenchError) -> None:
    """Show why something was refused, at the place where it was asked for."""
    st.error(escape_markdown(str(error)), icon=":material/error:")
