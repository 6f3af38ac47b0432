"""Panes: parts of a page with a script of their own, registered once per process.

In: a folder with `mount.js`, the files that it imports and one style sheet. Out: a component of
Streamlit's. The coding pane's modules and its style are there for all.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.ui.components.coding_pane.bundle import bundle_folder, style

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer


@lru_cache
def script_of(folder: Path) -> str:
    """Return a pane as one module."""
    return bundle_folder(folder)


@lru_cache
def pane_in(folder: Path) -> ComponentRenderer:
    """Register the pane that lies in a folder; its name is the folder's."""
    import streamlit as st

    (own,) = folder.glob("*.css")
    return st.components.v2.component(
        f"speakout_{folder.name}",
        js=script_of(folder),
        css=style() + own.read_text(encoding="utf-8"),
        isolate_styles=False,
    )
