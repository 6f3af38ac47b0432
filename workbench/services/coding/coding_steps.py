"""Coding steps: what each kind of operation of the coding pane does.

In: one operation at work. Out: the rows, one operation and one event. `code` applies them in
bursts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.codings import Actor, Coding, OpenDocument
from workbench.domain.spans import check_span
from workbench.domain.text import normalise
from workbench.errors import CodingError, NotFound
from workbench.services.codebooks.codebook import add_code_row
from workbench.services.memos.memos import Target, write_memo_in
from workbench.services.trail import trail, undo
from workbench.services.voice_notes import drafts
from workbench.store.clock import now
from workbench.store.codebooks import codebook
from workbench.store.coding import anchors, codings
from workbench.store.documents import documents, reading_states
from workbench.store.engine import Connection
from workbench.store.trail.states import apply_states

MAX_NUMBER = 2**31 - 1
"""The largest whole number that every database keeps."""

IDENTITY = re.compile(r"[0-9A-Za-z_-]{8,36}")
"""What the sender may call an operation, a coding or a code; a UUID, as a rule."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An operation that was not done, and why."""

    id: str
    why: str
    code: str = ""
    """What a program can tell it by, such as "draft"; empty where nothing hangs on it."""


@dataclass(slots=True)
class Outcome:
    """What became of a burst of operations.

    `message` is for the person: what an undo or redo did, and where (`document_id`) when that is
    another document than the open one.
    """

    acked: list[str] = field(default_factory=list)
    rejected: list[Refusal] = field(default_factory=list)
    message: str = ""
    message_document_id: int | None = None


@dataclass(slots=True)
class Work:
    """One operation at work: who, where, and what was sent.

    Its methods read what was sent, and raise CodingError when it is not of the right kind.
    """

    connection: Connection
    actor: Actor
    study_id: int
    id: str
    sent: Mapping[str, Any]
    outcome: Outcome
    _document: OpenDocument | None = None

    @property
    def document(self) -> OpenDocument:
        """The document that the operation is about."""
        if self._document is None:
            self._document = documents.open_document(
                self.connection,
                self.study_id,
                self.actor.id,
                self.number("document"),
                text_only=True,
            )
        return self._document

    def number(self, name: str) -> int:
        """Read a whole number."""
        value = self.sent.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise CodingError(f"the operation has no whole number {name!r}.")
        if abs(value) > MAX_NUMBER:
            raise CodingError(f"the number {name!r} of the operation is too large.")
        return value

    def words(self, name: str) -> str:
        """Read a text, normalised."""
        value = self.sent.get(name)
        if not isinstance(value, str):
            raise CodingError(f"the operation has no text {name!r}.")
        return normalise(value)

    def identity(self, name: str) -> str:
        """Read an identity."""
        value = self.words(name)
        if not IDENTITY.fullmatch(value):
            raise CodingError(f"the operation has no identity {name!r}.")
        return value


def _add(work: Work) -> None:
    document = work.document
    _refuse_draft(work)
    code_id, name = _live_code(work, work.identity("code"))
    start, end = _checked_span(work, document)
    guid = work.identity("coding")
    if codings.guid_taken(work.connection, guid):
        raise CodingError("this coding is there already.")
    _refuse_same(work, document.id, code_id, name, start, end)
    key = codings.add_coding(
        work.connection,
        codings.NewCoding(
            document.id, document.revision_id, code_id, work.actor.id, start, end, guid=guid
        ),
        version_now(work.connection, work.study_id),
    )
    reading_states.touch(work.connection, document.id, work.actor.id)
    _record(
        work,
        "code",
        f"{name} on {document.label}",
        after={"id": key, "deleted_at": None},
        before={"id": key, "deleted_at": now()},
    )


def _remove(work: Work) -> None:
    mine = _own_coding(work)
    at = now()
    codings.set_deleted(work.connection, mine.id, at)
    _record(
        work,
        "remove",
        f"removing {_code_name(work, mine.code_id)} from {work.document.label}",
        after={"id": mine.id, "deleted_at": at},
        before={"id": mine.id, "deleted_at": None},
    )


def _recode(work: Work) -> None:
    mine = _own_coding(work)
    _refuse_draft(work, mine.document_id)
    code_id, name = _live_code(work, work.identity("code"))
    if code_id == mine.code_id:
        raise CodingError(f"it is coded {name} already.")
    _refuse_same(work, mine.document_id, code_id, name, mine.start, mine.end)
    codings.set_code(work.connection, mine.id, code_id, version_now(work.connection, work.study_id))
    _record(
        work,
        "recode",
        f"recoding {_code_name(work, mine.code_id)} to {name} on {work.document.label}",
        after={"id": mine.id, "code_id": code_id},
        before={"id": mine.id, "code_id": mine.code_id},
    )


def _adjust(work: Work) -> None:
    mine = _own_coding(work)
    _refuse_draft(work, mine.document_id)
    start, end = _checked_span(work, work.document)
    if start is None or end is None:
        raise CodingError("adjusting needs a start and an end.")
    name = _code_name(work, mine.code_id)
    if mine.flagged or (start, end) != (mine.start, mine.end):
        _refuse_same(work, mine.document_id, mine.code_id, name, start, end)
    before = codings.anchor_state(work.connection, mine.id)
    anchors.move_anchor(
        work.connection,
        coding_id=mine.id,
        revision_id=work.document.revision_id,
        start=start,
        end=end,
    )
    anchors.sync_coding_respondents(work.connection, [mine.id])
    _record(
        work,
        "adjust",
        f"the ends of {name} on {work.document.label}",
        after={"id": mine.id, "anchor": codings.anchor_state(work.connection, mine.id)},
        before={"id": mine.id, "anchor": before},
    )


def _memo(work: Work) -> None:
    mine = _own_coding(work)
    _write_memo(work, "coding", mine.id, [("coding", mine.id)])


def _document_memo(work: Work) -> None:
    _write_memo(work, "document", work.document.id, [("document", work.document.id)])


def _write_memo(
    work: Work, target_kind: str, target_id: int, targets: Sequence[tuple[str, int]]
) -> None:
    write_memo_in(
        work.connection,
        work.actor,
        work.study_id,
        Target(target_kind, target_id, work.document.label, work.document.id, tuple(targets)),
        work.words("text"),
        uuid=work.id,
    )


def _accept_draft(work: Work) -> None:
    drafts.accept_in(work.connection, work.actor, work.study_id, [work.document.id], uuid=work.id)


def _done(work: Work) -> None:
    done = work.sent.get("done") is not False
    before = reading_states.state_row(work.connection, work.document.id, work.actor.id)
    if (before["state"] == "done") == done:
        return
    at = now()
    after = {
        **before,
        "state": "done" if done else "in_progress",
        "done_at": at if done else None,
        "first_done_at": before["first_done_at"] or (at if done else None),
    }
    apply_states(work.connection, {"document_state": [after]})
    if before["first_done_at"] is None and done:
        reading_states.keep_first_reading(work.connection, work.document.id, work.actor.id)
    trail.record(
        work.connection,
        work.actor,
        work.study_id,
        "done" if done else "reopen",
        label=f"{'done' if done else 'not done'} on {work.document.label}",
        document_id=work.document.id,
        forward={"document_state": [after]},
        inverse={"document_state": [{**before, "first_done_at": after["first_done_at"]}]},
        uuid=work.id,
    )


def _new_code(work: Work) -> None:
    parent_guid = work.sent.get("parent")
    parent_id = None
    if parent_guid is not None:
        parent_id, _ = _live_code(work, work.identity("parent"))
    add_code_row(
        work.connection,
        work.actor,
        work.study_id,
        {
            "name": work.words("name"),
            "parent_id": parent_id,
            "definition": work.words("definition") if work.sent.get("definition") else "",
        },
        guid=work.identity("code"),
        uuid=work.id,
        document_id=None if work.sent.get("document") is None else work.document.id,
    )


def _undo(work: Work) -> None:
    if undo.nothing_left(undo.undo_in, work.connection, work.actor, work.study_id, undo.CODING):
        work.outcome.message = "There is nothing to undo here."
        return
    done = undo.undo_in(work.connection, work.actor, work.study_id, uuid=work.id, verbs=undo.CODING)
    work.outcome.message = f"Undone: {done.label}."
    work.outcome.message_document_id = done.document_id


def _redo(work: Work) -> None:
    if undo.nothing_left(undo.redo_in, work.connection, work.actor, work.study_id, undo.CODING):
        work.outcome.message = "There is nothing to do again here."
        return
    done = undo.redo_in(work.connection, work.actor, work.study_id, uuid=work.id, verbs=undo.CODING)
    work.outcome.message = f"Done again: {done.label}."
    work.outcome.message_document_id = done.document_id


STEPS: Mapping[str, Callable[[Work], None]] = {
    "add": _add,
    "remove": _remove,
    "recode": _recode,
    "adjust": _adjust,
    "memo": _memo,
    "document_memo": _document_memo,
    "accept_draft": _accept_draft,
    "done": _done,
    "new_code": _new_code,
    "undo": _undo,
    "redo": _redo,
}


def _checked_span(work: Work, document: OpenDocument) -> tuple[int | None, int | None]:
    if work.sent.get("start") is None and work.sent.get("end") is None:
        return None, None
    if work.sent.get("sha") != document.sha256:
        raise CodingError(
            "the text was edited after you opened it.",
            hint="Open the answer again and select the words anew.",
        )
    # After a reload the browser no longer knows the words of what it had not sent: it stores none.
    # The text is the same by its hash, so that the offsets stand.
    quote = None if work.sent.get("quote") is None else work.words("quote")
    span = check_span(document.text, work.number("start"), work.number("end"), quote)
    return span.start, span.end


def _live_code(work: Work, guid: str) -> tuple[int, str]:
    found = codebook.find_code(work.connection, work.study_id, guid, work.actor.id)
    if found is None:
        raise CodingError("this code is not in the codebook (any more).")
    key, name, status = found
    if status != "active":
        raise CodingError(f"the code {name} is {status}.", hint="Choose another.")
    return key, name


def _own_coding(work: Work) -> Coding:
    found = codings.find_coding(
        work.connection, work.study_id, work.actor.id, work.identity("coding")
    )
    if found is None or found[1] is not None:
        raise NotFound("this coding is not there any more.")
    if found[0].coder_id != work.actor.id:
        raise CodingError("this coding is another coder's.", hint="Code the words yourself.")
    return found[0]


def _refuse_draft(work: Work, document_id: int | None = None) -> None:
    key = work.document.id if document_id is None else document_id
    drafts.require_codable_in(work.connection, work.actor, work.study_id, [key])


def _refuse_same(
    work: Work, document_id: int, code_id: int, name: str, start: int | None, end: int | None
) -> None:
    same = codings.same_coding(
        work.connection,
        document_id=document_id,
        code_id=code_id,
        coder_id=work.actor.id,
        start=start,
        end=end,
    )
    if same is not None:
        raise CodingError(f"you have coded exactly these words {name} already.")


def version_now(connection: Connection, study_id: int) -> int | None:
    """Give the version of the codebook under which codings are made now."""
    version = codebook.current_version(connection, study_id)
    return version[0] if version else None


def _code_name(work: Work, code_id: int) -> str:
    return str(codebook.code_state(work.connection, code_id)["name"])


def _record(
    work: Work, verb: str, label: str, *, after: dict[str, Any], before: dict[str, Any]
) -> None:
    trail.record(
        work.connection,
        work.actor,
        work.study_id,
        verb,
        label=label,
        document_id=work.document.id,
        forward={"coding": [after]},
        inverse={"coding": [before]},
        uuid=work.id,
    )
