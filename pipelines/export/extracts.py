"""Extracts to a file, in the format that a person asks for.

In: extracts, as the store yields them, and options. Out: a file that is there whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from pipelines.export.extracts_csv import write_csv
from pipelines.export.extracts_docx import write_docx
from pipelines.export.extracts_html import write_html
from pipelines.export.extracts_xlsx import write_xlsx
from pipelines.export.files import replacing
from pipelines.export.options import ExtractOptions
from workbench.domain.extracts import Extract
from workbench.errors import ExportError

Writer: TypeAlias = Callable[[BinaryIO, Iterable[Extract], ExtractOptions], int]


@dataclass(frozen=True, slots=True)
class ExtractFormat:
    """One kind of file. `name` is what a person types, and the file's suffix without its dot."""

    name: str
    label: str
    mime_type: str
    write: Writer


FORMATS: dict[str, ExtractFormat] = {
    kind.name: kind
    for kind in (
        ExtractFormat("csv", "CSV, for R, SPSS or any spreadsheet", "text/csv", write_csv),
        ExtractFormat(
            "xlsx",
            "Excel workbook",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            write_xlsx,
        ),
        ExtractFormat(
            "docx",
            "Word report, by theme",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            write_docx,
        ),
        ExtractFormat("html", "Web page, by theme", "text/html", write_html),
    )
}


def write_extracts(
    path: Path,
    extracts: Iterable[Extract],
    *,
    format: str | None = None,
    options: ExtractOptions,
) -> int:
    """Write extracts to a file and return how many were written.

    The file is written beside its place under another name, and moved there when it is whole: a
    failure half-way leaves an older file as it was. CSV and XLSX take extracts one at a time; DOCX
    and HTML hold them all.

    Parameters
    ----------
    path
        Where to. Its suffix chooses the format if `format` does not.
    format
        "csv", "xlsx", "docx" or "html".

    Raises
    ------
    ExportError
        When the format is not known, or the file cannot be written.
    """
    kind = format_of(format if format is not None else path.suffix.removeprefix("."))
    with replacing(path) as stream:
        return kind.write(stream, extracts, options)


def format_of(name: str) -> ExtractFormat:
    """Look up a format by its name, in any case.

    Raises
    ------
    ExportError
        When there is none of that name; the message lists those there are.
    """
    kind = FORMATS.get(name.lower())
    if kind is None:
        found = f"{name!r} is not a format of extracts" if name else "The file has no suffix"
        raise ExportError(f"{found}. Formats: {', '.join(FORMATS)}. Choose one of them.")
    return kind
