"""`workbench memos`: what researchers have written down, found and exported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.domain.words import count
from workbench.errors import InputError, NotFound

if TYPE_CHECKING:
    from workbench.domain.codings import Actor
    from workbench.domain.memos import MemoFilter
    from workbench.services.opening import Database

memos_app = typer.Typer(help="Read and export memos.", no_args_is_help=True)
app.add_typer(memos_app, name="memos")

SEARCH = Annotated[str, typer.Option(help="Only with these words.")]
KIND = Annotated[
    str,
    typer.Option(
        help="Only on this kind of thing: study, codebook_version, code, respondent, document or "
        "coding."
    ),
]
AUTHOR = Annotated[str, typer.Option(help="Only written by this person.")]
CODE = Annotated[
    str, typer.Option(help="Only on this code, those below it, and their codings: `Theme / Code`.")
]
RESPONDENT = Annotated[
    str, typer.Option(help="Only on the respondent of this id, their answers and codings.")
]
PURPOSE = Annotated[str, typer.Option(help="positionality or reflexivity.")]
SINCE = Annotated[str, typer.Option(help="Written or changed on this day or later: 2022-02-14.")]
UNTIL = Annotated[str, typer.Option(help="Written on this day or earlier.")]
LINE = 100
"""Characters of a memo in a list."""


@memos_app.command("list")
def list_memos(
    context: typer.Context,
    study: STUDY_OPTION,
    search: SEARCH = "",
    kind: KIND = "",
    author: AUTHOR = "",
    code: CODE = "",
    respondent: RESPONDENT = "",
    purpose: PURPOSE = "",
    since: SINCE = "",
    until: UNTIL = "",
    as_json: JSON_OPTION = False,
) -> None:
    """List the threads of memos that you may see, the one written in last first."""
    from workbench.domain.text import snippet
    from workbench.services.memos import memo_list

    actor, database, found = context.obj.enter_study(study)
    where = _filter(actor, database, found.id, search=search, kind=kind, author=author, code=code,
                    respondent=respondent, purpose=purpose, since=since, until=until)  # fmt: skip
    page = memo_list.list_memos(actor, database, found.id, where, limit=1_000_000)
    threads: list[dict[str, Any]] = [
        {
            "on": thread.place.label,
            "kind": thread.place.kind,
            "memos": [
                {"author": item.author, "written": item.created_at, "changed": item.changed_at,
                 "purpose": item.purpose, "text": item.text}
                for item in thread.memos
            ],
        }
        for thread in page.threads
    ]  # fmt: skip
    lines = [f"{count(page.n_memos, 'memo')} in {count(page.n_threads, 'thread')}"]
    for thread in threads:
        lines.append(thread["on"])
        lines += [f"  {item['author']}, {item['written'][:10]}: {snippet(item['text'], LINE)}"
                  for item in thread["memos"]]  # fmt: skip
    values = {"n_memos": page.n_memos, "n_threads": page.n_threads, "threads": threads}
    show(values, as_json=as_json, text="\n".join(lines))


@memos_app.command("export")
def export_memos(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="A file ending in .docx, .md, .xlsx or .csv.")],
    study: STUDY_OPTION,
    search: SEARCH = "",
    kind: KIND = "",
    author: AUTHOR = "",
    code: CODE = "",
    respondent: RESPONDENT = "",
    purpose: PURPOSE = "",
    since: SINCE = "",
    until: UNTIL = "",
    format: Annotated[
        str | None, typer.Option(help="docx, md, xlsx or csv. Default: by the ending.")
    ] = None,
    include_withheld: Annotated[
        bool,
        typer.Option(
            "--include-withheld", help="Write memos about people who may not be quoted too."
        ),
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Write the memos that you may see, by thread; they may quote participants."""
    from workbench.services.memos import memo_files

    actor, database, found = context.obj.enter_study(study)
    if out.is_dir():
        raise InputError(f"{out} is a folder.", hint="Name a file, such as memos.docx.")
    where = _filter(actor, database, found.id, search=search, kind=kind, author=author, code=code,
                    respondent=respondent, purpose=purpose, since=since, until=until)  # fmt: skip
    made = memo_files.export_memos(
        actor, database, found.id, out, where, format=format, include_withheld=include_withheld
    )
    if made.n_unquotable:
        what = "included" if include_withheld else "withheld"
        say(f"{made.n_unquotable} of them are about people who may not be quoted: {what}.")
    values = {"file": str(out), "memos": made.n_memos, "threads": made.n_threads}
    if made.n_unquotable:
        values["not_to_be_quoted"] = made.n_unquotable
    show(values, as_json=as_json, text=f"Wrote {count(made.n_memos, 'memo')} to {out}.")


def _filter(actor: Actor, database: Database, study_id: int, **options: str) -> MemoFilter:
    """Look up what the options name."""
    from workbench.domain import memos
    from workbench.services.memos import memo_list

    for option, known in (("kind", memos.KINDS), ("purpose", memos.PURPOSES)):
        if options[option] and options[option] not in known:
            raise typer.BadParameter(
                f"{options[option]!r} is not {', '.join(known)}.", param_hint=f"--{option}"
            )
    author_id = None
    if options["author"]:
        known_by_name = {
            name.casefold(): key
            for key, name in memo_list.list_authors(actor, database, study_id).items()
        }
        author_id = known_by_name.get(options["author"].strip().casefold())
        if author_id is None:
            raise NotFound(f"there is no memo by {options['author']!r} that you may see.")
    return memos.MemoFilter(
        kind=cast("memos.TargetKind", options["kind"]) if options["kind"] else None,
        author_id=author_id,
        code_id=_code(actor, database, study_id, options["code"]),
        respondent_id=_respondent(actor, database, study_id, options["respondent"]),
        purpose=cast("memos.Purpose", options["purpose"]) if options["purpose"] else None,
        search=options["search"],
        since=options["since"],
        until=options["until"],
    )


def _code(actor: Actor, database: Database, study_id: int, path: str) -> int | None:
    if not path:
        return None
    from workbench.services.coding.extracts import make_filter

    return make_filter(actor, database, study_id, codes=[path]).code_ids[0]


def _respondent(actor: Actor, database: Database, study_id: int, ref: str) -> int | None:
    if not ref:
        return None
    from workbench.services.surveys import respondents

    wanted = respondents.RespondentFilter(search=ref)
    for item in respondents.list_respondents(actor, database, study_id, wanted, limit=100_000):
        if item.ref.casefold() == ref.strip().casefold():
            return item.id
    raise NotFound(f"the study has no respondent {ref!r}.")
