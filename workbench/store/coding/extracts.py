"""Extracts: codings with their words, filtered and paged by SQL.

In: a filter. Out: `Extract` values; words are cut from the current text, never stored.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import Connection, case, exists, func, literal, select

from workbench.domain.codings import Code
from workbench.domain.extracts import Extract
from workbench.store.codebooks.counted_as import all_counted_as
from workbench.store.coding.extract_filter import (
    ExtractFilter,
    conditions,
    plain_conditions,
    selected,
)
from workbench.store.coding.extract_rows import PLACE_AGAIN, CodedExtract, Reader
from workbench.store.documents.document_filter import in_group
from workbench.store.tables import (
    anchor,
    coding,
    coding_respondent,
    document,
    respondent,
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


def count_by_code(
    connection: Connection, study_id: int, actor_id: int, where: ExtractFilter
) -> dict[int, int]:
    """Count the codings of a filter by the code that they stand under, merged ones resolved."""
    plain = plain_conditions(connection, study_id, actor_id, where, coding.c)
    query = select(coding.c.code_id, func.count())
    if plain is not None:  # grouped as the index of live codings is ordered
        query = query.where(coding.c.deleted_at.is_(None), *plain)
        counted = connection.execute(query.group_by(coding.c.coder_id, coding.c.code_id))
    else:
        query = query.select_from(selected(actor_id, where))
        query = query.where(*conditions(connection, study_id, actor_id, where))
        counted = connection.execute(query.group_by(coding.c.code_id))
    under = all_counted_as(connection, study_id)
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
    covers = coding_respondent.c.respondent_id == person.c.id
    plain = plain_conditions(connection, study_id, actor_id, where, coding_respondent.c)
    if plain is not None:
        speaks = exists().where(covers, *plain)
    else:
        covered = selected(actor_id, where).join(
            coding_respondent, coding_respondent.c.coding_id == coding.c.id
        )
        speaks = (
            select(literal(1))
            .select_from(covered)
            .where(covers, *conditions(connection, study_id, actor_id, where))
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
    return Reader(connection, actor_id, codes, width).read(keys)


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
    reader = Reader(connection, actor_id, codes, width)
    for start in range(0, len(keys), PAGE):
        yield from (item.extract for item in reader.read(keys[start : start + PAGE]))


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
    under = all_counted_as(connection, study_id)
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
