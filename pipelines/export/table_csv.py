"""A table of figures as CSV, for R, SPSS or any spreadsheet.

In: a table. Out: UTF-8 with a byte order mark, commas, CRLF between records, formulas neutralised.
"""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from pipelines.export.neutralise import encodable, neutralise
from pipelines.export.table import FlatTable, TableCell

DIGITS = 6
"""Of a share after the point: more than any number of respondents can justify."""


def write_table_csv(stream: BinaryIO, table: FlatTable) -> int:
    """Write a header and one record per row; return the number of rows.

    A text that a spreadsheet may run as a formula has an apostrophe in front; an empty cell is
    empty; shares have at most six digits after the point.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(name) for name in table.header])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    text.flush()
    text.detach()
    return len(table.rows)


def _cell(value: TableCell) -> str:
    if isinstance(value, str):
        return neutralise(encodable(value))
    if isinstance(value, float):
        return f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)
