"""Interaction files: the figures of one focus group, or of all, as CSV and XLSX; pictures of them.

In: what `interactions` has worked out. Out: bytes, or a chart. Nothing is counted here. Files name
speakers as the study shows them, and hold nobody's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from pipelines.export.files import replacing
from pipelines.export.flat_file import FlatFormat, flat_file, flat_format
from pipelines.export.table import FlatTable, TableCell
from workbench.domain.interactions import busiest
from workbench.domain.interactions_words import LIMITS, SOURCES, cautions, in_words
from workbench.errors import ExportError
from workbench.services.coding.extracts import readable_date
from workbench.services.discussions.interactions import Across, TalkCode, TalkFigures, summary
from workbench.store.clock import now

if TYPE_CHECKING:
    from pipelines.summarise.chart import Chart

TalkFormat: TypeAlias = FlatFormat
PictureKind = Literal["speakers", "followed", "timeline"]
PictureFormat = Literal["png", "svg"]

BLIND = "This group is coded blindly: of codings, only your own are in here."
UNKNOWN = "(nobody named)"
MOST_IN_MAP = 24
"""Rows and columns of a map of who speaks after whom, on the page and in its picture."""


def talk_file(found: TalkFigures, *, format: TalkFormat) -> bytes:
    """Give one group's figures as the bytes of a file.

    CSV has a row per speaker. XLSX also has who speaks after whom, codes in exchanges, and on the
    sheet "About" what the figures are and are not.
    """
    about = [
        ("Group", found.group.name),
        *(("In words", line) for line in in_words(found.found)),
        *(
            ("Note", line)
            for line in (*cautions(found.found), *([BLIND] if found.is_blind else ()))
        ),
    ]
    tables = [speaker_table([found]), followed_table([found]), code_table(found.codes)]
    return flat_file(tables, _about(found.study, about), format=format)


def across_file(found: Across, *, format: TalkFormat) -> bytes:
    """Give all groups' figures as the bytes of a file.

    CSV has a row per group. XLSX also has series, speakers, who speaks after whom, and codes.
    """
    about = [("Groups", f"{len(found.groups):,}")]
    if any(item.is_blind for item in found.groups):
        about.append(("Note", "Of groups that are coded blindly, only your own codings count."))
    groups, people = found.groups, [speaker_table(found.groups), followed_table(found.groups)]
    tables = [group_table(groups), series_table(found), *people, code_table(found.codes)]
    return flat_file(tables, _about(found.study, about), format=format)


def export_talk(found: TalkFigures | Across, path: Path) -> None:
    """Write figures to a file ending in .csv or .xlsx, whole or not at all.

    Raises
    ------
    ExportError
        When the name ends otherwise, or the file cannot be written.
    """
    format = flat_format(path)
    content = (
        across_file(found, format=format)
        if isinstance(found, Across)
        else talk_file(found, format=format)
    )
    with replacing(path) as stream:
        stream.write(content)


def group_table(groups: Sequence[TalkFigures]) -> FlatTable:
    """Give a row per group; its names of columns are those of the JSON."""
    rows = [summary(item.group, item.found) for item in groups]
    header = tuple(rows[0]) if rows else ("group",)
    shares = tuple(place for place, name in enumerate(header) if "share" in name)
    return FlatTable("Groups", header, tuple(tuple(row.values()) for row in rows), shares)


def series_table(found: Across) -> FlatTable:
    """Give a row per series."""
    header = ("series", "groups", "participants", "words", "inequality_median", "share_among")
    rows: list[tuple[TableCell, ...]] = [
        (item.series, item.n_groups, item.n_participants, item.n_words, item.inequality,
         item.share_among)
        for item in found.series
    ]  # fmt: skip
    return FlatTable("Series", header, tuple(rows), (5,))


def speaker_table(groups: Sequence[TalkFigures]) -> FlatTable:
    """Give a row per speaker of each group."""
    header = ("group", "series", "speaker", "role", "turns", "words", "share_of_words",
              "longest_turn_words", "median_turn_words", "minutes", "share_of_time",
              "after_facilitator", "after_participants")  # fmt: skip
    rows: list[tuple[TableCell, ...]] = []
    for item in groups:
        people = (*item.found.speakers, *([item.found.nobody] if item.found.nobody else ()))
        rows += [
            (item.group.name, item.group.series, one.name or UNKNOWN, one.role or "unknown",
             one.n_turns, one.n_words, one.share, one.longest, one.median,
             None if one.spoken_ms is None else round(one.spoken_ms / 60_000, 2), one.time_share,
             one.after_facilitator, one.after_participants)
            for one in people
        ]  # fmt: skip
    return FlatTable("Speakers", header, tuple(rows), (6, 10))


def followed_table(groups: Sequence[TalkFigures]) -> FlatTable:
    """Give a row per two people of whom the one speaks directly after the other."""
    rows = tuple(
        (item.group.name, one, other, n)
        for item in groups
        for (one, other), n in sorted(item.found.followed.items())
    )
    return FlatTable("Who after whom", ("group", "speaker", "next_speaker", "times"), rows)


def code_table(codes: Sequence[TalkCode]) -> FlatTable:
    """Give a row per code, with whose turns its exchanges join."""
    header = ("code", "groups", "mentions", "exchanges", "question_and_answer", "joined")
    rows = tuple(
        (item.name, item.n_groups, item.found.n_mentions, item.found.n_exchanges,
         item.found.n_with_facilitator, joined_in_words(item))
        for item in codes
    )  # fmt: skip
    return FlatTable("Codes in exchanges", header, rows)


def joined_in_words(item: TalkCode, most: int = 1_000) -> str:
    """Write whose turns a code's exchanges join: "P1, P2 (3); P1, P4".

    A code that is told of over several groups joins nobody: names stand for others there.
    """
    parts = [
        f"{', '.join(names)} ({n:,})" if n > 1 else ", ".join(names)
        for names, n in item.found.joined[:most]
    ]
    rest = len(item.found.joined) - len(parts)
    return "; ".join([*parts, *([f"and {rest:,} more"] if rest else [])])


def _about(study: str, lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        ("Study", study),
        ("Written", readable_date(now())),
        *lines,
        *(("What it is", f"{name}: {text}") for name, text in SOURCES.items()),
        *(("What it is not", text) for text in LIMITS),
    ]


def names_in_map(found: TalkFigures, most: int = MOST_IN_MAP) -> tuple[str, ...]:
    """Name those whom a map of who speaks after whom has room for: those with most turns."""
    return busiest(found.found, most, participants_only=found.skips_facilitators)


def picture(found: TalkFigures, kind: PictureKind, *, dark: bool = False) -> Chart | None:
    """Draw one group; None where there is nothing to draw."""
    from pipelines.summarise import talk_chart

    talk = found.found
    if not talk.n_turns:
        return None
    people = [*talk.speakers, *([talk.nobody] if talk.nobody else [])]
    if kind == "speakers":
        title = f"Words and turns in {found.group.name}, by speaker"
        return talk_chart.speaker_bars(people, title=title, dark=dark)
    if kind == "timeline":
        title = f"Who speaks when in {found.group.name}"
        return talk_chart.timeline(talk.spoken, people, title=title, dark=dark)
    shown = names_in_map(found)
    title = f"Who speaks after whom in {found.group.name}"
    return talk_chart.followed_map(talk.followed, shown, title=title, dark=dark)


def picture_file(found: TalkFigures, kind: PictureKind, *, format: PictureFormat) -> bytes:
    """Give a picture as the bytes of a file, in light colours."""
    from pipelines.summarise.chart import to_png, to_svg

    chart = picture(found, kind)
    if chart is None:
        raise ExportError("nothing is said in this group, so there is no picture.")
    return to_png(chart) if format == "png" else to_svg(chart).encode()
