"""Listen: who may hear a recording, and the bytes of it.

In: a person and a recording. Out: a ticket that lets this person hear this recording for some
hours, and for a ticket the recording itself, as a browser plays it. Each request is looked at anew:
whoever has left the study, and the recording of anybody who has withdrawn, is out at once.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import IO

from pipelines import audio
from workbench.domain.codings import Actor
from workbench.domain.recordings import Recording
from workbench.errors import NotAllowed, NotFound
from workbench.services.trail import trail
from workbench.services.voice_notes import tickets
from workbench.store.engine import Database
from workbench.store.team import people
from workbench.store.voice_notes import checking, media, recordings

PATH = "/recordings"
"""Where the app's server hands recordings out."""

PLAYED = frozenset(
    {"audio/ogg", "audio/mpeg", "audio/wav", "audio/flac", "audio/webm", "audio/mp4"}
)
"""What browsers play as it is; anything else is handed out as WAV."""

_DECODING = threading.Lock()
"""One recording at a time is held in memory as samples; browsers ask for several ranges at once."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording ready to be handed out."""

    media_type: str
    size: int
    store: media.MediaStore
    uri: str

    def open(self) -> IO[bytes]:
        """Open it from its beginning, seekable."""
        return self.store.open(self.uri)


def audio_url(actor: Actor, database: Database, study_id: int, recording_id: int) -> str:
    """Give the address, on the app's own server, under which a person hears a recording.

    Raises
    ------
    NotFound
        When the study has no such recording, or whoever speaks has withdrawn.
    """
    with database.read() as connection:
        known = people.role_of(connection, study_id, actor.id) is not None
        if recordings.get_recording(connection, study_id, recording_id) is None:
            raise NotFound("the recording is not in the study (any more).")
    if not known:
        with database.write() as connection:
            trail.require(connection, actor, study_id, "viewer")
    until = tickets.lasting_until()
    return f"{PATH}/{tickets.make(study_id, recording_id, actor.id, until)}"


def voice_url(actor: Actor, database: Database, study_id: int, document_id: int) -> str:
    """Give the address under which a person hears what a transcript was made from.

    Raises
    ------
    NotFound
        When the document is no transcript of a recording, or whoever speaks has withdrawn.
    """
    with database.read() as connection:
        found = checking.find_transcript(connection, study_id, document_id)
    if found is None:
        raise NotFound("there is no recording of these words.")
    return audio_url(actor, database, study_id, found.recording_id)


def hear(database: Database, ticket: str) -> Heard:
    """Give the recording that a ticket is for.

    Raises
    ------
    NotAllowed
        When the ticket is not ours or has run out, or the person is not in the study any more.
    NotFound
        When the recording is not there any more.
    """
    study_id, recording_id, coder_id, _ = tickets.read(ticket, 4)
    with database.read() as connection:
        if people.role_of(connection, study_id, coder_id) is None:
            raise NotAllowed("you are not in this study.")
        found = recordings.get_recording(connection, study_id, recording_id)
    if found is None:
        raise NotFound("the recording is not in the study (any more).")
    store = media.media_store(database)
    uri, media_type = found.uri, found.media_type
    if media_type not in PLAYED or uri.endswith(".3gp"):
        uri, media_type = _as_wave(store, found), "audio/wav"
    return Heard(media_type, store.size(uri), store, uri)


def _as_wave(store: media.MediaStore, found: Recording) -> str:
    """Give the place of a recording as WAV; it is made once and kept beside the original."""
    uri = f"{found.sha256[:2]}/{found.sha256}.played.wav"
    with _DECODING:
        if not store.exists(uri):
            with store.open(found.uri) as file:
                sound = audio.decode(file, name=found.file_name)
            store.put(io.BytesIO(audio.wave_file(sound)), found.sha256, "played.wav")
    return uri
