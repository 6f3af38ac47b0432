"""Which codings open a mention: kept beside `coding_respondent`, so that counting only adds up.

In: codings that were made, moved, recoded or taken away. Out: `opens_any` and `opens_own` of the
codings with the same code of the same person's words in the same document. In a discussion a coding
is cut at the turns of each speaker it covers: spans that overlap in somebody else's words only are
two mentions of this person, and an exchange is one mention of each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    and_,
    bindparam,
    select,
    true,
    update,
)

from workbench.domain.mentions import Place, clipped, openers
from workbench.store.bulk import among, parts
from workbench.store.tables import (
    CONSENSUS,
    anchor,
    code_ancestor,
    coding_respondent,
    document,
    segment,
)

DocumentCode = tuple[int, int]
"""(document, code), the code being the one that a merged code counts as."""

_CODINGS: BindParameter[Sequence[int]] = bindparam("codings", expanding=True)
_DOCUMENTS: BindParameter[Sequence[int]] = bindparam("documents", expanding=True)
_CODES: BindParameter[Sequence[int]] = bindparam("codes", expanding=True)


def pairs_of(connection: Connection, coding_ids: Sequence[int]) -> set[DocumentCode]:
    """Give the documents and codes in which these codings are counted now."""
    return {(row[0], row[1]) for row in connection.execute(_PAIRS, {"codings": coding_ids})}


def mark_beside(
    connection: Connection, coding_ids: Sequence[int], *, fresh: bool = False
) -> set[DocumentCode]:
    """Decide anew what opens a mention among these codings and those that count beside them.

    Give the documents and codes that were looked at. Fresh codings change nothing for people whose
    words they do not cover: in a long discussion that spares most of it.
    """
    beside = _BESIDE_THEM if fresh else _BESIDE
    rows = connection.execute(beside, {"codings": coding_ids}).all()
    _write(connection, list({(row.coding_id, row.respondent_id): row for row in rows}.values()))
    return {(row.document_id, row.resolved) for row in rows}


def mark_mentions(connection: Connection, pairs: Collection[DocumentCode]) -> None:
    """Decide anew which codings open a mention, in these documents and for these codes."""
    codes: dict[int, set[int]] = {}
    for document_id, code_id in pairs:
        codes.setdefault(document_id, set()).add(code_id)
    documents = sorted(codes)
    for part in parts(documents):
        _mark(connection, part, sorted(set().union(*(codes[key] for key in part))))


def places_in(connection: Connection, pairs: Collection[DocumentCode]) -> list[Any]:
    """Give what is counted in these documents for these codes, with its place."""
    rows = connection.execute(
        _COUNTED.where(
            among(connection, coding_respondent.c.document_id, {key for key, _ in pairs})
        )
    )
    return [row for row in rows if (row.document_id, row.resolved) in pairs]


def mark_codes(connection: Connection, code_ids: Collection[int]) -> None:
    """Decide anew wherever codings count as one of these codes, after codes were merged."""
    codes = sorted(code_ids)
    if codes:
        found = list(connection.execute(_DOCUMENTS_WITH, {"codes": codes}).scalars())
        for part in parts(found):
            _mark(connection, part, codes)


def _mark(connection: Connection, documents: Sequence[int], codes: Sequence[int]) -> None:
    _write(connection, connection.execute(_PLACES, {"documents": documents, "codes": codes}).all())


def _write(connection: Connection, rows: Sequence[Any]) -> None:
    shared = [row for row in rows if row.owner is None]
    turns = _turns(
        connection,
        {row.revision_id for row in shared},
        {row.respondent_id for row in shared},
    )
    set_marks(
        connection,
        [
            (row, opens_any, opens_own)
            for row, opens_any, opens_own in decide(rows, turns)
            if (row.opens_any, row.opens_own) != (opens_any, opens_own)
        ],
    )


def set_marks(connection: Connection, changes: Sequence[tuple[Any, int, int]]) -> None:
    """Write what opens a mention: rows that are counted, by anybody, by the same coder."""
    if changes:
        connection.execute(
            _SET,
            [
                {"key": row.coding_id, "person": row.respondent_id, "any": by_any, "own": by_own}
                for row, by_any, by_own in changes
            ],
        )


_Turns = dict[tuple[int, int], list[tuple[int, int]]]
"""(start, end) of each turn, in order, by revision and respondent."""


def _turns(
    connection: Connection, revision_ids: Collection[int], people: Collection[int]
) -> _Turns:
    """Read the turns of some people in discussions."""
    found: _Turns = {}
    if revision_ids:
        given = {"revisions": sorted(revision_ids), "people": sorted(people)}
        for row in connection.execute(_SPOKEN, given):
            found.setdefault((row[0], row[1]), []).append((row[2], row[3]))
    return found


def decide(rows: Sequence[Any], turns: _Turns) -> Iterator[tuple[Any, int, int]]:
    """Yield each row with whether its coding opens a mention: by anybody, by the same coder.

    What was adjudicated is nobody's: it opens mentions of its own only.
    """
    everybody: dict[tuple[int, int, int], list[Any]] = {}
    for row in rows:
        key = row.document_id, row.resolved, row.respondent_id
        everybody.setdefault(key, []).append(row)
    for group in everybody.values():
        theirs = turns.get((group[0].revision_id, group[0].respondent_id))
        if len(group) == 1 and theirs is None:
            yield group[0], int(group[0].coder_id != CONSENSUS), 1
            continue
        by_coder: dict[int, list[Any]] = {}
        for row in group:
            by_coder.setdefault(row.coder_id, []).append(row)
        own: set[int] = set()
        for part in by_coder.values():  # most people have one: it opens their own mention
            own |= {part[0].coding_id} if len(part) == 1 else openers(_places(part, theirs))
        settled = by_coder.pop(CONSENSUS, [])
        if len(by_coder) == 1:
            first = own.difference(row.coding_id for row in settled)
        else:
            people = [row for row in group if row.coder_id != CONSENSUS]
            first = openers(_places(people, theirs))
        for row in group:
            yield row, int(row.coding_id in first), int(row.coding_id in own)


def _places(rows: Sequence[Any], turns: Sequence[tuple[int, int]] | None) -> Iterator[Place]:
    """Give where codings are; in a discussion, cut at one person's turns."""
    if turns is None:
        return ((row.start, row.end, row.coding_id) for row in rows)
    return (clipped((row.start, row.end, row.coding_id), turns) for row in rows)


def _covered(*columns: Any) -> Select[Any]:
    """Select from the codings that are counted, each beside the code that it counts as."""
    return (
        select(*columns)
        .select_from(coding_respondent)
        .join(
            code_ancestor,
            and_(
                code_ancestor.c.code_id == coding_respondent.c.code_id, code_ancestor.c.depth == 0
            ),
        )
    )


_RESOLVED = code_ancestor.c.ancestor_id
_PAIRS = (
    _covered(coding_respondent.c.document_id, _RESOLVED)
    .where(coding_respondent.c.coding_id.in_(_CODINGS))
    .distinct()
)
_DOCUMENTS_WITH = (
    _covered(coding_respondent.c.document_id)
    .where(_RESOLVED.in_(_CODES))
    .distinct()
    .order_by(coding_respondent.c.document_id)
)
_NOW = and_(
    anchor.c.coding_id == coding_respondent.c.coding_id,
    anchor.c.revision_id == document.c.current_revision_id,
)
_SHOWN = (
    coding_respondent.c.coding_id,
    coding_respondent.c.respondent_id,
    coding_respondent.c.document_id,
    coding_respondent.c.coder_id,
    coding_respondent.c.opens_any,
    coding_respondent.c.opens_own,
    _RESOLVED.label("resolved"),
    anchor.c.revision_id,
    anchor.c.start,
    anchor.c.end,
    document.c.respondent_id.label("owner"),
)
_COUNTED = (
    _covered(*_SHOWN)
    .join(document, document.c.id == coding_respondent.c.document_id)
    .join(anchor, _NOW)
)
_PLACES = _COUNTED.where(coding_respondent.c.document_id.in_(_DOCUMENTS), _RESOLVED.in_(_CODES))


def _beside(*, same_people: bool = False) -> Select[Any]:
    """Select what is counted with the same code in the same document as some codings."""
    given = coding_respondent.alias("given")
    counted_as = code_ancestor.alias("counted_as")
    return (
        select(*_SHOWN)
        .select_from(given)
        .join(counted_as, and_(counted_as.c.code_id == given.c.code_id, counted_as.c.depth == 0))
        .join(
            code_ancestor,
            and_(
                code_ancestor.c.ancestor_id == counted_as.c.ancestor_id, code_ancestor.c.depth == 0
            ),
        )
        .join(
            coding_respondent,
            and_(
                coding_respondent.c.document_id == given.c.document_id,
                coding_respondent.c.code_id == code_ancestor.c.code_id,
                coding_respondent.c.respondent_id == given.c.respondent_id
                if same_people
                else true(),
            ),
        )
        .join(document, document.c.id == coding_respondent.c.document_id)
        .join(anchor, _NOW)
        .where(given.c.coding_id.in_(_CODINGS))
    )


_BESIDE = _beside()
_BESIDE_THEM = _beside(same_people=True)
_SPOKEN = (
    select(segment.c.revision_id, segment.c.respondent_id, segment.c.start, segment.c.end)
    .where(
        segment.c.revision_id.in_(bindparam("revisions", expanding=True)),
        segment.c.respondent_id.in_(bindparam("people", expanding=True)),
    )
    .order_by(segment.c.revision_id, segment.c.start)
)
_SET = (
    update(coding_respondent)
    .where(
        coding_respondent.c.coding_id == bindparam("key"),
        coding_respondent.c.respondent_id == bindparam("person"),
    )
    .values(opens_any=bindparam("any"), opens_own=bindparam("own"))
)
