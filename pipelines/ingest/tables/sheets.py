"""Which sheet of a workbook is read, whatever format the workbook has.

In: the names of its sheets. Out: the name of one of them, and what to say of the others.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from pipelines.ingest.tables.records import shorten
from workbench.errors import SurveyError

LISTED_SHEETS = 10
TITLES_BEFORE = 6
"""Rows among which the header is looked for."""
LEAST_COLUMNS = 3

Record = tuple[int, Sequence[str]]


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


class Titles:
    """Leaves out the lines that people write above the header of a sheet, and remembers them.

    A title is a row with one cell filled, where a row of three or more follows soon and another
    row after that. A delimited file has none: there, such a row is one that was not split.
    """

    def __init__(self) -> None:
        self._left_out: list[tuple[int, str]] = []

    def skip(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records from the header on."""
        stream = ((row, cells) for row, cells in records if any(map(str.strip, cells)))
        first = list(islice(stream, TITLES_BEFORE))
        widths = [sum(map(bool, map(str.strip, cells))) for _, cells in first]
        header = next((at for at, width in enumerate(widths) if width >= LEAST_COLUMNS), 0)
        has_rows = widths[header + 1 : header + 2] > [1]
        if has_rows and all(width == 1 for width in widths[:header]):
            self._left_out = [(row, "".join(cells).strip()) for row, cells in first[:header]]
            first = first[header:]
        yield from chain(first, stream)

    def warnings(self) -> tuple[str, ...]:
        """Say what was left out."""
        if not self._left_out:
            return ()
        rows = ", ".join(str(row) for row, _ in self._left_out)
        told = "; ".join(shorten(text) for _, text in self._left_out)
        several = len(self._left_out) > 1
        return (f"row{'s' * several} {rows} above the header left out: {told}.",)
