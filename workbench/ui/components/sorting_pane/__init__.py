"""One extract after the other, sorted by number keys into the codes that its code was split into.

In: plain data from the page. Out: the trigger `deeds`, a list in the order of what the person did,
sent again until the page has answered. What the browser sends is a claim: the services check it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from workbench.ui.components.panes import pane_in

__all__ = ["sorting_pane"]

FOLDER = Path(__file__).parent


def sorting_pane(*, key: str, data: Mapping[str, object], on_deeds: Callable[[], None]) -> None:
    """Mount the pane.

    Parameters
    ----------
    key
        Key of the widget; the same on every run, so that the pane stays while its data change.
    data
        What `payload.sorting_message` gives.
    on_deeds
        Called before the next run when the person has done something.
    """
    pane_in(FOLDER)(key=key, data=dict(data), on_deeds_change=on_deeds)
