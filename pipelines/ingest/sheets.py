"""Which sheet of a workbook is read, whatever format the workbook has.

In: the names of its sheets. Out: the name of one of them, and what to say of the others.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

from workbench.errors import SurveyError

LISTED_SHEETS = 10


def choose_sheet(
    names: Sequence[str],
    visible: Sequence[str],
    wanted: str | None,
    source: str,
    holds_anything: Callable[[str], bool],
) -> str:
    """Return the wanted sheet, or the first visible one that holds anything.

    Raises
    ------
    SurveyError
        When the wanted sheet is not there, or every visible one is empty.
    """
    if wanted is not None:
        if wanted in names:
            return wanted
        close = difflib.get_close_matches(wanted, names, 1)
        raise SurveyError(
            f"there is no sheet {wanted!r}. Sheets: {', '.join(names)}.",
            source=source,
            hint=f"Did you mean {close[0]!r}?" if close else "Choose one of them.",
        )
    for name in visible:
        if holds_anything(name):
            return name
    raise SurveyError(
        "the workbook has no visible sheet with anything on it.",
        source=source,
        hint="Give a table whose first row names the columns.",
    )


def about_other_sheets(visible: Sequence[str], chosen: str, wanted: str | None) -> tuple[str, ...]:
    """Say which sheets were not read, where nobody has chosen one."""
    others = [name for name in visible if name != chosen]
    if not others or wanted is not None:
        return ()
    return (
        f"read the sheet {chosen!r}; not read: {', '.join(map(repr, others[:LISTED_SHEETS]))}.",
    )
