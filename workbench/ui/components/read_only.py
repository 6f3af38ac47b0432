"""Read only: why somebody may change nothing here, said once at the top of every page.

In: who works in which study. Out: one line for viewers and strangers; nothing for everybody else.
"""

from __future__ import annotations

from workbench.services.team import team
from workbench.ui import state
from workbench.ui.components.words import line


def read_only_notice() -> None:
    """Say why the person may change nothing in the open study."""
    if state.context().study is None:
        return
    why = team.standing(*state.context().in_study()).why_not
    if why:
        line(why, "warning")
