"""Traits of attributes: what there is, how it is called and ordered, and how many have each value.

In: a study. Out: its attributes with the sizes of their groups; labels, orders and switches that a
person has set, which imports leave alone. Values of identifying attributes are never given out.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.domain import groupings as rules
from workbench.domain.codings import Actor
from workbench.domain.documents import NOT_STATED
from workbench.domain.groupings import UNSETTLED, DateBands, Merge, NumberBands, Rule
from workbench.errors import ConflictError, InputError, NotFound
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.engine import Connection, Database
from workbench.store.studies import StoredAttribute
from workbench.store.surveys import attributes as store
from workbench.store.surveys import groupings
from workbench.store.team.people import MAX_NAME, one_line
from workbench.store.trail.states import apply_states

__all__ = ["FEW", "AttributeDetail", "GroupSize", "ListedAttribute", "StoredAttribute"]

FEW = 5
"""Fewer respondents than this may be recognised by their group."""

MAX_VALUE = 500
"""Characters of a value, as in the table of values."""

BY_HAND = ("label", "grouping", "ordered_values")
"""What a person may set of any attribute, and an import then leaves alone."""


@dataclass(frozen=True, slots=True)
class ListedAttribute:
    """An attribute in the list: originals, each with what is derived from it below."""

    item: StoredAttribute
    n_values: int
    n_unsettled: int


@dataclass(frozen=True, slots=True)
class GroupSize:
    """A group and how many respondents are in it. `words` says what a band holds."""

    name: str
    n: int
    words: str = ""

    @property
    def is_few(self) -> bool:
        """Whether so few are in it that they may be recognised."""
        return 0 < self.n < FEW


@dataclass(frozen=True, slots=True)
class AttributeDetail:
    """An attribute with its groups and their sizes; none for an identifying one."""

    item: StoredAttribute
    groups: tuple[GroupSize, ...]
    source: StoredAttribute | None = None
    rule: Rule | None = None
    openly: bool = False


def list_attributes(actor: Actor, database: Database, study_id: int) -> list[ListedAttribute]:
    """List a study's attributes, what is derived from one directly below it."""
    with database.read() as connection:
        known = studies.list_attributes(connection, study_id)
        counts = groupings.count_kinds(connection, study_id)
    place = {item.id: at for at, item in enumerate(known)}
    return [
        ListedAttribute(
            _shown(item), *((0, 0) if item.identifying else counts.get(item.id, (0, 0)))
        )
        for item in sorted(
            known,
            key=lambda item: (
                place[item.derived_from or item.id],
                item.derived_from is not None,
                place[item.id],
            ),
        )
    ]


def find(actor: Actor, database: Database, study_id: int, name: str) -> StoredAttribute:
    """Find an attribute by its name.

    Raises
    ------
    NotFound
        When there is none; the message lists those that there are.
    """
    with database.read() as connection:
        known = {item.name: item for item in studies.list_attributes(connection, study_id)}
    if name not in known:
        raise NotFound(f"there is no attribute {name!r}. Attributes: {', '.join(known) or 'none'}.")
    return known[name]


def read_names(actor: Actor, database: Database, study_id: int, given: Sequence[str]) -> list[str]:
    """Read names of attributes as they are typed: several parted by commas, or one as it is.

    What is an attribute's name as a whole is that attribute, commas and all; a name with a comma
    among others stands in double quotes, as in CSV. Unknown names are given as they are.
    """
    with database.read() as connection:
        known = {item.name for item in studies.list_attributes(connection, study_id)}
    names: list[str] = []
    for text in given:
        if text.strip() in known:
            names.append(text.strip())
        else:
            parts = next(csv.reader([text], skipinitialspace=True), [])
            names += [name for part in parts if (name := part.strip())]
    return names


def describe(actor: Actor, database: Database, study_id: int, attribute_id: int) -> AttributeDetail:
    """Give an attribute with its groups in their order and how many respondents are in each."""
    with database.read() as connection:
        item = get(connection, study_id, attribute_id)
        rule, openly, source = None, False, None
        if item.derived_from is not None:
            derived = groupings.get_derived(connection, attribute_id)
            rule, openly = derived.rule, derived.openly
            source = _shown(get(connection, study_id, item.derived_from))
        if item.identifying:
            hidden = None if isinstance(rule, Merge) else rule
            return AttributeDetail(_shown(item), (), source, hidden, openly)
        counts = groupings.count_values(connection, study_id, item.id)
    return AttributeDetail(item, sizes(item.ordered_values, counts, rule), source, rule, openly)


def _shown(item: StoredAttribute) -> StoredAttribute:
    """Keep an identifying attribute's values to the store."""
    return replace(item, ordered_values=()) if item.identifying else item


def edit(
    actor: Actor,
    database: Database,
    study_id: int,
    attribute_id: int,
    changes: Mapping[str, object],
    *,
    seen: StoredAttribute | None = None,
) -> bool:
    """Set an attribute's label, whether it groups, the order of its values; tell if it changed.

    What is set of an original stays when its file is imported again. A derived one can be given
    another `name` too; that of an original is its column's in the mapping.

    Parameters
    ----------
    seen
        The attribute as the person saw it while editing.

    Raises
    ------
    InputError
        When a trait cannot be set, or a value is too long or listed twice.
    ConflictError
        When a trait that is to be changed is not as it was `seen` any more.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        item = get(connection, study_id, attribute_id)
        values = _checked(connection, study_id, item, changes)
        for name in values if seen else ():
            if getattr(seen, name) != getattr(item, name):
                raise ConflictError(
                    f"somebody else has changed {item.title} in the meantime. It is shown anew."
                )
        if not values:
            return False
        by_hand = [name for name in BY_HAND if name in {*item.edited, *values}]
        if item.derived_from is not None:
            by_hand = [name for name in by_hand if name == "ordered_values"]
        after = {**values, "edited": by_hand or None}
        return write(connection, actor, study_id, item, after, "edit attribute", "editing")


def as_in_the_file(actor: Actor, database: Database, study_id: int, attribute_id: int) -> bool:
    """Let the next import set an original's label, grouping and order again."""
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        item = get(connection, study_id, attribute_id)
        return write(
            connection, actor, study_id, item, {"edited": None}, "edit attribute", "editing"
        )


def _checked(
    connection: Connection,
    study_id: int,
    item: StoredAttribute,
    changes: Mapping[str, object],
) -> dict[str, object]:
    """Give the changes as they are kept; those that change nothing are left out."""
    allowed = {*BY_HAND, "name"} if item.derived_from is not None else set(BY_HAND)
    unknown = set(changes) - allowed
    if unknown:
        raise InputError(f"{', '.join(sorted(unknown))} of {item.title} cannot be set here.")
    values = dict(changes)
    if "label" in values:
        values["label"] = one_line(str(values["label"]))
    if "name" in values:
        values["name"] = free_name(connection, study_id, str(values["name"]), item.id)
    if values.get("grouping") and item.identifying:
        raise InputError(f"{item.title} is identifying, and is never offered for grouping.")
    if "ordered_values" in values:
        if item.identifying:
            raise InputError(f"{item.title} is identifying: its values are never shown.")
        values["ordered_values"] = _order(values["ordered_values"])
    kept = {name: value for name, value in values.items() if value != getattr(item, name)}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()
    }


def _order(wanted: object) -> tuple[str, ...]:
    if isinstance(wanted, str) or not isinstance(wanted, Sequence):
        raise InputError("the order of values is a list of values.")
    values = tuple(value for item in wanted if (value := str(item).strip()))
    for value in values:
        if len(value) > MAX_VALUE:
            raise InputError(f"the value {value[:40]!r}... has more than {MAX_VALUE} characters.")
        if values.count(value) > 1:
            raise InputError(f"the value {value!r} is listed twice.", hint="Give it one place.")
        if value in (NOT_STATED, UNSETTLED):
            raise InputError(f"{value!r} always comes last and has no place of its own.")
    return values


def get(connection: Connection, study_id: int, attribute_id: int) -> StoredAttribute:
    """Read one of a study's attributes; raises NotFound when it is not there."""
    for item in studies.list_attributes(connection, study_id):
        if item.id == attribute_id:
            return item
    raise NotFound("this attribute is not in the study any more.")


def free_name(connection: Connection, study_id: int, name: str, but: int | None = None) -> str:
    """Give a name as it is kept; raises InputError when it cannot be used or is another's."""
    shown = one_line(name)
    if not shown or len(shown) > MAX_NAME:
        raise InputError(
            f"the name of an attribute has 1 to {MAX_NAME} characters.", hint="Give it another."
        )
    for item in studies.list_attributes(connection, study_id):
        if item.id != but and item.name.casefold() == shown.casefold():
            raise InputError(
                f"there is an attribute named {item.name!r} already.", hint="Give it another name."
            )
    return shown


def write(
    connection: Connection,
    actor: Actor,
    study_id: int,
    item: StoredAttribute,
    wanted: Mapping[str, object],
    verb: str,
    doing: str,
) -> bool:
    """Write traits that differ from what stands there; tell whether any does."""
    now = store.attribute_state(connection, item.id)
    changed = [name for name, value in wanted.items() if now[name] != value]
    if not changed:
        return False
    before = {"id": item.id, **{name: now[name] for name in changed}}
    after = {"id": item.id, **{name: wanted[name] for name in changed}}
    apply_states(connection, {"attribute": [after]})
    record(connection, actor, study_id, verb, f"{doing} {item.title}", before, after)
    return True


def record(
    connection: Connection,
    actor: Actor,
    study_id: int,
    verb: str,
    label: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """Write down that an attribute was changed; the event holds its key and no values."""
    trail.record(
        connection,
        actor,
        study_id,
        verb,
        label=label,
        forward={"attribute": [after]},
        inverse={"attribute": [before]},
        details={"attribute": after["id"]},
    )


def sizes(
    order: Sequence[str], counts: Mapping[str, int], rule: Rule | None
) -> tuple[GroupSize, ...]:
    """Put sizes beside groups, in their order; those that nobody asked for come last."""
    words = dict(zip(rule.labels, rules.in_words(rule), strict=True)) if isinstance(
        rule, NumberBands | DateBands
    ) else {}  # fmt: skip
    names = [name for name in order if name not in (UNSETTLED, NOT_STATED)]
    names += sorted(set(counts) - {*names, UNSETTLED, NOT_STATED}, key=_by_size_or_name)
    names += [name for name in (UNSETTLED, NOT_STATED) if counts.get(name)]
    return tuple(GroupSize(name, counts.get(name, 0), words.get(name, "")) for name in names)


def _by_size_or_name(value: str) -> tuple[int, float, str]:
    number = rules.read_number(value)
    return (1, 0.0, value.casefold()) if number is None else (0, number, value)
