"""A table of figures on its way into a file.

In: names of columns and rows of texts and numbers. Out: one value that the writers of CSV and XLSX
take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

TableCell: TypeAlias = "str | int | float | None"


@dataclass(frozen=True, slots=True)
class FlatTable:
    """Rows under named columns. Shares are numbers from 0 to 1; None is an empty cell.

    Parameters
    ----------
    name
        Of the sheet, where there are sheets.
    header
        Names of the columns.
    rows
        Each as long as the header.
    percent
        Positions of the columns that hold shares.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    percent: tuple[int, ...] = ()
