"""Memos in files: read back, whole, and harmless in whatever opens them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from pipelines.export.memo_rows import HEADER, MemoOptions, WrittenMemo, WrittenThread
from pipelines.export.memos import FORMATS, memo_format
from pipelines.export.memos_md import escaped
from pipelines.export.neutralise import restore
from workbench.errors import ExportError

OPTIONS = MemoOptions(
    "Study: memos", "Study", "14 Feb 2022", "4 memos in 2 threads", ("May quote participants.",)
)
FORMULA = '=HYPERLINK("http://evil.example","x")'
THREADS = [
    WrittenThread(
        "Access / Waiting", "code",
        (
            WrittenMemo(FORMULA, "Asha", "2022-02-14 09:30 UTC", guid="g1"),
            WrittenMemo("**No**\n<b>never</b>", "Ben", "2022-02-15 09:30 UTC",
                        "2022-02-16 10:00 UTC", guid="g2"),
            WrittenMemo("میں نے تین بار فون کیا", "@Cy", "2022-02-17 09:30 UTC", guid="g3"),
        ),
    ),
    WrittenThread(
        "R1", "respondent",
        (WrittenMemo("[withheld: may not be quoted]", "Asha", "2022-02-14 09:31 UTC", guid="g4"),),
        may_be_quoted=False, headless=True,
    ),
]  # fmt: skip


def written(name: str, threads: list[WrittenThread] = THREADS) -> bytes:
    stream = io.BytesIO()
    n = memo_format(name).write(stream, threads, OPTIONS)
    assert n == sum(len(thread.memos) for thread in threads)
    return stream.getvalue()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_for_each_memo_and_nothing_that_runs() -> None:
    found = rows(written("csv"))
    assert tuple(found[0]) == HEADER
    assert [(row["thread"], row["place"]) for row in found] == [
        ("1", "1"), ("1", "2"), ("1", "3"), ("2", "2"),
    ]  # fmt: skip
    assert found[0]["memo"] == f"'{FORMULA}"
    assert found[2]["author"] == "'@Cy"
    assert [restore(row["memo"]) for row in found[:3]] == [item.text for item in THREADS[0].memos]
    assert [row["quoting"] for row in found] == ["may quote participants"] * 3 + [
        "about somebody who may not be quoted"
    ]


def test_xlsx_keeps_words_as_strings() -> None:
    book = load_workbook(io.BytesIO(written("xlsx")))
    sheet = book["Memos"]
    cells: list[Any] = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells[:2]] == [FORMULA, "**No**\n<b>never</b>"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[0].quotePrefix
    about = [row[1].value for row in book["About"].iter_rows()]
    assert "May quote participants." in about
    assert "4 memos in 2 threads" in about


def test_docx_reads_by_thread() -> None:
    document = Document(io.BytesIO(written("docx")))
    assert [(item.style.name, item.text) for item in document.paragraphs] == [
        ("Title", "Study: memos"),
        ("Subtitle", "Study"),
        ("Subtitle", "14 Feb 2022"),
        ("Subtitle", "4 memos in 2 threads"),
        ("Report note", "May quote participants."),
        ("Heading 2", "Access / Waiting"),
        ("Count", "code"),
        ("Normal", FORMULA),
        ("Count", "Asha, 2022-02-14 09:30 UTC"),
        ("Attribution", "**No**\n<b>never</b>"),
        ("Attribution", "Reply by Ben, 2022-02-15 09:30 UTC, changed 2022-02-16 10:00 UTC"),
        ("Attribution", "میں نے تین بار فون کیا"),
        ("Attribution", "Reply by @Cy, 2022-02-17 09:30 UTC"),
        ("Heading 2", "R1"),
        ("Count", "respondent; about somebody who may not be quoted"),
        ("Attribution", "[withheld: may not be quoted]"),
        ("Attribution", "Reply by Asha, 2022-02-14 09:31 UTC"),
    ]


def test_markdown_takes_no_words_for_signs() -> None:
    text = written("md").decode()
    assert "\n## Access / Waiting\n" in text
    assert "\n> \\*\\*No\\*\\*  \n> \\<b\\>never\\</b\\>\n>\n> *Ben, 2022\\-02\\-15" in text
    assert "\n*about somebody who may not be quoted*\n" in text


@given(st.text())
def test_every_sign_of_markdown_stands_behind_a_backslash(text: str) -> None:
    safe = escaped(text, lines=True)
    assert re.sub(r"\\([\\`*_{}\[\]()<>#+\-.!|~$&:=@])", "", safe).translate(
        dict.fromkeys(map(ord, "`*_[]<>#+-!|~$&\\"))
    ) == re.sub(r"\\([\\`*_{}\[\]()<>#+\-.!|~$&:=@])", "", safe)
    assert all(not line.startswith((" ", "\t")) for line in safe.split("\n"))


@pytest.mark.parametrize("name", FORMATS)
def test_no_memos_make_a_file_too(name: str) -> None:
    assert written(name, [])


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ExportError, match=r"'odt' is not a format of memos\. Formats: docx, md"):
        memo_format("odt")
    with pytest.raises(ExportError, match="The file has no suffix"):
        memo_format("")
