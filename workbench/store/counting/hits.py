"""Respondents and mentions by theme and group, in one pass over the codings.

In: the codings on a layer, whom they cover, people with their groups. Out: a `Count` of each code
and group. There are two layouts of the same statement. Up to a hundred rows in the table, each has
a column, and the database reads the codings in the order of the respondents without sorting
anything; with more rows that costs more than sorting (measured: docs/decisions/0006-counting.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Select, false, func, or_, select

from workbench.store.tables import code_ancestor

MAX_COLUMNS = 100
"""Codes up to which each gets columns of its own."""

MAX_RUNS = 4
"""Runs of keys up to which a code is compared with their ends."""

_CODING = 1 << 30
"""What a coding adds to a sum whose remainder counts mentions: more than anybody can have."""

Groups = tuple[str, ...]
"""One value for each grouping attribute."""


@dataclass(frozen=True, slots=True)
class Count:
    """One code in one group."""

    code_id: int
    groups: Groups
    respondents: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Hits:
    """What is counted: codings, people, the columns of `person` that hold their groups."""

    covered: Select[Any]
    """(respondent_id, code_id, opens), among others; `opens` is 1 where a mention begins."""
    person: CTE
    groups: Sequence[ColumnElement[Any]]

    def count(self, connection: Connection, code_ids: Sequence[int]) -> Iterator[Count]:
        """Count these codes, each with all below it; pairs that nobody mentions may be missing."""
        if len(code_ids) <= MAX_COLUMNS:
            yield from self._by_column(connection, code_ids)
        else:
            yield from self._by_row(connection, code_ids)

    def _by_column(self, connection: Connection, code_ids: Sequence[int]) -> Iterator[Count]:
        covered = self.covered.subquery("covered")
        below = _below(connection, code_ids)
        columns = [
            # Codings and mentions in one sum: to look twice whether a code is meant takes longer.
            func.sum(func.coalesce(covered.c.opens, 0) + _CODING)
            .filter(_among(covered.c.code_id, below[code_id]))
            .label(f"n{at}")
            for at, code_id in enumerate(code_ids)
        ]
        hit = (
            select(covered.c.respondent_id, *columns)
            .select_from(covered)
            .group_by(covered.c.respondent_id)
            .cte("hit")
        )
        sums = [
            column
            for at in range(len(code_ids))
            for column in (
                func.count(hit.c[f"n{at}"]),
                func.coalesce(func.sum(hit.c[f"n{at}"] % _CODING), 0),
            )
        ]
        statement = (
            select(*self.groups, *sums)
            .select_from(hit.join(self.person, self.person.c.id == hit.c.respondent_id))
            .group_by(*self.groups)
        )
        n = len(self.groups)
        for row in connection.execute(statement):
            for at, code_id in enumerate(code_ids):
                respondents, mentions = row[n + 2 * at], row[n + 2 * at + 1]
                yield Count(code_id, tuple(row[:n]), respondents, int(mentions))

    def _by_row(self, connection: Connection, code_ids: Sequence[int]) -> Iterator[Count]:
        covered = self.covered.subquery("covered")
        hit = (
            select(
                covered.c.respondent_id,
                code_ancestor.c.ancestor_id,
                func.sum(covered.c.opens).label("n"),
            )
            .select_from(covered)
            .join(code_ancestor, code_ancestor.c.code_id == covered.c.code_id)
            .where(code_ancestor.c.ancestor_id.in_(code_ids))
            .group_by(covered.c.respondent_id, code_ancestor.c.ancestor_id)
            .cte("hit")
        )
        statement = (
            select(
                *self.groups,
                hit.c.ancestor_id,
                func.count(),
                func.coalesce(func.sum(hit.c.n), 0),
            )
            .select_from(hit.join(self.person, self.person.c.id == hit.c.respondent_id))
            .group_by(*self.groups, hit.c.ancestor_id)
        )
        n = len(self.groups)
        for row in connection.execute(statement):
            yield Count(row[n], tuple(row[:n]), row[n + 1], row[n + 2])


def _below(connection: Connection, code_ids: Sequence[int]) -> dict[int, list[int]]:
    """Give for each code the keys of all that count as it or as one below it, in order."""
    found: dict[int, list[int]] = {code_id: [] for code_id in code_ids}
    rows = connection.execute(
        select(code_ancestor.c.ancestor_id, code_ancestor.c.code_id)
        .where(code_ancestor.c.ancestor_id.in_(code_ids))
        .order_by(code_ancestor.c.code_id)
    )
    for ancestor_id, code_id in rows:
        found[ancestor_id].append(code_id)
    return found


def _among(column: ColumnElement[int], keys: Sequence[int]) -> ColumnElement[bool]:
    """Tell whether a key is one of these.

    Keys in a row, as a codebook has them, are compared by their ends: quicker than in a list.
    """
    runs: list[list[int]] = []
    for key in keys:
        if runs and key == runs[-1][1] + 1:
            runs[-1][1] = key
        else:
            runs.append([key, key])
    if len(runs) > MAX_RUNS:
        return column.in_(keys)
    return or_(false(), *(column.between(first, last) for first, last in runs))
