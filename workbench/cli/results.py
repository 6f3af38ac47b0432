"""`workbench summarise` and `export`: what a study has found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast, get_args

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.cli.document_options import (
    GROUP_OPTION,
    KIND_OPTION,
    SERIES_OPTION,
    TRANSCRIPTS_OPTION,
    WHERE_OPTION,
    documents_of,
    not_with_saved,
    one_of,
)
from workbench.domain.words import count
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.domain.codings import Actor
    from workbench.services.counting.compare import Comparison
    from workbench.services.counting.theme_table import ThemeTable
    from workbench.services.opening import Database

export_app = typer.Typer(help="Write results to files.", no_args_is_help=True)
app.add_typer(export_app, name="export")

LEVELS = ("theme", "code")
BASES = ("answered", "asked", "everybody")
ORDERS = ("codebook", "mentioned", "alphabetical")
GROUP_ORDERS = ("own", "size", "name")
Starred = Literal["me", "anybody"]


@app.command("summarise")
def summarise(
    context: typer.Context,
    study: STUDY_OPTION,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="One or two attributes, parted by a comma or each with its own --by; session "
            "for each focus group; series for their series. A name with "
            "a comma in it stands in double quotes: --by '\"Age, in years\",region'."
        ),
    ] = None,
    level: Annotated[str, typer.Option(help="theme or code.")] = "theme",
    layer: Annotated[str, typer.Option(help="any, consensus, or a coder's name.")] = "any",
    base: Annotated[
        str, typer.Option(help="Shares of whom: answered, asked, or everybody.")
    ] = "answered",
    order: Annotated[
        str, typer.Option(help="Of the rows: codebook, mentioned, or alphabetical.")
    ] = "codebook",
    group_order: Annotated[str, typer.Option(help="Of the groups: own, size, or name.")] = "own",
    hide_empty: Annotated[
        bool, typer.Option("--hide-empty", help="Leave out codes and groups without anybody.")
    ] = False,
    compare: Annotated[
        str, typer.Option(help="Two groups side by side, as `ATTRIBUTE=VALUE,VALUE`.")
    ] = "",
    where: WHERE_OPTION = None,
    kind: KIND_OPTION = "",
    series: SERIES_OPTION = "",
    group: GROUP_OPTION = "",
    transcripts: TRANSCRIPTS_OPTION = "all",
    saved: Annotated[
        str, typer.Option(help="Within a filter that was saved on the Themes page.")
    ] = "",
    as_json: JSON_OPTION = False,
) -> None:
    """Count respondents and mentions for each theme and group."""
    from workbench.services.counting import summarise as service
    from workbench.services.surveys import attribute_traits

    one_of("--level", level, LEVELS)
    one_of("--base", base, BASES)
    one_of("--order", order, ORDERS)
    one_of("--group-order", group_order, GROUP_ORDERS)
    if compare and by:
        raise typer.BadParameter("give either --by or --compare.", param_hint="--compare")
    actor, database, found = context.obj.enter_study(study)
    options: dict[str, Any] = {
        "level": level, "layer": layer, "base": base, "order": order, "hide_empty": hide_empty,
    }  # fmt: skip
    options["where"] = within = documents_of(
        actor, database, found.id, kind=kind, series=series, group=group,
        transcripts=transcripts, groups=where,
    )  # fmt: skip
    if saved:
        not_with_saved(within)
        options |= _saved_for_themes(actor, database, found.id, saved)
    if compare:
        _compare(actor, database, found.id, compare, options, as_json=as_json)
        return
    names = attribute_traits.read_names(actor, database, found.id, by or ())
    table = service.summarise(
        actor, database, found.id, by=names, group_order=cast(service.GroupOrder, group_order),
        with_totals=True, **options,
    )  # fmt: skip
    _warn(table)
    show(table.as_dict(), as_json=as_json, text=_as_text(table))


def _saved_for_themes(actor: Actor, database: Database, study_id: int, name: str) -> dict[str, Any]:
    from workbench.services import study
    from workbench.services.coding import saved_filters

    kept = saved_filters.find_filter(actor, database, study_id, "themes", name)
    _say_gone(kept.gone)
    found: dict[str, Any] = {"where": kept.settings.documents}
    if isinstance(kept.settings.layer, int):
        names = {item.id: item.name for item in study.list_people(database)}
        found["layer"] = names[kept.settings.layer]
    elif kept.settings.layer != "any":
        found["layer"] = kept.settings.layer
    return found


def _say_gone(gone: tuple[str, ...]) -> None:
    if gone:
        say(f"The study has not got any more what this filter names: {', '.join(gone)}.")


def _compare(
    actor: Actor,
    database: Database,
    study_id: int,
    written: str,
    options: dict[str, Any],
    *,
    as_json: bool,
) -> None:
    from workbench.services.counting import compare

    by, values = _pair(actor, database, study_id, written)
    found = compare.compare_groups(actor, database, study_id, by=by, values=values, **options)
    _warn(found.tables[0])
    for line in found.cautions:
        say(line)
    show(found.as_dict(), as_json=as_json, text=_as_lines(found))


def _pair(
    actor: Actor, database: Database, study_id: int, written: str
) -> tuple[str, tuple[str, str]]:
    """Read `ATTRIBUTE=VALUE,VALUE`; a value may hold commas itself."""
    from workbench.services.counting import summarise as service

    by, equals, values = written.partition("=")
    by = by.strip()
    parts = values.split(",")
    if not equals or len(parts) < 2:
        raise typer.BadParameter(
            f"{written!r} is not written as ATTRIBUTE=VALUE,VALUE.", param_hint="--compare"
        )
    known = {item.name: item.values for item in service.list_groups(actor, database, study_id)}
    pairs = [
        (",".join(parts[:cut]).strip(), ",".join(parts[cut:]).strip())
        for cut in range(1, len(parts))
    ]
    fitting = [pair for pair in pairs if set(pair) <= set(known.get(by, ()))]
    return by, (fitting or pairs)[0]


def _warn(table: ThemeTable) -> None:
    from workbench.services.counting.figures import nobodys_in_words, not_done_in_words

    waiting = max((row.n_not_done for row in table.totals), default=0)
    if waiting:
        say(not_done_in_words(table.layer, waiting))
    awaiting = max((row.n_awaiting for row in table.totals), default=0)
    if awaiting:
        what = count(awaiting, "document awaits", "documents await")
        say(f"{what} adjudication, in no consensus yet.")
    if table.n_flagged:
        say(f"{count(table.n_flagged, 'coding')} to be placed again, not counted.")
    if table.n_drafts:
        what = count(table.n_drafts, "machine draft")
        say(f"{what} in the study that nobody has checked by ear; counted apart.")
    if table.nobodys.turns:
        say(nobodys_in_words(table))
    if table.n_hidden:
        say(f"{count(table.n_hidden, 'code')} without anybody left out.")


def _as_text(table: ThemeTable) -> str:
    from workbench.services.counting.figures import NOBODY

    lines = []
    for row in table.rows:
        group = ", ".join(row.groups.values()) or "all"
        if row.share is None or row.low is None or row.high is None:
            share = "no base"
        else:
            share = f"{row.share:.0%} ({row.low:.0%}-{row.high:.0%})"
        mentions = count(row.mentions, "mention")
        lines.append(
            f"{row.theme} | {group} | {row.respondents} of {row.base} | {share} | {mentions}"
        )
    if table.nobodys.turns:
        themes = {row.code_id: row.theme for row in table.rows}
        for key, theme in themes.items():
            mentions = count(table.nobodys.mentions.get(key, 0), "mention")
            lines.append(f"{theme} | {NOBODY} | {mentions}")
    return "\n".join(lines) or ("Nobody mentions any code." if table.n_hidden
                                else "The codebook is empty.")  # fmt: skip


def _as_lines(found: Comparison) -> str:
    return "\n".join(found.say(row) for row in found.rows) or "There is nothing to compare."


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
    starred: Annotated[str, typer.Option(help="Only quotes starred by: me, or anybody.")] = "",
    quotable: Annotated[
        bool,
        typer.Option("--quotable", help="Without respondents who may not be quoted."),
    ] = False,
    speaker_not_known: Annotated[
        bool,
        typer.Option(
            "--speaker-not-known", help="Only words in discussions that are nobody's who is known."
        ),
    ] = False,
    where: WHERE_OPTION = None,
    kind: KIND_OPTION = "",
    series: SERIES_OPTION = "",
    group: GROUP_OPTION = "",
    transcripts: TRANSCRIPTS_OPTION = "all",
    saved: Annotated[
        str, typer.Option(help="Within a filter that was saved on the Extracts page.")
    ] = "",
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
    include_withheld: Annotated[
        bool,
        typer.Option("--include-withheld", help="Write words that may not be quoted too."),
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Write coded extracts; identifying attributes never leave the database."""
    from workbench.services.coding import extract_files, extracts, saved_filters
    from workbench.services.surveys import attribute_traits

    if starred:
        one_of("--starred", starred, get_args(Starred))
    chosen_star = cast(Starred, starred) if starred else None
    actor, database, found = context.obj.enter_study(study)
    chosen = None
    if attributes:
        chosen = attribute_traits.read_names(actor, database, found.id, attributes)
    if out.is_dir():
        raise InputError(f"{out} is a folder.", hint="Name a file, such as extracts.xlsx.")
    within = documents_of(
        actor, database, found.id, kind=kind, series=series, group=group,
        transcripts=transcripts, groups=where,
    )  # fmt: skip
    if saved:
        not_with_saved(within)
        if code or search or starred or quotable or speaker_not_known or layer != "any":
            raise typer.BadParameter("a saved filter takes no other filter.", param_hint="--saved")
        kept = saved_filters.find_filter(actor, database, found.id, "extracts", saved)
        _say_gone(kept.gone)
        chosen_filter = saved_filters.extract_filter(kept.settings)
    else:
        chosen_filter = extracts.make_filter(
            actor, database, found.id, codes=code or [], layer=layer, search=search,
            starred=chosen_star, quotable_only=quotable, of_nobody=speaker_not_known,
            documents=within,
        )  # fmt: skip
    written = extract_files.export_extracts(
        actor, database, found.id, out, chosen_filter, format=format, attributes=chosen,
        context=not no_context, include_withheld=include_withheld,
    )  # fmt: skip
    unquotable = extract_files.count_withheld(actor, database, found.id, chosen_filter)
    if unquotable:
        what = "included" if include_withheld else "withheld"
        say(f"{unquotable} of them may not be quoted: their words are {what}.")
    values: dict[str, Any] = {"file": str(out), "extracts": written}
    if unquotable:
        values["not_to_be_quoted"] = unquotable
    show(values, as_json=as_json, text=f"Wrote {count(written, 'extract')} to {out}.")
