"""From a file of any known format to a table of texts.

In: a path, bytes or an open stream, with the name that a person knows. Out: a `Grid`. The format is
told by the file's content first; a name's ending never overrules what is inside.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipelines.ingest.tables.csv_file import read_csv
from pipelines.ingest.tables.ods_file import read_ods
from pipelines.ingest.tables.records import MAX_BYTES, Grid, ReadOptions, SourceFile
from pipelines.ingest.tables.sav_file import read_sav
from pipelines.ingest.tables.xls_file import MAX_XLS_BYTES, holds_workbook, read_xls
from pipelines.ingest.tables.xlsx_file import read_xlsx
from pipelines.ingest.tables.zip_file import table_in, unpacked
from pipelines.ingest.zip_guard import DAMAGE
from workbench.errors import SurveyError

__all__ = ["FORMATS", "Format", "Grid", "ReadOptions", "read_grid"]

ZIP_MAGIC = b"PK\x03\x04"
MAX_MEMBERS = 10_000
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAV_MAGICS = (b"$FL2", b"$FL3")


@dataclass(frozen=True, slots=True)
class Content:
    """What tells a format: the first bytes; of a ZIP its member names and declared type."""

    head: bytes
    members: frozenset[str] = frozenset()
    mimetype: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: how its content is told from others, and its reader."""

    name: str
    recognises: Callable[[Content], bool]
    read: Callable[[SourceFile, ReadOptions], Grid]


def _is_xls(content: Content) -> bool:
    if not content.head.startswith(OLE_MAGIC) or _is_encrypted(content):
        return False
    return len(content.head) > MAX_XLS_BYTES or holds_workbook(content.head)


def _is_encrypted(content: Content) -> bool:
    name = "EncryptedPackage".encode("utf-16-le")
    return content.head.startswith(OLE_MAGIC) and name in content.head


def _is_ods(content: Content) -> bool:
    return "content.xml" in content.members and (
        "opendocument.spreadsheet" in content.mimetype or not content.mimetype
    )


FORMATS: dict[str, Format] = {
    "xlsx": Format("xlsx", lambda content: "xl/workbook.xml" in content.members, read_xlsx),
    "ods": Format("ods", _is_ods, read_ods),
    "xls": Format("xls", _is_xls, read_xls),
    "sav": Format("sav", lambda content: content.head.startswith(SAV_MAGICS), read_sav),
    "csv": Format("csv", lambda content: not content.members, read_csv),
}
"""Readers by format, in the order in which they are tried; the last takes whatever is left."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A kind of file that people do hand in, and what to do instead."""

    recognises: Callable[[Content], bool]
    message: str
    hint: str


def _starts(*magics: bytes) -> Callable[[Content], bool]:
    return lambda content: content.head.startswith(magics)


def _has(member: str) -> Callable[[Content], bool]:
    return lambda content: member in content.members


def _is_web_page(content: Content) -> bool:
    start = content.head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))


def _is_office(content: Content) -> bool:
    return content.head.startswith(OLE_MAGIC)


def _is_xml(content: Content) -> bool:
    return content.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml")


def _is_plain_archive(content: Content) -> bool:
    """Tell an archive from documents, which are ZIP files too and may hold tables."""
    return bool(content.members) and not content.members & {"[Content_Types].xml", "mimetype"}


AS_TABLE = "Save it as CSV UTF-8 or as an Excel workbook (.xlsx) and import that."
UNREADABLE = (
    Unreadable(
        _is_encrypted,
        "the workbook is protected by a password.",
        "Open it, save a copy without the password, and import the copy.",
    ),
    Unreadable(_is_office, "this is an old Office file without a sheet in it.", AS_TABLE),
    Unreadable(_has("xl/workbook.bin"), "this is a binary Excel workbook (.xlsb).", AS_TABLE),
    Unreadable(_has("content.xml"), "this is an OpenDocument file, but no table.", AS_TABLE),
    Unreadable(_has("word/document.xml"), "this is a Word document, not a table.", AS_TABLE),
    Unreadable(
        _starts(b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh"),
        "this is an archive or a damaged workbook.",
        "If it is an archive, unpack it and import the table inside; if not, save it again.",
    ),
    Unreadable(_starts(b"%PDF"), "this is a PDF, not a table.", AS_TABLE),
    Unreadable(
        _starts(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"OggS", b"ID3", b"fLaC"),
        "this is a picture or a recording, not a table.",
        AS_TABLE,
    ),
    Unreadable(
        _is_web_page,
        "this is a web page, perhaps the sign-in page of the survey's site.",
        "Sign in, download the answers as CSV or XLSX, and import that.",
    ),
    Unreadable(_is_xml, "this is an XML file, not a table.", AS_TABLE),
)


def read_grid(
    source: Path | bytes | BinaryIO,
    name: str | None = None,
    options: ReadOptions | None = None,
) -> Grid:
    """Read a survey file as a table of texts.

    Parameters
    ----------
    source
        A path, the bytes themselves, or a seekable binary stream, which stays open.
    name
        What messages call the file; a path's own name if not given.
    options
        Encoding, delimiter or sheet, where a person has chosen them.

    Returns
    -------
    Grid
        Header and rows; every cell is a text.

    Raises
    ------
    SurveyError
        When the file cannot be read as a table; the message says why and what to do.
    """
    label = name or (source.name if isinstance(source, Path) else "the file")
    with _open(source, label) as stream:
        return _read(_describe(stream, label), options or ReadOptions())


def _read(file: SourceFile, options: ReadOptions, *, may_be_archive: bool = True) -> Grid:
    content = _look(file)
    for format_ in list(FORMATS.values())[:-1]:
        if format_.recognises(content):
            return format_.read(file, options)
    for kind in UNREADABLE:
        if kind.recognises(content):
            if may_be_archive and _is_plain_archive(content):
                table = table_in(file)
                if table is not None:
                    with unpacked(file, table) as stream:
                        inside = _describe(stream, file.name)
                        return _read(inside, options, may_be_archive=False)
            raise SurveyError(kind.message, source=file.name, hint=kind.hint)
    return FORMATS["csv"].read(file, options)


@contextmanager
def _open(source: Path | bytes | BinaryIO, label: str) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, Path):
        try:
            stream = source.open("rb")
        except OSError as error:
            raise SurveyError(
                f"the file cannot be opened: {error.strerror or error}.",
                source=label,
                hint="Check its path and that you may read it.",
            ) from error
        with stream:
            yield stream
    else:
        yield source


def _describe(stream: BinaryIO, label: str) -> SourceFile:
    size = stream.seek(0, io.SEEK_END)
    if size == 0:
        raise SurveyError("the file is empty.", source=label, hint="Export it again.")
    if size > MAX_BYTES:
        raise SurveyError(
            f"the file has {size / 1024**2:,.0f} MiB, at most {MAX_BYTES / 1024**2:,.0f} are read.",
            source=label,
            hint="Split it into several files.",
        )
    stream.seek(0)
    digest = hashlib.sha256()
    while chunk := stream.read(1024 * 1024):
        digest.update(chunk)
    return SourceFile(stream, label, digest.hexdigest(), size)


def _look(file: SourceFile) -> Content:
    head = file.head()
    if head.startswith(OLE_MAGIC):
        # what tells an encrypted workbook from an old one may stand anywhere in the file
        return Content(file.head(MAX_XLS_BYTES + 1))
    if not head.startswith(ZIP_MAGIC):
        return Content(head)
    try:
        with zipfile.ZipFile(file.stream) as archive:
            members = frozenset(archive.namelist()[:MAX_MEMBERS])
            return Content(head, members, _mimetype(archive) if "mimetype" in members else "")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, LookupError):
        return Content(head)


def _mimetype(archive: zipfile.ZipFile) -> str:
    try:
        with archive.open("mimetype") as part:
            return part.read(200).decode("ascii", "replace")
    except DAMAGE:
        return ""
