"""Tables of codes as other programs write them, and what is said of rows that do not fit."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.export.neutralise import neutralise, restore
from pipelines.ingest.codebooks.codebook_columns import NAMES, find_columns, role_of
from pipelines.ingest.codebooks.codebook_files import read_codebook_file
from pipelines.ingest.codebooks.codebook_tree import CodeRow, grow, read_colour, split_path
from workbench.domain.codebook import format_path
from workbench.domain.codebook_file import CodebookFile, join_items, split_items
from workbench.errors import CodebookError


def read(text: str, name: str = "codes.csv") -> CodebookFile:
    return read_codebook_file(text.encode(), name, restore)


def paths(file: CodebookFile) -> list[str]:
    return [format_path(path) for path, _ in file.book.walk()]


def bad(file: CodebookFile) -> list[tuple[int, str | None]]:
    return [(item.row, item.column) for item in file.bad_rows]


def test_full_stops_in_taguettes_own_codebooks_tell_families() -> None:
    file = read(
        "tag,description,number of highlights,number of documents\n"
        "access.phone,Rings,2,1\naccess,How,3,1\nv. kind,,1,1\n"
    )
    assert paths(file) == ["access", "access / phone", "v. kind"]
    assert file.warnings == () and file.bad_rows == ()


def test_the_columns_of_taguette() -> None:
    file = read("tag,description,count\nhousing,Where they live,4\nmoney,,1\n", "tags.csv")
    assert [(code.name, code.definition) for code in file.book.themes] == [
        ("housing", "Where they live"), ("money", ""),
    ]  # fmt: skip
    assert file.book.name == "tags" and not file.given.about
    assert file.given.fields == {"definition"}
    assert file.warnings == ("not taken from the file: count.",)


def test_the_columns_of_maxqda() -> None:
    file = read(
        "Color;Parent code;Code;Memo;Cod. seg. (all documents);Author\n"
        '#FF8000;;Access;"Getting\nthere";3;AB\n'
        ";Access;Waiting;;1;AB\n"
        ";Access\\Waiting;On the phone;;1;AB\n"
    )
    assert paths(file) == ["Access", "Access / Waiting", "Access / Waiting / On the phone"]
    assert file.book.themes[0].colour == "#FF8000"
    assert file.book.themes[0].definition == "Getting\nthere"
    assert file.warnings == ("not taken from the file: Cod. seg. (all documents), Author.",)


def test_the_paths_of_nvivo_make_what_lies_above() -> None:
    file = read(
        "Name,Description,Files,References\n"
        '"Nodes\\\\Access\\\\Waiting",Long queues,2,9\n"Nodes\\\\School",,1,1\n'
    )
    assert paths(file) == ["Access", "Access / Waiting", "School"]
    assert file.given.implied == {("Access",)}
    assert file.warnings[0] == "Access: named above other codes, without a row of its own."


@pytest.mark.parametrize("separator", ["\\", "/", ">", " > ", "::", " / ", "\\\\"])
def test_a_column_of_paths_in_every_writing(separator: str) -> None:
    file = read(f"PATH,Colour\nAccess,\nAccess{separator}Waiting,0072b2\n")
    assert paths(file) == ["Access", "Access / Waiting"]
    assert file.book.themes[0].children[0].colour == "#0072B2"


def test_a_path_beside_a_name_is_its_own_or_its_parents() -> None:
    for path in ("Access > Waiting", "Access"):
        file = read(f"name,path\nAccess,Access\nWaiting,{path}\n")
        assert paths(file) == ["Access", "Access / Waiting"]


def test_a_slash_in_a_name_parts_only_what_is_there() -> None:
    assert paths(read("code\nand/or\nschool\n")) == ["and/or", "school"]
    assert paths(read("code\nschool\nschool/staff\n")) == ["school", "school / staff"]
    assert paths(read("code,parent\nand::or,\nx > y,and::or\n")) == ["and::or", "and::or / x > y"]


def test_themes_and_codes_in_two_columns() -> None:
    file = read("Theme,Sub-theme,When to use\nAccess,,doors\nAccess,Waiting,\nSchool,Staff,all\n")
    assert paths(file) == ["Access", "Access / Waiting", "School", "School / Staff"]
    assert file.book.themes[0].include == "doors"
    assert file.given.implied == {("School",)}


def test_names_of_columns_in_any_case_and_with_any_signs() -> None:
    assert role_of("  Inclusion_criteria ") == "include"
    assert role_of("DO NOT USE IT FOR:") == "exclude"
    assert role_of("weight") is None
    assert {role_of(name) for names in NAMES.values() for name in names} == set(NAMES)
    found = find_columns(["memo", "Code", "Definition", "", "Author"])
    assert found.places == {"name": 1, "definition": 2}
    assert found.left_out == ("memo", "Author")


def test_lists_have_an_item_a_line() -> None:
    file = read('code,examples,cues\nA,"they said wait\n\n a year ","[""x"", ""y, z""]"\n')
    assert file.book.themes[0].examples == ("they said wait", "a year")
    assert file.book.themes[0].cues == ("x", "y, z")


def test_what_a_spreadsheet_would_run_is_given_back() -> None:
    file = read("code,definition\nA,'=1+1\nB,'quoted\nC,''=2\n")
    assert [code.definition for code in file.book.themes] == ["=1+1", "'quoted", "'=2"]


def test_rows_that_do_not_fit_are_told_and_the_others_go_in() -> None:
    file = read(
        "code,parent,colour\nA,,red\n,,\nB,Missing / C,\na,,\n"
        f"{'x' * 201},,\nD,E,\nE,D,\n,A,#000000\nF,F,\nG,a,rgb(1; 2; 255)\nH,a,too,many\n"
    )
    assert paths(file) == ["A", "A / G", "Missing", "Missing / C", "Missing / C / B", "F"]
    assert bad(file) == [(5, "name"), (6, "name"), (7, "parent"), (8, "parent"), (9, "name"),
                         (12, None)]  # fmt: skip
    told = [item.message for item in file.bad_rows]
    assert told[0].startswith("a: this code is there already, in row 2. Give one of them another")
    assert told[1] == "the name has 201 characters, at most 200 fit."
    assert "lies below itself" in told[2]
    assert told[4] == "a code needs a name. Give it a short name."
    assert file.book.themes[0].children[0].colour == "#0102FF"
    assert "1 colour not of the form #RRGGBB left out, the first in row 2." in file.warnings


def test_a_parent_may_stand_below_and_must_be_one() -> None:
    file = read("code,parent\nWaiting,Access\nAccess,\nLong,Waiting\n")
    assert paths(file) == ["Access", "Access / Waiting", "Access / Waiting / Long"]
    file = read("code,parent\nA,\nB,\nX,A\nX,B\ny,X\nz,A / X\n")
    assert paths(file) == ["A", "A / X", "A / X / z", "B", "B / X"]
    assert [item.message for item in file.bad_rows] == [
        "y: several codes are called 'X'. Write the parent as a path, such as Theme / Code."
    ]
    file = read("code,parent\nA,\na,\nb,c\nc,d\nd,c\ne,d\nok,A\n")
    assert paths(file) == ["A", "A / ok"]
    assert bad(file) == [(3, "name"), (4, "parent"), (5, "parent"), (6, "parent"), (7, "parent")]


def test_what_hangs_on_a_row_that_cannot_be_used_is_told_too() -> None:
    rows = [CodeRow(1, "A"), CodeRow(2, "B", "X"), CodeRow(3, "X", "A"), CodeRow(4, "X", "C"),
            CodeRow(5, "C"), CodeRow(6, "D", "B")]  # fmt: skip
    tree = grow(rows)
    assert [(item.row, item.message.split(":")[0]) for item in tree.bad_rows] == [
        (2, "B"), (6, "D"),
    ]  # fmt: skip
    assert "cannot be used itself" in tree.bad_rows[1].message


def test_files_that_are_no_codebook_are_refused_with_a_remedy() -> None:
    for text, message in (
        ("id,answer\n1,yes\n", "codes.csv, row 1: no column names the codes. Columns: id, answer. "
         "Call the column of the codes' names code, name or path."),
        ("code,definition\n", "codes.csv: the table has a header and no codes below it. Add a row"),
        ("", "codes.csv: the file is empty."),
        ("code,definition\n,x\n", "codes.csv, row 2: a code needs a name."),
        ("%PDF-1.7 x", "codes.csv: this is a PDF, not a table. Give a table whose first row"),
    ):  # fmt: skip
        with pytest.raises(CodebookError) as caught:
            read(text)
        assert str(caught.value).startswith(message), str(caught.value)


def test_yaml_is_known_by_its_content() -> None:
    text = "format: speakout-codebook/1\nname: B\ncodes:\n  - name: A\n"
    assert read(text, "book.txt").book.name == "B"
    with pytest.raises(CodebookError, match="not text in UTF-8"):
        read_codebook_file(b"\xff\xfe", "b.yaml", restore)


def test_other_sheets_than_the_first_are_told() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    for row in (("Code", "Definition"), ("A", "=x"), ("B", None)):
        sheet.append(row)
    sheet["B2"].data_type = "s"
    book.create_sheet("Extra").append(("x", "y"))
    stream = io.BytesIO()
    book.save(stream)
    file = read_codebook_file(stream.getvalue(), "codes.xlsx", restore)
    assert [code.definition for code in file.book.themes] == ["=x", ""]
    assert "read the sheet 'Sheet'; not read: 'Extra'." in file.warnings


def test_paths_colours_and_lists() -> None:
    assert split_path("Code System > A > b") == ("A", "b")
    assert split_path("Codes") == ("Codes",)
    assert split_path("  ") == ()
    assert read_colour("#abc") == "#AABBCC"
    assert read_colour("rgb(300, 0, 0)") == "" == read_colour("● ")
    assert join_items(("a", "b")) == "a\nb"
    assert split_items('["a", 1]') == ('["a", 1]',)


cells = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8))
def test_no_row_of_any_table_is_lost_in_silence(rows: list[tuple[str, str, str]]) -> None:
    """Every row is a code, a bad row, or empty."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(["code", "parent", "definition"])
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    try:
        file = read(stream.getvalue())
    except CodebookError:
        return
    codes = [path for path, _ in file.book.walk() if path not in file.given.implied]
    filled = sum(any(cell.strip() for cell in row) for row in rows)
    assert len(codes) + len(file.bad_rows) == filled


@given(st.lists(st.one_of(cells, st.just("x\ny"), st.just("")), max_size=4),
       st.sampled_from(["\n", " · ", "\0"]))  # fmt: skip
def test_any_list_is_read_back_from_one_text(items: list[str], separator: str) -> None:
    assert split_items(join_items(items, separator), separator) == tuple(items)
