"""`workbench ingest transcript`: bring focus groups into a study."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, say, show
from workbench.cli.imports import ingest_app
from workbench.domain.words import count

if TYPE_CHECKING:
    from workbench.domain.documents import BadRow
    from workbench.services.discussions.transcript_batch import BatchReport, Brought


@ingest_app.command("transcript")
def ingest_transcript(
    context: typer.Context,
    sources: Annotated[
        list[Path],
        typer.Argument(help="Transcripts of focus groups, or folders of them."),
    ],
    study: STUDY_OPTION,
    name: Annotated[str, typer.Option(help="What the group is called. Default: by its file.")] = "",
    series: Annotated[
        str, typer.Option(help="The round or kind of groups that it belongs to.")
    ] = "",
    date: Annotated[str, typer.Option(help="The day, as 2022-02-14.")] = "",
    participants: Annotated[
        list[Path] | None,
        typer.Option(
            help="A table with the columns speaker, respondent, role, focus group, and attributes. "
            "Several times for several."
        ),
    ] = None,
    facilitator: Annotated[
        list[str] | None,
        typer.Option(help="Somebody who asks the questions, by name in the file."),
    ] = None,
    unknown: Annotated[
        list[str] | None, typer.Option(help="What looks like a speaker's name and is none.")
    ] = None,
    keep_names: Annotated[
        bool, typer.Option("--keep-names", help="Show real names instead of Participant 1, 2 ...")
    ] = False,
    encoding: Annotated[
        str,
        typer.Option(
            help="How text files (VTT, SRT, TXT, MD) are read, such as windows-1251. Default: "
            "found out, with a warning where that was a guess."
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")
    ] = False,
    as_json: JSON_OPTION = False,
) -> None:
    """Bring transcripts of focus groups into a study, or correct those that are there."""
    from workbench.services import files
    from workbench.services.discussions import transcript_batch
    from workbench.services.discussions.participants import read_people

    people = [read_people(files.read_table(path, path.name)) for path in participants or ()]
    actor, database, found = context.obj.enter_study(study)
    options = transcript_batch.Options(
        name,
        series,
        date,
        tuple(facilitator or ()),
        tuple(unknown or ()),
        keep_names,
        dry_run,
        encoding,
    )
    report = transcript_batch.ingest_transcripts(
        actor,
        database,
        found.id,
        sources,
        options,
        people=people,
        on_file=_tell if sys.stderr.isatty() and not as_json else None,
    )
    for table, row in _bad_rows(report, dry_run=dry_run):
        say(f"{table}, row {row.row}: {row.message}")
    for warning in report.warnings:
        say(warning)
    for item in report.refused:
        say(f"{item.filename}: {item.message}")
    show(_values(report, dry_run=dry_run), as_json=as_json, text=_text(report, dry_run=dry_run))
    if not report.groups:
        raise typer.Exit(1)


def _tell(n: int, name: str) -> None:
    sys.stderr.write(f"\r\033[K{n + 1:,}  {_printable(name[-60:])}\r")
    sys.stderr.flush()


def _bad_rows(report: BatchReport, *, dry_run: bool) -> list[tuple[str, BadRow]]:
    """Give the rows that could not be used, each with its table.

    Only a dry run quotes cells, which may hold names.
    """
    from workbench.services.discussions.people_tables import of_tables
    from workbench.services.surveys.ingest_report import without_words

    tables = of_tables(report.people, report.bad_rows) if report.people else {}
    return [
        (table, row if dry_run else replace(row, message=without_words(row.message)))
        for table, rows in tables.items()
        for row in rows
    ]


def _values(report: BatchReport, *, dry_run: bool) -> dict[str, object]:
    return {
        "new": report.count("new"),
        "changed": report.count("changed"),
        "unchanged": report.count("unchanged"),
        "refused": [
            {"filename": item.filename, "message": item.message} for item in report.refused
        ],
        "groups": [item.as_dict(with_names=dry_run) for item in report.groups],
        "bad_rows": [
            {"table": table, "row": row.row, "column": row.column, "message": row.message}
            for table, row in _bad_rows(report, dry_run=dry_run)
        ],
        "warnings": report.warnings,
        "dry_run": dry_run,
    }


def _text(report: BatchReport, *, dry_run: bool) -> str:
    lines = [line for item in report.groups for line in _lines(item, dry_run=dry_run)]
    lead = "Would bring in" if dry_run else "Brought in"
    lines.append(
        f"{lead} {count(report.count('new'), 'new focus group')}; "
        f"{report.count('changed')} corrected, {report.count('unchanged')} unchanged, "
        f"{len(report.refused)} refused."
    )
    return "\n".join(lines)


def _lines(item: Brought, *, dry_run: bool) -> list[str]:
    report = item.report
    codings = (
        f"; {count(report.codings_kept, 'coding')} carried over, {report.codings_flagged} to be "
        "placed again"
        if report.codings_kept or report.codings_flagged
        else ""
    )
    lines = [
        f"{_printable(report.name)} ({report.outcome}): {count(report.turns, 'turn')}, "
        f"{count(report.words, 'word')}, of which {report.words_of_nobody:,} count for "
        f"nobody{codings}."
    ]
    lines += [f"  {warning}" for warning in report.warnings]
    if dry_run and item.proposal.words_of_nobody:
        proposal = item.proposal
        lines.append(
            _printable(
                f"  nobody is named: {count(proposal.turns_of_nobody, 'turn')}, "
                f"{count(proposal.words_of_nobody, 'word')}, such as "
                f"{proposal.sample_of_nobody!r}."
            )
        )
    new = set(report.respondents_new)
    for speaker in item.proposal.speakers if dry_run else ():
        plan = speaker.plan
        whose = plan.respondent or ("" if plan.role == "facilitator" else "nobody")
        made = " (new)" if whose in new else ""
        given = ", ".join(plan.names)
        lines.append(
            _printable(
                f"  {given} -> {plan.name}, {plan.role}{f', {whose}{made}' if whose else ''}: "
                f"{count(speaker.turns, 'turn')}, {count(speaker.words, 'word')}. {speaker.why}"
            )
        )
    return lines


def _printable(text: str) -> str:
    """Write names of a file so that no sign of theirs steers the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
