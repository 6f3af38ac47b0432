"""Who speaks in a discussion, and when: speakers and their turns.

In: a document of which the text is written, its turns and speakers. Out: `speaker` and `segment`
rows and back, with `coding_respondent` in line: a coding counts for those whose turns it touches.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from workbench.domain.speaker_names import spelling_key
from workbench.domain.turns import Speaker, TurnSpan
from workbench.store.bulk import insert_rows
from workbench.store.coding.anchors import sync_coding_respondents
from workbench.store.tables import coding, document, import_batch, revision, segment, speaker
from workbench.store.trail.digests import keyed_digest

NO_SPEAKERS = "no_speakers"
"""Where the report of an import keeps the digests of names that are no speakers'."""


def write_turns(
    connection: Connection, document_id: int, revision_id: int, turns: Sequence[TurnSpan]
) -> None:
    """Write the turns of a revision; whose they are is looked up among the document's speakers."""
    whose = {item.name: item.respondent_id for item in read_speakers(connection, document_id)}
    insert_rows(
        connection,
        segment,
        ("revision_id", "position", "start", "end", "start_ms", "end_ms", "speaker",
         "respondent_id"),
        [
            (revision_id, position, turn.start, turn.end, turn.start_ms, turn.end_ms,
             turn.speaker or None, whose.get(turn.speaker))
            for position, turn in enumerate(turns)
        ],
    )  # fmt: skip


def read_turns(connection: Connection, revision_id: int) -> tuple[TurnSpan, ...]:
    """Give the turns of a revision, in order."""
    rows = connection.execute(
        select(
            segment.c.start,
            segment.c.end,
            segment.c.speaker,
            segment.c.start_ms,
            segment.c.end_ms,
        )
        .where(segment.c.revision_id == revision_id)
        .order_by(segment.c.position)
    )
    return tuple(TurnSpan(*row[:2], row[2] or "", *row[3:]) for row in rows)


def write_speakers(connection: Connection, document_id: int, speakers: Sequence[Speaker]) -> None:
    """Write who speaks in a document, in place of what was written before."""
    connection.execute(delete(speaker).where(speaker.c.document_id == document_id))
    if speakers:
        connection.execute(
            insert(speaker),
            [
                {
                    "document_id": document_id,
                    "position": position,
                    "name": item.name,
                    "role": item.role,
                    "respondent_id": item.respondent_id,
                    "known_as": list(item.known_as),
                }
                for position, item in enumerate(speakers)
            ],
        )


def read_speakers(connection: Connection, document_id: int) -> tuple[Speaker, ...]:
    """List who speaks in a document, in the order in which they were written."""
    rows = connection.execute(
        select(speaker).where(speaker.c.document_id == document_id).order_by(speaker.c.position)
    )
    return tuple(
        Speaker(row.name, row.role, row.respondent_id, tuple(row.known_as)) for row in rows
    )


def no_speakers(connection: Connection, document_id: int) -> frozenset[str]:
    """Give the digests of names that a discussion's last file has, and that are no speakers'."""
    query = (
        select(import_batch.c.report)
        .join(revision, revision.c.import_batch_id == import_batch.c.id)
        .where(revision.c.document_id == document_id, import_batch.c.undone_at.is_(None))
        .order_by(revision.c.number.desc())
        .limit(1)
    )
    report = connection.execute(query).scalar()
    return frozenset((report or {}).get(NO_SPEAKERS, ()))


def known_elsewhere(
    connection: Connection, study_id: int, document_id: int | None = None
) -> frozenset[str]:
    """Give the digests under which people are known in a study's discussions, but for one."""
    query = (
        select(speaker.c.known_as)
        .join(document, document.c.id == speaker.c.document_id)
        .where(document.c.study_id == study_id)
    )
    if document_id is not None:
        query = query.where(document.c.id != document_id)
    return frozenset(digest for known in connection.execute(query).scalars() for digest in known)


def digest_of(key: str, name: str) -> str:
    """Digest what the spellings of a name share, so that only who holds the key can test a guess.

    Parameters
    ----------
    key
        The study's secret.
    """
    return keyed_digest(key, spelling_key(name))


def count_again(connection: Connection, document_id: int) -> None:
    """Bring whom the codings of a document cover in line with its turns."""
    keys = connection.execute(select(coding.c.id).where(coding.c.document_id == document_id))
    sync_coding_respondents(connection, list(keys.scalars()))
