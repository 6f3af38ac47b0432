"""A codebook as CSV, for any spreadsheet and any other program.

In: a codebook. Out: UTF-8 with a byte order mark, as Excel needs it, a row per code, formulas
neutralised; it reads back as the same codebook.
"""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from pipelines.export.codebooks.codebook_rows import header, rows
from pipelines.export.neutralise import neutralise
from pipelines.export.options import CodebookOptions
from workbench.domain.codebook import Codebook


def write_codebook_csv(stream: BinaryIO, codebook: Codebook, options: CodebookOptions) -> None:
    """Write a header and a row per code. Cells are in quotation marks, line breaks stay in them."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(header(options))
    for cells in rows(codebook, options):
        writer.writerow([neutralise(cell) if isinstance(cell, str) else cell for cell in cells])
    text.flush()
    text.detach()
