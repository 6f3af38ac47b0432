"""Extracts: codings with their words, filtered and paged by SQL.

In: a filter. Out: `Extract` values; words are cut from the current text, never stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from workbench.domain.codings import Code, DocumentFilter
from workbench.domain.extracts import Extract
from workbench.domain.text import context
from workbench.store.codings import current_anchor
from workbench.store.documents import attributes_of, document_conditions
from workbench.store.tables import (
    anchor,
    code_ancestor,
    coder,
    coding,
    coding_respondent,
    document,
    document_state,
    memo,
    question,
    respondent,
    revision,
    segment,
)
from workbench.store.visibility import visible_to

PAGE = 1_000
"""Extracts read at a time, so that memory stays flat."""


@dataclass(frozen=True, slots=True)
class ExtractFilter:
    """Which codings are meant. `code_ids` take all codes below them; empty parts do not restrict.

    `layer` is "any", "consensus", or a coder's key. `counted_only` leaves out what no table of
    themes counts: flagged codings, and speech that is linked to nobody.
    """

    code_ids: tuple[int, ...] = ()
    layer: str | int = "any"
    documents: DocumentFilter = field(default_factory=DocumentFilter)
    counted_only: bool = False


@dataclass(frozen=True, slots=True)
class CodedExtract:
    """An extract with the keys that a screen needs to open or recode it."""

    extract: Extract
    coding_guid: str
    document_id: int
    coder_id: int
    code_id: int


def count_extracts(
    connection: Connection, study_id: int, actor_id: int, where: ExtractFilter
) -> int:
    """Count the codings of a filter."""
    return int(
        connection.execute(
            select(func.count()).select_from(_joined(actor_id)).where(
                *_conditions(connection, study_id, actor_id, where)
            )
        ).scalar_one()
    )  # fmt: skip


def list_extracts(
    connection: Connection,
    study_id: int,
    actor_id: int,
    where: ExtractFilter,
    codes: Sequence[Code],
    *,
    offset: int = 0,
    limit: int = 50,
    width: int = 120,
) -> list[CodedExtract]:
    """List one page of extracts, by code in the order of the tree, then by person and place.

    Parameters
    ----------
    codes
        The study's codes, retired ones too, in tree order.
    width
        Characters of context on either side.
    """
    place = {item.id: index for index, item in enumerate(codes)}
    known = {item.id: item for item in codes}
    own_memo = (
        select(memo.c.text)
        .where(
            memo.c.target_kind == "coding",
            memo.c.target_id == coding.c.id,
            memo.c.author_id == coding.c.coder_id,
            memo.c.deleted_at.is_(None),
        )
        .order_by(memo.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    speaker = (
        select(segment.c.speaker)
        .where(
            segment.c.revision_id == revision.c.id,
            segment.c.start <= func.coalesce(anchor.c.start, 0),
            segment.c.speaker.isnot(None),
        )
        .order_by(segment.c.position.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            coding.c.id,
            coding.c.guid,
            coding.c.document_id,
            coding.c.coder_id,
            coding.c.created_at,
            code_ancestor.c.ancestor_id.label("code_id"),
            coder.c.name.label("coder_name"),
            anchor.c.start,
            anchor.c.end,
            anchor.c.state.label("anchor_state"),
            document.c.kind,
            document.c.ref,
            document.c.respondent_id,
            respondent.c.ref.label("respondent_ref"),
            question.c.ref.label("question_ref"),
            question.c.text.label("question_text"),
            revision.c.text,
            func.coalesce(own_memo, "").label("memo"),
            func.coalesce(speaker, "").label("speaker"),
        )
        .select_from(_joined(actor_id))
        .where(*_conditions(connection, study_id, actor_id, where))
        .order_by(
            _tree_order(place),
            func.coalesce(document.c.respondent_id, 1_000_000_000),
            document.c.id,
            func.coalesce(anchor.c.start, -1),
            coding.c.id,
        )
        .offset(offset)
        .limit(limit)
    ).all()
    attributes = attributes_of(connection, [row.respondent_id for row in rows if row.respondent_id])
    return [
        CodedExtract(
            _extract(row, known[row.code_id], attributes.get(row.respondent_id, {}), known, width),
            row.guid,
            row.document_id,
            row.coder_id,
            row.code_id,
        )
        for row in rows
        if row.code_id in known
    ]


def stream_extracts(
    connection: Connection,
    study_id: int,
    actor_id: int,
    where: ExtractFilter,
    codes: Sequence[Code],
    *,
    width: int = 120,
) -> Iterator[Extract]:
    """Yield all extracts of a filter, a page in memory at a time."""
    offset = 0
    while True:
        page = list_extracts(
            connection, study_id, actor_id, where, codes, offset=offset, limit=PAGE, width=width
        )
        yield from (item.extract for item in page)
        if len(page) < PAGE:
            return
        offset += PAGE


def _joined(actor_id: int) -> Any:
    return (
        coding.join(document, document.c.id == coding.c.document_id)
        .join(revision, revision.c.id == document.c.current_revision_id)
        .join(anchor, current_anchor())
        .join(coder, coder.c.id == coding.c.coder_id)
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
        )
        .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
        .outerjoin(question, question.c.id == document.c.question_id)
        .outerjoin(
            document_state,
            and_(
                document_state.c.document_id == document.c.id,
                document_state.c.coder_id == actor_id,
            ),
        )
    )


def _conditions(
    connection: Connection, study_id: int, actor_id: int, where: ExtractFilter
) -> list[ColumnElement[bool]]:
    conditions = [
        document.c.study_id == study_id,
        document.c.codable,
        coding.c.deleted_at.is_(None),
        visible_to(connection, study_id, actor_id, coding.c),
        *document_conditions(connection, study_id, actor_id, where.documents),
    ]
    if where.code_ids:
        below = code_ancestor.alias("below")
        conditions.append(
            coding.c.code_id.in_(
                select(below.c.code_id).where(below.c.ancestor_id.in_(where.code_ids))
            )
        )
    if isinstance(where.layer, int):
        conditions.append(coding.c.coder_id == where.layer)
    elif where.layer == "consensus":
        conditions.append(_consensus())
    if where.counted_only:
        conditions.append(
            coding.c.id.in_(
                select(coding_respondent.c.coding_id)
                .join(respondent_counted := respondent.alias("counted"),
                      respondent_counted.c.id == coding_respondent.c.respondent_id)
                .where(
                    respondent_counted.c.kind == "participant",
                    respondent_counted.c.withdrawn_at.is_(None),
                )
            )
        )  # fmt: skip
    return conditions


def _consensus() -> ColumnElement[bool]:
    finished = document_state.alias("finished")
    rows = and_(finished.c.document_id == document.c.id, finished.c.state == "done")
    n_finished = select(func.count()).where(rows).scalar_subquery()
    by_finisher = select(finished.c.coder_id).where(rows)
    return or_(
        and_(document.c.adjudicated_at.isnot(None), coding.c.origin == "adjudication"),
        and_(
            document.c.adjudicated_at.is_(None),
            n_finished == 1,
            coding.c.coder_id.in_(by_finisher),
        ),
    )


def _tree_order(place: dict[int, int]) -> Any:
    from sqlalchemy import case

    if not place:
        return code_ancestor.c.ancestor_id
    return case(place, value=code_ancestor.c.ancestor_id, else_=len(place))


def _extract(
    row: Any, item: Code, attributes: dict[str, str], known: dict[int, Code], width: int
) -> Extract:
    text = row.text
    start, end = (row.start, row.end) if row.start is not None else (0, len(text))
    before, after = context(text, start, end, width) if row.start is not None else ("", "")
    marks = []
    if row.anchor_state == "flagged":
        marks.append("to be placed again")
    return Extract(
        guid=row.guid,
        code_path=item.path,
        quote=text[start:end],
        document_id=row.document_id,
        document=row.respondent_ref or row.ref or f"Document {row.document_id}",
        coder=row.coder_name,
        created_at=row.created_at,
        respondent=row.respondent_ref or "",
        question_ref=row.question_ref or "",
        question=row.question_text or "",
        speaker=row.speaker,
        start=row.start,
        end=row.end,
        before=before,
        after=after,
        memo=row.memo,
        colour=known[item.theme_id].colour if item.theme_id in known else item.colour,
        attributes=attributes,
        marks=tuple(marks),
    )
