"""`workbench export refi`: a study or its codebook for other programs, by REFI-QDA."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, say, show
from workbench.cli.results import export_app
from workbench.domain.words import count

if TYPE_CHECKING:
    from workbench.domain.refi import Profile
    from workbench.services.projects.refi_export import RefiExport

PROFILES = ("standard", "utf16")


@export_app.command("refi")
def export_refi(
    context: typer.Context,
    out: Annotated[
        Path, typer.Argument(help="A file ending in .qdpx (a project) or .qdc (its codebook).")
    ],
    study: STUDY_OPTION,
    profile: Annotated[
        str, typer.Option(help="How places in texts are counted: standard, or utf16 for NVivo.")
    ] = "standard",
    no_audio: Annotated[
        bool, typer.Option("--no-audio", help="Leave recordings out; their words stay.")
    ] = False,
    no_turns: Annotated[
        bool, typer.Option("--no-turns", help="Do not mark the turns of discussions.")
    ] = False,
    no_consensus: Annotated[
        bool, typer.Option("--no-consensus", help="Without what was adjudicated.")
    ] = False,
    by_respondent: Annotated[
        bool, typer.Option("--by-respondent", help="One text for each respondent's typed answers.")
    ] = False,
    crlf: Annotated[bool, typer.Option("--crlf", help="Line ends as on Windows.")] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Write the study for NVivo, ATLAS.ti, MAXQDA, QualCoder and others, with a report."""
    from workbench.services.projects import refi_export as service

    if profile not in PROFILES:
        raise typer.BadParameter(f"{profile!r} is not standard or utf16.", param_hint="--profile")
    actor, database, found = context.obj.enter_study(study)
    choice = service.RefiChoice(
        cast("Profile", profile), crlf, not no_audio, not no_turns, not no_consensus, by_respondent
    )
    report = service.export_project(actor, database, found.id, out, choice=choice)
    for sentence in report.remarks:
        say(sentence)
    for sentence in report.left_out:
        say(f"Not in the file: {sentence}")
    if report.n_sources:
        say(service.CAUTION)
    show({"file": str(out), **report.as_dict()}, as_json=as_json, text=_wrote(out, report))


def _wrote(out: Path, report: RefiExport) -> str:
    if out.suffix.lower() == ".qdc":
        return f"Wrote {count(report.n_codes, 'code')} to {out}."
    return (
        f"Wrote {count(report.n_codings, 'coding')} in {count(report.n_sources, 'text')} and "
        f"{count(report.n_recordings, 'recording')} to {out}."
    )
