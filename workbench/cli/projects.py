"""`workbench ingest refi`: bring in a project of another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import JSON_OPTION, say, show
from workbench.cli.imports import ingest_app
from workbench.domain.words import count
from workbench.errors import NotFound

if TYPE_CHECKING:
    from workbench.services.projects.refi_import import ProjectFile

LISTED = 20
"""New things of each kind that a dry run names; `--json` gives all."""


@ingest_app.command("refi")
def ingest_refi(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            help="A project or codebook of another program (.qdpx, .qdc), or a project of Taguette "
            "(.sqlite3) or QualCoder (.qda, or its folder as .zip)."
        ),
    ],
    study: Annotated[
        str | None, typer.Option("--study", "-s", help="The study to bring it into.")
    ] = None,
    new_study: Annotated[
        str | None, typer.Option(help="Make a study of this name and bring it into that.")
    ] = None,
    reading: Annotated[
        str | None,
        typer.Option(
            help="Read text positions otherwise than was found out: the number of one of the other "
            "ways, as a dry run lists them."
        ),
    ] = None,
    project: Annotated[
        str, typer.Option(help="Which project, where the file holds several (Taguette).")
    ] = "",
    split_names: Annotated[
        bool,
        typer.Option(
            "--split-names", help="Put codes with names such as Access::Waiting below one another."
        ),
    ] = False,
    accept_drafts: Annotated[
        bool,
        typer.Option(
            "--accept-drafts", help="Bring in codings on machine drafts that nobody has checked."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Bring a project of another program into a study; the same file twice changes nothing."""
    from workbench.services.projects import refi_import

    if (study is None) == (new_study is None):
        raise typer.BadParameter("name one of --study and --new-study.", param_hint="--study")
    actor, database = context.obj.enter()
    try:
        stream = file.open("rb")
    except OSError as error:
        raise NotFound(f"{file}: {error.strerror or error}.") from error
    with stream:
        opened = refi_import.look_into(stream, file.name, project=project)
        if reading is not None:
            chosen = refi_import.chosen_reading(opened, reading)
            opened = refi_import.look_into(stream, file.name, reading=chosen, project=project)
        _tell(opened, split_names=split_names, chosen=reading is not None)
        report = refi_import.import_project(
            actor, database, new_study or study or "", opened, new_study=new_study is not None,
            split_names=split_names, accept_drafts=accept_drafts, dry_run=dry_run,
        )  # fmt: skip
    for line in report.remarks:
        say(line)
    for line in report.left_out:
        say(f"Left out: {line}")
    lines = [refi_import.in_words(report)]
    if dry_run:
        lines += _named(report.as_dict())
    others = [{"number": at, "reading": words, "share": share}
              for at, (_, words, share) in enumerate(opened.others, 1)]  # fmt: skip
    values = {**report.as_dict(), "contents": dict(opened.contents()), "other_readings": others}
    show(values, as_json=as_json, text="\n".join(lines))


def _tell(opened: ProjectFile, *, split_names: bool, chosen: bool) -> None:
    """Say what is in a file and how its positions were read."""
    if opened.origin:
        say(f"Written by {_plain(opened.origin)}.")
    say(f"In it: {opened.contents_in_words()}.")
    how = f"{opened.reading}. " if opened.others or chosen else ""
    say(f"Text positions: {how}{_plain(opened.file.why)}")
    for at, (_, words, share) in enumerate(opened.others, 1):
        say(f"  --reading {at}: {words} ({share:.0%} of the evidence)")
    if opened.flat_names and not split_names:
        told = count(opened.flat_names, "code has a name that is a path",
                     "codes have names that are paths")  # fmt: skip
        say(f"{told}; --split-names puts them below one another.")


def _named(values: dict[str, object]) -> list[str]:
    lines: list[str] = []
    for kind in ("coders", "codes", "attributes", "respondents", "documents", "recordings"):
        part = values[kind]
        names = part["new_names"] if isinstance(part, dict) else []
        if names:
            more = f", the first {LISTED}" if len(names) > LISTED else ""
            lines.append(f"New {kind} ({len(names):,}{more}):")
            lines += [f"  {_plain(name)}" for name in names[:LISTED]]
    return lines


def _plain(text: str) -> str:
    """Write words of a file so that no sign of theirs steers the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
