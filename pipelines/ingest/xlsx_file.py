"""Excel workbooks (.xlsx).

In: an open file that is a ZIP with a workbook. Out: a `Grid` of one sheet, with every cell as a
person sees it on the sheet. Formulas give the value that was stored with them.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipelines.ingest.records import Grid, ReadOptions, SourceFile, assemble
from workbench.errors import SurveyError

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MAX_UNPACKED_BYTES = 1024**3
MAX_RATIO = 200
"""Unpacked over packed size: sheets of text reach 10 to 50, a bomb a thousand."""
RATIO_FROM_BYTES = 16 * 1024**2
MAX_ROWS = 1_048_576
"""Rows of a sheet that Excel allows."""
ZEROS = re.compile(r"0+")
PERCENT = re.compile(r"0(?:\.(0+))?%")
ESCAPED_CONTROL = re.compile(r"_x00([01][0-9A-Fa-f])_")
DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl and zipfile raise on damaged workbooks."""


def read_xlsx(file: SourceFile, options: ReadOptions) -> Grid:
    """Read the named sheet of a workbook, or the first visible one that holds anything.

    Raises
    ------
    SurveyError
        When the workbook is damaged or far larger than it looks, the sheet does not exist, or
        there is no table on it.
    """
    _refuse_bomb(file)
    with _opened(file, data_only=True) as workbook:
        sheets = tuple(s.title for s in workbook.worksheets if s.sheet_state == "visible")
        sheet = _choose(workbook, sheets, options.sheet, file.name)
        cells = _SheetCells(workbook, sheet)
        table = assemble(cells.records(file.name), f"{file.name}, sheet {sheet!r}")
    notes = cells.notes()
    if any(_mentions_formula(file)):
        notes += _formulas_without_value(file, sheet)
    others = [name for name in sheets if name != sheet]
    if others and options.sheet is None:
        notes += (f"read the sheet {sheet!r}; not read: {', '.join(map(repr, others[:10]))}.",)
    return table.as_grid(file, "xlsx", warnings=notes, sheet=sheet, sheets=sheets)


class _SheetCells:
    """The cells of a sheet as texts, and what was odd about them."""

    def __init__(self, workbook: Workbook, sheet: str) -> None:
        self.sheet: Any = workbook[sheet]
        self.errors: Counter[str] = Counter()
        self.first_error_row = 0

    def records(self, source: str) -> Iterator[tuple[int, list[str]]]:
        """Yield (row as Excel numbers it, texts) for every row of the sheet."""
        # Some programs write a wrong size of the sheet: read what is there
        self.sheet.reset_dimensions()
        for row, cells in enumerate(self.sheet.iter_rows(), 1):
            if row > MAX_ROWS:
                raise SurveyError(
                    f"the sheet has more than {MAX_ROWS:,} rows.",
                    source=source,
                    line=row,
                    hint="Save the workbook again in Excel or LibreOffice.",
                )
            yield row, [self._text(row, cell) for cell in cells]

    def _text(self, row: int, cell: Any) -> str:
        value = cell.value
        if value is None:
            return ""
        if isinstance(value, str):
            if cell.data_type == "e":
                self.errors[value] += 1
                self.first_error_row = self.first_error_row or row
            return _unescape(value) if "_x00" in value else value
        return as_seen(value, cell.number_format)

    def notes(self) -> tuple[str, ...]:
        """Say how many cells show an Excel error instead of what was written."""
        if not self.errors:
            return ()
        kinds = ", ".join(sorted(self.errors))
        return (
            f"{self.errors.total()} cells show {kinds} (the first in row "
            f"{self.first_error_row}): Excel took an answer for a formula. Check them.",
        )


def as_seen(value: object, number_format: str = "General") -> str:
    """Write a cell's value as the sheet shows it: 3.0 as 3, dates in ISO form, TRUE and FALSE.

    Examples
    --------
    >>> as_seen(3.0), as_seen(0.1 + 0.2), as_seen(14, "000"), as_seen(0.25, "0%"), as_seen(True)
    ('3', '0.3', '014', '25%', 'TRUE')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_as_seen(value, number_format)
    if isinstance(value, dt.datetime):
        if value.microsecond:
            value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _number_as_seen(value: float, number_format: str) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and value >= 0 and ZEROS.fullmatch(number_format):
        return str(value).zfill(len(number_format))
    if percent := PERCENT.fullmatch(number_format):
        return f"{value:.{len(percent[1] or '')}%}"
    # Excel keeps 15 significant digits, so 0.1 + 0.2 shows as 0.3
    return str(value) if isinstance(value, int) else format(value, ".15g")


def _unescape(text: str) -> str:
    """Undo `_x000D_`, the way in which Excel writes control characters into its XML."""
    return ESCAPED_CONTROL.sub(lambda found: chr(int(found[1], 16)), text)


def _refuse_bomb(file: SourceFile) -> None:
    """Look at the sizes in the ZIP's own list before anything is unpacked."""
    file.stream.seek(0)
    try:
        with zipfile.ZipFile(file.stream) as archive:
            members = archive.infolist()
            has_dtd = any(_has_dtd(archive, member) for member in members)
    except DAMAGE as error:
        raise _damaged(file.name) from error
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    too_dense = unpacked > RATIO_FROM_BYTES and unpacked / packed > MAX_RATIO
    if unpacked > MAX_UNPACKED_BYTES or too_dense:
        raise SurveyError(
            f"the workbook would unpack from {packed / 1024**2:,.1f} to "
            f"{unpacked / 1024**2:,.0f} MiB, which no survey does.",
            source=file.name,
            hint="Save the sheet as CSV UTF-8 and import that, if you trust the file.",
        )
    if has_dtd:
        raise SurveyError(
            "the workbook holds document type declarations, which Excel never writes.",
            source=file.name,
            hint="Do not open it unless you trust where it comes from.",
        )


def _has_dtd(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    if not member.filename.lower().endswith((".xml", ".rels")):
        return False
    with archive.open(member) as part:
        return b"<!DOCTYPE" in part.read(2048)


@contextmanager
def _opened(file: SourceFile, *, data_only: bool) -> Iterator[Workbook]:
    from openpyxl import load_workbook

    # openpyxl tells about styles and pictures that it leaves out: no matter for a table
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    file.stream.seek(0)
    workbook = None
    try:
        workbook = load_workbook(file.stream, read_only=True, data_only=data_only, keep_links=False)
        yield workbook
    except DAMAGE as error:
        raise _damaged(file.name) from error
    finally:
        if workbook is not None:
            workbook.close()


def _damaged(source: str) -> SurveyError:
    return SurveyError(
        "the workbook is damaged and cannot be read.",
        source=source,
        hint="Open it in Excel or LibreOffice, save it again as .xlsx, and import that.",
    )


def _choose(workbook: Workbook, sheets: tuple[str, ...], wanted: str | None, source: str) -> str:
    names = [sheet.title for sheet in workbook.worksheets]
    if wanted is not None:
        if wanted in names:
            return wanted
        close = difflib.get_close_matches(wanted, names, 1)
        raise SurveyError(
            f"there is no sheet {wanted!r}. Sheets: {', '.join(names)}.",
            source=source,
            hint=f"Did you mean {close[0]!r}?" if close else "Choose one of them.",
        )
    for name in sheets:
        sheet: Any = workbook[name]
        sheet.reset_dimensions()
        for row, values in enumerate(sheet.iter_rows(values_only=True)):
            if any(value is not None and str(value).strip() for value in values):
                return name
            if row > MAX_ROWS:
                break
    raise SurveyError(
        "the workbook has no visible sheet with anything on it.",
        source=source,
        hint="Give a table whose first row names the columns.",
    )


def _mentions_formula(file: SourceFile) -> Iterator[bool]:
    """Yield whether each sheet's XML has a formula: cheap, and most surveys have none."""
    file.stream.seek(0)
    with zipfile.ZipFile(file.stream) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as part:
                    yield any(b"<f>" in line or b"<f " in line for line in _overlapping(part))


def _overlapping(part: Any) -> Iterator[bytes]:
    tail = b""
    while chunk := part.read(1024 * 1024):
        yield tail + chunk
        tail = chunk[-2:]


def _formulas_without_value(file: SourceFile, sheet: str) -> tuple[str, ...]:
    """Count the formulas that no program has computed yet: their cells look empty to us."""
    n_empty = 0
    with _opened(file, data_only=False) as formulas:
        places = [
            (cell.row, cell.column)
            for cells in _rows_of(formulas, sheet)
            for cell in cells
            if cell.data_type == "f"
        ]
    if places:
        with _opened(file, data_only=True) as values:
            filled = {
                (cell.row, cell.column)
                for cells in _rows_of(values, sheet)
                for cell in cells
                if cell.value is not None
            }
        n_empty = sum(place not in filled for place in places)
    if not n_empty:
        return ()
    return (
        f"{n_empty} cells hold formulas without a stored value and were read as empty. Open the "
        "workbook in Excel or LibreOffice, save it, and import it again.",
    )


def _rows_of(workbook: Workbook, sheet: str) -> Iterator[tuple[Any, ...]]:
    rows: Any = workbook[sheet]
    rows.reset_dimensions()
    yield from rows.iter_rows()
