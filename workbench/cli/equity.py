"""`workbench equity`: how much of the machine's words people changed, by group or language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show

if TYPE_CHECKING:
    from workbench.services.voice_notes.equity import EquityRow


@app.command("equity")
def equity(
    context: typer.Context,
    study: STUDY_OPTION,
    by: Annotated[str, typer.Option(help="An attribute of respondents, or language.")] = "language",
    as_json: JSON_OPTION = False,
) -> None:
    """Compare the machine's words with checked transcripts, by group or language."""
    from workbench.services.voice_notes import equity as service

    actor, database, found = context.obj.enter_study(study)
    report = service.equity_report(actor, database, found.id, by=by)
    for caution in report.cautions:
        say(caution)
    lines = [_line(row) for row in (report.total, *report.rows)]
    text = "\n".join([*lines, *service.in_words(report)])
    show(report.as_dict(), as_json=as_json, text=text)


def _line(row: EquityRow) -> str:
    from workbench.services.voice_notes.equity import percent

    if row.words is None:
        return f"{row.group} | hidden"
    changed, wer = (" ".join(percent(rate)).strip() for rate in (row.correction, row.wer))
    return (
        f"{row.group} | respondents {row.respondents} | notes checked {row.notes} | "
        f"not checked {row.drafts} | changed {changed} | word error rate {wer}"
    )
