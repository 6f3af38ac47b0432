"""Two texts side by side, in one of which a person finds lost words again.

In: plain data from the page (texts, spans in code points). Out: the trigger `deed`, which says what
the person decided. The text, the selection and the conversion of offsets are the coding pane's own.
What the browser sends is a claim: the services check every word of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.ui.components.coding_pane.bundle import bundle_folder, style

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["placing_pane", "script"]

FOLDER = Path(__file__).parent


@lru_cache(maxsize=1)
def script() -> str:
    """Return the pane as one module."""
    return bundle_folder(FOLDER)


@lru_cache(maxsize=1)
def _component() -> ComponentRenderer:
    """Register the pane, once per process."""
    import streamlit as st

    own = (FOLDER / "placing.css").read_text(encoding="utf-8")
    return st.components.v2.component(
        "speakout_placing", js=script(), css=style() + own, isolate_styles=False
    )


def placing_pane(*, key: str, data: Mapping[str, object], on_deed: Callable[[], None]) -> None:
    """Mount the pane.

    Parameters
    ----------
    key
        Key of the widget; the same on every run, so that the pane stays while its data change.
    data
        What `payload.placing_message` gives.
    on_deed
        Called before the next run when the person has decided; `triggered(key, "deed")` tells what.
    """
    _component()(key=key, data=dict(data), on_deed_change=on_deed)
