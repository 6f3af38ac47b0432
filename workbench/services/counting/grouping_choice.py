"""What a table is grouped by: attributes, focus groups, or their series.

In: names as people choose them. Out: a `Grouping`, which counts and puts its groups in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.domain.codings import DocumentFilter
from workbench.errors import InputError
from workbench.services.counting import session_groups
from workbench.services.counting.session_groups import Held
from workbench.store import studies
from workbench.store.counting import counts
from workbench.store.counting.counts_by_session import count_sessions
from workbench.store.engine import Connection
from workbench.store.studies import StoredAttribute
from workbench.store.surveys.respondents import values_in_use


@dataclass(frozen=True, slots=True)
class Grouping:
    """Sessions or series first, if any, then attributes; nothing takes everybody together."""

    held: Held | None = None
    attributes: tuple[StoredAttribute, ...] = ()

    @property
    def attribute_ids(self) -> list[int]:
        """The keys of the attributes."""
        return [item.id for item in self.attributes]

    @property
    def names(self) -> tuple[str, ...]:
        """How the groups are called in files."""
        first = (self.held.name,) if self.held else ()
        return (*first, *(item.name for item in self.attributes))

    @property
    def titles(self) -> tuple[str, ...]:
        """How the groups are called on a page."""
        first = (self.held.title,) if self.held else ()
        return (*first, *(item.title for item in self.attributes))

    @property
    def overlapping(self) -> bool:
        """Whether a respondent may have several values at once."""
        return any(item.kind == "multi" for item in self.attributes)

    def count(
        self, connection: Connection, study_id: int, actor_id: int, **options: Any
    ) -> list[counts.GroupCount]:
        """Count; options as `count_themes` takes them."""
        if self.held is None:
            return counts.count_themes(
                connection, study_id, actor_id, attribute_ids=self.attribute_ids, **options
            )
        return self.held.named(
            count_sessions(
                connection, study_id, actor_id, unit=self.held.unit,
                attribute_ids=self.attribute_ids, **options,
            )
        )  # fmt: skip

    def orders(self, connection: Connection) -> list[list[str]]:
        """Give the groups in their order."""
        first = [list(self.held.names.values())] if self.held else []
        return [*first, *(order_of(connection, item) for item in self.attributes)]


def find_grouping(
    connection: Connection, study_id: int, by: Sequence[str], where: DocumentFilter
) -> Grouping:
    """Find what a person wants to group by: names of attributes, or what pages call them.

    Raises
    ------
    InputError
        When an attribute is unknown or identifying, more than two are named, or focus groups are
        named with anything else.
    """
    if len(by) > 2:
        raise InputError(f"{len(by)} attributes to group by.", hint="Name one or two.")
    known = {item.name: item for item in studies.list_attributes(connection, study_id)
             if not item.identifying}  # fmt: skip
    by = [_name_of(given, known) for given in by]
    if len(set(by)) < len(by):
        raise InputError(f"{by[0]} is named twice.", hint="Name two different attributes.")
    unit, names = session_groups.part(by, known)
    for name in names:
        if name not in known:
            raise InputError(
                f"there is no attribute {name!r} to group by.",
                hint=f"Attributes: {', '.join(known) or 'none'}.",
            )
    held = None
    if unit is not None:
        held = session_groups.held_groups(connection, study_id, unit, where, known)
    return Grouping(held, tuple(known[name] for name in names))


def _name_of(given: str, known: Mapping[str, StoredAttribute]) -> str:
    """Give the name of the one attribute that is called so; else what was given."""
    if given in known or {given, f"@{given}"} & session_groups.UNITS.keys():
        return given
    plain = given.strip().casefold()
    called = [
        item.name
        for item in known.values()
        if plain in (item.name.casefold(), item.title.casefold())
    ]
    return called[0] if len(called) == 1 else given


def order_of(connection: Connection, item: StoredAttribute) -> list[str]:
    """Put an attribute's values in their order: declared ones first, the rest by name or size."""
    used = values_in_use(connection, item.id)
    rest = [value for value in used if value not in item.ordered_values]
    rest.sort(key=_number_or_name if item.kind == "number" else str.casefold)
    return [*item.ordered_values, *rest]


def _number_or_name(value: str) -> tuple[int, float, str]:  # numbers first, by size
    try:
        return (0, float(value), value)
    except ValueError:
        return (1, 0.0, value)
