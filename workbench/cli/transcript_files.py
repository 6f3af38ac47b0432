"""`workbench export transcripts`: transcripts as documents, text, subtitles or rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, say, show
from workbench.cli.results import export_app
from workbench.domain.words import count
from workbench.errors import InputError


@export_app.command("transcripts")
def export_transcripts(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="A file ending in .docx, .txt, .csv or .zip.")],
    study: STUDY_OPTION,
    format: Annotated[
        str | None,
        typer.Option(help="docx, txt, vtt, srt or csv. Default: by the ending; docx in a .zip."),
    ] = None,
    checked: Annotated[
        bool, typer.Option("--checked", help="Only transcripts that a person has checked.")
    ] = False,
    no_translations: Annotated[
        bool, typer.Option("--no-translations", help="Without English translations.")
    ] = False,
    rows: Annotated[str, typer.Option(help="Of CSV, a row for each: segment or note.")] = "segment",
    attributes: Annotated[
        list[str] | None,
        typer.Option(
            help="Attributes of respondents, parted by commas or each with its own --attributes. "
            "Default: all that are used for grouping."
        ),
    ] = None,
    include_withheld: Annotated[
        bool, typer.Option("--include-withheld", help="Write words that may not be quoted too.")
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Write transcripts; drafts are marked, and identifying attributes never leave."""
    from workbench.services.surveys import attribute_traits
    from workbench.services.voice_notes import transcript_files as service

    if rows not in ("segment", "note"):
        raise typer.BadParameter(f"{rows!r} is not segment or note.", param_hint="--rows")
    ending = out.suffix.casefold().removeprefix(".")
    chosen = format or ("docx" if ending == "zip" else ending)
    if chosen not in service.FORMATS:
        raise typer.BadParameter(
            f"{chosen!r} is not {', '.join(service.FORMATS)}.", param_hint="--format"
        )
    if chosen in service.ALONE and ending != "zip":
        raise InputError(
            f"{chosen} holds one note a file, so several go into an archive.",
            hint=f"Name a file ending in .zip, with --format {chosen}.",
        )
    actor, database, found = context.obj.enter_study(study)
    names = None
    if attributes:
        names = tuple(attribute_traits.read_names(actor, database, found.id, attributes))
    choice = service.TranscriptChoice(
        chosen, ending == "zip", checked, not no_translations, names, include_withheld,
        cast(service.Rows, rows),
    )  # fmt: skip
    made = service.export_transcripts(actor, database, found.id, out, choice)
    if made.n_drafts:
        say(f"{count(made.n_drafts, 'of them is a machine draft', 'of them are machine drafts')}.")
    if made.n_unquotable:
        what = "included" if include_withheld else "withheld"
        say(f"{made.n_unquotable} of them may not be quoted: their words are {what}.")
    values = {
        "file": str(out), "transcripts": made.n_transcripts, "drafts": made.n_drafts,
        "not_to_be_quoted": made.n_unquotable,
    }  # fmt: skip
    wrote = count(made.n_transcripts, "transcript")
    show(values, as_json=as_json, text=f"Wrote {wrote} to {out}.")
