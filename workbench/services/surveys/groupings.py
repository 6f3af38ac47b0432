"""Groupings: attributes derived from others by merging values or by bands.

In: an original and a rule. Out: a derived attribute that counts as any other; the original stays.
What was done can be undone. Values of identifying attributes are never given out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.domain import groupings as rules
from workbench.domain.codings import Actor
from workbench.domain.documents import NOT_STATED, AttributeKind
from workbench.domain.groupings import UNSETTLED, Calendar, Merge, NumberBands, Rule
from workbench.errors import ConflictError, InputError, NotAllowed
from workbench.services.surveys import attribute_traits as traits
from workbench.services.surveys.attribute_traits import FEW, GroupSize
from workbench.services.trail import trail
from workbench.store.engine import Connection, Database
from workbench.store.studies import StoredAttribute
from workbench.store.surveys import attributes as store
from workbench.store.surveys import groupings
from workbench.store.team import people
from workbench.store.team.people import one_line
from workbench.store.trail.states import apply_states

__all__ = ["MAX_MERGED", "NOT_STATED", "UNSETTLED", "Preview"]

MAX_MERGED = 2_000
"""More different values than this are no groups."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would do. `hidden`: the result is identifying, so that nothing is shown."""

    rule: Rule
    groups: tuple[GroupSize, ...]
    hidden: bool = False

    @property
    def few(self) -> tuple[GroupSize, ...]:
        """The groups in which respondents may be recognised."""
        return tuple(group for group in self.groups if group.is_few and group.name != NOT_STATED)


def preview(
    actor: Actor,
    database: Database,
    study_id: int,
    source_id: int,
    rule: Rule,
    *,
    openly: bool = False,
) -> Preview:
    """Say what a rule would do, without writing anything.

    Raises
    ------
    InputError
        When the rule cannot be applied to this attribute.
    """
    with database.read() as connection:
        source = original(connection, study_id, source_id)
        whole = _whole(connection, source, rule)
        if source.identifying and not openly:
            return Preview(whole, (), hidden=True)
        if source.identifying:
            _refuse_fine(connection, actor, study_id, source, whole)
        counts = groupings.count_groups(connection, study_id, source.id, whole)
        values = () if source.identifying else groupings.distinct_values(connection, source.id)
    order = rules.groups_in_order(whole, values) or tuple(sorted(counts))
    return Preview(whole, traits.sizes(order, counts, whole))


def make(
    actor: Actor,
    database: Database,
    study_id: int,
    source_id: int,
    rule: Rule,
    *,
    name: str,
    label: str = "",
    grouping: bool = True,
    openly: bool = False,
) -> int:
    """Derive an attribute from another; give its key.

    Parameters
    ----------
    openly
        What is derived from an identifying attribute is identifying too. With this, an owner says
        that the result is coarse enough to be shown: bands that were chosen by hand or calendar
        years, with at least five respondents in each.

    Raises
    ------
    InputError
        When the rule or the name cannot be used.
    NotAllowed
        When somebody else than an owner asks for `openly`.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        source = original(connection, study_id, source_id)
        shown = traits.free_name(connection, study_id, name)
        whole = _whole(connection, source, rule)
        if source.identifying and openly:
            _refuse_fine(connection, actor, study_id, source, whole)
        hidden = source.identifying and not openly
        values: dict[str, Any] = {
            "name": shown,
            "label": one_line(label),
            "kind": _kind(source, whole),
            "grouping": grouping and not hidden,
            "identifying": hidden,
            "ordered_values": list(rules.groups_in_order(whole)),
            "derived_from": source.id,
            "value_map": _value_map(whole, openly=source.identifying and openly),
        }
        key = store.add_attribute(connection, study_id, **values)
        groupings.refresh_one(connection, groupings.get_derived(connection, key))
        after = store.attribute_state(connection, key)
        title = traits.get(connection, study_id, key).title
        traits.record(
            connection, actor, study_id, "make groups", f"the groups {title}",
            {"id": key, store.GONE: True}, after,
        )  # fmt: skip
        return key


def change(
    actor: Actor,
    database: Database,
    study_id: int,
    attribute_id: int,
    rule: Rule,
    *,
    seen: Rule | None = None,
) -> bool:
    """Give a derived attribute another rule; tell whether anything changed.

    Parameters
    ----------
    seen
        The rule as the person saw it when they began to change it.

    Raises
    ------
    InputError
        When the attribute is not derived, or the rule cannot be used.
    ConflictError
        When the rule is not as it was `seen` any more.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        item = _derived_item(connection, study_id, attribute_id)
        derived = groupings.get_derived(connection, attribute_id)
        if seen is not None and seen != derived.rule:
            raise ConflictError(
                f"somebody else has changed the groups of {item.title} in the meantime. "
                "Cancel, and begin from theirs."
            )
        source = original(connection, study_id, derived.source_id)
        whole = _whole(connection, source, rule)
        if derived.openly:
            _refuse_fine(connection, actor, study_id, source, whole)
        order = rules.groups_in_order(whole)
        if derived.own_order:
            kept = [name for name in derived.order if name in order]
            order = (*kept, *(name for name in order if name not in kept))
        after: dict[str, Any] = {
            "kind": _kind(source, whole),
            "ordered_values": list(order),
            "value_map": _value_map(whole, openly=derived.openly),
        }
        return traits.write(
            connection, actor, study_id, item, after, "change groups", "changing the groups"
        )


def remove(actor: Actor, database: Database, study_id: int, attribute_id: int) -> None:
    """Take away a derived attribute; its original stays as it is.

    Raises
    ------
    InputError
        When it is not derived.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        item = _derived_item(connection, study_id, attribute_id)
        before = store.attribute_state(connection, item.id)
        after = {"id": item.id, store.GONE: True}
        apply_states(connection, {"attribute": [after]})
        traits.record(
            connection, actor, study_id, "remove groups", f"removing the groups {item.title}",
            before, after,
        )  # fmt: skip


# ---------------------------------------------------------------- what holds


def original(connection: Connection, study_id: int, attribute_id: int) -> StoredAttribute:
    """Read an attribute to derive from; raises InputError when it is derived itself."""
    item = traits.get(connection, study_id, attribute_id)
    if item.derived_from is not None:
        raise InputError(
            f"{item.title} is derived itself.", hint="Derive from its original instead."
        )
    return item


def _derived_item(connection: Connection, study_id: int, attribute_id: int) -> StoredAttribute:
    item = traits.get(connection, study_id, attribute_id)
    if item.derived_from is None:
        raise InputError(
            f"{item.title} came with a file and is not derived.",
            hint="Derive groups from it; it stays as it is.",
        )
    return item


def _whole(connection: Connection, source: StoredAttribute, rule: Rule) -> Rule:
    """Hold a rule against its original; a merge is completed over all values known so far."""
    if isinstance(rule, Merge):
        refuse_merging(source)
        rules.check(rule)
        rule = rules.completed(rule, known_values(connection, source))
    else:
        wanted = "number" if isinstance(rule, NumberBands) else "date"
        if source.kind != wanted:
            raise InputError(
                f"{source.title} is of the kind {source.kind}; these bands are of {wanted}s.",
                hint="Change the kind in the mapping and import the file again, or merge values.",
            )
    rules.check(rule)
    return rule


def refuse_merging(source: StoredAttribute) -> None:
    """Refuse to merge values that are never shown, or that make bands."""
    if source.identifying:
        raise InputError(
            f"{source.title} is identifying: its values are never shown, and cannot be merged.",
            hint="Numbers and dates can be put into bands.",
        )
    if source.kind in ("number", "date"):
        raise InputError(f"{source.title} holds {source.kind}s.", hint="Put them into bands.")


def known_values(connection: Connection, source: StoredAttribute) -> tuple[str, ...]:
    """List an original's values in their order: declared ones and those in the data.

    Raises
    ------
    InputError
        When there are more than a person can put together.
    """
    used = groupings.distinct_values(connection, source.id)
    values = tuple(dict.fromkeys((*source.ordered_values, *used)))
    if len(values) > MAX_MERGED:
        raise InputError(
            f"{source.title} has {len(values):,} different values, too many to be merged.",
            hint=f"Up to {MAX_MERGED:,} can be. Put them together in the file, or map the column "
            "as an open answer.",
        )
    return values


def _refuse_others(connection: Connection, actor: Actor, study_id: int) -> None:
    if people.role_of(connection, study_id, actor.id) != "owner":
        raise NotAllowed(
            f"{actor.name} is no owner of this study. Only an owner may show what is derived from "
            "an identifying attribute."
        )


def _refuse_fine(
    connection: Connection, actor: Actor, study_id: int, source: StoredAttribute, rule: Rule
) -> None:
    """Refuse to show what is derived from an identifying attribute, unless it is coarse."""
    _refuse_others(connection, actor, study_id)
    if isinstance(rule, Calendar) and rule.by != "year":
        raise InputError(
            f"{source.title} is identifying: what is derived from it by {rule.by} is too fine to "
            "be shown.",
            hint="Take calendar years or wider bands.",
        )
    counts = groupings.count_groups(connection, study_id, source.id, rule)
    few = sorted(name for name, n in counts.items() if n < FEW and name != NOT_STATED)
    if few:
        raise InputError(
            f"{source.title} is identifying, and fewer than {FEW} respondents are in "
            f"{', '.join(few[:5])}{' and others' if len(few) > 5 else ''}.",
            hint="Make wider bands, or leave the result hidden.",
        )


# ---------------------------------------------------------------- writing


def _kind(source: StoredAttribute, rule: Rule) -> AttributeKind:
    if not isinstance(rule, Merge) or source.kind == "ordered":
        return "ordered"
    return "multi" if source.kind == "multi" else "category"


def _value_map(rule: Rule, *, openly: bool) -> dict[str, Any]:
    return {**rules.to_json(rule), **({"openly": True} if openly else {})}
