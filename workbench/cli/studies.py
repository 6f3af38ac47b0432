"""`workbench study`, `codebook` and `ingest`: what a study is made of."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, Session, app, say, show

study_app = typer.Typer(help="Make and list studies.", no_args_is_help=True)
codebook_app = typer.Typer(help="Check, load and export codebooks.", no_args_is_help=True)
ingest_app = typer.Typer(help="Bring files into a study.", no_args_is_help=True)
app.add_typer(study_app, name="study")
app.add_typer(codebook_app, name="codebook")
app.add_typer(ingest_app, name="ingest")


class Duplicates(StrEnum):
    """Which of the rows that share an id go in."""

    FIRST = "first"
    LAST = "last"
    SEPARATE = "separate"


@study_app.command("list")
def list_studies(context: typer.Context, as_json: JSON_OPTION = False) -> None:
    """List all studies with their sizes."""
    from workbench.services import study

    session: Session = context.obj
    actor, database = session.enter()
    found = study.list_studies(actor, database)
    values = {
        "studies": [
            {"name": item.name, "respondents": item.n_respondents, "documents": item.n_documents,
             "created_at": item.created_at}
            for item in found
        ]
    }  # fmt: skip
    lines = [f"{item.name}: {item.n_respondents} respondents, {item.n_documents} documents"
             for item in found]  # fmt: skip
    show(values, as_json=as_json, text="\n".join(lines) or "No studies yet.")


@study_app.command("create")
def create_study(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The new study's name.")],
    description: Annotated[str, typer.Option(help="What it is about.")] = "",
    as_json: JSON_OPTION = False,
) -> None:
    """Make a study."""
    from workbench.services import study

    actor, database = context.obj.enter()
    made = study.create_study(actor, database, name, description)
    show({"study": made.name}, as_json=as_json, text=f"Made the study {made.name}.")


@codebook_app.command("check")
def check_codebook(
    file: Annotated[Path, typer.Argument(help="A codebook as YAML.")],
    as_json: JSON_OPTION = False,
) -> None:
    """Hold a codebook file against the rules; nothing is loaded."""
    from workbench.services import files

    book = files.read_codebook(files.read_text(file), str(file))
    n_codes = sum(1 for _ in book.walk())
    show(
        {"codebook": book.name, "themes": len(book.themes), "codes": n_codes},
        as_json=as_json,
        text=f"{file}: {book.name}, {len(book.themes)} themes, {n_codes} codes in all. No errors.",
    )


@codebook_app.command("load")
def load_codebook_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A codebook as YAML.")],
    study: STUDY_OPTION,
    as_json: JSON_OPTION = False,
) -> None:
    """Add a codebook's codes to a study, and update those that it has already."""
    from workbench.services import codebook, files
    from workbench.services import study as studies

    book = files.read_codebook(files.read_text(file), str(file))
    actor, database = context.obj.enter()
    found, made = studies.find_or_create_study(actor, database, study)
    if made:
        say(f"Made the study {found.name}.")
    report = codebook.load_codebook(actor, database, found.id, book)
    show(
        {"study": found.name, "codes_new": report.added, "codes_updated": report.updated,
         "codes_unchanged": report.unchanged},
        as_json=as_json,
        text=f"{report.added} codes new, {report.updated} updated, {report.unchanged} unchanged.",
    )  # fmt: skip


@codebook_app.command("export")
def export_codebook(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to write the YAML.")],
    study: STUDY_OPTION,
    as_json: JSON_OPTION = False,
) -> None:
    """Write a study's codebook as YAML."""
    from workbench.services import codebook, files

    actor, database, found = context.obj.enter_study(study)
    n_codes = files.write_codebook(file, codebook.export_codebook(actor, database, found.id))
    show({"file": str(file), "codes": n_codes}, as_json=as_json,
         text=f"Wrote {n_codes} codes to {file}.")  # fmt: skip


@ingest_app.command("survey")
def ingest_survey(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A survey as CSV or XLSX.")],
    study: STUDY_OPTION,
    mapping: Annotated[
        Path | None,
        typer.Option(
            help="What the columns mean, as YAML. Default: as in the study's last import, "
            "where that fits; else proposed from the content."
        ),
    ] = None,
    duplicates: Annotated[
        Duplicates | None,
        typer.Option(
            help="Rows that share an id: take the first, the last, or each as a person of their "
            "own. Default: as the mapping says; without that such rows stop the import."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen.")] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Bring a survey into a study, or bring in what is new since the last time."""
    from workbench.services import columns, files, ingest

    grid = files.read_table(file, file.name)
    actor, database = context.obj.enter()
    saved = columns.saved_mapping(actor, database, study, grid) if mapping is None else None
    if saved is not None:
        say("Using the mapping of the last import into this study.")
        chosen = saved
    elif mapping is None:
        proposal = files.propose_roles(grid)
        chosen = proposal.to_mapping()
        for column in proposal.columns:
            say(f"{column.column}: {column.role} ({column.reason})")
    else:
        chosen = files.read_mapping(files.read_text(mapping), str(mapping))
    if duplicates is not None:
        chosen = columns.with_duplicates(chosen, duplicates.value)
    survey = files.read_survey(grid, chosen)
    report = ingest.ingest_survey(
        actor, database, study, survey, mapping=files.mapping_text(chosen), dry_run=dry_run
    )
    if report.study_created and not dry_run:
        say(f"Made the study {report.study}.")
    for warning in report.warnings:
        say(warning)
    for bad in report.bad_rows:
        say(f"{file.name}, row {bad.row}: {bad.message}")
    text = (
        f"{'Would bring in' if dry_run else 'Brought in'} {report.respondents_new} new respondents "
        f"and {report.answers_new} new answers; {report.answers_changed} answers changed, "
        f"{report.answers_unchanged} unchanged, {report.answers_blank} blank, "
        f"{report.answers_not_asked} not asked, {report.answers_awaiting_transcript} awaiting "
        f"their transcript; {report.codings_reanchored} codings carried over, "
        f"{report.codings_flagged} to be placed again; {len(report.bad_rows)} bad rows."
    )
    show(report.as_dict(), as_json=as_json, text=text)
