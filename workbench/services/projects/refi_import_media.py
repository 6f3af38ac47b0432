"""Bringing in a project: the recordings of its voice notes.

In: a recording inside the file. Out: a recording of the study in the media folder, with the limits
that every recording has; or a line in the report. They are read, and copied to the media folder,
before the study's turn to write is taken: meanwhile everybody else goes on saving.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple

from pipelines import audio
from pipelines.ingest.projects.project_files import open_media
from pipelines.ingest.recordings import DAMAGE
from workbench.domain.codings import Actor
from workbench.domain.refi import RefiFile, RefiSource
from workbench.domain.refi_terms import without_recording
from workbench.errors import AudioError, InputError
from workbench.services.projects.refi_import_run import Run
from workbench.services.trail import trail
from workbench.services.voice_notes.recordings import shown_name
from workbench.settings import Settings
from workbench.store import studies
from workbench.store.engine import Database
from workbench.store.projects import exchanged
from workbench.store.projects.project_takeback import is_used
from workbench.store.surveys import surveys
from workbench.store.voice_notes import media, media_turns, recordings
from workbench.store.voice_notes.recordings import NewRecording

IN_MEMORY = 8 << 20
PART = 1 << 20


class Heard(NamedTuple):
    """A recording that was read: its SHA-256, what it is, and where it lies, if it does yet."""

    digest: str
    facts: audio.AudioFacts | None
    uri: str


@dataclass
class Media:
    """Where recordings come from and go to; `store` is None in a dry run.

    `heard` are those that were read ahead, by their path in the file, or why they cannot be;
    `stored` lie in the media folder since.
    """

    stream: BinaryIO
    name: str
    store: media.MediaStore | None
    limits: Settings
    known: dict[str, int]
    n_new: int = 0
    of: dict[str, int | None] = field(default_factory=dict)
    heard: dict[str, Heard | Exception] = field(default_factory=dict)
    stored: list[str] = field(default_factory=list)


class Before(NamedTuple):
    """What a study has before a project comes in: digests, GUIDs of files, and whether people left.

    Where somebody has withdrawn, no recording is copied before it is known whose it is.
    """

    digests: frozenset[str] = frozenset()
    guids: frozenset[str] = frozenset()
    some_withdrew: bool = False


def read_ahead(
    held: Media, file: RefiFile, actor: Actor, database: Database, study: str | None
) -> None:
    """Read the recordings that may be new to a study, and copy them to the media folder.

    Nothing is read for who may not write there.
    """
    before = _before(actor, database, study, file) if study is not None else Before()
    limit = held.limits.max_recording_mb * 1_000_000
    copied: set[str] = set()
    for source in file.project.sources:
        size = file.media.get(source.path) if source.kind in ("audio", "video") else None
        if size is None or size > limit or source.guid in before.guids:
            continue
        if source.path in held.heard or len(copied) >= held.limits.max_recordings:
            continue
        try:
            held.heard[source.path] = heard = _hear(held, source, before)
        except (AudioError, InputError, *DAMAGE) as error:
            held.heard[source.path] = error
        else:
            copied.add(heard.digest)


def _before(actor: Actor, database: Database, study: str, file: RefiFile) -> Before:
    guids = {one.guid for one in file.project.sources}
    with database.read() as connection:
        study_id = studies.find_study(connection, study)
        if study_id is None:
            return Before()
        trail.require(connection, actor, study_id, waits=False)
        kept = exchanged.find_exchanged(connection, study_id, guids).values()
        return Before(
            frozenset(recordings.all_digests(connection, study_id)),
            frozenset(row.guid for row in kept if row.kind == "recording"),
            any(person.withdrawn for person in surveys.people_of(connection, study_id)),
        )


def _hear(
    held: Media, source: RefiSource, before: Before, facts: audio.AudioFacts | None = None
) -> Heard:
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        digest = _copied(held, source.path, copy)
        if digest in before.digests:
            return Heard(digest, None, "")
        facts = facts or _probed(held, source, copy)
        uri = "" if before.some_withdrew else _stored(held, source, copy, digest)
        return Heard(digest, facts, uri)


def drop_unused(database: Database, held: Media) -> None:
    """Take away what was copied ahead and is no recording of any study.

    With the turn at the media folder in hand, since another import may be about to use the same
    copy.
    """
    if held.store is None or not held.stored:
        return
    with database.read() as connection:
        unused = [uri for uri in held.stored if not is_used(connection, uri)]
    if not unused:
        return
    with database.write() as connection:
        media_turns.take_away(connection)
        for uri in unused:
            if not is_used(connection, uri):
                held.store.delete(uri)


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
        heard = _heard(held, source)
        if heard.digest in held.known:
            run.report.recordings.matched += 1
            key: int | None = held.known[heard.digest]
        else:
            key = _kept(run, held, source, heard, size, (respondent_id, question_id))
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


def _heard(held: Media, source: RefiSource) -> Heard:
    """Give a recording as it was read ahead; else read it, or what is not known of it yet."""
    heard = held.heard.get(source.path)
    if isinstance(heard, Exception):
        raise heard
    if heard is None or _lacks(held, heard):
        facts = heard.facts if heard is not None else None
        return _hear(held, source, Before(frozenset(held.known)), facts)
    return heard


def _lacks(held: Media, heard: Heard) -> bool:
    """Tell whether a recording must be read again: it is needed, and no copy of it is there.

    One that was copied ahead may have been of another import, which failed and took it away.
    """
    if heard.digest in held.known:
        return False
    if heard.facts is None or held.store is None:
        return heard.facts is None
    return not heard.uri or not held.store.exists(heard.uri)


def _probed(held: Media, source: RefiSource, copy: IO[bytes]) -> audio.AudioFacts:
    seconds = held.limits.max_recording_minutes * 60
    return audio.probe(copy, name=_file_name(source), max_seconds=seconds)


def _stored(held: Media, source: RefiSource, copy: IO[bytes], digest: str) -> str:
    if held.store is None:
        return ""
    ending = _ending(source)
    safe = ending if ending.isascii() and ending.isalnum() and len(ending) <= 5 else ""
    uri = media.place_of(digest, safe)
    if not held.store.exists(uri):
        copy.seek(0)
        held.store.put(copy, digest, safe)
        held.stored.append(uri)
    return uri


def _ending(source: RefiSource) -> str:
    return Path(source.path).suffix.lower().lstrip(".")


def _file_name(source: RefiSource) -> str:
    name = shown_name(without_recording(source.name) or source.path)
    ending = _ending(source)
    return f"{name}.{ending}" if ending and not Path(name).suffix else name


def _kept(
    run: Run, held: Media, source: RefiSource, heard: Heard, size: int,
    whose: tuple[int | None, int | None],
) -> int:  # fmt: skip
    assert heard.facts is not None
    name = _file_name(source)
    matched, has_words = None not in whose, any(one.text for one in source.transcripts)
    key = recordings.add_recording(
        run.connection,
        run.study_id,
        run.actor.id,
        NewRecording(
            sha256=heard.digest,
            uri=heard.uri,
            file_name=name,
            media_type=heard.facts.media_type,
            size_bytes=size,
            duration_ms=heard.facts.duration_ms,
            matching="matched" if matched else "set_aside" if has_words else "unmatched",
            matched_by="project file" if matched else "",
            note="" if matched or not has_words else "It came with a project, with its words.",
            respondent_id=whose[0],
            question_id=whose[1],
        ),
    )
    run.made.note("recording", [key])
    held.n_new += 1
    held.known[heard.digest] = key
    run.report.recordings.new.append(name)
    return key
