"""Delimited text: CSV, TSV and their kin.

In: an open file of text. Out: a `Grid`. Characters that no text holds are taken out or shown as
damaged, and the rows in which they stood are told.
"""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import TextIO

from pipelines.ingest.encoding import MARK, Encoding, find_encoding, has_wide_units
from pipelines.ingest.tables.delimiters import guess_delimiter
from pipelines.ingest.tables.records import Grid, ReadOptions, SourceFile, Table, assemble
from workbench.domain.words import count
from workbench.errors import SurveyError

SAMPLE_CHARS = 500_000
SAMPLE_LINES = 2_000
MAX_CELLS_PER_LINE = 1_000_000
MAX_LINE_CHARS = 32 * 1024**2
MAX_CELL_CHARS = 16 * 1024**2
"""Longer than any answer; the csv module needs several times as much memory for a cell."""
LISTED_ROWS = 10
END = "\0end of file\0"
"""A record that cannot be in a file that is accepted: if it is missed, a quotation is open."""
EXCEL_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
CONTROLS = bytes(sorted(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\x1c\x1d\x1e\x1f")))
MAX_CONTROL_SHARE = 0.02
FEW_CONTROLS = 8

_limit_lock = threading.Lock()
_limit_users: list[int] = []


class _StrayQuoteError(Exception):
    """Text follows a closing quotation mark, in the record that `args` names."""


def read_csv(file: SourceFile, options: ReadOptions) -> Grid:
    """Read delimited text of any common encoding, delimiter and newline.

    Raises
    ------
    SurveyError
        When it is not text, a quotation mark is never closed, or the table has no header or rows.
    """
    _refuse_binary(file, options.encoding)
    encoding = find_encoding(file, options.encoding)
    with _fields_of_any_size():
        delimiter, n_skipped = _find_delimiter(file, encoding, options.delimiter)
        reading = _Reading(file, encoding, delimiter, n_skipped)
        table, warnings = reading.table()
    if encoding.warning:
        warnings = (encoding.warning, *warnings)
    return table.as_grid(
        file, "csv", warnings=warnings, encoding=encoding.name, delimiter=delimiter
    )


class _Reading:
    """One file being read: strictly first, then as leniently as its quotation marks need."""

    def __init__(
        self, file: SourceFile, encoding: Encoding, delimiter: str, n_skipped: int
    ) -> None:
        self.file = file
        self.encoding = encoding
        self.delimiter = delimiter
        self.n_skipped = n_skipped
        self.oddities = _Oddities(encoding)

    def table(self) -> tuple[Table, tuple[str, ...]]:
        """Return the table, and warnings about quotation marks and characters."""
        stray, refusal = 0, None
        try:
            return self._parse(strict=True), self.oddities.warnings()
        except _StrayQuoteError as error:
            stray = error.args[0]
        except SurveyError as error:
            # a traceback would keep all that was read so far beside what is read next
            refusal = error.with_traceback(None)
            refusal.__cause__ = refusal.__context__ = None
        if (plain := self._without_quoting()) is not None:
            return plain, self.oddities.warnings()
        if refusal is not None:
            raise refusal
        warning = (
            f"row {stray}: text follows a closing quotation mark. The marks around the quoted part "
            "are not in the imported answer; check this row and others like it."
        )
        return self._parse(strict=False), (warning, *self.oddities.warnings())

    def _without_quoting(self) -> Table | None:
        """Read a file whose quotation marks are plain text, if every record then fits."""
        if self.delimiter not in "\t|":
            return None
        try:
            table = self._parse(strict=False, quoting=csv.QUOTE_NONE)
        except SurveyError:
            return None
        return None if table.bad_rows else table

    def _parse(self, *, strict: bool, quoting: int = csv.QUOTE_MINIMAL) -> Table:
        with open_text(self.file, self.encoding) as text:
            for _ in range(self.n_skipped):
                text.readline()
            records = self._records(text, strict=strict, quoting=quoting)
            return assemble(records, self.file.name)

    def _records(
        self, text: TextIO, *, strict: bool, quoting: int
    ) -> Iterator[tuple[int, list[str]]]:
        lines = _Lines(text, self.delimiter, self.encoding)
        self.oddities = odd = _Oddities(self.encoding)
        reader = csv.reader(
            chain(lines, [END]),
            delimiter=self.delimiter,
            strict=strict,
            quoting=quoting,  # type: ignore[arg-type]
        )
        row = 0
        try:
            for row, cells in enumerate(reader, 1):
                if cells and cells[-1].endswith(END):
                    if cells == [END]:
                        return
                    raise self._unclosed(row)
                if lines.is_odd:
                    odd.note(row, lines)
                yield row, cells
        except csv.Error as error:
            if "expected after" in str(error):
                raise _StrayQuoteError(row + 1) from None
            if "field larger" in str(error):
                raise self._too_long(row + 1) from None
            raise self._unclosed(row + 1) from None
        except UnicodeError as error:
            raise self._wrong(
                row + 1,
                f"the bytes are not {self.encoding.name}",
                "Save the file as 'CSV UTF-8', or name its encoding.",
            ) from error
        except _DamagedLineError as error:
            raise self._wrong(
                row + 1, str(error), "The file is damaged or not a table: export it again."
            ) from error

    def _unclosed(self, row: int) -> SurveyError:
        return self._wrong(
            row,
            "a quotation mark opens in this row and is never closed, so that the rest of the file "
            "would be one answer",
            "Close or double the mark in the file, or choose the right delimiter.",
        )

    def _too_long(self, row: int) -> SurveyError:
        return self._wrong(
            row,
            f"a cell has more than {MAX_CELL_CHARS:,} characters; perhaps a quotation mark opens "
            "in this row and is never closed",
            "Close or double the mark in the file, or choose the right delimiter.",
        )

    def _wrong(self, row: int, message: str, hint: str) -> SurveyError:
        return SurveyError(f"{message}.", source=self.file.name, line=row, hint=hint)


class _DamagedLineError(Exception):
    """A line that no table holds."""


class _Lines:
    """The lines of a text, without what no text holds; how much that was is counted."""

    def __init__(self, text: TextIO, delimiter: str, encoding: Encoding) -> None:
        self.text = text
        self.delimiter = delimiter
        self.may_be_mended = encoding.mended is not None
        self.n_nul = 0
        self.n_mended = 0
        self.is_odd = False

    def __iter__(self) -> Iterator[str]:
        for line in iter(partial(self.text.readline, MAX_LINE_CHARS + 1), ""):
            if "\0" in line:
                self.is_odd = True
                self.n_nul += line.count("\0")
                line = line.replace("\0", "")
            if self.may_be_mended and MARK in line:
                self.is_odd = True
                self.n_mended += line.count(MARK)
                line = line.replace(MARK, "")
            if len(line) > MAX_CELLS_PER_LINE:
                self._refuse_long(line)
            yield line

    def _refuse_long(self, line: str) -> None:
        if len(line) > MAX_LINE_CHARS:
            raise _DamagedLineError(f"the line has more than {MAX_LINE_CHARS:,} characters")
        n_cells = line.count(self.delimiter) + 1
        if n_cells > MAX_CELLS_PER_LINE:
            raise _DamagedLineError(f"the line has {n_cells:,} cells")


class _Oddities:
    """The rows in which characters were taken out or read as another encoding's."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.nul_rows: list[int] = []
        self.mended_rows: list[int] = []
        self.n_nul = 0

    def note(self, row: int, lines: _Lines) -> None:
        """Take what was counted in the lines of one record."""
        if lines.n_nul:
            self.nul_rows.append(row)
            self.n_nul += lines.n_nul
        if lines.n_mended:
            self.mended_rows.append(row)
        lines.n_nul = lines.n_mended = 0
        lines.is_odd = False

    def warnings(self) -> tuple[str, ...]:
        """Say what was met, and in which rows."""
        found = []
        if self.nul_rows:
            found.append(
                f"{_rows(self.nul_rows)}: {count(self.n_nul, 'NUL character')} taken out, which "
                "no text holds. Look at the words there."
            )
        if self.mended_rows and self.encoding.mended:
            found.append(f"{_rows(self.mended_rows)}: {self.encoding.mended}")
        return tuple(found)


def _rows(rows: list[int]) -> str:
    told = ", ".join(map(str, rows[:LISTED_ROWS]))
    more = len(rows) - LISTED_ROWS
    return f"{'row' if len(rows) == 1 else 'rows'} {told}" + (f" and {more} more" * (more > 0))


@contextmanager
def open_text(file: SourceFile, encoding: Encoding) -> Iterator[TextIO]:
    """Open the bytes as text with newlines as they are; the stream below stays open."""
    file.stream.seek(0)
    # Python's csv needs newlines untouched: they may stand inside a quoted answer
    text = io.TextIOWrapper(file.stream, encoding.codec, encoding.errors, newline="")
    try:
        yield text
    finally:
        text.detach()


@contextmanager
def _fields_of_any_size() -> Iterator[None]:
    """Lift the csv module's limit, which is one for the whole process, while anybody reads."""
    with _limit_lock:
        _limit_users.append(csv.field_size_limit(MAX_CELL_CHARS))
    try:
        yield
    finally:
        with _limit_lock:
            before = _limit_users[0]
            _limit_users.pop()
            if not _limit_users:
                csv.field_size_limit(before)


def _refuse_binary(file: SourceFile, wanted: str | None) -> None:
    head = file.head()
    if has_wide_units(head, wanted) or _is_sparse(head):
        return
    n_controls = len(head) - len(head.translate(None, CONTROLS))
    if n_controls > max(FEW_CONTROLS, MAX_CONTROL_SHARE * len(head)):
        raise SurveyError(
            "this is not a table of text.",
            source=file.name,
            hint="Export the survey as CSV UTF-8 or as an Excel workbook (.xlsx).",
        )


def _is_sparse(head: bytes) -> bool:
    """Tell whether every other byte is zero, as in UTF-16 or UTF-32 without a mark."""
    return len(head) >= 8 and head.count(0) > 0.35 * len(head)


def _find_delimiter(file: SourceFile, encoding: Encoding, wanted: str | None) -> tuple[str, int]:
    """Return the delimiter and how many lines to skip (a line `sep=;` that Excel writes)."""
    if wanted is not None and (len(wanted) != 1 or wanted in '"\r\n\0 '):
        raise SurveyError(
            f"{wanted!r} cannot be a delimiter.",
            source=file.name,
            hint="Use one character, such as a comma, a semicolon or a tab.",
        )
    try:
        with open_text(file, encoding) as text:
            lines, complete = _sample(text)
    except UnicodeError as error:
        raise SurveyError(
            f"the bytes are not {encoding.name}.",
            source=file.name,
            hint="Save the file as 'CSV UTF-8', or name its encoding.",
        ) from error
    told = EXCEL_SEPARATOR.fullmatch(lines[0]) if lines else None
    if told and told[1] not in '"\r\n\0 ':
        return wanted or told[1], 1
    return wanted or guess_delimiter(lines, complete=complete), 0


def _sample(text: TextIO) -> tuple[list[str], bool]:
    """Return the first lines, and whether they are all there are."""
    lines: list[str] = []
    n_chars = 0
    while n_chars < SAMPLE_CHARS and len(lines) < SAMPLE_LINES:
        line = text.readline(SAMPLE_CHARS)
        if not line:
            return lines, True
        lines.append(line)
        n_chars += len(line)
    return lines, False
