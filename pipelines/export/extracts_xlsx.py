"""Extracts as an Excel workbook: a sheet to filter and sort, and a sheet that says what it is.

In: extracts, one at a time. Out: XLSX. Every text is stored as a string, never as a formula.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from pipelines.export.neutralise import is_formula, xml_text
from pipelines.export.options import ExtractOptions
from pipelines.export.rows import header, row
from workbench.domain.extracts import Extract
from workbench.errors import ExportError

MAX_CELL = 32_767
"""UTF-16 units. Excel refuses a file with a longer cell (Excel specifications and limits)."""
MAX_ROWS = 1_048_576
"""Rows of a sheet, the header among them."""
CUT = " [cut here: {n:,} characters in all]"
"""Ends a cell that did not fit."""

WIDTHS = {"quote": 70, "before": 30, "after": 30, "code": 32, "theme": 24, "question text": 40}
WIDTHS |= {"memo": 40, "guid": 38, "created_at": 22, "start": 9, "end": 9, "document": 20}
WIDTHS |= {"translation": 70, "translation_status": 30}
WIDTH = 18
"""Of all other columns, in characters."""
WRAPPED = {"quote", "before", "after", "code", "theme", "question text", "memo", "translation"}


def write_xlsx(stream: BinaryIO, extracts: Iterable[Extract], options: ExtractOptions) -> int:
    """Write the sheets "Extracts" and "About"; memory does not grow with the number of extracts.

    A text that looks like a formula is stored as it is, as a string, with Excel's own "quote
    prefix" set on its cell: nothing runs when the file is opened, nor when a person edits the cell,
    and whoever reads the file gets the respondent's words without an apostrophe in front. Control
    characters that a workbook cannot hold are left out; texts beyond Excel's limit are cut, with a
    mark in the cell and a note on the sheet "About".

    Raises
    ------
    ExportError
        When there are more extracts than a sheet has rows.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = _Sheet(book.create_sheet("Extracts"), header(options))
    try:
        for extract in extracts:
            sheet.append(row(extract, options))
    except BaseException:
        sheet.discard()
        raise
    sheet.finish()
    _write_about(book.create_sheet("About"), options, sheet)
    book.save(stream)
    return sheet.n_rows


def fit(text: str) -> tuple[str, bool]:
    """Cut a text to what a cell holds; return it and whether it was cut."""
    if len(text) <= MAX_CELL // 2:
        return text, False
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL:
        return text, False
    mark = CUT.format(n=len(text))
    kept = units[: 2 * (MAX_CELL - len(mark))].decode("utf-16-le", "ignore")
    return kept + mark, True


class _Sheet:
    """The sheet of extracts. Each column has two cells that every row uses again."""

    def __init__(self, sheet: Any, names: list[str]) -> None:
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        self.n_rows = 0
        self.n_cut = 0
        self._sheet = sheet
        self._last = get_column_letter(len(names))
        sheet.freeze_panes = "A2"
        for number, name in enumerate(names, start=1):
            width = WIDTHS.get(name, WIDTH)
            sheet.column_dimensions[get_column_letter(number)].width = width
        heads = [_new_cell(sheet, wrap=True, text=fit(xml_text(name))[0]) for name in names]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        self._plain = [_new_cell(sheet, wrap=name in WRAPPED) for name in names]
        self._quoted = [_new_cell(sheet, wrap=name in WRAPPED) for name in names]
        for cell in self._quoted:
            cell.quotePrefix = True

    def append(self, values: list[str | int | None]) -> None:
        if self.n_rows + 1 >= MAX_ROWS:
            raise ExportError(
                f"An Excel sheet has room for {MAX_ROWS - 1:,} extracts, and there are more. "
                "Export them as CSV, or filter them."
            )
        self._sheet.append([self._cell(number, value) for number, value in enumerate(values)])
        self.n_rows += 1

    def finish(self) -> None:
        self._sheet.auto_filter.ref = f"A1:{self._last}{self.n_rows + 1}"

    def discard(self) -> None:
        """Remove the temporary file that openpyxl keeps until a workbook is saved."""
        self._sheet.close()
        self._sheet._writer.cleanup()

    def _cell(self, number: int, value: str | int | None) -> Any:
        if not isinstance(value, str):
            return value
        text, cut = fit(xml_text(value))
        self.n_cut += cut
        cell = (self._quoted if is_formula(text) else self._plain)[number]
        return _set_text(cell, text)


def _new_cell(sheet: Any, *, wrap: bool, text: str = "") -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    cell: Any = WriteOnlyCell(sheet)
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    return _set_text(cell, text)


def _set_text(cell: Any, text: str) -> Any:
    cell.value = text
    cell.data_type = "s"  # otherwise openpyxl makes formulas and error values of some texts
    return cell


def _write_about(sheet: Any, options: ExtractOptions, extracts: _Sheet) -> None:
    lines = [("Title", options.title), ("Study", options.study), ("Written", options.generated_at)]
    lines += [("Extracts", f"{extracts.n_rows:,}")]
    lines += [("Note", note) for note in options.notes]
    if extracts.n_cut:
        n = "1 text was" if extracts.n_cut == 1 else f"{extracts.n_cut:,} texts were"
        lines += [("Note", f"{n} longer than an Excel cell holds and cut. The CSV has all of it.")]
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 100
    for label, text in lines:
        cells = [_new_cell(sheet, wrap=True, text=fit(xml_text(part))[0]) for part in (label, text)]
        cells[1].quotePrefix = is_formula(cells[1].value)
        sheet.append(cells)
