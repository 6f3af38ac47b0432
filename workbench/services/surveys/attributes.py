"""Attributes of one respondent: what is known of them, and corrections by hand.

In: a respondent, an attribute and its values. Out: the values, marked as set by hand, so that an
import leaves them alone; what is derived from them follows. Each change can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.domain.codings import Actor
from workbench.domain.documents import NOT_STATED
from workbench.domain.groupings import UNSETTLED
from workbench.domain.text import normalise
from workbench.errors import ConflictError, InputError, NotAllowed, NotFound
from workbench.services.surveys.attribute_traits import MAX_VALUE, get
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.engine import Connection, Database
from workbench.store.studies import StoredAttribute
from workbench.store.surveys import attributes as store
from workbench.store.surveys import respondents
from workbench.store.surveys.respondents import StoredRespondent
from workbench.store.team import people
from workbench.store.trail.states import apply_states

MAX_VALUES = 200
"""Values of one multi-select."""


@dataclass(frozen=True, slots=True)
class KnownValues:
    """What a respondent has for an attribute; who set it by hand and when, if anybody did."""

    item: StoredAttribute
    values: tuple[str, ...]
    set_by: str = ""
    set_at: str = ""

    @property
    def can_be_set(self) -> bool:
        """Whether a person may set it: what is derived follows its original."""
        return self.item.derived_from is None


def list_values(
    actor: Actor,
    database: Database,
    study_id: int,
    respondent_id: int,
) -> list[KnownValues]:
    """List a respondent's attributes in the study's order, those without a value too.

    Identifying ones are never among them.

    Raises
    ------
    NotFound
        When the study has no such respondent, or they have withdrawn.
    """
    with database.read() as connection:
        _respondent(connection, study_id, respondent_id)
        values = store.values_by_attribute(connection, respondent_id)
        by_hand = store.edited_attributes(connection, respondent_id)
        return [
            KnownValues(
                item, _ordered(item, values.get(item.id, ())), *by_hand.get(item.id, ("", ""))
            )
            for item in studies.list_attributes(connection, study_id)
            if not item.identifying
        ]


def is_owner(actor: Actor, database: Database, study_id: int) -> bool:
    """Tell whether the actor owns the study."""
    with database.read() as connection:
        return people.role_of(connection, study_id, actor.id) == "owner"


def choices(actor: Actor, database: Database, study_id: int, attribute_id: int) -> list[str]:
    """List the values that an attribute takes so far, in their order; none of identifying ones."""
    with database.read() as connection:
        item = get(connection, study_id, attribute_id)
        if item.identifying:
            return []
        used = respondents.values_in_use(connection, item.id)
        return list(dict.fromkeys((*item.ordered_values, *used)))


def set_values(
    actor: Actor,
    database: Database,
    study_id: int,
    respondent_id: int,
    attribute_id: int,
    values: Sequence[str],
    *,
    seen: Sequence[str] | None = None,
) -> bool:
    """Set what a respondent has for an attribute; no values clear it. Tell whether it changed.

    From then on an import leaves it alone, until `release`.

    Parameters
    ----------
    seen
        The values as the person saw them while editing.

    Raises
    ------
    InputError
        When the attribute is derived, or the values do not fit its kind.
    NotAllowed
        When somebody else than an owner sets an identifying attribute.
    ConflictError
        When the values are not as they were `seen` any more.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        person, item = _editable(connection, actor, study_id, respondent_id, attribute_id)
        before = store.values_state(connection, respondent_id, attribute_id)
        if seen is not None and set(seen) != set(before["values"]):
            raise ConflictError(
                f"{item.title} of {person.ref} has been changed in the meantime. It is shown anew."
            )
        wanted = sorted(fitting(item, values))
        if wanted == before["values"]:
            return False
        mark = {"coder_id": actor.id, "changed_at": now()}
        after = {**before, "values": wanted, "edit": mark}
        _write(connection, actor, study_id, person, item, "set values", before, after)
        return True


def release(
    actor: Actor, database: Database, study_id: int, respondent_id: int, attribute_id: int
) -> bool:
    """Let the next import set an attribute of a respondent again; tell whether it was set by hand.

    The value stays as it is until then.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        person, item = _editable(connection, actor, study_id, respondent_id, attribute_id)
        before = store.values_state(connection, respondent_id, attribute_id)
        if before["edit"] is None:
            return False
        after = {**before, "edit": None}
        _write(connection, actor, study_id, person, item, "release values", before, after)
        return True


def _write(
    connection: Connection,
    actor: Actor,
    study_id: int,
    person: StoredRespondent,
    item: StoredAttribute,
    verb: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    apply_states(connection, {"respondent_attribute": [after]})
    trail.record(
        connection,
        actor,
        study_id,
        verb,
        label=f"{item.title} of {person.ref}",
        forward={"respondent_attribute": [after]},
        inverse={"respondent_attribute": [before]},
        details={"respondent": person.id, "attribute": item.id, "values": len(after["values"])},
    )


def _editable(
    connection: Connection, actor: Actor, study_id: int, respondent_id: int, attribute_id: int
) -> tuple[StoredRespondent, StoredAttribute]:
    person = _respondent(connection, study_id, respondent_id)
    item = get(connection, study_id, attribute_id)
    if item.derived_from is not None:
        raise InputError(
            f"{item.title} is derived and follows its original.", hint="Set the original."
        )
    if item.identifying:
        _refuse_others(connection, actor, study_id)
    return person, item


def _refuse_others(connection: Connection, actor: Actor, study_id: int) -> None:
    if people.role_of(connection, study_id, actor.id) != "owner":
        raise NotAllowed(
            f"{actor.name} is no owner of this study. Only an owner sees identifying attributes."
        )


def _respondent(connection: Connection, study_id: int, respondent_id: int) -> StoredRespondent:
    found = respondents.get_respondent(connection, study_id, respondent_id)
    if found is None:
        raise NotFound("this respondent is not in the study, or has withdrawn.")
    return found


def _ordered(item: StoredAttribute, values: Sequence[str]) -> tuple[str, ...]:
    place = {value: at for at, value in enumerate(item.ordered_values)}
    return tuple(sorted(values, key=lambda value: (place.get(value, len(place)), value)))


def fitting(item: StoredAttribute, values: Sequence[str]) -> list[str]:
    """Give values as they are kept.

    Raises
    ------
    InputError
        When one is no number or date where one is expected, is too long, or there are too many.
    """
    given = list(dict.fromkeys(value for raw in values if (value := normalise(raw).strip())))
    most = MAX_VALUES if item.kind == "multi" else 1
    if len(given) > most:
        raise InputError(
            f"{item.title} takes {'one value' if most == 1 else f'{most} values at most'}, not "
            f"{len(given)}."
        )
    return list(dict.fromkeys(_one(item, value) for value in given))


def _one(item: StoredAttribute, value: str) -> str:
    from pipelines.ingest.surveys.values import parse_date, parse_number

    if len(value) > MAX_VALUE:
        raise InputError(
            f"a value has at most {MAX_VALUE} characters, not {len(value):,}.",
            hint="A longer text is an answer.",
        )
    if value in (NOT_STATED, UNSETTLED):
        raise InputError(f"{value!r} is no value.", hint="Clear the attribute instead.")
    if item.kind == "number":
        number = parse_number(value)
        if number is None:
            raise InputError(f"{item.title}: {value!r} is not a number.", hint="Write 12 or 2.5.")
        return number
    if item.kind == "date":
        date = parse_date(value)
        if date is None:
            raise InputError(
                f"{item.title}: {value!r} is not a date.", hint="Write 2022-02-14 or 14/02/2022."
            )
        return date
    return value
