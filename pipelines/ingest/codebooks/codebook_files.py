"""Codebook files of any format.

In: the bytes of a file and its name. Out: a `CodebookFile`. The format is told by the file's
content first: Word and Excel files by what is in them, YAML by its first field.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.ingest.codebooks.codebook import FORMAT, MAX_BYTES, load_codebook
from pipelines.ingest.codebooks.codebook_docx import read_docx
from pipelines.ingest.codebooks.codebook_html import read_html
from pipelines.ingest.codebooks.codebook_refi import is_refi, read_qdc
from pipelines.ingest.codebooks.codebook_table import Clean, read_table
from workbench.domain.codebook_file import CodebookFile
from workbench.errors import CodebookError

SUFFIXES = ("yaml", "yml", "csv", "tsv", "txt", "xlsx", "ods", "xls", "docx", "html", "htm",
            "qdc")  # fmt: skip
"""Endings of the files that are read, without the dot."""
MAX_FILE_BYTES = 20_000_000
"""Of a file on the disk; a printed codebook stays far below it."""


@dataclass(frozen=True, slots=True)
class CodebookReader:
    """A format: how its content is told from others, and its reader."""

    name: str
    recognises: Callable[[bytes, str], bool]
    read: Callable[[bytes, str, Clean], CodebookFile]


def _is_yaml(data: bytes, suffix: str) -> bool:
    start = data[:4096].lstrip(b"\xef\xbb\xbf")
    return suffix in ("yaml", "yml") or f"format: {FORMAT}".encode() in start


def _read_yaml(data: bytes, source: str, _: Clean) -> CodebookFile:
    if len(data) > 2 * MAX_BYTES:
        raise CodebookError(f"the file has {len(data):,} bytes; a codebook has at most "
                            f"{MAX_BYTES:,}.", source=source)  # fmt: skip
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CodebookError("this is not text in UTF-8.", source=source,
                            hint="Save it as UTF-8.") from error  # fmt: skip
    return CodebookFile(load_codebook(text, source))


def _is_docx(data: bytes, suffix: str) -> bool:
    return _holds(data, "word/document.xml")


def _holds(data: bytes, member: str) -> bool:
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return member in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _is_html(data: bytes, suffix: str) -> bool:
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        suffix in ("html", "htm") and start.startswith(b"<")
    )


READERS: dict[str, CodebookReader] = {
    reader.name: reader
    for reader in (
        CodebookReader("refi", is_refi, read_qdc),
        CodebookReader("docx", _is_docx, read_docx),
        CodebookReader("html", _is_html, read_html),
        CodebookReader("yaml", _is_yaml, _read_yaml),
        CodebookReader("table", lambda data, suffix: True, read_table),
    )
}
"""Readers by format, in the order in which they are tried; the last takes whatever is left."""


def read_codebook_file(data: bytes, source: str, clean: Clean) -> CodebookFile:
    """Read a codebook from a file of any known format.

    Parameters
    ----------
    clean
        Takes off what an export puts before texts that a spreadsheet would run.

    Raises
    ------
    CodebookError
        When the file cannot be read at all; the message says why and what to do. Rows that do not
        fit are in the result.
    """
    if not data.strip():
        raise CodebookError("the file is empty.", source=source)
    if len(data) > MAX_FILE_BYTES:
        raise CodebookError(f"the file has {len(data):,} bytes; a codebook has at most "
                            f"{MAX_FILE_BYTES:,}.", source=source)  # fmt: skip
    suffix = source.rpartition(".")[2].lower()
    reader = next(item for item in READERS.values() if item.recognises(data, suffix))
    return reader.read(data, source, clean)
