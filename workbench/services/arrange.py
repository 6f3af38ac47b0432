"""Arrange: a counted table in another order, or without what is empty.

In: rows as they were counted, in the order of the codebook and of the groups. Out: the same rows.
Nothing is counted here, and no number changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from workbench.domain.codebook import PATH_SEPARATOR
from workbench.domain.documents import NOT_STATED

if TYPE_CHECKING:
    from workbench.services.counting.theme_table import ThemeRow

Order = Literal["codebook", "mentioned", "alphabetical"]
GroupOrder = Literal["own", "size", "name"]


def order_codes(
    rows: Sequence[ThemeRow], order: Order, among_all: Mapping[int, ThemeRow]
) -> list[int]:
    """Put codes in order; those under one theme stay under it.

    Parameters
    ----------
    among_all
        Each code among all respondents: "mentioned" puts what most of them mention first.
    """
    paths: dict[int, tuple[str, ...]] = {}
    for row in rows:
        paths.setdefault(row.code_id, tuple(row.theme.split(PATH_SEPARATOR)))
    place = {code_id: index for index, code_id in enumerate(paths)}
    if order == "codebook":
        return list(place)
    by_path = {path: code_id for code_id, path in paths.items()}

    def step(path: tuple[str, ...]) -> tuple[Any, ...]:
        code_id = by_path.get(path)
        own = place.get(code_id, 0) if code_id is not None else 0
        if order == "alphabetical":
            return (natural(path[-1]), own)
        counted = among_all.get(code_id) if code_id is not None else None
        return (-(counted.respondents if counted else 0), own)

    def key(code_id: int) -> tuple[Any, ...]:
        path = paths[code_id]
        return tuple(step(path[: depth + 1]) for depth in range(len(path)))

    return sorted(paths, key=key)


def order_groups(
    orders: Sequence[Sequence[str]], order: GroupOrder, bases: Mapping[tuple[str, ...], int]
) -> list[list[str]]:
    """Put the values of each grouping attribute in order; "Not stated" stays last.

    Parameters
    ----------
    bases
        Respondents of each combination of values; "size" puts the largest groups first.
    """
    found = []
    for index, values in enumerate(orders):
        stated = [value for value in values if value != NOT_STATED]
        if order == "name":
            stated.sort(key=natural)
        elif order == "size":
            stated.sort(key=lambda value, at=index: -_size(bases, at, value))  # type: ignore[misc]
        found.append([*stated, *(value for value in values if value == NOT_STATED)])
    return found


def natural(name: str) -> tuple[tuple[bool, float, str], ...]:
    """Give a key by which names sort as people sort them: 9 before 10, capitals no matter.

    Examples
    --------
    >>> sorted(["25-34", "b", "9-15", "A"], key=natural)
    ['9-15', '25-34', 'A', 'b']
    """
    parts = re.split(r"([0-9]+)", name.casefold())
    return tuple(
        (False, float(part[:300]), "") if part.isascii() and part.isdigit() else (True, 0.0, part)
        for part in parts
        if part
    )


def _size(bases: Mapping[tuple[str, ...], int], index: int, value: str) -> int:
    return sum(n for groups, n in bases.items() if groups[index] == value)
