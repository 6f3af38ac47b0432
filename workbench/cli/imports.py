"""`workbench ingest`: bring files into a study, see what came in, take the last one back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.domain.words import count

if TYPE_CHECKING:
    from workbench.domain.codings import Actor
    from workbench.domain.documents import Survey
    from workbench.services.files import ColumnMapping, Grid
    from workbench.services.opening import Database
    from workbench.services.surveys.imports import Batch, ChangedText
    from workbench.services.surveys.ingest import IngestReport

LISTED = 20
"""Lines of each list that a dry run prints; `--json` gives all."""

ingest_app = typer.Typer(help="Bring files into a study.", no_args_is_help=True)
app.add_typer(ingest_app, name="ingest")


class Duplicates(StrEnum):
    """Which of the rows that share an id go in."""

    FIRST = "first"
    LAST = "last"
    SEPARATE = "separate"


@ingest_app.command("survey")
def ingest_survey(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A survey as CSV, Excel, ODS or SPSS file.")],
    study: STUDY_OPTION,
    mapping: Annotated[
        Path | None,
        typer.Option(
            help="What the columns mean, as YAML. Default: as in the study's last import, "
            "where that fits; else proposed from the content."
        ),
    ] = None,
    survey: Annotated[
        str,
        typer.Option(help="Which of the study's surveys it belongs to, or a new one's name."),
    ] = "",
    duplicates: Annotated[
        Duplicates | None,
        typer.Option(
            help="Rows that share an id: take the first, the last, or each as a person of their "
            "own. Default: as the mapping says; without that such rows stop the import."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, with lists of the changes.")
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Bring a survey into a study, or bring in what is new since the last time."""
    from workbench.services import files
    from workbench.services.surveys import columns, ingest

    grid = files.read_table(file, file.name)
    actor, database = context.obj.enter()
    chosen = _mapping(actor, database, study, grid, mapping, survey or "")
    chosen = columns.with_settled_ids(grid, chosen)
    if survey:
        chosen = columns.with_survey(chosen, survey)
    if duplicates is not None:
        chosen = columns.with_duplicates(chosen, duplicates.value)
    read = files.read_survey(grid, chosen)
    report = ingest.ingest_survey(
        actor, database, study, read, mapping=files.mapping_text(chosen), dry_run=dry_run
    )
    _warn(report, file.name, dry_run=dry_run)
    values, lines = report.as_dict(), [_figures(report, dry_run=dry_run)]
    if dry_run:
        changed = _changed_texts(actor, database, report, read, None if as_json else LISTED)
        values["changes"] = _lists(report, changed)
        lines += _listed(report, changed)
    show(values, as_json=as_json, text="\n".join(lines))


@ingest_app.command("history")
def history(context: typer.Context, study: STUDY_OPTION, as_json: JSON_OPTION = False) -> None:
    """List the files that were imported into a study, the newest first."""
    from workbench.services.surveys import imports

    actor, database, found = context.obj.enter_study(study)
    listed = imports.list_imports(actor, database, found.id)
    show(
        {"study": found.name, "imports": [_told(batch) for batch in listed]},
        as_json=as_json,
        text="\n".join(map(_line, listed)) or "Nothing has been imported yet.",
    )


@ingest_app.command("undo")
def undo(context: typer.Context, study: STUDY_OPTION, as_json: JSON_OPTION = False) -> None:
    """Take back the last import into a study, where nobody has built on it."""
    from workbench.services.surveys import imports

    actor, database, found = context.obj.enter_study(study)
    done = imports.undo_import(actor, database, found.id)
    values = {
        "study": found.name, "file": done.file_name, "kind": done.kind,
        "respondents": done.respondents, "answers": done.answers,
        "changed_answers": done.changed_answers, "documents": done.documents,
        "codes": done.codes, "codings": done.codings, "study_gone": bool(done.study_gone),
    }  # fmt: skip
    if done.codings is None:  # people are coding blindly
        del values["codings"]
    show(values, as_json=as_json, text=done.in_words)


def _mapping(
    actor: Actor, database: Database, study: str, grid: Grid, given: Path | None, survey: str
) -> ColumnMapping:
    from workbench.services import files
    from workbench.services.surveys import columns

    if given is not None:
        return files.read_mapping(files.read_text(given), str(given))
    saved = columns.saved_mapping(actor, database, study, grid, survey)
    if saved is not None:
        say("Using the mapping of the last import into this study.")
        return saved
    proposal = files.propose_roles(grid)
    for column in proposal.columns:
        say(f"{column.column}: {column.role} ({column.reason})")
    return proposal.to_mapping()


def _warn(report: IngestReport, file_name: str, *, dry_run: bool) -> None:
    if report.study_created and not dry_run:
        say(f"Made the study {report.study}.")
    for why, n_rows in report.excluded.items():
        say(f"Left out by a rule: {why}: {count(n_rows, 'row')}.")
    for warning in report.warnings:
        say(warning)
    for rows in report.undecided:
        say(f"{file_name}: rows {', '.join(map(str, rows))} share a respondent id; not decided.")
    for bad in report.bad_rows:
        say(f"{file_name}, row {bad.row}: {bad.message}")


def _figures(report: IngestReport, *, dry_run: bool) -> str:
    return (
        f"{'Would bring in' if dry_run else 'Brought in'} "
        f"{count(report.respondents_new, 'new respondent')} "
        f"and {count(report.answers_new, 'new answer')}; "
        f"{count(report.answers_changed, 'answer')} changed, "
        f"{report.answers_unchanged} unchanged, {report.answers_blank} blank, "
        f"{report.answers_not_asked} not asked, {report.answers_awaiting_transcript} awaiting "
        f"their transcript; {count(report.values_changed, 'value')} changed, "
        f"{report.values_set_by_hand} set by hand and kept; "
        f"{count(report.codings_reanchored, 'coding')} carried over, "
        f"{report.codings_flagged} to be placed again; "
        f"{count(report.respondents_missing, 'respondent')} not in this file; "
        f"{count(len(report.bad_rows), 'bad row')}."
    )


def _changed_texts(
    actor: Actor, database: Database, report: IngestReport, survey: Survey, limit: int | None
) -> list[ChangedText]:
    from workbench.services.surveys import imports, ingest

    changed = report.changes.answers[:limit]
    texts = ingest.answers_of_rows(survey, {item.row for item in changed})
    return imports.load_changes(actor, database, changed, texts)


def _lists(report: IngestReport, changed: Sequence[ChangedText]) -> dict[str, Any]:
    lists = report.changes.as_dict()
    for values, item in zip(lists["answers"], changed, strict=False):
        values |= {"old": item.old, "new": item.new}
    return lists


def _listed(report: IngestReport, changed: Sequence[ChangedText]) -> list[str]:
    changes = report.changes
    lines: list[str] = []
    _add(lines, "New respondents", changes.respondents, lambda item: item.respondent)
    _add(lines, "Changed answers", changes.answers, None)
    for text in changed:
        lines += _side_by_side(text)
    _add(lines, "New answers of known respondents", changes.filled, _place)
    _add(lines, "Changed values", changes.values, _value)
    _add(lines, "Blank here and kept", changes.kept, _place)
    _add(lines, "Not in this file, and kept", changes.missing, str)
    return lines


def _add(
    lines: list[str], title: str, items: Sequence[Any], tell: Callable[[Any], str] | None
) -> None:
    if not items:
        return
    more = f", the first {LISTED}" if len(items) > LISTED else ""
    lines.append(f"{title} ({len(items):,}{more}):")
    if tell is not None:
        lines += [f"  {tell(item)}" for item in items[:LISTED]]


def _side_by_side(shown: ChangedText) -> list[str]:
    from workbench.domain.side_by_side import shortened, side_by_side

    answer = shown.answer
    old, new = side_by_side(shown.old, shown.new)
    codings = ""
    if answer.n_carried or answer.n_flagged:
        carried = count(answer.n_carried, "coding")
        codings = f": {carried} carried over, {answer.n_flagged} to be placed again"
    return [
        f"  row {answer.row}, {answer.respondent}, {answer.question}{codings}",
        f"    - {_one_line(part.text for part in shortened(old))}",
        f"    + {_one_line(part.text for part in shortened(new))}",
    ]


def _one_line(texts: Iterable[str]) -> str:
    """Write words of a participant so that no sign of theirs steers the terminal."""
    flat = " ".join("".join(texts).split())
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in flat)


def _place(item: Any) -> str:
    return f"row {item.row}, {item.respondent}, {item.question}"


def _value(item: Any) -> str:
    if item.hidden:
        return f"row {item.row}, {item.respondent}, {item.attribute}: changed (identifying)"
    before, after = (_one_line([" | ".join(values)]) for values in (item.before, item.after))
    return f"row {item.row}, {item.respondent}, {item.attribute}: {before or 'none'} -> {after}"


def _told(batch: Batch) -> dict[str, Any]:
    return {
        "file": batch.file_name,
        "kind": batch.kind,
        "survey": batch.survey,
        "by": batch.actor,
        "imported_at": batch.created_at,
        "undone_at": batch.undone_at,
        "can_be_undone": batch.can_be_undone,
        "mapping": batch.mapping,
        "report": dict(batch.report),
    }


def _line(batch: Batch) -> str:
    from workbench.services.surveys import imports

    report = batch.report
    undone = f" (taken back {batch.undone_at[:10]})" if batch.undone_at else ""
    survey = f", {batch.survey}" if batch.survey else ""
    figures = (
        f"{report.get('respondents_new', 0)} new respondents, {report.get('answers_new', 0)} new "
        f"and {report.get('answers_changed', 0)} changed answers"
        if batch.kind == "survey"
        else imports.figures_of(batch) or "nothing but what is known by other names"
    )
    return (
        f"{batch.created_at[:16].replace('T', ' ')} {batch.file_name}{survey}, by {batch.actor}: "
        f"{figures}{undone}"
    )
