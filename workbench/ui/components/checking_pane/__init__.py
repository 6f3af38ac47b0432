"""A transcript with its recording: hear, correct, say that it is right.

In: plain data from the page (segments with words and times). Out: the trigger `deed`, one at a
time, sent again until it is settled. What the browser sends is a claim: the services check it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.ui.components.coding_pane.bundle import bundle_folder, style

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["checking_pane", "script"]

FOLDER = Path(__file__).parent


@lru_cache(maxsize=1)
def script() -> str:
    """Return the pane as one module."""
    return bundle_folder(FOLDER)


@lru_cache(maxsize=1)
def _component() -> ComponentRenderer:
    """Register the pane, once per process."""
    import streamlit as st

    own = (FOLDER / "checking.css").read_text(encoding="utf-8")
    return st.components.v2.component(
        "speakout_checking", js=script(), css=style() + own, isolate_styles=False
    )


def checking_pane(*, key: str, data: Mapping[str, object], on_deed: Callable[[], None]) -> None:
    """Mount the pane.

    Parameters
    ----------
    key
        Key of the widget; the same on every run, so that the pane stays while its data change.
    data
        What `payload.checking_message` gives.
    on_deed
        Called before the next run when the person has done something.
    """
    _component()(key=key, data=dict(data), on_deed_change=on_deed)
