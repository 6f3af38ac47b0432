"""Speech of nobody: turns in discussions of which it is not known whose words they are.

In: a filter and a layer. Out: how much there is of it, and how often codes are mentioned in it; for
extracts, which codings cover such words. It is in nobody's share: a mention is all that can be
counted. What facilitators say is not among it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from workbench.domain.codings import DocumentFilter
from workbench.domain.mentions import WHOLE, Place, openers
from workbench.domain.text import count_words
from workbench.store.bulk import parts
from workbench.store.codebooks.counted_as import all_counted_as
from workbench.store.coding.anchors import is_placed
from workbench.store.coding.codings import current_anchor
from workbench.store.counting.counts import ANY, Counting, counting_of
from workbench.store.tables import (
    anchor,
    code_ancestor,
    coding,
    document,
    revision,
    segment,
    speaker,
)

Turns = dict[int, list[tuple[int, int, str]]]
"""(start, end, shown name) of each turn, in order, by document; the name may be empty."""


@dataclass(frozen=True, slots=True)
class Nobodys:
    """How much speech is nobody's, and its mentions by code, each with all below it."""

    documents: int = 0
    turns: int = 0
    words: int = 0
    mentions: dict[int, int] = field(default_factory=dict)


def count_nobodys(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    code_ids: Sequence[int],
    layer: str | int = ANY,
    where: DocumentFilter | None = None,
) -> Nobodys:
    """Measure the speech of nobody, and count codes in it.

    Parameters are as `count_themes` takes them. A filter of respondents leaves nothing: nobody is
    in no group. Spans are joined for each name that is shown; turns without one count as one
    speaker's.
    """
    where = where or DocumentFilter()
    if where.groups or where.respondent_id is not None:
        return Nobodys()
    counting = counting_of(
        connection, study_id, actor_id,
        code_ids=code_ids, attribute_ids=(), layer=layer, where=where,
    )  # fmt: skip
    if not counting.scope.has_shared:
        return Nobodys()
    turns = _turns(counting)
    if not turns:
        return Nobodys()
    n_turns = sum(map(len, turns.values()))
    return Nobodys(
        len(turns), n_turns, _words(connection, turns), _mentions(counting, study_id, turns)
    )


def _turns(counting: Counting) -> Turns:
    """Read turns that are nobody's; a text without any turns is one."""
    scope = counting.scope.shared
    own = segment.alias("own")
    spoken = (
        select(
            scope.c.id,
            func.coalesce(segment.c.speaker, "").label("name"),
            segment.c.start,
            segment.c.end,
        )
        .join(segment, segment.c.revision_id == scope.c.current_revision_id)
        .where(segment.c.respondent_id.is_(None), ~_leads(scope.c.id, segment))
    )
    silent = select(
        scope.c.id,
        literal("").label("name"),
        literal(0).label("start"),
        literal(WHOLE).label("end"),
    ).where(~exists().where(own.c.revision_id == scope.c.current_revision_id))
    unknown = union_all(spoken, silent).cte("unknown")
    found: Turns = defaultdict(list)
    for document_id, name, start, end in counting.connection.execute(
        select(unknown).order_by(unknown.c.id, unknown.c.start)
    ):
        found[document_id].append((start, end, name))
    return found


def covers_nobody() -> ColumnElement[bool]:
    """Tell whether a coding, joined to its document and its anchor, covers words of nobody."""
    own, turn = segment.alias("own"), segment.alias("turn_of_nobody")
    touched = or_(
        anchor.c.start.is_(None), and_(turn.c.end > anchor.c.start, turn.c.start < anchor.c.end)
    )
    spoken = exists().where(
        turn.c.revision_id == document.c.current_revision_id,
        turn.c.respondent_id.is_(None),
        ~_leads(document.c.id, turn),
        touched,
    )
    silent = ~exists().where(own.c.revision_id == document.c.current_revision_id)
    return and_(document.c.respondent_id.is_(None), is_placed(), or_(spoken, silent))


def _leads(document_id: ColumnElement[int], turn: Any) -> ColumnElement[bool]:
    """Tell whether a facilitator speaks in a turn."""
    return exists().where(
        speaker.c.document_id == document_id,
        speaker.c.name == turn.c.speaker,
        speaker.c.role == "facilitator",
    )


def _words(connection: Connection, turns: Turns) -> int:
    """Count the words of turns."""
    texts = select(document.c.id, revision.c.text).join(
        revision, revision.c.id == document.c.current_revision_id
    )
    return sum(
        count_words(text[start:end])
        for part in parts(sorted(turns))
        for key, text in connection.execute(texts.where(document.c.id.in_(part)))
        for start, end, _ in turns[key]
    )


def _mentions(counting: Counting, study_id: int, turns: Turns) -> dict[int, int]:
    """Count mentions: for each document, code and name, overlapping spans are joined."""
    connection = counting.connection
    counts_as = all_counted_as(connection, study_id)
    edges = {
        key: ([turn[0] for turn in spoken], [turn[1] for turn in spoken])
        for key, spoken in turns.items()
    }
    places: dict[tuple[int, int, str], list[Place]] = defaultdict(list)
    for part in parts(sorted(turns)):
        for key, document_id, code_id, start, end in connection.execute(_placed(counting, part)):
            begin, until = (0, WHOLE) if start is None else (start, end)
            starts, ends = edges[document_id]
            touched = turns[document_id][bisect_right(ends, begin) : bisect_left(starts, until)]
            for name, (low, high) in _cut(touched, begin, until).items():
                places[document_id, counts_as[code_id], name].append((low, high, key))
    by_code: dict[int, int] = defaultdict(int)
    for (_, code_id, _), found in places.items():
        by_code[code_id] += len(openers(found))
    mentions: dict[int, int] = defaultdict(int)
    above = connection.execute(
        select(code_ancestor.c.code_id, code_ancestor.c.ancestor_id).where(
            code_ancestor.c.ancestor_id.in_(counting.code_ids)
        )
    )
    for code_id, ancestor_id in above:
        mentions[ancestor_id] += by_code.get(code_id, 0)
    return dict(mentions)


def _placed(counting: Counting, document_ids: Sequence[int]) -> Select[Any]:
    """Select the codings that count in these documents, and where they are."""
    return (
        select(coding.c.id, coding.c.document_id, coding.c.code_id, anchor.c.start, anchor.c.end)
        .select_from(
            coding.join(document, document.c.id == coding.c.document_id).join(
                anchor, current_anchor()
            )
        )
        .where(
            coding.c.document_id.in_(document_ids),
            coding.c.deleted_at.is_(None),
            is_placed(),
            counting.sight.sees(coding.c),
            counting.on_layer(coding.c),
        )
    )


def _cut(
    touched: Sequence[tuple[int, int, str]], start: int, end: int
) -> dict[str, tuple[int, int]]:
    """Cut a span at the first and the last turn of each name that it touches, as `clipped` does."""
    found: dict[str, tuple[int, int]] = {}
    for turn_start, turn_end, name in touched:
        low = found[name][0] if name in found else max(start, turn_start)
        found[name] = low, min(end, turn_end)
    return found
