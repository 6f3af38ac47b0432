"""Tables of figures as CSV and XLSX: numbers stay numbers, and nothing runs."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from pipelines.export.neutralise import restore
from pipelines.export.table import FlatTable
from pipelines.export.table_csv import write_table_csv
from pipelines.export.table_xlsx import write_table_xlsx

HOSTILE = ["=1+1", "@SUM(A1)", "\t=cmd", "＝1", "a\x00b", "\ud800", 'say "no"', "two\nlines", ""]
TABLE = FlatTable(
    "Figures",
    ("theme", "=group", "base", "share"),
    (*((text, "Roma", 3, 2 / 3) for text in HOSTILE), ("Empty", "Irish", 0, None)),
    (3,),
)


def test_csv_gives_back_every_text_and_number():
    stream = io.BytesIO()
    assert write_table_csv(stream, TABLE) == len(HOSTILE) + 1
    text = stream.getvalue().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert [restore(name) for name in header] == list(TABLE.header)
    assert [restore(row[0]) for row in rows[:4]] == HOSTILE[:4]
    assert not any(row[0].startswith(("=", "@", "\t")) for row in rows)
    assert rows[0][2:] == ["3", "0.666667"]
    assert rows[-1] == ["Empty", "Irish", "0", ""]


@pytest.mark.parametrize(
    ("value", "written"), [(0.0, "0"), (1.0, "1"), (0.5, "0.5"), (100.0, "100")]
)
def test_csv_writes_shares_without_idle_noughts(value, written):
    stream = io.BytesIO()
    write_table_csv(stream, FlatTable("T", ("share",), ((value,),)))
    assert stream.getvalue().decode("utf-8-sig").splitlines() == ["share", written]


def test_xlsx_holds_texts_numbers_and_notes():
    stream = io.BytesIO()
    assert write_table_xlsx(stream, [TABLE], [("Layer", "=any")]) == len(HOSTILE) + 1
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    assert book.sheetnames == ["Figures", "About"]
    sheet = book["Figures"]
    assert [cell.value for cell in sheet[1]] == list(TABLE.header)
    first = sheet[2]
    assert (first[0].value, first[0].data_type, first[0].quotePrefix) == ("=1+1", "s", True)
    assert first[2].value == 3
    assert first[3].value == pytest.approx(2 / 3)
    assert first[3].number_format == "0%"
    last = sheet[len(HOSTILE) + 2]
    assert last[3].value is None
    assert book["About"]["B1"].data_type == "s"
    assert not any(cell.data_type == "f" for row in sheet for cell in row)
