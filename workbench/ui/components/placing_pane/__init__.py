"""Two texts side by side, in one of which a person finds lost words again.

In: plain data from the page (texts, spans in code points). Out: the trigger `deed`, which says what
the person decided. The text, the selection and the conversion of offsets are the coding pane's own.
What the browser sends is a claim: the services check every word of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from workbench.ui.components.panes import pane_in

__all__ = ["placing_pane"]

FOLDER = Path(__file__).parent


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
    pane_in(FOLDER)(key=key, data=dict(data), on_deed_change=on_deed)
