"""Progress: how far the coding has come, by question, by group and by person; and what is next.

In: the open study. Out: figures for the Overview, each from a statement that reads no text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.codings import Actor
from workbench.domain.documents import NOT_STATED
from workbench.errors import NotFound
from workbench.store import studies
from workbench.store.codebooks import codebook
from workbench.store.coding import flagged
from workbench.store.counting import progress as counted
from workbench.store.counting.progress import (
    Absent,
    CoderProgress,
    GroupProgress,
    Reading,
    SurveyCount,
)
from workbench.store.documents import drafts
from workbench.store.engine import Database
from workbench.store.studies import StoredAttribute, StoredQuestion
from workbench.store.voice_notes import note_list

__all__ = [
    "Absent",
    "CoderProgress",
    "GroupProgress",
    "GroupsProgress",
    "NextStep",
    "PeopleProgress",
    "Progress",
    "QuestionProgress",
    "Reading",
    "SurveyCount",
    "by_coder",
    "by_group",
    "of_study",
]

NextStep = Literal["import", "transcribe", "check", "codebook", "code", "flagged", "themes"]


@dataclass(frozen=True, slots=True)
class QuestionProgress:
    """One question: how far the actor has come, and the answers that are not there."""

    question: StoredQuestion
    reading: Reading
    absent: Absent


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the actor has come with a study, and what else it holds.

    `others` are documents that answer no question, such as transcripts of group discussions.
    """

    questions: tuple[QuestionProgress, ...]
    others: Reading
    n_codes: int
    n_flagged: int
    surveys: tuple[SurveyCount, ...]
    changed_at: str | None
    n_recordings: int = 0
    """Recordings of which no transcript is there or on its way."""
    n_drafts: int = 0
    """Transcripts that nobody has checked by ear."""

    @property
    def total(self) -> int:
        """All documents that can be coded."""
        return self.others.total + sum(item.reading.total for item in self.questions)

    @property
    def done(self) -> int:
        """Those that the actor has done."""
        return self.others.done + sum(item.reading.done for item in self.questions)

    @property
    def n_left(self) -> int:
        """Those that the actor has not done."""
        return self.total - self.done

    @property
    def next_steps(self) -> tuple[NextStep, ...]:
        """What is to be done next, in the order of the work: the first is the main one."""
        if not self.total:
            return ("transcribe",) if self.n_recordings else ("import",)
        if not self.n_codes:
            return ("codebook",)
        steps: list[NextStep] = []
        if self.n_left:
            steps.append("code")
        if self.n_recordings:
            steps.append("transcribe")
        if self.n_drafts:
            steps.append("check")
        if self.n_flagged:
            steps.append("flagged")
        if self.done:
            steps.append("themes")
        return tuple(steps)


@dataclass(frozen=True, slots=True)
class GroupsProgress:
    """Progress by the values of one attribute; `overlap`: somebody may be in several groups."""

    attribute: StoredAttribute
    groups: tuple[GroupProgress, ...]

    @property
    def overlap(self) -> bool:
        """Tell whether bases may not be added up."""
        return self.attribute.kind == "multi"


@dataclass(frozen=True, slots=True)
class PeopleProgress:
    """Progress by person. `n_blind`: answers in which others' codings are hidden for now."""

    people: tuple[CoderProgress, ...]
    n_blind: int


def of_study(
    actor: Actor, database: Database, study_id: int, *, given_to_me: bool = False
) -> Progress:
    """Count what the actor has done, and what there is to do, of all or of their own."""
    with database.read() as connection:
        readings = counted.by_question(connection, study_id, actor.id, given_to_them=given_to_me)
        absent = counted.absent_by_question(connection, study_id)
        questions = tuple(
            QuestionProgress(item, readings.get(item.id, Reading()), absent.get(item.id, Absent()))
            for item in studies.list_questions(connection, study_id)
        )
        return Progress(
            questions,
            readings.get(None, Reading()),
            len(codebook.list_codes(connection, study_id, actor.id)),
            flagged.count_flagged(connection, study_id, actor.id),
            tuple(counted.list_surveys(connection, study_id)),
            counted.last_change(connection, study_id),
            len(note_list.new_recordings(connection, study_id)),
            drafts.count_drafts(connection, study_id),
        )


def by_group(
    actor: Actor,
    database: Database,
    study_id: int,
    attribute_id: int,
    *,
    given_to_me: bool = False,
) -> GroupsProgress:
    """Count what the actor has done by the values of an attribute, in their order.

    Raises
    ------
    NotFound
        When the study has no such attribute, or when it is identifying.
    """
    with database.read() as connection:
        known = studies.list_attributes(connection, study_id)
        found = next((item for item in known if item.id == attribute_id), None)
        if found is None or found.identifying:
            raise NotFound("there is no such attribute in this study.")
        groups = counted.by_group(
            connection, study_id, actor.id, attribute_id, given_to_them=given_to_me
        )
        return GroupsProgress(found, tuple(_in_order(groups, found.ordered_values)))


def by_coder(actor: Actor, database: Database, study_id: int) -> PeopleProgress:
    """Count what everybody has done: the actor first, then the others by name.

    Codings are those that the actor may see: on answers that were given out blind and are not done
    by all who have them, nobody sees other people's.
    """
    with database.read() as connection:
        people = counted.by_coder(connection, study_id, actor.id)
        people.sort(key=lambda item: item.coder_id != actor.id)
        return PeopleProgress(tuple(people), counted.count_still_blind(connection, study_id))


def _in_order(groups: list[GroupProgress], ordered: tuple[str, ...]) -> list[GroupProgress]:
    """Sort groups as the attribute lists its values; the others by name, "Not stated" last."""
    place = {value: at for at, value in enumerate(ordered)}

    def key(group: GroupProgress) -> tuple[bool, int, str]:
        return group.value == NOT_STATED, place.get(group.value, len(place)), group.value.casefold()

    return sorted(groups, key=key)
