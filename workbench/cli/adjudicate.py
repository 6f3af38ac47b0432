"""`workbench adjudicate`: what coders differ on, what they agree on, and how it was settled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, show
from workbench.domain.words import count
from workbench.errors import InputError, NotFound

adjudicate_app = typer.Typer(help="Settle what coders differ on.", no_args_is_help=True)
app.add_typer(adjudicate_app, name="adjudicate")


@adjudicate_app.command("list")
def list_open(
    context: typer.Context,
    study: STUDY_OPTION,
    code: Annotated[
        str, typer.Option(help="Only documents whose coders differ on this code: `Theme / Code`.")
    ] = "",
    offset: Annotated[int, typer.Option(min=0, help="Leave out so many of the first.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="At most so many documents.")] = 50,
    as_json: JSON_OPTION = False,
) -> None:
    """Say how far settling has come, and list the documents with differences to decide."""
    from workbench.domain.codebook import format_path
    from workbench.services.codebooks import codebook
    from workbench.services.team import adjudicate as service

    place = _place(context, study)
    codes = codebook.list_codes(*place, with_retired=True, with_counts=False)
    paths = {item.id: format_path(item.path) for item in codes}
    code_id = next((key for key, path in paths.items() if path.casefold() == code.casefold()), None)
    if code and code_id is None:
        raise NotFound(f"there is no code {code!r} in this study.")
    found = service.standing(*place)
    page, total = service.list_unsettled(*place, code_id=code_id, offset=offset, limit=limit)
    changed = service.name_changed(*place, found.changed)
    values: dict[str, Any] = {
        "n_finished": found.n_finished, "n_settled": found.n_settled, "n_open": found.n_open,
        "n_without_difference": found.n_clear, "n_agreed": found.n_agreed,
        "n_differences": found.n_differences,
        "by_code": [{"code": paths.get(key, ""), "n_differences": n} for key, n in found.by_code],
        "changed": [label for _, label in changed],
        "n_documents": total,
        "documents": [
            {"document_id": item.document_id, "document": item.label, "question": item.question,
             "n_differences": item.n_differences, "n_agreed": item.n_agreed}
            for item in page
        ],
    }  # fmt: skip
    show(values, as_json=as_json, text=_as_text(values))


@adjudicate_app.command("accept")
def accept_agreed(
    context: typer.Context,
    study: STUDY_OPTION,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would enter; change nothing.")
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Let what all coders agree on enter the consensus; settle what holds no difference.

    It can be taken back on the page Adjudicate.
    """
    from workbench.services.team import adjudicate as service

    place = _place(context, study)
    if dry_run:
        found = service.standing(*place)
        n_codings, n_settled = found.n_agreed, found.n_clear
    else:
        n_codings, n_settled = service.accept_agreed(*place)
    would = "would enter" if dry_run else "entered"
    be = "would be settled" if dry_run else "settled"
    show(
        {"codings": n_codings, "settled": n_settled, "dry_run": dry_run},
        as_json=as_json,
        text=f"{count(n_codings, 'agreed coding')} {would} the consensus, "
        f"{count(n_settled, 'document')} {be}.",
    )


@adjudicate_app.command("export")
def export_decisions(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="A file ending in .csv or .xlsx.")],
    study: STUDY_OPTION,
    as_json: JSON_OPTION = False,
) -> None:
    """Write how each difference was settled, by whom and why; without participants' words."""
    from workbench.services.team import decision_files

    if out.is_dir():
        raise InputError(f"{out} is a folder.", hint="Name a file, such as decisions.csv.")
    table = decision_files.decisions_table(*_place(context, study))
    decision_files.write_decisions(table, out)
    n = len(table.rows)
    show({"file": str(out), "decisions": n}, as_json=as_json,
         text=f"Wrote {count(n, 'decision')} to {out}.")  # fmt: skip


def _place(context: typer.Context, study: str) -> tuple[Any, Any, int]:
    actor, database, found = context.obj.enter_study(study)
    return actor, database, found.id


def _as_text(values: dict[str, Any]) -> str:
    lines = [
        f"{count(values['n_finished'], 'document')} done by two or more: "
        f"{values['n_settled']:,} settled, {values['n_open']:,} open, "
        f"{values['n_without_difference']:,} of these without a difference",
        f"{count(values['n_differences'], 'difference')} to decide, "
        f"{count(values['n_agreed'], 'agreed coding')} not in the consensus yet",
    ]
    lines += [f"  {item['code']}: {item['n_differences']:,}" for item in values["by_code"]]
    lines += [
        f"{item['document']} · {item['question']}: {count(item['n_differences'], 'difference')}, "
        f"{item['n_agreed']:,} agreed (document {item['document_id']})"
        for item in values["documents"]
    ]
    left = values["n_documents"] - len(values["documents"])
    lines += [f"and {count(left, 'document')} more"] if left else []
    lines += [f"Changed since it was settled: {label}" for label in values["changed"]]
    return "\n".join(lines)
