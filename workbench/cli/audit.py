"""`workbench audit`: the trail as a list, verified, as a file; and the methods appendix."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.domain.words import count
from workbench.errors import InputError, NotFound

if TYPE_CHECKING:
    from workbench.domain.codings import Actor
    from workbench.domain.trail import EventFilter
    from workbench.services.opening import Database

audit_app = typer.Typer(help="See what was done, and verify it.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")

LEFT_OUT = (
    "Documents are coded blind: what others do on them is left out until they open, and numbers "
    "and hashes of events are not told."
)
EVERY = 100_000
"""Events between two lines of progress."""

PERSON = Annotated[str, typer.Option(help="Only what this person did.")]
DOCUMENT = Annotated[
    str, typer.Option(help="Only on this document: a respondent's ref, or `REF, QUESTION`.")
]
CODE = Annotated[str, typer.Option(help="Only with this code, as `Theme / Sub-theme`.")]
KIND = Annotated[
    str,
    typer.Option(
        help="Coding, Reading, Memos, Codebook, Groups, Imports, Transcripts, Exports, Undo and "
        "redo, or Other; or one verb, such as recode."
    ),
]
BEGIN = Annotated[str, typer.Option("--from", help="From this day on, as 2022-02-14 (UTC).")]
END = Annotated[str, typer.Option("--to", help="Up to and with this day, as 2022-02-14 (UTC).")]
SEARCH = Annotated[str, typer.Option(help="Only where this stands in the label.")]


@audit_app.command("list")
def list_events(
    context: typer.Context,
    study: STUDY_OPTION,
    person: PERSON = "",
    document: DOCUMENT = "",
    code: CODE = "",
    kind: KIND = "",
    begin: BEGIN = "",
    end: END = "",
    search: SEARCH = "",
    offset: Annotated[int, typer.Option(min=0, help="Leave out so many of the newest.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: JSON_OPTION = False,
) -> None:
    """List what was done, newest first."""
    from workbench.services.trail import audit

    actor, database, found = context.obj.enter_study(study)
    where = _filter(actor, database, found.id, person, document, code, kind, begin, end, search)
    entries = audit.list_events(actor, database, found.id, where, offset=offset, limit=limit)
    total = audit.count_events(actor, database, found.id, where)
    left_out = audit.leaves_out(actor, database, found.id)
    if left_out:
        say(LEFT_OUT)
    lines = [
        f"{'' if item.number is None else f'{item.number} | '}{item.at} | {item.actor} | "
        f"{item.what}{' | taken back' if item.undone else ''}"
        for item in entries
    ]
    lines.append(f"{len(entries):,} of {count(total, 'step')}.")
    told = [{**asdict(item), "what": item.what} for item in entries]
    values = {"study": found.name, "total": total, "blind_left_out": left_out, "events": told}
    show(values, as_json=as_json, text="\n".join(lines))


@audit_app.command("verify")
def verify(
    context: typer.Context,
    study: STUDY_OPTION,
    noted: Annotated[
        list[str] | None,
        typer.Option(help="A hash noted earlier, as NUMBER=HASH; may be given several times."),
    ] = None,
    as_json: JSON_OPTION = False,
) -> None:
    """Walk the chain of events; exit with 1 where it is broken."""
    from workbench.services.trail import audit

    actor, database, found = context.obj.enter_study(study)
    known = dict(_noted(item) for item in noted or ())
    result = audit.verify(
        actor, database, found.id, noted=known, progress=None if as_json else _tell
    )
    if result.checked is None:
        say(LEFT_OUT)
    if result.holds:
        text = "The trail is whole."
        if result.checked is not None:
            text += f" {count(result.checked, 'event')} checked; the last hash is {result.head}."
    else:
        text = f"The trail breaks at event {result.broken_at}: {result.reason}."
    show({"study": found.name, **result.as_dict()}, as_json=as_json, text=text)
    if not result.holds:
        raise typer.Exit(1)


@audit_app.command("export")
def export(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="A file ending in .csv or .json.")],
    study: STUDY_OPTION,
    person: PERSON = "",
    document: DOCUMENT = "",
    code: CODE = "",
    kind: KIND = "",
    begin: BEGIN = "",
    end: END = "",
    search: SEARCH = "",
    as_json: JSON_OPTION = False,
) -> None:
    """Write the trail to a file, oldest first; a whole one as JSON can be verified elsewhere."""
    from workbench.services.trail import audit, trail_files

    actor, database, found = context.obj.enter_study(study)
    where = _filter(actor, database, found.id, person, document, code, kind, begin, end, search)
    if audit.leaves_out(actor, database, found.id):
        say(LEFT_OUT)
    n = trail_files.export_trail(actor, database, found.id, out, where)
    show({"file": str(out), "events": n}, as_json=as_json,
         text=f"{count(n, 'event')} written to {out}.")  # fmt: skip


@audit_app.command("methods")
def methods(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="A file ending in .docx or .md.")],
    study: STUDY_OPTION,
    as_json: JSON_OPTION = False,
) -> None:
    """Write the methods appendix: how the study was coded, in sentences and tables."""
    from workbench.services.trail import audit
    from workbench.services.trail import methods as service

    actor, database, found = context.obj.enter_study(study)
    if audit.leaves_out(actor, database, found.id):
        say(LEFT_OUT)
    n = service.export_methods(actor, database, found.id, out)
    show({"file": str(out), "sections": n}, as_json=as_json,
         text=f"{count(n, 'section')} written to {out}.")  # fmt: skip


def _tell(done: int, total: int) -> None:
    if done % EVERY == 0 and done < total:
        say(f"{done:,} of {total:,} events checked ...")


def _noted(written: str) -> tuple[int, str]:
    number, equals, digest = written.partition("=")
    if not equals or not number.strip().isdigit() or not digest.strip():
        raise typer.BadParameter(f"{written!r} is not written as NUMBER=HASH.",
                                 param_hint="--noted")  # fmt: skip
    return int(number), digest.strip().lower()


def _filter(
    actor: Actor, database: Database, study_id: int, person: str, document: str, code: str,
    kind: str, begin: str, end: str, search: str,
) -> EventFilter:  # fmt: skip
    from workbench.domain.trail import KINDS, OTHER, EventFilter

    kinds = {name.casefold(): name for name in (*KINDS, OTHER)}
    chosen = kinds.get(kind.strip().casefold(), "")
    return EventFilter(
        person_id=_person(actor, database, study_id, person),
        document_id=_document(actor, database, study_id, document),
        code_id=_code(actor, database, study_id, code),
        kind=chosen,
        verb="" if chosen else kind.strip(),
        begin=begin,
        end=end,
        search=search,
    )


def _person(actor: Actor, database: Database, study_id: int, name: str) -> int | None:
    from workbench.services.trail import audit

    if not name:
        return None
    people = {item.name.casefold(): item for item in audit.list_people(actor, database, study_id)}
    if name.casefold() not in people:
        known = ", ".join(item.name for item in people.values())
        raise NotFound(f"nobody named {name!r} works in this study. People: {known}.")
    return people[name.casefold()].id


def _document(actor: Actor, database: Database, study_id: int, label: str) -> int | None:
    from workbench.services.trail import audit

    if not label:
        return None
    ref = label.split(",")[0].strip()
    found = audit.find_documents(actor, database, study_id, ref)
    wanted = ", ".join(part.strip() for part in label.split(",")).casefold()
    exact = [item for item in found if item[1].casefold() == wanted]
    of_ref = [item for item in found if item[1].split(", ")[0].casefold() == wanted]
    fitting = exact or of_ref
    if len(fitting) != 1:
        labels = "; ".join(name for _, name in (fitting or found)[:10]) or "none"
        raise InputError(
            f"{label!r} does not name one document.", hint=f"Documents like it: {labels}."
        )
    return fitting[0][0]


def _code(actor: Actor, database: Database, study_id: int, path: str) -> int | None:
    from workbench.domain.codebook import format_path
    from workbench.services.codebooks import codebook

    if not path:
        return None
    codes = codebook.list_codes(actor, database, study_id, with_retired=True, with_counts=False)
    for item in codes:
        if format_path(item.path).casefold() == path.casefold():
            return item.id
    raise NotFound(f"there is no code {path!r} in this study.")
