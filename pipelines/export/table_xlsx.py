"""Tables of figures as an Excel workbook: one sheet each, and one that says what they are.

In: tables and notes. Out: XLSX. Texts are stored as strings, never as formulas; numbers as numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

from pipelines.export.extracts_xlsx import fit
from pipelines.export.neutralise import is_formula, xml_text
from pipelines.export.table import FlatTable, TableCell

FIRST_WIDTH, WIDTH = 44, 14
"""Characters: of the first column, which names the themes, and of the others."""


def write_table_xlsx(
    stream: BinaryIO, tables: Sequence[FlatTable], notes: Sequence[tuple[str, str]]
) -> int:
    """Write a sheet per table and the sheet "About"; return the number of rows of all tables.

    Parameters
    ----------
    tables
        Their names become those of the sheets.
    notes
        (label, text) of each line of the sheet "About".
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table in tables:
        _write_sheet(book.create_sheet(table.name), table)
    about = book.create_sheet("About")
    about.column_dimensions["A"].width = WIDTH
    about.column_dimensions["B"].width = 100
    for label, text in notes:
        about.append([_cell(about, label), _cell(about, text)])
    book.save(stream)
    return sum(len(table.rows) for table in tables)


def _write_sheet(sheet: Any, table: FlatTable) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "B2"
    for number in range(1, len(table.header) + 1):
        width = FIRST_WIDTH if number == 1 else WIDTH
        sheet.column_dimensions[get_column_letter(number)].width = width
    heads = [_cell(sheet, name) for name in table.header]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in table.rows:
        cells = [_cell(sheet, value) for value in row]
        for place in table.percent:
            cells[place].number_format = "0%"
        sheet.append(cells)


def _cell(sheet: Any, value: TableCell) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    cell: Any = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = fit(xml_text(value))[0]
        cell.data_type = "s"  # otherwise openpyxl makes formulas and error values of some texts
        cell.quotePrefix = is_formula(cell.value)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    else:
        cell.value = value
    return cell
