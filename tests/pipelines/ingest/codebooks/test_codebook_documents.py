"""Codebooks as Word documents and web pages that other people wrote."""

from __future__ import annotations

import io
from typing import Any

import pytest

from pipelines.export.neutralise import restore
from pipelines.ingest.codebooks import codebook_docx
from pipelines.ingest.codebooks.codebook_files import read_codebook_file
from workbench.domain.codebook import format_path
from workbench.domain.codebook_file import CodebookFile
from workbench.errors import CodebookError


def word(build: Any) -> bytes:
    from docx import Document

    document = Document()
    build(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def read(data: bytes | str, name: str) -> CodebookFile:
    content = data.encode() if isinstance(data, str) else data
    return read_codebook_file(content, name, restore)


def paths(file: CodebookFile) -> list[str]:
    return [format_path(path) for path, _ in file.book.walk()]


def test_a_word_document_with_tables() -> None:
    def build(document: Any) -> None:
        document.add_heading("Our codes", 1)
        for rows in (
            [("Name", "Parent", "Description", "Files"), ("Access", "", "=doors", "3"),
             ("Waiting", "Access", "Long\nqueues", "1")],
            [("Who", "When"), ("Ana", "May")],
            [("Name", "Parent", "Description", "Files"), ("School", "", "", "0")],
        ):  # fmt: skip
            table = document.add_table(rows=0, cols=len(rows[0]))
            for row in rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text

    file = read(word(build), "codes.docx")
    assert paths(file) == ["Access", "Access / Waiting", "School"]
    assert file.book.themes[0].definition == "=doors"
    assert file.book.themes[0].children[0].definition == "Long\nqueues"
    assert file.warnings == ("not taken from the file: Files.",)
    assert file.book.name == "codes" and file.given.fields == {"definition"}


def test_a_word_document_with_headings() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("Written by hand.")
        document.add_heading("Access", 1)
        document.add_paragraph("What makes it hard")
        document.add_paragraph("to come at all.")
        document.add_heading("Waiting", 2)
        document.add_paragraph("Inclusion criteria: queues: all of them")
        document.add_paragraph("and lists.")
        document.add_paragraph("Examples:")
        document.add_paragraph("They said wait")
        document.add_paragraph("A year")
        document.add_paragraph("Colour: 07b")
        document.add_heading("Access", 1)

    file = read(word(build), "codes.docx")
    assert paths(file) == ["Access", "Access / Waiting"]
    access, waiting = [code for _, code in file.book.walk()]
    assert access.definition == "What makes it hard\nto come at all."
    assert waiting.include == "queues: all of them\nand lists."
    assert waiting.examples == ("They said wait", "A year") and waiting.colour == "#0077BB"
    assert [(item.row, item.message) for item in file.bad_rows] == [
        (3, "Access: this code is there already, in row 1. Give one of them another name, or leave "
            "it out."),
    ]  # fmt: skip
    assert file.given.fields == {"definition", "include", "examples", "colour"}
    assert not file.given.about


def test_a_web_page_with_a_table() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>x</title><style>td {}</style></head><body>"
        "<table><tr><th>Who</th></tr><tr><td>Ana</td></tr></table>"
        "<table><thead><tr><th>Code</th><th> Definition </th></tr></thead>"
        "<tr><td>A &amp; B<td>one<br>two <b>three</b><script>no()</script></tr>"
        "<tr><td><p>C</p></td><td>&lt;x&gt;</td></tr></table>"
    )
    file = read(page, "codes.html")
    assert [(code.name, code.definition) for code in file.book.themes] == [
        ("A & B", "one\ntwo three"), ("C", "<x>"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.html", "<html><p>Sign in", "there is no table of codes on this page. Give a table"),
        ("a.html", b"<html>\xff", "this web page is not text in UTF-8"),
        ("a.docx", b"PK\x03\x04damaged", "this is an archive or a damaged workbook"),
        ("a.docx", word(lambda document: document.add_paragraph("x")), "there are no codes in it"),
    ],
)
def test_documents_without_codes_are_refused(name: str, data: Any, message: str) -> None:
    with pytest.raises(CodebookError, match=message):
        read(data, name)


def test_a_page_nested_without_end_is_no_burden() -> None:
    page = "<html>" + "<b>" * 200_000 + "<table><tr><th>Code</th></tr><tr><td>A</td></tr></table>"
    with pytest.raises(CodebookError, match="no table of codes"):
        read(page, "deep.html")
    assert paths(read(page.replace("<b>" * 200_000, "<b>" * 20), "deep.html")) == ["A"]


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = word(lambda document: document.add_heading("Access", 1))
    assert paths(read(data, "a.docx")) == ["Access"]
    monkeypatch.setattr(codebook_docx, "MAX_BODY_BYTES", 1_000)
    with pytest.raises(CodebookError, match="far larger than it looks"):
        read(data, "a.docx")


def test_a_damaged_document_is_refused() -> None:
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w:document")
    with pytest.raises(CodebookError, match=r"Word document is damaged.*save it again as \.docx"):
        read(stream.getvalue(), "a.docx")
    with zipfile.ZipFile(stream := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 20_000_000)
    with pytest.raises(CodebookError, match="far larger than it looks"):
        read(stream.getvalue(), "a.docx")
