"""What one respondent said in discussions, turn by turn.

In: a respondent. Out: the discussions in which they speak, each with the beginning of what they
said there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from workbench.domain.documents import document_label
from workbench.domain.text import count_words
from workbench.store.tables import document, revision, segment


@dataclass(frozen=True, slots=True)
class SaidTurn:
    """A turn; `start` is where it begins in the discussion, in code points."""

    start: int
    text: str
    start_ms: int | None


@dataclass(frozen=True, slots=True)
class SaidInGroup:
    """A discussion, and what a respondent said in it. `turns` may be but the first of `n_turns`."""

    document_id: int
    name: str
    series: str
    held_on: str
    n_turns: int
    n_words: int
    turns: tuple[SaidTurn, ...]


def said_in_groups(
    connection: Connection, study_id: int, respondent_id: int, *, limit: int
) -> list[SaidInGroup]:
    """List the discussions in which one respondent speaks, with turns up to `limit` characters."""
    mine = (
        select(segment.c.revision_id, segment.c.start, segment.c.end, segment.c.start_ms)
        .where(segment.c.respondent_id == respondent_id)
        .order_by(segment.c.revision_id, segment.c.position)
    )
    turns: dict[int, list[tuple[int, int, int | None]]] = {}
    for key, start, end, start_ms in connection.execute(mine):
        turns.setdefault(key, []).append((start, end, start_ms))
    rows = connection.execute(
        select(
            document.c.id, document.c.ref, document.c.series, document.c.held_on,
            document.c.current_revision_id, revision.c.text,
        )
        .join(revision, revision.c.id == document.c.current_revision_id)
        .where(
            document.c.study_id == study_id,
            document.c.codable,
            document.c.respondent_id.is_(None),
            document.c.current_revision_id.in_(sorted(turns)),
        )
        .order_by(document.c.held_on, document.c.ref, document.c.id)
    )  # fmt: skip
    found = []
    for row in rows:
        said = [SaidTurn(start, row.text[start:end], at)
                for start, end, at in turns[row.current_revision_id]]  # fmt: skip
        shown, left = [], limit
        for turn in said:
            if left <= 0:
                break
            shown.append(turn)
            left -= len(turn.text)
        found.append(
            SaidInGroup(
                row.id, document_label(row.id, None, row.ref), row.series or "", row.held_on or "",
                len(said), sum(count_words(turn.text) for turn in said), tuple(shown),
            )
        )  # fmt: skip
    return found
