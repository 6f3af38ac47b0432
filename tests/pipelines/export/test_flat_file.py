"""Tables of figures as files: what CSV and XLSX hold, and names that are no table's."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from pipelines.export.flat_file import flat_file, flat_format
from pipelines.export.table import FlatTable
from workbench.errors import ExportError

FIRST = FlatTable("First", ("code", "share"), (("=1+1", 0.25), ("b", None)), (1,))
SECOND = FlatTable("Second", ("name",), (("c",),))


def test_csv_has_the_first_table_alone() -> None:
    written = flat_file([FIRST, SECOND], [("Study", "S")], format="csv")
    assert written.decode("utf-8-sig").splitlines() == ["code,share", "'=1+1,0.25", "b,"]


def test_xlsx_has_a_sheet_for_each_and_what_they_rest_on() -> None:
    written = flat_file([FIRST, SECOND], [("Study", "S")], format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert book.sheetnames == ["First", "Second", "About"]
    assert [cell.value for cell in book["About"][1]] == ["Study", "S"]


@pytest.mark.parametrize(("name", "format"), [("a.csv", "csv"), ("B.XLSX", "xlsx")])
def test_the_name_tells_the_kind(name: str, format: str) -> None:
    assert flat_format(Path(name)) == format


@pytest.mark.parametrize("name", ["a.docx", "a", "csv"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ExportError, match=r"no table\. Name a file ending in \.csv or \.xlsx"):
        flat_format(Path(name))
