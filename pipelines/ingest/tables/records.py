"""A table of texts as a file holds it, before anybody says what its columns mean.

In: the records that a format's reader takes out of a file. Out: a `Grid` with one header, rows of
one width, and the records that do not fit it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import BinaryIO

from pipelines.ingest.exports import LOOK_AT_RECORDS, Columns, Layout, find_layout
from pipelines.ingest.exports.layout import unique, wording
from pipelines.ingest.surveys.hints import ColumnHint, Exclusion
from pipelines.ingest.tables.weight import Scale
from workbench.domain.documents import BadRow
from workbench.domain.words import count
from workbench.errors import NoRows, SurveyError

MAX_BYTES = 512 * 1024 * 1024
"""Size of the largest file that is read, in bytes: 100,000 respondents stay far below it."""

MAX_ROWS = 1_048_576
"""Rows of a sheet that Excel allows."""
MAX_SHEET_CELLS = 5_000_000
"""Cells of a sheet that is in memory as a whole, empty ones up to the last among them."""

INTERN_CHARS = 32
"""Cells up to this many characters are likely to repeat, and are kept once."""
INTERN_LIMIT = 50_000
LISTED_REPEATS = 5
MAX_COLUMNS = 20_000
"""More than any sheet has (16,384)."""
MAX_BAD_ROWS = 10_000

Record = tuple[int, tuple[str, ...]]
"""The row as a spreadsheet counts it, and the cells under the header's names."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person may settle where a file does not say it. None means: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """An open file: a seekable stream of bytes, the name that a person knows it by, its digest."""

    stream: BinaryIO
    name: str
    sha256: str
    size: int

    def head(self, n_bytes: int = 65536) -> bytes:
        """Return the first bytes and leave the stream at its start."""
        self.stream.seek(0)
        head = self.stream.read(n_bytes)
        self.stream.seek(0)
        return head


@dataclass(frozen=True, slots=True)
class Grid:
    """A file as a table of texts. Rows are numbered as a spreadsheet shows them.

    `tool` names the survey tool whose export it is ("Qualtrics"), empty where none was recognised.
    `texts` holds the wording of the question of each column and `hints` what the tool's layout says
    of it (None: its content decides); both are as long as the header, or empty where nothing is
    known. `exclusions` are rules for rows that are no respondents', such as previews.
    """

    name: str
    format: str
    sha256: str
    header: tuple[str, ...]
    rows: tuple[Record, ...]
    header_row: int = 1
    bad_rows: tuple[BadRow, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    tool: str = ""
    texts: tuple[str, ...] = ()
    hints: tuple[ColumnHint | None, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()

    def text_of(self, name: str) -> str:
        """Return the wording of a column's question, empty where the file does not give it."""
        return self.texts[self.header.index(name)] if self.texts else ""

    def hint_of(self, name: str) -> ColumnHint | None:
        """Return what the tool's layout says of a column, None where its content decides."""
        return self.hints[self.header.index(name)] if self.hints else None

    def column(self, name: str) -> list[str]:
        """Return the cells of one column, in the order of the rows."""
        at = self.header.index(name)
        return [cells[at] for _, cells in self.rows]


@dataclass(frozen=True, slots=True)
class Table:
    """Header and rows of one width, the records that do not fit, and what the layout tells."""

    header: tuple[str, ...]
    header_row: int
    rows: tuple[Record, ...]
    bad_rows: tuple[BadRow, ...] = ()
    warnings: tuple[str, ...] = ()
    tool: str = ""
    texts: tuple[str, ...] = ()
    hints: tuple[ColumnHint | None, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()

    def as_grid(
        self,
        file: SourceFile,
        format_: str,
        *,
        warnings: tuple[str, ...] = (),
        encoding: str | None = None,
        delimiter: str | None = None,
        sheet: str | None = None,
        sheets: tuple[str, ...] = (),
    ) -> Grid:
        """Return the table as a grid of the file that it was read from."""
        return Grid(
            name=file.name,
            format=format_,
            sha256=file.sha256,
            header=self.header,
            rows=self.rows,
            header_row=self.header_row,
            bad_rows=self.bad_rows,
            encoding=encoding,
            delimiter=delimiter,
            sheet=sheet,
            sheets=sheets,
            warnings=(*warnings, *self.warnings),
            tool=self.tool,
            texts=self.texts,
            hints=self.hints,
            exclusions=self.exclusions,
        )


def assemble(records: Iterable[tuple[int, Sequence[str]]], source: str) -> Table:
    """Take the first record that holds anything as the header, and fit the others to it.

    The header of a survey tool that is recognised may take several records. Short records are
    filled with empty cells; records without any text are left out; records with text beyond the
    header's last column are listed as bad.

    Raises
    ------
    SurveyError
        When there is no header, no row below it, or the table is too large for the memory.
    """
    stream = (
        (row, cells)
        for row, cells in records
        if (cells and cells[0].strip()) or any(map(str.strip, cells))
    )
    head = list(islice(stream, LOOK_AT_RECORDS))
    if not head:
        raise SurveyError(
            "the file holds no text.",
            source=source,
            hint="Give a table whose first row names the columns.",
        )
    header_row, names = head[0]
    if len(names) > MAX_COLUMNS:
        raise SurveyError(
            f"the header has {len(names):,} columns, at most {MAX_COLUMNS:,} are read.",
            source=source,
            line=header_row,
            hint="Look whether the delimiter is right.",
        )
    layout = find_layout([cells for _, cells in head])
    n_header = 1
    if layout is not None:
        n_header = layout.n_header_records
        names = layout.names[: max(len(cells) for _, cells in head[:n_header])]
    header, warnings = name_columns(names)
    n_named = max((at for at, name in enumerate(names, 1) if name.strip()), default=len(header))
    rows, bad_rows, n_used = _fit(
        chain(head[n_header:], stream), len(header), n_named, source, header_row
    )
    if not rows and not bad_rows:
        raise NoRows(
            f"the file has a header of {count(n_named, 'column')} and no rows below it.",
            source=source,
            line=header_row,
            hint="Export it again with its answers.",
        )
    table = Table(
        header[:n_used], header_row, _pad(rows, n_used), tuple(bad_rows), () if layout else warnings
    )
    return table if layout is None else _described(table, layout)


def _described(table: Table, layout: Layout) -> Table:
    """Add what the layout of a survey tool's export says of the columns."""
    n_columns = len(table.header)
    texts = tuple(map(wording, layout.texts[:n_columns]))
    texts += ("",) * (n_columns - len(texts))
    found = layout.describe(Columns(table.header, texts, table.rows))
    return replace(
        table,
        tool=layout.tool,
        texts=texts,
        hints=found.hints,
        exclusions=found.exclusions,
        warnings=found.warnings,
    )


def _fit(
    stream: Iterable[tuple[int, Sequence[str]]],
    n_columns: int,
    n_named: int,
    source: str,
    header_row: int,
) -> tuple[list[Record], list[BadRow], int]:
    """Return the rows without their empty ends, the rows that are too long, the width in use."""
    rows: list[Record] = []
    bad_rows: list[BadRow] = []
    seen: dict[str, str] = {}
    n_used = n_named
    scale = Scale(seen, INTERN_CHARS, source)
    for row, cells in stream:
        n_cells = len(cells)
        while n_cells and not cells[n_cells - 1].strip():
            n_cells -= 1
        if n_cells > n_columns:
            bad_rows.append(_too_long(row, n_cells, n_columns))
            if len(bad_rows) > MAX_BAD_ROWS:
                raise _hopeless(source, header_row, n_columns)
            continue
        n_used = max(n_used, n_cells)
        keep = seen.setdefault if len(seen) < INTERN_LIMIT else seen.get
        used = cells if n_used == len(cells) else cells[:n_used]
        kept = [keep(cell, cell) if len(cell) <= INTERN_CHARS else cell for cell in used]
        rows.append((row, tuple(kept)))
        scale.add(rows)
    return rows, bad_rows, n_used


def _pad(rows: list[Record], width: int) -> tuple[Record, ...]:
    if all(len(cells) == width for _, cells in rows):
        return tuple(rows)
    filled = (
        (row, cells if len(cells) == width else cells + ("",) * (width - len(cells)))
        for row, cells in rows
    )
    return tuple(filled)


def _hopeless(source: str, header_row: int, n_columns: int) -> SurveyError:
    return SurveyError(
        f"more than {MAX_BAD_ROWS:,} rows have more cells than the header, which has "
        f"{count(n_columns, 'column')}.",
        source=source,
        line=header_row,
        hint="Look whether the first row names the columns, and whether the delimiter is right.",
    )


def _too_long(row: int, n_cells: int, n_columns: int) -> BadRow:
    return BadRow(
        row=row,
        column=None,
        message=(
            f"the row has {count(n_cells, 'cell')}, the header names "
            f"{count(n_columns, 'column')}. Look for a separator or a "
            "quotation mark inside an answer, and mend the row in the file."
        ),
    )


def name_columns(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns' names, trimmed, and a warning about names that are there twice.

    A column without a name is called `column 5`. Of columns with one name, which forms with a
    repeated question do have, the second is called `Why? (2)`: the same in the next export.
    """
    names = [cell.strip().strip("\ufeff").replace("\x00", "").strip() for cell in cells]
    given = set(names)
    first_at: dict[str, int] = {}
    numbers: Counter[str] = Counter()
    repeated: list[str] = []
    for at, name in enumerate(names, 1):
        if name and name in first_at:
            numbers[name] += 1
            names[at - 1] = unique(name, given, first=numbers[name] + 1)
            given.add(names[at - 1])
            repeated.append(
                f"columns {first_at[name]} and {at} are both named {shorten(name)!r}"
                f"; column {at} is called {shorten(names[at - 1])!r} here"
            )
        first_at.setdefault(name, at)
    for at, name in enumerate(names, 1):
        if not name:
            names[at - 1] = _free_name(at, given)
    return tuple(names), _about_repeats(repeated)


def _about_repeats(repeated: Sequence[str]) -> tuple[str, ...]:
    if not repeated:
        return ()
    more = len(repeated) - LISTED_REPEATS
    told = "; ".join(repeated[:LISTED_REPEATS]) + (f"; and {more} more" if more > 0 else "")
    return (
        f"{told}. They are told apart by their order: keep it in the next export, or give them "
        "names of their own.",
    )


def _free_name(at: int, taken: set[str]) -> str:
    name = f"column {at}"
    while name in taken:
        name += " (no name)"
    return name


def shorten(text: str, n_chars: int = 60) -> str:
    """Cut a text from a file so that it fits into a message."""
    text = " ".join(text[: 4 * n_chars].split())
    return text if len(text) <= n_chars else text[: n_chars - 3] + "..."
