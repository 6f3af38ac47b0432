"""Drafts: whether, and after which warning, transcripts may be coded that nobody has checked.

In: the study's setting, and what a person has accepted. Out: a refusal with what to do, or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from workbench.domain.codings import Actor
from workbench.domain.words import count
from workbench.errors import CodingError
from workbench.services import trail
from workbench.store import documents, drafts, studies
from workbench.store.engine import Connection, Database

Policy = Literal["warn", "forbid"]

SETTING = "drafts"

FORBIDDEN = (
    "this is a machine draft, and this study codes transcripts only when they are checked. "
    "Check it by ear first."
)
WARNED = (
    "this is a machine draft: nobody has checked these words by ear. Check it first, or say that "
    "you code it all the same."
)


def policy(actor: Actor, database: Database, study_id: int) -> Policy:
    """Tell whether drafts may be coded after a warning ("warn"), or not at all ("forbid")."""
    with database.read() as connection:
        return policy_in(connection, study_id)


def policy_in(connection: Connection, study_id: int) -> Policy:
    """Tell the same, within a transaction."""
    forbids = studies.get_settings(connection, study_id).get(SETTING) == "forbid"
    return "forbid" if forbids else "warn"


def set_policy(actor: Actor, database: Database, study_id: int, wanted: Policy) -> None:
    """Set whether drafts may be coded; for the study's owner.

    Raises
    ------
    NotAllowed
        When the actor does not own the study.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id, "owner")
        if policy_in(connection, study_id) == wanted:
            return
        studies.change_settings(connection, study_id, **{SETTING: wanted})
        trail.record(
            connection, actor, study_id, "change setting", label=f"machine drafts: {wanted}",
            details={SETTING: wanted},
        )  # fmt: skip


def accept(actor: Actor, database: Database, study_id: int, document_id: int) -> None:
    """Note that a person codes a draft although they were warned.

    Raises
    ------
    CodingError
        When the study forbids it.
    NotFound
        When the study has no such document.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        accept_in(connection, actor, study_id, document_id)


def accept_in(connection: Connection, actor: Actor, study_id: int, document_id: int) -> None:
    """Note the same, within a transaction."""
    documents.open_document(connection, study_id, actor.id, document_id, text_only=True)
    if policy_in(connection, study_id) == "forbid":
        raise CodingError(FORBIDDEN)
    if drafts.accept(connection, actor.id, document_id):
        trail.record(
            connection, actor, study_id, "accept draft", label="coding a machine draft",
            document_id=document_id,
        )  # fmt: skip


def refuse_draft_in(
    connection: Connection, actor: Actor, study_id: int, document_ids: Sequence[int]
) -> None:
    """Refuse to code machine drafts, unless the study allows it and the person was warned.

    Raises
    ------
    CodingError
        When one of the documents is a draft that may not be coded (yet).
    """
    found = drafts.drafts_among(connection, document_ids)
    if not found:
        return
    if policy_in(connection, study_id) == "forbid":
        raise CodingError(_several(FORBIDDEN, len(found), len(document_ids)))
    left = found - drafts.accepted_by(connection, actor.id, sorted(found))
    if left:
        raise CodingError(_several(WARNED, len(left), len(document_ids)))


def _several(text: str, n: int, of: int) -> str:
    if of == 1:
        return text
    return f"{count(n, 'of the answers is', 'of the answers are')} machine drafts: " + text


def must_warn(actor: Actor, database: Database, study_id: int, document_id: int) -> Policy | None:
    """Tell what stands between a person and coding a document: a warning, a ban, or nothing."""
    with database.read() as connection:
        return must_warn_in(connection, actor, study_id, document_id)


def must_warn_in(
    connection: Connection, actor: Actor, study_id: int, document_id: int
) -> Policy | None:
    """Tell the same, within a transaction."""
    if not drafts.drafts_among(connection, [document_id]):
        return None
    if policy_in(connection, study_id) == "forbid":
        return "forbid"
    return None if drafts.accepted_by(connection, actor.id, [document_id]) else "warn"
