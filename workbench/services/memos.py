"""Memos: a researcher's own words on a coding, an answer or a respondent, one per person and thing.

In: what the memo is about, and its text. Out: the memo written, changed or taken away, as one
operation and one event; undo brings back what stood there before.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.codings import Actor
from workbench.domain.text import normalise
from workbench.errors import CodingError, NotFound
from workbench.services import trail, undo
from workbench.store import documents, memos, respondents
from workbench.store.clock import now
from workbench.store.engine import Connection, Database

MAX_MEMO = 20_000
"""Characters."""

MEMOS = frozenset({"memo"})
"""What is undone where people write memos only."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a memo is about: its kind and key, what people call it, and what counts as touched."""

    kind: str
    id: int
    label: str
    document_id: int | None = None
    touched: tuple[tuple[str, int], ...] = ()


def write_on_respondent(
    actor: Actor, database: Database, study_id: int, respondent_id: int, text: str
) -> None:
    """Write, change or (with an empty text) take away the actor's memo on a respondent.

    Raises
    ------
    NotFound
        When the study has no such respondent, or they have withdrawn.
    CodingError
        When the text is too long.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        found = respondents.get_respondent(connection, study_id, respondent_id)
        if found is None:
            raise NotFound("this respondent is not in the study (any more).")
        target = Target(
            "respondent", respondent_id, found.ref, None, (("respondent", respondent_id),)
        )
        write_memo_in(connection, actor, study_id, target, normalise(text))


def write_on_document(
    actor: Actor, database: Database, study_id: int, document_id: int, text: str
) -> None:
    """Write, change or take away the actor's memo on an answer; raises as above."""
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        opened = documents.open_document(
            connection, study_id, actor.id, document_id, text_only=True
        )
        touched = (("document", document_id),)
        target = Target("document", document_id, opened.label, document_id, touched)
        write_memo_in(connection, actor, study_id, target, normalise(text))


def undo_memo(actor: Actor, database: Database, study_id: int) -> str:
    """Take back the memo that the actor wrote last; say in words what it was.

    Raises
    ------
    NotFound
        When there is none.
    """
    return undo.undo(actor, database, study_id, MEMOS).label


def write_memo_in(
    connection: Connection,
    actor: Actor,
    study_id: int,
    target: Target,
    text: str,
    *,
    uuid: str | None = None,
) -> None:
    """Write a memo inside a transaction that is open already."""
    text = text.strip()
    if len(text) > MAX_MEMO:
        raise CodingError(f"a memo has at most {MAX_MEMO} characters, not {len(text)}.")
    found = memos.find_memo(
        connection, target_kind=target.kind, target_id=target.id, author_id=actor.id
    )
    if found is None:
        if not text:
            return
        key = memos.add_memo(
            connection,
            study_id=study_id,
            target_kind=target.kind,
            target_id=target.id,
            author_id=actor.id,
            text=text,
        )
        before = {"id": key, "text": text, "deleted_at": now()}
    else:
        key, old = found
        if old == text:
            return
        before = {"id": key, "text": old, "deleted_at": None}
        memos.change_memo(connection, key, text, None if text else now())
    after = {"id": key, "text": text, "deleted_at": None if text else now()}
    trail.record(
        connection,
        actor,
        study_id,
        "memo",
        label=f"the memo on {target.label}",
        document_id=target.document_id,
        forward={"memo": [after]},
        inverse={"memo": [before]},
        targets=target.touched,
        uuid=uuid,
    )
