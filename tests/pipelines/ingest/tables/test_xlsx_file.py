"""Excel workbooks: cells as a person sees them, sheets, damage and bombs."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from pipelines.ingest.tables.as_seen import as_seen
from pipelines.ingest.tables.grid import ReadOptions, read_grid
from workbench.errors import SurveyError


def workbook(rows, **sheets) -> bytes:
    """Bytes of a workbook with the rows on its first sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Answers"
    for row in rows:
        sheet.append(row)
    for name, more in sheets.items():
        other = book.create_sheet(name)
        for row in more:
            other.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(data: bytes, member: str, change) -> bytes:
    """Return the same ZIP with one member's bytes changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name == member else part)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_cells_are_read_as_a_person_sees_them():
    row = [
        "R1",
        3.0,
        0.1 + 0.2,
        dt.datetime(2022, 2, 14),
        dt.datetime(2022, 2, 14, 9, 30, 5),
        dt.time(9, 30),
        True,
        None,
        "two\nlines",
    ]
    header = ["id", "n", "sum", "day", "moment", "clock", "yes", "gap", "why"]
    grid = read_grid(workbook([header, row]), "survey.xlsx")
    assert grid.header == tuple(header)
    assert grid.rows == (
        (
            2,
            (
                "R1",
                "3",
                "0.3",
                "2022-02-14",
                "2022-02-14T09:30:05",
                "09:30:00",
                "TRUE",
                "",
                "two\nlines",
            ),
        ),
    )
    assert (grid.format, grid.sheet, grid.sheets, grid.warnings) == (
        "xlsx",
        "Answers",
        ("Answers",),
        (),
    )


@pytest.mark.parametrize(
    ("value", "number_format", "seen"),
    [
        (14, "000", "014"),
        (-14, "000", "-14"),
        (0.256, "0%", "26%"),
        (0.256, "0.0%", "25.6%"),
        (1e20, "General", "1e+20"),
        (123456789012345678, "General", "123456789012345678"),
        (False, "General", "FALSE"),
        (dt.datetime(2022, 2, 14, 9, 29, 59, 999_999), "General", "2022-02-14T09:30:00"),
        (dt.date(2022, 2, 14), "General", "2022-02-14"),
        (dt.timedelta(hours=30), "[h]:mm", "1 day, 6:00:00"),
    ],
)
def test_number_formats_that_people_use(value, number_format, seen):
    assert as_seen(value, number_format) == seen


def test_leading_zeros_of_an_id_survive_its_number_format():
    book = openpyxl.Workbook()
    book.active.append(["id", "why"])
    book.active.append([7, "late"])
    book.active["A2"].number_format = "0000"
    assert read_grid(saved(book), "s.xlsx").rows == ((2, ("0007", "late")),)


def test_rows_keep_their_numbers_over_gaps():
    book = openpyxl.Workbook()
    book.active["A3"], book.active["B3"] = "id", "why"
    book.active["A5"], book.active["A9"] = "R1", "R2"
    grid = read_grid(saved(book), "survey.xlsx")
    assert grid.header_row == 3
    assert grid.rows == ((5, ("R1", "")), (9, ("R2", "")))


def test_a_cell_beyond_the_header_lists_its_row():
    grid = read_grid(workbook([["id", "why"], ["R1", "a"], ["R2", "b", None, "stray"]]), "s.xlsx")
    assert grid.rows == ((2, ("R1", "a")),)
    assert (grid.bad_rows[0].row, grid.bad_rows[0].column) == (3, None)
    assert "the row has 4 cells, the header names 2 columns" in grid.bad_rows[0].message


def test_titles_above_the_header_are_left_out_and_told():
    rows = [["Survey of families, 2025"], [], [None, "Not for sharing"], ["id", "age", "why"]]
    grid = read_grid(workbook([*rows, ["R1", 34, "late"]]), "survey.xlsx")
    assert (grid.header, grid.header_row) == (("id", "age", "why"), 4)
    assert grid.rows == ((5, ("R1", "34", "late")),)
    assert grid.warnings == (
        "rows 1, 3 above the header left out: Survey of families, 2025; Not for sharing.",
    )


def test_a_narrow_table_has_no_titles():
    grid = read_grid(workbook([["why"], ["late"], ["no bus"], ["a", "b", "c"]]), "survey.xlsx")
    assert (grid.header, [row for row, _ in grid.rows]) == (("why",), [2, 3])
    stray = [["why"], ["late"], ["a", "b", "c"], ["no bus"], ["cold"]]
    assert read_grid(workbook(stray), "survey.xlsx").header == ("why",)
    two = read_grid(workbook([["id", "why"], ["R1"], ["R2", "late"], ["R3", "x", "y"]]), "s.xlsx")
    assert (two.header, len(two.bad_rows)) == (("id", "why"), 1)


def test_the_first_visible_sheet_with_anything_on_it_is_taken():
    book = openpyxl.Workbook()
    book.active.title = "Hidden"
    book.active.append(["not", "this"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Empty")
    data = book.create_sheet("Data")
    data.append(["id", "why"])
    data.append(["R1", "late"])
    grid = read_grid(saved(book), "survey.xlsx")
    assert (grid.sheet, grid.sheets) == ("Data", ("Empty", "Data"))
    assert grid.warnings == ("read the sheet 'Data'; not read: 'Empty'.",)


def test_a_named_sheet_is_taken_and_a_wrong_name_corrected():
    data = workbook([["a"], ["1"]], Parents=[["id"], ["R9"]])
    assert read_grid(data, "s.xlsx", ReadOptions(sheet="Parents")).rows == ((2, ("R9",)),)
    with pytest.raises(SurveyError) as caught:
        read_grid(data, "s.xlsx", ReadOptions(sheet="Parent"))
    assert str(caught.value) == (
        "s.xlsx: there is no sheet 'Parent'. Sheets: Answers, Parents. Did you mean 'Parents'?"
    )


def test_formulas_give_their_stored_value_and_a_warning_where_there_is_none():
    data = workbook([["id", "n"], ["R1", "=1+1"], ["R2", "=2+2"]])
    stored = rewritten(
        data,
        SHEET,
        lambda xml: (
            xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
            .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
            .replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")
        ),
    )
    grid = read_grid(stored, "survey.xlsx")
    assert grid.rows == ((2, ("R1", "2")), (3, ("R2", "")))
    assert "1 cell holds a formula without a stored value" in grid.warnings[0]


def test_excel_errors_are_counted():
    book = openpyxl.Workbook()
    book.active.append(["id", "why"])
    book.active.append(["R1", "#NAME?"])
    assert book.active["B2"].data_type == "e"
    grid = read_grid(saved(book), "survey.xlsx")
    assert grid.rows == ((2, ("R1", "#NAME?")),)
    assert "1 cell shows #NAME? (the first in row 2)" in grid.warnings[0]


def test_control_characters_that_excel_escapes_come_back():
    data = workbook([["id", "why"], ["R1", "one_x000D_\ntwo _x12_"]])
    assert read_grid(data, "s.xlsx").rows == ((2, ("R1", "one\r\ntwo _x12_")),)


def test_a_wrong_size_of_the_sheet_does_not_cut_it():
    data = workbook([["id", "why"], ["R1", "late"]])
    lying = rewritten(data, SHEET, lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1"'))
    assert b'ref="A1"' in zipfile.ZipFile(io.BytesIO(lying)).read(SHEET)
    assert read_grid(lying, "s.xlsx").rows == ((2, ("R1", "late")),)


def test_an_empty_workbook_is_refused():
    with pytest.raises(SurveyError, match="no visible sheet with anything on it"):
        read_grid(workbook([]), "survey.xlsx")


def test_a_header_without_rows_names_the_sheet():
    with pytest.raises(
        SurveyError, match=r"survey\.xlsx, sheet 'Answers', row 1: .* no rows below"
    ):
        read_grid(workbook([["id", "why"]]), "survey.xlsx")


def test_a_bomb_is_refused_before_it_is_unpacked():
    data = workbook([["id", "why"], ["R1", "x"]])
    bomb = rewritten(data, SHEET, lambda xml: xml + b" " * 64 * 1024**2)
    with pytest.raises(
        SurveyError, match=r"would unpack from 0\.1 to 64 MiB, which no survey does"
    ):
        read_grid(bomb, "survey.xlsx")


def test_document_type_declarations_are_refused():
    data = workbook([["id", "why"], ["R1", "x"]])
    dtd = b'<!DOCTYPE x [<!ENTITY a "b">]>'
    hostile = rewritten(data, SHEET, lambda xml: dtd + xml)
    with pytest.raises(SurveyError, match="document type declarations"):
        read_grid(hostile, "survey.xlsx")


def test_a_row_number_beyond_excel_is_refused():
    data = workbook([["id", "why"], ["R1", "x"], ["R2", "y"]])
    far = rewritten(
        data,
        SHEET,
        lambda xml: (
            xml.replace(b'r="3"', b'r="99999999"')
            .replace(b'"A3"', b'"A99999999"')
            .replace(b'"B3"', b'"B99999999"')
        ),
    )
    with pytest.raises(SurveyError) as caught:
        read_grid(far, "survey.xlsx")
    assert "the sheet has more than 1,048,576 rows" in str(caught.value)
    assert caught.value.line == 1_048_577


def test_a_damaged_workbook_is_refused_with_a_remedy():
    data = workbook([["id", "why"], ["R1", "x"]])
    cut = rewritten(data, SHEET, lambda xml: xml[: len(xml) // 2])
    with pytest.raises(SurveyError) as caught:
        read_grid(cut, "survey.xlsx")
    assert "survey.xlsx: the workbook is damaged" in str(caught.value)
    assert "save it again" in str(caught.value)
