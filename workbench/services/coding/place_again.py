"""Place again: settle the codings whose words could not be placed after a text was changed.

In: a flagged coding, and words of the new text. Out: the coding placed on these words, or at its
best guess, or let go: one operation and one event each, all of which can be undone.

A person settles their own codings; the study's owner may settle everybody's that they may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.codings import Actor, Code, OpenDocument
from workbench.domain.differences import Differences, differences
from workbench.domain.spans import Span, check_span
from workbench.errors import CodingError, NotAllowed, NotFound
from workbench.services.trail import trail, undo
from workbench.store.clock import now
from workbench.store.codebooks import codebook
from workbench.store.coding import anchors, codings, flagged
from workbench.store.coding.flagged import FlaggedCoding, LastPlace
from workbench.store.documents import documents
from workbench.store.engine import Connection, Database
from workbench.store.team import people

__all__ = [
    "FlaggedCoding",
    "OpenFlagged",
    "accept_guess",
    "count_flagged",
    "let_go",
    "list_flagged",
    "neighbour",
    "open_flagged",
    "place",
    "undo_last",
]

PAGE = 50
"""Flagged codings on one page of the list."""

Whose = Literal["all", "mine"]


@dataclass(frozen=True, slots=True)
class OpenFlagged:
    """A flagged coding with its two texts.

    `before` is where it was placed last; None where it never was. `guess` lies in the text of now;
    None where nothing can be guessed. `position` counts from 0 among those that are listed.
    `may_settle` tells whether the person may place it or let it go.
    """

    coding: FlaggedCoding
    code: Code
    before: LastPlace | None
    document: OpenDocument
    guess: Span | None
    differences: Differences
    position: int
    may_settle: bool


def count_flagged(actor: Actor, database: Database, study_id: int, *, whose: Whose = "all") -> int:
    """Count the codings that must be placed again, as far as the actor may see them."""
    with database.read() as connection:
        return flagged.count_flagged(connection, study_id, actor.id, coder_id=_only(actor, whose))


def list_flagged(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    whose: Whose = "all",
    offset: int = 0,
    limit: int = PAGE,
) -> tuple[list[FlaggedCoding], int]:
    """Give one page of the codings that must be placed again, and the number of all."""
    with database.read() as connection:
        mine = _only(actor, whose)
        total = flagged.count_flagged(connection, study_id, actor.id, coder_id=mine)
        page = flagged.list_flagged(
            connection, study_id, actor.id, coder_id=mine, offset=offset, limit=limit
        )
        return page, total


def open_flagged(
    actor: Actor, database: Database, study_id: int, guid: str, *, whose: Whose = "all"
) -> OpenFlagged:
    """Read a flagged coding with the text on which it was placed last, and the text of now.

    Raises
    ------
    NotFound
        When there is no such coding, or it is placed or gone by now.
    """
    with database.read() as connection:
        found = _find(connection, actor, study_id, guid)
        document = documents.open_document(connection, study_id, actor.id, found.document_id)
        before = flagged.last_place(connection, found.id)
        code = codebook.get_code(connection, study_id, found.code_id, actor.id)
        may_settle = _may_settle(connection, actor, study_id, found)
        position = flagged.position_of(
            connection, study_id, actor.id, found.id, coder_id=_only(actor, whose)
        )
    return OpenFlagged(
        coding=found,
        code=code,
        before=before,
        document=document,
        guess=_guess(found, document),
        differences=differences(before.text, document.text) if before else Differences(),
        position=position,
        may_settle=may_settle,
    )


def neighbour(
    actor: Actor,
    database: Database,
    study_id: int,
    guid: str,
    *,
    whose: Whose = "all",
    step: Literal["next", "previous"] = "next",
) -> str | None:
    """Give the flagged coding after (or before) one, itself flagged or not; None at the end."""
    with database.read() as connection:
        found = codings.find_coding(connection, study_id, actor.id, guid)
        if found is None:
            return None
        return flagged.neighbour(
            connection, study_id, actor.id, found[0].id, coder_id=_only(actor, whose), step=step
        )


def place(
    actor: Actor,
    database: Database,
    study_id: int,
    guid: str,
    *,
    start: int,
    end: int,
    sha: str,
    quote: str | None = None,
) -> str:
    """Place a flagged coding on words of its text as it is now; say in words what was done.

    Parameters
    ----------
    start, end
        Half-open, in code points of the text of now.
    sha
        SHA-256 of the text on which the words were chosen.
    quote
        The words, if they are known: they are held against the text.

    Raises
    ------
    NotFound
        When the coding is placed or gone by now.
    NotAllowed
        When it is somebody else's, and the actor does not own the study.
    CodingError
        When the text is another by now, the words are others, or they carry the code already.
    """
    with database.write() as connection:
        found, document = _settle(connection, actor, study_id, guid)
        _refuse_edited(document, sha)
        span = check_span(document.text, start, end, quote)
        return _place(connection, actor, study_id, found, document, span, guessed=False)


def accept_guess(actor: Actor, database: Database, study_id: int, guid: str, *, sha: str) -> str:
    """Place a flagged coding where the program guesses its words to be; raises as `place` does."""
    with database.write() as connection:
        found, document = _settle(connection, actor, study_id, guid)
        _refuse_edited(document, sha)
        guess = _guess(found, document)
        if guess is None:
            raise CodingError("there is no guess.", hint="Select the words, or let it go.")
        return _place(connection, actor, study_id, found, document, guess, guessed=True)


def let_go(actor: Actor, database: Database, study_id: int, guid: str) -> str:
    """Take a flagged coding away, for good or until it is undone; raises as `place` does."""
    with database.write() as connection:
        found, document = _settle(connection, actor, study_id, guid)
        at = now()
        codings.set_deleted(connection, found.id, at)
        label = f"letting {_name(connection, actor, study_id, found)} on {document.label} go"
        trail.record(
            connection,
            actor,
            study_id,
            "let go",
            label=label,
            document_id=document.id,
            forward={"coding": [{"id": found.id, "deleted_at": at}]},
            inverse={"coding": [{"id": found.id, "deleted_at": None}]},
        )
        return label


def undo_last(actor: Actor, database: Database, study_id: int) -> tuple[str, str | None]:
    """Take back what the actor settled last: (what it was, the coding that is flagged again).

    Raises
    ------
    NotFound
        When there is nothing to take back.
    ConflictError
        When somebody else has changed it since, or the text was changed once more.
    """
    done = undo.undo(actor, database, study_id, undo.PLACING)
    with database.read() as connection:
        for row in done.forward.get("coding", ()):
            guid = codings.guid_of(connection, row["id"])
            if guid and flagged.find_flagged(connection, study_id, actor.id, guid):
                return done.label, guid
    return done.label, None


def _place(
    connection: Connection,
    actor: Actor,
    study_id: int,
    found: FlaggedCoding,
    document: OpenDocument,
    span: Span,
    *,
    guessed: bool,
) -> str:
    name = _name(connection, actor, study_id, found)
    same = codings.same_coding(
        connection,
        document_id=document.id,
        code_id=found.code_id,
        coder_id=found.coder_id,
        start=span.start,
        end=span.end,
    )
    if same is not None:
        raise CodingError(
            f"exactly these words are coded {name} already.",
            hint="Choose others, or let this one go.",
        )
    before = codings.anchor_state(connection, found.id)
    anchors.move_anchor(
        connection,
        coding_id=found.id,
        revision_id=document.revision_id,
        start=span.start,
        end=span.end,
    )
    anchors.sync_coding_respondents(connection, [found.id])
    label = f"placing {name} on {document.label} again"
    after = codings.anchor_state(connection, found.id)
    trail.record(
        connection,
        actor,
        study_id,
        "place again",
        label=label,
        document_id=document.id,
        forward={"coding": [{"id": found.id, "anchor": after}]},
        inverse={"coding": [{"id": found.id, "anchor": before}]},
        details={"guessed": guessed},
    )
    return label


def _settle(
    connection: Connection, actor: Actor, study_id: int, guid: str
) -> tuple[FlaggedCoding, OpenDocument]:
    """Find a coding that the actor may settle, and its document."""
    trail.require(connection, actor, study_id)
    found = _find(connection, actor, study_id, guid)
    if not _may_settle(connection, actor, study_id, found):
        raise NotAllowed(
            f"this coding is {found.coder}'s: only they or the study's owner may settle it."
        )
    return found, documents.open_document(connection, study_id, actor.id, found.document_id)


def _may_settle(connection: Connection, actor: Actor, study_id: int, found: FlaggedCoding) -> bool:
    role = people.role_of(connection, study_id, actor.id)
    return role == "owner" or (found.coder_id == actor.id and role != "viewer")


def _find(connection: Connection, actor: Actor, study_id: int, guid: str) -> FlaggedCoding:
    found = flagged.find_flagged(connection, study_id, actor.id, guid)
    if found is None:
        known = codings.find_coding(connection, study_id, actor.id, guid)
        gone = known is None or known[1] is not None
        raise NotFound(f"this coding is {'not there any more' if gone else 'placed by now'}.")
    return found


def _refuse_edited(document: OpenDocument, sha: str) -> None:
    if document.sha256 != sha:
        raise CodingError(
            "the text was changed once more after you opened it.",
            hint="Here it is as it is now; choose the words anew.",
        )


def _guess(found: FlaggedCoding, document: OpenDocument) -> Span | None:
    if found.start is None or found.end is None or not document.text.strip():
        return None
    return Span(found.start, found.end) if found.end <= len(document.text) else None


def _name(connection: Connection, actor: Actor, study_id: int, found: FlaggedCoding) -> str:
    return codebook.get_code(connection, study_id, found.code_id, actor.id).name


def _only(actor: Actor, whose: Whose) -> int | None:
    return actor.id if whose == "mine" else None
