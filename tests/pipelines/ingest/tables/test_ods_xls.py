"""OpenDocument and old Excel workbooks: cells as a person sees them, sheets, locks and bombs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipelines.ingest.tables import xls_file
from pipelines.ingest.tables.grid import ReadOptions, read_grid
from workbench.errors import SurveyError

FIXTURES = Path(__file__).parents[1] / "fixtures"
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
MANIFEST = "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'"


def fixture(format_: str) -> bytes:
    return (FIXTURES / f"survey.{format_}").read_bytes()


def ods(table: str, manifest: str = f"{MANIFEST}/>", before: str = "") -> bytes:
    """Bytes of a spreadsheet with these rows and cells."""
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMES.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", manifest)
        made.writestr(
            "content.xml",
            f"<?xml version='1.0'?>{before}<office:document-content {spaces}><office:body>"
            f"<office:spreadsheet>{table}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return out.getvalue()


def cell(text: str, n_times: int = 1) -> str:
    return (
        f'<table:table-cell table:number-columns-repeated="{n_times}" office:value-type="string">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def row(*cells: str, n_times: int = 1) -> str:
    inside = "".join(cells)
    return f'<table:table-row table:number-rows-repeated="{n_times}">{inside}</table:table-row>'


def sheet(*rows: str, name: str = "A") -> str:
    return f'<table:table table:name="{name}">{"".join(rows)}</table:table>'


@pytest.mark.parametrize("format_", ["ods", "xls"])
def test_cells_are_read_as_a_person_sees_them(format_):
    grid = read_grid(fixture(format_), "survey")
    came_back = ("TRUE", "FALSE") if format_ == "xls" else ("1", "0")
    assert (grid.format, grid.header) == (
        format_,
        ("id", "submitted", "born", "age", "share", "came_back", "why"),
    )
    assert grid.rows == (
        (
            2,
            ("R1", "2025-03-04T09:19:30", "1990-03-04", "34", "0.5", came_back[0],
             "They rang back.\nTwice, even 🙂"),
        ),
        (
            3,
            ("R2", "2025-03-05T10:00:00", "1991-03-14", "33.5", "0.256", came_back[1],
             "میں نے تین بار فون کیا"),
        ),
        (5, ("R3", "", "", "100", "1", "", "<b>bold</b> =HYPERLINK(1)")),
    )  # fmt: skip


@pytest.mark.parametrize("format_", ["ods", "xls"])
def test_the_first_visible_sheet_with_anything_on_it_is_taken(format_):
    grid = read_grid(fixture(format_), "survey")
    assert (grid.sheet, grid.sheets) == ("Answers", ("About", "Answers", "Parents"))
    assert grid.warnings == ("read the sheet 'Answers'; not read: 'About', 'Parents'.",)


@pytest.mark.parametrize("format_", ["ods", "xls"])
def test_a_named_sheet_is_taken_and_a_wrong_name_corrected(format_):
    grid = read_grid(fixture(format_), "survey", ReadOptions(sheet="Parents"))
    assert (grid.rows, grid.warnings) == (((2, ("P1", "late")),), ())
    with pytest.raises(SurveyError, match=r"there is no sheet 'Parent'\. .*Did you mean 'Parents'"):
        read_grid(fixture(format_), "survey", ReadOptions(sheet="Parent"))


def test_truth_values_durations_and_repeats_of_open_document():
    table = sheet(
        row(cell("id"), cell("yes"), cell("long")),
        row(
            cell("R1"),
            '<table:table-cell office:value-type="boolean" office:boolean-value="true">'
            "<text:p>TRUE</text:p></table:table-cell>",
            '<table:table-cell office:value-type="time" office:time-value="PT30H05M00S">'
            "<text:p>30:05</text:p></table:table-cell>",
        ),
        row(cell("R2"), cell("x", n_times=2), n_times=2),
        row('<table:table-cell table:number-columns-repeated="16384"/>', n_times=1_048_000),
    )
    grid = read_grid(ods(table), "survey")
    assert grid.rows == (
        (2, ("R1", "TRUE", "30:05:00")),
        (3, ("R2", "x", "x")),
        (4, ("R2", "x", "x")),
    )


def test_paragraphs_and_spaces_of_open_document_stay():
    paragraphs = "one<text:s text:c='2'/>two</text:p><text:p>three"
    grid = read_grid(
        ods(sheet(row(cell("id"), cell("why")), row(cell("R1"), cell(paragraphs)))), "s"
    )
    assert grid.rows == ((2, ("R1", "one  two\nthree")),)


@pytest.mark.parametrize(
    "table",
    [
        sheet(row(cell("x", n_times=50), n_times=1_000_000)),
        sheet(row(cell("x")), row("<table:table-cell/>", n_times=900_000), row(cell("x", 16_000))),
        sheet(row(cell("x", n_times=1_000_000_000), n_times=4_000_000_000)),
        "".join(sheet(row(cell("x", 100), n_times=30_000), name=f"S{n}") for n in range(3)),
    ],
)
def test_repeats_that_come_to_more_than_a_survey_are_refused(table):
    with pytest.raises(SurveyError, match=r"survey: the spreadsheet would come to [\d,]+ "):
        read_grid(ods(table), "survey")


def test_a_long_text_that_is_repeated_is_refused():
    table = sheet(row(cell("x" * 300_000), n_times=1_000))
    with pytest.raises(SurveyError, match="would come to 286 MiB, because a long text is repeated"):
        read_grid(ods(table), "survey")


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(SurveyError, match="would unpack from"):
        read_grid(ods(sheet(row(cell("x" * 200_000_000)))), "survey.ods")


def test_document_type_declarations_are_refused():
    declared = ods(sheet(row(cell("id"))), before="<!--" + "x" * 5000 + "--><!DOCTYPE x>")
    with pytest.raises(SurveyError, match="document type declarations"):
        read_grid(declared, "survey.ods")


def test_passwords_are_named():
    entry = f"{MANIFEST}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    locked_ods = ods(sheet(row(cell("id"))), manifest=entry + "</manifest:manifest>")
    # the record that names the writer becomes the one that says how the rest is locked
    locked_xls = fixture("xls").replace(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00")
    for data in (locked_ods, locked_xls):
        with pytest.raises(SurveyError, match="survey: the workbook is protected by a password"):
            read_grid(data, "survey")


def test_an_old_workbook_with_a_cell_far_away_is_refused(monkeypatch):
    monkeypatch.setattr(xls_file, "MAX_SHEET_CELLS", 10)
    with pytest.raises(SurveyError, match="the workbook's sheets come to 41 cells, at most 10"):
        read_grid(fixture("xls"), "survey")


def test_an_old_workbook_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(xls_file, "MAX_XLS_BYTES", 1000)
    with pytest.raises(SurveyError, match="the old workbook has 0 MiB"):
        read_grid(fixture("xls"), "survey")


@pytest.mark.parametrize("format_", ["ods", "xls"])
def test_half_a_file_is_refused_with_a_remedy(format_):
    with pytest.raises(SurveyError) as caught:
        read_grid(fixture(format_)[:4000], "survey")
    assert caught.value.hint


def test_an_empty_spreadsheet_is_refused():
    with pytest.raises(SurveyError, match="no visible sheet with anything on it"):
        read_grid(ods(sheet()), "survey")
