"""Memos: a researcher's own words on the study, the codebook, a code, a respondent or an answer.

In: what the memo is about, and its text. Out: the memo written, changed or taken away, as one
operation and one event; undo brings back what stood there before. On an answer, a coding or a
respondent the pages keep one memo per person; any number can be written, and others can reply.
`memo_list` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.codings import Actor
from workbench.domain.memos import Memo, Purpose, TargetKind
from workbench.domain.text import normalise
from workbench.errors import CodingError, NotAllowed, NotFound
from workbench.services.trail import trail, undo
from workbench.store.clock import now
from workbench.store.documents import documents
from workbench.store.engine import Connection, Database
from workbench.store.memos import memo_places, memo_sight, memo_threads, memos
from workbench.store.surveys import respondents

MAX_MEMO = 20_000
"""Characters."""

WRITE, REPLY, EDIT, TAKE_AWAY = "write memo", "reply to memo", "edit memo", "take memo away"
MEMOS = frozenset({"memo", WRITE, REPLY, EDIT, TAKE_AWAY})
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


def write(
    actor: Actor,
    database: Database,
    study_id: int,
    kind: TargetKind,
    target_id: int,
    text: str,
    *,
    reply_to: int | None = None,
    purpose: Purpose | None = None,
) -> int:
    """Write a new memo, or a reply to one; give its key.

    Parameters
    ----------
    kind, target_id
        What it is about. A reply is about what the memo is about that it answers, whatever is said
        here, and a reply to a reply joins the same thread.
    purpose
        What the study has asked for: "positionality" stands on the study, "reflexivity" on a
        version of the codebook or on the study.

    Raises
    ------
    NotFound
        When what it is about, or the memo that it answers, is not there for this person.
    CodingError
        When there are no words or too many, or the purpose does not fit.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        words = _words(text)
        verb, what, about = WRITE, "the memo", (str(kind), target_id)
        if reply_to is not None:
            root, about = _visible(connection, actor, study_id, reply_to)
            reply_to, verb, what = root.reply_to or root.id, REPLY, "the reply"
        elif not memo_sight.may_write_on(connection, study_id, actor.id, kind, target_id):
            raise NotFound("what this memo is about is not there (any more).")
        _check_purpose(purpose, about[0], reply_to)
        key = memos.add_memo(
            connection, study_id=study_id, target_kind=about[0], target_id=about[1],
            author_id=actor.id, text=words, reply_to=reply_to, purpose=purpose,
        )  # fmt: skip
        state = memos.memo_state(connection, key)
        _record(connection, actor, study_id, verb, what, about,
                {**state, "deleted_at": now()}, state)  # fmt: skip
        return key


def edit(actor: Actor, database: Database, study_id: int, memo_id: int, text: str) -> None:
    """Give one's own memo or reply other words.

    Raises
    ------
    NotFound
        When it is not there.
    NotAllowed
        When it is somebody else's; the owner of a study changes nobody's words either.
    CodingError
        When there are no words or too many.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        found, about = _own(connection, actor, study_id, memo_id)
        words = _words(text)
        if words == found.text:
            return
        before = memos.memo_state(connection, memo_id)
        memos.change_memo(connection, memo_id, words, None)
        _record(connection, actor, study_id, EDIT, "changing the memo", about,
                before, memos.memo_state(connection, memo_id))  # fmt: skip


def take_away(actor: Actor, database: Database, study_id: int, memo_id: int) -> None:
    """Take away one's own memo or reply; replies to it stay. Raises as `edit` does."""
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        found, about = _own(connection, actor, study_id, memo_id)
        before = memos.memo_state(connection, memo_id)
        memos.change_memo(connection, memo_id, found.text, now())
        _record(connection, actor, study_id, TAKE_AWAY, "taking away the memo", about,
                before, memos.memo_state(connection, memo_id))  # fmt: skip


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


def _words(text: str) -> str:
    words = normalise(text).strip()
    if not words:
        raise CodingError("the memo has no words.", hint="Write something, or take it away.")
    if len(words) > MAX_MEMO:
        raise CodingError(f"a memo has at most {MAX_MEMO} characters, not {len(words)}.")
    return words


def _check_purpose(purpose: Purpose | None, kind: str, reply_to: int | None) -> None:
    fitting = {"positionality": ("study",), "reflexivity": ("study", "codebook_version")}
    if purpose is not None and (reply_to is not None or kind not in fitting.get(purpose, ())):
        raise CodingError(f"a memo with the purpose {purpose!r} cannot be written here.")


def _visible(
    connection: Connection, actor: Actor, study_id: int, memo_id: int
) -> tuple[Memo, tuple[str, int]]:
    found = memo_threads.find_visible(connection, study_id, actor.id, memo_id)
    if found is None:
        raise NotFound("this memo is not there (any more).")
    return found[0], (found[1], found[2])


def _own(
    connection: Connection, actor: Actor, study_id: int, memo_id: int
) -> tuple[Memo, tuple[str, int]]:
    found, about = _visible(connection, actor, study_id, memo_id)
    if found.author_id != actor.id:
        raise NotAllowed(f"this memo is {found.author}'s. Reply to it instead.")
    return found, about


def _record(
    connection: Connection,
    actor: Actor,
    study_id: int,
    verb: str,
    what: str,
    about: tuple[str, int],
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    place = memo_places.places_of(connection, study_id, actor.id, [about]).get(about)
    # The coding page shows what a coder has written on their own codings, and hears of it by this.
    own = place is not None and place.coder_id == actor.id
    touched = [about] if own and verb != REPLY else []
    trail.record(
        connection, actor, study_id, verb,
        label=f"{what} on {place.label if place else about[0]}",
        document_id=place.document_id if place else None,
        forward={"memo": [after]}, inverse={"memo": [before]}, targets=touched,
    )  # fmt: skip
