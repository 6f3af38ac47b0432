"""From the cells of a record to what is known of a respondent.

In: a mapping's attributes and a grid. Out: a function per attribute, from cells to values. A cell
that is no number or date where one is expected is reported and left out; its record goes in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.ingest.surveys.mapping_model import AttributeMapping, Mapping
from pipelines.ingest.surveys.values import (
    NOT_CHOSEN,
    find_day_first,
    match_key,
    parse_date,
    parse_number,
)
from pipelines.ingest.tables.records import Grid, shorten
from workbench.domain.documents import Attribute
from workbench.domain.text import normalise

MAX_VALUE_CHARS = 500
"""Longer texts are answers rather than groups."""
CACHE_LIMIT = 10_000

Cells = Sequence[str]
Values = tuple[str, ...]


class BadCellError(Exception):
    """A cell does not hold what its column should; `column` and `message` say which and why."""

    def __init__(self, column: str, message: str) -> None:
        self.column = column
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class AttributeReader:
    """An attribute and the way from a record's cells to its values."""

    attribute: Attribute
    read: Callable[[Cells], Values]


def attribute_readers(mapping: Mapping, grid: Grid) -> tuple[AttributeReader, ...]:
    """Return a reader for each attribute of the mapping, in its order.

    A column that is listed as identifying and is also an attribute makes an identifying attribute,
    which stays in the database; a column that is only listed is not read at all.
    """
    return tuple(_reader(attribute, mapping, grid) for attribute in mapping.attributes)


def _reader(attribute: AttributeMapping, mapping: Mapping, grid: Grid) -> AttributeReader:
    identifying = any(column in mapping.identifying for column in attribute.source_columns())
    described = attribute.as_attribute(identifying=identifying)
    if attribute.columns is not None:
        read = _chosen_columns(attribute.columns, grid)
    else:
        column = attribute.column or ""
        parse = _parser(attribute, column, grid)
        at = grid.header.index(column)
        read = _one_column(column, at, _quietly(parse) if identifying else parse)
    return AttributeReader(described, read)


def _chosen_columns(columns: dict[str, str], grid: Grid) -> Callable[[Cells], Values]:
    places = [(grid.header.index(column), value) for column, value in columns.items()]

    def read(cells: Cells) -> Values:
        chosen = (value for at, value in places if match_key(cells[at]) not in NOT_CHOSEN)
        return tuple(dict.fromkeys(chosen))

    return read


def _one_column(
    column: str, at: int, parse: Callable[[str, str], Values]
) -> Callable[[Cells], Values]:
    known: dict[str, Values] = {"": ()}

    def read(cells: Cells) -> Values:
        cell = cells[at]
        if (values := known.get(cell)) is None:
            values = parse(column, cell)
            if len(known) < CACHE_LIMIT:
                known[cell] = values
        return values

    return read


def _parser(attribute: AttributeMapping, column: str, grid: Grid) -> Callable[[str, str], Values]:
    if attribute.kind == "number":
        return _number
    if attribute.kind == "date":
        day_first = find_day_first(grid.column(column)) is not False
        return lambda name, cell: _date(name, cell, day_first)
    if attribute.kind == "multi":
        return lambda name, cell: _several(name, cell, attribute.separator)
    return _one


def _quietly(parse: Callable[[str, str], Values]) -> Callable[[str, str], Values]:
    """Keep what a cell of an identifying column holds out of messages."""

    def parse_quietly(column: str, cell: str) -> Values:
        try:
            return parse(column, cell)
        except BadCellError as error:
            raise BadCellError(
                column, error.message.replace(repr(shorten(cell)), "the cell")
            ) from None

    return parse_quietly


def _one(column: str, cell: str) -> Values:
    value = normalise(cell).strip()
    return (_of_bearable_length(column, value),) if value else ()


def _several(column: str, cell: str, separator: str) -> Values:
    if len(cell) > MAX_VALUE_CHARS * 20:
        _of_bearable_length(column, cell)
    parts = (part.strip() for part in normalise(cell).split(separator))
    return tuple(dict.fromkeys(_of_bearable_length(column, part) for part in parts if part))


def _number(column: str, cell: str) -> Values:
    if not cell.strip():
        return ()
    if (number := parse_number(cell)) is None:
        raise BadCellError(
            column,
            f"{shorten(cell)!r} is not a number. The row went in without it; correct the cell or "
            "map the column as a category.",
        )
    return (number,)


def _date(column: str, cell: str, day_first: bool) -> Values:
    if not cell.strip():
        return ()
    if (date := parse_date(cell, day_first=day_first)) is None:
        raise BadCellError(
            column,
            f"{shorten(cell)!r} is not a date. The row went in without it; write it as 2022-02-14 "
            "or 14/02/2022.",
        )
    return (date,)


def _of_bearable_length(column: str, value: str) -> str:
    if len(value) > MAX_VALUE_CHARS:
        raise BadCellError(
            column,
            f"the value has {len(value):,} characters, an attribute at most {MAX_VALUE_CHARS}. The "
            "row went in without it; map the column as an open answer.",
        )
    return value
