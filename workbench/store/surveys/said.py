"""What was said: one respondent's answers to every question, and one question's answers.

In: a respondent, or a question and a filter. Out: answers with as much of their text as a page
shows, and counts. What is blank, not asked and awaiting its transcript is kept apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from workbench.domain.codings import DocumentFilter, Group, ReadingState
from workbench.domain.documents import AnswerState, document_label
from workbench.store.documents.document_filter import (
    document_conditions,
    joined_documents,
    state_for_reader,
)
from workbench.store.planning import only_checked
from workbench.store.surveys.respondent_list import RespondentFilter, respondent_conditions
from workbench.store.surveys.respondents import attributes_of
from workbench.store.tables import (
    absent_answer,
    code_ancestor,
    coding,
    document,
    document_state,
    question,
    respondent,
    respondent_survey,
    revision,
    speaker,
)
from workbench.store.visibility import visible_to

AnswerOrder = Literal["respondent", "longest", "shortest", "newest"]

LENGTHS = (5, 10, 25, 50, 100, 200)
"""Upper ends, in words, of the classes of length that are counted; the last class has no end."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. `opening` is the text up to the characters that were asked for.

    `n_characters` and `n_words` are of the whole text. `by_voice` tells a transcript from what was
    typed. `attributes` of the respondent are filled where several people's answers are listed.
    """

    document_id: int
    respondent_id: int | None
    label: str
    question_id: int | None
    opening: str
    n_characters: int
    n_words: int
    state: ReadingState
    by_voice: bool = False
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Absent:
    """A question that a respondent left without an answer, and how."""

    question_id: int
    state: AnswerState
    by_voice: bool


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """How many respondents gave an answer, left it blank, were not asked, or await a transcript.

    Everybody counts once; `only_in_groups` are in no survey and spoke in focus groups alone, so
    that nobody could ask them. `shortest`, `median` and `longest` are lengths in words, None where
    nobody answered; `by_length` counts answers by the classes of `LENGTHS`.
    """

    given: int
    blank: int
    not_asked: int
    awaiting: int
    n_answers: int
    shortest: int | None
    median: int | None
    longest: int | None
    by_length: tuple[int, ...]
    only_in_groups: int = 0


_GIVEN, _AWAITING, _BLANK, _OTHER = range(4)
"""How a respondent stands to a question; of several, the first says it."""


def said_by(
    connection: Connection, study_id: int, actor_id: int, respondent_id: int, *, limit: int
) -> list[Said]:
    """List everything that one respondent said, `limit` characters of each answer."""
    rows = connection.execute(
        _said(actor_id, limit)
        .where(
            document.c.study_id == study_id,
            document.c.respondent_id == respondent_id,
            document.c.codable,
        )
        .order_by(func.coalesce(question.c.position, 1_000_000), document.c.id)
    )
    return [_answer(row) for row in rows]


def absent_by(connection: Connection, respondent_id: int) -> list[Absent]:
    """List the questions that one respondent left without an answer."""
    rows = connection.execute(
        select(absent_answer.c.question_id, absent_answer.c.state, absent_answer.c.kind)
        .where(absent_answer.c.respondent_id == respondent_id)
        .order_by(absent_answer.c.question_id, absent_answer.c.kind.desc())
    )
    return [Absent(row.question_id, row.state, row.kind == "spoken") for row in rows]


def list_answers(
    connection: Connection,
    study_id: int,
    actor_id: int,
    where: DocumentFilter,
    *,
    order: AnswerOrder = "respondent",
    offset: int = 0,
    limit: int = 20,
    characters: int = 1_000,
) -> list[Said]:
    """List one page of the answers of a filter, which names one question."""
    # The keys first: sorting does not carry the texts along, which may be long.
    keys = list(
        connection.execute(
            _matching(connection, study_id, actor_id, where, by_person=order == "respondent")
            .add_columns(document.c.id)
            .order_by(*_order(order))
            .offset(offset)
            .limit(limit)
        ).scalars()
    )
    rows = connection.execute(_said(actor_id, characters).where(document.c.id.in_(keys))).all()
    known = attributes_of(connection, [row.respondent_id for row in rows if row.respondent_id])
    by_key = {row.id: row for row in rows}
    return [
        _answer(by_key[key], known.get(by_key[key].respondent_id, {})) for key in keys
    ]  # fmt: skip


def count_answers(
    connection: Connection, study_id: int, actor_id: int, where: DocumentFilter
) -> int:
    """Count the answers of a filter, which names one question."""
    query = _matching(connection, study_id, actor_id, where).add_columns(func.count())
    return int(connection.execute(query).scalar_one())


def answer_counts(
    connection: Connection, study_id: int, question_id: int, groups: tuple[Group, ...] = ()
) -> AnswerCounts:
    """Count who answered a question, who did not and how, and how long the answers are."""
    here = [
        document.c.question_id == question_id,
        document.c.n_words > 0,
        _spoken_by(study_id, groups),
    ]
    people = _people(study_id, groups).subquery()
    total = _number(connection, select(func.count()).select_from(people))
    apart = select(func.count()).select_from(people).where(_only_in_groups(people.c.id))
    only_in_groups = _number(connection, apart)
    given, awaiting, blank = _by_standing(connection, study_id, question_id, groups)
    lengths = {
        row.n_words: row.n
        for row in connection.execute(
            select(document.c.n_words, func.count().label("n"))
            .where(*here)
            .group_by(document.c.n_words)
            .order_by(document.c.n_words)
        )
    }
    return AnswerCounts(
        given=given,
        blank=blank,
        not_asked=total - given - awaiting - blank - only_in_groups,
        awaiting=awaiting,
        n_answers=sum(lengths.values()),
        shortest=min(lengths, default=None),
        median=_median(lengths),
        longest=max(lengths, default=None),
        by_length=_by_class(lengths),
        only_in_groups=only_in_groups,
    )


def _median(lengths: Mapping[int, int]) -> int | None:
    """Give the lower median of lengths that come with their counts, in ascending order."""
    left = (sum(lengths.values()) + 1) // 2
    for length, n in lengths.items():
        left -= n
        if left <= 0:
            return length
    return None


def _by_class(lengths: Mapping[int, int]) -> tuple[int, ...]:
    counts = [0] * (len(LENGTHS) + 1)
    for length, n in lengths.items():
        counts[bisect_left(LENGTHS, length)] += n
    return tuple(counts)


def _by_standing(
    connection: Connection, study_id: int, question_id: int, groups: tuple[Group, ...]
) -> tuple[int, int, int]:
    """Count respondents once each: who answered, else awaits a transcript, else left it blank."""
    here = document.c.question_id == question_id
    state = {"awaiting_transcript": _AWAITING, "blank": _BLANK}
    # Everything is listed by question and put together by respondent: looking each respondent up
    # instead takes minutes where the database knows no better index.
    rows = union_all(
        select(document.c.respondent_id, literal(_GIVEN).label("standing")).where(
            here, document.c.n_words > 0
        ),
        select(document.c.respondent_id, literal(_BLANK)).where(here, document.c.n_words == 0),
        select(
            absent_answer.c.respondent_id, case(state, value=absent_answer.c.state, else_=_OTHER)
        ).where(absent_answer.c.question_id == question_id),
    ).cte("standings")
    best = (
        select(rows.c.respondent_id, func.min(rows.c.standing).label("standing"))
        .group_by(rows.c.respondent_id)
        .cte("best")
        .prefix_with("MATERIALIZED")
    )
    counted = connection.execute(
        select(best.c.standing, func.count())
        .where(_counted(best.c.respondent_id, study_id, groups))
        .group_by(best.c.standing)
    )
    found = {row[0]: row[1] for row in counted}
    return found.get(_GIVEN, 0), found.get(_AWAITING, 0), found.get(_BLANK, 0)


def _only_in_groups(person: Any) -> ColumnElement[bool]:
    """Tell whether a respondent speaks in focus groups, and in no survey or other text."""
    spoke = select(speaker.c.respondent_id).where(speaker.c.respondent_id.isnot(None))
    elsewhere = (
        respondent_survey.c.respondent_id,
        document.c.respondent_id,
        absent_answer.c.respondent_id,
    )
    return and_(
        person.in_(spoke),
        *(~exists().where(column == person) for column in elsewhere),
    )


def _number(connection: Connection, query: Any) -> int:
    return int(connection.execute(query).scalar_one())


def _matching(
    connection: Connection,
    study_id: int,
    actor_id: int,
    where: DocumentFilter,
    *,
    by_person: bool = False,
) -> Any:
    """Select the documents of a filter, which names one of the study's questions.

    They are joined to no more than the filter looks at. `by_person` is for who wants them in the
    order of the respondents.
    """
    joined: Any = document
    if where.search:
        joined = joined.join(revision, revision.c.id == document.c.current_revision_id)
        joined = joined.outerjoin(respondent, respondent.c.id == document.c.respondent_id)
    if where.state is not None:
        mine = and_(
            document_state.c.document_id == document.c.id,
            document_state.c.coder_id == actor_id,
        )
        joined = joined.outerjoin(document_state, mine)
    # Groups and codes are found by their own indexes, instead of one document after another.
    rest = replace(where, groups=(), code_id=None)
    query = (
        select()
        .select_from(joined)
        .where(
            _spoken_by(study_id, where.groups),
            *document_conditions(connection, study_id, actor_id, rest),
        )
    )
    if by_person or where.search:  # in the order in which texts lie in the file
        query = query.where(document.c.study_id == study_id, only_checked(document.c.n_words) > 0)
    else:  # along the index of lengths, which holds all that is asked for
        query = query.where(document.c.n_words > 0)
    if where.code_id is not None:
        query = query.where(document.c.id.in_(_carrying(connection, study_id, actor_id, where)))
    return query


def _spoken_by(study_id: int, groups: tuple[Group, ...]) -> ColumnElement[bool]:
    """Tell whether a document is of a respondent of these groups who is counted."""
    return _counted(document.c.respondent_id, study_id, groups)


def _counted(person: Any, study_id: int, groups: tuple[Group, ...]) -> ColumnElement[bool]:
    """Tell whether a respondent is counted, and belongs to all groups.

    Without groups, those who are not counted are looked up: they are few.
    """
    if groups:
        return and_(person.in_(_people(study_id, groups)))
    return and_(
        person.not_in(
            select(respondent.c.id).where(
                respondent.c.study_id == study_id,
                or_(respondent.c.kind != "participant", respondent.c.withdrawn_at.isnot(None)),
            )
        )
    )


def _people(study_id: int, groups: tuple[Group, ...]) -> Select[Any]:
    return select(respondent.c.id).where(
        *respondent_conditions(study_id, RespondentFilter(groups=groups))
    )


def _carrying(
    connection: Connection, study_id: int, actor_id: int, where: DocumentFilter
) -> Select[Any]:
    below = select(code_ancestor.c.code_id).where(code_ancestor.c.ancestor_id == where.code_id)
    return select(coding.c.document_id).where(
        coding.c.code_id.in_(below),
        coding.c.deleted_at.is_(None),
        visible_to(connection, study_id, actor_id, coding.c),
    )


def _order(order: AnswerOrder) -> list[ColumnElement[Any]]:
    if order == "longest":
        return [document.c.n_words.desc(), document.c.respondent_id.desc()]
    if order == "shortest":
        return [document.c.n_words, document.c.respondent_id]
    if order == "newest":
        return [document.c.id.desc()]
    return [document.c.respondent_id, document.c.id]


def _said(actor_id: int, characters: int) -> Any:
    return select(
        document.c.id,
        document.c.respondent_id,
        document.c.ref,
        document.c.question_id,
        document.c.answer_kind,
        document.c.n_words,
        respondent.c.ref.label("respondent_ref"),
        func.substr(revision.c.text, 1, characters).label("opening"),
        func.length(revision.c.text).label("n_characters"),
        state_for_reader().label("state"),
    ).select_from(joined_documents(actor_id))


def _answer(row: Any, attributes: dict[str, str] | None = None) -> Said:
    return Said(
        document_id=row.id,
        respondent_id=row.respondent_id,
        label=document_label(row.id, row.respondent_ref, row.ref),
        question_id=row.question_id,
        opening=row.opening,
        n_characters=row.n_characters,
        n_words=row.n_words,
        state=row.state,
        by_voice=row.answer_kind == "spoken",
        attributes=attributes or {},
    )
