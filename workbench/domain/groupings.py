"""Groupings derived from an attribute: values merged, or numbers and dates put into bands.

In: a rule, and a value of the original attribute. Out: the one group that the value belongs to.
The original is never changed. Every value lands in exactly one group: one that a rule says nothing
about lands in `UNSETTLED`, where people see it, and a group named `NOT_STATED` is that of the
respondents of whom nothing is known.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, get_args

from workbench.domain.bands import date_words, number_words
from workbench.domain.documents import NOT_STATED
from workbench.domain.text import normalise
from workbench.domain.words import MONTHS
from workbench.errors import InputError

Rest = Literal["keep", "other"]
Period = Literal["year", "quarter", "month"]
Grouper = Callable[[str], str]

UNSETTLED = "Not in any group yet"
"""The group of the values that a rule does not know, such as one that a later import brings."""

MAX_GROUP = 500
"""Characters of a group's name: as many as a value may have."""
MAX_EDGES = 100


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """A group by its name, and the values of the original that belong to it."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Values of the original put together.

    `rest` says what becomes of the values that no group lists when the rule is made or settled:
    each keeps its own name, or all go into the group `other`. See `completed`.
    """

    groups: tuple[ValueGroup, ...]
    rest: Rest = "keep"
    other: str = "Other"


@dataclass(frozen=True, slots=True)
class NumberBands:
    """Half-open bands of numbers: below the first edge, from each edge to below the next, the rest.

    There is one label more than there are edges.
    """

    edges: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateBands:
    """Half-open bands of dates: before the first edge, from each edge to before the next, the rest.

    Edges are ISO dates. There is one label more than there are edges.
    """

    edges: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Dates by calendar year, quarter or month."""

    by: Period


Rule = Merge | NumberBands | DateBands | Calendar


def grouper(rule: Rule) -> Grouper:
    """Make the function that gives a value's group.

    Examples
    --------
    >>> into = grouper(NumberBands((18.0, 65.0), ("Under 18", "18 to under 65", "65 or over")))
    >>> into("17"), into("18"), into("64.5"), into("65"), into("many")
    ('Under 18', '18 to under 65', '18 to under 65', '65 or over', 'Not in any group yet')
    >>> grouper(Calendar("quarter"))("2022-02-14")
    'Jan to Mar 2022'
    """
    if isinstance(rule, Merge):
        known = {value: group.name for group in rule.groups for value in group.values}
        return lambda value: known.get(value, UNSETTLED)
    if isinstance(rule, NumberBands):
        return _banded(rule.edges, rule.labels, read_number)
    if isinstance(rule, DateBands):
        edges = tuple(dt.date.fromisoformat(edge) for edge in rule.edges)
        return _banded(edges, rule.labels, read_date)
    return lambda value: _period_name(rule.by, value)


def _banded(edges: Sequence[Any], labels: Sequence[str], read: Callable[[str], Any]) -> Grouper:
    def group(value: str) -> str:
        found = read(value)
        return UNSETTLED if found is None else labels[bisect_right(edges, found)]

    return group


def _period_name(by: Period, value: str) -> str:
    day = read_date(value)
    if day is None:
        return UNSETTLED
    if by == "year":
        return str(day.year)
    if by == "month":
        return f"{MONTHS[day.month - 1]} {day.year}"
    first = (day.month - 1) // 3 * 3
    return f"{MONTHS[first]} to {MONTHS[first + 2]} {day.year}"


def read_number(value: str) -> float | None:
    """Read a value as a number; None where it is none."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def read_date(value: str) -> dt.date | None:
    """Read a value as a date, without its time of day; None where it is none."""
    try:
        return dt.date.fromisoformat(value[:10])
    except ValueError:
        return None


def groups_in_order(rule: Rule, values: Iterable[str] = ()) -> tuple[str, ...]:
    """Name a rule's groups in their order; those of a calendar are the periods of these values."""
    if isinstance(rule, Merge):
        names: Iterable[str] = (group.name for group in rule.groups)
    elif isinstance(rule, Calendar):
        days = sorted({day for value in values if (day := read_date(value)) is not None})
        names = dict.fromkeys(_period_name(rule.by, day.isoformat()) for day in days)
    else:
        names = rule.labels
    return tuple(name for name in names if name != NOT_STATED)


def in_words(rule: Rule) -> tuple[str, ...]:
    """Say for each band what belongs to it, ends included or not; nothing for other rules."""
    if isinstance(rule, NumberBands):
        return number_words(rule.edges)
    return date_words(rule.edges) if isinstance(rule, DateBands) else ()


# ---------------------------------------------------------------- merging


def completed(rule: Merge, values: Iterable[str]) -> Merge:
    """Put each of these values that no group lists where the rule's `rest` says."""
    groups = {group.name: list(group.values) for group in rule.groups}
    spelled = {name.casefold(): name for name in groups}
    listed = {value for group in rule.groups for value in group.values}
    for value in dict.fromkeys(values):
        if value in listed:
            continue
        name = rule.other if rule.rest == "other" else clean_name(value)
        groups.setdefault(spelled.setdefault(name.casefold(), name), []).append(value)
    return replace(
        rule, groups=tuple(ValueGroup(name, tuple(held)) for name, held in groups.items())
    )


def merge_of(
    pairs: Iterable[tuple[str, str]], *, rest: Rest = "keep", other: str = "Other"
) -> Merge:
    """Make a merge of (value, name of its group), groups in the order in which they are met.

    A value whose group is empty is not listed.
    """
    groups: dict[str, list[str]] = {}
    for value, name in pairs:
        shown = clean_name(name)
        if shown:
            groups.setdefault(shown, []).append(value)
    made = tuple(ValueGroup(name, tuple(values)) for name, values in groups.items())
    return Merge(made, rest, clean_name(other))


def spelled_alike(values: Iterable[tuple[str, int]]) -> tuple[ValueGroup, ...]:
    """Find values that differ in capitals and spaces alone, from (value, how many have it).

    Each group is called by the spelling that most have, and of those the first.

    Examples
    --------
    >>> spelled_alike([("pakistani", 1), ("Pakistani", 4), ("Roma", 2)])
    (ValueGroup(name='Pakistani', values=('pakistani', 'Pakistani')),)
    """
    alike: dict[str, list[tuple[str, int]]] = {}
    for value, n in values:
        alike.setdefault(clean_name(value).casefold(), []).append((value, n))
    return tuple(
        ValueGroup(
            clean_name(max(found, key=lambda item: item[1])[0]), tuple(value for value, _ in found)
        )
        for found in alike.values()
        if len(found) > 1
    )


def clean_name(name: str) -> str:
    """Write a group's name as it is kept: without control characters, with single spaces."""
    return " ".join(normalise(name).split())


# ---------------------------------------------------------------- rules that hold, and JSON


def check(rule: Rule) -> None:
    """Refuse a rule that cannot be applied as it stands.

    Raises
    ------
    InputError
        When there is no group, a name is empty, too long, taken or spelled in two ways, a value is
        in two groups, edges do not rise, or labels and edges do not go together.
    """
    if isinstance(rule, Merge):
        _check_merge(rule)
    elif isinstance(rule, Calendar):
        if rule.by not in get_args(Period):
            raise InputError(f"dates are grouped by year, quarter or month, not by {rule.by!r}.")
    else:
        _check_bands(rule)


def _check_merge(rule: Merge) -> None:
    if not rule.groups:
        raise InputError("no value is in a group yet.", hint="Name a group for at least one value.")
    names = [group.name for group in rule.groups]
    _check_names([*names, *([rule.other] if rule.rest == "other" else [])], taken=False)
    _check_names(names)
    home: dict[str, str] = {}
    for group in rule.groups:
        if not group.values:
            raise InputError(f"the group {group.name!r} has no values.", hint="Give it some.")
        for value in group.values:
            if home.setdefault(value, group.name) != group.name:
                raise InputError(
                    f"the value {value!r} is in two groups, {home[value]!r} and {group.name!r}.",
                    hint="Leave it in one of them.",
                )


def _check_bands(rule: NumberBands | DateBands) -> None:
    edges: tuple[Any, ...] = rule.edges
    if not edges:
        raise InputError("there is no edge between bands.", hint="Give at least one.")
    if len(edges) > MAX_EDGES:
        raise InputError(f"{len(edges)} edges, at most {MAX_EDGES} make bands that people read.")
    if isinstance(rule, DateBands):
        for edge in rule.edges:
            if read_date(edge) is None or len(edge) != 10:
                raise InputError(f"the edge {edge!r} is not a date.", hint="Write 2022-02-14.")
    elif not all(math.isfinite(edge) for edge in rule.edges):
        raise InputError("an edge is not a number.", hint="Write numbers such as 18 or 2.5.")
    if any(not a < b for a, b in pairwise(edges)):
        raise InputError("the edges do not rise.", hint="Give each once, from low to high.")
    if len(rule.labels) != len(edges) + 1:
        raise InputError(
            f"{len(edges)} edges make {len(edges) + 1} bands, but there are {len(rule.labels)} "
            "labels.",
            hint="Give one label to each band.",
        )
    _check_names(rule.labels)


def _check_names(names: Sequence[str], *, taken: bool = True) -> None:
    spelled: dict[str, str] = {}
    for name in names:
        if not name or len(name) > MAX_GROUP or name != clean_name(name):
            raise InputError(
                f"the group's name {name[:40]!r} cannot be used.",
                hint=f"A name has 1 to {MAX_GROUP} characters on one line.",
            )
        if name.casefold() == UNSETTLED.casefold():
            raise InputError(f"{UNSETTLED!r} is no name for a group.", hint="Choose another.")
        other = spelled.get(name.casefold())
        if other is not None and (taken or other != name):
            raise InputError(
                f"two groups are named {name!r}."
                if other == name
                else f"two groups differ only in capitals: {other!r} and {name!r}.",
                hint="Give each group a name of its own.",
            )
        spelled[name.casefold()] = name


def to_json(rule: Rule) -> dict[str, Any]:
    """Write a rule as plain values."""
    if isinstance(rule, Merge):
        groups = [{"name": group.name, "values": list(group.values)} for group in rule.groups]
        return {"kind": "merge", "groups": groups, "rest": rule.rest, "other": rule.other}
    if isinstance(rule, Calendar):
        return {"kind": "calendar", "by": rule.by}
    kind = "numbers" if isinstance(rule, NumberBands) else "dates"
    return {"kind": kind, "edges": list(rule.edges), "labels": list(rule.labels)}


def from_json(values: dict[str, Any]) -> Rule:
    """Read a rule from what `to_json` has written."""
    if values["kind"] == "merge":
        groups = (ValueGroup(item["name"], tuple(item["values"])) for item in values["groups"])
        return Merge(tuple(groups), values["rest"], values["other"])
    if values["kind"] == "calendar":
        return Calendar(values["by"])
    edges, labels = values["edges"], tuple(values["labels"])
    if values["kind"] == "numbers":
        return NumberBands(tuple(float(edge) for edge in edges), labels)
    return DateBands(tuple(edges), labels)
