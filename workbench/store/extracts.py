"""Extracts: codings with their words, filtered and paged by SQL.

In: a filter. Out: `Extract` values; words are cut from the current text, never stored.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, literal, select

from workbench.domain.codings import Code
from workbench.domain.extracts import NOT_TO_BE_QUOTED, Extract
from workbench.domain.text import context
from workbench.store.anchors import lost_words
from workbench.store.codings import current_anchor, own_memo
from workbench.store.document_filter import in_group
from workbench.store.extract_filter import ExtractFilter, conditions, selected
from workbench.store.respondents import attributes_of
from workbench.store.stars import stars_of
from workbench.store.tables import (
    anchor,
    code,
    code_ancestor,
    coder,
    coding,
    coding_respondent,
    document,
    question,
    respondent,
    revision,
    segment,
)

__all__ = [
    "PLACE_AGAIN",
    "CodedExtract",
    "ExtractFilter",
    "count_by_code",
    "count_extracts",
    "count_speakers",
    "list_extracts",
    "stream_extracts",
]

PAGE = 1_000
"""Extracts read at a time, so that memory stays flat."""


PLACE_AGAIN = "to be placed again"
"""The mark of an extract whose words must be found again by a person."""


@dataclass(frozen=True, slots=True)
class CodedExtract:
    """An extract with the keys that a screen needs to open or recode it."""

    extract: Extract
    coding_guid: str
    document_id: int
    coder_id: int
    code_id: int
    starred: bool = False
    """Whether the person who asks has starred it."""


def count_by_code(
    connection: Connection, study_id: int, actor_id: int, where: ExtractFilter
) -> dict[int, int]:
    """Count the codings of a filter by the code that they stand under, merged ones resolved."""
    counted = connection.execute(
        select(coding.c.code_id, func.count())
        .select_from(selected(actor_id, where))
        .where(*conditions(connection, study_id, actor_id, where))
        .group_by(coding.c.code_id)
    )
    under = _own_codes(connection, study_id)
    found: dict[int, int] = {}
    for code_id, n in counted:
        own = under.get(code_id, code_id)
        found[own] = found.get(own, 0) + n
    return found


def count_extracts(
    connection: Connection, study_id: int, actor_id: int, where: ExtractFilter
) -> int:
    """Count the codings of a filter."""
    return sum(count_by_code(connection, study_id, actor_id, where).values())


def count_speakers(
    connection: Connection, study_id: int, actor_id: int, where: ExtractFilter
) -> int:
    """Count the respondents whose words a filter's codings cover, as a table of themes does."""
    person = respondent.alias("speaker")
    covered = selected(actor_id, where).join(
        coding_respondent, coding_respondent.c.coding_id == coding.c.id
    )
    speaks = (
        select(literal(1))
        .select_from(covered)
        .where(
            coding_respondent.c.respondent_id == person.c.id,
            *conditions(connection, study_id, actor_id, where),
        )
        .correlate(person)
        .exists()
    )
    return int(
        connection.execute(
            select(func.count(person.c.id)).where(
                person.c.study_id == study_id,
                person.c.kind == "participant",
                person.c.withdrawn_at.is_(None),
                *(in_group(person.c.id, *group) for group in where.groups),
                speaks,
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
    sizes: Mapping[int, int] | None = None,
) -> list[CodedExtract]:
    """List one page of extracts, by code in the order of the tree, then by person and place.

    Parameters
    ----------
    codes
        The study's codes, retired ones too, in tree order.
    width
        Characters of context on either side.
    sizes
        What `count_by_code` gives for this filter, where it is known already.
    """
    if sizes is None:
        sizes = count_by_code(connection, study_id, actor_id, where)
    wanted, offset = _codes_of_page(sizes, codes, offset, limit)
    keys = _keys(connection, study_id, actor_id, where, codes, only=wanted, offset=offset,
                 limit=limit)  # fmt: skip
    return _read(connection, actor_id, keys, codes, width)


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
    keys = _keys(connection, study_id, actor_id, where, codes)
    for start in range(0, len(keys), PAGE):
        page = _read(connection, actor_id, keys[start : start + PAGE], codes, width)
        yield from (item.extract for item in page)


def _codes_of_page(
    sizes: Mapping[int, int], codes: Sequence[Code], offset: int, limit: int
) -> tuple[list[int], int]:
    """Find the codes whose extracts a page holds, and where it begins among theirs.

    Counting by code is quick where sorting everything is not: only these need to be sorted.
    """
    wanted: list[int] = []
    before, begins = 0, 0
    for item in codes:
        size = sizes.get(item.id, 0)
        if before < offset + limit and before + size > offset:
            begins = begins if wanted else before
            wanted.append(item.id)
        before += size
    return wanted, offset - begins


def _own_codes(connection: Connection, study_id: int) -> dict[int, int]:
    """Give for each code the one that it stands under: itself, or what it was merged into."""
    rows = connection.execute(
        select(code_ancestor.c.code_id, code_ancestor.c.ancestor_id)
        .join(code, code.c.id == code_ancestor.c.code_id)
        .where(code.c.study_id == study_id, code_ancestor.c.depth == 0)
    )
    return {row.code_id: row.ancestor_id for row in rows}


def _keys(
    connection: Connection,
    study_id: int,
    actor_id: int,
    where: ExtractFilter,
    codes: Sequence[Code],
    *,
    only: Collection[int] | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> array[int]:
    """List the keys of codings in their order: sorted without their texts, which may be long.

    Parameters
    ----------
    only
        The codes whose extracts are wanted; None for all.
    """
    place = {item.id: index for index, item in enumerate(codes)}
    under = _own_codes(connection, study_id)
    shown = {key: place[own] for key, own in under.items()
             if own in place and (only is None or own in only)}  # fmt: skip
    if not shown:
        return array("q")
    rows = connection.execute(
        select(coding.c.id)
        .select_from(selected(actor_id, where, places=True))
        .where(
            *conditions(connection, study_id, actor_id, where),
            coding.c.code_id.in_(shown),
        )
        .order_by(
            case(shown, value=coding.c.code_id) if len(set(shown.values())) > 1 else literal(0),
            func.coalesce(document.c.respondent_id, 1_000_000_000),
            document.c.id,
            func.coalesce(anchor.c.start, -1),
            coding.c.id,
        )
        .offset(offset)
        .limit(limit)
    )
    return array("q", (row[0] for row in rows))


def _read(
    connection: Connection,
    actor_id: int,
    keys: Sequence[int],
    codes: Sequence[Code],
    width: int,
) -> list[CodedExtract]:
    """Read codings with their words, in the order of their keys."""
    known = {item.id: item for item in codes}
    found = connection.execute(_EXTRACTS, {"keys": list(keys)})
    by_key = {row.id: row for row in found}
    rows = [by_key[key] for key in keys if key in by_key and by_key[key].code_id in known]
    attributes = attributes_of(connection, [row.respondent_id for row in rows if row.respondent_id])
    lost = lost_words(connection, [row.id for row in rows if row.anchor_state == "flagged"])
    stars = stars_of(connection, list(keys))
    return [
        CodedExtract(
            _extract(
                row,
                attributes.get(row.respondent_id, {}),
                known,
                width,
                lost,
                tuple(name for _, name in stars.get(row.id, ())),
            ),
            row.guid,
            row.document_id,
            row.coder_id,
            row.code_id,
            any(key == actor_id for key, _ in stars.get(row.id, ())),
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


_EXTRACTS = (
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
        respondent.c.may_be_quoted,
        question.c.ref.label("question_ref"),
        question.c.text.label("question_text"),
        revision.c.text,
        func.coalesce(own_memo(), "").label("memo"),
        func.coalesce(_speaker(), "").label("speaker"),
    )
    .select_from(
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
    .where(coding.c.id.in_(bindparam("keys", expanding=True)))
)


def _extract(
    row: Any,
    attributes: dict[str, str],
    known: dict[int, Code],
    width: int,
    lost: dict[int, str],
    starred_by: tuple[str, ...],
) -> Extract:
    item = known[row.code_id]
    text = row.text
    start, end = (row.start, row.end) if row.start is not None else (0, len(text))
    before, after = context(text, start, end, width) if row.start is not None else ("", "")
    quote, marks, placed = text[start:end], [], row.anchor_state == "placed"
    if not placed:  # the words as they were coded; the guess is nobody's coding
        quote, before, after = lost.get(row.id, ""), "", ""
        marks.append(PLACE_AGAIN)
    if row.may_be_quoted is False:
        marks.append(NOT_TO_BE_QUOTED)
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
        starred_by=starred_by,
    )
