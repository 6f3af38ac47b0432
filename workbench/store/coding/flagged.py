"""Flagged codings: those whose words must be found again by a person, one page or one at a time.

In: a study and who asks. Out: `FlaggedCoding` values, and the text on which one was placed last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)

from workbench.domain.documents import document_label
from workbench.store.coding.layers import by_people
from workbench.store.planning import only_checked
from workbench.store.tables import (
    anchor,
    code_ancestor,
    coder,
    coding,
    document,
    question,
    respondent,
    revision,
)
from workbench.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class FlaggedCoding:
    """A coding that must be placed again, as a list shows it.

    `code_id` is its code or, where that was merged, the other one. `changed_at` is when the text
    was changed; `reason` says, as the end of a sentence, why the words could not be placed.
    `start` and `end` are the best guess, in code points of the text of now.
    """

    id: int
    guid: str
    document_id: int
    label: str
    question_ref: str
    question: str
    code_id: int
    coder_id: int
    coder: str
    changed_at: str
    reason: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class LastPlace:
    """Where a coding was placed last: the text of that time, and its words in it."""

    text: str
    start: int | None
    end: int | None
    created_at: str


def is_flagged() -> ColumnElement[bool]:
    """Tell whether an anchor is flagged, in words that let the partial index be used."""
    return anchor.c.state == literal_column("'flagged'")


def count_flagged(
    connection: Connection, study_id: int, actor_id: int, *, coder_id: int | None = None
) -> int:
    """Count live codings whose words must be found again by a person, of one coder or of all."""
    query = _flagged(connection, study_id, actor_id, coder_id).add_columns(func.count())
    return int(connection.execute(query).scalar_one())


def list_flagged(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    coder_id: int | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[FlaggedCoding]:
    """List one page of flagged codings, by question, respondent and age."""
    rows = connection.execute(
        _listed(connection, study_id, actor_id, coder_id)
        .order_by(*_order())
        .offset(offset)
        .limit(limit)
    )
    return [_flagged_coding(row) for row in rows]


def find_flagged(
    connection: Connection, study_id: int, actor_id: int, guid: str
) -> FlaggedCoding | None:
    """Find a flagged coding by its identity; None where it is placed, gone or not to be seen."""
    row = connection.execute(
        _listed(connection, study_id, actor_id, None).where(coding.c.guid == guid)
    ).first()
    return _flagged_coding(row) if row else None


def position_of(
    connection: Connection,
    study_id: int,
    actor_id: int,
    coding_id: int,
    *,
    coder_id: int | None = None,
) -> int:
    """Give how many flagged codings stand before a coding, itself flagged or not any more."""
    here = _place(connection, coding_id)
    if here is None:
        return 0
    query = _flagged(connection, study_id, actor_id, coder_id).add_columns(func.count())
    return int(connection.execute(query.where(tuple_(*_order()) < here)).scalar_one())


def neighbour(
    connection: Connection,
    study_id: int,
    actor_id: int,
    coding_id: int,
    *,
    coder_id: int | None = None,
    step: Literal["next", "previous"] = "next",
) -> str | None:
    """Give the identity of the flagged coding after (or before) one; None at the end."""
    here = _place(connection, coding_id)
    if here is None:
        return None
    back = step == "previous"
    place, keys = tuple_(*_order()), _order()
    query = (
        _flagged(connection, study_id, actor_id, coder_id)
        .add_columns(coding.c.guid)
        .where(place < here if back else place > here)
        .order_by(*([key.desc() for key in keys] if back else keys))
        .limit(1)
    )
    found: str | None = connection.execute(query).scalar()
    return found


def last_place(connection: Connection, coding_id: int) -> LastPlace | None:
    """Give the newest text on which a coding was placed."""
    row = connection.execute(
        select(revision.c.text, anchor.c.start, anchor.c.end, revision.c.created_at)
        .join(revision, revision.c.id == anchor.c.revision_id)
        .where(anchor.c.coding_id == coding_id, anchor.c.state == "placed")
        .order_by(revision.c.number.desc())
        .limit(1)
    ).first()
    return LastPlace(row.text, row.start, row.end, row.created_at) if row else None


# There are few of them: found first, they spare the way through every document.
_LOST = select(anchor).where(is_flagged()).cte("lost").prefix_with("MATERIALIZED")

_JOINED = (
    _LOST.join(coding, coding.c.id == _LOST.c.coding_id)
    .join(
        document,
        and_(
            document.c.id == coding.c.document_id,
            document.c.current_revision_id == _LOST.c.revision_id,
        ),
    )
    .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
    .outerjoin(question, question.c.id == document.c.question_id)
)


def _flagged(
    connection: Connection,
    study_id: int,
    actor_id: int,
    coder_id: int | None,
    joined: FromClause = _JOINED,
) -> Select[Any]:
    """Join flagged codings to their documents, beginning at the few anchors that are flagged."""
    query = (
        select()
        .select_from(joined)
        .where(
            only_checked(document.c.study_id) == study_id,
            coding.c.deleted_at.is_(None),
            respondent.c.withdrawn_at.is_(None),
            by_people(coding.c),  # what was adjudicated is settled anew where it was settled
            visible_to(connection, study_id, actor_id, coding.c),
        )
    )
    return query if coder_id is None else query.where(coding.c.coder_id == coder_id)


def _listed(
    connection: Connection, study_id: int, actor_id: int, coder_id: int | None
) -> Select[Any]:
    around = (
        _JOINED.join(revision, revision.c.id == _LOST.c.revision_id)
        .join(coder, coder.c.id == coding.c.coder_id)
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
        )
    )
    return _flagged(connection, study_id, actor_id, coder_id, around).add_columns(
        coding.c.id,
        coding.c.guid,
        coding.c.document_id,
        coding.c.coder_id,
        code_ancestor.c.ancestor_id.label("code_id"),
        coder.c.name.label("coder"),
        respondent.c.ref.label("respondent_ref"),
        document.c.ref,
        question.c.ref.label("question_ref"),
        question.c.text.label("question"),
        revision.c.created_at.label("changed_at"),
        _LOST.c.reason,
        _LOST.c.start,
        _LOST.c.end,
    )


def _flagged_coding(row: Any) -> FlaggedCoding:
    return FlaggedCoding(
        id=row.id,
        guid=row.guid,
        document_id=row.document_id,
        label=document_label(row.document_id, row.respondent_ref, row.ref),
        question_ref=row.question_ref or "",
        question=row.question or "",
        code_id=row.code_id,
        coder_id=row.coder_id,
        coder=row.coder,
        changed_at=row.changed_at,
        reason=row.reason,
        start=row.start,
        end=row.end,
    )


def _order() -> list[ColumnElement[Any]]:
    return [
        func.coalesce(question.c.position, 1_000_000),
        func.coalesce(document.c.respondent_id, 1_000_000_000),
        document.c.id,
        coding.c.id,
    ]


def _place(connection: Connection, coding_id: int) -> ColumnElement[Any] | None:
    """Give a coding's place in the order, as a value to compare with."""
    here = connection.execute(
        select(*_order())
        .select_from(
            coding.join(document, document.c.id == coding.c.document_id).outerjoin(
                question, question.c.id == document.c.question_id
            )
        )
        .where(coding.c.id == coding_id)
    ).first()
    return tuple_(*(literal(item) for item in here)) if here else None
