"""Bringing in a project: the recordings of its voice notes.

In: a recording inside the file. Out: a recording of the study in the media folder, with the limits
that every recording has; or a line in the report.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from pipelines import audio
from pipelines.ingest.projects.project_files import open_media
from pipelines.ingest.recordings import DAMAGE
from workbench.domain.refi import RefiSource
from workbench.domain.refi_terms import without_recording
from workbench.errors import AudioError, InputError
from workbench.services.projects.refi_import_run import Run
from workbench.services.voice_notes.recordings import shown_name
from workbench.settings import Settings
from workbench.store.voice_notes import media, recordings
from workbench.store.voice_notes.recordings import NewRecording

IN_MEMORY = 8 << 20
PART = 1 << 20


@dataclass
class Media:
    """Where recordings come from and go to; `store` is None in a dry run."""

    stream: BinaryIO
    name: str
    store: media.MediaStore | None
    limits: Settings
    known: dict[str, int]
    n_new: int = 0
    of: dict[str, int | None] = field(default_factory=dict)


def bring_recording(
    run: Run, source: RefiSource, respondent_id: int | None, question_id: int | None
) -> int | None:
    """Bring in a recording; give its key, None where it cannot be kept."""
    made: dict[str, int | None] = run.media.of
    if source.guid in made:  # the translation of its words hangs on the same recording
        return made[source.guid]
    key = made[source.guid] = _found(run, source, respondent_id, question_id)
    return key


def _found(
    run: Run, source: RefiSource, respondent_id: int | None, question_id: int | None
) -> int | None:
    before = run.stands_for("recording", source.guid)
    if before is not None:
        run.report.recordings.matched += 1
        return before
    shown = shown_name(without_recording(source.name) or source.path)
    held: Media = run.media
    size = run.file.media.get(source.path)
    if not source.path or size is None:
        run.left.add("Recordings that are not in the file", shown)
        return None
    if size > held.limits.max_recording_mb * 1_000_000:
        run.left.add(f"Recordings larger than {held.limits.max_recording_mb:,} MB", shown)
        return None
    if held.n_new >= held.limits.max_recordings:
        run.left.add(f"Recordings beyond {held.limits.max_recordings:,} at once", shown)
        return None
    try:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
            digest = _copied(held, source.path, copy)
            if digest in held.known:
                run.report.recordings.matched += 1
                key: int | None = held.known[digest]
            else:
                key = _kept(run, held, source, copy, digest, size, (respondent_id, question_id))
    except (AudioError, InputError) as error:
        run.left.add("Recordings that cannot be used", f"{shown} ({error.message})")
        return None
    except DAMAGE as error:
        run.left.add("Recordings that cannot be read", f"{shown} ({error})")
        return None
    if key is not None:
        run.keep("recording", source.guid, key)
    return key


def _copied(held: Media, path: str, copy: IO[bytes]) -> str:
    digest = hashlib.sha256()
    with open_media(held.stream, held.name, path) as inside:
        while block := inside.read(PART):
            digest.update(block)
            copy.write(block)
    copy.seek(0)
    return digest.hexdigest()


def _kept(
    run: Run, held: Media, source: RefiSource, copy: IO[bytes], digest: str, size: int,
    whose: tuple[int | None, int | None],
) -> int:  # fmt: skip
    name = shown_name(without_recording(source.name) or source.path)
    ending = Path(source.path).suffix.lower().lstrip(".")
    if not Path(name).suffix:
        name = f"{name}.{ending}" if ending else name
    facts = audio.probe(copy, name=name, max_seconds=held.limits.max_recording_minutes * 60)
    uri = ""
    if held.store is not None:
        copy.seek(0)
        safe = ending if ending.isascii() and ending.isalnum() and len(ending) <= 5 else ""
        uri = held.store.put(copy, digest, safe)
    matched, has_words = None not in whose, any(one.text for one in source.transcripts)
    key = recordings.add_recording(
        run.connection,
        run.study_id,
        run.actor.id,
        NewRecording(
            sha256=digest,
            uri=uri,
            file_name=name,
            media_type=facts.media_type,
            size_bytes=size,
            duration_ms=facts.duration_ms,
            matching="matched" if matched else "set_aside" if has_words else "unmatched",
            matched_by="project file" if matched else "",
            note="" if matched or not has_words else "It came with a project, with its words.",
            respondent_id=whose[0],
            question_id=whose[1],
        ),
    )
    run.made.note("recording", [key])
    held.n_new += 1
    held.known[digest] = key
    run.report.recordings.new.append(name)
    return key
