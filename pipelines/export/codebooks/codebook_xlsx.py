"""A codebook as an Excel workbook: a sheet of codes, and one that says what it is.

In: a codebook. Out: XLSX. Every text is stored as a string, never as a formula; it reads back as
the same codebook.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from pipelines.export.codebooks.codebook_rows import Cell, header, rows
from pipelines.export.extracts_xlsx import MAX_CELL
from pipelines.export.neutralise import is_formula, neutralise, xml_text
from pipelines.export.options import CodebookOptions
from workbench.domain.codebook import Codebook
from workbench.errors import ExportError

WIDTHS = {"code": 32, "parent": 28, "colour": 10, "cues": 30, "codings": 9}
WIDTH = 44
"""Of all other columns, in characters."""


def write_codebook_xlsx(stream: BinaryIO, codebook: Codebook, options: CodebookOptions) -> None:
    """Write the sheets "Codes" and "About".

    Raises
    ------
    ExportError
        When a text is longer than a cell of Excel: cut, it would replace the whole when the file
        is loaded again.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Codes")
    names = header(options)
    sheet.freeze_panes = "B2"
    for number, name in enumerate(names, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(name, WIDTH)
    heads = [_cell(sheet, name) for name in names]
    for head in heads:
        head.font = Font(bold=True)
    lines = list(rows(codebook, options))
    for cells in lines:
        _refuse_long(names, cells)
    sheet.append(heads)
    for cells in lines:
        sheet.append([_cell(sheet, cell) for cell in cells])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(lines) + 1}"
    about = book.create_sheet("About")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 14, 100
    for label, text in _about(codebook, options, len(lines)):
        about.append([_cell(about, label), _cell(about, xml_text(text))])
    book.save(stream)


def _about(codebook: Codebook, options: CodebookOptions, n_codes: int) -> list[tuple[str, str]]:
    facts = [("Codebook", codebook.name[:MAX_CELL // 2]), ("Study", options.study),
             ("Written", options.generated_at), ("Codes", f"{n_codes:,}")]  # fmt: skip
    if options.counts is not None:
        facts.append(("Codings", "of the code itself, not of those below it; by everybody whose "
                      "codings the person who made this file may see"))  # fmt: skip
    note = "Change the sheet Codes and load the file again. Lists have an item a line."
    return [*facts, ("Note", note)]


def _refuse_long(names: list[str], cells: list[Cell]) -> None:
    for name, cell in zip(names, cells, strict=True):
        if isinstance(cell, str) and len(cell.encode("utf-16-le")) // 2 >= MAX_CELL:
            raise ExportError(
                f"The {name} of the code {cells[0]} has {len(cell):,} characters, and an Excel "
                f"cell holds {MAX_CELL:,}. Export the codebook as CSV or YAML."
            )


def _cell(sheet: Any, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    cell: Any = WriteOnlyCell(sheet)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if not isinstance(value, str):
        cell.value = value
        return cell
    formula = is_formula(value)
    # An apostrophe that stands before a formula is doubled, as in the CSV: one of them is taken
    # away when the file is read.
    cell.value = value if formula else neutralise(value)
    cell.data_type = "s"  # otherwise openpyxl makes formulas and error values of some texts
    cell.quotePrefix = formula
    return cell
