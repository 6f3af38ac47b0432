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
    CTE,
    ColumnElement,
    Connection,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from workbench.domain.codings import DocumentFilter
from workbench.domain.mentions import WHOLE, clipped, openers
from workbench.domain.text import count_words
from workbench.store.anchors import is_placed
from workbench.store.codings import current_anchor
from workbench.store.counts import ANY, Counting, counting_of
from workbench.store.tables import (
    anchor,
    code_ancestor,
    coding,
    document,
    revision,
    segment,
    speaker,
)

Turns = dict[int, dict[str, list[tuple[int, int]]]]
"""(start, end) of each turn, in order, by document and shown name; the name may be empty."""


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
    unknown = _unknown(counting)
    turns, words = _read(connection, unknown)
    n_turns = sum(len(parts) for spoken in turns.values() for parts in spoken.values())
    mentions = _mentions(counting, unknown, turns) if turns else {}
    return Nobodys(len(turns), n_turns, words, mentions)


def _unknown(counting: Counting) -> CTE:
    """List turns that are nobody's; a text without any turns is one."""
    scope = counting.scope.shared
    own = segment.alias("own")
    spoken = (
        select(
            scope.c.id,
            scope.c.current_revision_id,
            func.coalesce(segment.c.speaker, "").label("name"),
            segment.c.start,
            segment.c.end,
        )
        .join(segment, segment.c.revision_id == scope.c.current_revision_id)
        .where(segment.c.respondent_id.is_(None), ~_leads(scope.c.id, segment))
    )
    silent = select(
        scope.c.id,
        scope.c.current_revision_id,
        literal("").label("name"),
        literal(0).label("start"),
        literal(WHOLE).label("end"),
    ).where(~exists().where(own.c.revision_id == scope.c.current_revision_id))
    return union_all(spoken, silent).cte("unknown")


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


def _read(connection: Connection, unknown: CTE) -> tuple[Turns, int]:
    """Read the turns, and count their words."""
    turns: Turns = {}
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in connection.execute(select(unknown).order_by(unknown.c.id, unknown.c.start)):
        turns.setdefault(row.id, {}).setdefault(row.name, []).append((row.start, row.end))
        spans[row.id].append((row.start, row.end))
    texts = connection.execute(
        select(document.c.id, revision.c.text)
        .join(revision, revision.c.id == document.c.current_revision_id)
        .where(document.c.id.in_(select(unknown.c.id)))
    )
    words = sum(count_words(text[start:end]) for key, text in texts for start, end in spans[key])
    return turns, words


def _mentions(counting: Counting, unknown: CTE, turns: Turns) -> dict[int, int]:
    """Count mentions: for each document, code and name, overlapping spans are joined."""
    resolved = code_ancestor.c.ancestor_id.label("resolved")
    rows = counting.connection.execute(
        select(coding.c.id, coding.c.document_id, resolved, anchor.c.start, anchor.c.end)
        .select_from(
            coding.join(document, document.c.id == coding.c.document_id)
            .join(anchor, current_anchor())
            .join(
                code_ancestor,
                and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
            )
        )
        .where(
            coding.c.document_id.in_(select(unknown.c.id)),
            coding.c.deleted_at.is_(None),
            is_placed(),
            counting.sight.sees(coding.c),
            counting.on_layer(coding.c),
        )
    )
    edges = {
        key: [(name, theirs, [turn[0] for turn in theirs], [turn[1] for turn in theirs])
              for name, theirs in spoken.items()]
        for key, spoken in turns.items()
    }  # fmt: skip
    places: dict[tuple[int, int, str], list[Any]] = defaultdict(list)
    for key, document_id, code_id, start, end in rows.all():
        for name, theirs, starts, ends in edges[document_id]:
            if start is None or bisect_right(ends, start) < bisect_left(starts, end):
                place = clipped((start, end, key), theirs)
                places[document_id, code_id, name].append(place)
    by_code: dict[int, int] = defaultdict(int)
    for (_, code_id, _), found in places.items():
        by_code[code_id] += len(openers(found))
    mentions: dict[int, int] = defaultdict(int)
    above = counting.connection.execute(
        select(code_ancestor.c.code_id, code_ancestor.c.ancestor_id).where(
            code_ancestor.c.ancestor_id.in_(counting.code_ids)
        )
    )
    for code_id, ancestor_id in above:
        mentions[ancestor_id] += by_code.get(code_id, 0)
    return dict(mentions)
