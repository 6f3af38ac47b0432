"""`workbench code`: codings in and out as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.domain.words import count

code_app = typer.Typer(help="Import and export codings.", no_args_is_help=True)
app.add_typer(code_app, name="code")


@code_app.command("import")
def import_codings(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Codings as CSV or XLSX.")],
    study: STUDY_OPTION,
    accept_drafts: Annotated[
        bool,
        typer.Option("--accept-drafts", help="Code machine drafts too; nobody has checked them."),
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Bring in codings; rows that do not fit are listed, not guessed."""
    from workbench.services import files
    from workbench.services.coding import exchange

    rows, bad_rows = files.read_codings(file, file.name)
    actor, database, found = context.obj.enter_study(study)
    if not rows and not bad_rows:
        say(f"{file.name}: there is nothing in it but a header.")
    report = exchange.import_codings(
        actor, database, found.id, rows, source=file.name, accept_drafts=accept_drafts
    )
    report.bad_rows.extend(bad_rows)
    for bad in report.bad_rows:
        say(f"{file.name}, row {bad.row}: {bad.message}")
    show(
        report.as_dict(),
        as_json=as_json,
        text=f"{count(report.codings_new, 'coding')} new, {report.codings_unchanged:,} there "
        f"already, {count(len(report.bad_rows), 'bad row')}.",
    )


@code_app.command("drafts")
def drafts(
    context: typer.Context,
    study: STUDY_OPTION,
    policy: Annotated[
        str, typer.Option("--set", help="warn: coded after a warning; forbid: not coded.")
    ] = "",
    as_json: JSON_OPTION = False,
) -> None:
    """Say how many machine drafts are to be checked, and whether they may be coded."""
    from workbench.services.voice_notes import drafts as service

    actor, database, found = context.obj.enter_study(study)
    if policy:
        service.set_policy(actor, database, found.id, cast(service.Policy, policy))
    known = service.state(actor, database, found.id)
    words = "may be coded after a warning" if known.policy == "warn" else "may not be coded"
    show(
        {"drafts": known.n_drafts, "policy": known.policy},
        as_json=as_json,
        text=f"{count(known.n_drafts, 'machine draft')} to be checked by ear. Drafts {words}.",
    )


@code_app.command("export")
def export_codings(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to write the CSV.")],
    study: STUDY_OPTION,
    layer: Annotated[str, typer.Option(help="any, consensus, or a coder's name.")] = "any",
    as_json: JSON_OPTION = False,
) -> None:
    """Write codings in the columns that `code import` reads."""
    from workbench.services import files
    from workbench.services.coding import exchange

    actor, database, found = context.obj.enter_study(study)
    rows = exchange.export_codings(actor, database, found.id, layer=layer)
    files.write_codings(file, rows)
    n_left_out = exchange.count_left_out(actor, database, found.id)
    if n_left_out:
        say(f"{count(n_left_out, 'coding')} to be placed again left out.")
    show({"file": str(file), "codings": len(rows)}, as_json=as_json,
         text=f"Wrote {count(len(rows), 'coding')} to {file}.")  # fmt: skip
