"""Talk as counting needs it: many discussions with their turns, and the codings of their texts.

In: focus groups. Out: text, speakers and turns of each, a few statements for any number of groups;
coded stretches that the reader may see; how far coders have come with each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select

from workbench.domain.coded_talk import CodedSpan
from workbench.domain.codings import ReadingState
from workbench.domain.turns import Speaker, TurnSpan
from workbench.store.bulk import parts
from workbench.store.coding.anchors import is_placed
from workbench.store.coding.layers import by_people
from workbench.store.discussions.focus_groups import FocusGroup
from workbench.store.documents.reading_states import states_of
from workbench.store.tables import (
    anchor,
    code_ancestor,
    coding,
    document,
    document_state,
    revision,
    segment,
    speaker,
)
from workbench.store.visibility import sight_of, visible_to

AT_ONCE = 20
"""Discussions whose texts are in memory together: some 2 MB."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A discussion as it is counted."""

    group: FocusGroup
    text: str
    turns: tuple[TurnSpan, ...]
    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class GroupProgress:
    """How far coders have come with one discussion: the reader, and how many of all."""

    own: ReadingState = "untouched"
    n_done: int = 0
    n_begun: int = 0


def read_talks(connection: Connection, groups: Sequence[FocusGroup]) -> Iterator[Talk]:
    """Read discussions with their turns and speakers, in order."""
    for part in parts(groups, AT_ONCE):
        texts = _texts(connection, [item.revision_id for item in part])
        turns = _turns(connection, [item.revision_id for item in part])
        people = _speakers(connection, [item.id for item in part])
        for item in part:
            yield Talk(
                item,
                texts[item.revision_id],
                tuple(turns.get(item.revision_id, ())),
                tuple(people.get(item.id, ())),
            )


def coded_spans(
    connection: Connection, study_id: int, actor_id: int, groups: Sequence[FocusGroup]
) -> dict[int, list[CodedSpan]]:
    """Give what people have coded in discussions, by revision, as far as the reader may see it.

    Codes that were merged are those that they were merged into. Codings of whole documents and
    those without a place are left out, and so is what was adjudicated: it repeats what people did.
    """
    query = (
        select(anchor.c.revision_id, code_ancestor.c.ancestor_id, anchor.c.start, anchor.c.end)
        .join(coding, coding.c.id == anchor.c.coding_id)
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
        )
        .where(
            anchor.c.start.isnot(None),
            is_placed(),
            coding.c.deleted_at.is_(None),
            by_people(coding.c),
            visible_to(connection, study_id, actor_id, coding.c),
        )
    )
    found: dict[int, list[CodedSpan]] = {}
    for part in parts([item.revision_id for item in groups], AT_ONCE):
        for row in connection.execute(query.where(anchor.c.revision_id.in_(part))):
            found.setdefault(row[0], []).append(CodedSpan(*row[1:]))
    return found


def progress_of(
    connection: Connection, coder_id: int, groups: Sequence[FocusGroup]
) -> dict[int, GroupProgress]:
    """Tell how far coders have come with discussions, by document; this is no secret."""
    found = {item.id: GroupProgress() for item in groups}
    for part in parts(list(found)):
        own = states_of(connection, part, coder_id)
        counts: dict[int, dict[str, int]] = {}
        rows = connection.execute(
            select(document_state.c.document_id, document_state.c.state, func.count())
            .where(document_state.c.document_id.in_(part))
            .group_by(document_state.c.document_id, document_state.c.state)
        )
        for key, state, n in rows:
            counts.setdefault(key, {})[state] = n
        for key in part:
            by_state = counts.get(key, {})
            found[key] = GroupProgress(
                own.get(key, "untouched"), by_state.get("done", 0), by_state.get("in_progress", 0)
            )
    return found


def closed_to(
    connection: Connection, study_id: int, actor_id: int, groups: Sequence[FocusGroup]
) -> set[int]:
    """Find the discussions that show this person nobody's codings but their own."""
    sight = sight_of(connection, study_id, actor_id)
    if sight.hides_nothing:
        return set()
    found: set[int] = set()
    for part in parts([item.id for item in groups]):
        rows = select(document.c.id).where(
            document.c.id.in_(part), sight.hides_others(document.c.id)
        )
        found |= set(connection.execute(rows).scalars())
    return found


def _texts(connection: Connection, revision_ids: Sequence[int]) -> dict[int, str]:
    rows = connection.execute(
        select(revision.c.id, revision.c.text).where(revision.c.id.in_(revision_ids))
    )
    return {key: text for key, text in rows}


def _turns(connection: Connection, revision_ids: Sequence[int]) -> dict[int, list[TurnSpan]]:
    found: dict[int, list[TurnSpan]] = {}
    rows = connection.execute(
        select(segment.c.revision_id, segment.c.start, segment.c.end, segment.c.speaker,
               segment.c.start_ms, segment.c.end_ms)
        .where(segment.c.revision_id.in_(revision_ids))
        .order_by(segment.c.revision_id, segment.c.position)
    )  # fmt: skip
    for key, start, end, name, start_ms, end_ms in rows:
        found.setdefault(key, []).append(TurnSpan(start, end, name or "", start_ms, end_ms))
    return found


def _speakers(connection: Connection, document_ids: Sequence[int]) -> dict[int, list[Speaker]]:
    found: dict[int, list[Speaker]] = {}
    rows = connection.execute(
        select(speaker.c.document_id, speaker.c.name, speaker.c.role, speaker.c.respondent_id)
        .where(speaker.c.document_id.in_(document_ids))
        .order_by(speaker.c.document_id, speaker.c.position)
    )
    for key, *told in rows:
        found.setdefault(key, []).append(Speaker(*told))
    return found
