"""First readings held against each other: who has done which documents, and what they coded then.

In: coders of a study. Out: documents that two or more of them have done, their texts, and the
codings as they stood at each first "done", placed in the current texts.

Documents that are still coded blindly are left out for everybody, those who code them included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from workbench.store.documents.document_filter import not_withdrawn
from workbench.store.tables import (
    CONSENSUS,
    anchor,
    code_ancestor,
    coder,
    document,
    document_state,
    done_coding,
    revision,
)
from workbench.store.visibility import sight_of


@dataclass(frozen=True, slots=True)
class DoneBy:
    """A document that a coder has done, and when they first did."""

    document_id: int
    coder_id: int
    kind: str
    first_done_at: str


@dataclass(frozen=True, slots=True)
class FirstCoding:
    """A coding as it stood at first "done". Without `start` it is of the whole document.

    `is_placed` is False where the text has changed since, and nobody knows where its words went.
    """

    document_id: int
    coder_id: int
    code_id: int
    start: int | None
    end: int | None
    is_placed: bool


@dataclass(frozen=True, slots=True)
class SharedWork:
    """How many documents two coders have both done."""

    coder_ids: tuple[int, int]
    names: tuple[str, str]
    n_documents: int


def shared_work(connection: Connection, study_id: int, actor_id: int) -> list[SharedWork]:
    """Count the documents that every two coders have both done, most first."""
    first, second = document_state.alias("first"), document_state.alias("second")
    one, other = coder.alias("one"), coder.alias("other")
    n = func.count().label("n")
    rows = connection.execute(
        select(first.c.coder_id, second.c.coder_id, one.c.name, other.c.name, n)
        .select_from(first)
        .join(
            second,
            and_(second.c.document_id == first.c.document_id, second.c.coder_id > first.c.coder_id),
        )
        .join(document, document.c.id == first.c.document_id)
        .join(one, one.c.id == first.c.coder_id)
        .join(other, other.c.id == second.c.coder_id)
        .where(
            *_open(connection, study_id, actor_id),
            first.c.first_done_at.isnot(None),
            second.c.first_done_at.isnot(None),
            first.c.coder_id != CONSENSUS,
        )
        .group_by(first.c.coder_id, second.c.coder_id, one.c.name, other.c.name)
        .order_by(n.desc(), first.c.coder_id, second.c.coder_id)
    )
    return [SharedWork((row[0], row[1]), (row[2], row[3]), row[4]) for row in rows]


def count_hidden(connection: Connection, study_id: int, coder_ids: Sequence[int]) -> int:
    """Count the documents that two of these coders have done and that are still coded blindly."""
    hides = sight_of(connection, study_id, CONSENSUS)
    if hides.hides_nothing:
        return 0
    shared = _shared(coder_ids).subquery("shared")
    query = (
        select(func.count())
        .select_from(document)
        .join(shared, shared.c.document_id == document.c.id)
        .where(
            document.c.study_id == study_id,
            document.c.codable,
            not_withdrawn(connection, study_id),
            hides.hides_others(document.c.id),
        )
    )
    return int(connection.execute(query).scalar_one())


def done_by(
    connection: Connection, study_id: int, actor_id: int, coder_ids: Sequence[int]
) -> list[DoneBy]:
    """List who has done which of the documents that two or more of these coders have done."""
    shared = _shared(coder_ids).subquery("shared")
    rows = connection.execute(
        select(
            document_state.c.document_id,
            document_state.c.coder_id,
            document.c.kind,
            document_state.c.first_done_at,
        )
        .join(document, document.c.id == document_state.c.document_id)
        .join(shared, shared.c.document_id == document.c.id)
        .where(
            *_open(connection, study_id, actor_id),
            document_state.c.coder_id.in_(coder_ids),
            document_state.c.first_done_at.isnot(None),
        )
        .order_by(document_state.c.document_id, document_state.c.coder_id)
    )
    return [DoneBy(*row) for row in rows]


def texts_of(
    connection: Connection, study_id: int, actor_id: int, coder_ids: Sequence[int]
) -> dict[int, str]:
    """Give the current texts of the same documents, by key."""
    shared = _shared(coder_ids).subquery("shared")
    rows = connection.execute(
        select(document.c.id, revision.c.text)
        .join(revision, revision.c.id == document.c.current_revision_id)
        .join(shared, shared.c.document_id == document.c.id)
        .where(*_open(connection, study_id, actor_id))
    )
    return {row.id: row.text for row in rows}


def first_codings(
    connection: Connection, study_id: int, actor_id: int, coder_ids: Sequence[int]
) -> list[FirstCoding]:
    """List what these coders had coded in the same documents; merged codes as their target."""
    shared = _shared(coder_ids).subquery("shared")
    rows = connection.execute(
        select(
            done_coding.c.document_id,
            done_coding.c.coder_id,
            code_ancestor.c.ancestor_id,
            done_coding.c.start,
            done_coding.c.end,
            (done_coding.c.revision_id == document.c.current_revision_id).label("is_current"),
            anchor.c.start.label("now_start"),
            anchor.c.end.label("now_end"),
            anchor.c.state,
        )
        .join(document, document.c.id == done_coding.c.document_id)
        .join(shared, shared.c.document_id == document.c.id)
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == done_coding.c.code_id, code_ancestor.c.depth == 0),
        )
        .outerjoin(
            anchor,
            and_(
                anchor.c.coding_id == done_coding.c.coding_id,
                anchor.c.revision_id == document.c.current_revision_id,
            ),
        )
        .where(*_open(connection, study_id, actor_id), done_coding.c.coder_id.in_(coder_ids))
        .order_by(done_coding.c.document_id, done_coding.c.coder_id, done_coding.c.coding_id)
    )
    return [_first_coding(row) for row in rows]


def _first_coding(row: Any) -> FirstCoding:
    whole = row.start is None
    if whole or row.is_current:
        place = (row.start, row.end, True)
    else:
        place = (row.now_start, row.now_end, row.state == "placed" and row.now_start is not None)
    return FirstCoding(row.document_id, row.coder_id, row.ancestor_id, *place)


def _shared(coder_ids: Sequence[int]) -> Select[Any]:
    """Select the documents that two or more of these coders have done."""
    return (
        select(document_state.c.document_id)
        .where(document_state.c.coder_id.in_(coder_ids), document_state.c.first_done_at.isnot(None))
        .group_by(document_state.c.document_id)
        .having(func.count() > 1)
    )


def _open(connection: Connection, study_id: int, actor_id: int) -> list[ColumnElement[bool]]:
    """Say which documents may be compared at all."""
    sight = sight_of(connection, study_id, actor_id)
    conditions: list[ColumnElement[bool]] = [
        document.c.study_id == study_id,
        document.c.codable,
        not_withdrawn(connection, study_id),
    ]
    if not sight.hides_nothing:
        conditions.append(~sight.hides_others(document.c.id))
    return conditions
