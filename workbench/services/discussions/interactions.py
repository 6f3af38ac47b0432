"""Interactions: who speaks in a study's focus groups, how much and after whom; what is coded there.

In: one focus group, or a series of them. Out: figures, for the page, files and the command line.
Of codings, everybody gets what they may see: where a group is coded blindly, that is their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from workbench.domain.codebook import format_path
from workbench.domain.coded_talk import CodeInTalk, codes_in_talk
from workbench.domain.codings import Actor
from workbench.domain.interactions import (
    Interactions,
    SpeakerFigures,
    interactions,
    without_nobodies,
)
from workbench.domain.text import normalise
from workbench.errors import NotFound
from workbench.store import studies
from workbench.store.codebooks import codebook
from workbench.store.discussions import focus_groups
from workbench.store.discussions import interactions as store
from workbench.store.discussions.focus_groups import FocusGroup
from workbench.store.discussions.interactions import GroupProgress
from workbench.store.engine import Connection, Database

__all__ = ["Across", "Listed", "SeriesFigures", "TalkCode", "TalkFigures"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A focus group in the list, with how far coders have come."""

    group: FocusGroup
    progress: GroupProgress

    def as_dict(self) -> dict[str, Any]:
        """Give the group as plain values."""
        return _about(self.group) | {
            "speakers": self.group.n_speakers,
            "state": self.progress.own,
            "coders_done": self.progress.n_done,
            "coders_begun": self.progress.n_begun,
        }


@dataclass(frozen=True, slots=True)
class TalkCode:
    """A code with what is told of it; in several groups, `n_groups` have a coding of it."""

    name: str
    n_groups: int
    found: CodeInTalk


@dataclass(frozen=True, slots=True)
class TalkFigures:
    """The figures of one focus group. `is_blind`: it shows this reader their own codings alone."""

    study: str
    group: FocusGroup
    found: Interactions
    codes: tuple[TalkCode, ...]
    skips_facilitators: bool
    is_blind: bool

    def as_dict(self) -> dict[str, Any]:
        """Give the figures as plain values, for JSON."""
        return {
            "study": self.study,
            **summary(self.group, self.found),
            "skip_facilitators": self.skips_facilitators,
            "speakers": [_speaker(item) for item in _rows(self.found)],
            "followed": [
                {"speaker": one, "next": other, "times": n}
                for (one, other), n in self.found.followed.items()
            ],
            "codes": [_code(item) for item in self.codes],
        }


@dataclass(frozen=True, slots=True)
class SeriesFigures:
    """The groups of one series together.

    `inequality` is the median of the groups'; `share_among` is of all their turns together.
    """

    series: str
    n_groups: int
    n_participants: int
    n_words: int
    inequality: float | None
    share_among: float | None


@dataclass(frozen=True, slots=True)
class Across:
    """The figures of several focus groups, each alone and by series."""

    study: str
    groups: tuple[TalkFigures, ...]
    series: tuple[SeriesFigures, ...]
    codes: tuple[TalkCode, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the figures as plain values, for JSON."""
        return {
            "study": self.study,
            "groups": [summary(item.group, item.found) for item in self.groups],
            "series": [asdict(item) for item in self.series],
            "codes": [_code(item) for item in self.codes],
        }


def list_discussions(actor: Actor, database: Database, study_id: int) -> list[Listed]:
    """List a study's focus groups by series and name, with how far coders have come."""
    with database.read() as connection:
        groups = focus_groups.list_groups(connection, study_id)
        progress = store.progress_of(connection, actor.id, groups)
        return [Listed(item, progress[item.id]) for item in groups]


def talk_of_group(
    actor: Actor,
    database: Database,
    study_id: int,
    document_id: int,
    *,
    skip_facilitators: bool = False,
) -> TalkFigures:
    """Work out who speaks in one focus group, how much and after whom.

    Parameters
    ----------
    skip_facilitators
        Let a participant follow upon the one before, when only a facilitator spoke in between.

    Raises
    ------
    NotFound
        When the study has no such focus group.
    """
    with database.read() as connection:
        groups = focus_groups.list_groups(connection, study_id, document_id)
        if not groups:
            raise NotFound(f"the study has no focus group number {document_id}.")
        (found,) = _figures(connection, actor, study_id, groups, skip_facilitators)
        return found


def talk_across(
    actor: Actor, database: Database, study_id: int, *, series: str | None = None
) -> Across:
    """Work out the figures of all focus groups, or of those of one series.

    Parameters
    ----------
    series
        Empty: the groups that belong to none. None: all.
    """
    with database.read() as connection:
        groups = [
            item
            for item in focus_groups.list_groups(connection, study_id)
            if series is None or item.series == series
        ]
        found = tuple(_figures(connection, actor, study_id, groups, False))
        return Across(
            studies.get_study(connection, study_id).name,
            found,
            tuple(_by_series(found)),
            _codes_across(found),
        )


def find_discussion(actor: Actor, database: Database, study_id: int, group: str) -> int:
    """Find a focus group by its name, for the command line.

    Raises
    ------
    NotFound
        When the study has no focus group of this name.
    """
    with database.read() as connection:
        found = focus_groups.find_group(connection, study_id, normalise(group))
        if found is None:
            known = [item.name for item in focus_groups.list_groups(connection, study_id)]
            there = f"Its groups: {', '.join(known[:20])}." if known else "It has none."
            raise NotFound(f"the study has no focus group {group!r}. {there}")
        return found.id


def summary(group: FocusGroup, found: Interactions) -> dict[str, Any]:
    """Give the figures of a whole group as plain values."""
    return _about(group) | {
        "turns": found.n_turns,
        "words": found.n_words,
        "minutes": None if found.spoken_ms is None else round(found.spoken_ms / 60_000, 1),
        "participants": len(found.participants),
        "facilitators": len(found.speakers) - len(found.participants),
        "facilitator_share": facilitator_share(found),
        "unattributed_share": found.nobody.share if found.nobody else 0.0,
        "gini": found.gini,
        "inequality": found.inequality,
        "after_participants": found.after_participants,
        "after_facilitator": found.after_facilitator,
        "share_among": found.share_among,
    }


def facilitator_share(found: Interactions) -> float | None:
    """Give the share of all words that facilitators say; None where nothing is said."""
    said = sum(item.n_words for item in found.speakers if item.role == "facilitator")
    return said / found.n_words if found.n_words else None


def _rows(found: Interactions) -> tuple[SpeakerFigures, ...]:
    return (*found.speakers, found.nobody) if found.nobody else found.speakers


def _figures(
    connection: Connection,
    actor: Actor,
    study_id: int,
    groups: Sequence[FocusGroup],
    skip_facilitators: bool,
) -> Iterable[TalkFigures]:
    study = studies.get_study(connection, study_id).name
    names = {
        item.id: format_path(item.path)
        for item in codebook.list_codes(connection, study_id, actor_id=actor.id, with_retired=True)
    }
    closed = store.closed_to(connection, study_id, actor.id, groups)
    marked = store.coded_spans(connection, study_id, actor.id, groups)
    for talk in store.read_talks(connection, groups):
        turns, speakers = without_nobodies(talk.turns, talk.speakers)
        found = interactions(talk.text, turns, speakers, skip_facilitators=skip_facilitators)
        spans = [span for span in marked.get(talk.group.revision_id, ()) if span.code_id in names]
        codes = codes_in_talk(found.spoken, speakers, spans)
        yield TalkFigures(
            study,
            talk.group,
            found,
            tuple(TalkCode(names[item.code_id], 1, item) for item in codes),
            skip_facilitators,
            talk.group.id in closed,
        )


def _by_series(groups: Sequence[TalkFigures]) -> Iterable[SeriesFigures]:
    for series in dict.fromkeys(item.group.series for item in groups):
        own = [item.found for item in groups if item.group.series == series]
        unequal = [item.inequality for item in own if item.inequality is not None]
        among = sum(item.after_participants for item in own)
        led = sum(item.after_facilitator for item in own)
        yield SeriesFigures(
            series,
            len(own),
            sum(len(item.participants) for item in own),
            sum(item.n_words for item in own),
            median(unequal) if unequal else None,
            among / (among + led) if among + led else None,
        )


def _codes_across(groups: Sequence[TalkFigures]) -> tuple[TalkCode, ...]:
    """Add up what is told of each code; whose turns were joined is told group by group."""
    by_code: dict[int, list[TalkCode]] = {}
    for group in groups:
        for item in group.codes:
            by_code.setdefault(item.found.code_id, []).append(item)
    added = [
        TalkCode(
            items[0].name,
            len(items),
            CodeInTalk(
                code_id,
                sum(item.found.n_mentions for item in items),
                sum(item.found.n_exchanges for item in items),
                sum(item.found.n_with_facilitator for item in items),
                (),
            ),
        )
        for code_id, items in by_code.items()
    ]
    return tuple(sorted(added, key=lambda item: (-item.found.n_exchanges, -item.found.n_mentions)))


def _about(group: FocusGroup) -> dict[str, Any]:
    return {
        "group": group.name,
        "series": group.series,
        "held_on": group.held_on,
        "words": group.n_words,
        "turns": group.n_turns,
    }


def _speaker(item: SpeakerFigures) -> dict[str, Any]:
    values = asdict(item)
    minutes = None if item.spoken_ms is None else round(item.spoken_ms / 60_000, 2)
    return values | {"role": item.role or "unknown", "minutes": minutes}


def _code(item: TalkCode) -> dict[str, Any]:
    return {
        "code": item.name,
        "groups": item.n_groups,
        "mentions": item.found.n_mentions,
        "exchanges": item.found.n_exchanges,
        "with_facilitator": item.found.n_with_facilitator,
        "joined": [{"speakers": list(names), "times": n} for names, n in item.found.joined],
    }
