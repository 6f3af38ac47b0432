"""Memos to a file, in threads, in the format that a person asks for.

In: threads of memos. Out: CSV or XLSX with a row for each memo, or DOCX or Markdown to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pipelines.export.memo_rows import MemoOptions, WrittenThread
from pipelines.export.memos_docx import write_memos_docx
from pipelines.export.memos_md import write_memos_md
from pipelines.export.memos_table import write_memos_csv, write_memos_xlsx
from workbench.errors import ExportError

__all__ = ["FORMATS", "MemoFormat", "MemoOptions", "WrittenThread", "memo_format"]


@dataclass(frozen=True, slots=True)
class MemoFormat:
    """One kind of file. `name` is what a person types, and the file's suffix without its dot."""

    name: str
    label: str
    mime_type: str
    write: Callable[[BinaryIO, Sequence[WrittenThread], MemoOptions], int]


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS: dict[str, MemoFormat] = {
    kind.name: kind
    for kind in (
        MemoFormat("docx", "Word document, by thread", WORD, write_memos_docx),
        MemoFormat("md", "Markdown text, by thread", "text/markdown", write_memos_md),
        MemoFormat("xlsx", "Excel workbook, a row for each memo", EXCEL, write_memos_xlsx),
        MemoFormat("csv", "CSV, a row for each memo", "text/csv", write_memos_csv),
    )
}


def memo_format(name: str) -> MemoFormat:
    """Look up a format by its name, in any case.

    Raises
    ------
    ExportError
        When there is none of that name; the message lists those there are.
    """
    kind = FORMATS.get(name.lower())
    if kind is None:
        found = f"{name!r} is not a format of memos" if name else "The file has no suffix"
        raise ExportError(f"{found}. Formats: {', '.join(FORMATS)}. Choose one of them.")
    return kind
