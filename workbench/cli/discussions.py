"""`workbench discussions`: a study's focus groups, who speaks in them, and who talks to whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import JSON_OPTION, STUDY_OPTION, app, say, show
from workbench.domain.words import count

if TYPE_CHECKING:
    from workbench.services.discussions.interactions import Across, TalkFigures


@app.command("discussions")
def discussions(
    context: typer.Context,
    study: STUDY_OPTION,
    group: Annotated[str, typer.Option(help="The name of one focus group.")] = "",
    series: Annotated[str, typer.Option(help="Only the focus groups of this series.")] = "",
    skip_facilitators: Annotated[
        bool,
        typer.Option(
            "--skip-facilitators",
            help="With --group: look through a facilitator who speaks in between.",
        ),
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="Also write the figures to this .csv or .xlsx file.")
    ] = None,
    as_json: JSON_OPTION = False,
) -> None:
    """List focus groups with their figures, or tell who talks to whom in one."""
    from workbench.domain.interactions_words import cautions
    from workbench.services.discussions import interactions as service
    from workbench.services.discussions import interactions_files

    actor, database, found = context.obj.enter_study(study)
    figures: TalkFigures | Across
    if group:
        key = service.find_discussion(actor, database, found.id, group)
        figures = one = service.talk_of_group(
            actor, database, found.id, key, skip_facilitators=skip_facilitators
        )
        for caution in cautions(one.found):
            say(caution)
        text = _one(one)
    else:
        figures = service.talk_across(actor, database, found.id, series=series or None)
        text = _all(figures)
    if output is not None:
        interactions_files.export_talk(figures, output)
        say(f"Written: {output}")
    show(figures.as_dict(), as_json=as_json, text=text)


def _one(found: TalkFigures) -> str:
    from workbench.domain.interactions_words import in_words, whole_percent

    talk = found.found
    lines = [
        f"{item.name or 'nobody named'} | {item.role or 'unknown'} | "
        f"{count(item.n_turns, 'turn')} | {count(item.n_words, 'word')} | "
        f"{whole_percent(item.share)}"
        for item in (*talk.speakers, *([talk.nobody] if talk.nobody else []))
    ]
    return "\n".join([*lines, *in_words(talk)]) or "Nothing is said in this group."


def _all(found: Across) -> str:
    from workbench.domain.interactions_words import figure, whole_percent

    lines = [
        f"{item.group.name} | {item.group.series or 'no series'} | "
        f"{item.group.held_on or 'no date'} | {count(item.found.n_words, 'word')} | "
        f"{count(item.found.n_turns, 'turn')} | "
        f"{count(len(item.found.participants), 'participant')} | "
        f"inequality {figure(item.found.inequality)} | "
        f"among participants {whole_percent(item.found.share_among)}"
        for item in found.groups
    ]
    return "\n".join(lines) or "There are no focus groups yet."
