"""History: take back one particular thing that was done, however long ago.

In: an operation's identity. Out: its rows as they were before, by an operation of its own. It is
refused, with the reason, while anything later that still stands rests on the same rows.
"""

from __future__ import annotations

from workbench.domain.codings import Actor
from workbench.domain.trail import in_words
from workbench.errors import ConflictError, NotAllowed, NotFound
from workbench.services.trail import trail, undo
from workbench.services.trail.audit import may_take_back
from workbench.store.engine import Connection, Database
from workbench.store.team import people
from workbench.store.trail import audit as store
from workbench.store.trail import operations
from workbench.store.trail.operations import LaterChange, Operation
from workbench.store.trail.trail_sight import trail_sight


def undo_operation(actor: Actor, database: Database, study_id: int, uuid: str) -> Operation:
    """Take back one thing that the actor did, or that anybody did on a document of an owner's.

    Raises
    ------
    NotFound
        When there is no such operation that the actor may see, or it cannot be taken back.
    NotAllowed
        When somebody else did it, and the actor is no owner or it is about more than a document.
    ConflictError
        When it is taken back already, or something later rests on it.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        done = operations.find_operation(connection, uuid)
        if done is None or not _is_seen(connection, actor, study_id, done):
            raise NotFound("there is no such step in this study.")
        _refuse(connection, actor, study_id, done)
        later = undo.later_change(connection, done)
        if later is not None:
            raise ConflictError(_why_not(connection, actor, study_id, done, later))
        undo.take_back_in(connection, actor, study_id, done)
        return done


def _is_seen(connection: Connection, actor: Actor, study_id: int, done: Operation) -> bool:
    sight = trail_sight(connection, study_id, actor.id)
    return done.study_id == study_id and store.is_seen(connection, study_id, sight, done.id)


def _refuse(connection: Connection, actor: Actor, study_id: int, done: Operation) -> None:
    what = in_words(done.verb, done.label)
    role = people.role_of(connection, study_id, actor.id)
    if not may_take_back(actor, role, done.actor_id, done.document_id):
        raise NotAllowed(
            f"{what}: only who did it may take it back, or on a single document an owner."
        )
    if done.undone_by is not None:
        raise ConflictError(f"{what}: it is taken back already.")
    if done.undoes is not None:
        raise ConflictError(f"{what}: undo and redo are taken back by redo and undo.")
    if done.inverse is None:
        raise NotFound(f"{what}: this cannot be taken back here.")


def _why_not(
    connection: Connection, actor: Actor, study_id: int, done: Operation, later: LaterChange
) -> str:
    """Say what stands in the way, unless that is not to be known."""
    what = in_words(done.verb, done.label)
    sight = trail_sight(connection, study_id, actor.id)
    if not store.is_seen(connection, study_id, sight, later.id):
        return f"{what}: it stays, since later work rests on it."
    who = "you have" if later.actor_id == actor.id else f"{later.actor} has"
    since = in_words(later.verb, later.label)
    return (
        f"{what}: it stays, since {who} changed the same thing later ({since}). "
        "Take that back first."
    )
