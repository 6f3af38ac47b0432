"""CSV as people hand it in: delimiters, encodings, newlines, quotation marks, damage."""

from __future__ import annotations

import csv
import io
import threading

import pytest

from pipelines.ingest.tables import weight
from pipelines.ingest.tables.delimiters import guess_delimiter
from pipelines.ingest.tables.grid import ReadOptions, read_grid
from workbench.errors import SurveyError

ROWS = [
    ["id", "why, in your words", "town"],
    ["R1", 'She said "wait"; I waited,\nthree | months\tlong', "Łódź"],
    ["R2", "میں نے تین بار فون کیا 🙂", "Leeds"],
    ["R3", "", "York"],
]


def written(delimiter: str = ",", newline: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(ROWS)
    return out.getvalue()


def cells(grid) -> list[list[str]]:
    return [list(grid.header), *(list(row) for _, row in grid.rows)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_every_delimiter_and_newline_gives_the_same_cells(delimiter, newline, quoting):
    grid = read_grid(written(delimiter, newline, quoting).encode(), "survey.csv")
    assert cells(grid) == ROWS
    assert grid.delimiter == delimiter
    assert [row for row, _ in grid.rows] == [2, 3, 4]
    assert grid.warnings == ()


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-32", "UTF-32"),
    ],
)
def test_unicode_encodings_are_told_apart(codec, name):
    grid = read_grid(written().encode(codec), "survey.csv")
    assert cells(grid) == ROWS
    assert (grid.encoding, grid.warnings) == (name, ())


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_with_mark_and_without(codec):
    text = "id,why\r\nR1,She said no\r\n"
    marked = read_grid(("\ufeff" + text).encode(codec), "survey.csv")
    assert cells(marked) == [["id", "why"], ["R1", "She said no"]]
    assert marked.warnings == ()
    bare = read_grid(text.encode(codec), "survey.csv")
    assert cells(bare) == cells(marked)
    assert "no byte order mark" in bare.warnings[0]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark_in_another_script(codec):
    rows = [
        ["id", "why"],
        *([f"R{n}", "میں نے تین بار فون کیا لیکن کسی نے جواب نہیں دیا"] for n in range(3)),
    ]
    text = "".join(",".join(row) + "\r\n" for row in rows)
    grid = read_grid(text.encode(codec), "survey.csv")
    assert (cells(grid), grid.encoding) == (rows, "UTF-16")


def test_a_chosen_wide_encoding_is_not_taken_for_binary():
    data = "a,b\n––––,––––\n".encode("utf-16-le")
    grid = read_grid(data, "survey.csv", ReadOptions(encoding="UTF-16LE", delimiter=","))
    assert cells(grid)[1] == ["––––", "––––"]


def test_windows_1252_is_read_with_a_warning_that_names_it():
    grid = read_grid("id;why\r\nR1;“Café” – naïve\r\n".encode("cp1252"), "survey.csv")
    assert cells(grid)[1] == ["R1", "“Café” – naïve"]
    assert grid.encoding == "Windows-1252"
    assert "Windows-1252" in grid.warnings[0]


def test_mixed_encodings_lose_nothing_and_are_warned_about():
    data = "id,why\nR1,Zażółć gęślą jaźń\n".encode() + b"R2,it\x92s caf\xe9\n"
    grid = read_grid(data, "survey.csv")
    assert [row[1] for _, row in grid.rows] == ["Zażółć gęślą jaźń", "it’s café"]
    assert grid.warnings == (
        "row 3: bytes that are not UTF-8 were read as Windows-1252, because the file mixes "
        "encodings. Look at accented letters and curly quotation marks.",
    )


def test_bytes_of_no_encoding_are_refused():
    with pytest.raises(SurveyError) as caught:
        read_grid(b"id,why\nR1,\x81\x8d\xff\n", "survey.csv")
    assert "survey.csv: the text is neither UTF-8, UTF-16, Windows-1252 nor Mac" in str(
        caught.value
    )
    assert "Save it as 'CSV UTF-8'" in str(caught.value)


def test_a_chosen_encoding_and_delimiter_are_used():
    options = ReadOptions(encoding="windows-1250", delimiter="~")
    grid = read_grid("id~why\nR1~zażółć\n".encode("cp1250"), "survey.csv", options)
    assert cells(grid)[1] == ["R1", "zażółć"]


@pytest.mark.parametrize("encoding", ["klingon", "base64", "rot13", "a\0b"])
def test_an_encoding_that_does_not_exist_is_refused(encoding):
    with pytest.raises(SurveyError, match="there is no text encoding"):
        read_grid(b"id,why\nR1,x\n", "survey.csv", ReadOptions(encoding=encoding))


def test_a_wrong_choice_of_encoding_names_the_remedy():
    with pytest.raises(SurveyError, match=r"the bytes are not utf-8.*CSV UTF-8"):
        read_grid(b"id,why\nR1,caf\xe9\n", "survey.csv", ReadOptions(encoding="utf-8"))


def test_bytes_that_break_the_encoding_late_name_their_row():
    start = b"id,why\n" + b"R1,abc\n" * 200_000
    with pytest.raises(SurveyError) as caught:
        read_grid(start + b"R2,caf\xe9\n", "survey.csv", ReadOptions(encoding="utf-8"))
    # the decoder works on whole buffers, so the row is right to within one of them
    assert "the bytes are not utf-8" in str(caught.value)
    assert 190_000 < caught.value.line <= 200_002


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n"])
def test_a_delimiter_that_cannot_be_one_is_refused(delimiter):
    with pytest.raises(SurveyError, match="cannot be a delimiter"):
        read_grid(b"id,why\nR1,x\n", "survey.csv", ReadOptions(delimiter=delimiter))


def test_excel_separator_line_is_obeyed_and_not_counted():
    grid = read_grid(b"sep=|\r\nid|why, or not\r\nR1|a,b\r\n", "survey.csv")
    assert (grid.header, grid.rows) == (("id", "why, or not"), ((2, ("R1", "a,b")),))


def test_prose_full_of_other_signs_does_not_mislead():
    lines = [
        "id;q1, what;q2\n",
        *(f'R{n};"a, b, c";d, e\n' for n in range(9)),
        'R9;"f\n',
        ';g";h\n',
    ]
    assert guess_delimiter(lines) == ";"


def test_multi_select_cells_do_not_mislead():
    lines = ["id,services,why\n", *(f"R{n},Housing;Money;Food,ok\n" for n in range(9))]
    assert guess_delimiter(lines) == ","


def test_ragged_majority_still_finds_the_delimiter():
    lines = ["a,b,c,d\n", "1,2,3,4\n", "1,2,3\n", "1,2\n", "1;2,3\n"]
    assert guess_delimiter(lines) == ","


def test_row_numbers_count_records_as_a_spreadsheet_does():
    data = 'id,why\nR1,"one\ntwo\nthree"\n\nR2,four\n,\nR3,five\n'
    grid = read_grid(data.encode(), "survey.csv")
    assert [(row, cells[0]) for row, cells in grid.rows] == [(2, "R1"), (4, "R2"), (6, "R3")]


def test_short_rows_are_filled_and_long_rows_are_listed():
    grid = read_grid(b"id,why,town\nR1\nR2,a,b,c\nR3,a,b,,\n", "survey.csv")
    assert grid.rows == ((2, ("R1", "", "")), (4, ("R3", "a", "b")))
    (bad,) = grid.bad_rows
    assert (bad.row, bad.column) == (3, None)
    assert "the row has 4 cells, the header names 3 columns" in bad.message


def test_a_quotation_that_is_never_closed_is_refused_with_its_row():
    data = 'id,why\nR1,fine\nR2,"and then\nR3,more\nR4,more\n'
    with pytest.raises(SurveyError) as caught:
        read_grid(data.encode(), "survey.csv")
    assert caught.value.line == 3
    assert "survey.csv, row 3: a quotation mark opens in this row and is never closed" in str(
        caught.value
    )
    assert "Close or double the mark" in str(caught.value)


def test_text_after_a_closing_quotation_is_kept_and_warned_about():
    grid = read_grid(b'id,why\nR1,fine\nR2,"Help" was late\n', "survey.csv")
    assert grid.rows[1] == (3, ("R2", "Help was late"))
    assert "row 3: text follows a closing quotation mark" in grid.warnings[0]


def test_tabs_without_quoting_keep_quotation_marks_as_words():
    data = 'id\twhy\nR1\t"Help" was late\nR2\t"never\nR3\tok\n'
    grid = read_grid(data.encode(), "survey.tsv")
    assert grid.rows == (
        (2, ("R1", '"Help" was late')),
        (3, ("R2", '"never')),
        (4, ("R3", "ok")),
    )
    assert grid.warnings == ()


def test_a_cell_of_two_million_characters_is_read_and_the_limit_put_back():
    before = csv.field_size_limit()
    answer = "no, " * 500_000
    grid = read_grid(f'id,why\nR1,"{answer}"\nR2,x\n'.encode(), "survey.csv")
    assert grid.rows[0][1][1] == answer
    assert csv.field_size_limit() == before


def test_the_limit_is_put_back_by_the_last_of_many_readers():
    before = csv.field_size_limit()
    data = b"id,why\n" + b"R1," + b"x" * 200_000 + b"\n"
    problems: list[Exception] = []

    def read() -> None:
        try:
            for _ in range(5):
                read_grid(data, "survey.csv")
        except SurveyError as error:
            problems.append(error)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert csv.field_size_limit() == before


def test_nuls_are_taken_out_and_their_rows_told():
    data = b'i\0d,why\nR1,fine and long enough\nR2,a\0b\0\nR3,"two\n\0lines"\n'
    grid = read_grid(data, "survey.csv")
    assert cells(grid) == [
        ["id", "why"],
        ["R1", "fine and long enough"],
        ["R2", "ab"],
        ["R3", "two\nlines"],
    ]
    assert grid.warnings == (
        "rows 1, 3, 4: 4 NUL characters taken out, which no text holds. Look at the words there.",
    )


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_half_characters_in_utf16_are_shown_and_their_rows_told(codec, mark):
    text = mark + "id,why\nR1,fine and long enough\nR2,a\ud83db\nR3,whole 🙂\n"
    grid = read_grid(text.encode(codec, "surrogatepass"), "survey.csv")
    assert [row[1] for _, row in grid.rows] == ["fine and long enough", "a\ufffdb", "whole 🙂"]
    assert "row 3: half a character stands there" in " ".join(grid.warnings)


def test_a_file_of_utf16_that_was_cut_in_a_character_keeps_its_rows():
    data = ("\ufeff" + "id,why\nR1,late\nR2,x").encode("utf-16-le")[:-1]
    grid = read_grid(data, "survey.csv")
    assert [row[0] for _, row in grid.rows] == ["R1", "R2"]
    assert "row 3: half a character" in grid.warnings[0]


def test_halves_of_characters_in_utf8_are_joined_or_shown():
    data = b"id,why\nR1,joined \xed\xa0\xbd\xed\xb9\x82\nR2,alone \xed\xa0\xbd.\n"
    grid = read_grid(data, "survey.csv")
    assert [row[1] for _, row in grid.rows] == ["joined 🙂", "alone \ufffd."]
    assert grid.warnings == (
        "row 3: half a character stands there (a lone surrogate); it is shown as \ufffd. Check "
        "these answers.",
    )


def test_one_utf8_row_among_old_ones_is_kept_whole():
    data = b"id,why\n" + b"R1,it\x92s caf\xe9\n" * 3 + "R4,gęś\n".encode()
    grid = read_grid(data, "survey.csv")
    assert [row[1] for _, row in grid.rows] == ["it’s café"] * 3 + ["gęś"]
    assert grid.warnings[0].startswith("rows 2, 3, 4: bytes that are not UTF-8")


def test_many_rows_of_another_encoding_are_told_shortly():
    data = b"id,why\n" + b"R1,caf\xe9\n" * 15 + "R2,gęś\n".encode() * 9
    assert "and 5 more: bytes" in read_grid(data, "survey.csv").warnings[0]


def test_a_byte_order_mark_before_a_mixture_is_no_part_of_the_header():
    grid = read_grid(b"\xef\xbb\xbfid,why\nR1,caf\xe9\n", "survey.csv")
    assert cells(grid) == [["id", "why"], ["R1", "café"]]
    assert "row 2: bytes that are not UTF-8" in grid.warnings[0]


def test_mac_roman_is_told_from_windows_1252():
    rows = "id,why\nR1,“I don’t know” – très gênant à côté\nR2,naïve café\n"
    mac = read_grid(rows.encode("mac_roman"), "survey.csv")
    assert (mac.encoding, mac.rows[0][1][1]) == ("Mac Roman", "“I don’t know” – très gênant à côté")
    assert "read as Mac Roman" in mac.warnings[0]
    windows = read_grid(rows.encode("cp1252"), "survey.csv")
    assert (windows.encoding, windows.rows) == ("Windows-1252", mac.rows)


@pytest.mark.parametrize("delimiter", [*"^~:#!&*@%$§¦", "\x1f"])
def test_signs_that_few_programs_write_are_found(delimiter):
    grid = read_grid(written(delimiter).encode(), "survey.csv")
    assert cells(grid) == ROWS
    assert grid.delimiter == delimiter


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["id,start: when,end: when\n", "R1,10:30,11:45\n", "R2,9:15,9:30\n"], ","),
        (["What should change?\n", "Hours: longer\n", "Staff: more\n"], ","),
        (["Comment: yours\n", "Well: it was late\n", "No: nothing\n"], ","),
        (["a;b#c;d\n", "1;2#3;4\n", "1;2;3\n"], ";"),
        (["id^when, where^why, how\n", "R1^then, there^so, what\n", "R2^now^because\n"], "^"),
    ],
)
def test_rare_signs_do_not_break_prose(lines, delimiter):
    assert guess_delimiter(lines) == delimiter


def test_a_cell_that_takes_in_half_the_file_is_refused_with_its_row():
    data = b'id,why\nR1,fine\nR2,"' + b"and then\n" * 2_000_000
    with pytest.raises(SurveyError) as caught:
        read_grid(data, "survey.csv")
    assert caught.value.line == 3
    assert "a cell has more than 16,777,216 characters; perhaps a quotation mark" in str(
        caught.value
    )


def test_a_header_of_more_columns_than_a_sheet_has_is_refused():
    with pytest.raises(SurveyError, match="row 1: the header has 20,001 columns, at most 20,000"):
        read_grid(b"x" + b",y" * 20_000 + b"\n1\n", "survey.csv")


def test_rows_that_all_break_the_header_are_not_listed_for_ever():
    with pytest.raises(SurveyError, match="more than 10,000 rows have more cells than the header"):
        read_grid(b"id\n" + b"1,2\n" * 10_002, "survey.csv", ReadOptions(delimiter=","))


def test_a_table_that_takes_too_much_memory_is_refused_with_its_row(monkeypatch):
    monkeypatch.setattr(weight, "MAX_TABLE_BYTES", 200_000)
    fits = "".join(f"R{n},{'late ' * 8}\n" for n in range(500))
    assert len(read_grid(f"id,why\n{fits}".encode(), "survey.csv").rows) == 500
    with pytest.raises(SurveyError) as caught:
        read_grid(f"id,why\n{fits * 3}".encode(), "survey.csv")
    assert "the table takes more than 0 MiB of memory. Split it" in str(caught.value)
    assert 500 < caught.value.line < 900


def test_an_absurd_number_of_cells_in_a_line_is_refused():
    with pytest.raises(SurveyError, match="row 2: the line has 5,000,002 cells"):
        read_grid(b"id,why\n" + b"," * 5_000_001 + b"\n", "survey.csv")


@pytest.mark.parametrize("data", [b"\n\n", b" , \n,,\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_file_without_text_is_refused(data):
    with pytest.raises(SurveyError, match=r"survey\.csv: the file holds no text"):
        read_grid(data, "survey.csv")


def test_a_header_without_rows_is_refused():
    with pytest.raises(SurveyError, match="row 1: the file has a header of 2 columns and no rows"):
        read_grid(b"id,why\n\n,\n", "survey.csv")


def test_two_columns_of_one_name_are_told_apart_and_warned_about():
    grid = read_grid(b"id,why,town, why ,why (2)\nR1,a,b,c,d\n", "survey.csv")
    assert grid.header == ("id", "why", "town", "why (3)", "why (2)")
    assert grid.column("why (3)") == ["c"]
    assert grid.warnings == (
        "columns 2 and 4 are both named 'why'; column 4 is called 'why (3)' here. They are told "
        "apart by their order: keep it in the next export, or give them names of their own.",
    )


def test_many_columns_of_one_name_give_one_short_warning():
    grid = read_grid(b"x" + b",x" * 2000 + b"\n" + b"1,2" + b",3" * 1999 + b"\n", "survey.csv")
    assert len(set(grid.header)) == 2001
    assert "and 1995 more" in grid.warnings[0]


def test_columns_without_a_name_are_called_by_their_place_and_dropped_if_unused():
    grid = read_grid(b"id,,column 2,,\nR1,a,b,,\n", "survey.csv")
    assert grid.header == ("id", "column 2 (no name)", "column 2")
    used = read_grid(b"id,why,\nR1,a,\nR2,b,late\n", "survey.csv")
    assert used.header == ("id", "why", "column 3")
    assert used.rows == ((2, ("R1", "a", "")), (3, ("R2", "b", "late")))


def test_five_thousand_columns_are_read():
    names = ",".join(f"c{n}" for n in range(5000))
    grid = read_grid(f"{names}\n{names}\n".encode(), "survey.csv")
    assert len(grid.header) == 5000
    assert grid.rows[0][1][4999] == "c4999"


def test_markup_formulas_and_direction_marks_stay_as_they_are():
    nasty = ["<script>alert(1)</script>", "=HYPERLINK(1)", "\u202egnp.exe", "**bold** | [x](y)"]
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c", "d"], nasty])
    assert read_grid(out.getvalue().encode(), "s.csv").rows == ((2, tuple(nasty)),)
