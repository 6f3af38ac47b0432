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


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as people read it, on its way into a document.

    Parameters
    ----------
    title
        What it shows.
    header
        Heads of the columns, that of the names first.
    rows
        For each line its name, and for each other column a text with what stands below it in
        smaller type, such as ("43 (43 %)", "33-52 %").
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
