"""Voice memos: a researcher's own spoken words, kept and transcribed like any recording.

In: a recording from the browser. Out: a memo on the study, whose words come with the transcript.
"""

from __future__ import annotations

import hashlib
import io

from pipelines import audio
from workbench.domain.codings import Actor
from workbench.services.trail import trail
from workbench.settings import Settings
from workbench.store.clock import new_guid
from workbench.store.engine import Database
from workbench.store.memos import memos
from workbench.store.voice_notes import media, recordings
from workbench.store.voice_notes.recordings import NewRecording


def add_voice_memo(actor: Actor, database: Database, study_id: int, data: bytes) -> int:
    """Keep a researcher's own spoken memo on the study; its words come when it is transcribed.

    Raises
    ------
    AudioError
        When it holds no sound.
    """
    facts = audio.probe(io.BytesIO(data), name="memo.wav",
                        max_seconds=Settings().max_recording_minutes * 60)  # fmt: skip
    digest = hashlib.sha256(data).hexdigest()
    with database.read() as connection:
        known = recordings.known_digests(connection, study_id, [digest])
    if known:
        return known[digest]
    uri = media.media_store(database).put(io.BytesIO(data), digest, "wav")
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        key = recordings.add_recording(
            connection,
            study_id,
            actor.id,
            NewRecording(
                sha256=digest,
                uri=uri,
                file_name=f"memo-{new_guid()[:8]}.wav",
                media_type=facts.media_type,
                size_bytes=len(data),
                duration_ms=facts.duration_ms,
                purpose="memo",
            ),
        )
        memo_id = memos.add_memo(
            connection, study_id=study_id, target_kind="study", target_id=study_id,
            author_id=actor.id, text="",
        )  # fmt: skip
        recordings.set_memo(connection, key, memo_id)
        trail.record(
            connection, actor, study_id, "record memo", label="a spoken memo",
            targets=[("recording", key), ("memo", memo_id)],
        )  # fmt: skip
    return key
