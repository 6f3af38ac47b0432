"""The rows of an import that could not be used, as CSV.

In: bad rows with their row, column and message. Out: UTF-8 with a byte order mark, as Excel needs
it, with formulas neutralised: a message may quote a cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from pipelines.export.neutralise import encodable, neutralise
from workbench.domain.documents import BadRow

COLUMNS = ("row", "column", "message")


def bad_rows_csv(rows: Iterable[BadRow]) -> bytes:
    """Write bad rows under the header `row, column, message`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for bad in rows:
        cells = (bad.column or "", bad.message)
        writer.writerow([bad.row, *(neutralise(encodable(cell)) for cell in cells)])
    return text.getvalue().encode("utf-8-sig")
