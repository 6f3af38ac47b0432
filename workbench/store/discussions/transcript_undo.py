"""Take the import of a transcript back: what else somebody may have built on it, and its turns.

In: the key of the import. Out: reasons why it must stay; the turns and speakers that it brought
taken away, and those from before written again. Texts and people are taken back in `import_undo`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, or_, select

from workbench.store.bulk import parts
from workbench.store.discussions import discussions
from workbench.store.discussions.discussions import DISCUSSION
from workbench.store.surveys.batches import Before, Row
from workbench.store.tables import (
    operation,
    operation_target,
    revision,
    segment,
    speaker,
)

TRANSCRIPT = "transcript"
"""The kind of an import that brought a discussion."""

Keys = Select[Any]


def is_transcript(batch: Row) -> bool:
    """Tell whether an import brought a discussion: its turns and speakers are its own then."""
    return bool(batch["kind"] == TRANSCRIPT)


def foundations(batch: Row, people: Keys, later: Keys) -> list[tuple[str, Select[Any]]]:
    """Give what may be built on the speakers that an import brought or linked.

    Parameters
    ----------
    people
        The respondents whom the import made.
    later
        The operations after it.
    """
    own = select(revision.c.document_id).where(revision.c.import_batch_id == batch["id"])
    texts = select(revision.c.id).where(revision.c.import_batch_id == batch["id"])
    turns = select(func.count()).select_from(segment).where(segment.c.respondent_id.in_(people))
    others = select(func.count()).select_from(speaker).where(speaker.c.respondent_id.in_(people))
    found = [
        ("{n} {turn|turns} of a discussion {is|are} by its respondents.",
         turns.where(segment.c.revision_id.notin_(texts)) if is_transcript(batch) else turns),
        ("{n} {speaker|speakers} of discussions {is|are} among its respondents.",
         others.where(speaker.c.document_id.notin_(own)) if is_transcript(batch) else others),
    ]  # fmt: skip
    if is_transcript(batch):
        standing = later.where(operation.c.undone_by.is_(None), operation.c.undoes.is_(None))
        found.append(
            ("who speaks there was settled since, {n} {time|times}.",
             select(func.count()).select_from(operation_target).where(
                 operation_target.c.kind == DISCUSSION,
                 or_(
                     operation_target.c.target_id.in_(own),
                     operation_target.c.target_id.in_(_described(batch)),
                 ),
                 operation_target.c.operation_id.in_(standing))),
        )  # fmt: skip
    return found


def _described(batch: Row) -> Keys | list[int]:
    """Give the discussions of which the import changed no text but what they are called."""
    return [row["id"] for row in (batch["before"] or {}).get("discussions", ())]


def drop_turns(connection: Connection, batch_id: int) -> None:
    """Take away the turns of an import's texts, and the speakers of its new documents."""
    rows = connection.execute(
        select(revision.c.id, revision.c.document_id, revision.c.number).where(
            revision.c.import_batch_id == batch_id
        )
    ).all()
    for part in parts(rows):
        connection.execute(
            delete(segment).where(segment.c.revision_id.in_([row.id for row in part]))
        )
        new = [row.document_id for row in part if row.number == 1]
        connection.execute(delete(speaker).where(speaker.c.document_id.in_(new)))


def restore_discussions(connection: Connection, before: Before) -> Sequence[int]:
    """Write what discussions were called and who spoke in them; give their keys."""
    for row in before.discussions:
        discussions.write_back(connection, row)
    return [row["id"] for row in before.discussions]
