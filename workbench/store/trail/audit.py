"""The trail as lists: what was done, by whom, when, to which document and codes.

In: a filter and who asks. Out: one page of entries and how many there are. What others do on a
document that is coded blind is left out until it opens: the rows, their words, and the numbers.

Lists are read from `operation`, along its keys, which rise with time; the numbers in the chain are
found for the rows of one page alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    not_,
    select,
    true,
    union,
)

from workbench.domain.trail import OTHER, EventFilter, verbs_of
from workbench.store.tables import (
    code,
    coder,
    coding,
    document,
    event,
    operation,
    operation_target,
    question,
    respondent,
)
from workbench.store.trail.events import last_number
from workbench.store.trail.trail_sight import TrailSight

SKEW = timedelta(hours=2)
"""By how much the clocks of machines that share a database may differ."""

STREAMED = 1_000
"""Rows that are read at once for a file."""

NEAR = 500
"""Events among which one is looked for, from the first of its time on."""


def list_entries(
    connection: Connection,
    study_id: int,
    sight: TrailSight,
    where: EventFilter,
    *,
    offset: int = 0,
    limit: int = 50,
) -> list[Any]:
    """List rows of operations, the newest first, with names, without codes and numbers."""
    keys = list(
        connection.execute(
            select(operation.c.id)
            .where(*conditions(connection, study_id, sight, where))
            .order_by(operation.c.id.desc())
            .offset(offset)
            .limit(limit)
        ).scalars()
    )
    return list(connection.execute(_SHOWN.where(operation.c.id.in_(keys))))[::-1]


def entries_by_uuid(connection: Connection, identities: Sequence[str]) -> list[Any]:
    """List rows of operations by their identities, as `list_entries` does."""
    return list(connection.execute(_SHOWN.where(operation.c.uuid.in_(identities))))


def stream_entries(
    connection: Connection, study_id: int, sight: TrailSight, where: EventFilter
) -> Iterator[list[Any]]:
    """Give all rows that fit, a part at a time, the oldest first."""
    rules = conditions(connection, study_id, sight, where)
    last = 0
    while True:
        query = _SHOWN.where(*rules, operation.c.id > last).limit(STREAMED)
        rows = list(connection.execute(query))
        if rows:
            last = rows[-1].id
            yield rows
        if len(rows) < STREAMED:
            return


def count_entries(
    connection: Connection, study_id: int, sight: TrailSight, where: EventFilter
) -> int:
    """Count what `list_entries` lists in all."""
    # A filter by document or code leaves few: they are looked at one by one all the same.
    narrow = where.document_id is not None or where.code_id is not None
    may_hide = None if narrow else sight.may_hide(connection, study_id)
    query = select(func.count()).select_from(operation)
    if may_hide is None:
        rules = conditions(connection, study_id, sight, where)
        return int(connection.execute(query.where(*rules)).scalar_one())
    fitting = query.where(*_fits(connection, study_id, where))
    hidden = fitting.where(operation.c.id.in_(may_hide), not_(sight.sees(operation.c)))
    n, n_hidden = (int(connection.execute(one).scalar_one()) for one in (fitting, hidden))
    return n - n_hidden


def is_seen(connection: Connection, study_id: int, sight: TrailSight, operation_id: int) -> bool:
    """Tell whether a person may see one operation."""
    query = select(operation.c.id).where(
        operation.c.id == operation_id,
        operation.c.study_id == study_id,
        sight.sees(operation.c),
    )
    return connection.execute(query).first() is not None


def find_documents(
    connection: Connection, study_id: int, search: str, limit: int
) -> list[tuple[int, str]]:
    """Find documents by a part of their respondent's ref or their own: (key, label)."""
    whose = func.coalesce(respondent.c.ref, document.c.ref, "")
    rows = connection.execute(
        select(document.c.id, whose.label("whose"), question.c.ref)
        .select_from(document)
        .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
        .outerjoin(question, question.c.id == document.c.question_id)
        .where(document.c.study_id == study_id, whose.icontains(search, autoescape=True))
        .order_by(func.length(whose), whose, document.c.id)
        .limit(limit)
    )
    return [
        (row.id, ", ".join(filter(None, (row.whose or f"Document {row.id}", row.ref))))
        for row in rows
    ]


def conditions(
    connection: Connection, study_id: int, sight: TrailSight, where: EventFilter
) -> list[ColumnElement[bool]]:
    """Write a filter, and what the person may see, as conditions on operations."""
    return [*_fits(connection, study_id, where), sight.sees(operation.c)]


def _fits(connection: Connection, study_id: int, where: EventFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [operation.c.study_id == study_id]
    if where.person_id is not None:
        found.append(operation.c.actor_id == where.person_id)
    if where.document_id is not None:
        found.append(operation.c.id.in_(_on_document(where.document_id)))
    if where.code_id is not None:
        found.append(operation.c.id.in_(_on_code(where.code_id)))
    if where.verb:
        found.append(operation.c.verb == where.verb)
    if where.kind == OTHER:
        found.append(operation.c.verb.not_in(verbs_of(OTHER)))
    elif where.kind:
        found.append(operation.c.verb.in_(verbs_of(where.kind)))
    if where.search.strip():
        found.append(operation.c.label.icontains(where.search.strip(), autoescape=True))
    if where.standing:
        found += [operation.c.undone_by.is_(None), operation.c.undoes.is_(None)]
    return [*found, *_in_time(connection, where)]


def _in_time(connection: Connection, where: EventFilter) -> list[ColumnElement[bool]]:
    """Write days as conditions: exactly, and roughly along the keys, which rise with time."""
    found: list[ColumnElement[bool]] = []
    if where.begin:
        found.append(operation.c.created_at >= where.begin)
        found.append(operation.c.id >= _first_since(connection, _shifted(where.begin, -SKEW)))
    if where.end:
        after = _shifted(where.end, timedelta(days=1))
        found.append(operation.c.created_at < after)
        found.append(operation.c.id < _first_since(connection, _shifted(after, SKEW)))
    return found


def _shifted(day: str, by: timedelta) -> str:
    return (datetime.fromisoformat(day) + by).isoformat(timespec="seconds")


def _first_since(connection: Connection, at: str) -> int:
    """Find the first key from this time on; there is no index of times."""
    low = 1
    high = 1 + int(connection.execute(select(func.max(operation.c.id))).scalar() or 0)
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(_AT, {"key": middle}).first()
        if row is None or row.created_at >= at:
            high = middle
        else:
            low = int(row.id) + 1
    return low


def _on_document(document_id: int) -> Select[Any]:
    """List the operations on a document: made in it, or on it or its codings from elsewhere."""
    touched = operation_target.c
    return select(
        union(
            select(operation.c.id).where(operation.c.document_id == document_id),
            select(touched.operation_id).where(
                touched.kind.in_(("document", "document_state")), touched.target_id == document_id
            ),
            select(touched.operation_id)
            .join(coding, and_(touched.kind == "coding", touched.target_id == coding.c.id))
            .where(coding.c.document_id == document_id),
        ).subquery("on_document")
    )


def _on_code(code_id: int) -> Select[Any]:
    """List the operations on a code, and on what is coded with it now."""
    touched = operation_target.c
    return select(
        union(
            select(touched.operation_id).where(
                touched.kind == "code", touched.target_id == code_id
            ),
            select(touched.operation_id)
            .join(coding, and_(touched.kind == "coding", touched.target_id == coding.c.id))
            .where(coding.c.code_id == code_id),
        ).subquery("on_code")
    )


def codes_of(connection: Connection, operation_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Name the codes that operations touched, or that what they touched is coded with now."""
    touched = operation_target.c
    mine = touched.operation_id.in_(operation_ids)
    rows = connection.execute(
        union(
            select(touched.operation_id, code.c.name)
            .join(code, and_(touched.kind == "code", code.c.id == touched.target_id))
            .where(mine),
            select(touched.operation_id, code.c.name)
            .select_from(operation_target)
            .join(coding, and_(touched.kind == "coding", coding.c.id == touched.target_id))
            .join(code, code.c.id == coding.c.code_id)
            .where(mine),
        )
    )
    found: dict[int, list[str]] = {}
    for key, name in rows:
        found.setdefault(key, []).append(name)
    return {key: tuple(sorted(names)) for key, names in found.items()}


def numbers_of(connection: Connection, study_id: int, made: Sequence[Any]) -> dict[str, int]:
    """Find the numbers of the events of operations: rows with `id`, `uuid` and `created_at`.

    There is no index for it. In a database of one study, keys and numbers rise together: they are
    guessed, then looked at. The others are looked for about their time, and the rest everywhere.
    """
    if not made:
        return {}
    last = connection.execute(
        select(func.max(operation.c.id)).where(operation.c.study_id == study_id)
    ).scalar()
    head = last_number(connection, study_id)
    guessed = [row.id - int(last or 0) + head for row in made]
    wanted = {row.uuid for row in made}
    found = _with_numbers(connection, study_id, wanted, event.c.number.in_(guessed))
    probes: dict[int, str] = {}
    for row in made:
        if row.uuid not in found:
            first = _first_event(connection, study_id, head, row.created_at, probes)
            near = event.c.number.between(first, first + NEAR)
            found |= _with_numbers(connection, study_id, {row.uuid}, near)
    missing = wanted - set(found)
    return found | (_with_numbers(connection, study_id, missing, true()) if missing else {})


def _with_numbers(
    connection: Connection, study_id: int, wanted: set[str], where: ColumnElement[bool]
) -> dict[str, int]:
    rows = connection.execute(
        select(event.c.operation_uuid, event.c.number).where(
            event.c.study_id == study_id, where, event.c.operation_uuid.in_(wanted)
        )
    )
    return {row.operation_uuid: row.number for row in rows}


def _first_event(
    connection: Connection, study_id: int, head: int, at: str, probes: dict[int, str]
) -> int:
    """Find the first event from this time on; what was looked at is kept for the next search."""
    low, high = 1, head
    while low < high:
        middle = (low + high) // 2
        if middle not in probes:
            told = connection.execute(_EVENT_AT, {"study": study_id, "number": middle}).scalar()
            probes[middle] = told or ""
        if probes[middle] >= at:
            high = middle
        else:
            low = middle + 1
    return low


_SHOWN = (
    select(
        operation.c.id,
        operation.c.uuid,
        operation.c.created_at,
        operation.c.actor_id,
        coder.c.name.label("actor"),
        operation.c.verb,
        operation.c.label,
        operation.c.document_id,
        respondent.c.ref.label("respondent_ref"),
        question.c.ref.label("question_ref"),
        document.c.ref.label("document_ref"),
        operation.c.inverse.isnot(None).label("can_be_undone"),
        operation.c.undoes,
        operation.c.undone_by,
    )
    .select_from(operation)
    .join(coder, coder.c.id == operation.c.actor_id)
    .outerjoin(document, document.c.id == operation.c.document_id)
    .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
    .outerjoin(question, question.c.id == document.c.question_id)
    .order_by(operation.c.id)
)
_AT = (
    select(operation.c.id, operation.c.created_at)
    .where(operation.c.id >= bindparam("key"))
    .order_by(operation.c.id)
    .limit(1)
)

_EVENT_AT = select(event.c.created_at).where(
    event.c.study_id == bindparam("study"), event.c.number == bindparam("number")
)
