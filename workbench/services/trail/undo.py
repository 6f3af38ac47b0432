"""Undo and redo: a new operation that writes back the states from before.

In: a person and a study. Out: the operation that was taken back or done again. It is refused, with
the reason, when somebody else has changed the same thing since.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from workbench.domain.codings import Actor
from workbench.errors import ConflictError, GoneError, NotFound
from workbench.services.trail import trail
from workbench.store.codebooks import codebook
from workbench.store.codebooks.blind_codes import any_open
from workbench.store.codebooks.twins import coded_with, twin_of
from workbench.store.engine import Connection, Database
from workbench.store.trail import operations
from workbench.store.trail.operations import LaterChange, Operation, States
from workbench.store.trail.states import apply_states, targets


class ChangedSince(ConflictError):
    """Somebody else has changed the same thing since, which does not go away by waiting."""


PLACING = frozenset({"place again", "let go"})
"""What is undone where people settle codings whose words could not be placed."""

CODING = PLACING | {"code", "remove", "recode", "adjust", "memo", "done", "reopen", "add code"}
"""What is undone where people code: never, by one key too many, an import of everybody's work."""

CODEBOOK = frozenset(
    {
        "add code", "edit code", "move code", "retire code", "revive code", "load codebook",
        "merge codes", "split code", "sort codings", "promote code", "copy codes",
        "restore codebook",
    }
)  # fmt: skip
"""What is undone where people refine the codebook."""

REVIEWING = frozenset({"keep reviewed", "remove reviewed", "recode reviewed"})
"""What is undone where people review codings again after a definition has changed."""

SORTING = frozenset({"sort codings"})
"""What is undone where people sort the extracts of a code that was split."""

GROUPS = frozenset({"make groups", "change groups", "remove groups", "edit attribute"})
"""What is undone where people group respondents."""

VALUES = frozenset({"set values", "release values"})
"""What is undone where people correct what is known of a respondent."""

SPEAKERS = frozenset({"settle speakers"})
"""What is undone where people say who speaks in a focus group."""

SETTLING = frozenset({"settle", "settle agreed", "open settled"})
"""What is undone where people settle what coders differ on."""

ALLOCATION = frozenset({"allocate", "unassign"})
"""What is undone where owners give documents out."""

CODINGS_IMPORT = frozenset({"import codings"})
"""What is undone only where it was done, by its own button."""

Verbs = Collection[str] | None
"""The kinds of operations that are meant; None means all."""


def undo(actor: Actor, database: Database, study_id: int, verbs: Verbs = None) -> Operation:
    """Take back the last thing of these kinds that the actor did in this study.

    Raises
    ------
    NotFound
        When there is nothing to take back.
    ConflictError
        When somebody else has changed it since, or what it was about is gone. The step is passed
        over then: the next call takes the one before it.
    """
    return _attempt(undo_in, actor, database, study_id, verbs)


def redo(actor: Actor, database: Database, study_id: int, verbs: Verbs = None) -> Operation:
    """Do again what the actor took back last; raises as `undo` does."""
    return _attempt(redo_in, actor, database, study_id, verbs)


def _attempt(
    step: Callable[..., Operation], actor: Actor, database: Database, study_id: int, verbs: Verbs
) -> Operation:
    try:
        with database.write() as connection:
            trail.require(connection, actor, study_id)
            return step(connection, actor, study_id, verbs=verbs)
    except (ChangedSince, GoneError):
        with database.write() as connection:
            pass_over_in(connection, actor, study_id, step, verbs)
        raise


def pass_over_in(
    connection: Connection,
    actor: Actor,
    study_id: int,
    step: Callable[..., Operation],
    verbs: Verbs = None,
) -> None:
    """Leave a refused step as it is, so that the next undo (or redo) takes the one before it."""
    refused = _next(step, connection, actor, study_id, verbs)
    if refused is not None:
        operations.pass_over(connection, refused.id)


def nothing_left(
    step: Callable[..., Operation], connection: Connection, actor: Actor, study_id: int,
    verbs: Verbs,
) -> bool:  # fmt: skip
    """Tell whether there is nothing for `undo_in` or `redo_in` to do."""
    return _next(step, connection, actor, study_id, verbs) is None


def _next(
    step: Callable[..., Operation], connection: Connection, actor: Actor, study_id: int,
    verbs: Verbs,
) -> Operation | None:  # fmt: skip
    find = operations.next_undo if step is undo_in else operations.next_redo
    return find(connection, study_id, actor.id, verbs)


def last_label(actor: Actor, database: Database, study_id: int, verbs: Verbs = None) -> str:
    """Say what `undo` would take back; empty when there is nothing."""
    with database.read() as connection:
        last = operations.next_undo(connection, study_id, actor.id, verbs)
        return last.label if last else ""


def next_label(actor: Actor, database: Database, study_id: int, verbs: Verbs = None) -> str:
    """Say what `redo` would do again; empty when there is nothing."""
    with database.read() as connection:
        again = operations.next_redo(connection, study_id, actor.id, verbs)
        return again.label if again else ""


def undo_in(
    connection: Connection,
    actor: Actor,
    study_id: int,
    *,
    uuid: str | None = None,
    verbs: Verbs = None,
) -> Operation:
    """`undo` inside a transaction that is open already."""
    done = operations.next_undo(connection, study_id, actor.id, verbs)
    if done is None or done.inverse is None:
        raise NotFound("there is nothing to undo.")
    take_back_in(connection, actor, study_id, done, uuid=uuid)
    return done


def take_back_in(
    connection: Connection,
    actor: Actor,
    study_id: int,
    done: Operation,
    *,
    uuid: str | None = None,
) -> None:
    """Take one operation back, whoever made it; raises as `undo` does."""
    if done.inverse is None:
        raise NotFound(f"{done.label or done.verb} cannot be taken back here.")
    _refuse_conflict(connection, actor, done)
    _write_back(connection, actor, study_id, done.inverse)
    key = trail.record(
        connection,
        actor,
        study_id,
        "undo",
        label=done.label,
        document_id=done.document_id,
        forward=done.inverse,
        targets=operations.targets_of(connection, done.id),
        uuid=uuid,
        undoes=done.id,
    )
    operations.mark_undone(connection, done.id, key)


def redo_in(
    connection: Connection,
    actor: Actor,
    study_id: int,
    *,
    uuid: str | None = None,
    verbs: Verbs = None,
) -> Operation:
    """`redo` inside a transaction that is open already."""
    done = operations.next_redo(connection, study_id, actor.id, verbs)
    if done is None:
        raise NotFound("there is nothing to do again.")
    _refuse_conflict(connection, actor, done)
    _write_back(connection, actor, study_id, done.forward)
    trail.record(
        connection,
        actor,
        study_id,
        "redo",
        label=done.label,
        document_id=done.document_id,
        forward=done.forward,
        targets=operations.targets_of(connection, done.id),
        uuid=uuid,
        undoes=done.undone_by,
    )
    operations.mark_undone(connection, done.id, None)
    return done


def _write_back(connection: Connection, actor: Actor, study_id: int, states: States) -> None:
    if states.get("assignment"):
        trail.require(connection, actor, study_id, "owner")
    apply_states(connection, states)
    merged = [row["id"] for row in states.get("code", ()) if row.get("merged_into")]
    concerned = [row["id"] for row in states.get("coding", ())]
    twin = twin_of(connection, [*concerned, *coded_with(connection, merged)])
    if twin is not None:
        raise ChangedSince(f"the same words are coded {twin} by the same coder already.")
    changed = [row["id"] for row in states.get("code", ())]
    if changed and any_open(connection, changed):
        codebook.add_version(connection, study_id, actor.id)


def _refuse_conflict(connection: Connection, actor: Actor, done: Operation) -> None:
    other = later_change(connection, done)
    if other is not None:
        who = "you have" if other.actor_id == actor.id else f"{other.actor} has"
        raise ChangedSince(
            f"{done.label} cannot be taken back or done again: {who} changed it since. "
            "It stays as it is; try once more for the step before it."
        )


def later_change(connection: Connection, done: Operation) -> LaterChange | None:
    """Find what stands in the way of taking an operation back, or of doing it again."""
    kinds = {kind for kind, _ in targets({**done.forward, **(done.inverse or {})})}
    return operations.changed_since(connection, done, kinds)
