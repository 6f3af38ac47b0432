"""Options of commands that say whose and which texts are meant: groups, kind, series, and so on.

In: what a person types. Out: a `DocumentFilter`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.domain.codings import Actor, DocumentFilter, Transcripts
    from workbench.domain.documents import DocumentKind
    from workbench.services.opening import Database

KINDS: dict[str, DocumentKind] = {
    "answers": "answer",
    "voice-notes": "voice_note",
    "discussions": "focus_group",
    "other": "note",
}
TRANSCRIPTS = ("all", "checked", "drafts")

KIND_OPTION = Annotated[
    str,
    typer.Option(
        help="Only: answers (written ones), voice-notes, discussions (focus groups), or other."
    ),
]
SERIES_OPTION = Annotated[
    str,
    typer.Option(help="Only the focus groups of this series; 'In no series' for those without."),
]
GROUP_OPTION = Annotated[str, typer.Option(help="Only the focus group of this name.")]
WHERE_OPTION = Annotated[
    list[str] | None,
    typer.Option(
        help="Only respondents in this group, as `ATTRIBUTE=VALUE`; repeatable: values of one "
        "attribute mean any of them, several attributes all of them."
    ),
]
TRANSCRIPTS_OPTION = Annotated[
    str, typer.Option(help="all, checked (without machine drafts), or drafts (nothing else).")
]


def one_of(option: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a value that an option does not know.

    Raises
    ------
    typer.BadParameter
        When it is none of those that are known.
    """
    if value not in known:
        words = f"{', '.join(known[:-1])} or {known[-1]}"
        raise typer.BadParameter(f"{value!r} is not {words}.", param_hint=option)


def documents_of(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    kind: str = "",
    series: str = "",
    group: str = "",
    transcripts: str = "all",
    groups: Sequence[str] | None = None,
) -> DocumentFilter:
    """Make the filter that the options mean.

    Raises
    ------
    InputError
        When a group is not written as `ATTRIBUTE=VALUE`.
    NotFound
        When the study has no such series or focus group, attribute or value.
    """
    from workbench.domain.codings import DocumentFilter
    from workbench.services import sessions
    from workbench.services.counting import group_words
    from workbench.services.discussions import interactions

    one_of("--transcripts", transcripts, TRANSCRIPTS)
    if kind:
        one_of("--kind", kind, tuple(KINDS))
    if (series or group) and kind not in ("", "discussions"):
        raise typer.BadParameter(
            f"only discussions have a series or a group, not {kind}.", param_hint="--kind"
        )
    session_id = interactions.find_discussion(actor, database, study_id, group) if group else None
    return DocumentFilter(
        transcripts=None if transcripts == "all" else cast("Transcripts", transcripts),
        kind=KINDS[kind] if kind else None,
        series=sessions.find_series(actor, database, study_id, series) if series else None,
        session_id=session_id,
        groups=group_words.read_groups(actor, database, study_id, groups or ()),
    )


def not_with_saved(where: DocumentFilter) -> None:
    """Refuse options that narrow beside a saved filter, which says by itself what is meant.

    Raises
    ------
    typer.BadParameter
        When any of them is given.
    """
    from workbench.domain.codings import DocumentFilter

    if where != DocumentFilter():
        raise typer.BadParameter("a saved filter takes no other filter.", param_hint="--saved")
