"""Sheets of the workbooks that calamine reads.

In: an open OpenDocument spreadsheet or old Excel workbook that has passed its guard. Out: a `Grid`
of one sheet, with every cell as a person sees it. The reading is done by `calamine_worker`.
"""

from __future__ import annotations

from pipelines.ingest.apart import cells_of, description, lines_of
from pipelines.ingest.tables.records import Grid, ReadOptions, SourceFile, assemble
from pipelines.ingest.tables.sheets import Titles, about_other_sheets, choose_sheet
from pipelines.ingest.zip_guard import damaged
from workbench.errors import SurveyError

WORKER = "pipelines.ingest.tables.calamine_worker"


def read_sheets(file: SourceFile, options: ReadOptions, format_: str) -> Grid:
    """Read the named sheet of a workbook, or the first visible one that holds anything.

    Raises
    ------
    SurveyError
        When the workbook is damaged or protected, the sheet does not exist, or there is no table.
    """
    refusal = damaged(file.name)
    with lines_of(WORKER, file, options.sheet or "") as lines:
        about = description(lines, refusal)
        if about.get("locked"):
            raise locked(file.name)
        visible, found = tuple(about["visible"]), about["chosen"]
        chosen = choose_sheet(
            about["names"], visible, options.sheet, file.name, lambda name: name == found
        )
        titles = Titles()
        records = titles.skip(enumerate(cells_of(lines, refusal), about["first_row"]))
        table = assemble(records, f"{file.name}, sheet {chosen!r}")
    warnings = titles.warnings() + about_other_sheets(visible, chosen, options.sheet)
    return table.as_grid(file, format_, warnings=warnings, sheet=chosen, sheets=visible)


def locked(source: str) -> SurveyError:
    """Return the error of a workbook that needs a password."""
    return SurveyError(
        "the workbook is protected by a password.",
        source=source,
        hint="Open it, save a copy without the password, and import the copy.",
    )
