"""`workbench count-units`: themes counted by area, or by another unit than the respondent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.cli.document_options import (
    GROUP_OPTION,
    KIND_OPTION,
    SERIES_OPTION,
    TRANSCRIPTS_OPTION,
    WHERE_OPTION,
    documents_of,
)
from workbench.domain.words import count

if TYPE_CHECKING:
    from workbench.services.counting.summarise_units import UnitTable


@app.command("count-units")
def count_units(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(help="The attribute whose values are counted: area.")],
    study: STUDY_OPTION,
    by: Annotated[str, typer.Option(help="An attribute to group by.")] = "",
    level: Annotated[str, typer.Option(help="theme or code.")] = "theme",
    layer: Annotated[str, typer.Option(help="any, consensus, or a coder's name.")] = "any",
    where: WHERE_OPTION = None,
    kind: KIND_OPTION = "",
    series: SERIES_OPTION = "",
    group: GROUP_OPTION = "",
    transcripts: TRANSCRIPTS_OPTION = "all",
    as_json: JSON_OPTION = False,
) -> None:
    """Count in how many areas, or other units, somebody mentions each theme."""
    from workbench.services.counting.summarise_units import summarise_units

    if level not in ("theme", "code"):
        raise typer.BadParameter(f"{level!r} is neither theme nor code.", param_hint="--level")
    actor, database, found = context.obj.enter_study(study)
    table = summarise_units(
        actor, database, found.id, unit=unit, by=by,
        level="theme" if level == "theme" else "code", layer=layer,
        where=documents_of(
            actor, database, found.id, kind=kind, series=series, group=group,
            transcripts=transcripts, groups=where,
        ),
    )  # fmt: skip
    if table.n_without:
        say(f"{count(table.n_without, 'respondent has', 'respondents have')} no {unit}.")
    show({"study": found.name, **table.as_dict()}, as_json=as_json, text=_as_text(table))


def _as_text(table: UnitTable) -> str:
    lines = [
        f"{row.theme} | {row.group or 'all'} | {row.units:,} of {row.base:,} | "
        f"{'no base' if row.share is None else f'{row.share:.0%}'}"
        for row in table.rows
    ]
    return "\n".join(lines) or "The codebook is empty."
