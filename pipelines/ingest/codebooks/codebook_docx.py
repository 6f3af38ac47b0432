"""A codebook as a Word document: as this program prints it, or as a table.

In: the bytes of a DOCX. Out: a codebook, and what could not be read. Tables whose first row names
the columns are read as tables; else every heading is a code, and the paragraphs below it are its
fields by their labels ("Use it for: ...").
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from typing import Any

from pipelines.ingest.codebooks.codebook_columns import role_of
from pipelines.ingest.codebooks.codebook_outline import Heading, read_outline
from pipelines.ingest.codebooks.codebook_table import Clean, read_tables
from pipelines.ingest.tables.records import SourceFile
from pipelines.ingest.word_text import text_of, text_of_cell
from pipelines.ingest.zip_guard import DAMAGE, refuse_bomb
from workbench.domain.codebook_file import FIELDS, CodebookFile
from workbench.errors import CodebookError, SurveyError

PARTS = {
    "Codebook name": "codebook",
    "Codebook version": "version",
    "Codebook language": "language",
    "Codebook description": "description",
    "Codebook source": "sources",
}
"""Styles of the paragraphs that belong to the whole, in a file of this program's own."""
FIELD, EXAMPLE, PART = "Code field", "Code example", "Codebook part"
"""Styles of a code's labelled texts, of its examples, and of headings that are no codes."""
BODY = "word/document.xml"
MAX_BODY_BYTES = 32_000_000
"""Of the document itself when unpacked: a thousand codes have about 2,000,000."""
HEADING = re.compile(r"Heading (\d{1,2})")
LABEL = re.compile(r"([^:\n]{1,40}):[ \t]?")


def read_docx(data: bytes, source: str, _: Clean) -> CodebookFile:
    """Read a codebook from a Word document.

    Raises
    ------
    CodebookError
        When it is damaged, or no code is found in it.
    """
    document = _open(data, source)
    paragraphs = [(paragraph.style.name if paragraph.style else "", text_of(paragraph))
                  for paragraph in document.paragraphs]  # fmt: skip
    own = any(style in PARTS for style, _ in paragraphs)
    if not own:
        found = read_tables(
            [
                [tuple(text_of_cell(cell) for cell in row.cells) for row in table.rows]
                for table in document.tables
            ],
            source,
        )
        if found is not None:
            return found
    return _read_headings(paragraphs, source, own=own)


def _open(data: bytes, source: str) -> Any:
    from docx import Document
    from docx.opc.exceptions import OpcError

    file = SourceFile(io.BytesIO(data), source, hashlib.sha256(data).hexdigest(), len(data))
    try:
        refuse_bomb(file, BODY)
        _refuse_large(data)
        return Document(io.BytesIO(data))
    except (SurveyError, OpcError, *DAMAGE) as error:
        raise CodebookError(
            "the Word document is damaged, or far larger than it looks.",
            source=source,
            hint="Open it in Word or LibreOffice, save it again as .docx, and load that.",
        ) from error


def _refuse_large(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if archive.getinfo(BODY).file_size > MAX_BODY_BYTES:
            raise SurveyError("the document is too large.")


def _read_headings(paragraphs: list[tuple[str, str]], source: str, *, own: bool) -> CodebookFile:
    headings: list[Heading] = []
    about: dict[str, list[str]] = {}
    left_out: dict[str, None] = {}
    role = "definition"
    for style, text in paragraphs:
        if heading := HEADING.fullmatch(style):
            if text.strip():
                headings.append(Heading(int(heading[1]), text))
                role = "definition"
        elif style in PARTS:
            part = PARTS[style]
            if part in ("version", "language"):
                text = text.partition(": ")[2]
            about.setdefault(part, []).append(text)
        elif not headings or not text.strip() or (own and style not in (FIELD, EXAMPLE)):
            continue
        elif own and style == EXAMPLE:
            headings[-1].add("examples", text)
        else:
            role, rest = _labelled(text, role)
            if rest.strip() and role in FIELDS:
                headings[-1].add(role, rest)
            elif rest.strip() and role != "codings":
                left_out[role] = None
    return read_outline(headings, source, about=about, own=own, left_out=list(left_out))


def _labelled(text: str, before: str) -> tuple[str, str]:
    """Part a paragraph into its field and its text; without a label it goes on with the last."""
    told = text.lstrip()
    label = LABEL.match(told)
    role = role_of(label[1].strip()) if label else None
    if label is None or role is None or (role not in FIELDS and role != "codings"):
        return before, text
    return role, told[label.end() :]
