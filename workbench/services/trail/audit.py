"""Audit: what was done in a study, by whom and when, and whether the trail is whole.

In: a filter. Out: entries for a list, newest first; the result of walking the chain of events.

What others do on documents that are coded blind is left out until they open: the entries, their
number, and whatever would tell that there are any, such as gaps in the numbers of events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from workbench.domain.codings import Actor
from workbench.domain.documents import document_label
from workbench.domain.trail import AuditEntry, EventFilter
from workbench.errors import InputError
from workbench.store import studies
from workbench.store.engine import Connection, Database
from workbench.store.team import people
from workbench.store.trail import audit as store
from workbench.store.trail import events
from workbench.store.trail.trail_sight import TrailSight, trail_sight

PAGE = 50
"""Entries on one page of the list."""

MIN_DAY, MAX_DAY = "1970-01-01", "9000-01-01"
"""Between these, days can be shifted by a few."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a study's trail is whole.

    `checked` events were found to hold, the last of them with the hash `head`. Both are None while
    documents are coded blind: they would tell how much others do there.
    """

    holds: bool
    checked: int | None
    head: str | None
    broken_at: int | None
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Give the result by name."""
        return asdict(self)


def list_events(
    actor: Actor,
    database: Database,
    study_id: int,
    where: EventFilter = EventFilter(),  # noqa: B008 - frozen
    *,
    offset: int = 0,
    limit: int = PAGE,
) -> list[AuditEntry]:
    """List what was done, the newest first.

    Raises
    ------
    InputError
        When a day is not written as `2022-02-14`.
    """
    check_days(where)
    with database.read() as connection:
        sight = trail_sight(connection, study_id, actor.id)
        rows = store.list_entries(connection, study_id, sight, where, offset=offset, limit=limit)
        return entries_of(connection, actor, study_id, sight, rows)


def count_events(
    actor: Actor,
    database: Database,
    study_id: int,
    where: EventFilter = EventFilter(),  # noqa: B008 - frozen
) -> int:
    """Count what `list_events` lists in all; raises as it does."""
    check_days(where)
    with database.read() as connection:
        sight = trail_sight(connection, study_id, actor.id)
        return store.count_entries(connection, study_id, sight, where)


def leaves_out(actor: Actor, database: Database, study_id: int) -> bool:
    """Tell whether documents are coded blind now, so that others' work on them is left out."""
    with database.read() as connection:
        return trail_sight(connection, study_id, actor.id).anything_closed


def list_people(actor: Actor, database: Database, study_id: int) -> list[Actor]:
    """List whom a trail can be filtered by."""
    with database.read() as connection:
        return people.list_coders(connection, study_id)


def find_documents(
    actor: Actor, database: Database, study_id: int, search: str, *, limit: int = 50
) -> list[tuple[int, str]]:
    """Find documents by a part of their respondent's ref or their own: (key, label)."""
    with database.read() as connection:
        return store.find_documents(connection, study_id, search.strip(), limit)


def verify(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    noted: Mapping[int, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Walk the chain of events; say at which event it breaks, if it does.

    Parameters
    ----------
    noted
        Hashes by event number that somebody wrote down earlier: they must be the same still.
    progress
        Told how many events were walked, of how many; nothing while something is coded blind.

    Raises
    ------
    InputError
        When hashes are to be compared while something is coded blind.
    """
    with database.read() as connection:
        studies.get_study(connection, study_id)
        closed = trail_sight(connection, study_id, actor.id).anything_closed
        if closed and noted:
            raise InputError(
                "noted hashes are compared once all documents that are coded blind have opened: "
                "till then nobody is told how long the chain is.",
                hint="Verify without them.",
            )
        walk = events.walk_chain(
            connection, study_id, noted=noted, progress=None if closed else progress
        )
    broken = walk.broken
    return Verification(
        holds=broken is None,
        checked=None if closed else walk.checked,
        head=None if closed else walk.head,
        broken_at=broken.number if broken else None,
        reason=broken.reason if broken else "",
    )


def entries_of(
    connection: Connection,
    actor: Actor,
    study_id: int,
    sight: TrailSight,
    rows: Sequence[Any],
    *,
    numbered: bool = True,
) -> list[AuditEntry]:
    """Make entries of the store's rows: with codes, numbers, and what may be taken back."""
    codes = store.codes_of(connection, [row.id for row in rows])
    told = numbered and not sight.anything_closed
    numbers = store.numbers_of(connection, study_id, rows) if told else {}
    role = people.role_of(connection, study_id, actor.id)
    return [
        AuditEntry(
            uuid=row.uuid,
            number=numbers.get(row.uuid),
            at=row.created_at,
            actor_id=row.actor_id,
            actor=row.actor,
            verb=row.verb,
            label=row.label,
            document_id=row.document_id,
            document=_document(row),
            codes=codes.get(row.id, ()),
            undone=row.undone_by is not None,
            can_undo=bool(row.can_be_undone)
            and row.undoes is None
            and row.undone_by is None
            and may_take_back(actor, role, row.actor_id, row.document_id),
        )
        for row in rows
    ]


def may_take_back(actor: Actor, role: str | None, maker_id: int, document_id: int | None) -> bool:
    """Tell whether somebody may take back what a person did: their own, or an owner's document."""
    if maker_id == actor.id:
        return role != "viewer"
    return role == "owner" and document_id is not None


def _document(row: Any) -> str:
    if row.document_id is None:
        return ""
    whose = document_label(row.document_id, row.respondent_ref, row.document_ref)
    return f"{whose}, {row.question_ref}" if row.question_ref else str(whose)


def check_days(where: EventFilter) -> None:
    """Refuse a filter whose days are none."""
    for day in filter(None, (where.begin, where.end)):
        try:
            written = date.fromisoformat(day).isoformat()
            if written != day or not MIN_DAY <= day <= MAX_DAY:
                raise ValueError(day)
        except ValueError as error:
            raise InputError(
                f"{day!r} is not a day.", hint="Write it as year, month and day: 2022-02-14."
            ) from error
