"""The keys of the page Review again; `review_keys.js` says which.

In: nothing. Out: a script on the page, once; it presses the buttons that are there.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

SCRIPT = Path(__file__).parent / "review_keys.js"


@lru_cache(maxsize=1)
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "speakout_review_keys", js=SCRIPT.read_text(encoding="utf-8"), isolate_styles=False
    )


def review_keys() -> None:
    """Let the keys press the buttons of the page."""
    with st.container(key="review_keys"):
        _component()(key="review_key_script")
