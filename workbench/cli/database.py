"""`workbench db` and `doctor`: the database and the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import JSON_OPTION, app, show

db_app = typer.Typer(help="Upgrade and back up the database.", no_args_is_help=True)
app.add_typer(db_app, name="db")


@db_app.command("upgrade")
def upgrade(context: typer.Context, as_json: JSON_OPTION = False) -> None:
    """Bring the database's schema up to date; an SQLite file is backed up first."""
    from workbench.services import opening

    database = context.obj.open(upgrade=False)
    before, after, saved = opening.upgrade(database)
    text = f"Schema {before or 'new'} -> {after}." if before != after else "Up to date already."
    show({"before": before, "after": after, "backup": str(saved) if saved else None},
         as_json=as_json, text=text)  # fmt: skip


@db_app.command("backup")
def backup(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to. Default: beside it.")] = None,
    as_json: JSON_OPTION = False,
) -> None:
    """Copy the database while it is in use (SQLite only)."""
    from workbench.services import opening

    target = opening.backup(context.obj.open(), file)
    show({"backup": str(target)}, as_json=as_json, text=f"Wrote {target}.")


@app.command("doctor")
def doctor(context: typer.Context, as_json: JSON_OPTION = False) -> None:
    """Look at everything that the workbench needs, and say what is missing."""
    from workbench.services import opening

    found = opening.diagnose(context.obj.url)
    lines = [f"{'ok     ' if good else 'MISSING'} {what}: {what_found}"
             for what, good, what_found in found]  # fmt: skip
    show(
        {"checks": [{"what": what, "ok": good, "found": text} for what, good, text in found]},
        as_json=as_json,
        text="\n".join(lines),
    )
    if not all(good for _, good, _ in found):
        raise typer.Exit(1)
