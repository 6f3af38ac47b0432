"""The trail: a chain of events in which nothing can be changed or left out unnoticed.

In: what happened, as ids. Out: rows whose hash covers the row before.

An event holds ids and keyed digests, never a participant's words, so that the withdrawal of a
respondent leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from workbench.errors import ConflictError, NotFound
from workbench.store.clock import now
from workbench.store.tables import event, event_head


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """The first event at which a chain does not hold, and why."""

    number: int
    reason: str


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
) -> int:
    """Add one event to a study's chain; give its number.

    Raises
    ------
    ConflictError
        When another transaction has moved the head of the chain (PostgreSQL takes turns by
        `FOR UPDATE`, SQLite by its write lock, so this is not expected).
    """
    head = connection.execute(_TAKE_HEAD, {"study": study_id}).one()
    body = canonical(payload)
    at = now()
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
    previous, number = "0" * 64, 0
    rows = connection.execute(
        select(event).where(event.c.study_id == study_id).order_by(event.c.number)
    )
    for row in rows:
        number += 1
        if row.number != number:
            return ChainBreak(number, "this event is missing")
        expected = event_hash(
            previous,
            row.number,
            row.operation_uuid,
            row.actor_id,
            row.verb,
            row.payload,
            row.created_at,
        )
        if row.previous_hash != previous or row.hash != expected:
            return ChainBreak(number, "this event was changed after it was written")
        previous = row.hash
    head = connection.execute(
        select(event_head.c.number, event_head.c.hash).where(event_head.c.study_id == study_id)
    ).one()
    if (head.number, head.hash) != (number, previous):
        return ChainBreak(number + 1, "the last events are missing")
    return None


def canonical(payload: object) -> str:
    """Write a value as JSON in one way only."""
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def keyed_digest(key: str, payload: object) -> str:
    """Digest a value so that only who holds the study's key can test a guess."""
    return hmac.new(bytes.fromhex(key), canonical(payload).encode(), hashlib.sha256).hexdigest()


def event_hash(previous: str, *fields: object) -> str:
    """Hash an event's fields together with the hash of the event before."""
    return hashlib.sha256(canonical([previous, *fields]).encode()).hexdigest()
