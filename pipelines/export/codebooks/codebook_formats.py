"""A codebook to a file, in the format that a person asks for.

In: a codebook and options. Out: bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from pipelines.export.codebooks.codebook_csv import write_codebook_csv
from pipelines.export.codebooks.codebook_docx import write_codebook_docx
from pipelines.export.codebooks.codebook_html import write_codebook_html
from pipelines.export.codebooks.codebook_qdc import write_codebook_qdc
from pipelines.export.codebooks.codebook_taguette import write_codebook_taguette
from pipelines.export.codebooks.codebook_xlsx import write_codebook_xlsx
from pipelines.export.codebooks.codebook_yaml import dump_codebook
from pipelines.export.options import CodebookOptions
from workbench.domain.codebook import Codebook
from workbench.errors import ExportError

Writer: TypeAlias = Callable[[BinaryIO, Codebook, CodebookOptions], None]


@dataclass(frozen=True, slots=True)
class CodebookFormat:
    """One kind of file. `name` is what a person types, and the file's suffix unless `ending` is.

    `counts` tells whether it has room for the numbers of codings.
    """

    name: str
    label: str
    mime_type: str
    write: Writer
    counts: bool = True
    ending: str = ""

    @property
    def suffix(self) -> str:
        """What its files end in, without the dot."""
        return self.ending or self.name


def _write_yaml(stream: BinaryIO, codebook: Codebook, options: CodebookOptions) -> None:
    stream.write(dump_codebook(codebook).encode("utf-8"))


OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: dict[str, CodebookFormat] = {
    kind.name: kind
    for kind in (
        CodebookFormat(
            "yaml", "YAML, to edit and to share", "application/yaml", _write_yaml, counts=False
        ),
        CodebookFormat("csv", "CSV, for any spreadsheet", "text/csv", write_codebook_csv),
        CodebookFormat(
            "xlsx", "Excel workbook", f"{OFFICE}.spreadsheetml.sheet", write_codebook_xlsx
        ),
        CodebookFormat(
            "docx",
            "Word document, to print",
            f"{OFFICE}.wordprocessingml.document",
            write_codebook_docx,
        ),
        CodebookFormat("html", "Web page", "text/html", write_codebook_html),
    )
}
"""These hold all that a codebook says."""
REFI = CodebookFormat(
    "qdc",
    "REFI-QDA, for NVivo, ATLAS.ti, MAXQDA and others",
    "application/xml",
    write_codebook_qdc,
    counts=False,
)
"""Holds the codes alone."""
TAGUETTE = CodebookFormat(
    "taguette",
    "CSV for Taguette",
    "text/csv",
    write_codebook_taguette,
    ending="csv",
)
"""Holds the codes alone, as a flat list without colours."""


def codebook_bytes(codebook: Codebook, format: str, options: CodebookOptions) -> bytes:
    """Write a codebook as a file of that format.

    Raises
    ------
    ExportError
        When the format is not known, or cannot hold the codebook.
    """
    stream = io.BytesIO()
    format_of(format).write(stream, codebook, options)
    return stream.getvalue()


def format_of(name: str) -> CodebookFormat:
    """Look up a format by its name, in any case, `yml` too; raises ExportError."""
    known = {**FORMATS, REFI.name: REFI, TAGUETTE.name: TAGUETTE}
    kind = known.get({"yml": "yaml", "htm": "html"}.get(name.lower(), name.lower()))
    if kind is None:
        found = f"{name!r} is not a format of codebooks" if name else "The file has no suffix"
        raise ExportError(f"{found}. Formats: {', '.join(known)}. Choose one of them.")
    return kind
