"""`workbench agree`: how far coders coded the same documents alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show

if TYPE_CHECKING:
    from workbench.domain.agreement import By, CodeAgreement, Unit
    from workbench.services.team.agree_results import Agreement

BYS = ("code", "theme")
UNITS = ("document", "sentence", "character")


@app.command("agree")
def agree(
    context: typer.Context,
    study: STUDY_OPTION,
    coders: Annotated[
        str,
        typer.Option(
            help="Two or more coders, parted by commas. Default: the two who have done most in "
            "common.",
            show_default=False,
        ),
    ] = "",
    by: Annotated[str, typer.Option(help="code or theme.")] = "code",
    unit: Annotated[str, typer.Option(help="document, sentence or character.")] = "document",
    reference: Annotated[
        str, typer.Option(help="The coder whom the others are held against.")
    ] = "",
    bootstrap: Annotated[int, typer.Option(min=0, max=100_000, help="Resamples; 0: none.")] = 1000,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Where resampling starts.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Also write the table, to a .csv or .xlsx file.")
    ] = None,
    as_json: JSON_OPTION = False,
) -> None:
    """Work out how far coders agree, per code and overall, with intervals."""
    from workbench.services.team import agree as service

    for option, value, known in (("--by", by, BYS), ("--unit", unit, UNITS)):
        if value not in known:
            words = f"{', '.join(known[:-1])} or {known[-1]}"
            raise typer.BadParameter(f"{value!r} is not {words}.", param_hint=option)
    actor, database, found = context.obj.enter_study(study)
    place = (actor, database, found.id)
    named = [name.strip() for name in coders.split(",") if name.strip()]
    chosen = service.find_coders(*place, named) if named else None
    against = service.find_coders(*place, [reference])[0] if reference else None
    result = service.compare(
        *place, chosen, cast("By", by), cast("Unit", unit), against, bootstrap,
        service.SEED if seed is None else seed,
    )  # fmt: skip
    if output is not None:
        from workbench.services.team.agree_files import export_agreement

        export_agreement(result, output)
    for line in result.notes:
        say(line)
    show(result.as_dict(), as_json=as_json, text=_as_text(result))


def _as_text(found: Agreement) -> str:
    from workbench.domain.agreement import names_of
    from workbench.domain.words import count

    units = count(found.n_documents, "document")
    if found.unit != "document":
        units += f", {count(found.n_units, found.unit)}"
    lines = [f"{names_of(found.coders)}: {units}", _line(found.overall)]
    lines += [f"{_line(row)}\n  {found.say(row)}" for row in found.applied]
    n_unused = len(found.rows) - len(found.applied)
    if n_unused:
        lines.append(f"Applied by nobody: {count(n_unused, found.by)}")
    return "\n".join(lines)


def _line(item: CodeAgreement) -> str:
    from workbench.domain.agreement import TITLES

    cells = [
        f"{TITLES[name]} {item.figures[name].text()}"
        for name in TITLES
        if name in item.figures and item.figures[name].value is not None
    ]
    return " | ".join([item.name, f"agreed {item.n_agreed:,} of {item.n_units:,}", *cells])
