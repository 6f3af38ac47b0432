"""Archives with one table inside: survey tools send their exports packed.

In: an open ZIP file that is no workbook. Out: the table as a file of its own, unpacked to disk.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO

from pipelines.ingest.tables.records import MAX_BYTES, SourceFile
from pipelines.ingest.zip_guard import DAMAGE, MAX_RATIO, RATIO_FROM_BYTES
from workbench.errors import SurveyError

TABLES = frozenset((".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xls", ".ods", ".sav", ".zsav"))
LISTED_TABLES = 5
ENCRYPTED = 0x1


def table_in(file: SourceFile) -> str | None:
    """Return the name of the only table of an archive, None where there is none.

    Raises
    ------
    SurveyError
        When there are several tables, or the only one is locked or far larger than it looks.
    """
    file.stream.seek(0)
    try:
        with zipfile.ZipFile(file.stream) as archive:
            tables = [member for member in archive.infolist() if _is_table(member)]
    except DAMAGE:
        return None
    if len(tables) > 1:
        told = ", ".join(member.filename for member in tables[:LISTED_TABLES])
        raise SurveyError(
            f"the archive holds {len(tables)} tables: {told}.",
            source=file.name,
            hint="Unpack it and import the one with the answers.",
        )
    if not tables:
        return None
    _refuse(tables[0], file.name)
    return tables[0].filename


def _is_table(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    hidden = path.name.startswith(".") or "__MACOSX" in path.parts
    return not member.is_dir() and not hidden and path.suffix.lower() in TABLES


def _refuse(member: zipfile.ZipInfo, source: str) -> None:
    if member.flag_bits & ENCRYPTED:
        raise SurveyError(
            "the archive is protected by a password.",
            source=source,
            hint="Unpack it and import the table inside.",
        )
    dense = member.file_size > MAX_RATIO * max(1, member.compress_size)
    if member.file_size > MAX_BYTES or (dense and member.file_size > RATIO_FROM_BYTES):
        raise SurveyError(
            f"the archive would unpack to {member.file_size / 1024**2:,.0f} MiB, which no survey "
            "does.",
            source=source,
            hint="Unpack it and import the table inside, if you trust the file.",
        )


@contextmanager
def unpacked(file: SourceFile, table: str) -> Iterator[BinaryIO]:
    """Unpack a table of an archive to a file that is gone afterwards.

    Raises
    ------
    SurveyError
        When the archive is damaged.
    """
    with tempfile.TemporaryFile() as copy:
        try:
            with zipfile.ZipFile(file.stream) as archive, archive.open(table) as part:
                shutil.copyfileobj(part, copy, 1024 * 1024)
        except DAMAGE as error:
            raise SurveyError(
                "the archive is damaged.", source=file.name, hint="Download the export again."
            ) from error
        yield copy
