"""Refi export: a study as a REFI-QDA project (.qdpx), or its codebook (.qdc), for other programs.

In: a study and choices. Out: a file that NVivo, ATLAS.ti, MAXQDA, QualCoder and others read, and a
report of what is in it and what is not. The same study gives the same file each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from pipelines.export.files import replacing
from pipelines.export.projects.refi_archive import write_archive
from pipelines.export.projects.refi_xml import RefiOptions
from workbench.domain.codings import Actor
from workbench.errors import ExportError
from workbench.services.codebooks import codebook, codebook_files
from workbench.services.projects.refi_collect import collect
from workbench.services.projects.refi_report import (
    CAUTION,
    RefiExport,
    losses_of,
    remarks_on,
    report_of,
)
from workbench.services.projects.refi_work import Progress, RefiChoice
from workbench.services.trail import trail
from workbench.store.engine import Database
from workbench.store.projects import refi_recordings, refi_rows
from workbench.store.voice_notes.media import media_store

__all__ = ["CAUTION", "RefiChoice", "RefiExport"]

VERB = "export project"
MIME_TYPE = "application/zip"
MOST_SOUND = 10**9
"""Bytes of recordings that a browser is handed: the file is held in memory for it."""


@dataclass(frozen=True, slots=True)
class RefiProjectFile:
    """A file, and what is in it."""

    content: bytes
    report: RefiExport


@dataclass(frozen=True, slots=True)
class Contents:
    """What a study has that choices are about."""

    n_recordings: int
    sound_bytes: int
    n_discussions: int


def what_there_is(actor: Actor, database: Database, study_id: int) -> Contents:
    """Count what a study has that choices are about."""
    with database.read() as connection:
        n, n_bytes = refi_recordings.count_sound(connection, study_id)
        return Contents(n, n_bytes, refi_rows.count_discussions(connection, study_id))


def export_project(
    actor: Actor,
    database: Database,
    study_id: int,
    path: Path,
    *,
    choice: RefiChoice | None = None,
    progress: Progress | None = None,
) -> RefiExport:
    """Write a study to a file: a project (.qdpx), or its codebook alone (.qdc).

    Raises
    ------
    ExportError
        When the file ends otherwise or cannot be written.
    CodebookError
        When there are no codes for a codebook: the format allows no empty one.
    """
    ending = path.suffix.lower()
    if ending not in (".qdpx", ".qdc"):
        raise ExportError(
            f"{path} is no REFI-QDA file. Name one ending in .qdpx for a project, or in .qdc for "
            "its codebook."
        )
    if path.is_dir():
        raise ExportError(f"{path} is a folder. Name a file, such as study{ending}.")
    if ending == ".qdc":
        content = codebook_files.export_codebook_file(actor, database, study_id, "qdc")
        codebook_files.save(path, content)
        n_codes = len(codebook.list_codes(actor, database, study_id, with_counts=False))
        return RefiExport(n_codes=n_codes)
    with replacing(path) as stream:
        return _write(actor, database, study_id, stream, choice or RefiChoice(), progress)


def project_file(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    choice: RefiChoice | None = None,
    progress: Progress | None = None,
) -> RefiProjectFile:
    """Give a study as the bytes of a project file, for a download; raises as `export_project`.

    It is written to the disk first, so that what is held in memory is the file and no more.
    """
    with TemporaryFile() as stream:
        report = _write(
            actor, database, study_id, cast(BinaryIO, stream), choice or RefiChoice(), progress
        )
        stream.seek(0)
        return RefiProjectFile(stream.read(), report)


def _write(
    actor: Actor,
    database: Database,
    study_id: int,
    stream: BinaryIO,
    choice: RefiChoice,
    progress: Progress | None,
) -> RefiExport:
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
    store = media_store(database)
    with database.read() as connection:
        found = collect(connection, actor, study_id, choice, store, progress)
        losses = losses_of(found)
        remarks = remarks_on(found, refi_rows.list_people(connection, study_id))
    options = RefiOptions(choice.profile, choice.crlf)
    written = write_archive(stream, found.project, media=found.media, options=options)
    report = report_of(found, written, losses, remarks)
    _note(actor, database, study_id, report)
    return report


def _note(actor: Actor, database: Database, study_id: int, report: RefiExport) -> None:
    details: dict[str, object] = {
        "n_sources": report.n_sources,
        "n_codings": report.n_codings,
        "n_memos": report.n_memos,
        "n_recordings": report.n_recordings,
    }
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
        trail.record(connection, actor, study_id, VERB, details=details)
