"""Extracts: codings with their words, filtered and paged by SQL.

In: a filter. Out: `Extract` values; words are cut from the current text, never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, distinct, exists, func, or_, select

from workbench.domain.codings import Code, DocumentFilter, Group
from workbench.domain.extracts import Extract
from workbench.domain.text import context
from workbench.store.anchors import lost_words
from workbench.store.codings import current_anchor, own_memo
from workbench.store.document_filter import document_conditions, in_group
from workbench.store.respondents import attributes_of
from workbench.store.tables import (
    anchor,
    code_ancestor,
    coder,
    coding,
    coding_respondent,
    document,
    document_state,
    question,
    respondent,
    revision,
    segment,
)
from workbench.store.visibility import visible_to

PAGE = 1_000
"""Extracts read at a time, so that memory stays flat."""


PLACE_AGAIN = "to be placed again"
"""The mark of an extract whose words must be found again by a person."""


@dataclass(frozen=True, slots=True)
class ExtractFilter:
    """Which codings are meant. `code_ids` take all codes below them; empty parts do not restrict.

    `layer` is "any", "consensus", or a coder's key. `groups` pairs an attribute's key with a value
    (or "Not stated"): the words must be those of a respondent for whom all hold. `counted_only`
    leaves out what no table of themes counts: flagged codings, and speech that is linked to
    nobody. `flagged_only` takes just the codings whose words must be found again.
    """

    code_ids: tuple[int, ...] = ()
    layer: str | int = "any"
    documents: DocumentFilter = field(default_factory=DocumentFilter)
    counted_only: bool = False
    groups: tuple[Group, ...] = ()
    flagged_only: bool = False


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


def count_speakers(
    connection: Connection, study_id: int, actor_id: int, where: ExtractFilter
) -> int:
    """Count the respondents whose words a filter's codings cover, as a table of themes does."""
    person = respondent.alias("speaker")
    joined = (
        _joined(actor_id)
        .join(coding_respondent, coding_respondent.c.coding_id == coding.c.id)
        .join(person, person.c.id == coding_respondent.c.respondent_id)
    )
    return int(
        connection.execute(
            select(func.count(distinct(person.c.id)))
            .select_from(joined)
            .where(
                *_conditions(connection, study_id, actor_id, where),
                person.c.kind == "participant",
                person.c.withdrawn_at.is_(None),
                *(in_group(person.c.id, *group) for group in where.groups),
            )
        ).scalar_one()
    )


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
    conditions = _conditions(connection, study_id, actor_id, where)
    wanted, offset = _codes_of_page(connection, actor_id, conditions, codes, offset, limit)
    conditions.append(code_ancestor.c.ancestor_id.in_(wanted))
    keys = _keys(connection, actor_id, conditions, codes, offset=offset, limit=limit)
    return _read(connection, keys, codes, width)


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
    keys = _keys(connection, actor_id, _conditions(connection, study_id, actor_id, where), codes)
    for start in range(0, len(keys), PAGE):
        page = _read(connection, keys[start : start + PAGE], codes, width)
        yield from (item.extract for item in page)


def _codes_of_page(
    connection: Connection,
    actor_id: int,
    conditions: Sequence[ColumnElement[bool]],
    codes: Sequence[Code],
    offset: int,
    limit: int,
) -> tuple[list[int], int]:
    """Find the codes whose extracts a page holds, and where it begins among theirs.

    Counting by code is quick where sorting everything is not: only these need to be sorted.
    """
    own = code_ancestor.c.ancestor_id
    counted = connection.execute(
        select(own, func.count()).select_from(_joined(actor_id)).where(*conditions).group_by(own)
    )
    sizes = {row[0]: row[1] for row in counted}
    wanted: list[int] = []
    before, begins = 0, 0
    for item in codes:
        size = sizes.get(item.id, 0)
        if before < offset + limit and before + size > offset:
            begins = begins if wanted else before
            wanted.append(item.id)
        before += size
    return wanted, offset - begins


def _keys(
    connection: Connection,
    actor_id: int,
    conditions: Sequence[ColumnElement[bool]],
    codes: Sequence[Code],
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[int]:
    """List the keys of codings in their order: sorted without their texts, which may be long."""
    place = {item.id: index for index, item in enumerate(codes)}
    rows = connection.execute(
        select(coding.c.id)
        .select_from(_joined(actor_id))
        .where(*conditions)
        .order_by(
            _tree_order(place),
            func.coalesce(document.c.respondent_id, 1_000_000_000),
            document.c.id,
            func.coalesce(anchor.c.start, -1),
            coding.c.id,
        )
        .offset(offset)
        .limit(limit)
    )
    return [row.id for row in rows]


def _read(
    connection: Connection, keys: Sequence[int], codes: Sequence[Code], width: int
) -> list[CodedExtract]:
    """Read codings with their words, in the order of their keys."""
    known = {item.id: item for item in codes}
    found = connection.execute(
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
            func.coalesce(own_memo(), "").label("memo"),
            func.coalesce(_speaker(), "").label("speaker"),
        )
        .select_from(_joined(None))
        .where(coding.c.id.in_(keys))
    )
    by_key = {row.id: row for row in found}
    rows = [by_key[key] for key in keys if key in by_key and by_key[key].code_id in known]
    attributes = attributes_of(connection, [row.respondent_id for row in rows if row.respondent_id])
    lost = lost_words(connection, [row.id for row in rows if row.anchor_state == "flagged"])
    return [
        CodedExtract(
            _extract(row, attributes.get(row.respondent_id, {}), known, width, lost),
            row.guid,
            row.document_id,
            row.coder_id,
            row.code_id,
        )
        for row in rows
    ]


def _speaker() -> Any:
    """Select who speaks where a coding begins."""
    return (
        select(segment.c.speaker)
        .where(
            segment.c.revision_id == revision.c.id,
            segment.c.start <= func.coalesce(anchor.c.start, 0),
            segment.c.end > func.coalesce(anchor.c.start, 0),
            segment.c.speaker.isnot(None),
        )
        .order_by(segment.c.position.desc())
        .limit(1)
        .scalar_subquery()
    )


def _joined(actor_id: int | None) -> Any:
    """Join a coding to all around it; with an actor, to their state of the document too."""
    joined = (
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
    )
    if actor_id is None:
        return joined
    return joined.outerjoin(
        document_state,
        and_(document_state.c.document_id == document.c.id, document_state.c.coder_id == actor_id),
    )


def _conditions(
    connection: Connection, study_id: int, actor_id: int, where: ExtractFilter
) -> list[ColumnElement[bool]]:
    conditions = [
        document.c.study_id == study_id,
        document.c.codable,
        respondent.c.withdrawn_at.is_(None),
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
    if where.flagged_only:
        conditions.append(anchor.c.state == "flagged")
    if where.counted_only:
        conditions.append(_spoken_by(where.groups))
    elif where.groups:
        theirs = (in_group(document.c.respondent_id, *group) for group in where.groups)
        answered = and_(document.c.respondent_id.isnot(None), *theirs)
        conditions.append(or_(answered, _spoken_by(where.groups)))
    return conditions


def _spoken_by(groups: Iterable[Group]) -> ColumnElement[bool]:
    """Tell whether a coding covers words of a participant who belongs to all groups."""
    person = respondent.alias("counted")
    return exists().where(
        coding_respondent.c.coding_id == coding.c.id,
        coding_respondent.c.respondent_id == person.c.id,
        person.c.kind == "participant",
        person.c.withdrawn_at.is_(None),
        *(in_group(person.c.id, *group) for group in groups),
    )


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
    row: Any, attributes: dict[str, str], known: dict[int, Code], width: int, lost: dict[int, str]
) -> Extract:
    item = known[row.code_id]
    text = row.text
    start, end = (row.start, row.end) if row.start is not None else (0, len(text))
    before, after = context(text, start, end, width) if row.start is not None else ("", "")
    quote, marks, placed = text[start:end], [], row.anchor_state == "placed"
    if not placed:  # the words as they were coded; the guess is nobody's coding
        quote, before, after = lost.get(row.id, ""), "", ""
        marks.append(PLACE_AGAIN)
    return Extract(
        guid=row.guid,
        code_path=item.path,
        quote=quote,
        document_id=row.document_id,
        document=row.respondent_ref or row.ref or f"Document {row.document_id}",
        coder=row.coder_name,
        created_at=row.created_at,
        respondent=row.respondent_ref or "",
        question_ref=row.question_ref or "",
        question=row.question_text or "",
        speaker=row.speaker,
        start=row.start if placed else None,
        end=row.end if placed else None,
        before=before,
        after=after,
        memo=row.memo,
        colour=known[item.theme_id].colour if item.theme_id in known else item.colour,
        attributes=attributes,
        marks=tuple(marks),
    )
