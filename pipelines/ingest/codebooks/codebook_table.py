"""A table of codes, from a spreadsheet, a Word document or a web page, as a codebook.

In: a header and rows of texts. Out: the codebook of the rows that fit, and what does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath

from pipelines.ingest.codebooks.codebook_columns import Columns, find_columns
from pipelines.ingest.codebooks.codebook_tree import (
    SEPARATORS,
    SURE,
    CodeRow,
    Tree,
    grow,
    split_path,
)
from pipelines.ingest.dotted_tags import HEADER, tag_path
from pipelines.ingest.tables.grid import read_grid
from pipelines.ingest.tables.records import Record, shorten
from workbench.domain.codebook import Codebook
from workbench.domain.codebook_file import (
    FIELDS,
    LISTS,
    CodebookFile,
    Given,
    split_items,
    split_sources,
)
from workbench.domain.documents import BadRow
from workbench.domain.text import normalise
from workbench.errors import CodebookError, NoRows, SurveyError

Clean = Callable[[str], str]
LISTED = 10


def read_table(data: bytes, source: str, clean: Clean) -> CodebookFile:
    """Read a codebook from CSV, XLSX, ODS or XLS.

    Parameters
    ----------
    clean
        Takes off what an export puts before texts that a spreadsheet would run.

    Raises
    ------
    CodebookError
        When it is no table, or no column names the codes.
    """
    try:
        grid = read_grid(data, source)
    except NoRows as error:
        raise CodebookError("the table has a header and no codes below it.", source=source,
                            hint="Add a row for each code.") from error  # fmt: skip
    except SurveyError as error:
        raise CodebookError(
            error.message, source=source, line=error.line,
            hint="Give a table whose first row names the columns, such as code and definition, as "
            "CSV UTF-8 or as an Excel workbook (.xlsx).",
        ) from error  # fmt: skip
    sheets = "" if not grid.sheet else f"sheet {grid.sheet!r}"
    others = [name for name in grid.sheets if name not in (grid.sheet, "About")]
    notes = [note for note in grid.warnings if "not read:" not in note]
    if others:
        notes.append(f"read the {sheets}; not read: {', '.join(map(repr, others[:LISTED]))}.")
    return read_rows(grid.header, grid.rows, source, clean, bad_rows=grid.bad_rows, notes=notes)


def read_tables(tables: Sequence[Sequence[tuple[str, ...]]], source: str) -> CodebookFile | None:
    """Read a codebook from the tables of a document; None where none is a table of codes.

    Tables with the same columns are one, as where each theme has its own. Rows are numbered through
    all of them. Of tables of codes with other columns is told that they were not read.
    """
    header: tuple[str, ...] = ()
    rows: list[Record] = []
    number, n_left = 1, 0
    for lines in tables:
        if not lines or not find_columns(lines[0]).places.keys() & {"name", "path"}:
            continue
        header = header or lines[0]
        if _same(lines[0]) != _same(header):
            n_left += 1
            continue
        for line in lines[1:]:
            number += 1
            rows.append((number, line))
    if not header:
        return None
    tables_word = "table" if n_left == 1 else "tables"
    note = f"{n_left} more {tables_word} of codes with other columns: not read"
    return read_rows(header, rows, source, notes=[note] if n_left else ())


def _same(header: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()).casefold() for cell in header)


def read_rows(
    header: Sequence[str],
    rows: Sequence[Record],
    source: str,
    clean: Clean = str,
    *,
    bad_rows: Sequence[BadRow] = (),
    notes: Sequence[str] = (),
) -> CodebookFile:
    """Read a codebook from a header and rows.

    Raises
    ------
    CodebookError
        When no column names the codes, or no row can be used.
    """
    columns = find_columns(header)
    if "name" not in columns.places and "path" not in columns.places:
        raise CodebookError(
            f"no column names the codes. Columns: {', '.join(map(shorten, header[:LISTED]))}.",
            source=source,
            line=1,
            hint="Call the column of the codes' names code, name or path.",
        )
    cleaned = [(row, tuple(normalise(clean(cell)) for cell in cells)) for row, cells in rows]
    tree = grow(_code_rows(columns, cleaned, dotted=_same(header)[: len(HEADER)] == HEADER))
    refused = tuple(sorted((*bad_rows, *tree.bad_rows), key=lambda bad: bad.row))
    if not tree.themes:
        first = refused[0] if refused else None
        raise CodebookError(
            first.message if first else "the table has no codes.",
            source=source,
            line=first.row if first else None,
            hint=None if first else "Add a row for each code.",
        )
    warnings = [*notes, *tree.warnings]
    if columns.left_out:
        told = ", ".join(shorten(name) for name in columns.left_out[:LISTED])
        more = len(columns.left_out) - LISTED
        warnings.append(
            f"not taken from the file: {told}" + (f" and {more} more" * (more > 0)) + "."
        )
    return _file(columns, cleaned, tree, source, refused, tuple(warnings))


def _file(
    columns: Columns,
    rows: Sequence[Record],
    tree: Tree,
    source: str,
    refused: tuple[BadRow, ...],
    warnings: tuple[str, ...],
) -> CodebookFile:
    about = {role: _first(columns, rows, role)
             for role in ("codebook", "version", "language", "description", "sources")}  # fmt: skip
    named = bool(about["codebook"].strip())
    book = Codebook(
        name=about["codebook"].strip() or PurePath(source).stem or source,
        themes=tree.themes,
        version=about["version"] if named else "1",
        language=about["language"] if named else "en",
        description=about["description"],
        sources=split_sources(about["sources"]),
    )
    given = Given(frozenset(columns.places) & FIELDS, tree.implied, named)
    return CodebookFile(book, refused, warnings, given)


def _first(columns: Columns, rows: Sequence[Record], role: str) -> str:
    return next((cell for _, cells in rows if (cell := columns.cell(cells, role)).strip()), "")


def _code_rows(columns: Columns, rows: Sequence[Record], *, dotted: bool = False) -> list[CodeRow]:
    names = [columns.cell(cells, "name").strip() for _, cells in rows]
    alone = not columns.places.keys() & {"parent", "path"}
    separator = _separator(names) if alone and not dotted else None
    tags = set(names) if dotted else set()
    found = []
    for (row, cells), name in zip(rows, names, strict=True):
        path = split_path(columns.cell(cells, "path"))
        theme = columns.cell(cells, "theme").strip()
        parent = columns.cell(cells, "parent").strip()
        if path and name and path[-1].casefold() != name.casefold():
            path = (*path, name)  # the path of what the code lies below
        if dotted:
            path = tag_path(name, tags)
            name = path[-1]
        elif not path and separator and separator in name:
            path = split_path(name)
        if not parent and theme:
            path = _below(theme, path or ((name,) if name else ()))
        fields: dict[str, str | tuple[str, ...]] = {
            role: split_items(columns.cell(cells, role)) if role in LISTS
            else columns.cell(cells, role)
            for role in sorted(FIELDS)
            if role in columns.places
        }  # fmt: skip
        found.append(CodeRow(row, name, parent, path, fields))
    return found


def _below(theme: str, path: tuple[str, ...]) -> tuple[str, ...]:
    """Put a path below the theme of its row, where it does not begin with it."""
    if path and path[0].casefold() == theme.casefold():
        return path
    return (theme, *path)


def _separator(names: Sequence[str]) -> str | None:
    """Find the sign that parts themes from codes where a file has nothing but names.

    A slash or a `>` may well belong to a name: it counts only where what stands before it is the
    name of another row.
    """
    there = {name.casefold() for name in names}
    for sign in SEPARATORS:
        holding = [name for name in names if sign in name]
        if holding and (
            sign in SURE or any(name.split(sign)[0].strip().casefold() in there for name in holding)
        ):
            return sign
    return None
