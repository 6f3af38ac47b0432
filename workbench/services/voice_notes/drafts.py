"""Drafts: what a study thinks of coding words that only a machine has heard.

In: a study's setting, and who agrees to code a draft all the same. Out: codings refused until the
person has agreed, or for good where the study forbids it. Every way of coding asks here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.domain.codings import Actor
from workbench.domain.extracts import MACHINE_DRAFT
from workbench.domain.words import count
from workbench.errors import DraftError, InputError
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.documents import documents, drafts
from workbench.store.engine import Connection, Database

Policy = Literal["warn", "forbid"]
"""Drafts may be coded after a warning, or not at all."""

POLICIES: tuple[Policy, ...] = ("warn", "forbid")
SETTING = "drafts"


@dataclass(frozen=True, slots=True)
class DraftState:
    """A study's drafts: how many wait to be checked by ear, and whether they may be coded."""

    n_drafts: int
    policy: Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """How one document stands for one person. `words` is "draft", "checked" or empty."""

    words: str = ""
    accepted: bool = False
    policy: Policy = "warn"

    @property
    def blocks(self) -> bool:
        """Whether coding it is refused for now."""
        return self.words == "draft" and (self.policy == "forbid" or not self.accepted)


def state(actor: Actor, database: Database, study_id: int) -> DraftState:
    """Count a study's drafts and give its setting."""
    with database.read() as connection:
        studies.get_study(connection, study_id)
        return DraftState(drafts.count_drafts(connection, study_id), _policy(connection, study_id))


def set_policy(actor: Actor, database: Database, study_id: int, policy: Policy) -> None:
    """Say whether drafts may be coded; the study's owner may.

    Raises
    ------
    InputError
        When it is neither "warn" nor "forbid".
    NotAllowed
        When the actor does not own the study.
    """
    if policy not in POLICIES:
        raise InputError(f"{policy!r} is no setting for drafts.", hint="It is warn or forbid.")
    with database.write() as connection:
        trail.require(connection, actor, study_id, "owner")
        if _policy(connection, study_id) == policy:
            return
        studies.change_settings(connection, study_id, **{SETTING: policy})
        trail.record(
            connection, actor, study_id, "set drafts", label=f"drafts: {policy}",
            details={"drafts": policy},
        )  # fmt: skip


def standing(actor: Actor, database: Database, study_id: int, document_id: int) -> Standing:
    """Tell how a document's words stand, and whether this person has agreed to code them."""
    with database.read() as connection:
        return standing_in(connection, actor, study_id, document_id)


def standing_in(connection: Connection, actor: Actor, study_id: int, document_id: int) -> Standing:
    """Do what `standing` does, in a transaction that is open already."""
    words = drafts.standing_of(connection, document_id)
    if words != "draft":
        return Standing(words or "")
    return Standing(
        "draft",
        drafts.has_accepted(connection, document_id, actor.id),
        _policy(connection, study_id),
    )


def marks(
    actor: Actor, database: Database, study_id: int, document_ids: Sequence[int]
) -> dict[int, str]:
    """Give the marks of those documents that a machine has written: "machine draft", "checked"."""
    with database.read() as connection:
        found = drafts.standings(connection, study_id, document_ids)
    return {key: MACHINE_DRAFT if words == "draft" else words for key, words in found.items()}


def count_blocked(
    actor: Actor, database: Database, study_id: int, document_ids: Sequence[int]
) -> tuple[int, Policy]:
    """Count the documents that this person may not code for now, and give the study's setting."""
    with database.read() as connection:
        policy = _policy(connection, study_id)
        if policy == "forbid":
            found = drafts.standings(connection, study_id, document_ids)
            return sum(words == "draft" for words in found.values()), policy
        return len(drafts.not_accepted(connection, study_id, document_ids, actor.id)), policy


def accept(actor: Actor, database: Database, study_id: int, document_ids: Sequence[int]) -> int:
    """Agree to code drafts that nobody has checked by ear; give how many were new.

    Raises
    ------
    DraftError
        When the study forbids it.
    NotFound
        When a document is not in the study.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        return accept_in(connection, actor, study_id, document_ids)


def accept_in(
    connection: Connection,
    actor: Actor,
    study_id: int,
    document_ids: Sequence[int],
    *,
    uuid: str | None = None,
) -> int:
    """Do what `accept` does, in a transaction that is open already."""
    fresh = drafts.not_accepted(connection, study_id, document_ids, actor.id)
    if not fresh:
        for key in document_ids:
            documents.open_document(connection, study_id, actor.id, key, text_only=True)
        return 0
    if _policy(connection, study_id) == "forbid":
        raise _forbidden(len(fresh))
    for key in fresh:
        drafts.accept(connection, key, actor.id)
    trail.record(
        connection,
        actor,
        study_id,
        "accept draft",
        label=f"agreeing to code {count(len(fresh), 'machine draft')}",
        document_id=fresh[0] if len(fresh) == 1 else None,
        targets=[("document", key) for key in fresh],
        uuid=uuid,
    )
    return len(fresh)


def require_codable_in(
    connection: Connection, actor: Actor, study_id: int, document_ids: Sequence[int]
) -> None:
    """See to it that this person may code these documents now.

    Raises
    ------
    DraftError
        With the code "draft" until the person has agreed; "drafts_forbidden" where no draft may be
        coded in this study.
    """
    if not drafts.any_drafts(connection, study_id):
        return
    if _policy(connection, study_id) == "forbid":
        found = drafts.standings(connection, study_id, document_ids)
        n = sum(words == "draft" for words in found.values())
        if n:
            raise _forbidden(n)
        return
    waiting = drafts.not_accepted(connection, study_id, document_ids, actor.id)
    if waiting:
        n = len(waiting)
        what = "this is a machine draft" if n == 1 else f"{n:,} of these are machine drafts"
        raise DraftError(
            f"{what}: nobody has checked the words by ear.",
            code="draft",
            hint="Check them by ear first, or agree to code the draft anyway.",
        )


def _policy(connection: Connection, study_id: int) -> Policy:
    found = studies.get_settings(connection, study_id).get(SETTING)
    return "forbid" if found == "forbid" else "warn"


def _forbidden(n: int) -> DraftError:
    what = "this is a machine draft" if n == 1 else f"{n:,} of these are machine drafts"
    return DraftError(
        f"{what}, and this study codes only what a person has checked.",
        code="drafts_forbidden",
        hint="Check the words by ear first, or ask the study's owner to allow drafts.",
    )
