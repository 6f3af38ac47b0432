"""Transcripts as documents: plain text, Word, OpenDocument and PDF with text.

In: bytes of such a file. Out: its paragraphs, with what is bold and what is in tables.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from pipelines.ingest.speech import SpeechError
from pipelines.ingest.speech_layouts import Paragraph, lines_of

MAX_PAGES = 5_000
MAX_UNPACKED_BYTES = 256 * 1024**2
LOOK_AT_BYTES = 64 * 1024
SAVE_AGAIN = "Open it in the program that made it, save it again, and bring in that."


def text_paragraphs(data: bytes, name: str) -> list[Paragraph]:
    """Read plain text in any common encoding."""
    return list(lines_of(decoded(data, name)))


def decoded(data: bytes, name: str) -> str:
    """Read the bytes of a text file; line breaks become LF.

    Raises
    ------
    SpeechError
        When it is no text.
    """
    from charset_normalizer import from_bytes

    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SpeechError("this is not a text file.", source=name, hint=SAVE_AGAIN)
    for codec in (
        ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    ):
        try:
            text = data.decode(codec)
            break
        except UnicodeDecodeError:
            continue
    else:
        best = from_bytes(data).best()
        if best is None:
            raise SpeechError("its encoding is not known.", source=name, hint="Save it as UTF-8.")
        text = str(best)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def docx_paragraphs(data: bytes, name: str) -> list[Paragraph]:
    """Read a Word document: paragraphs and rows of tables, in their order.

    Raises
    ------
    SpeechError
        When it is damaged, or unpacks to more than a transcript has.
    """
    from docx import Document
    from docx.table import Table

    _refuse_bomb(data, name)
    try:
        document = Document(io.BytesIO(data))
        found: list[Paragraph] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                found += [
                    Paragraph("\t".join(cells), cells=cells)
                    for cells in (tuple(cell.text for cell in row.cells) for row in block.rows)
                ]
            elif block.text.strip():
                found.append(Paragraph(block.text, _n_bold(block.runs)))
        return _numbered(found)
    except _DAMAGE as error:
        raise SpeechError("the Word document is damaged.", source=name, hint=SAVE_AGAIN) from error


def _n_bold(runs: Any) -> int:
    """Count the characters at the beginning that are bold."""
    n = 0
    for run in runs:
        if run.text.strip() and not run.bold:
            break
        n += len(run.text)
    return n


def odt_paragraphs(data: bytes, name: str) -> list[Paragraph]:
    """Read an OpenDocument text; raises as `docx_paragraphs` does."""
    from odf import opendocument, teletype

    _refuse_bomb(data, name)
    try:
        document = opendocument.load(io.BytesIO(data))
        found: list[Paragraph] = []
        for node in _walk(document.text):
            if node.qname[1] == "table-row":
                cells = tuple(
                    teletype.extractText(cell) for cell in node.childNodes
                    if hasattr(cell, "qname") and cell.qname[1] == "table-cell"
                )  # fmt: skip
                found.append(Paragraph("\t".join(cells), cells=cells))
            else:
                words = teletype.extractText(node)
                if words.strip():
                    found.append(Paragraph(words, _n_bold_odt(document, node)))
        return _numbered(found)
    except _DAMAGE as error:
        raise SpeechError(
            "the OpenDocument text is damaged.", source=name, hint=SAVE_AGAIN
        ) from error


def _walk(node: Any) -> Iterator[Any]:
    """Yield paragraphs and rows in their order; what is in a row is not yielded again."""
    for child in node.childNodes:
        if not hasattr(child, "qname"):
            continue
        local = child.qname[1]
        if local in ("p", "h", "table-row"):
            yield child
        else:
            yield from _walk(child)


def _n_bold_odt(document: Any, node: Any) -> int:
    from odf import teletype

    bold = {
        style.getAttribute("name")
        for style in document.automaticstyles.childNodes
        if any(
            child.attributes.get(
                ("urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0", "font-weight")
            ) == "bold"
            for child in style.childNodes if hasattr(child, "attributes") and child.attributes
        )
    }  # fmt: skip
    n = 0
    for child in node.childNodes:
        words = teletype.extractText(child) if hasattr(child, "qname") else str(child)
        is_bold = hasattr(child, "qname") and child.getAttribute("stylename") in bold
        if words.strip() and not is_bold:
            break
        n += len(words)
    return n


def pdf_paragraphs(data: bytes, name: str) -> list[Paragraph]:
    """Read the text of a PDF, line by line; headers and page numbers stay with the words.

    Raises
    ------
    SpeechError
        When it is damaged, locked by a password, or holds pictures of pages only.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise SpeechError(
                "the PDF is locked by a password.", source=name, hint="Save it without one."
            )
        if len(reader.pages) > MAX_PAGES:
            raise SpeechError(f"the PDF has more than {MAX_PAGES:,} pages.", source=name)
        text = "\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, *_DAMAGE) as error:
        raise SpeechError("the PDF is damaged.", source=name, hint=SAVE_AGAIN) from error
    found = list(lines_of(text))
    if not found:
        raise SpeechError(
            "the PDF holds pictures of pages, and no text.",
            source=name,
            hint="Ask for the document that it was made from.",
        )
    return found


def _numbered(paragraphs: list[Paragraph]) -> list[Paragraph]:
    return [
        Paragraph(item.text, item.bold, number, item.cells)
        for number, item in enumerate(paragraphs, 1)
    ]


def _refuse_bomb(data: bytes, name: str) -> None:
    """Look at sizes in the ZIP's own list, and for declarations that no document has."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            dangerous = size > MAX_UNPACKED_BYTES or any(
                _declares_entities(archive, member.filename) for member in members
            )
    except (zipfile.BadZipFile, *_DAMAGE) as error:
        raise SpeechError("the document is damaged.", source=name, hint=SAVE_AGAIN) from error
    if dangerous:
        raise SpeechError(
            "the document unpacks to more than a transcript has, or declares entities.",
            source=name,
            hint=SAVE_AGAIN,
        )


def _declares_entities(archive: zipfile.ZipFile, member: str) -> bool:
    if not member.lower().endswith((".xml", ".rels")):
        return False
    with archive.open(member) as stream:
        head = stream.read(LOOK_AT_BYTES)
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


_DAMAGE = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError,
)  # fmt: skip
