"""`workbench ingest recordings`: bring voice notes into a study."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, say, show
from workbench.cli.imports import ingest_app
from workbench.domain.words import count

if TYPE_CHECKING:
    from workbench.services.voice_notes.recordings import RecordingReport


@ingest_app.command("recordings")
def ingest_recordings(
    context: typer.Context,
    sources: Annotated[list[Path], typer.Argument(help="Folders, recordings or ZIP files.")],
    study: STUDY_OPTION,
    manifest: Annotated[
        Path | None,
        typer.Option(help="A table with the columns filename, respondent and question."),
    ] = None,
    pattern: Annotated[
        str | None,
        typer.Option(help="How the files are named, such as {respondent}_{question}.{ext}."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Bring voice notes into a study; those that are there already are left alone."""
    from workbench.services import files
    from workbench.services.voice_notes import recordings

    actor, database, found = context.obj.enter_study(study)
    table = files.read_table(manifest, manifest.name) if manifest else None
    report = recordings.ingest_recordings(
        actor,
        database,
        found.id,
        sources,
        manifest=table,
        pattern=pattern,
        dry_run=dry_run,
        on_file=_tell if sys.stderr.isatty() and not as_json else None,
    )
    for row in report.bad_rows:
        say(f"{manifest.name if manifest else ''}, row {row.row}: {row.message}")
    for warning in report.warnings:
        say(warning)
    for item in report.refused:
        say(f"{item.filename}: {item.message}")
    show(_values(report), as_json=as_json, text=_text(report))


def _tell(n: int, name: str) -> None:
    sys.stderr.write(f"\r\033[K{n + 1:,}  {name[-60:]}")
    sys.stderr.flush()


def _values(report: RecordingReport) -> dict[str, object]:
    return {
        "new": report.new,
        "known": report.known,
        "matched": report.matched,
        "doubtful": report.doubtful,
        "unmatched": report.unmatched,
        "refused": [
            {"filename": item.filename, "message": item.message} for item in report.refused
        ],
        "warnings": report.warnings,
        "bad_rows": [{"row": row.row, "message": row.message} for row in report.bad_rows],
        "dry_run": report.dry_run,
    }


def _text(report: RecordingReport) -> str:
    lead = "Would bring in" if report.dry_run else "Brought in"
    text = (
        f"{lead} {count(report.new, 'recording')}: {report.matched} matched, "
        f"{report.doubtful} doubtful, {report.unmatched} unmatched. "
        f"{report.known} known already, {len(report.refused)} refused."
    )
    if report.doubtful or report.unmatched:
        text += " Settle the doubtful and unmatched ones on the Import page, under Recordings."
    return text
