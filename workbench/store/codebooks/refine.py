"""What refining the codebook asks of codes and codings: whose are touched, and which fall together.

In: codes of a study. Out: nodes of its tree, codings with their places, and counts that pass
`visibility`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, update

from workbench.domain.codings import Origin
from workbench.domain.merging import Node
from workbench.store.bulk import parts
from workbench.store.codebooks.blind_codes import publish_used
from workbench.store.coding.anchors import is_placed, sync_coding_respondents
from workbench.store.coding.carried import CARRIED, apply_carried, carried_states
from workbench.store.coding.codings import current_anchor
from workbench.store.coding.layers import by_people
from workbench.store.tables import anchor, code, code_ancestor, coding, document
from workbench.store.trail.operations import States
from workbench.store.visibility import sight_of, visible_to


def nodes(connection: Connection, study_id: int) -> list[Node]:
    """List the codes of a study, those too that only their maker sees, by their places."""
    rows = connection.execute(
        select(code.c.id, code.c.parent_id, code.c.name, code.c.status, code.c.made_in)
        .where(code.c.study_id == study_id, code.c.deleted_at.is_(None), code.c.status != "merged")
        .order_by(code.c.position, code.c.id)
    )
    return [
        Node(row.id, row.parent_id, row.name, row.status, row.made_in is not None) for row in rows
    ]


def last_places(connection: Connection, study_id: int) -> dict[int | None, int]:
    """Give the last position that is taken below each code."""
    rows = connection.execute(
        select(code.c.parent_id, func.max(code.c.position).label("last"))
        .where(code.c.study_id == study_id)
        .group_by(code.c.parent_id)
    )
    return {row.parent_id: row.last for row in rows}


def counting_as(code_ids: Collection[int], *, below: bool = False) -> Select[Any]:
    """Select the codes whose codings count as one of these (with `below`, or as one below it)."""
    depth = () if below else (code_ancestor.c.depth == 0,)
    return select(code_ancestor.c.code_id).where(
        code_ancestor.c.ancestor_id.in_(list(code_ids)), *depth
    )


def fallen_together(connection: Connection, merged: Mapping[int, int]) -> dict[int, int]:
    """Find the codings that would be the same as another one of the same coder after a merge.

    Parameters
    ----------
    merged
        Each code that is merged, with what it counts as afterwards.

    Returns
    -------
    dict of int to int
        The codings to take away, each with the one that stays in its place: the target's own, or
        the oldest.
    """
    doomed: dict[int, int] = {}
    kept: dict[tuple[Any, ...], int] = {}
    touched = select(coding.c.document_id).where(
        coding.c.code_id.in_(counting_as(merged)), coding.c.deleted_at.is_(None)
    )
    own_first = code_ancestor.c.ancestor_id.in_(list(merged))
    rows = connection.execute(
        select(
            coding.c.id, coding.c.coder_id, coding.c.document_id, anchor.c.start, anchor.c.end,
            code_ancestor.c.ancestor_id,
        )
        .join(document, document.c.id == coding.c.document_id)
        .join(anchor, current_anchor())
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
        )
        .where(
            coding.c.document_id.in_(touched),
            code_ancestor.c.ancestor_id.in_({*merged, *merged.values()}),
            coding.c.deleted_at.is_(None),
            is_placed(),  # a best guess is nobody's coding
        )
        .order_by(own_first, coding.c.id)
    )  # fmt: skip
    for row in rows:
        counts_as = merged.get(row.ancestor_id, row.ancestor_id)
        place = (counts_as, row.coder_id, row.document_id, row.start, row.end)
        stays = kept.setdefault(place, row.id)
        if stays != row.id and row.ancestor_id in merged:
            doomed[row.id] = stays
    return doomed


def take_away(connection: Connection, onto: Mapping[int, int], at: str) -> tuple[States, States]:
    """Take codings away that are the same as others by now; give the states after and before.

    Their rows stay, for undo; what was written on them goes to those others.
    """
    for part in parts(list(onto)):
        connection.execute(update(coding).where(coding.c.id.in_(part)).values(deleted_at=at))
    sync_coding_respondents(connection, list(onto))
    if not onto:
        return {}, {}
    going, back = carried_states(connection, onto)
    apply_carried(connection, going[CARRIED])
    return (
        {"coding": [{"id": key, "deleted_at": at} for key in onto], **going},
        {"coding": [{"id": key, "deleted_at": None} for key in onto], **back},
    )


def count_seen(
    connection: Connection, study_id: int, actor_id: int, coding_ids: Sequence[int]
) -> int:
    """Count those of these codings that a person may see, live or not."""
    seen = visible_to(connection, study_id, actor_id, coding.c)
    return sum(
        connection.execute(
            select(func.count()).select_from(coding).where(coding.c.id.in_(part), seen)
        ).scalar_one()
        for part in parts(coding_ids)
    )


def count_touched(
    connection: Connection, study_id: int, actor_id: int, code_ids: Collection[int], *, below: bool
) -> tuple[int, int, int]:
    """Count what a person may see on these codes: (codings, coders, documents)."""
    row = connection.execute(
        select(
            func.count(),
            func.count(coding.c.coder_id.distinct()),
            func.count(coding.c.document_id.distinct()),
        ).where(
            coding.c.code_id.in_(counting_as(code_ids, below=below)),
            coding.c.deleted_at.is_(None),
            by_people(coding.c),
            visible_to(connection, study_id, actor_id, coding.c),
        )
    ).one()
    return (row[0], row[1], row[2])


def hides_some(connection: Connection, study_id: int, actor_id: int) -> bool:
    """Tell whether a study has documents that show a person nobody's codings but their own."""
    sight = sight_of(connection, study_id, actor_id)
    if sight.hides_nothing:
        return False
    hidden = select(document.c.id).where(
        document.c.study_id == study_id, sight.hides_others(document.c.id)
    )
    return connection.execute(hidden.limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class Sortable:
    """A live coding that waits to be sorted, with its place in the current text.

    `code_id` is the code that it was given; `counts_as` is another one where that was merged.
    """

    id: int
    guid: str
    code_id: int
    counts_as: int
    coder_id: int
    codebook_version_id: int | None
    document_id: int
    revision_id: int
    start: int | None
    end: int | None
    flagged: bool
    origin: Origin


def _waiting(
    connection: Connection, study_id: int, actor_id: int, coder_id: int | None
) -> list[ColumnElement[bool]]:
    whose = () if coder_id is None else (coding.c.coder_id == coder_id,)
    return [
        document.c.study_id == study_id,
        document.c.codable,
        coding.c.deleted_at.is_(None),
        by_people(coding.c),
        visible_to(connection, study_id, actor_id, coding.c),
        *whose,
    ]


def count_waiting(
    connection: Connection, study_id: int, actor_id: int, code_id: int, coder_id: int | None
) -> int:
    """Count the codings of a code that a person may sort, of one coder or of everybody."""
    return connection.execute(
        select(func.count())
        .select_from(coding.join(document, document.c.id == coding.c.document_id))
        .where(
            *_waiting(connection, study_id, actor_id, coder_id),
            coding.c.code_id.in_(counting_as([code_id])),
        )
    ).scalar_one()


def list_waiting(
    connection: Connection,
    study_id: int,
    actor_id: int,
    code_id: int,
    coder_id: int | None,
    *,
    offset: int,
    limit: int,
) -> list[int]:
    """List the keys of the codings of a code, by respondent and place; see `count_waiting`."""
    rows = connection.execute(
        select(coding.c.id)
        .select_from(
            coding.join(document, document.c.id == coding.c.document_id).join(
                anchor, current_anchor()
            )
        )
        .where(
            *_waiting(connection, study_id, actor_id, coder_id),
            coding.c.code_id.in_(counting_as([code_id])),
        )
        .order_by(
            document.c.sort_respondent,
            document.c.id,
            func.coalesce(anchor.c.start, -1),
            coding.c.id,
        )
        .offset(offset)
        .limit(limit)
    )
    return list(rows.scalars())


def find_waiting(
    connection: Connection, study_id: int, actor_id: int, guids: Sequence[str]
) -> dict[str, Sortable]:
    """Find live codings that a person may see by their identities."""
    found: dict[str, Sortable] = {}
    for part in parts(list(guids)):
        rows = connection.execute(
            select(
                coding.c.id,
                coding.c.guid,
                coding.c.code_id,
                code_ancestor.c.ancestor_id.label("counts_as"),
                coding.c.coder_id,
                coding.c.codebook_version_id,
                coding.c.document_id,
                anchor.c.revision_id,
                anchor.c.start,
                anchor.c.end,
                (anchor.c.state == "flagged").label("flagged"),
                coding.c.origin,
            )
            .join(document, document.c.id == coding.c.document_id)
            .join(anchor, current_anchor())
            .join(
                code_ancestor,
                and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
            )
            .where(*_waiting(connection, study_id, actor_id, None), coding.c.guid.in_(part))
        )
        found |= {row.guid: Sortable(**row._mapping) for row in rows}
    return found


def recode(
    connection: Connection, coding_ids: Sequence[int], code_id: int, version_id: int | None
) -> None:
    """Give codings another code, under a version of the codebook."""
    for part in parts(coding_ids):
        connection.execute(
            update(coding)
            .where(coding.c.id.in_(part))
            .values(code_id=code_id, codebook_version_id=version_id)
        )
    sync_coding_respondents(connection, coding_ids)
    publish_used(connection, coding_ids)


def split_parts(connection: Connection, study_id: int) -> dict[int, int]:
    """Give the codes that were split off another, each with that one (or what it counts as)."""
    rows = connection.execute(
        select(code.c.id, code_ancestor.c.ancestor_id)
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == code.c.split_from, code_ancestor.c.depth == 0),
        )
        .where(
            code.c.study_id == study_id,
            code.c.deleted_at.is_(None),
            code.c.status == "active",
            # What it was split off may have been merged into it since: nothing is left to sort.
            code_ancestor.c.ancestor_id != code.c.id,
        )
    )
    return {row.id: row.ancestor_id for row in rows}
