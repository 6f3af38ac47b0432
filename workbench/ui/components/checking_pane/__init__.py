"""A transcript with its recording: hear, correct, say that it is right.

In: plain data from the page (segments with words and times). Out: the trigger `deed`, one at a
time, sent again until it is settled. What the browser sends is a claim: the services check it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from workbench.ui.components.panes import pane_in

__all__ = ["checking_pane"]

FOLDER = Path(__file__).parent


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
    pane_in(FOLDER)(key=key, data=dict(data), on_deed_change=on_deed)
