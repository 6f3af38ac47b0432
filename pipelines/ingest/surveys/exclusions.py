"""Which rows of a file do not go in, by the rules of its mapping.

In: a grid and a mapping with `exclude_rows_if` and `keep_rows_if`. Out: the rows that go in, and
how many were left out by which rule, in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.ingest.surveys.answers import holds_one_of
from pipelines.ingest.surveys.mapping_model import Mapping as ColumnMapping
from pipelines.ingest.tables.records import Grid, Record, shorten

Cells = Sequence[str]
Rule = Callable[[Cells], str | None]
"""Says why a row is left out, or nothing."""


@dataclass(slots=True)
class Kept:
    """The rows that go in, and the number of those that do not, by the rule in words."""

    rows: list[Record] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)


def keep_rows(grid: Grid, mapping: ColumnMapping) -> Kept:
    """Part a grid's rows by the rules; a row is counted under the first rule that leaves it out."""
    rules = _rules(grid, mapping)
    if not rules:
        return Kept(list(grid.rows))
    kept = Kept()
    for record in grid.rows:
        why = next((why for rule in rules if (why := rule(record[1])) is not None), None)
        if why is None:
            kept.rows.append(record)
        else:
            kept.excluded[why] += 1
    return kept


def _rules(grid: Grid, mapping: ColumnMapping) -> list[Rule]:
    places = {column: at for at, column in enumerate(grid.header)}
    return [
        *(
            _leaves_out(column, values, mapping, places)
            for column, values in mapping.exclude_rows_if.items()
        ),
        *(
            _keeps(column, values, mapping, places)
            for column, values in mapping.keep_rows_if.items()
        ),
    ]


def _leaves_out(
    column: str, values: Sequence[str], mapping: ColumnMapping, places: Mapping[str, int]
) -> Rule:
    any_of_them = holds_one_of(column, values, mapping, places)
    each = [(value, holds_one_of(column, (value,), mapping, places)) for value in values]

    def rule(cells: Cells) -> str | None:
        if not any_of_them(cells):
            return None
        value = next(value for value, holds in each if holds(cells))
        return f"{shorten(column)} is {_named(value)}"

    return rule


def _keeps(
    column: str, values: Sequence[str], mapping: ColumnMapping, places: Mapping[str, int]
) -> Rule:
    holds = holds_one_of(column, values, mapping, places)
    why = f"{shorten(column)} is not {' or '.join(map(_named, values))}"
    return lambda cells: None if holds(cells) else why


def _named(value: str) -> str:
    return shorten(value, 40) if value.strip() else "empty"
