"""Excel workbooks (.xlsx).

In: an open file that is a ZIP with a workbook. Out: a `Grid` of one sheet, with every cell as a
person sees it on the sheet. Formulas give the value that was stored with them.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipelines.ingest.tables.as_seen import as_seen
from pipelines.ingest.tables.records import MAX_ROWS, Grid, ReadOptions, SourceFile, assemble
from pipelines.ingest.tables.sheets import Titles, about_other_sheets, choose_sheet
from pipelines.ingest.zip_guard import DAMAGE, damaged, refuse_bomb
from workbench.domain.words import count
from workbench.errors import SurveyError

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

SHARED_TEXTS = "xl/sharedStrings.xml"
"""The part that holds each text once, and that is in memory as a whole while a sheet is read."""
ESCAPED_CONTROL = re.compile(r"_x00([01][0-9A-Fa-f])_")


def read_xlsx(file: SourceFile, options: ReadOptions) -> Grid:
    """Read the named sheet of a workbook, or the first visible one that holds anything.

    Raises
    ------
    SurveyError
        When the workbook is damaged or far larger than it looks, the sheet does not exist, or
        there is no table on it.
    """
    refuse_bomb(file, SHARED_TEXTS)
    with _opened(file, data_only=True) as workbook:
        sheets = tuple(s.title for s in workbook.worksheets if s.sheet_state == "visible")
        names = [sheet.title for sheet in workbook.worksheets]
        sheet = choose_sheet(
            names, sheets, options.sheet, file.name, lambda name: _holds_anything(workbook, name)
        )
        cells = _SheetCells(workbook, sheet)
        titles = Titles()
        records = titles.skip(cells.records(file.name))
        table = assemble(records, f"{file.name}, sheet {sheet!r}")
    notes = titles.warnings() + cells.notes()
    if any(_mentions_formula(file)):
        notes += _formulas_without_value(file, sheet)
    notes += about_other_sheets(sheets, sheet, options.sheet)
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
            f"{count(self.errors.total(), 'cell shows', 'cells show')} {kinds} (the first in row "
            f"{self.first_error_row}): Excel took an answer for a formula. Check them.",
        )


def _unescape(text: str) -> str:
    """Undo `_x000D_`, the way in which Excel writes control characters into its XML."""
    # a NUL is left out: no text holds one
    return ESCAPED_CONTROL.sub(lambda found: chr(int(found[1], 16)).strip("\0"), text)


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
        raise damaged(file.name) from error
    finally:
        if workbook is not None:
            workbook.close()


def _holds_anything(workbook: Workbook, name: str) -> bool:
    sheet: Any = workbook[name]
    sheet.reset_dimensions()
    for row, values in enumerate(sheet.iter_rows(values_only=True)):
        if any(value is not None and str(value).strip() for value in values):
            return True
        if row > MAX_ROWS:
            break
    return False


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
        f"{count(n_empty, 'cell holds a formula', 'cells hold formulas')} without a stored "
        "value, read as empty. Open the workbook in Excel or LibreOffice, save it, and "
        "import it again.",
    )


def _rows_of(workbook: Workbook, sheet: str) -> Iterator[tuple[Any, ...]]:
    rows: Any = workbook[sheet]
    rows.reset_dimensions()
    yield from rows.iter_rows()
