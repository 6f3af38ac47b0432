"""Questions: the answers to one question beside each other, and how many there are.

In: a question and a filter. Out: values for the screen; nothing is changed here.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.codings import Actor, DocumentFilter, Group
from workbench.errors import InputError
from workbench.services.counting.summarise import layer_key
from workbench.store import studies
from workbench.store.coding import marks
from workbench.store.coding.marks import Mark
from workbench.store.documents import documents
from workbench.store.engine import Connection, Database
from workbench.store.surveys import said
from workbench.store.surveys.said import LENGTHS, AnswerCounts, AnswerOrder, Said
from workbench.store.trail import operations

__all__ = [
    "LENGTHS",
    "AnswerCounts",
    "AnswerOrder",
    "AnswerPage",
    "answer_counts",
    "as_of",
    "count_answers",
    "list_answers",
    "whole_text",
]

PAGE = 20
"""Answers on one page."""

CHARACTERS = 700
"""Characters of each answer that are read at first."""

MOST = 50_000
"""Characters of one answer that these pages show; longer ones are read on the coding page."""


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One page of answers, with the codings of a layer by document."""

    answers: tuple[Said, ...]
    marks: dict[int, list[Mark]]


def list_answers(
    actor: Actor,
    database: Database,
    study_id: int,
    where: DocumentFilter,
    *,
    order: AnswerOrder = "respondent",
    layer: str = "any",
    offset: int = 0,
    limit: int = PAGE,
    characters: int = CHARACTERS,
) -> AnswerPage:
    """Give one page of the answers to a question.

    Parameters
    ----------
    where
        Names the question; its groups, reading state, code and words restrict the answers.
    order
        By respondent as they came in, by length in words, or the newest first.
    layer
        "any", "consensus", or a coder's name: whose codings are given.

    Raises
    ------
    InputError
        When the filter names no question of the study.
    """
    with database.read() as connection:
        _require_question(connection, study_id, where.question_id)
        found = said.list_answers(
            connection,
            study_id,
            actor.id,
            where,
            order=order,
            offset=offset,
            limit=limit,
            characters=characters,
        )
        keys = [item.document_id for item in found]
        whose = layer_key(connection, study_id, layer)
        return AnswerPage(tuple(found), marks.marks_of(connection, study_id, actor.id, keys, whose))


def count_answers(actor: Actor, database: Database, study_id: int, where: DocumentFilter) -> int:
    """Count the answers of a filter; raises as `list_answers` does."""
    with database.read() as connection:
        _require_question(connection, study_id, where.question_id)
        return said.count_answers(connection, study_id, actor.id, where)


def answer_counts(
    actor: Actor,
    database: Database,
    study_id: int,
    question_id: int,
    groups: tuple[Group, ...] = (),
) -> AnswerCounts:
    """Count who answered a question, who did not and how, and how long the answers are.

    Raises
    ------
    InputError
        When the study has no such question.
    """
    with database.read() as connection:
        _require_question(connection, study_id, question_id)
        return said.answer_counts(connection, study_id, question_id, groups)


def whole_text(actor: Actor, database: Database, study_id: int, document_id: int) -> str:
    """Give the text of one answer, up to `MOST` characters.

    Raises
    ------
    NotFound
        When the study has no such document.
    """
    with database.read() as connection:
        opened = documents.open_document(
            connection, study_id, actor.id, document_id, text_only=True
        )
        return opened.text[:MOST]


def as_of(actor: Actor, database: Database, study_id: int) -> int:
    """Give a number that grows with everything that is done: what was counted before may differ."""
    with database.read() as connection:
        return operations.last_operation(connection, study_id)


def _require_question(connection: Connection, study_id: int, question_id: int | None) -> None:
    known = {item.id for item in studies.list_questions(connection, study_id)}
    if question_id not in known:
        raise InputError(
            "no question of this study is chosen.", hint="Choose one above the answers."
        )
