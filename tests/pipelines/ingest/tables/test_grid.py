"""Formats are told by content, and what is no table is refused with a remedy."""

from __future__ import annotations

import hashlib
import io
import zipfile

import openpyxl
import pytest

from pipelines.ingest.tables import grid as grid_module
from pipelines.ingest.tables.grid import read_grid
from workbench.errors import SurveyError

CSV = b"id,why\nR1,late\n"


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["id", "why"])
    book.active.append(["R1", "late"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, b"x")
    return out.getvalue()


@pytest.mark.parametrize(("data", "format_"), [(CSV, "csv"), (xlsx(), "xlsx")])
@pytest.mark.parametrize("name", ["survey.csv", "survey.xlsx", "survey"])
def test_content_decides_whatever_the_name_ends_in(data, format_, name):
    grid = read_grid(data, name)
    assert (grid.format, grid.name) == (format_, name)
    assert grid.rows == ((2, ("R1", "late")),)


def test_path_stream_and_bytes_give_the_same_grid(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_bytes(CSV)
    stream = io.BytesIO(CSV)
    stream.read(4)
    grids = [read_grid(path), read_grid(CSV, "survey.csv"), read_grid(stream, "survey.csv")]
    assert grids[0] == grids[1] == grids[2]
    assert grids[0].sha256 == hashlib.sha256(CSV).hexdigest()
    assert grids[0].column("why") == ["late"]
    assert not stream.closed


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SurveyError, match=r"gone\.csv: the file cannot be opened: No such file"):
        read_grid(tmp_path / "gone.csv")


def test_an_empty_file_is_refused():
    with pytest.raises(SurveyError) as caught:
        read_grid(b"", "survey.csv")
    assert str(caught.value) == "survey.csv: the file is empty. Export it again."


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(grid_module, "MAX_BYTES", 10)
    with pytest.raises(SurveyError, match=r"survey\.csv: the file has 0 MiB.*Split it"):
        read_grid(CSV, "survey.csv")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (OLE + b"\0" * 2000, "this is an old Office file without a sheet in it."),
        (
            OLE + b"\0" * 200_000 + "EncryptedPackage".encode("utf-16-le"),
            "the workbook is protected by a password.",
        ),
        (archive("xl/workbook.bin"), "this is a binary Excel workbook (.xlsb)."),
        (
            archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
            "this is an OpenDocument file, but no table.",
        ),
        (archive("word/document.xml"), "this is a Word document, not a table."),
        (archive("notes.md"), "this is an archive or a damaged workbook."),
        (xlsx()[:200], "this is an archive or a damaged workbook."),
        (b"\x1f\x8b\x08\x00abc", "this is an archive or a damaged workbook."),
        (b"%PDF-1.7\n", "this is a PDF, not a table."),
        (b"$FL2@(#) SPSS", "the SPSS file is damaged and cannot be read."),
        (b"\x89PNG\r\n\x1a\n", "this is a picture or a recording, not a table."),
        (b"\n<!DOCTYPE html><html>", "this is a web page, perhaps the sign-in page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "this is an XML file, not a table."),
        (bytes(range(256)) * 4, "this is not a table of text."),
    ],
)
def test_what_is_no_table_is_named_and_a_remedy_given(data, message):
    with pytest.raises(SurveyError) as caught:
        read_grid(data, "survey.xlsx")
    assert str(caught.value).startswith(f"survey.xlsx: {message}")
    assert caught.value.hint
