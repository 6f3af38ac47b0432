"""Extracts as CSV, for Excel, LibreOffice, R and pandas.

In: extracts, one at a time. Out: UTF-8 with a byte order mark (without one, Excel takes the file
for an 8-bit code page), commas, CRLF between records, formulas neutralised.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from pipelines.export.neutralise import encodable, neutralise
from pipelines.export.options import ExtractOptions
from pipelines.export.rows import header, row
from workbench.domain.extracts import Extract


def write_csv(stream: BinaryIO, extracts: Iterable[Extract], options: ExtractOptions) -> int:
    """Write a header and one record per extract; memory does not grow with their number.

    Every cell that a spreadsheet may run as a formula has an apostrophe in front;
    `pipelines.export.neutralise.restore` gives back each cell exactly as it was. Cells are always
    in quotation marks, so that line breaks and separators within an answer stay within it.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([_cell(name) for name in header(options)])
    n_rows = 0
    for extract in extracts:
        writer.writerow(
            [
                # Most cells: there is nothing to look for, and a call would cost more than that.
                value
                if isinstance(value, str) and value.isascii() and value[:1].isalnum()
                else _cell(value)
                for value in row(extract, options)
            ]
        )
        n_rows += 1
    text.flush()
    text.detach()
    return n_rows


def _cell(value: str | int | None) -> str:
    if isinstance(value, str):
        return neutralise(encodable(value)) if value else value
    return "" if value is None else str(value)
