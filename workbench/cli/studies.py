"""`workbench study` and `codebook`: what a study is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, Session, app, say, show
from workbench.domain.words import count

study_app = typer.Typer(help="Make and list studies.", no_args_is_help=True)
codebook_app = typer.Typer(help="Check, load and export codebooks.", no_args_is_help=True)
app.add_typer(study_app, name="study")
app.add_typer(codebook_app, name="codebook")


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
    lines = [f"{item.name}: {count(item.n_respondents, 'respondent')}, "
             f"{count(item.n_documents, 'document')}"
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
        text=f"{file}: {book.name}, {count(len(book.themes), 'theme')}, "
        f"{count(n_codes, 'code')} in all. No errors.",
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
        text=f"{count(report.added, 'code')} new, {report.updated} updated, "
        f"{report.unchanged} unchanged.",
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
         text=f"Wrote {count(n_codes, 'code')} to {file}.")  # fmt: skip
