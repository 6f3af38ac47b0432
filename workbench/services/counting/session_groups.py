"""Sessions as groups of a table: themes by focus group, or by series of focus groups.

In: what a person wants to group by. Out: the groups with their names, the cells that the store has
counted under them, and the filter that means one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.domain.codings import Actor, DocumentFilter
from workbench.errors import InputError
from workbench.store.counting.counts import GroupCount
from workbench.store.counting.counts_by_session import SessionUnit
from workbench.store.discussions import sessions
from workbench.store.discussions.sessions import Session
from workbench.store.engine import Connection, Database

BY_SESSION, BY_SERIES = "@session", "@series"
"""Stand among the attributes to group by; without the sign, where no attribute is so called."""
UNITS: dict[str, SessionUnit] = {BY_SESSION: "session", BY_SERIES: "series"}
TITLES: dict[SessionUnit, str] = {"session": "Focus group", "series": "Series"}
NO_SERIES = "In no series"


@dataclass(frozen=True, slots=True)
class Held:
    """Sessions or series as groups. `names` has what is shown by what the store counts under."""

    unit: SessionUnit
    name: str
    names: Mapping[str, str]

    @property
    def title(self) -> str:
        """What people read above the groups."""
        return TITLES[self.unit]

    def named(self, cells: Sequence[GroupCount]) -> list[GroupCount]:
        """Give counted cells with the names of their groups."""
        return [
            replace(cell, groups=(self.names[cell.groups[0]], *cell.groups[1:]))
            for cell in cells
            if cell.groups[0] in self.names
        ]


def offers(actor: Actor, database: Database, study_id: int) -> dict[str, str]:
    """Give what a study can be grouped by beside attributes, with titles; series first."""
    with database.read() as connection:
        held = sessions.list_sessions(connection, study_id)
    found = {BY_SERIES: TITLES["series"]} if any(item.series for item in held) else {}
    return found | ({BY_SESSION: TITLES["session"]} if held else {})


def part(by: Sequence[str], known: Collection[str]) -> tuple[SessionUnit | None, list[str]]:
    """Part what a table is grouped by into sessions or series, and attributes.

    Parameters
    ----------
    known
        Names of attributes: `session` means the attribute where there is one of this name.

    Raises
    ------
    InputError
        When sessions and series are both named, or sessions with an attribute.
    """
    units = {name: UNITS.get(name) or UNITS[f"@{name}"] for name in by
             if name in UNITS or (f"@{name}" in UNITS and name not in known)}  # fmt: skip
    rest = [name for name in by if name not in units]
    if len(units) > 1 or ("session" in units.values() and rest):
        raise InputError(
            "focus groups stand alone in a table.",
            hint="Group by session alone, or by series and one attribute.",
        )
    return next(iter(units.values()), None), rest


def held_groups(
    connection: Connection,
    study_id: int,
    unit: SessionUnit,
    where: DocumentFilter,
    known: Collection[str],
) -> Held:
    """List the sessions or series within a filter; `known` are the names of attributes."""
    held = within(sessions.list_sessions(connection, study_id), where)
    if unit == "session":
        names = {str(item.id): item.name for item in held}
    else:
        names = {item.series: item.series or NO_SERIES for item in held if item.series}
        names |= {"": NO_SERIES} if any(not item.series for item in held) else {}
    return Held(unit, unit if unit not in known else f"focus group {unit}", names)


def within(held: Sequence[Session], where: DocumentFilter) -> list[Session]:
    """Keep the sessions that a filter means by their key or series."""
    return [
        item
        for item in held
        if where.series in (None, item.series) and where.session_id in (None, item.id)
    ]


def narrowed(
    where: DocumentFilter, unit: SessionUnit, name: str, held: Sequence[Session]
) -> DocumentFilter:
    """Narrow a filter to a session or a series by the name that a table shows."""
    for item in held:
        if unit == "session" and name == item.name:
            return replace(where, kind="focus_group", session_id=item.id)
        if unit == "series" and name == (item.series or NO_SERIES):
            return replace(where, kind="focus_group", series=item.series)
    return where


def narrowed_to(
    where: DocumentFilter, groups: Mapping[str, str], held: Sequence[Session]
) -> DocumentFilter:
    """Narrow a filter to a row of a table by session or series; a row of all to focus groups."""
    for column, name in groups.items():
        return narrowed(where, "session" if column.endswith("session") else "series", name, held)
    return replace(where, kind=where.kind or "focus_group")
