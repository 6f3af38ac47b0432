"""Old Excel workbooks (.xls).

In: an open file that is a compound document with a workbook. Out: a `Grid` of one sheet. The cells
are counted before calamine makes a table of them, which has a place for every cell up to the last.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

from pipelines.ingest.tables.calamine_sheets import locked, read_sheets
from pipelines.ingest.tables.records import MAX_SHEET_CELLS, Grid, ReadOptions, SourceFile
from pipelines.ingest.zip_guard import damaged
from workbench.errors import SurveyError

MAX_XLS_BYTES = 64 * 1024**2
"""Size of the largest old workbook: calamine needs about seven times as much memory."""

DIRECTORY_ENTRY_BYTES = 128
END_OF_CHAIN = 0xFFFFFFFA
"""Sector numbers from here on are marks."""
STREAMS = ("Workbook", "Book")
BOF = (0x0009, 0x0209, 0x0409, 0x0809)
CELLS = frozenset((0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD,
                   0x0201, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406))  # fmt: skip
"""Record types that place a cell or several at a row and a column."""
PASSWORD = 0x002F
SEVERAL = frozenset((0x00BD, 0x00BE))


def read_xls(file: SourceFile, options: ReadOptions) -> Grid:
    """Read the named sheet of an old workbook, or the first visible one that holds anything.

    Raises
    ------
    SurveyError
        When it is damaged, protected or too large, the sheet does not exist, or there is no table.
    """
    if file.size > MAX_XLS_BYTES:
        raise SurveyError(
            f"the old workbook has {file.size / 1024**2:,.0f} MiB, at most "
            f"{MAX_XLS_BYTES / 1024**2:,.0f} are read.",
            source=file.name,
            hint="Save it as .xlsx or CSV UTF-8 and import that.",
        )
    file.stream.seek(0)
    try:
        n_cells, is_locked = _look_through(_workbook_stream(file.stream.read()))
    except (LookupError, ValueError, struct.error) as error:
        raise damaged(file.name) from error
    if is_locked:
        raise locked(file.name)
    if n_cells > MAX_SHEET_CELLS:
        raise SurveyError(
            f"the workbook's sheets come to {n_cells:,} cells, at most {MAX_SHEET_CELLS:,} are "
            "read.",
            source=file.name,
            hint="Delete what stands far below or beside the answers, and save it again.",
        )
    return read_sheets(file, options, "xls")


def holds_workbook(data: bytes) -> bool:
    """Tell whether a compound document holds an old workbook."""
    try:
        shift = struct.unpack_from("<H", data, 30)[0]
        if shift not in (9, 12):
            return False
        first_directory = struct.unpack_from("<I", data, 48)[0]
        directory = _chain(data, _sector_table(data, shift), first_directory, shift)
    except (LookupError, ValueError, struct.error):
        return False
    return any(name in STREAMS for name, _ in _entries(directory))


def _workbook_stream(data: bytes) -> bytes:
    """Take the workbook out of a compound document ([MS-CFB]).

    Raises
    ------
    LookupError, ValueError, struct.error
        When the document is damaged.
    """
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError("no compound document")
    first_directory, _, cutoff, first_mini = struct.unpack_from("<IIII", data, 48)
    table = _sector_table(data, shift)
    directory = _chain(data, table, first_directory, shift)
    entries = dict(_entries(directory))
    start, size = entries[STREAMS[0]] if STREAMS[0] in entries else entries[STREAMS[1]]
    if size >= cutoff:
        return _chain(data, table, start, shift)[:size]
    mini_table = array("I", _chain(data, table, first_mini, shift))
    mini_data = _chain(data, table, entries["Root Entry"][0], shift)
    return _chain(mini_data, mini_table, start, mini_shift, header=0)[:size]


def _sector_table(data: bytes, shift: int) -> array[int]:
    """Return the table that says for every sector which one follows."""
    size = 1 << shift
    places = list(struct.unpack_from("<109I", data, 76))
    following, n_lists = struct.unpack_from("<II", data, 68)
    for _ in range(min(n_lists, len(data) // size + 1)):
        if following >= END_OF_CHAIN:
            break
        numbers = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        places += numbers[:-1]
        following = numbers[-1]
    table = array("I")
    for place in places:
        if place < END_OF_CHAIN:
            sector = data[(place + 1) * size : (place + 2) * size]
            table.frombytes(sector[: len(sector) // 4 * 4])
    return table


def _chain(
    data: bytes, table: array[int], start: int, shift: int, header: int | None = None
) -> bytes:
    size = 1 << shift
    begin = size if header is None else header
    parts: list[bytes] = []
    sector = start
    while sector < END_OF_CHAIN:
        if len(parts) > len(table):
            raise ValueError("a chain of sectors runs in a circle")
        parts.append(data[begin + sector * size : begin + (sector + 1) * size])
        sector = table[sector]
    joined = b"".join(parts)
    return joined[: len(joined) // 4 * 4]


def _entries(directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    for at in range(0, len(directory) - DIRECTORY_ENTRY_BYTES + 1, DIRECTORY_ENTRY_BYTES):
        n_name = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, min(n_name, 64) - 2)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", directory, at + 116)
        yield name, (start, size)


def _look_through(stream: bytes) -> tuple[int, bool]:
    """Return how many cells the sheets have, up to the last of each, and whether it is locked."""
    total = height = width = 0
    is_locked = False
    at, end = 0, len(stream) - 4
    unpack = struct.Struct("<HH").unpack_from
    while at <= end:
        kind, size = unpack(stream, at)
        if kind in CELLS and size >= 4:
            row, column = unpack(stream, at + 4)
            if kind in SEVERAL and size >= 6:
                column = max(column, struct.unpack_from("<H", stream, at + 2 + size)[0])
            height, width = max(height, row + 1), max(width, column + 1)
        elif kind in BOF:
            total, height, width = total + height * width, 0, 0
        elif kind == PASSWORD:
            is_locked = True
        at += 4 + size
    return total + height * width, is_locked
