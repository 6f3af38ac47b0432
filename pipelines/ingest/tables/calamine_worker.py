"""Reads a sheet with calamine in a process of its own, and writes its cells as lines of JSON.

In: a path, and the name of a sheet or nothing. Out, on standard output: what `apart` reads.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from pipelines.ingest.apart import limit_memory, write
from pipelines.ingest.tables.as_seen import as_seen

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

DAMAGED = 3
"""Exit status for a file that calamine refuses."""
DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


def main(path: str, wanted: str, out: TextIO) -> int:
    """Read the wanted sheet, or the first visible one that holds anything; give the exit status."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    limit_memory()
    try:
        with open(path, "rb") as stream:
            workbook = CalamineWorkbook.from_filelike(stream)
            about, sheet = _choose(workbook, wanted)
            write(out, about, _records(sheet))
    except PasswordError:
        write(out, {"locked": True}, iter(()))
    except (CalamineError, ValueError, OSError):
        return DAMAGED
    return 0


def _choose(workbook: CalamineWorkbook, wanted: str) -> tuple[dict[str, Any], CalamineSheet | None]:
    """Describe the sheets, and open the one that is to be read."""
    from python_calamine import SheetVisibleEnum

    names = [sheet.name for sheet in workbook.sheets_metadata]
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible
    ]
    chosen = None
    for name in [name for name in names if name == wanted] if wanted else visible:
        sheet = workbook.get_sheet_by_name(name)
        if wanted or sheet.start is not None:
            chosen = sheet
            break
    workbook.close()
    about = {
        "names": names,
        "visible": visible,
        "chosen": chosen.name if chosen else None,
        "first_row": chosen.start[0] + 1 if chosen and chosen.start else 1,
    }
    return about, chosen


def _records(sheet: CalamineSheet | None) -> Iterator[list[str]]:
    if sheet is not None:
        for cells in sheet.iter_rows():
            yield [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    if isinstance(cell, str):
        # calamine leaves a duration of OpenDocument in ISO form; a sheet shows 30:05:00
        found = DURATION.fullmatch(cell) if cell.startswith("PT") else None
        return f"{int(found[1])}:{found[2]}:{found[3]}" if found else cell
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return as_seen(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.stdout))
