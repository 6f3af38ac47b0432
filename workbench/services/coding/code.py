"""Code: everything that a person does to codings, one operation at a time or a burst together.

In: operations as the coding pane sends them, each with an identity of its own. Out: the rows, one
operation and one event each, and for every operation whether it was done or why it was refused.

An operation is applied once, however often it arrives: the browser sends again whatever it has not
seen acknowledged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.domain.codings import Actor
from workbench.domain.words import count
from workbench.errors import CodingError, DraftError, InputError, WorkbenchError
from workbench.services.coding.coding_steps import (
    IDENTITY,
    STEPS,
    Outcome,
    Refusal,
    Work,
    version_now,
)
from workbench.services.trail import trail, undo
from workbench.services.voice_notes import drafts
from workbench.store.clock import now
from workbench.store.codebooks import codebook
from workbench.store.coding import codings
from workbench.store.documents import documents, reading_states
from workbench.store.engine import Connection, Database
from workbench.store.trail import operations

UNDO_STEPS = {"undo": undo.undo_in, "redo": undo.redo_in}

__all__ = ["Outcome", "Refusal", "apply_operations", "code_documents"]


def apply_operations(
    actor: Actor, database: Database, study_id: int, sent: Sequence[Mapping[str, Any]]
) -> Outcome:
    """Apply a burst of operations in order; refuse single ones without losing the others.

    Parameters
    ----------
    sent
        Dictionaries with `id` (a UUID made by the sender), `kind` (add, remove, recode, adjust,
        memo, document_memo, accept_draft, done, new_code, undo, redo) and what the kind needs.

    Raises
    ------
    NotAllowed
        When the actor may only look on.
    """
    outcome = Outcome()
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        for item in sent:
            identity = str(item.get("id", ""))
            try:
                _apply_one(connection, actor, study_id, identity, item, outcome)
            except WorkbenchError as error:
                reason = error.code if isinstance(error, DraftError) else ""
                outcome.rejected.append(Refusal(identity, str(error), reason))
                if isinstance(error, undo.ChangedSince) and item.get("kind") in UNDO_STEPS:
                    step = UNDO_STEPS[item["kind"]]
                    undo.pass_over_in(connection, actor, study_id, step, undo.CODING)
            else:
                outcome.acked.append(identity)
    return outcome


def _apply_one(
    connection: Connection,
    actor: Actor,
    study_id: int,
    identity: str,
    sent: Mapping[str, Any],
    outcome: Outcome,
) -> None:
    if not IDENTITY.fullmatch(identity):
        raise CodingError("the operation has no identity.")
    known = operations.find_operation(connection, identity)
    if known is not None:
        if known.actor_id != actor.id:
            raise CodingError("the operation's identity belongs to somebody else.")
        return
    step = STEPS.get(str(sent.get("kind")))
    if step is None:
        raise CodingError(f"there is no operation {sent.get('kind')!r}.")
    with connection.begin_nested():
        step(Work(connection, actor, study_id, identity, sent, outcome))
        if operations.find_operation(connection, identity) is None:
            # Nothing was to be changed: that too is done once, or it would be done when sent again.
            trail.record(connection, actor, study_id, str(sent["kind"]), uuid=identity)


def code_documents(
    actor: Actor,
    database: Database,
    study_id: int,
    document_ids: Sequence[int],
    code_id: int,
    *,
    accept_drafts: bool = False,
) -> int:
    """Code several whole documents at once, as one operation; give how many were new.

    Parameters
    ----------
    accept_drafts
        The person has been warned of machine drafts among them, and codes them all the same.

    Raises
    ------
    DraftError
        When there are machine drafts among them that the person has not agreed to code.
    InputError
        When no document is named.
    NotFound
        When a document or the code is not in the study.
    """
    if not document_ids:
        raise InputError("no answer is chosen.", hint="Tick one or more rows first.")
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        chosen = codebook.get_code(connection, study_id, code_id, actor.id)
        if chosen.status != "active":
            raise CodingError(f"the code {chosen.name} is {chosen.status}.", hint="Choose another.")
        if accept_drafts:
            drafts.accept_in(connection, actor, study_id, document_ids)
        drafts.require_codable_in(connection, actor, study_id, document_ids)
        version_id = version_now(connection, study_id)
        keys = []
        for document_id in dict.fromkeys(document_ids):
            opened = documents.open_document(connection, study_id, actor.id, document_id)
            if codings.same_coding(
                connection,
                document_id=document_id,
                code_id=code_id,
                coder_id=actor.id,
                start=None,
                end=None,
            ):
                continue
            keys.append(
                codings.add_coding(
                    connection,
                    codings.NewCoding(
                        document_id, opened.revision_id, code_id, actor.id, None, None
                    ),
                    version_id,
                )
            )
            reading_states.touch(connection, document_id, actor.id)
        if keys:
            at = now()
            trail.record(
                connection,
                actor,
                study_id,
                "code",
                label=f"{chosen.name} on {count(len(keys), 'answer')}",
                forward={"coding": [{"id": key, "deleted_at": None} for key in keys]},
                inverse={"coding": [{"id": key, "deleted_at": at} for key in keys]},
            )
        return len(keys)
