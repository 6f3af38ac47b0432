"""The trail: a chain of events in which nothing can be changed or left out unnoticed.

In: what happened, as ids. Out: rows whose hash covers the row before.

An event holds ids and keyed digests, never a participant's words, so that the withdrawal of a
respondent leaves the chain whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from workbench.errors import ConflictError, NotFound
from workbench.store.tables import coder, event, event_head, operation, study
from workbench.store.trail.digests import canonical
from workbench.store.trail.trail_labels import LabelWatch

NOTHING = "0" * 64
"""The hash before the first event."""

PART = 5_000
"""Events that are walked at once."""

STREAMED = 1_000
"""Events that are read at once for a file."""


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """The first event at which a chain does not hold, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as it is kept, with its actor's name."""

    number: int
    operation_uuid: str
    actor_id: int
    actor: str
    verb: str
    payload: str
    created_at: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class ChainWalk:
    """What walking a chain has shown: `checked` events hold, up to the hash `head`."""

    checked: int
    head: str
    broken: ChainBreak | None


def lock_chain(connection: Connection, study_id: int) -> None:
    """Take the study's turn to write, so that what is read from now on stays true until the end.

    On SQLite the whole file is locked already; on PostgreSQL others wait here, not at their end.

    Raises
    ------
    NotFound
        When there is no such study.
    """
    found = connection.execute(
        select(event_head.c.number).where(event_head.c.study_id == study_id).with_for_update()
    ).first()
    if found is None:
        raise NotFound(f"there is no study number {study_id}.")


def last_number(connection: Connection, study_id: int) -> int:
    """Give the number of a study's last event: it grows with every change."""
    found = connection.execute(
        select(event_head.c.number).where(event_head.c.study_id == study_id)
    ).scalar()
    return int(found or 0)


_PART = (
    select(
        event,
        operation.c.verb.label("done_verb"),
        operation.c.actor_id.label("done_by"),
        operation.c.label.label("done_label"),
        operation.c.created_at.label("done_at"),
    )
    .outerjoin(operation, operation.c.uuid == event.c.operation_uuid)
    .where(event.c.study_id == bindparam("study"), event.c.number > bindparam("after"))
    .order_by(event.c.number)
    .limit(PART)
)
_STREAM = (
    select(
        event.c.number,
        event.c.operation_uuid,
        event.c.actor_id,
        coder.c.name,
        event.c.verb,
        event.c.payload,
        event.c.created_at,
        event.c.previous_hash,
        event.c.hash,
    )
    .join(coder, coder.c.id == event.c.actor_id)
    .where(event.c.study_id == bindparam("study"), event.c.number > bindparam("after"))
    .order_by(event.c.number)
    .limit(STREAMED)
)


def only_since(connection: Connection, study_id: int, number: int, verbs: Collection[str]) -> bool:
    """Tell whether all events after one have these verbs."""
    other = (
        select(event.c.id)
        .where(
            event.c.study_id == study_id,
            event.c.number > number,
            event.c.verb.not_in(sorted(verbs)),
        )
        .limit(1)
    )
    return connection.execute(other).first() is None


def documents_since(
    connection: Connection, study_id: int, number: int, verbs: Collection[str]
) -> set[int] | None:
    """Give the documents that events after one have touched.

    None where an event has another verb than these, or names no document: then anything may have
    changed.
    """
    rows = connection.execute(
        select(event.c.verb, operation.c.document_id)
        .outerjoin(operation, operation.c.uuid == event.c.operation_uuid)
        .where(event.c.study_id == study_id, event.c.number > number)
        .distinct()
    ).all()
    if any(row.verb not in verbs or row.document_id is None for row in rows):
        return None
    return {row.document_id for row in rows}


_TAKE_HEAD = (
    select(event_head.c.number, event_head.c.hash)
    .where(event_head.c.study_id == bindparam("study"))
    .with_for_update()
)
_ADD_EVENT = insert(event)
_MOVE_HEAD = (
    update(event_head)
    .where(event_head.c.study_id == bindparam("study"), event_head.c.number == bindparam("before"))
    .values(number=bindparam("number"), hash=bindparam("hash"))
)


def append_event(
    connection: Connection,
    *,
    study_id: int,
    operation_uuid: str,
    actor_id: int,
    verb: str,
    payload: Mapping[str, object],
    at: str,
) -> int:
    """Add one event to a study's chain, with the time of its operation; give its number.

    Raises
    ------
    ConflictError
        When another transaction has moved the head of the chain (PostgreSQL takes turns by
        `FOR UPDATE`, SQLite by its write lock, so this is not expected).
    """
    head = connection.execute(_TAKE_HEAD, {"study": study_id}).one()
    body = canonical(payload)
    number = head.number + 1
    digest = event_hash(head.hash, number, operation_uuid, actor_id, verb, body, at)
    connection.execute(
        _ADD_EVENT,
        {
            "study_id": study_id,
            "number": number,
            "operation_uuid": operation_uuid,
            "actor_id": actor_id,
            "verb": verb,
            "payload": body,
            "created_at": at,
            "previous_hash": head.hash,
            "hash": digest,
        },
    )
    moved = connection.execute(
        _MOVE_HEAD,
        {"study": study_id, "before": head.number, "number": number, "hash": digest},
    )
    if moved.rowcount != 1:
        raise ConflictError("somebody else wrote to the trail at the same moment. Try again.")
    return int(number)


def verify_chain(connection: Connection, study_id: int) -> ChainBreak | None:
    """Walk a study's chain; give the first break, or None when it holds."""
    return walk_chain(connection, study_id).broken


def walk_chain(
    connection: Connection,
    study_id: int,
    *,
    noted: Mapping[int, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ChainWalk:
    """Walk a study's chain, a part of it at a time, up to its end or its first break.

    Parameters
    ----------
    noted
        Hashes by event number, as somebody wrote them down before: a chain that was written anew
        from its beginning holds in itself, and differs from these.
    progress
        Told how many events were walked, of how many, after each part.
    """
    head = connection.execute(
        select(event_head.c.number, event_head.c.hash).where(event_head.c.study_id == study_id)
    ).first()
    key = connection.execute(select(study.c.digest_key).where(study.c.id == study_id)).scalar()
    labels = LabelWatch(str(key))
    total = int(head.number) if head else 0
    previous, number = NOTHING, 0
    while True:
        rows = connection.execute(_PART, {"study": study_id, "after": number}).all()
        for row in rows:
            broken = _break_at(number + 1, row, previous, noted or {})
            if broken is None and labels.time_differs(row):
                broken = ChainBreak(row.number, "the time of what this event tells of was changed")
            if broken is not None:
                return ChainWalk(number, previous, broken)
            previous, number = row.hash, number + 1
        if progress is not None:
            progress(number, max(total, number))
        if len(rows) < PART:
            break
    broken = _break_at_end(number, previous, head, noted or {})
    changed = labels.first_changed(connection)
    if changed is not None and broken is None:
        broken = ChainBreak(changed, "the words of what this event tells of were changed")
    return ChainWalk(changed - 1 if changed else number, previous, broken)


def _break_at(number: int, row: Any, previous: str, noted: Mapping[int, str]) -> ChainBreak | None:
    if row.number != number:
        return ChainBreak(number, "this event is missing")
    fields = (
        row.number, row.operation_uuid, row.actor_id, row.verb, row.payload, row.created_at,
    )  # fmt: skip
    if row.previous_hash != previous or row.hash != event_hash(previous, *fields):
        return ChainBreak(number, "this event was changed after it was written")
    if noted.get(number, row.hash) != row.hash:
        return ChainBreak(
            number, "its hash is not the one that was noted: it or an event before was changed"
        )
    if row.done_verb is None:
        return ChainBreak(number, "the operation that this event tells of is missing")
    if (row.done_verb, row.done_by) != (row.verb, row.actor_id):
        return ChainBreak(number, "the operation that this event tells of was changed")
    return None


def _break_at_end(number: int, last: str, head: Any, noted: Mapping[int, str]) -> ChainBreak | None:
    if head is None or head.number < number:
        return ChainBreak(number, "the chain's end was changed: it leaves events out")
    beyond = min((key for key in noted if key > number), default=None)
    if head.number > number or beyond is not None:
        return ChainBreak(number + 1, "the last events are missing")
    if head.hash != last:
        return ChainBreak(number, "the chain's end was changed: it holds another hash")
    return None


def head_of(connection: Connection, study_id: int) -> tuple[int, str]:
    """Give the number and the hash of a study's last event."""
    row = connection.execute(
        select(event_head.c.number, event_head.c.hash).where(event_head.c.study_id == study_id)
    ).first()
    return (int(row.number), str(row.hash)) if row else (0, NOTHING)


def stream_events(connection: Connection, study_id: int) -> Iterator[list[EventRow]]:
    """Give all events of a study, a part at a time, in the order of the chain."""
    last = 0
    while True:
        rows = connection.execute(_STREAM, {"study": study_id, "after": last}).all()
        if rows:
            last = rows[-1].number
            yield [EventRow(*row) for row in rows]
        if len(rows) < STREAMED:
            return


def event_hash(previous: str, *fields: object) -> str:
    """Hash an event's fields together with the hash of the event before."""
    return hashlib.sha256(canonical([previous, *fields]).encode()).hexdigest()
