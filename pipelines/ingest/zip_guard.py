"""Workbooks are ZIP files: what is looked at before anything of one is unpacked.

In: an open ZIP file. Out: nothing, or a refusal with the reason.
"""

from __future__ import annotations

import zipfile
import zlib

from pipelines.ingest.tables.records import SourceFile
from workbench.errors import SurveyError

MAX_UNPACKED_BYTES = 1024**3
MAX_WHOLE_BYTES = 160 * 1024**2
"""Size of a part that is in memory as a whole: 100,000 respondents' answers have about 80 MiB."""
MAX_RATIO = 200
"""Unpacked over packed size: sheets of text reach 10 to 50, a bomb a thousand."""
RATIO_FROM_BYTES = 16 * 1024**2
LOOK_FOR_DTD_BYTES = 256 * 1024
DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What zipfile and the readers of workbooks raise on damaged ones."""


def refuse_bomb(file: SourceFile, whole: str) -> None:
    """Look at the sizes in the ZIP's own list, and for declarations that no workbook has.

    Parameters
    ----------
    whole
        The name of the part that a reader keeps in memory.

    Raises
    ------
    SurveyError
        When it would unpack to more than a survey has, declares a document type, or is damaged.
    """
    file.stream.seek(0)
    try:
        with zipfile.ZipFile(file.stream) as archive:
            members = archive.infolist()
            has_dtd = any(_has_dtd(archive, member) for member in members)
    except DAMAGE as error:
        raise damaged(file.name) from error
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    in_memory = sum(member.file_size for member in members if member.filename == whole)
    too_dense = unpacked > RATIO_FROM_BYTES and unpacked / packed > MAX_RATIO
    if unpacked > MAX_UNPACKED_BYTES or in_memory > MAX_WHOLE_BYTES or too_dense:
        raise SurveyError(
            f"the workbook would unpack from {packed / 1024**2:,.1f} to "
            f"{unpacked / 1024**2:,.0f} MiB, which no survey does.",
            source=file.name,
            hint="Save the sheet as CSV UTF-8 and import that, if you trust the file.",
        )
    if has_dtd:
        raise SurveyError(
            "the workbook holds document type declarations, which Excel never writes.",
            source=file.name,
            hint="Do not open it unless you trust where it comes from.",
        )


def damaged(source: str) -> SurveyError:
    """Return the error of a workbook that cannot be read."""
    return SurveyError(
        "the workbook is damaged and cannot be read.",
        source=source,
        hint="Open it in Excel or LibreOffice, save it again as .xlsx, and import that.",
    )


def _has_dtd(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    if not member.filename.lower().endswith((".xml", ".rels")):
        return False
    with archive.open(member) as part:
        return b"<!DOCTYPE" in part.read(LOOK_FOR_DTD_BYTES)
