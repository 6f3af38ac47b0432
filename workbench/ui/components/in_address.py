"""What a page shows, in its address: a reload keeps it, and a link shows somebody else the same.

In: the filter of a page and how it is arranged. Out: parameters of the address; and the widgets set
by them, once, when the browser opens the page by such an address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from workbench.services.coding import filter_links
from workbench.services.coding.saved_filters import Page, Settings
from workbench.ui import state
from workbench.ui.components.remembered import prepare

Arranged = Mapping[str, tuple[str, Mapping[str, Any]]]
"""By parameter: the name of a choice, and what it may be, by how the address writes it."""
GONE = (
    "This link names what the study has not got, or was made by an older version: {}. The rest of "
    "it is shown. Choose what is missing, and copy the link again."
)


def from_address(page: Page, apply: Callable[[Settings], None], arranged: Arranged) -> None:
    """Set the page's widgets by its address, before they are drawn: once for each browser tab.

    Parameters
    ----------
    apply
        Sets the widgets of the filter.
    arranged
        Other choices of the page.
    """
    if state.has(f"{page}_address"):
        return
    state.put(f"{page}_address", True)
    given = state.parameters()
    gone: tuple[str, ...] = ()
    if any(name in given for name in filter_links.NAMES):
        settings, gone = filter_links.from_parameters(*state.context().in_study(), given)
        apply(settings)
    for parameter, (name, known) in arranged.items():
        if given.get(parameter) in known:
            prepare(name, known[given[parameter]])
    if any(given[name] not in known for name, (_, known) in arranged.items() if name in given):
        gone += ("how the page was arranged",)
    if gone:
        st.toast(GONE.format(", ".join(gone)), duration="infinite")


def to_address(settings: Settings, arranged: Arranged) -> None:
    """Write into the address what the page shows; what is as it was at first is left out."""
    found = filter_links.as_parameters(*state.context().in_study(), settings)
    for parameter, (name, known) in arranged.items():
        now = state.get(name)
        first = next(iter(known.values()), None)
        written = next((key for key, value in known.items() if value == now), None)
        if written is not None and now != first:
            found[parameter] = written
    state.remember_parameters(found, {*filter_links.NAMES, *arranged})
