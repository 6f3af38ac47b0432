"""Tables of figures as the bytes of a file, CSV or XLSX.

In: tables, and what they rest on. Out: bytes. Whatever is worked out here leaves by this way.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from pipelines.export.table import FlatTable
from pipelines.export.table_csv import write_table_csv
from workbench.errors import ExportError

FlatFormat = Literal["csv", "xlsx"]
FORMATS: tuple[FlatFormat, ...] = get_args(FlatFormat)


def flat_file(
    tables: Sequence[FlatTable], about: Sequence[tuple[str, str]], *, format: FlatFormat
) -> bytes:
    """Give tables as the bytes of a file.

    CSV has the first table alone. XLSX has a sheet for each, and the sheet "About" after them.
    """
    stream = io.BytesIO()
    if format == "csv":
        write_table_csv(stream, tables[0])
    else:
        from pipelines.export.table_xlsx import write_table_xlsx

        write_table_xlsx(stream, tables, about)
    return stream.getvalue()


def flat_format(path: Path) -> FlatFormat:
    """Tell by its name what kind of table a file is to be.

    Raises
    ------
    ExportError
        When the name ends in neither .csv nor .xlsx.
    """
    ending = path.suffix[1:].lower()
    for format in FORMATS:
        if ending == format:
            return format
    raise ExportError(f"{path} is no table. Name a file ending in .csv or .xlsx.")
