"""Recordings as a list with what became of each: what waits, what failed, what is to be checked.

In: a study. Out: counts and pages for screens. Nothing is changed here.
"""

from __future__ import annotations

from workbench.domain.codings import Actor
from workbench.store.engine import Database
from workbench.store.voice_notes import note_list
from workbench.store.voice_notes.note_list import ListedNote, NoteCounts, NoteStanding

__all__ = ["ListedNote", "NoteCounts", "NoteStanding"]

PAGE = 25
"""Recordings on one page of the list."""


def count_notes(actor: Actor, database: Database, study_id: int) -> NoteCounts:
    """Count a study's recordings by where they stand."""
    with database.read() as connection:
        return note_list.count_notes(connection, study_id)


def list_notes(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    standings: tuple[NoteStanding, ...] = (),
    offset: int = 0,
    limit: int = PAGE,
) -> list[ListedNote]:
    """List one page of recordings; all of them when no standing is named."""
    with database.read() as connection:
        return note_list.list_notes(
            connection, study_id, standings=standings, offset=offset, limit=limit
        )


def latest_notes(
    actor: Actor, database: Database, study_id: int, *, limit: int = 3
) -> list[ListedNote]:
    """Give what was transcribed last, the newest first."""
    with database.read() as connection:
        return note_list.latest_notes(connection, study_id, limit=limit)


def new_recordings(actor: Actor, database: Database, study_id: int) -> list[int]:
    """Give the recordings that nobody has asked to transcribe yet."""
    with database.read() as connection:
        return note_list.new_recordings(connection, study_id)


def failed_transcriptions(actor: Actor, database: Database, study_id: int) -> list[int]:
    """Give the transcriptions that failed and may be tried again, for trying all of them again."""
    with database.read() as connection:
        return note_list.failed_transcriptions(connection, study_id)
