"""`workbench study` and `codebook`: what a study is made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, Session, app, say, show
from workbench.domain.words import count

if TYPE_CHECKING:
    from workbench.services.codebooks.codebook_files import CodebookFile

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


FILE_HELP = "A codebook as YAML, CSV, Excel, Word or a web page."


@codebook_app.command("check")
def check_codebook(
    file: Annotated[Path, typer.Argument(help=FILE_HELP)],
    as_json: JSON_OPTION = False,
) -> None:
    """Hold a codebook file against the rules; nothing is loaded."""
    from workbench.services.codebooks import codebook_files

    found = codebook_files.read_codebook_path(file)
    n_themes, n_codes = codebook_files.size_of(found.book)
    _tell_file(found)
    problems = f"{count(len(found.bad_rows), 'row')} to mend" if found.bad_rows else "No errors"
    show(
        {"codebook": found.book.name, "themes": n_themes, "codes": n_codes,
         "bad_rows": _bad_rows(found)},
        as_json=as_json,
        text=f"{file}: {found.book.name}, {count(n_themes, 'theme')}, "
        f"{count(n_codes, 'code')} in all. {problems}.",
    )  # fmt: skip
    if found.bad_rows:
        raise typer.Exit(1)


@codebook_app.command("load")
def load_codebook_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=FILE_HELP)],
    study: STUDY_OPTION,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Add a codebook's codes to a study, and update those that it has already."""
    from workbench.services import study as studies
    from workbench.services.codebooks import codebook, codebook_files

    file_read = codebook_files.read_codebook_path(file)
    _tell_file(file_read)
    actor, database = context.obj.enter()
    if dry_run:
        found = studies.find_study(actor, database, study)
        seen = codebook_files.preview(actor, database, found.id, file_read)
        added, updated, same = len(seen.added), len(seen.changed), seen.n_same
    else:
        found, made = studies.find_or_create_study(actor, database, study)
        if made:
            say(f"Made the study {found.name}.")
        report = codebook.load_codebook(actor, database, found.id, file_read.book, file_read.given)
        added, updated, same = report.added, report.updated, report.unchanged
    show(
        {"study": found.name, "codes_new": added, "codes_updated": updated,
         "codes_unchanged": same, "bad_rows": _bad_rows(file_read)},
        as_json=as_json,
        text=f"{count(added, 'code')} new, {updated} updated, {same} unchanged."
        + (" Nothing was written." if dry_run else ""),
    )  # fmt: skip


@codebook_app.command("export")
def export_codebook(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to write.")],
    study: STUDY_OPTION,
    format: Annotated[
        str | None,
        typer.Option(
            help="yaml, csv, xlsx, docx, html, qdc or taguette. Default: the file's suffix."
        ),
    ] = None,
    with_counts: Annotated[
        bool, typer.Option("--with-counts", help="With the number of codings of each code.")
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Write a study's codebook as YAML, CSV, Excel, Word or a web page."""
    from workbench.services.codebooks import codebook, codebook_files

    kind = codebook_files.format_for(file, format)
    actor, database, found = context.obj.enter_study(study)
    content = codebook_files.export_codebook_file(actor, database, found.id, kind, with_counts)
    codebook_files.save(file, content)
    n_codes = len(codebook.list_codes(actor, database, found.id, with_counts=False))
    show({"file": str(file), "codes": n_codes}, as_json=as_json,
         text=f"Wrote {count(n_codes, 'code')} to {file}.")  # fmt: skip


def _tell_file(found: CodebookFile) -> None:
    """Say what was odd about a file, and which rows cannot be used."""
    for warning in found.warnings:
        say(f"warning: {warning}")
    for bad in found.bad_rows:
        where = f"row {bad.row}" + (f", column {bad.column}" if bad.column else "")
        say(f"{where}: {bad.message}")


def _bad_rows(found: CodebookFile) -> list[dict[str, object]]:
    return [{"row": bad.row, "column": bad.column, "message": bad.message}
            for bad in found.bad_rows]  # fmt: skip
