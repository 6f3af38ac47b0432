"""`workbench codebook history`, `name`, `diff` and `restore`: the codebook's versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, say, show
from workbench.cli.studies import codebook_app
from workbench.domain.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.domain.codebook_diff import CodebookDiff
    from workbench.services.codebooks.restore import RestorePreview

NUMBER = Annotated[int, typer.Argument(help="The version's number.", show_default=False)]


@codebook_app.command("history")
def history(
    context: typer.Context,
    study: STUDY_OPTION,
    named: Annotated[bool, typer.Option("--named", help="Only versions with a name.")] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """List the versions of a study's codebook, the newest first."""
    from workbench.services.codebooks import versions
    from workbench.services.coding.extracts import readable_date

    actor, database, found = context.obj.enter_study(study)
    listed = versions.list_versions(actor, database, found.id, limit=None, named=named)
    lines = []
    for item in listed.versions:
        name = f" {item.name}" if item.name else ""
        note = f" {item.note}" if item.note else ""
        lines.append(
            f"{item.number}{name}: {count(item.n_changes, 'change')}, {item.made_by}, "
            f"{readable_date(item.made_at)}.{note}"
        )
    show(
        {"study": found.name, "versions": [item.as_dict() for item in listed.versions]},
        as_json=as_json,
        text="\n".join(lines) or "No versions yet.",
    )


@codebook_app.command("name")
def name_version(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name; an empty one takes it away.")],
    study: STUDY_OPTION,
    note: Annotated[str, typer.Option(help="Why it is worth a name.")] = "",
    version: Annotated[
        int | None, typer.Option("--version", help="Its number. Default: the newest one.")
    ] = None,
    as_json: JSON_OPTION = False,
) -> None:
    """Name the codebook as it is, or an earlier version of it."""
    from workbench.services.codebooks import versions

    actor, database, found = context.obj.enter_study(study)
    number = versions.name_version(actor, database, found.id, name, note=note, number=version)
    show(
        {"study": found.name, "version": number, "name": name},
        as_json=as_json,
        text=f"Version {number} is named {name}." if name else f"Version {number} has no name.",
    )


@codebook_app.command("diff")
def diff(
    context: typer.Context,
    older: NUMBER,
    newer: NUMBER,
    study: STUDY_OPTION,
    as_json: JSON_OPTION = False,
) -> None:
    """Say what happened to which code between two versions."""
    from workbench.services.codebooks import versions

    actor, database, found = context.obj.enter_study(study)
    told = versions.diff(actor, database, found.id, older, newer)
    show(
        {"study": found.name, "older": older, "newer": newer, **told.as_dict()},
        as_json=as_json,
        text="\n".join(_lines(told)) or f"Versions {older} and {newer} are the same.",
    )


@codebook_app.command("restore")
def restore(
    context: typer.Context,
    version: NUMBER,
    study: STUDY_OPTION,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen.")] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Bring an old version back, as a new one; no coding is lost, and it can be undone."""
    from workbench.services.codebooks import restore as service

    actor, database, found = context.obj.enter_study(study)
    act = service.preview_restore if dry_run else service.restore
    told = act(actor, database, found.id, version)
    show(
        {"study": found.name, "dry_run": dry_run, **told.as_dict()},
        as_json=as_json,
        text="\n".join(_restored(told)) or f"The codebook is as in version {version} already.",
    )
    if dry_run:
        say("Nothing was changed.")


def _lines(told: CodebookDiff) -> Iterator[str]:
    from workbench.domain.codebook_diff import FIELDS

    for change in told.changes:
        yield change.sentence
        for field in change.fields:
            yield f"  {FIELDS[field.field]}, before: {field.old_text or '(empty)'}"
            yield f"  {FIELDS[field.field]}, after: {field.new_text or '(empty)'}"


def _restored(told: RestorePreview) -> Iterator[str]:
    yield from _lines(told.diff)
    for item in told.moved:
        yield f"{count(item.n, 'coding')} from {item.source} to {item.target}."
    for item in told.returning:
        yield f"{count(item.n, 'coding')} of {item.source} back to {item.target}."
    for name in told.kept:
        yield f"{name} is kept, retired: codings stay on it."
