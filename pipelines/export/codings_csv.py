"""Codings to CSV, in the columns that the import of codings reads.

In: rows as the exchange service gives them. Out: UTF-8 with a byte order mark, for Excel.
Cells that a spreadsheet would run as a formula get an apostrophe, which the import takes off.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelines.export.files import replacing
from pipelines.export.neutralise import encodable, neutralise

COLUMNS = (
    "respondent", "question", "start", "end", "quote", "code", "coder", "memo", "document",
    "transcript",
)  # fmt: skip
"""What an import reads, and how the words stand: "machine draft", "checked", or nothing."""


def write_codings(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write codings to a file.

    Raises
    ------
    ExportError
        When the file cannot be written.
    """
    with replacing(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([neutralise(encodable(row.get(name, ""))) for name in COLUMNS])
        text.flush()
        text.detach()
