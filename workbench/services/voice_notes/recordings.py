"""Recordings: bring sound files into a study.

In: folders, files, archives or uploads. Out: recordings in the media folder, each matched to a
respondent and a question or listed as not (see `recording_matches`); and what could not be taken,
with the reason.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pipelines import audio
from pipelines.ingest import recordings as files
from pipelines.ingest.recordings import FoundFile, Refused, Source, Upload
from workbench.domain.codings import Actor
from workbench.domain.documents import BadRow
from workbench.domain.recording_match import (
    Answer,
    Match,
    Matcher,
    name_key,
    path_key,
    read_pattern,
)
from workbench.domain.recording_match import (
    Path as NamePath,
)
from workbench.domain.words import count
from workbench.errors import AudioError, InputError
from workbench.services.files import Grid
from workbench.services.trail import trail
from workbench.settings import Settings
from workbench.store import studies
from workbench.store.engine import Connection, Database
from workbench.store.voice_notes import media, media_turns, recordings
from workbench.store.voice_notes.recordings import NewRecording

__all__ = ["RecordingReport", "Refused", "Source", "Upload"]

TOGETHER = 50
"""Recordings written in one transaction."""

PART = 1 << 20

_Place = tuple[int | None, int | None]
"""(respondent, question), as keys, as far as they are known."""

OnFile = Callable[[int, str], None]
"""Told how many files are behind, and the name of the one that comes."""


@dataclass
class RecordingReport:
    """What came of bringing recordings in; `bad_rows` are those of the manifest.

    `new` were taken, `known` were there already by their bytes. Of the new ones, `matched` belong
    to an answer, `doubtful` and `unmatched` wait for a person.
    """

    new: int = 0
    known: int = 0
    matched: int = 0
    doubtful: int = 0
    unmatched: int = 0
    refused: list[Refused] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)
    recording_ids: list[int] = field(default_factory=list)
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file that is a recording: its digest and facts; `uri` is empty in a dry run."""

    name: str
    sha256: str
    size: int
    facts: audio.AudioFacts
    uri: str


def ingest_recordings(
    actor: Actor,
    database: Database,
    study_id: int,
    sources: Sequence[Source],
    *,
    manifest: Grid | None = None,
    pattern: str | None = None,
    dry_run: bool = False,
    on_file: OnFile | None = None,
) -> RecordingReport:
    """Bring recordings into a study; what is there already is left alone.

    Parameters
    ----------
    manifest
        A table with the columns filename, respondent and question.
    pattern
        How the files are named, such as `{respondent}_{question}.{ext}`.
    dry_run
        Say what would happen, and write nothing.

    Raises
    ------
    InputError
        When the pattern or the manifest cannot be used.
    """
    report = RecordingReport(dry_run=dry_run)
    compiled = read_pattern(pattern) if pattern else None
    limits = Settings()
    with database.read() as connection:
        listed = _read_manifest(connection, study_id, manifest, report) if manifest else {}
        matcher = _matcher(connection, study_id, listed, compiled)
        seen = dict(recordings.answers_by_digest(connection, study_id))
    store = None if dry_run else media.media_store(database)
    run = _Run(report, matcher, store, seen, limits)
    waiting: list[_Taken] = []
    found = files.find_files(sources, max_bytes=limits.max_recording_mb * 1_000_000)
    try:
        for n, item in enumerate(_usable(found, report)):
            if on_file is not None:
                on_file(n, item.name)
            taken = _take(item, run)
            if taken is not None:
                waiting.append(taken)
            if len(waiting) >= TOGETHER:
                ready, waiting = waiting, []
                _write(actor, database, study_id, ready, run)
    finally:  # what was taken before a full disk or Ctrl C is not lost
        _write(actor, database, study_id, waiting, run)
    return report


@dataclass
class _Run:
    """What is the same for all files of one run; `seen` gives the answer by digest."""

    report: RecordingReport
    matcher: Matcher
    store: media.MediaStore | None
    seen: dict[str, _Place]
    limits: Settings
    n_new: int = 0


def _usable(found: Iterator[FoundFile | Refused], report: RecordingReport) -> Iterator[FoundFile]:
    """Give the files that may be recordings; note the others."""
    for item in found:
        if isinstance(item, Refused):
            report.refused.append(item)
        else:
            yield item


def _take(item: FoundFile, run: _Run) -> _Taken | None:
    """Look into a file, and keep it if it is a recording that is not known."""
    report, limit = run.report, run.limits.max_recordings
    facts, uri = None, ""
    try:
        with item.open() as file:
            digest, size = _digest(file)
            if digest in run.seen:
                report.known += 1
                _tell_other(item.name, run, run.seen[digest])
            elif run.n_new >= limit:
                message = f"more than {limit:,} recordings at once. Bring the rest in afterwards."
                report.refused.append(Refused(item.name, message))
            else:
                file.seek(0)
                longest = run.limits.max_recording_minutes * 60
                facts = audio.probe(file, name=item.name, max_seconds=longest)
                if run.store is not None:
                    file.seek(0)
                    uri = run.store.put(file, digest, _ending(item.name))
    except AudioError as error:
        message = str(error).removeprefix(f"{item.name}: ")
        report.refused.append(Refused(item.name, message))
    except files.DAMAGE as error:
        reason = f"the file cannot be read: {error}. Copy or pack it again."
        report.refused.append(Refused(item.name, reason))
    if facts is None:
        return None
    run.n_new += 1
    match = run.matcher.find(item.name)
    run.seen[digest] = (match.respondent_id, match.question_id)
    if facts.warning:
        report.warnings.append(f"{item.name}: {facts.warning}")
    return _Taken(item.name, digest, size, facts, uri)


def _tell_other(name: str, run: _Run, place: _Place) -> None:
    """Warn when bytes that are there already come under the name of another answer."""
    match = run.matcher.find(name)
    here = (match.respondent_id, match.question_id)
    if match.matching == "matched" and None not in place and here != place:
        run.report.warnings.append(
            f"{shown_name(name)}: the same recording is there already for another answer. It "
            "stays with that one; settle it on the Import page if it is wrong."
        )


def _digest(file: IO[bytes]) -> tuple[str, int]:
    made, size = hashlib.sha256(), 0
    while block := file.read(PART):
        made.update(block)
        size += len(block)
    return made.hexdigest(), size


def _ending(name: str) -> str:
    ending = Path(name).suffix.lower().lstrip(".")
    return ending if ending.isascii() and ending.isalnum() and len(ending) <= 5 else ""


def _write(
    actor: Actor,
    database: Database,
    study_id: int,
    waiting: Sequence[_Taken],
    run: _Run,
) -> None:
    if not waiting:
        return
    if run.store is None:
        with database.read() as connection:
            _sort_in(connection, actor, study_id, waiting, run)
        return
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        media_turns.use(connection)
        there = [item for item in waiting if _is_there(item, run.store, run.report)]
        keys = _sort_in(connection, actor, study_id, there, run)
        if keys:
            trail.record(
                connection,
                actor,
                study_id,
                "ingest recordings",
                label=count(len(keys), "recording"),
                targets=[("recording", key) for key in keys],
                details={"recordings": keys},
            )
        run.report.recording_ids += keys


def _is_there(item: _Taken, store: media.MediaStore, report: RecordingReport) -> bool:
    """Tell whether a recording still lies in the media folder.

    An import elsewhere that had the same one may have been taken back since it was found there.
    """
    there = store.exists(item.uri)
    if not there:
        message = (
            "another import with this recording was taken back at the same moment. "
            "Bring the file in again."
        )
        report.refused.append(Refused(item.name, message))
    return there


def _sort_in(
    connection: Connection,
    actor: Actor,
    study_id: int,
    waiting: Sequence[_Taken],
    run: _Run,
) -> list[int]:
    matcher, report = run.matcher, run.report
    matcher.taken.update(recordings.claims(connection, study_id))  # others bring in too
    known = recordings.known_digests(connection, study_id, [item.sha256 for item in waiting])
    keys = []
    for item in waiting:
        if item.sha256 in known:
            report.known += 1
            continue
        match = matcher.match(item.name)
        report.new += 1
        setattr(report, match.matching, getattr(report, match.matching) + 1)
        if not report.dry_run:
            new = _new(item, match)
            keys.append(recordings.add_recording(connection, study_id, actor.id, new))
    return keys


def _new(item: _Taken, match: Match) -> NewRecording:
    return NewRecording(
        sha256=item.sha256,
        uri=item.uri,
        file_name=shown_name(item.name),
        media_type=item.facts.media_type,
        size_bytes=item.size,
        duration_ms=item.facts.duration_ms,
        matching=match.matching,
        matched_by=match.by,
        note=" ".join(filter(None, [match.note, item.facts.warning])),
        respondent_id=match.respondent_id,
        question_id=match.question_id,
    )


def shown_name(name: str) -> str:
    """Write a file's name so that nothing in it can disturb a screen: one line, 300 characters."""
    return "".join(sign if sign.isprintable() else "�" for sign in name)[-300:]


def _matcher(
    connection: Connection,
    study_id: int,
    listed: Mapping[NamePath, Answer],
    pattern: re.Pattern[str] | None,
) -> Matcher:
    named: dict[str, list[Answer]] = {}
    for name, person, asked in recordings.named_files(connection, study_id):
        named.setdefault(name_key(name), []).append((person, asked))
    return Matcher(
        people=recordings.people_by_ref(connection, study_id),
        questions={item.ref: item.id for item in studies.list_questions(connection, study_id)},
        named={key: tuple(answers) for key, answers in named.items()},
        manifest=listed,
        pattern=pattern,
        taken=set(recordings.claims(connection, study_id)),
        written=recordings.spoken_without_recording(connection, study_id),
    )


def _read_manifest(
    connection: Connection, study_id: int, table: Grid, report: RecordingReport
) -> dict[NamePath, Answer]:
    """Read who said what by file name; rows that cannot be used are listed.

    Raises
    ------
    InputError
        When there is no column with file names or with respondents.
    """
    columns = files.manifest_columns(table.header)
    people = recordings.people_by_ref(connection, study_id)
    questions = {item.ref: item.id for item in studies.list_questions(connection, study_id)}
    missing = [name for name in ("filename", "respondent") if name not in columns]
    if "question" not in columns and len(questions) != 1:
        missing.append("question")
    if missing:
        raise InputError(
            f"the manifest has no column {missing[0]!r}. Columns: {', '.join(table.header)}.",
            source=table.name,
            hint="Name the columns filename, respondent and question.",
        )
    found: dict[NamePath, Answer] = {}
    for row, cells in table.rows:
        name, person = cells[columns["filename"]].strip(), cells[columns["respondent"]].strip()
        asked = cells[columns["question"]].strip() if "question" in columns else ""
        wrong = _manifest_fault(name, person, asked, people, questions, found, columns)
        if wrong is not None:
            report.bad_rows.append(BadRow(row, *wrong))
            continue
        question_id = questions[asked] if asked else next(iter(questions.values()))
        found[path_key(name)] = (people[person], question_id)
    return found


def _manifest_fault(
    name: str,
    person: str,
    asked: str,
    people: Mapping[str, int],
    questions: Mapping[str, int],
    found: Mapping[NamePath, Answer],
    columns: Mapping[str, int],
) -> tuple[str, str] | None:
    if not name:
        return "filename", "there is no file name."
    if person not in people:
        return "respondent", f"there is no respondent {person!r} in the study."
    if "question" in columns and asked not in questions:
        return "question", f"there is no question {asked!r}. Questions: {', '.join(questions)}."
    if path_key(name) in found:
        return "filename", f"{name!r} is listed above already."
    return None
