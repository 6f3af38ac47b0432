"""Columns of a survey file: rows to correct, previews without what identifies, bad rows as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from workbench.domain.documents import BadRow
from workbench.services import files
from workbench.services.surveys import columns

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


def test_ids_that_reach_a_person_are_not_shown_whoever_calls_them_ids() -> None:
    rows = [columns.ColumnRow("mail", "respondent id"), columns.ColumnRow("mail", "submitted at")]
    rows += [columns.ColumnRow("why", "open answer"), columns.ColumnRow("gone")]
    assert columns.examples(TABLE, rows)[:2] == ["kept out", "kept out"]
    assert columns.examples(TABLE, rows)[3] == ""
    assert set(columns.preview(TABLE, rows).columns["mail"]) == {"kept out"}
    mapping = files.read_mapping("respondent_id: mail\nquestions: [{column: why}]", "m")
    assert columns.propose_rows(TABLE, mapping)[1].identifying
    assert not columns.ids_may_be_shown(TABLE, mapping)


def test_the_rows_that_share_an_id_or_are_left_out_are_counted() -> None:
    table = files.read_table(b"id,s,why\nR1,x,a\nR1,,b\nR1,,c\nR2,,d\n", "s.csv")
    mapping = files.read_mapping(
        "respondent_id: id\nquestions: [{column: why}]\nexclude_rows_if: {s: x}", "m"
    )
    assert columns.rows_left_out(table, mapping) == {"s is x": 1}
    assert columns.shared_ids(table, mapping) == ("R1: rows 3 and 4",)
    told = columns.with_duplicates(mapping, "first")
    assert columns.choices_of(told) == columns.FileChoices("", "first")
    assert columns.choices_of(columns.with_ids_as_given(told)).as_given


def test_a_wide_file_shows_its_first_columns() -> None:
    header = ["id", *(f"c{n}" for n in range(500))]
    table = files.read_table(f"{','.join(header)}\n{','.join(header)}\n".encode(), "s.csv")
    shown = columns.preview(table, [])
    assert (len(shown.columns), shown.n_columns) == (200, 501)


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
