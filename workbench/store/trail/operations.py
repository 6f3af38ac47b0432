"""What was done, by whom, and how it is taken back.

In: the rows that an operation changed, before and after. Out: rows of `operation`, found again for
undo, redo and for what has changed since.

Before and after are `States`: for each kind of thing, the values that its rows had. Writing the
states from before is undo; nothing else in the program knows how to undo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from workbench.store.tables import coder, operation, operation_target

States = dict[str, list[dict[str, Any]]]
"""For each kind ("coding", "code", "memo", "document_state", "attribute", "respondent_attribute",
"adjudication", "settled", "assignment", "carried"), rows by their values."""


READING = "document_state"
"""The kind of target that is a person's reading state of a document."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a person did."""

    id: int
    uuid: str
    study_id: int
    actor_id: int
    verb: str
    label: str
    document_id: int | None
    forward: States
    inverse: States | None
    undoes: int | None
    undone_by: int | None


_FIND = select(operation).where(operation.c.uuid == bindparam("identity"))
_ADD, _ADD_TARGETS = insert(operation), insert(operation_target)


def find_operation(connection: Connection, uuid: str) -> Operation | None:
    """Find an operation by its identity."""
    row = connection.execute(_FIND, {"identity": uuid}).first()
    return _operation(row) if row else None


def add_operation(
    connection: Connection,
    *,
    uuid: str,
    study_id: int,
    actor_id: int,
    verb: str,
    label: str,
    document_id: int | None,
    forward: States,
    inverse: States | None,
    targets: Sequence[tuple[str, int]],
    at: str,
    undoes: int | None = None,
) -> int:
    """Write an operation and what it touched; give its key."""
    key = connection.execute(
        _ADD,
        {
            "uuid": uuid,
            "study_id": study_id,
            "actor_id": actor_id,
            "verb": verb,
            "label": label,
            "document_id": document_id,
            "forward": forward,
            "inverse": inverse,
            "undoes": undoes,
            "created_at": at,
        },
    ).inserted_primary_key
    assert key is not None
    if targets:
        connection.execute(
            _ADD_TARGETS,
            [
                {"operation_id": key[0], "kind": kind, "target_id": target}
                for kind, target in sorted(set(targets))
            ],
        )
    return int(key[0])


def mark_undone(connection: Connection, operation_id: int, by: int | None) -> None:
    """Note which operation took another one back (or, with None, that it stands again)."""
    connection.execute(update(operation).where(operation.c.id == operation_id).values(undone_by=by))


def pass_over(connection: Connection, operation_id: int) -> None:
    """Offer an operation for undo and redo no more."""
    connection.execute(
        update(operation).where(operation.c.id == operation_id).values(passed_over=True)
    )


def next_undo(
    connection: Connection, study_id: int, actor_id: int, verbs: Collection[str] | None = None
) -> Operation | None:
    """Find the newest thing of these kinds that this person did and has not taken back."""
    row = connection.execute(
        select(operation)
        .where(
            operation.c.study_id == study_id,
            operation.c.actor_id == actor_id,
            operation.c.inverse.isnot(None),
            operation.c.undoes.is_(None),
            operation.c.undone_by.is_(None),
            ~operation.c.passed_over,
            *_of_kinds(verbs),
        )
        .order_by(operation.c.id.desc())
        .limit(1)
    ).first()
    return _operation(row) if row else None


def next_redo(
    connection: Connection, study_id: int, actor_id: int, verbs: Collection[str] | None = None
) -> Operation | None:
    """Find the thing that this person took back last, unless they did something new since.

    It may be another person's, which an owner took back; whoever made it is not offered it.
    """
    undo = operation.alias("undo")
    newer = operation.alias("newer")
    row = connection.execute(
        select(operation)
        .join(undo, undo.c.id == operation.c.undone_by)
        .where(
            undo.c.study_id == study_id,
            undo.c.actor_id == actor_id,
            ~operation.c.passed_over,
            *_of_kinds(verbs),
            ~exists().where(
                newer.c.study_id == study_id,
                newer.c.actor_id == actor_id,
                newer.c.id > undo.c.id,
                newer.c.undoes.is_(None),
                newer.c.inverse.isnot(None),
            ),
        )
        .order_by(undo.c.id.desc())
        .limit(1)
    ).first()
    return _operation(row) if row else None


def _of_kinds(verbs: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if verbs is None else [operation.c.verb.in_(sorted(verbs))]


@dataclass(frozen=True, slots=True)
class LaterChange:
    """What stands in the way of taking an operation back, or of doing it again."""

    id: int
    actor_id: int
    actor: str
    verb: str
    label: str


def changed_since(
    connection: Connection, done: Operation, kinds: Collection[str]
) -> LaterChange | None:
    """Find what has touched the rows that this operation wrote since, and still stands.

    `kinds` are those of its targets that it wrote: a memo on a coding names the coding too, which
    may change without harm to the memo.

    For an operation that stands, that is every later one that was not taken back. For one that was
    taken back, it is whatever changed since then: made, taken back, or done again.

    A reading state is a person's own: that others have read the same document is no change.
    """
    moment = done.id if done.undone_by is None else done.undone_by
    changes = connection.execute(_later_changes(done, moment, kinds)).all()
    turns = Counter(row.root for row in changes if row.undoes is not None)
    for row in changes:
        if row.root == done.id:
            continue
        made = row.undoes is None and row.undone_by is None
        turned = row.undoes is not None and row.root <= moment and turns[row.root] % 2 == 1
        if made or turned:
            return LaterChange(row.id, row.actor_id, row.name, row.verb, row.label)
    return None


def _later_changes(done: Operation, moment: int, kinds: Collection[str]) -> Select[Any]:
    """List what touched the same since: each with the operation that it took back or did again."""
    mine, theirs = operation_target.alias("mine"), operation_target.alias("theirs")
    later = operation.alias("later")
    # An undo names the operation that it took back; a redo names that undo.
    parent, origin = operation.alias("parent"), operation.alias("origin")
    whose = func.coalesce(origin.c.actor_id, parent.c.actor_id, later.c.actor_id)
    return (
        select(
            later.c.id,
            later.c.actor_id,
            coder.c.name,
            later.c.verb,
            later.c.label,
            later.c.undoes,
            later.c.undone_by,
            func.coalesce(origin.c.id, parent.c.id, later.c.id).label("root"),
        )
        .select_from(mine)
        .join(theirs, _same_target(mine.c, theirs.c))
        .join(later, later.c.id == theirs.c.operation_id)
        .join(coder, coder.c.id == later.c.actor_id)
        .outerjoin(parent, parent.c.id == later.c.undoes)
        .outerjoin(origin, origin.c.id == parent.c.undoes)
        .where(
            mine.c.operation_id == done.id,
            mine.c.kind.in_(sorted(kinds)),
            theirs.c.operation_id > moment,
            later.c.study_id == done.study_id,
            or_(mine.c.kind != READING, whose == done.actor_id),
        )
        .distinct()
        .order_by(later.c.id)
    )


def targets_of(connection: Connection, operation_id: int) -> list[tuple[str, int]]:
    """List what an operation touched."""
    rows = connection.execute(
        select(operation_target.c.kind, operation_target.c.target_id).where(
            operation_target.c.operation_id == operation_id
        )
    )
    return [(row.kind, row.target_id) for row in rows]


def last_operation(connection: Connection, study_id: int) -> int:
    """Give the key of the newest operation of a study, 0 when there is none.

    Within a study keys rise in the order of the commits, since whoever writes has taken its turn;
    another study's newer operation may be seen before an older one of this study.
    """
    query = select(operation.c.id).where(operation.c.study_id == study_id)
    newest = query.order_by(operation.c.id.desc()).limit(1)
    return int(connection.execute(newest).scalar() or 0)


def _same_target(left: Any, right: Any) -> ColumnElement[bool]:
    return and_(left.kind == right.kind, left.target_id == right.target_id)


def _operation(row: Any) -> Operation:
    return Operation(
        row.id,
        row.uuid,
        row.study_id,
        row.actor_id,
        row.verb,
        row.label,
        row.document_id,
        row.forward,
        row.inverse,
        row.undoes,
        row.undone_by,
    )
