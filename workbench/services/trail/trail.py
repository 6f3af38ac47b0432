"""What every service shares: who may act, and how what was done is written down.

In: an actor and states before and after. Out: one operation and one event, in the transaction of
the change itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.domain.codings import Actor, Role
from workbench.errors import NotAllowed, NotFound
from workbench.store import studies
from workbench.store.clock import new_guid, now
from workbench.store.engine import Connection
from workbench.store.team import people
from workbench.store.trail import events, operations, states
from workbench.store.trail.digests import keyed_digest
from workbench.store.trail.trail_labels import LABEL, RELABELLED

RANK: dict[Role, int] = {"viewer": 0, "coder": 1, "owner": 2}


def require(
    connection: Connection, actor: Actor, study_id: int, role: Role = "coder", *, waits: bool = True
) -> None:
    """Take the study's turn to write, and see to it that the actor may do this.

    Who has not joined yet joins as a coder, unless only people whom an owner adds may join, or the
    owner has removed this person.

    Parameters
    ----------
    waits
        Whether to take the turn, and to join. Without, nothing may be written that stays.

    Raises
    ------
    NotFound
        When there is no such study, or it went with the import that made it.
    NotAllowed
        When the actor's role is below the one that is needed.
    """
    if waits:
        events.lock_chain(connection, study_id)
    held = people.role_of(connection, study_id, actor.id)
    if held is None:
        if studies.is_put_away(connection, study_id):
            raise NotFound(
                "this study is gone: the import that made it was taken back. Open another one."
            )
        if not people.joining_of(connection, study_id).admits(actor.id):
            raise NotAllowed(
                f"{actor.name} does not belong to this study and may only read it. "
                "One of its owners can add them on the page Team."
            )
        held = "coder"
        if waits:
            people.add_member(connection, study_id, actor.id, held)
    if RANK[held] < RANK[role]:
        needed = "an owner" if role == "owner" else f"a {role}"
        raise NotAllowed(f"{actor.name} is a {held} in this study; this needs {needed}.")


def record(
    connection: Connection,
    actor: Actor,
    study_id: int,
    verb: str,
    *,
    label: str = "",
    document_id: int | None = None,
    forward: operations.States | None = None,
    inverse: operations.States | None = None,
    targets: Sequence[tuple[str, int]] = (),
    uuid: str | None = None,
    undoes: int | None = None,
    details: Mapping[str, object] | None = None,
    relabelled: Mapping[str, str] | None = None,
) -> int:
    """Write an operation and its event; give the operation's key.

    `label` is for people and may hold code names and refs; `details` goes into the event and
    holds ids and counts only. `relabelled` gives the labels of earlier operations, by their
    identity, that this one has taken a name out of.
    """
    at, secret = now(), studies.digest_key(connection, study_id)
    identity = uuid or new_guid()
    after = forward or {}
    touched = [*states.targets(after), *targets]
    key = operations.add_operation(
        connection,
        uuid=identity,
        study_id=study_id,
        actor_id=actor.id,
        verb=verb,
        label=label,
        document_id=document_id,
        forward=after,
        inverse=inverse,
        targets=touched,
        at=at,
        undoes=undoes,
    )
    payload: dict[str, object] = {
        "targets": [[kind, target] for kind, target in sorted(set(touched))],
        **(details or {}),
        "digest": keyed_digest(secret, after),
        LABEL: keyed_digest(secret, label),
    }
    if relabelled:
        payload[RELABELLED] = [
            [key, keyed_digest(secret, words)] for key, words in sorted(relabelled.items())
        ]
    if document_id is not None:
        payload["document"] = document_id
    events.append_event(
        connection,
        study_id=study_id,
        operation_uuid=identity,
        actor_id=actor.id,
        verb=verb,
        payload=payload,
        at=at,
    )
    return key
