"""`workbench summarise` and `export`: what a study has found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.domain.words import count
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.services.summarise import ThemeTable

export_app = typer.Typer(help="Write results to files.", no_args_is_help=True)
app.add_typer(export_app, name="export")

LEVELS = ("theme", "code")


@app.command("summarise")
def summarise(
    context: typer.Context,
    study: STUDY_OPTION,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="One or two attributes, parted by a comma or each with its own --by. A name with "
            "a comma in it stands in double quotes: --by '\"Age, in years\",region'."
        ),
    ] = None,
    level: Annotated[str, typer.Option(help="theme or code.")] = "theme",
    layer: Annotated[str, typer.Option(help="any, consensus, or a coder's name.")] = "any",
    as_json: JSON_OPTION = False,
) -> None:
    """Count respondents and mentions for each theme and group."""
    from workbench.services import attribute_traits
    from workbench.services import summarise as service

    if level not in LEVELS:
        raise typer.BadParameter(f"{level!r} is neither theme nor code.", param_hint="--level")
    actor, database, found = context.obj.enter_study(study)
    table = service.summarise(
        actor,
        database,
        found.id,
        by=attribute_traits.read_names(actor, database, found.id, by or ()),
        level="theme" if level == "theme" else "code",
        layer=layer,
    )
    # Counted over everybody: groups may overlap, and then their numbers do not add up.
    everybody = service.summarise(actor, database, found.id, layer=layer)
    waiting = everybody.rows[0].n_not_done if everybody.rows else 0
    if waiting:
        say(
            f"{count(waiting, 'document is', 'documents are')} not done on this layer: "
            "the counts may still grow."
        )
    if table.n_flagged:
        say(f"{count(table.n_flagged, 'coding')} to be placed again, not counted.")
    show(table.as_dict(), as_json=as_json, text=_as_text(table))


def _as_text(table: ThemeTable) -> str:
    lines = []
    for row in table.rows:
        group = ", ".join(row.groups.values()) or "all"
        if row.share is None or row.low is None or row.high is None:
            share = "no base"
        else:
            share = f"{row.share:.0%} ({row.low:.0%}-{row.high:.0%})"
        lines.append(
            f"{row.theme} | {group} | {row.respondents} of {row.base} | {share} | "
            f"{row.mentions} mentions"
        )
    return "\n".join(lines) or "The codebook is empty."


@export_app.command("extracts")
def export_extracts(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="A file ending in .csv, .xlsx, .docx or .html.")],
    study: STUDY_OPTION,
    code: Annotated[
        list[str] | None,
        typer.Option(help="Only this code and those below it, as `Theme / Sub-theme`; repeatable."),
    ] = None,
    layer: Annotated[str, typer.Option(help="any, consensus, or a coder's name.")] = "any",
    search: Annotated[str, typer.Option(help="Only from documents with these words.")] = "",
    attributes: Annotated[
        list[str] | None,
        typer.Option(
            help="Attributes that go with each quote, parted by commas or each with its own "
            "--attributes. Default: all."
        ),
    ] = None,
    format: Annotated[
        str | None, typer.Option(help="csv, xlsx, docx or html. Default: by the ending.")
    ] = None,
    no_context: Annotated[
        bool, typer.Option("--no-context", help="Leave out the words around each quote.")
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Write coded extracts; identifying attributes never leave the database."""
    from workbench.services import attribute_traits, extracts

    actor, database, found = context.obj.enter_study(study)
    where = extracts.make_filter(
        actor, database, found.id, codes=code or [], layer=layer, search=search
    )
    chosen = None
    if attributes:
        chosen = attribute_traits.read_names(actor, database, found.id, attributes)
    if out.is_dir():
        raise InputError(f"{out} is a folder.", hint="Name a file, such as extracts.xlsx.")
    written = extracts.export_extracts(
        actor, database, found.id, out, where,
        format=format, attributes=chosen, context=not no_context,
    )  # fmt: skip
    show({"file": str(out), "extracts": written}, as_json=as_json,
         text=f"Wrote {count(written, 'extract')} to {out}.")  # fmt: skip
