"""The command's frame: who acts, on which database, and how results and refusals are shown.

In: global options. Out: a `Session` for the commands; one place where errors become exit codes.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.domain.codings import Actor
    from workbench.services.opening import Database
    from workbench.services.study import Study

app = typer.Typer(
    name="workbench",
    help="Code qualitative surveys and focus groups.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

JSON_OPTION = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
STUDY_OPTION = Annotated[str, typer.Option("--study", "-s", help="The study's name.")]


@dataclass(slots=True)
class Session:
    """What the global options say."""

    url: str
    name: str

    def open(self, *, upgrade: bool = True) -> Database:
        """Open the database that was named."""
        from workbench.services.opening import open_database

        return open_database(self.url, upgrade=upgrade)

    def enter(self) -> tuple[Actor, Database]:
        """Open the database and sign in."""
        from workbench.services.study import sign_in

        database = self.open()
        return sign_in(database, self.name), database

    def enter_study(self, name: str) -> tuple[Actor, Database, Study]:
        """Open the database, sign in and find a study."""
        from workbench.services.study import find_study

        actor, database = self.enter()
        return actor, database, find_study(actor, database, name)


@app.callback()
def options(
    context: typer.Context,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            envvar="WORKBENCH_DATABASE_URL",
            help="The database as a URL. Default: an SQLite file in your own data folder.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--as", help="Who you are. Default: the name you are logged in by."),
    ] = None,
) -> None:
    """Code qualitative surveys and focus groups."""
    from workbench.settings import default_database_url

    context.obj = Session(database or default_database_url(), name or system_user())


def system_user() -> str:
    """Give the operating system's name for the person at the keyboard."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user in a container
        return os.environ.get("USERNAME") or "researcher"


def say(text: str) -> None:
    """Tell the person something, on standard error."""
    typer.echo(text, err=True)


def show(values: Mapping[str, Any], *, as_json: bool, text: str) -> None:
    """Print a result: as JSON, or as text for people."""
    typer.echo(json.dumps(values, ensure_ascii=False) if as_json else text)


def main() -> NoReturn:
    """Run the command; the one place where an error becomes a message and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except WorkbenchError as error:
        say(f"workbench: {error}")
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(0)
