"""Transcripts as documents: plain text, Word, OpenDocument and PDF with text.

In: bytes of such a file. Out: its paragraphs, with what is bold and what is in tables.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipelines.ingest.discussions.speech import SpeechError
from pipelines.ingest.discussions.speech_layouts import Paragraph, lines_of
from pipelines.ingest.discussions.speech_marks import without_page_heads
from pipelines.ingest.discussions.speech_text import SAVE_AGAIN, decoded, source
from pipelines.ingest.word_text import notes_of, text_of, text_of_cell, unwrap
from pipelines.ingest.zip_guard import DAMAGE, refuse_bomb
from workbench.errors import SurveyError

MAX_PAGES = 5_000
FEWEST_COLUMNS = 3
ROWS_SHARE = 0.9
"""Text is a table where so many of its lines have as many tabs."""
_BOLD_NAME = re.compile(
    r"(?:[>•-][ \t]{0,4}){0,3}(?P<marks>\*{1,3}|_{1,3})(?P<name>[^*_\s][^*_\n]{0,80}?)(?P=marks)"
    r"(?P<colon>:?)"
)


def text_paragraphs(data: bytes, name: str, encoding: str = "") -> list[Paragraph]:
    """Read plain text in any common encoding; columns parted by tabs, as ELAN's, are a table."""
    text, notes = decoded(data, name, encoding)
    found = [_without_asterisks(item) for item in lines_of(text)]
    found[:1] = [replace(item, notes=notes) for item in found[:1]]
    cells = [tuple(item.text.split("\t")) for item in found]
    widths = Counter(map(len, cells))
    width, n = widths.most_common(1)[0] if widths else (0, 0)
    if width < FEWEST_COLUMNS or n < ROWS_SHARE * len(found):
        return found
    return [
        replace(item, cells=row) if len(row) == width else item
        for item, row in zip(found, cells, strict=True)
    ]


def _without_asterisks(item: Paragraph) -> Paragraph:
    """Read a name in bold or italics as Markdown writes it: **Ana:** Yes."""
    found = _BOLD_NAME.match(item.text)
    if found is None or (len(found["marks"]) == 1 and ":" not in found[0]):
        return item
    bold = f"{found['name']}{found['colon']}"
    return Paragraph(f"{bold}{item.text[found.end() :]}", len(bold), item.line)


def docx_paragraphs(data: bytes, name: str) -> list[Paragraph]:
    """Read a Word document: paragraphs and rows of tables, in their order.

    Raises
    ------
    SpeechError
        When it is damaged, or unpacks to more than a transcript has.
    """
    from docx import Document
    from docx.table import Table

    _refuse_bomb(data, name, "word/document.xml")
    try:
        document = Document(io.BytesIO(data))
        unwrap(document.element.body)
        found: list[Paragraph] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                found += [
                    Paragraph("\t".join(cells), cells=cells)
                    for cells in (tuple(map(text_of_cell, row.cells)) for row in block.rows)
                ]
            elif (words := text_of(block)).strip():
                found.append(Paragraph(words, _n_bold(block.runs)))
        found[:1] = [replace(item, notes=notes_of(document)) for item in found[:1]]
        return _numbered(found)
    except DAMAGE as error:
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
    """Read an OpenDocument text; comments and what is struck out are left out.

    Raises as `docx_paragraphs` does.
    """
    from lxml import etree

    _refuse_bomb(data, name, "content.xml")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = archive.read("content.xml")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, *DAMAGE) as error:
        raise SpeechError(
            "the OpenDocument text is damaged.", source=name, hint=SAVE_AGAIN
        ) from error
    bold = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        if any(node.get(f"{_FO}font-weight") == "bold" for node in style)
    }
    found: list[Paragraph] = []
    for node in _blocks(root):
        if node.tag == f"{_TABLE}table-row":
            cells = tuple(map(_odt_cell, node.iterchildren(f"{_TABLE}table-cell")))
            found.append(Paragraph("\t".join(cells), cells=cells))
        elif (words := _odt_words(node)).strip():
            found.append(Paragraph(words, _n_bold_odt(node, bold)))
    return _numbered(found)


def _blocks(node: Any) -> Iterator[Any]:
    """Yield paragraphs and rows in their order; what is in a row is not yielded again."""
    for child in node:
        if child.tag in (*_PARAGRAPHS, f"{_TABLE}table-row"):
            yield child
        elif child.tag not in _UNSAID:
            yield from _blocks(child)


def _odt_cell(cell: Any) -> str:
    """Give the words of a cell, lists and tables in it included."""
    return "\n".join(
        "\t".join(map(_odt_cell, block.iterchildren(f"{_TABLE}table-cell")))
        if block.tag == f"{_TABLE}table-row"
        else _odt_words(block)
        for block in _blocks(cell)
    )


def _odt_words(node: Any) -> str:
    words = node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            words += " " * min(int(count) if count.isdigit() else 1, MAX_BLANKS)
        elif child.tag in _ODT_SIGNS:
            words += _ODT_SIGNS[child.tag]
        elif child.tag not in _UNSAID and isinstance(child.tag, str):
            words += _odt_words(child)
        words += child.tail or ""
    return words


def _n_bold_odt(node: Any, bold: set[str]) -> int:
    if (node.text or "").strip():
        return 0
    n = len(node.text or "")
    for child in node:
        words = _odt_words(child)
        if words.strip() and child.get(f"{_TEXT}style-name") not in bold:
            break
        n += len(words)
        if (child.tail or "").strip():
            break
        n += len(child.tail or "")
    return n


def pdf_paragraphs(data: bytes, name: str) -> list[Paragraph]:
    """Read the text of a PDF, line by line, without what stands on each page.

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
        pages = [page.extract_text().strip("\n").split("\n") for page in reader.pages]
    except (PyPdfError, *DAMAGE) as error:
        raise SpeechError("the PDF is damaged.", source=name, hint=SAVE_AGAIN) from error
    kept, heads = without_page_heads(pages)
    found = list(lines_of("\n".join("\n".join(page) for page in kept)))
    if heads and found:
        found[0] = replace(found[0], heads=tuple(heads))
    if not found:
        raise SpeechError(
            "the PDF holds pictures of pages, and no text.",
            source=name,
            hint="Ask for the document that it was made from.",
        )
    return found


def _numbered(paragraphs: list[Paragraph]) -> list[Paragraph]:
    return [
        Paragraph(item.text, item.bold, number, item.cells, notes=item.notes)
        for number, item in enumerate(paragraphs, 1)
    ]


def _refuse_bomb(data: bytes, name: str, whole: str) -> None:
    """Look at sizes in the ZIP's own list, and for declarations that no document has."""
    if not data.startswith(b"PK"):
        kind = "Word document" if whole.startswith("word") else "OpenDocument text"
        raise SpeechError(f"this is no {kind}, though it is called so.", source=name,
                          hint=SAVE_AGAIN)  # fmt: skip
    try:
        refuse_bomb(source(data, name), whole)
    except SurveyError as error:
        raise SpeechError(
            "the document is damaged, unpacks to far more than a transcript has, or declares "
            "entities.",
            source=name,
            hint=SAVE_AGAIN,
        ) from error


_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_ODT_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_UNSAID = (f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note")
MAX_BLANKS = 100
"""Of a run of blanks, which a hostile file may say to have hundreds of millions."""
