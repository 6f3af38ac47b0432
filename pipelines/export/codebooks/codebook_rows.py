"""A codebook as a flat table: one row per code, parents first.

In: a codebook. Out: the header and the rows that CSV and XLSX share. What belongs to the codebook
as a whole stands in the last columns of the first row.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.export.neutralise import xml_text
from pipelines.export.options import CodebookOptions
from workbench.domain.codebook import Codebook, CodeNode, format_path
from workbench.domain.codebook_file import LABELS, LISTS, join_items, join_sources

ABOUT = (
    "codebook",
    "codebook version",
    "codebook language",
    "codebook description",
    "codebook sources",
)
"""Columns of what belongs to the codebook as a whole."""

Cell = str | int


def header(options: CodebookOptions) -> list[str]:
    """Name the columns."""
    counted = [] if options.counts is None else ["codings"]
    return ["code", "parent", *LABELS, *counted, *ABOUT]


def rows(codebook: Codebook, options: CodebookOptions) -> Iterator[list[Cell]]:
    """Yield the cells of each code, without the characters that a workbook cannot hold."""
    about = [
        codebook.name,
        codebook.version,
        codebook.language,
        codebook.description,
        join_sources(codebook.sources),
    ]
    for path, code in codebook.walk():
        cells: list[Cell] = [code.name, format_path(path[:-1])]
        cells += [field_text(code, name) for name in LABELS]
        if options.counts is not None:
            cells.append(options.counts.get(path, 0))
        cells += about
        about = [""] * len(ABOUT)
        yield [xml_text(cell) if isinstance(cell, str) else cell for cell in cells]


def field_text(code: CodeNode, name: str) -> str:
    """Give a field of a code as one text; a list has an item a line."""
    value = getattr(code, name)
    return join_items(value) if name in LISTS else str(value)
