"""The coding pane: list of answers, text, codebook, in one component of the browser.

In: plain data from the coding page (documents, codings, codes). Out: two triggers, `open` (the
person wants another document or page of the list) and `ops` (what they did, to be applied once
each). Two mounts feed one pane: the workspace, which changes with the document, and the delta,
which is all that goes out after each coding. What the browser sends is a claim: the services check
every word of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench.ui.components.coding_pane.bundle import bundle, delta_script, style

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["delta", "triggered", "workspace"]


@lru_cache(maxsize=1)
def _components() -> tuple[ComponentRenderer, ComponentRenderer]:
    """Register both mounts, once per process."""
    import streamlit as st

    component = st.components.v2.component
    return (
        component("speakout_workspace", js=bundle(), css=style(), isolate_styles=False),
        component("speakout_delta", js=delta_script(), isolate_styles=False),
    )


def workspace(*, key: str, data: Mapping[str, object], on_open: Callable[[], None]) -> None:
    """Mount the pane with everything that changes when a document is opened.

    Parameters
    ----------
    key
        Key of the widget; the same on every run, so that the pane stays while its data change.
    data
        The workspace message; offsets are half-open code points over the document's text.
    on_open
        Called before the next run when the person asks for a document or a page of the list;
        `triggered(key, "open")` tells which.
    """
    _components()[0](key=key, data=dict(data), on_open_change=on_open)


def delta(*, key: str, data: Mapping[str, object], on_ops: Callable[[], None]) -> None:
    """Mount the line that brings changes to the pane and the person's operations back.

    Parameters
    ----------
    key
        Key of the widget; the same on every run.
    data
        The delta message: rows changed since the workspace's revision, what was acknowledged.
    on_ops
        Called before the next run when operations have come; `triggered(key, "ops")` has them.
    """
    _components()[1](key=key, data=dict(data), on_ops_change=on_ops)


def triggered(key: str, name: str) -> Mapping[str, object] | None:
    """Return what the browser sent with the trigger `name` of the widget `key`, or None."""
    import streamlit as st

    state = st.session_state.get(key)
    value = state.get(name) if isinstance(state, Mapping) else None
    return value if isinstance(value, Mapping) else None
