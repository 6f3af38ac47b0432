"""Transcript files: the study's transcripts as DOCX, TXT, VTT, SRT or CSV.

In: what to write and how. Out: one file, or an archive with a file for each note. Machine drafts
are marked wherever they go; words that may not be quoted are withheld unless they are asked for.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pipelines.export.files import replacing
from pipelines.export.transcripts import (
    ALONE,
    FORMATS,
    SpokenText,
    TranscriptFormat,
    TranscriptOptions,
    write_archive,
    writer_of,
)
from workbench.domain.codings import Actor
from workbench.domain.extracts import WITHHELD
from workbench.domain.words import count
from workbench.errors import ExportError, InputError
from workbench.services.coding.extracts import readable_date
from workbench.services.trail import trail
from workbench.services.voice_notes.transcribe import languages_by_code
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.engine import Connection, Database
from workbench.store.surveys.respondents import attributes_of
from workbench.store.voice_notes import checking, transcripts
from workbench.store.voice_notes import transcript_files as store
from workbench.store.voice_notes.transcript_files import WrittenTranscript

__all__ = ["ALONE", "FORMATS", "TranscriptFormat"]

Rows = Literal["segment", "note"]


@dataclass(frozen=True, slots=True)
class TranscriptChoice:
    """What to write and how.

    `one_each` packs a file for each note into a ZIP; subtitles always are. `attributes` None takes
    every grouping attribute. `rows` is of CSV.
    """

    format: TranscriptFormat = "docx"
    one_each: bool = False
    checked_only: bool = False
    translations: bool = True
    attributes: tuple[str, ...] | None = None
    include_withheld: bool = False
    rows: Rows = "segment"

    @property
    def ending(self) -> str:
        """Of the file's name."""
        return "zip" if self.one_each or self.format in ALONE else self.format


@dataclass(frozen=True, slots=True)
class TranscriptsFile:
    """A file, and what is in it. `n_unquotable` counts those that may not be quoted."""

    content: bytes
    n_transcripts: int
    n_drafts: int
    n_unquotable: int


@dataclass(frozen=True, slots=True)
class TranscriptCounts:
    """How many transcripts could be written."""

    checked: int
    drafts: int
    translations: int
    unquotable: int


def count_transcripts(actor: Actor, database: Database, study_id: int) -> TranscriptCounts:
    """Count what there is to write."""
    with database.read() as connection:
        rows = list(
            store.written_transcripts(connection, study_id, checked_only=False, translations=True)
        )
    originals = [row for row in rows if not row.is_translation]
    return TranscriptCounts(
        sum(row.standing == "checked" for row in originals),
        sum(row.standing == "draft" for row in originals),
        len(rows) - len(originals),
        sum(not row.may_be_quoted for row in originals),
    )


def transcripts_file(
    actor: Actor, database: Database, study_id: int, choice: TranscriptChoice
) -> TranscriptsFile:
    """Give the transcripts as the bytes of a file.

    Raises
    ------
    InputError
        When the format is unknown, or an attribute is unknown or identifying.
    ExportError
        When there is nothing to write.
    """
    if choice.format not in FORMATS:
        raise InputError(
            f"there is no format {choice.format!r}.", hint=f"Formats: {', '.join(FORMATS)}."
        )
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
    with database.read() as connection:
        names = _attributes(connection, study_id, choice.attributes)
        rows = list(
            store.written_transcripts(
                connection,
                study_id,
                checked_only=choice.checked_only,
                translations=choice.translations,
            )
        )
        texts = list(_texts(connection, rows, include_withheld=choice.include_withheld))
        study = studies.get_study(connection, study_id).name
    if not texts:
        raise ExportError(_nothing(choice))
    found = _counted(rows)
    options = TranscriptOptions(
        title=f"{study}: transcripts",
        study=study,
        generated_at=readable_date(now()),
        notes=tuple(_notes(found, choice)),
        attributes=names,
        rows=choice.rows,
    )
    stream = io.BytesIO()
    if choice.ending == "zip":
        write_archive(stream, texts, choice.format, options)
    else:
        writer_of(choice.format)(stream, texts, options)
    _record(actor, database, study_id, found, choice)
    return replace(found, content=stream.getvalue())


def export_transcripts(
    actor: Actor, database: Database, study_id: int, path: Path, choice: TranscriptChoice
) -> TranscriptsFile:
    """Write the transcripts to a file, whole or not at all; raises as `transcripts_file` does."""
    made = transcripts_file(actor, database, study_id, choice)
    with replacing(path) as stream:
        stream.write(made.content)
    return made


def _nothing(choice: TranscriptChoice) -> str:
    if choice.checked_only:
        return "no transcript is checked yet. Check some by ear, or write drafts too."
    return "there is no transcript to write yet. Transcribe recordings first."


def _attributes(
    connection: Connection, study_id: int, wanted: Sequence[str] | None
) -> tuple[str, ...]:
    known = [item for item in studies.list_attributes(connection, study_id)
             if not item.identifying]  # fmt: skip
    if wanted is None:
        return tuple(item.name for item in known if item.grouping)
    names = {item.name for item in known}
    for name in wanted:
        if name not in names:
            raise InputError(
                f"there is no attribute {name!r} that may leave the database.",
                hint=f"Attributes: {', '.join(sorted(names)) or 'none'}.",
            )
    return tuple(wanted)


def _texts(
    connection: Connection, rows: Sequence[WrittenTranscript], *, include_withheld: bool
) -> Iterator[SpokenText]:
    people = [row.respondent_id for row in rows if row.respondent_id is not None]
    known = attributes_of(connection, people)
    languages = languages_by_code()
    for row in rows:
        withheld = not row.may_be_quoted and not include_withheld
        yield SpokenText(
            respondent=row.respondent,
            question=row.question,
            question_text=row.question_text,
            file_name=row.file_name,
            language=languages.get(row.language, row.language).capitalize(),
            standing=row.standing,
            text=WITHHELD if withheld else row.text,
            segments=() if withheld else transcripts.read_segments(connection, row.revision_id),
            is_translation=row.is_translation,
            withheld=withheld,
            checked_by=row.checked_by,
            checked_at=readable_date(row.checked_at) if row.checked_at else "",
            duration_ms=row.duration_ms,
            origin=_origin(connection, row.document_id),
            attributes=known.get(row.respondent_id or 0, {}),
        )


def _origin(connection: Connection, document_id: int) -> tuple[str, ...]:
    made = checking.origin(connection, document_id)
    if made is None:
        return ()
    lines = [f"Transcribed by {made.engine_version or 'a machine'}, model {made.model}, SHA-256 "
             f"{made.model_sha256[:16]}"]  # fmt: skip
    if made.finished_at:
        lines.append(f"Transcribed on {readable_date(made.finished_at)}")
    return (*lines, *made.warnings)


def _counted(rows: Sequence[WrittenTranscript]) -> TranscriptsFile:
    return TranscriptsFile(
        b"",
        sum(not row.is_translation for row in rows),
        sum(row.standing == "draft" and not row.is_translation for row in rows),
        sum(not row.may_be_quoted for row in rows if not row.is_translation),
    )


def _notes(found: TranscriptsFile, choice: TranscriptChoice) -> Iterator[str]:
    if choice.checked_only:
        yield "Only transcripts that a person has checked by ear."
    if found.n_drafts:
        what = count(
            found.n_drafts, "transcript is a machine draft", "transcripts are machine drafts"
        )
        yield f"{what}: nobody has checked the words by ear."
    if found.n_unquotable:
        what = count(found.n_unquotable, "transcript is", "transcripts are")
        yield (
            f"{what} not to be quoted, and the words are in this file because that was asked for. "
            "Do not pass it on."
            if choice.include_withheld
            else f"{what} not to be quoted: the respondents said so, and their words are withheld."
        )


def _record(
    actor: Actor, database: Database, study_id: int, found: TranscriptsFile,
    choice: TranscriptChoice,
) -> None:  # fmt: skip
    details: dict[str, object] = {
        "n_transcripts": found.n_transcripts, "n_drafts": found.n_drafts,
    }  # fmt: skip
    if found.n_unquotable:
        kind = "n_included_though_not_to_be_quoted" if choice.include_withheld else "n_withheld"
        details[kind] = found.n_unquotable
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
        trail.record(connection, actor, study_id, "export transcripts", details=details)
