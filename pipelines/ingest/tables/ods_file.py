"""OpenDocument spreadsheets (.ods), as LibreOffice and Google Sheets write them.

In: an open file that is a ZIP with an OpenDocument spreadsheet. Out: a `Grid` of one sheet. Cells
and rows may be repeated by a number in the file, so that their count is known before any is made.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from pipelines.ingest.tables.calamine_sheets import locked, read_sheets
from pipelines.ingest.tables.records import MAX_SHEET_CELLS, Grid, ReadOptions, SourceFile
from pipelines.ingest.zip_guard import DAMAGE, damaged, refuse_bomb
from workbench.errors import SurveyError

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
MAX_REPEATED_BYTES = 256 * 1024**2
"""Characters that repeated cells may come to."""
PARAGRAPH_BYTES = len("<text:p></text:p>")
CHUNK_BYTES = 1024 * 1024
ROW = b"<table:table-row"
TABLE = b"<table:table "
CELL = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])([^>]*?)(/?)>")
REPEATED = re.compile(rb"number-(?:columns|rows)-repeated=[\"'](\d{1,12})")


def read_ods(file: SourceFile, options: ReadOptions) -> Grid:
    """Read the named sheet of a spreadsheet, or the first visible one that holds anything.

    Raises
    ------
    SurveyError
        When it is damaged, protected, or far larger than it looks, the sheet does not exist, or
        there is no table on it.
    """
    refuse_bomb(file, CONTENT)
    file.stream.seek(0)
    try:
        with zipfile.ZipFile(file.stream) as archive:
            if MANIFEST in archive.namelist() and b"encryption-data" in archive.read(MANIFEST):
                raise locked(file.name)
            with archive.open(CONTENT) as part:
                _refuse_repeats(part, file.name)
    except DAMAGE as error:
        raise damaged(file.name) from error
    return read_sheets(file, options, "ods")


@dataclass(slots=True)
class _Extent:
    """How large a sheet is with its repeated cells, as far as it has been looked at."""

    width: int = 0
    height: int = 0
    n_blank_rows: int = 0
    n_bytes: int = 0

    @property
    def n_cells(self) -> int:
        return self.width * self.height

    def add_row(self, width: int, n_times: int, n_bytes: int) -> None:
        if not width:
            self.n_blank_rows += n_times
            return
        self.width = max(self.width, width)
        self.height += self.n_blank_rows + n_times
        self.n_blank_rows = 0
        self.n_bytes += n_bytes * n_times


def _refuse_repeats(part: IO[bytes], source: str) -> None:
    """Count the cells that a spreadsheet comes to; empty ones at the ends do not count."""
    total = 0
    for extent in _extents(part):
        total += extent.n_cells
        if total > MAX_SHEET_CELLS or extent.n_bytes > MAX_REPEATED_BYTES:
            size = f"{total:,} cells, at most {MAX_SHEET_CELLS:,} are read"
            if total <= MAX_SHEET_CELLS:
                size = f"{extent.n_bytes / 1024**2:,.0f} MiB, because a long text is repeated"
            raise SurveyError(
                f"the spreadsheet would come to {size}.",
                source=source,
                hint="Delete what stands far below or beside the answers, or save the sheet as "
                "CSV UTF-8 and import that.",
            )


def _extents(part: IO[bytes]) -> Iterator[_Extent]:
    """Yield the extent of each sheet, again and again while it grows beyond what is read."""
    extent = _Extent()
    for piece in _pieces(part):
        head, _, body = piece.partition(b">")
        n_times = _repeats(head)
        width, n_bytes = (0, 0) if head.endswith(b"/") else _width(body)
        extent.add_row(width, n_times, n_bytes)
        ends = TABLE in body
        if ends or extent.n_cells > MAX_SHEET_CELLS or extent.n_bytes > MAX_REPEATED_BYTES:
            yield extent
        if ends:
            extent = _Extent()
    yield extent


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """Yield what stands from the start of each row to the start of the next."""
    kept, looked_at = b"", 0
    while chunk := part.read(CHUNK_BYTES):
        kept += chunk
        start = kept.find(ROW) if looked_at == 0 else 0
        while (end := kept.find(ROW, max(start + 1, looked_at))) > 0 and start >= 0:
            yield kept[start + len(ROW) : end]
            start, looked_at = end, end + 1
        kept = kept[start:] if start >= 0 else kept[-len(ROW) :]
        looked_at = max(0, len(kept) - len(ROW)) if kept.startswith(ROW) else 0
    if kept.startswith(ROW):
        yield kept[len(ROW) :]


def _width(body: bytes) -> tuple[int, int]:
    """Return the place of the last cell of a row that is not empty, and the bytes of its texts."""
    if b"repeated" not in body:
        n_cells = body.count(b"<table:table-cell") + body.count(b"<table:covered-table-cell")
        return n_cells, len(body)
    width = at = n_bytes = 0
    # what stands between the tags of a cell is its text in a paragraph
    parts = CELL.split(body)
    for attributes, empty, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        n_times = _repeats(attributes)
        at += n_times
        n_bytes += n_times * max(0, text.find(b"</table:") - PARAGRAPH_BYTES)
        if not empty or b"value" in attributes:
            width = at
    return width, n_bytes


def _repeats(attributes: bytes) -> int:
    found = REPEATED.search(attributes)
    return int(found[1]) if found else 1
