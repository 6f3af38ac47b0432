"""Reading: what the coding page shows of a study, a page of the list and one document at a time.

In: a filter and a document. Out: values for the screen; nothing is changed here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from workbench.domain.codings import (
    Actor,
    Code,
    Coding,
    DocumentFilter,
    ListedDocument,
    OpenDocument,
    ReadingState,
)
from workbench.services.trail.undo import CODING
from workbench.services.voice_notes import drafts
from workbench.store import visibility
from workbench.store.codebooks import blind_codes, codebook
from workbench.store.coding import codings
from workbench.store.documents import document_lists, documents, reading_states
from workbench.store.documents.document_lists import Order
from workbench.store.engine import Connection, Database
from workbench.store.memos import memos
from workbench.store.surveys import respondents
from workbench.store.trail import operations

PAGE = 200
"""Documents in one page of the list."""

Step = Literal["next", "previous", "next_not_done"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything that the coding page shows when a document is opened.

    `as_of` is the newest operation that these values contain; `changes` tells what came after.
    """

    listed: tuple[ListedDocument, ...]
    total: int
    done: int
    offset: int
    document: OpenDocument | None
    attributes: dict[str, str]
    codes: tuple[Code, ...]
    version: int
    codings: tuple[Coding, ...]
    coders: dict[int, str]
    as_of: int
    undo: str
    redo: str
    standing: drafts.Standing = field(default_factory=drafts.Standing)
    """How the open document's words stand, where a machine wrote them."""
    closed: bool = False
    """Whether the open document shows nobody's codings but the person's own."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed around a document since an operation.

    `total` and `done` count the list, and are None where nobody asked to count it again. `coders`
    names who made what has changed. `revision_id` and `closed` are as in the workspace; where they
    differ from it, the document has to be opened anew.
    """

    codings: tuple[tuple[str, Coding | None], ...]
    total: int | None
    done: int | None
    state: ReadingState
    n_codings: int
    memo: str
    counts: dict[int, int]
    codes: tuple[Code, ...] | None
    version: int
    undo: str
    redo: str
    coders: dict[int, str] = field(default_factory=dict)
    revision_id: int | None = None
    closed: bool = False


def open_workspace(
    actor: Actor,
    database: Database,
    study_id: int,
    where: DocumentFilter,
    *,
    order: Order = "question",
    document_id: int | None = None,
    offset: int | None = None,
) -> Workspace:
    """Read the coding page: the page of the list around a document, the document, its codings.

    Without a document, the first one of the page is opened. With an `offset`, that page of the
    list is shown whatever the document.

    Raises
    ------
    NotFound
        When the study has no such document.
    """
    with database.read() as connection:
        total, done = document_lists.count_documents(connection, study_id, actor.id, where)
        if offset is None:
            place = 0
            if document_id is not None:
                place = document_lists.position_of(
                    connection, study_id, actor.id, where, document_id, order=order
                )
            offset = place // PAGE * PAGE
        offset = max(0, min(offset, max(0, total - 1) // PAGE * PAGE))
        listed = document_lists.list_documents(
            connection, study_id, actor.id, where, order=order, offset=offset, limit=PAGE
        )
        if document_id is None and listed:
            document_id = listed[0].id
        opened = (
            documents.open_document(connection, study_id, actor.id, document_id)
            if document_id is not None
            else None
        )
        known: dict[int, dict[str, str]] = {}
        if opened is not None and opened.respondent_id is not None:
            known = respondents.attributes_of(connection, [opened.respondent_id])
        counts = codings.count_by_code(connection, study_id, actor.id, coder_id=actor.id)
        version = codebook.current_version(connection, study_id)
        return Workspace(
            tuple(listed),
            total,
            done,
            offset,
            opened,
            known.get(opened.respondent_id or 0, {}) if opened else {},
            _codes(connection, study_id, actor.id, counts),
            blind_codes.version_seen(connection, study_id, actor.id, version[1] if version else 0),
            tuple(codings.list_codings(connection, study_id, actor.id, opened.id))
            if opened
            else (),
            codings.coders_of(connection, study_id) | {actor.id: actor.name},
            operations.last_operation(connection, study_id),
            *_undo_labels(connection, study_id, actor),
            drafts.standing_in(connection, actor, study_id, opened.id)
            if opened is not None and opened.kind == "voice_note"
            else drafts.Standing(),
            opened is not None
            and visibility.hides_document(connection, study_id, actor.id, opened.id),
        )


def changes(
    actor: Actor,
    database: Database,
    study_id: int,
    where: DocumentFilter,
    document_id: int,
    *,
    since: int,
    version: int,
    recount: bool = True,
) -> Changes:
    """Read what has changed around a document since an operation and a codebook version.

    Parameters
    ----------
    recount
        Count the list again; in a study of 100,000 people that takes longer than all the rest.
    """
    with database.read() as connection:
        total, done = (
            document_lists.count_documents(connection, study_id, actor.id, where)
            if recount
            else (None, None)
        )
        changed = codings.changed_codings(connection, study_id, actor.id, document_id, since)
        counts = codings.count_by_code(connection, study_id, actor.id, coder_id=actor.id)
        current = codebook.current_version(connection, study_id)
        number = blind_codes.version_seen(
            connection, study_id, actor.id, current[1] if current else 0
        )
        states = reading_states.states_of(connection, [document_id], actor.id)
        memo = memos.find_memo(
            connection, target_kind="document", target_id=document_id, author_id=actor.id
        )
        return Changes(
            tuple(changed),
            total,
            done,
            states.get(document_id, "untouched"),
            reading_states.count_own_codings(connection, document_id, actor.id),
            memo[1] if memo else "",
            counts,
            _codes(connection, study_id, actor.id, counts) if number != version else None,
            number,
            *_undo_labels(connection, study_id, actor),
            codings.names_of(connection, {item.coder_id for _, item in changed if item}),
            documents.current_revision(connection, document_id),
            visibility.hides_document(connection, study_id, actor.id, document_id),
        )


def neighbour(
    actor: Actor,
    database: Database,
    study_id: int,
    where: DocumentFilter,
    document_id: int,
    *,
    order: Order = "question",
    step: Step = "next",
) -> int | None:
    """Give the document after, before, or not done yet after one; None at the end."""
    with database.read() as connection:
        return document_lists.neighbour(
            connection, study_id, actor.id, where, document_id, order=order, step=step
        )


def list_documents(
    actor: Actor,
    database: Database,
    study_id: int,
    where: DocumentFilter,
    *,
    order: Order = "question",
    offset: int = 0,
    limit: int = PAGE,
) -> tuple[list[ListedDocument], int]:
    """Give one page of a filtered list, and the number of all."""
    with database.read() as connection:
        page = document_lists.list_documents(
            connection, study_id, actor.id, where, order=order, offset=offset, limit=limit
        )
        total, _ = document_lists.count_documents(connection, study_id, actor.id, where)
        return page, total


def list_coders(actor: Actor, database: Database, study_id: int) -> dict[int, str]:
    """Name the others who have codings here that the actor may see, by key."""
    with database.read() as connection:
        found = codings.seen_coders(connection, study_id, actor.id)
    return {key: name for key, name in found.items() if key != actor.id}


def has_documents(actor: Actor, database: Database, study_id: int) -> bool:
    """Tell whether a study has anything to read."""
    with database.read() as connection:
        return document_lists.any_document(connection, study_id, actor.id)


def _codes(
    connection: Connection, study_id: int, actor_id: int, counts: dict[int, int]
) -> tuple[Code, ...]:
    return tuple(
        replace(item, n_codings=counts.get(item.id, 0))
        for item in codebook.list_codes(connection, study_id, actor_id, with_retired=True)
        if item.status == "active" or counts.get(item.id)
    )


def _undo_labels(connection: Connection, study_id: int, actor: Actor) -> tuple[str, str]:
    last = operations.next_undo(connection, study_id, actor.id, CODING)
    again = operations.next_redo(connection, study_id, actor.id, CODING)
    return (last.label if last else "", again.label if again else "")
