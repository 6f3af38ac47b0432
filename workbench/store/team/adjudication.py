"""Adjudication: what several people have finished, what they coded there, and what was settled.

In: a study and who asks. Out: values for `domain/adjudication`; and the codings of the consensus,
held by nobody, with a row for each decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, or_, select, update

from workbench.domain.adjudication import Applied, Choice, Decided
from workbench.store.bulk import insert_rows, parts, reserve_keys
from workbench.store.clock import new_guids, now
from workbench.store.coding.anchors import is_placed, sync_coding_respondents
from workbench.store.coding.codings import current_anchor
from workbench.store.coding.layers import adjudicated, by_people
from workbench.store.documents.document_filter import not_withdrawn
from workbench.store.tables import (
    CONSENSUS,
    adjudication,
    anchor,
    code_ancestor,
    coder,
    coding,
    document,
    document_state,
    operation,
)
from workbench.store.visibility import sight_of

CHANGES = ("code", "remove", "recode", "adjust", "undo", "redo")
"""What changes somebody's codings of one document."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A document that several people have finished. `settled_at` is None while it is open."""

    document_id: int
    revision_id: int
    coders: tuple[int, ...]
    settled_at: str | None = None


@dataclass(frozen=True, slots=True)
class NewDecision:
    """One decision to be written down, with the codings that enter the consensus by it."""

    document_id: int
    revision_id: int
    place: tuple[int, int | None, int | None]
    choice: Choice
    taken_from: tuple[int, ...]
    spans: tuple[tuple[int, int | None, int | None], ...]
    """(code, start, end) of each coding; both ends None for the whole document."""
    note: str = ""


def finished(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    settled: bool | None = None,
    document_ids: Sequence[int] | None = None,
    code_id: int | None = None,
) -> list[Finished]:
    """List documents that two or more people have done, by question and respondent.

    Parameters
    ----------
    settled
        Only those that are settled, or only those that are not.
    code_id
        Only those in which somebody has applied this code.
    """
    conditions = [] if settled is None else [document.c.adjudicated_at.is_(None) != settled]
    if document_ids is not None:
        conditions.append(document.c.id.in_(document_ids))
    if code_id is not None:
        conditions.append(_carries(code_id))
    sight = sight_of(connection, study_id, actor_id)
    if not sight.hides_nothing:
        conditions.append(~sight.hides_others(document.c.id))
    rows = connection.execute(
        select(
            document.c.id,
            document.c.current_revision_id,
            document.c.adjudicated_at,
            document_state.c.coder_id,
        )
        .join(document_state, document_state.c.document_id == document.c.id)
        .where(
            document.c.study_id == study_id,
            document.c.codable,
            not_withdrawn(connection, study_id),
            document_state.c.state == "done",
            *conditions,
        )
        .order_by(
            document.c.sort_question, document.c.sort_respondent, document.c.id,
            document_state.c.coder_id,
        )
    )  # fmt: skip
    found: dict[int, Finished] = {}
    for key, revision_id, settled_at, coder_id in rows:
        before = found.get(key)
        coders = (*before.coders, coder_id) if before else (coder_id,)
        found[key] = Finished(key, revision_id, coders, settled_at)
    return [item for item in found.values() if len(item.coders) > 1]


def _carries(code_id: int) -> ColumnElement[bool]:
    return exists().where(
        coding.c.document_id == document.c.id,
        coding.c.deleted_at.is_(None),
        by_people(coding.c),
        coding.c.code_id == code_ancestor.c.code_id,
        code_ancestor.c.ancestor_id == code_id,
        code_ancestor.c.depth == 0,
    )


def applied(connection: Connection, documents: Sequence[Finished]) -> dict[int, list[Applied]]:
    """Give what those who have finished these documents have coded in them: placed codings."""
    by_document = {item.document_id: item for item in documents}
    found: dict[int, list[Applied]] = {key: [] for key in by_document}
    for part in parts(list(by_document)):
        for row in connection.execute(_applied(part)):
            if row.coder_id in by_document[row.document_id].coders:
                found[row.document_id].append(
                    Applied(row.id, row.coder_id, row.ancestor_id, row.start, row.end)
                )
    return found


def _applied(document_ids: Sequence[int]) -> Any:
    return (
        select(
            coding.c.id,
            coding.c.document_id,
            coding.c.coder_id,
            code_ancestor.c.ancestor_id,
            anchor.c.start,
            anchor.c.end,
        )
        .select_from(coding)
        .join(document, document.c.id == coding.c.document_id)
        .join(anchor, current_anchor())
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
        )
        .where(
            coding.c.document_id.in_(document_ids),
            coding.c.deleted_at.is_(None),
            by_people(coding.c),
            is_placed(),
        )
    )


def decided(connection: Connection, documents: Sequence[Finished]) -> dict[int, list[Decided]]:
    """Give the decisions that stand in these documents, on their texts of now."""
    revisions = {item.document_id: item.revision_id for item in documents}
    found: dict[int, list[Decided]] = {key: [] for key in revisions}
    for part in parts(list(revisions)):
        rows = connection.execute(
            select(adjudication, code_ancestor.c.ancestor_id)
            .join(
                code_ancestor,
                and_(code_ancestor.c.code_id == adjudication.c.code_id, code_ancestor.c.depth == 0),
            )
            .where(adjudication.c.document_id.in_(part), adjudication.c.deleted_at.is_(None))
            .order_by(adjudication.c.id)
        )
        for row in rows:
            if row.revision_id == revisions[row.document_id]:
                found[row.document_id].append(
                    Decided(row.id, row.ancestor_id, row.start, row.end, row.choice)
                )
    return found


def changed_since_settled(connection: Connection, study_id: int, actor_id: int) -> list[int]:
    """List settled documents in which somebody coded, or whose agreed words moved, since then."""
    later = exists().where(
        operation.c.document_id == document.c.id,
        operation.c.created_at > document.c.adjudicated_at,
        operation.c.verb.in_(CHANGES),
    )
    newer = exists().where(
        coding.c.document_id == document.c.id,
        by_people(coding.c),
        coding.c.created_at > document.c.adjudicated_at,
    )
    lost = exists().where(
        coding.c.document_id == document.c.id,
        coding.c.deleted_at.is_(None),
        adjudicated(coding.c),
        anchor.c.coding_id == coding.c.id,
        anchor.c.revision_id == document.c.current_revision_id,
        anchor.c.state == "flagged",
    )
    sight = sight_of(connection, study_id, actor_id)
    seen = [] if sight.hides_nothing else [~sight.hides_others(document.c.id)]
    rows = connection.execute(
        select(document.c.id)
        .where(
            document.c.study_id == study_id,
            document.c.adjudicated_at.isnot(None),
            not_withdrawn(connection, study_id),
            or_(later, newer, lost),
            *seen,
        )
        .order_by(document.c.sort_question, document.c.sort_respondent, document.c.id)
    )
    return list(rows.scalars())


def write_decisions(
    connection: Connection,
    decisions: Sequence[NewDecision],
    *,
    actor_id: int,
    codebook_version_id: int | None,
) -> tuple[list[int], list[int]]:
    """Write decisions and their codings; give the keys of both."""
    spans = [(decision, span) for decision in decisions for span in decision.spans]
    keys = _write_codings(connection, spans, codebook_version_id)
    at = now()
    made = iter(keys)
    rows = [
        {
            "document_id": item.document_id,
            "code_id": item.place[0],
            "revision_id": item.revision_id,
            "start": item.place[1],
            "end": item.place[2],
            "choice": item.choice,
            "taken_from": list(item.taken_from),
            "codings": [next(made) for _ in item.spans],
            "note": item.note,
            "decided_by": actor_id,
            "decided_at": at,
        }
        for item in decisions
    ]
    own = reserve_keys(connection, adjudication, len(rows))
    if rows:
        connection.execute(
            insert(adjudication),
            [{"id": key, **row} for key, row in zip(own, rows, strict=True)],
        )
    return list(own), keys


def _write_codings(
    connection: Connection,
    spans: Sequence[tuple[NewDecision, tuple[int, int | None, int | None]]],
    version_id: int | None,
) -> list[int]:
    keys = list(reserve_keys(connection, coding, len(spans)))
    at, guids = now(), new_guids(len(spans))
    insert_rows(
        connection,
        coding,
        ("id", "guid", "document_id", "scope", "code_id", "coder_id", "codebook_version_id",
         "origin", "created_at"),
        [
            (key, guid, item.document_id, "document" if start is None else "span", code_id,
             CONSENSUS, version_id, "adjudication", at)
            for key, guid, (item, (code_id, start, _)) in zip(keys, guids, spans, strict=True)
        ],
    )  # fmt: skip
    insert_rows(
        connection,
        anchor,
        ("coding_id", "revision_id", "start", "end", "state", "reason"),
        [
            (key, item.revision_id, start, end, "placed", "")
            for key, (item, (_, start, end)) in zip(keys, spans, strict=True)
        ],
    )
    sync_coding_respondents(connection, keys, fresh=True)
    return keys


def settled_state(connection: Connection, document_id: int) -> dict[str, Any]:
    """Give whether a document is settled, and by whom, as an operation keeps it."""
    row = connection.execute(
        select(document.c.adjudicated_at, document.c.adjudicated_by).where(
            document.c.id == document_id
        )
    ).one()
    return {"id": document_id, "adjudicated_at": row[0], "adjudicated_by": row[1]}


def settle(connection: Connection, states: Sequence[dict[str, Any]]) -> None:
    """Write whether documents are settled, and by whom."""
    for row in states:
        connection.execute(
            update(document)
            .where(document.c.id == row["id"])
            .values(adjudicated_at=row["adjudicated_at"], adjudicated_by=row["adjudicated_by"])
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as a page tells it. `codings` are the keys of those that entered by it."""

    id: int
    code_id: int
    start: int | None
    end: int | None
    choice: Choice
    taken_from: tuple[int, ...]
    codings: tuple[int, ...]
    note: str
    decided_by: str
    decided_at: str


def standing(connection: Connection, document_id: int) -> list[Decision]:
    """List the decisions that stand in a document, the oldest first."""
    rows = connection.execute(
        select(adjudication, coder.c.name)
        .join(coder, coder.c.id == adjudication.c.decided_by)
        .where(adjudication.c.document_id == document_id, adjudication.c.deleted_at.is_(None))
        .order_by(adjudication.c.id)
    )
    return [
        Decision(
            row.id, row.code_id, row.start, row.end, row.choice, tuple(row.taken_from),
            tuple(row.codings), row.note, row.name, row.decided_at,
        )
        for row in rows
    ]  # fmt: skip
