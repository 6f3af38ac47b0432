"""Every format, hurt at random: a grid or a survey error comes out, and whole tables come back."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.ingest.surveys.roles import propose
from pipelines.ingest.tables.delimiters import DELIMITERS, RARE
from pipelines.ingest.tables.grid import Grid, ReadOptions, read_grid
from workbench.errors import WorkbenchError

FIXTURES = Path(__file__).parents[1] / "fixtures"
EXPORTS = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".csv", ".tsv"))
OWN_NAMES = sorted(
    {
        name.strip('"')
        for path in EXPORTS
        for name in path.read_bytes()
        .decode("utf-16" if path.suffix == ".tsv" else "utf-8-sig")
        .splitlines()[0]
        .replace(";", ",")
        .replace("\t", ",")
        .split(",")
    }
)

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# ODS, XLS and SPSS files are read by a process of their own, which takes its time to start
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def holds_together(data: bytes) -> None:
    """Read; what comes out agrees with itself, or a message names the file."""
    try:
        grid = read_grid(data, "survey")
    except WorkbenchError as error:
        assert "survey" in str(error)
        return
    agrees(grid)


def agrees(grid: Grid) -> None:
    """Check that names are unique, rows and what is known of columns are as long as the header."""
    assert len(set(grid.header)) == len(grid.header)
    assert all(name.strip() for name in grid.header)
    assert {len(cells) for _, cells in grid.rows} <= {len(grid.header)}
    assert {len(grid.texts), len(grid.hints)} <= {0, len(grid.header)}
    assert all(rule.column in grid.header for rule in grid.exclusions)
    assert all(h is None or h.role != "option" or (h.ref and h.value) for h in grid.hints)
    assert not any("\0" in cell for _, cells in grid.rows for cell in cells)
    propose(grid)


def hurt(data: bytes, draw: st.DataObject) -> bytes:
    """Change, drop or add bytes in a few places."""
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, max(0, len(data) - 1)))
        n_gone = draw.draw(st.sampled_from([0, 1, 1, 4, 40]))
        new = draw.draw(st.binary(max_size=6) | st.sampled_from([b"\xff" * 4, b"\0" * 4, b'"']))
        data = data[:at] + new + data[at + n_gone :]
    return data


@quick
@given(st.data(), st.sampled_from(EXPORTS))
def test_a_hurt_export_of_a_survey_tool(data, path):
    holds_together(hurt(path.read_bytes(), data))


cells = st.sampled_from(OWN_NAMES) | st.text(max_size=6) | st.sampled_from(["", '{"ImportId":"Q"}'])


@quick
@given(st.lists(st.lists(cells, min_size=1, max_size=12), min_size=1, max_size=7))
@example([["respondent_id", "collector_id"], ["", "x"]])
@example([["V1", "V2", "Q1"], ["ResponseID"], ["1"]])
@example([["_id", "_uuid", "_index", "a", "a/b"], ["1", "2", "3"]])
def test_columns_of_survey_tools_in_any_company(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    holds_together(out.getvalue().encode("utf-8", "replace"))


@few
@given(st.data(), st.sampled_from(["ods", "xls"]))
def test_a_hurt_workbook(data, format_):
    holds_together(hurt((FIXTURES / f"survey.{format_}").read_bytes(), data))


@few
@given(st.data())
def test_a_spreadsheet_with_hurt_content(data):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(FIXTURES / "survey.ods") as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, hurt(part, data) if name == "content.xml" else part)
    holds_together(out.getvalue())


@pytest.fixture(scope="module")
def spss(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("spss") / "survey.sav"
    columns = {"id": ["R1", "R2"], "age": [1.0, 2.0], "why": ["late", "x" * 300]}
    labels = {"age": {1: "Under 25", 2: "Over"}}
    pyreadstat.write_sav(
        pd.DataFrame(columns), path, column_labels={"age": "Age?"}, variable_value_labels=labels
    )
    return path.read_bytes()


@few
@given(data=st.data())
def test_a_hurt_spss_file_takes_nothing_with_it(spss, data):
    holds_together(hurt(spss, data))


letters = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6)
written = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\ufeff"
)
words = st.text(written | st.sampled_from('\n;,|"'), max_size=12)


@st.composite
def tables(draw: st.DrawFn, text: st.SearchStrategy[str] = words) -> list[list[str]]:
    """A header and rows of its width, none of which is blank."""
    header = draw(st.lists(letters, min_size=2, max_size=4, unique=True))
    row = st.lists(text, min_size=len(header), max_size=len(header))
    rows = draw(st.lists(row.filter(lambda r: any(c.strip() for c in r)), min_size=1, max_size=5))
    return [header, *rows]


def as_read(grid: Grid) -> list[list[str]]:
    return [list(grid.header), *(list(row) for _, row in grid.rows)]


@quick
@given(
    tables(),
    st.sampled_from([*DELIMITERS, *sorted(RARE)]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_a_table_comes_back_from_delimited_text(table, delimiter, codec):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    options = ReadOptions(delimiter=delimiter)
    assert as_read(read_grid(out.getvalue().encode(codec), "survey", options)) == table


western = st.text(st.sampled_from("abc XYZ éèêàçñöüß £ ’“”–…"), max_size=20)


@quick
@given(tables(western), st.sampled_from(["utf-16-le", "utf-16-be", "cp1252"]))
def test_a_table_comes_back_from_encodings_that_are_told_by_hand(table, codec):
    table[0] = [f"q{n}" for n in range(len(table[0]))]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    options = ReadOptions(encoding=codec, delimiter=",")
    assert as_read(read_grid(out.getvalue().encode(codec), "survey", options)) == table


def workbook(table: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for number, row in enumerate(table, 1):
        for place, text in enumerate(row, 1):
            cell = book.active.cell(number, place)
            cell.value, cell.data_type = text, "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@settings(quick, max_examples=60)
@given(tables())
def test_a_table_comes_back_from_a_workbook(table):
    assert as_read(read_grid(workbook(table), "survey")) == table


def spreadsheet(table: list[list[str]]) -> bytes:
    """An OpenDocument spreadsheet of a table, with a paragraph for each line."""
    from xml.sax.saxutils import escape

    def cell(text: str) -> str:
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in table)
    names = "urn:oasis:names:tc:opendocument:xmlns"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", f"<m:manifest xmlns:m='{names}:manifest:1.0'/>")
        made.writestr(
            "content.xml",
            f"<office:document-content xmlns:office='{names}:office:1.0' "
            f"xmlns:table='{names}:table:1.0' xmlns:text='{names}:text:1.0'><office:body>"
            f"<office:spreadsheet><table:table table:name='A'>{rows}</table:table>"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


plain = st.text(st.characters(categories=["L", "N", "S"], codec="utf-8"), min_size=1, max_size=12)


@few
@given(tables(plain))
def test_a_table_comes_back_from_a_spreadsheet(table):
    assert as_read(read_grid(spreadsheet(table), "survey")) == table
