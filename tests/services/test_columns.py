"""Columns of a survey file: rows to correct, previews without what identifies, bad rows as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from workbench.domain.documents import BadRow
from workbench.services import columns, files

CONTENT = (
    "id,mail,why\n"
    + "".join(
        f"R{n},p{n}@example.org,They said number {n} and rang off again\n" for n in range(1, 12)
    )
).encode()
TABLE = files.read_table(CONTENT, "s.csv")


def test_rows_come_from_what_the_columns_hold_or_from_a_mapping() -> None:
    rows = columns.propose_rows(TABLE)
    assert [row.role for row in rows] == ["respondent id", "identifying", "open answer"]
    mapping = files.read_mapping("respondent_id: id\nquestions: [{column: why, ref: q9}]", "m")
    assert [row.ref for row in columns.propose_rows(TABLE, mapping)] == ["", "", "q9"]


def test_a_mapping_that_the_file_cannot_keep_is_a_general_problem() -> None:
    rows = [*columns.propose_rows(TABLE), columns.ColumnRow("gone", "attribute", "gone")]
    reading = columns.read_rows(TABLE, rows)
    assert reading.mapping is None
    assert reading.general[0].startswith("there is no column 'gone' (attribute 'gone')")
    assert columns.read_rows(TABLE, rows[:3]).mapping is not None


def test_nothing_that_identifies_is_shown() -> None:
    rows = list(columns.propose_rows(TABLE))
    shown = columns.preview(TABLE, rows, 3)
    assert shown.rows == (2, 3, 4)
    assert shown.columns["mail"] == ("kept out",) * 3
    assert shown.n_rows == 11
    assert columns.examples(TABLE, rows)[1] == "kept out"
    rows[1] = replace(rows[1], role="attribute")
    assert columns.preview(TABLE, rows).columns["mail"][0] == "p1@example.org"
    rows[1] = replace(rows[1], identifying=True)
    assert "example.org" not in str(columns.preview(TABLE, rows)) + str(
        columns.examples(TABLE, rows)
    )


def test_a_long_cell_is_cut_in_the_preview_only() -> None:
    table = files.read_table(("id,why\nR1," + "a" * 1_000_000 + "\n").encode(), "s.csv")
    assert len(columns.preview(table, columns.propose_rows(table)).columns["why"][0]) == 300


def test_bad_rows_are_written_for_a_spreadsheet_without_formulas() -> None:
    found = columns.bad_rows_file(
        [BadRow(4, "=cmd", '=HYPERLINK("x")'), BadRow(7, None, 'a "quote",\nand more')]
    )
    assert found.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(found.decode("utf-8-sig"), newline=""))) == [
        ["row", "column", "message"],
        ["4", "'=cmd", '\'=HYPERLINK("x")'],
        ["7", "", 'a "quote",\nand more'],
    ]
