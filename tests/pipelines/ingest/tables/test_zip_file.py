"""Exports that come packed: one table is read, anything else is refused with a remedy."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from pipelines.ingest.tables.grid import read_grid
from workbench.errors import SurveyError

FIXTURES = Path(__file__).parents[1] / "fixtures"
CSV = b"id,why\nR1,late\n"


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        packed({"survey.csv": CSV}),
        packed({"CSV/survey.csv": CSV, "readme.md": b"x"}),
        packed({"survey.csv": CSV, "__MACOSX/x/survey.csv": b"junk", "x/.a.csv": b""}),
    ],
)
def test_the_only_table_of_an_archive_is_read(data):
    grid = read_grid(data, "export.zip")
    assert (grid.name, grid.format, grid.rows) == ("export.zip", "csv", ((2, ("R1", "late")),))
    # the same answers, packed or not, are the same file
    assert grid.sha256 == hashlib.sha256(CSV).hexdigest()


@pytest.mark.parametrize("name", ["survey.ods", "survey.xls", "microsoft_forms.xlsx"])
def test_a_workbook_in_an_archive_is_read(name):
    data = packed({name: (FIXTURES / name).read_bytes()})
    assert read_grid(data, "export.zip").rows == read_grid(FIXTURES / name).rows


def test_several_tables_are_named():
    with pytest.raises(SurveyError) as caught:
        read_grid(packed({"a.csv": CSV, "b.xlsx": b"x"}), "export.zip")
    assert str(caught.value) == (
        "export.zip: the archive holds 2 tables: a.csv, b.xlsx. Unpack it and import the one with "
        "the answers."
    )


def test_a_bomb_in_an_archive_is_refused():
    with pytest.raises(SurveyError, match="the archive would unpack to 64 MiB, which no survey"):
        read_grid(packed({"survey.csv": b"a" * 64 * 1024**2}), "export.zip")


def test_a_table_inside_a_document_is_not_taken_for_the_answers():
    data = packed({"[Content_Types].xml": b"", "ppt/embeddings/table.csv": CSV})
    with pytest.raises(SurveyError, match="this is an archive or a damaged workbook"):
        read_grid(data, "slides.pptx")


def test_an_archive_in_an_archive_is_refused():
    data = packed({"survey.csv": packed({"survey.csv": CSV})})
    with pytest.raises(SurveyError, match="this is an archive or a damaged workbook"):
        read_grid(data, "export.zip")


def test_a_locked_archive_is_refused():
    data = bytearray(packed({"survey.csv": CSV}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    with pytest.raises(SurveyError, match=r"export\.zip: the archive is protected by a password"):
        read_grid(bytes(data), "export.zip")


def test_a_damaged_archive_is_refused():
    data = packed({"survey.csv": CSV * 50})
    at = data.index(b"survey.csv") + 14
    hurt = data[:at] + b"\xff\xff\xff" + data[at + 3 :]
    with pytest.raises(SurveyError, match="the archive is damaged"):
        read_grid(hurt, "export.zip")
