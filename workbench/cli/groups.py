"""`workbench groups`: attributes, and groupings derived from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.domain.words import count
from workbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.domain.groupings import Rule
    from workbench.services.surveys.attribute_traits import GroupSize

groups_app = typer.Typer(help="Group respondents by derived attributes.", no_args_is_help=True)
app.add_typer(groups_app, name="groups")

FROM_OPTION = Annotated[str, typer.Option("--from", help="The attribute to derive from.")]
NAME_OPTION = Annotated[
    str, typer.Option("--name", help="The derived attribute's name; one that is there is changed.")
]
LABEL_OPTION = Annotated[str, typer.Option("--label", help="What people read. Default: the name.")]
DRY_RUN_OPTION = Annotated[bool, typer.Option("--dry-run", help="Say what would happen.")]

PERIODS = ("year", "quarter", "month")


@groups_app.command("list")
def list_groups(context: typer.Context, study: STUDY_OPTION, as_json: JSON_OPTION = False) -> None:
    """List the attributes of a study, what is derived from one below it."""
    from workbench.services.surveys import attribute_traits

    actor, database, found = context.obj.enter_study(study)
    listed = attribute_traits.list_attributes(actor, database, found.id)
    names = {item.item.id: item.item.name for item in listed}
    values = [
        {
            "name": item.item.name,
            "title": item.item.title,
            "kind": item.item.kind,
            "from": names.get(item.item.derived_from or 0),
            "grouping": item.item.grouping,
            "identifying": item.item.identifying,
            "values": None if item.item.identifying else item.n_values,
            "unsettled": item.n_unsettled,
        }
        for item in listed
    ]
    lines = []
    for value in values:
        size = "identifying" if value["identifying"] else f"{value['values']} values"
        waiting = f", {value['unsettled']} in no group yet" if value["unsettled"] else ""
        indent = "  " if value["from"] else ""
        lines.append(f"{indent}{value['name']}: {value['kind']}, {size}{waiting}")
    show({"attributes": values}, as_json=as_json, text="\n".join(lines) or "No attributes yet.")


@groups_app.command("show")
def show_group(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The attribute's name.")],
    study: STUDY_OPTION,
    as_json: JSON_OPTION = False,
) -> None:
    """Show the groups of an attribute and how many respondents are in each."""
    from workbench.domain.groupings import to_json
    from workbench.services.surveys import attribute_traits

    actor, database, found = context.obj.enter_study(study)
    item = attribute_traits.find(actor, database, found.id, name)
    detail = attribute_traits.describe(actor, database, found.id, item.id)
    if detail.item.identifying:
        say(f"{name} is identifying: its values never leave the database.")
    show(
        {
            "name": name,
            "from": detail.source.name if detail.source else None,
            "rule": to_json(detail.rule) if detail.rule else None,
            "groups": _groups(detail.groups),
        },
        as_json=as_json,
        text=_as_text(detail.groups),
    )


@groups_app.command("merge")
def merge(
    context: typer.Context,
    study: STUDY_OPTION,
    source: FROM_OPTION,
    name: NAME_OPTION,
    map: Annotated[
        Path | None, typer.Option("--map", help="The groups and their values, as YAML.")
    ] = None,
    census: Annotated[
        bool, typer.Option("--census", help="The broad ethnic groups of the 2021 census.")
    ] = False,
    label: LABEL_OPTION = "",
    dry_run: DRY_RUN_OPTION = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Merge values of an attribute into groups; the original stays."""
    from workbench.services import files
    from workbench.services.surveys import attribute_traits, grouping_offers

    if (map is None) != census:
        raise typer.BadParameter("give either --map FILE or --census.", param_hint="--map")
    actor, database, found = context.obj.enter_study(study)
    if map is not None:
        rule: Rule | None = files.read_grouping(files.read_text(map), str(map))
    else:
        original = attribute_traits.find(actor, database, found.id, source)
        rule = grouping_offers.propose_merge(actor, database, found.id, original.id)
    if rule is None:
        raise InputError(f"few values of {source} are ethnic groups of the census.",
                         hint="Write the groups down and give them with --map.")  # fmt: skip
    _derive(context, study, source, name, rule, label=label, dry_run=dry_run, as_json=as_json)


@groups_app.command("bands")
def bands(
    context: typer.Context,
    study: STUDY_OPTION,
    source: FROM_OPTION,
    name: NAME_OPTION,
    edges: Annotated[
        str, typer.Option(help="Numbers or dates at which bands begin, parted by commas.")
    ] = "",
    labels: Annotated[
        str, typer.Option(help="A label for each band, parted by |. Default: proposed.")
    ] = "",
    period: Annotated[str, typer.Option("--by", help="year, quarter or month, for dates.")] = "",
    equal: Annotated[int, typer.Option(help="About so many bands of equal width.")] = 0,
    quantiles: Annotated[int, typer.Option(help="So many bands that are equally full.")] = 0,
    label: LABEL_OPTION = "",
    openly: Annotated[
        bool,
        typer.Option("--openly", help="Show coarse bands of an identifying attribute (owners)."),
    ] = False,
    dry_run: DRY_RUN_OPTION = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Put numbers or dates into bands; a band holds its lower edge and not its upper one."""
    from workbench.domain.groupings import Calendar
    from workbench.services.surveys import attribute_traits, grouping_offers

    given = [bool(edges), bool(period), bool(equal), bool(quantiles)]
    if sum(given) != 1:
        raise typer.BadParameter(
            "give one of --edges, --by, --equal and --quantiles.", param_hint="--edges"
        )
    if period:
        if period not in PERIODS:
            raise typer.BadParameter(f"{period!r} is none of year, quarter, month.",
                                     param_hint="--by")  # fmt: skip
        rule: Rule = Calendar(period)  # type: ignore[arg-type]
    else:
        actor, database, found = context.obj.enter_study(study)
        original = attribute_traits.find(actor, database, found.id, source)
        written = [part.strip() for part in edges.split(",") if part.strip()]
        if not edges:
            proposed = grouping_offers.propose_edges(
                actor, database, found.id, original.id,
                n_bands=equal or quantiles, how="equal" if equal else "quantile",
            )  # fmt: skip
            written = [str(edge) for edge in proposed]
        named = [part.strip() for part in labels.split("|")] if labels else None
        rule = grouping_offers.read_bands(original, written, named)
    _derive(
        context, study, source, name, rule,
        label=label, openly=openly, dry_run=dry_run, as_json=as_json,
    )  # fmt: skip


@groups_app.command("remove")
def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The derived attribute's name.")],
    study: STUDY_OPTION,
    as_json: JSON_OPTION = False,
) -> None:
    """Take away a derived attribute; its original stays as it is."""
    from workbench.services.surveys import attribute_traits, groupings

    actor, database, found = context.obj.enter_study(study)
    item = attribute_traits.find(actor, database, found.id, name)
    groupings.remove(actor, database, found.id, item.id)
    show({"removed": name}, as_json=as_json, text=f"Removed {name}.")


def _derive(
    context: typer.Context,
    study: str,
    source: str,
    name: str,
    rule: Rule,
    *,
    label: str,
    openly: bool = False,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a derived attribute or change the one of this name, and show its groups."""
    from workbench.services.surveys import attribute_traits, groupings

    actor, database, found = context.obj.enter_study(study)
    original = attribute_traits.find(actor, database, found.id, source)
    seen = groupings.preview(actor, database, found.id, original.id, rule, openly=openly)
    known = {
        item.item.name: item.item
        for item in attribute_traits.list_attributes(actor, database, found.id)
    }
    old = known.get(name)
    made = old is None or old.derived_from != original.id
    changed = True
    if not dry_run and made:
        groupings.make(actor, database, found.id, original.id, rule,
                       name=name, label=label, openly=openly)  # fmt: skip
    elif not dry_run and old is not None:
        changed = groupings.change(actor, database, found.id, old.id, rule)
        if label:
            changed |= attribute_traits.edit(actor, database, found.id, old.id, {"label": label})
    for group in seen.few:
        say(f"{group.name}: {count(group.n, 'respondent')}; so few may be recognised.")
    if seen.hidden:
        say(f"{source} is identifying, and so is {name}: it is not offered for grouping.")
    verb = "Would make" if dry_run else "Made" if made else "Changed" if changed else "Kept"
    show(
        {"name": name, "from": source, "made": made and not dry_run, "dry_run": dry_run,
         "changed": changed and not dry_run, "groups": _groups(seen.groups)},
        as_json=as_json,
        text="\n".join(filter(None, (f"{verb} {name}.", _as_text(seen.groups)))),
    )  # fmt: skip


def _groups(groups: Sequence[GroupSize]) -> list[dict[str, Any]]:
    return [{"group": group.name, "respondents": group.n} for group in groups]


def _as_text(groups: Sequence[GroupSize]) -> str:
    return "\n".join(
        f"{group.name} | {group.n}" + (f" | {group.words}" if group.words else "")
        for group in groups
    )
