"""Code: everything that a person does to codings, one operation at a time or a burst together.

In: operations as the coding pane sends them, each with an identity of its own. Out: the rows, one
operation and one event each, and for every operation whether it was done or why it was refused.

An operation is applied once, however often it arrives: the browser sends again whatever it has not
seen acknowledged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.codebook import check_name
from workbench.domain.codings import Actor, Coding, OpenDocument
from workbench.domain.spans import check_span
from workbench.domain.text import normalise
from workbench.errors import CodingError, InputError, NotFound, WorkbenchError
from workbench.services import trail, undo
from workbench.services.codebook import add_code_row
from workbench.store import anchors, codebook, codings, documents, memos, operations
from workbench.store.clock import now
from workbench.store.engine import Connection, Database
from workbench.store.states import apply_states

MAX_MEMO = 20_000
"""Characters."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An operation that was not done, and why."""

    id: str
    why: str


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
class _Work:
    """One operation at work: who, where, and what was sent."""

    connection: Connection
    actor: Actor
    study_id: int
    id: str
    sent: Mapping[str, Any]
    outcome: Outcome
    _document: OpenDocument | None = None

    @property
    def document(self) -> OpenDocument:
        if self._document is None:
            self._document = documents.open_document(
                self.connection, self.study_id, self.actor.id, self.number("document")
            )
        return self._document

    def number(self, name: str) -> int:
        value = self.sent.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise CodingError(f"the operation has no whole number {name!r}.")
        return value

    def words(self, name: str) -> str:
        value = self.sent.get(name)
        if not isinstance(value, str):
            raise CodingError(f"the operation has no text {name!r}.")
        return value


def apply_operations(
    actor: Actor, database: Database, study_id: int, sent: Sequence[Mapping[str, Any]]
) -> Outcome:
    """Apply a burst of operations in order; refuse single ones without losing the others.

    Parameters
    ----------
    sent
        Dictionaries with `id` (a UUID made by the sender), `kind` (add, remove, recode, adjust,
        memo, document_memo, done, new_code, undo, redo) and what the kind needs.

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
                outcome.rejected.append(Refusal(identity, str(error)))
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
    if not 8 <= len(identity) <= 36:
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
        step(_Work(connection, actor, study_id, identity, sent, outcome))


def _add(work: _Work) -> None:
    document = work.document
    code_id, name = _live_code(work, work.words("code"))
    start, end = _checked_span(work, document)
    guid = work.words("coding")
    if codings.find_coding(work.connection, work.study_id, work.actor.id, guid):
        raise CodingError("this coding is there already.")
    _refuse_same(work, document.id, code_id, name, start, end)
    key = codings.add_coding(
        work.connection,
        codings.NewCoding(
            document.id, document.revision_id, code_id, work.actor.id, start, end, guid=guid
        ),
        _version(work),
    )
    documents.touch(work.connection, document.id, work.actor.id)
    _record(
        work,
        "code",
        f"{name} on {document.label}",
        after={"id": key, "deleted_at": None},
        before={"id": key, "deleted_at": now()},
    )


def _remove(work: _Work) -> None:
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


def _recode(work: _Work) -> None:
    mine = _own_coding(work)
    code_id, name = _live_code(work, work.words("code"))
    if code_id == mine.code_id:
        raise CodingError(f"it is coded {name} already.")
    _refuse_same(work, mine.document_id, code_id, name, mine.start, mine.end)
    codings.set_code(work.connection, mine.id, code_id, _version(work))
    _record(
        work,
        "recode",
        f"recoding {_code_name(work, mine.code_id)} to {name} on {work.document.label}",
        after={"id": mine.id, "code_id": code_id},
        before={"id": mine.id, "code_id": mine.code_id},
    )


def _adjust(work: _Work) -> None:
    mine = _own_coding(work)
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


def _memo(work: _Work) -> None:
    mine = _own_coding(work)
    _write_memo(work, "coding", mine.id, [("coding", mine.id)])


def _document_memo(work: _Work) -> None:
    _write_memo(work, "document", work.document.id, [("document", work.document.id)])


def _write_memo(
    work: _Work, target_kind: str, target_id: int, targets: Sequence[tuple[str, int]]
) -> None:
    text = normalise(work.words("text")).strip()
    if len(text) > MAX_MEMO:
        raise CodingError(f"a memo has at most {MAX_MEMO} characters, not {len(text)}.")
    found = memos.find_memo(
        work.connection,
        target_kind=target_kind,
        target_id=target_id,
        author_id=work.actor.id,
    )
    if found is None:
        if not text:
            return
        key = memos.add_memo(
            work.connection,
            study_id=work.study_id,
            target_kind=target_kind,
            target_id=target_id,
            author_id=work.actor.id,
            text=text,
        )
        before = {"id": key, "text": text, "deleted_at": now()}
    else:
        key, old = found
        if old == text:
            return
        before = {"id": key, "text": old, "deleted_at": None}
        memos.change_memo(work.connection, key, text, None if text else now())
    after = {"id": key, "text": text, "deleted_at": None if text else now()}
    trail.record(
        work.connection,
        work.actor,
        work.study_id,
        "memo",
        label=f"the memo on {work.document.label}",
        document_id=work.document.id,
        forward={"memo": [after]},
        inverse={"memo": [before]},
        targets=targets,
        uuid=work.id,
    )


def _done(work: _Work) -> None:
    done = work.sent.get("done") is not False
    before = documents.state_row(work.connection, work.document.id, work.actor.id)
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


def _new_code(work: _Work) -> None:
    parent_guid = work.sent.get("parent")
    parent_id = None
    if parent_guid is not None:
        parent_id, _ = _live_code(work, str(parent_guid))
    add_code_row(
        work.connection,
        work.actor,
        work.study_id,
        {
            "name": check_name(work.words("name")),
            "parent_id": parent_id,
            "definition": str(work.sent.get("definition") or ""),
        },
        guid=work.words("code"),
        uuid=work.id,
        document_id=work.sent.get("document"),
    )


def _undo(work: _Work) -> None:
    done = undo.undo_in(work.connection, work.actor, work.study_id, uuid=work.id)
    work.outcome.message = f"Undone: {done.label}."
    work.outcome.message_document_id = done.document_id


def _redo(work: _Work) -> None:
    done = undo.redo_in(work.connection, work.actor, work.study_id, uuid=work.id)
    work.outcome.message = f"Done again: {done.label}."
    work.outcome.message_document_id = done.document_id


STEPS: Mapping[str, Callable[[_Work], None]] = {
    "add": _add,
    "remove": _remove,
    "recode": _recode,
    "adjust": _adjust,
    "memo": _memo,
    "document_memo": _document_memo,
    "done": _done,
    "new_code": _new_code,
    "undo": _undo,
    "redo": _redo,
}


def _checked_span(work: _Work, document: OpenDocument) -> tuple[int | None, int | None]:
    if work.sent.get("start") is None and work.sent.get("end") is None:
        return None, None
    if work.sent.get("sha") != document.sha256:
        raise CodingError(
            "the text was edited after you opened it.",
            hint="Open the answer again and select the words anew.",
        )
    span = check_span(document.text, work.number("start"), work.number("end"), work.words("quote"))
    return span.start, span.end


def _live_code(work: _Work, guid: str) -> tuple[int, str]:
    found = codebook.find_code(work.connection, work.study_id, guid)
    if found is None:
        raise CodingError("this code is not in the codebook (any more).")
    key, name, status = found
    if status != "active":
        raise CodingError(f"the code {name} is {status}.", hint="Choose another.")
    return key, name


def _own_coding(work: _Work) -> Coding:
    found = codings.find_coding(work.connection, work.study_id, work.actor.id, work.words("coding"))
    if found is None or found[1] is not None:
        raise NotFound("this coding is not there any more.")
    if found[0].coder_id != work.actor.id:
        raise CodingError("this coding is another coder's.", hint="Code the words yourself.")
    return found[0]


def _refuse_same(
    work: _Work, document_id: int, code_id: int, name: str, start: int | None, end: int | None
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


def _version(work: _Work) -> int | None:
    version = codebook.current_version(work.connection, work.study_id)
    return version[0] if version else None


def _code_name(work: _Work, code_id: int) -> str:
    return str(codebook.code_state(work.connection, code_id)["name"])


def _record(
    work: _Work, verb: str, label: str, *, after: dict[str, Any], before: dict[str, Any]
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


def code_documents(
    actor: Actor, database: Database, study_id: int, document_ids: Sequence[int], code_id: int
) -> int:
    """Code several whole documents at once, as one operation; give how many were new.

    Raises
    ------
    InputError
        When no document is named.
    NotFound
        When a document or the code is not in the study.
    """
    if not document_ids:
        raise InputError("no answer is chosen.", hint="Tick one or more rows first.")
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        chosen = codebook.get_code(connection, study_id, code_id)
        if chosen.status != "active":
            raise CodingError(f"the code {chosen.name} is {chosen.status}.", hint="Choose another.")
        version = codebook.current_version(connection, study_id)
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
                    version[0] if version else None,
                )
            )
            documents.touch(connection, document_id, actor.id)
        if keys:
            at = now()
            trail.record(
                connection,
                actor,
                study_id,
                "code",
                label=f"{chosen.name} on {len(keys)} answers",
                forward={"coding": [{"id": key, "deleted_at": None} for key in keys]},
                inverse={"coding": [{"id": key, "deleted_at": at} for key in keys]},
            )
        return len(keys)
