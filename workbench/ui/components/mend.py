"""Mend what Streamlit gets wrong on a page and in the history; `mend.js` says what and why.

In: nothing. Out: a script on the page, once.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

SCRIPT = Path(__file__).parent / "mend.js"


@lru_cache(maxsize=1)
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "speakout_mend", js=SCRIPT.read_text(encoding="utf-8"), isolate_styles=False
    )


def mend_page() -> None:
    """Put the script on the page; it watches what is drawn from then on."""
    _component()(key="mend")
