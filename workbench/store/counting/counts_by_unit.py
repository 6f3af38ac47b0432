"""Themes counted by another unit than the respondent: by area, by school, by organisation.

In: an attribute whose values are the units, codes, a layer. Out: how many units have at least one
respondent who mentions a code, of all units with somebody to read. A unit counts once, however many
of its people mention it. It rests on the counts of respondents, so that the two always agree on who
is in scope, what may be seen and which codings count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from workbench.domain.codings import DocumentFilter
from workbench.domain.documents import NOT_STATED
from workbench.store.counting.counts import ANY, count_themes
from workbench.store.counting.hits import Groups


@dataclass(frozen=True, slots=True)
class UnitCount:
    """One code in one group: `base` units with somebody to read, `units` where it is mentioned."""

    code_id: int
    groups: Groups
    base: int
    units: int


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """All cells; `n_without` respondents of whom the unit is not known, and who count nowhere."""

    cells: tuple[UnitCount, ...]
    n_without: int


def count_units(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    unit_id: int,
    code_ids: Sequence[int],
    attribute_ids: Sequence[int] = (),
    layer: str | int = ANY,
    where: DocumentFilter | None = None,
) -> UnitCounts:
    """Count codes, each with all below it, by units and the values of attributes crossed.

    A unit is in a group when at least one of its respondents is, so it can be in several.

    Parameters
    ----------
    unit_id
        The attribute whose values are counted.
    code_ids, attribute_ids, layer, where
        As `count_themes` takes them.
    """
    found = count_themes(
        connection, study_id, actor_id,
        code_ids=code_ids, attribute_ids=[unit_id, *attribute_ids], layer=layer, where=where,
    )  # fmt: skip
    bases: dict[tuple[int, Groups], int] = defaultdict(int)
    units: dict[tuple[int, Groups], int] = defaultdict(int)
    without: dict[int, int] = defaultdict(int)
    for cell in found:
        unit, groups = cell.groups[0], cell.groups[1:]
        key = cell.code_id, groups
        if unit == NOT_STATED:
            without[cell.code_id] += cell.base
            continue
        bases[key] += cell.base > 0
        units[key] += cell.respondents > 0
    return UnitCounts(
        tuple(UnitCount(*key, base, units[key]) for key, base in bases.items()),
        next(iter(without.values()), 0),
    )
