"""`workbench team`: who belongs to a study, and who codes what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.domain.words import agree, count
from workbench.errors import NotFound

if TYPE_CHECKING:
    from workbench.domain.codings import Actor, DocumentFilter, Role
    from workbench.services.opening import Database
    from workbench.services.team.allocate import Preview, Way

team_app = typer.Typer(help="Say who belongs to a study and who codes what.", no_args_is_help=True)
app.add_typer(team_app, name="team")

NAME_ARGUMENT = Annotated[str, typer.Argument(help="The person's name.")]
QUESTION_OPTION = Annotated[
    str | None, typer.Option("--question", help="Only answers to this question, by its short name.")
]
CONFIRM_OPTION = Annotated[
    bool, typer.Option("--confirm", help="Also where people's blind codings show by it.")
]


@team_app.command("list")
def list_team(context: typer.Context, study: STUDY_OPTION, as_json: JSON_OPTION = False) -> None:
    """List the members with their roles and how far each has come."""
    from workbench.services.team import team

    actor, database, found = context.obj.enter_study(study)
    members = [
        {
            "name": item.name,
            "role": item.role or "removed",
            "joined_at": item.joined_at,
            "assigned": item.load.assigned,
            "blind": item.load.blind,
            "assigned_done": item.load.done,
            "done": item.n_done,
            "begun": item.n_begun,
            "codings": item.n_codings,
        }
        for item in team.list_members(actor, database, found.id)
    ]
    both = team.pairs(actor, database, found.id)
    pairs = [{"coders": [item.one, item.other], "documents": item.n} for item in both]
    is_open = team.is_open(actor, database, found.id)
    lines = [
        f"{item['name']}: {item['role']}, {item['assigned_done']} of {item['assigned']} "
        f"given done, {item['done']} done in all"
        for item in members
    ]
    lines += [f"{item.one} and {item.other}: {item.n} done by both" for item in both]
    lines.append("Everybody may join." if is_open else "Only people who are added may join.")
    show({"members": members, "pairs": pairs, "open": is_open}, as_json=as_json,
         text="\n".join(lines))  # fmt: skip


@team_app.command("add")
def add(
    context: typer.Context,
    name: NAME_ARGUMENT,
    study: STUDY_OPTION,
    role: Annotated[str, typer.Option("--role", help="owner, coder or viewer.")] = "coder",
    as_json: JSON_OPTION = False,
) -> None:
    """Let somebody join a study; its owners may."""
    from workbench.services.team import team

    actor, database, found = context.obj.enter_study(study)
    team.add_member(actor, database, found.id, name, cast("Role", role))
    show({"name": name, "role": role}, as_json=as_json, text=f"{name} joined as {role}.")


@team_app.command("role")
def set_role(
    context: typer.Context,
    name: NAME_ARGUMENT,
    role: Annotated[str, typer.Argument(help="owner, coder or viewer.")],
    study: STUDY_OPTION,
    as_json: JSON_OPTION = False,
) -> None:
    """Give a member another role; one owner remains at least."""
    from workbench.services.team import team

    actor, database, found = context.obj.enter_study(study)
    member = team.find_member(actor, database, found.id, name)
    team.set_role(actor, database, found.id, member.id, cast("Role", role))
    show({"name": member.name, "role": role}, as_json=as_json, text=f"{member.name}: {role}.")


@team_app.command("remove")
def remove(
    context: typer.Context, name: NAME_ARGUMENT, study: STUDY_OPTION, as_json: JSON_OPTION = False
) -> None:
    """Take somebody out of a study; what they coded stays."""
    from workbench.services.team import team

    actor, database, found = context.obj.enter_study(study)
    member = team.find_member(actor, database, found.id, name)
    team.remove_member(actor, database, found.id, member.id)
    show({"name": member.name, "role": "removed"}, as_json=as_json,
         text=f"{member.name} was removed. Their codings stay.")  # fmt: skip


@team_app.command("joining")
def joining(
    context: typer.Context,
    study: STUDY_OPTION,
    closed: Annotated[
        bool, typer.Option("--closed/--open", help="Whether only people who are added may join.")
    ],
    as_json: JSON_OPTION = False,
) -> None:
    """Say whether people join by beginning to work, or only where an owner adds them."""
    from workbench.services.team import team

    actor, database, found = context.obj.enter_study(study)
    team.set_open(actor, database, found.id, not closed)
    text = "Only people who are added may join." if closed else "Everybody may join."
    show({"open": not closed}, as_json=as_json, text=text)


@team_app.command("allocate")
def allocate_documents(
    context: typer.Context,
    study: STUDY_OPTION,
    way: Annotated[
        str, typer.Option("--way", help="everyone, split, or chosen: to those named with --coder.")
    ] = "split",
    coders: Annotated[
        list[str] | None, typer.Option("--coder", help="Who is to code; once for each person.")
    ] = None,
    overlap: Annotated[
        float, typer.Option("--overlap", help="Percent of documents that several people code.")
    ] = 0.0,
    readers: Annotated[
        int, typer.Option("--readers", help="How many people code such a document.")
    ] = 2,
    by: Annotated[
        str | None, typer.Option("--by", help="Share out evenly in the groups of this attribute.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same plan.")] = 1,
    blind: Annotated[
        bool, typer.Option("--blind", help="Hide people's work from each other until all are done.")
    ] = False,
    question: QUESTION_OPTION = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen.")] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Give documents out to be coded; what was given out before stays."""
    from workbench.services.surveys import attribute_traits
    from workbench.services.team import allocate, team

    if way not in ("everyone", "split", "chosen"):
        raise typer.BadParameter(f"{way!r} is not everyone, split or chosen.", param_hint="--way")
    actor, database, found = context.obj.enter_study(study)
    wanted = allocate.Wanted(
        _where(actor, database, found.id, question),
        tuple(team.find_member(actor, database, found.id, name).id for name in coders or ()),
        cast("Way", way),
        blind,
        overlap / 100,
        readers,
        attribute_traits.find(actor, database, found.id, by).id if by else None,
        seed,
    )
    act = allocate.preview if dry_run else allocate.apply
    plan = act(actor, database, found.id, wanted)
    if plan.n_other_way:
        say(
            agree("{n} {document stays|documents stay} as given out before: ", plan.n_other_way)
            + ("openly." if blind else "blind.")
        )
    show(_plan(plan, dry_run=dry_run), as_json=as_json, text=_plan_text(plan, dry_run=dry_run))


@team_app.command("unassign")
def unassign(
    context: typer.Context,
    study: STUDY_OPTION,
    coders: Annotated[list[str], typer.Option("--coder", help="From whom; once for each person.")],
    question: QUESTION_OPTION = None,
    confirm: CONFIRM_OPTION = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Take documents back from people; their codings stay."""
    from workbench.services.team import allocate, team

    actor, database, found = context.obj.enter_study(study)
    keys = [team.find_member(actor, database, found.id, name, with_left=True).id for name in coders]
    where = _where(actor, database, found.id, question)
    n = allocate.unassign(actor, database, found.id, where, keys, confirmed=confirm)
    show({"documents": n}, as_json=as_json, text=f"{count(n, 'document')} taken back.")


@team_app.command("open")
def open_up(
    context: typer.Context,
    study: STUDY_OPTION,
    question: QUESTION_OPTION = None,
    confirm: CONFIRM_OPTION = False,
    as_json: JSON_OPTION = False,
) -> None:
    """End blind coding: from now on all see each other's work. It cannot be undone."""
    from workbench.services.team import allocate

    actor, database, found = context.obj.enter_study(study)
    where = _where(actor, database, found.id, question)
    n = allocate.open_up(actor, database, found.id, where, confirmed=confirm)
    show({"documents": n}, as_json=as_json, text=f"{count(n, 'document')} opened.")


def _where(actor: Actor, database: Database, study_id: int, ref: str | None) -> DocumentFilter:
    from workbench.domain.codings import DocumentFilter
    from workbench.services.study import list_questions

    if ref is None:
        return DocumentFilter()
    known = {item.ref: item.id for item in list_questions(actor, database, study_id)}
    if ref not in known:
        raise NotFound(f"there is no question {ref!r}. Questions: {', '.join(known) or 'none'}.")
    return DocumentFilter(question_id=known[ref])


def _plan(plan: Preview, *, dry_run: bool) -> dict[str, Any]:
    return {
        "documents": plan.n_documents,
        "given": plan.n_given,
        "kept": plan.n_kept,
        "several": plan.n_several,
        "stay_other_way": plan.n_other_way,
        "shares": [
            {"group": item.stratum or None, "coder": item.coder, "new": item.n_new,
             "before": item.n_before}
            for item in plan.shares
        ],
        "dry_run": dry_run,
    }  # fmt: skip


def _plan_text(plan: Preview, *, dry_run: bool) -> str:
    verb = "would be given out" if dry_run else "given out"
    lines = [
        f"{plan.n_given:,} of {count(plan.n_documents, 'document')} {verb}; "
        f"{plan.n_several:,} to several people."
    ]
    for item in plan.shares:
        group = f"{item.stratum}, " if item.stratum else ""
        before = f", {item.n_before} before" if item.n_before else ""
        lines.append(f"{group}{item.coder}: {item.n_new} new{before}")
    return "\n".join(lines)
