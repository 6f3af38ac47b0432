"""Speakers of a focus group that is there, as a person changes them in a table.

In: who speaks, and the cells of the table that were edited. Out: what the rows mean, by the rules
of the table of the import; the plans of those who change, for `focus_groups.settle_speakers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from workbench.domain.codings import Actor
from workbench.domain.forgotten_names import neutral_names, replaced_names
from workbench.domain.interactions import interactions, without_nobodies
from workbench.domain.text import count_words
from workbench.domain.turns import Speaker, SpeakerRole
from workbench.services.discussions.focus_groups import Discussion, SpeakerPlan
from workbench.services.discussions.speaker_table import (
    SpeakerReading,
    SpeakerRow,
    known_respondents,
    read_rows,
)
from workbench.store.engine import Database

ROLES: tuple[SpeakerRole, ...] = ("participant", "facilitator")
CELLS = ("shown", "role", "respondent")
"""What a person may change of a row."""


@dataclass(frozen=True, slots=True)
class SpeakerEdits:
    """What edits of the table come to; `plans` are of those alone who change."""

    reading: SpeakerReading
    plans: tuple[SpeakerPlan, ...]

    @property
    def forgotten(self) -> tuple[str, ...]:
        """Say of names that may be real, and that would be replaced, that they are not kept."""
        if not self.plans:
            return ()
        order = [row.given for row in self.reading.rows]
        after = [Speaker(row.shown) for row in self.reading.rows]
        renamed = {given: plan.name for plan in self.plans for given in plan.names}
        gone = replaced_names(renamed, after)
        neutral = neutral_names(gone, order, {*order, *(item.name for item in after)})
        return tuple(
            f"{old} will be taken out of everything that the study keeps of this group: undo then "
            f"brings back a name such as {neutral[old]}."
            for old in gone
        )

    @property
    def problems(self) -> list[str]:
        """Say what is wrong, each with its speaker."""
        rows = self.reading.rows
        return [f"{rows[at].given}: {text}" for at, text in sorted(self.reading.problems.items())]


def seen_in(rows: Sequence[SpeakerRow]) -> tuple[SpeakerPlan, ...]:
    """Give who speaks as rows of `rows_of` have it, for `focus_groups.settle_speakers`."""
    return tuple(
        SpeakerPlan(row.given, (row.given,), cast(SpeakerRole, row.role), row.respondent or None)
        for row in rows
    )


def rows_of(found: Discussion) -> tuple[SpeakerRow, ...]:
    """Give a row for each speaker, as they are now."""
    return tuple(
        SpeakerRow(plan.name, plan.name, plan.role, plan.respondent or "") for plan in found.plans
    )


def amounts_of(found: Discussion) -> dict[str, tuple[int, int]]:
    """Give how many turns and words each speaker has, as the figures of the group count them.

    Whoever stands for somebody unknown, or for several people, has their own here; the figures put
    them together with all else of which nobody knows who says it.
    """
    turns, who = without_nobodies(found.turns, found.speakers)
    figures = interactions(found.text, turns, who).speakers
    amounts = {item.name: (item.n_turns, item.n_words) for item in figures}
    for name in (item.name for item in found.speakers if item.name not in amounts):
        said = [found.text[turn.start : turn.end] for turn in found.turns if turn.speaker == name]
        amounts[name] = len(said), sum(count_words(words) for words in said)
    return amounts


def read_edits(
    actor: Actor,
    database: Database,
    study_id: int,
    rows: tuple[SpeakerRow, ...],
    edits: Mapping[int, Mapping[str, Any]],
) -> SpeakerEdits:
    """Tell what the edited cells come to.

    Parameters
    ----------
    rows
        As `rows_of` gives them.
    edits
        New values by place of the row and name of the cell; other cells do not take edits.
    """
    after = list(rows)
    said: dict[str, set[str]] = {}
    for at, cells in edits.items():
        given = {name: str(value or "") for name, value in cells.items() if name in CELLS}
        if 0 <= at < len(rows):
            after[at] = replace(after[at], **given)
            said[after[at].given] = set(given)
    refs = {" ".join(row.respondent.split()) for row in after}
    known = known_respondents(actor, database, study_id, refs)
    reading = read_rows(after, said, known=known)
    now = {row.given: row for row in rows}
    return SpeakerEdits(reading, tuple(plan for plan in reading.plans if _changes(plan, now)))


def _changes(plan: SpeakerPlan, now: Mapping[str, SpeakerRow]) -> bool:
    row = now[plan.names[0]]
    same = (row.given, row.role, row.respondent) == (plan.name, plan.role, plan.respondent or "")
    return len(plan.names) > 1 or not same
