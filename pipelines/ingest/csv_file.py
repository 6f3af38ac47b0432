"""Delimited text: CSV, TSV and their kin.

In: an open file of text. Out: a `Grid`. The delimiter is found by trying: whichever splits the
records into the header's number of columns most often is the one.
"""

from __future__ import annotations

import csv
import io
import math
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TextIO

from pipelines.ingest.encoding import Encoding, find_encoding
from pipelines.ingest.records import Grid, ReadOptions, SourceFile, Table, assemble
from workbench.errors import SurveyError

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARS = 500_000
SAMPLE_LINES = 2_000
LEAST_SHARE = 0.05
"""A sign that splits the header is more likely than one that does not, however ragged the rows."""
MAX_CELLS_PER_LINE = 5_000_000
FIELD_LIMIT = 2**31 - 1
END = "\0end of file\0"
"""A record that cannot be in a file that is accepted: if it is missed, a quotation is open."""
EXCEL_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
CONTROLS = bytes(sorted(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")))
MAX_CONTROL_SHARE = 0.02

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
    _refuse_binary(file)
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

    def table(self) -> tuple[Table, tuple[str, ...]]:
        """Return the table and warnings about quotation marks."""
        try:
            return self._parse(strict=True), ()
        except _StrayQuoteError as stray:
            row = stray.args[0]
        except SurveyError:
            if (plain := self._without_quoting()) is not None:
                return plain, ()
            raise
        if (plain := self._without_quoting()) is not None:
            return plain, ()
        warning = (
            f"row {row}: text follows a closing quotation mark. The marks around the quoted part "
            "are not in the imported answer; check this row and others like it."
        )
        return self._parse(strict=False), (warning,)

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
        lines = _Lines(text, self.delimiter)
        reader = csv.reader(
            chain(lines, [END]),
            delimiter=self.delimiter,
            strict=strict,
            quoting=quoting,  # type: ignore[arg-type]
        )
        row = 0
        try:
            for row, cells in enumerate(reader, 1):
                if cells == [END]:
                    return
                if cells and cells[-1].endswith(END):
                    raise self._unclosed(row)
                yield row, cells
        except csv.Error as error:
            if "expected after" in str(error):
                raise _StrayQuoteError(row + 1) from error
            raise self._unclosed(row + 1) from error
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

    def _wrong(self, row: int, message: str, hint: str) -> SurveyError:
        return SurveyError(f"{message}.", source=self.file.name, line=row, hint=hint)


class _DamagedLineError(Exception):
    """A line that no table holds."""


class _Lines:
    """The lines of a text, each looked at for what no table holds."""

    def __init__(self, text: TextIO, delimiter: str) -> None:
        self.text = text
        self.delimiter = delimiter

    def __iter__(self) -> Iterator[str]:
        for line in self.text:
            if "\0" in line:
                raise _DamagedLineError("there is a NUL character, which text never holds")
            if len(line) > MAX_CELLS_PER_LINE and self._n_cells(line) > MAX_CELLS_PER_LINE:
                raise _DamagedLineError(f"the line has {self._n_cells(line):,} cells")
            yield line

    def _n_cells(self, line: str) -> int:
        return line.count(self.delimiter) + 1


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
        _limit_users.append(csv.field_size_limit(FIELD_LIMIT))
    try:
        yield
    finally:
        with _limit_lock:
            before = _limit_users[0]
            _limit_users.pop()
            if not _limit_users:
                csv.field_size_limit(before)


def _refuse_binary(file: SourceFile) -> None:
    head = file.head()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_sparse(head):
        return
    n_controls = len(head) - len(head.translate(None, CONTROLS))
    if n_controls > max(2, MAX_CONTROL_SHARE * len(head)):
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


def guess_delimiter(lines: Iterable[str], *, complete: bool = True) -> str:
    r"""Return the delimiter under which the lines look most like a table.

    Each candidate is scored by the share of records with as many cells as the header, squared,
    times the logarithm of that number: a wrong sign may occur in prose, but not equally often.
    Standing next to quotation marks speaks for a sign too. If nothing splits the header, it is the
    sign that occurs least.

    Examples
    --------
    >>> guess_delimiter(['id;why, in your words\n', 'R1;"They, at last; listened"\n'])
    ';'
    """
    sample = list(lines)
    scores = {sign: _score(sample, sign, complete) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: scores[sign])


def _score(lines: list[str], delimiter: str, complete: bool) -> tuple[float, float]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return 0.0, 0.0
    if not complete and len(widths) > 1:
        widths.pop()
    if not widths:
        return 0.0, 0.0
    n_columns, below = widths[0], widths[1:]
    share = sum(width == n_columns for width in below) / len(below) if below else 1.0
    if n_columns == 1:
        return 0.0, share
    share = max(share, LEAST_SHARE)
    return share * share * math.log2(n_columns) + 0.5 * _share_of_quotes(lines, delimiter), share


def _share_of_quotes(lines: list[str], delimiter: str) -> float:
    """Return the share (0-1) of quotation marks that stand next to the delimiter."""
    n_quotes = sum(line.count('"') for line in lines)
    n_beside = sum(line.count(f'{delimiter}"') + line.count(f'"{delimiter}') for line in lines)
    return min(1.0, n_beside / n_quotes) if n_quotes else 0.0
