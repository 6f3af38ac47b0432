"""Respondents: find one, and read everything that is known of them and that they said.

In: a filter, or a respondent. Out: values for the screen; nothing is changed here. Identifying
attributes are never among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.codings import Actor
from workbench.domain.documents import AnswerState
from workbench.errors import NotFound
from workbench.services.counting.summarise import layer_key
from workbench.store import studies
from workbench.store.coding import marks
from workbench.store.coding.marks import Mark
from workbench.store.discussions.said_in_groups import SaidInGroup, SaidTurn, said_in_groups
from workbench.store.engine import Database
from workbench.store.memos import memos
from workbench.store.memos.memos import ListedMemo
from workbench.store.studies import StoredQuestion
from workbench.store.surveys import respondent_list, said
from workbench.store.surveys import respondents as store
from workbench.store.surveys.respondent_list import ListedRespondent, RespondentFilter
from workbench.store.surveys.respondents import Person
from workbench.store.surveys.said import Absent, Said

__all__ = [
    "ListedMemo",
    "ListedRespondent",
    "Mark",
    "OpenRespondent",
    "Person",
    "QuestionSaid",
    "RespondentFilter",
    "Said",
    "SaidInGroup",
    "SaidTurn",
    "count_respondents",
    "list_respondents",
    "neighbour",
    "open_respondent",
]

PAGE = 50
"""Respondents on one page of the list."""

CHARACTERS = 2_000
"""Characters of each answer that are read at first."""


@dataclass(frozen=True, slots=True)
class QuestionSaid:
    """A question, and what one respondent said to it.

    `absent` says how it was left where there is no answer, and "awaiting_transcript" also where a
    voice note waits beside a typed answer. `question` is None for documents that answer none.
    """

    question: StoredQuestion | None
    answers: tuple[Said, ...]
    absent: AnswerState | None


@dataclass(frozen=True, slots=True)
class OpenRespondent:
    """A respondent with everything that they said.

    `attributes` pairs titles with values, in the study's order. `marks` are codings of the layer
    that was asked for, by document. `position` counts the respondents of the filter before them.
    """

    person: Person
    attributes: tuple[tuple[str, str], ...]
    questions: tuple[QuestionSaid, ...]
    marks: dict[int, list[Mark]]
    memos: tuple[ListedMemo, ...]
    position: int
    total: int
    discussions: tuple[SaidInGroup, ...] = ()
    """What they said in focus groups."""

    @property
    def n_answers(self) -> int:
        """Answers in all."""
        return sum(len(item.answers) for item in self.questions)


def list_respondents(
    actor: Actor,
    database: Database,
    study_id: int,
    where: RespondentFilter,
    *,
    offset: int = 0,
    limit: int = PAGE,
) -> list[ListedRespondent]:
    """Give one page of the respondents of a filter, in the order in which they came in."""
    with database.read() as connection:
        return respondent_list.list_respondents(
            connection, study_id, where, offset=offset, limit=limit
        )


def count_respondents(actor: Actor, database: Database, study_id: int) -> int:
    """Count a study's respondents; who has withdrawn is not among them."""
    with database.read() as connection:
        return respondent_list.count_respondents(connection, study_id, RespondentFilter())[0]


def neighbour(
    actor: Actor,
    database: Database,
    study_id: int,
    where: RespondentFilter,
    respondent_id: int,
    *,
    step: Literal["next", "previous"] = "next",
) -> int | None:
    """Give the respondent of a filter after (or before) one; None at the end."""
    with database.read() as connection:
        return respondent_list.neighbour(connection, study_id, where, respondent_id, step=step)


def open_respondent(
    actor: Actor,
    database: Database,
    study_id: int,
    respondent_id: int,
    where: RespondentFilter | None = None,
    *,
    layer: str = "any",
    characters: int = CHARACTERS,
) -> OpenRespondent:
    """Read one respondent.

    Parameters
    ----------
    where
        The filter within which their position is told; they need not fit it.
    layer
        "any", "consensus", or a coder's name.
    characters
        How much of each answer is read.

    Raises
    ------
    NotFound
        When the study has no such respondent, or they have withdrawn.
    """
    with database.read() as connection:
        person = store.find_person(connection, study_id, respondent_id)
        if person is None:
            raise NotFound("this respondent is not in the study (any more).")
        total, position = respondent_list.count_respondents(
            connection, study_id, where or RespondentFilter(), before=respondent_id
        )
        answers = said.said_by(connection, study_id, actor.id, respondent_id, limit=characters)
        spoken = said_in_groups(connection, study_id, respondent_id, limit=characters)
        keys = [item.document_id for item in answers]
        keys += [item.document_id for item in spoken]
        known = store.attributes_of(connection, [respondent_id]).get(respondent_id, {})
        attributes = [item for item in studies.list_attributes(connection, study_id)
                      if not item.identifying]  # fmt: skip
        return OpenRespondent(
            person=person,
            attributes=tuple((item.title, known.get(item.name, "")) for item in attributes),
            questions=_by_question(
                studies.list_questions(connection, study_id),
                answers,
                said.absent_by(connection, respondent_id),
            ),
            marks=marks.marks_of(
                connection, study_id, actor.id, keys, layer_key(connection, study_id, layer)
            ),
            memos=tuple(memos.memos_around(connection, study_id, actor.id, respondent_id, keys)),
            position=position,
            total=total,
            discussions=tuple(spoken),
        )


def _by_question(
    questions: list[StoredQuestion], answers: list[Said], absent: list[Absent]
) -> tuple[QuestionSaid, ...]:
    """Put everything that was said, and was not, in the order of the questions."""
    said_to: dict[int | None, list[Said]] = {}
    for item in answers:
        said_to.setdefault(item.question_id, []).append(item)
    left: dict[int, set[AnswerState]] = {}
    for gap in absent:
        left.setdefault(gap.question_id, set()).add(gap.state)
    found = [
        QuestionSaid(
            item,
            tuple(said_to.get(item.id, ())),
            _standing(bool(said_to.get(item.id)), left.get(item.id, set())),
        )
        for item in questions
    ]
    if said_to.get(None):
        found.append(QuestionSaid(None, tuple(said_to[None]), None))
    return tuple(found)


def _standing(answered: bool, left: set[AnswerState]) -> AnswerState | None:
    if "awaiting_transcript" in left:
        return "awaiting_transcript"
    if answered:
        return None
    return "blank" if "blank" in left else "not_asked"
