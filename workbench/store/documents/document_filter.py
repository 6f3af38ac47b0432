"""Which documents are meant: a filter as conditions on joined tables.

In: a `DocumentFilter` and the person who asks. Out: conditions on `document`, `revision`,
`respondent` and `document_state`, for every query that lists, counts or quotes documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from workbench.domain.codings import DocumentFilter, ReadingState, Transcripts
from workbench.domain.documents import NOT_STATED
from workbench.domain.text import fold
from workbench.errors import InputError
from workbench.store.coding.layers import by_people
from workbench.store.documents.drafts import drafts_of
from workbench.store.tables import (
    assignment,
    code_ancestor,
    coding,
    document,
    document_state,
    question,
    respondent,
    respondent_attribute,
    respondent_survey,
    revision,
    segment,
    survey_question,
)
from workbench.store.visibility import visible_to

MAX_SEARCH = 500
"""Characters of what is searched for; a database gives up on much longer patterns."""


def joined_documents(actor_id: Any) -> Any:
    """Join documents to their current text, respondent, question, and the reader's own state."""
    return (
        document.join(revision, revision.c.id == document.c.current_revision_id)
        .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
        .outerjoin(question, question.c.id == document.c.question_id)
        .outerjoin(
            document_state,
            and_(
                document_state.c.document_id == document.c.id,
                document_state.c.coder_id == actor_id,
            ),
        )
    )


def documents_joined_for(where: DocumentFilter, actor_id: Any) -> Any:
    """Join to documents only what the conditions of a filter speak of, for queries over all."""
    return joined_documents(actor_id) if where.search else document


def document_conditions(
    connection: Connection, study_id: int, actor_id: int, where: DocumentFilter
) -> list[ColumnElement[bool]]:
    """Turn a filter into conditions on `document`, `revision` and `document_state`."""
    conditions: list[ColumnElement[bool]] = _given_to(where.assigned_to)
    if where.question_id is not None:
        conditions.append(document.c.question_id == where.question_id)
    if where.respondent_id is not None or where.groups:
        conditions.append(_of_people(connection, study_id, where))
    conditions += in_session(where)
    if where.state is not None:
        conditions.append(_in_state(actor_id, where.state))
    if where.survey_id is not None:
        conditions.append(in_survey(where.survey_id))
    if where.finished is not None:
        done = is_done(where.layer)
        conditions.append(done if where.finished else ~done)
    if where.transcripts is not None:
        conditions.append(_stands(study_id, where.transcripts))
    if where.code_id is not None:
        conditions.append(_carries(connection, study_id, actor_id, where.code_id))
    if len(where.search) > MAX_SEARCH:
        raise InputError(
            f"the search has {len(where.search):,} characters, at most {MAX_SEARCH} are looked for."
        )
    called = _names(connection, study_id) if where.search else {}
    for word in fold(where.search).split():
        pattern = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        conditions.append(
            or_(
                revision.c.search_text.like(f"%{pattern}%", escape="\\"),
                func.lower(func.coalesce(respondent.c.ref, "")) == word,
                document.c.id.in_([key for key, name in called.items() if word in name]),
            )
        )
    return conditions


def _names(connection: Connection, study_id: int) -> dict[int, str]:
    """Give name and series of each focus group, folded; there are few."""
    rows = connection.execute(
        select(document.c.id, document.c.ref, document.c.series).where(
            document.c.study_id == study_id,
            document.c.kind == "focus_group",
            document.c.respondent_id.is_(None),
        )
    )
    return {row.id: fold(f"{row.ref or ''} {row.series or ''}") for row in rows}


def _of_people(connection: Connection, study_id: int, where: DocumentFilter) -> ColumnElement[bool]:
    """Tell whether a document is of a respondent who is meant, or one of them speaks in it."""

    def meant(person: Any) -> list[ColumnElement[bool]]:
        found = [in_group(person, *group) for group in where.groups]
        return found if where.respondent_id is None else [*found, person == where.respondent_id]

    own = and_(document.c.respondent_id.isnot(None), *meant(document.c.respondent_id))
    if not has_shared_documents(connection, study_id):
        return own
    spoken = document.alias("spoken")
    speak = (
        select(spoken.c.id)
        .join(segment, segment.c.revision_id == spoken.c.current_revision_id)
        .where(
            spoken.c.study_id == study_id,
            spoken.c.respondent_id.is_(None),
            segment.c.respondent_id.isnot(None),
            *meant(segment.c.respondent_id),
        )
    )
    return or_(own, document.c.id.in_(speak))


def has_shared_documents(connection: Connection, study_id: int) -> bool:
    """Tell whether several people may speak in some document of a study."""
    shared = select(document.c.id).where(
        document.c.respondent_id.is_(None), document.c.study_id == study_id
    )
    return connection.execute(shared.limit(1)).first() is not None


def all_readable(connection: Connection, study_id: int) -> bool:
    """Tell whether all documents of a study can be coded: two counts along indexes."""
    documents = select(func.count()).where(document.c.study_id == study_id)
    n, n_readable = connection.execute(
        select(documents.scalar_subquery(), documents.where(document.c.codable).scalar_subquery())
    ).one()
    return bool(n == n_readable)


def in_session(where: DocumentFilter) -> list[ColumnElement[bool]]:
    """Tell whether a document is of a kind, and one of the discussions that are meant."""
    found = [] if where.kind is None else [document.c.kind == where.kind]
    if where.series is not None:
        series = func.coalesce(document.c.series, "")
        found += [document.c.kind == "focus_group", series == where.series]
    if where.session_id is not None:
        found.append(document.c.id == where.session_id)
    if where.kind == "focus_group" or where.series is not None:
        found.append(document.c.respondent_id.is_(None))  # few, along an index
    return found


def _given_to(coder_id: int | None) -> list[ColumnElement[bool]]:
    """Tell whether a document was given to a coder; nothing where nobody is named."""
    if coder_id is None:
        return []
    given = select(assignment.c.document_id).where(assignment.c.coder_id == coder_id)
    return [document.c.id.in_(given)]


def in_group(person: Any, attribute_id: int, value: str | Sequence[str]) -> ColumnElement[bool]:
    """Tell whether a respondent, given by a column with their key, belongs to a group.

    Of several values one must hold.
    """
    values = [value] if isinstance(value, str) else list(value)
    stated = exists().where(
        respondent_attribute.c.respondent_id == person,
        respondent_attribute.c.attribute_id == attribute_id,
    )
    named = [item for item in values if item != NOT_STATED]
    choices = []
    if len(named) < len(values):
        choices.append(~stated)
    if named:
        choices.append(stated.where(respondent_attribute.c.value.in_(named)))
    return or_(false(), *choices)


def in_survey(survey_id: int) -> ColumnElement[bool]:
    """Tell whether a document answers a question of a survey, by somebody who took part in it."""
    return and_(
        exists().where(
            respondent_survey.c.survey_id == survey_id,
            respondent_survey.c.respondent_id == document.c.respondent_id,
        ),
        exists().where(
            survey_question.c.survey_id == survey_id,
            survey_question.c.question_id == document.c.question_id,
        ),
    )


def is_done(layer: str | int, *, few: bool = False) -> ColumnElement[bool]:
    """Tell whether a document is done on a layer: "any", "consensus", or a coder's key.

    Of a few documents each is looked up; of many, all that are done are listed once.
    """
    state = document_state.alias("finished")  # a filter may join the table itself beside it
    finished = select(state.c.document_id).where(state.c.state == "done")
    if isinstance(layer, int):
        finished = finished.where(state.c.coder_id == layer)
    if layer != "consensus":
        if few:
            return finished.where(state.c.document_id == document.c.id).exists()
        return document.c.id.in_(finished)
    by_one = n_finished(document.c.id) == 1 if few else document.c.id.in_(finished_by_one())
    return or_(document.c.adjudicated_at.isnot(None), by_one)


def finished_by_one() -> Select[Any]:
    """List the documents that one coder has marked done, and no other."""
    return _finished_by(func.count() == 1)


def finished_by_several() -> Select[Any]:
    """List the documents that two or more coders have marked done."""
    return _finished_by(func.count() > 1)


def _finished_by(how_many: ColumnElement[bool]) -> Select[Any]:
    finisher = document_state.alias("finisher")
    return (
        select(finisher.c.document_id)
        .where(finisher.c.state == "done")
        .group_by(finisher.c.document_id)
        .having(how_many)
    )


def n_finished(document_id: ColumnElement[int]) -> ColumnElement[int]:
    """Count the coders who have marked a document done."""
    finished = document_state.alias("finisher")
    return (
        select(func.count())
        .where(finished.c.document_id == document_id, finished.c.state == "done")
        .correlate_except(finished)
        .scalar_subquery()
    )


def _carries(
    connection: Connection, study_id: int, actor_id: int, code_id: int
) -> ColumnElement[bool]:
    carried, below = coding.alias("carried"), code_ancestor.alias("carried_below")
    return exists().where(
        carried.c.document_id == document.c.id,
        carried.c.deleted_at.is_(None),
        by_people(carried.c),
        carried.c.code_id == below.c.code_id,
        below.c.ancestor_id == code_id,
        visible_to(connection, study_id, actor_id, carried.c),
    )


def _stands(study_id: int, transcripts: Transcripts) -> ColumnElement[bool]:
    """Tell whether a document is a machine draft, or none; drafts are few and have an index."""
    drafts = drafts_of(study_id)
    if transcripts == "drafts":
        return document.c.id.in_(drafts)
    return document.c.id.not_in(drafts)


def _in_state(actor_id: int, state: ReadingState | Literal["not_done"]) -> ColumnElement[bool]:
    if state == "not_done":
        return ~read_by(actor_id, "done")
    if state == "untouched":  # most documents have no row for it
        return ~read_by(actor_id, "done", "in_progress")
    return read_by(actor_id, state)


def read_by(actor_id: int, *states: ReadingState) -> ColumnElement[bool]:
    """Tell whether a person has brought a document into one of these states."""
    mine = document_state.alias("mine_in_state")
    return document.c.id.in_(
        select(mine.c.document_id).where(mine.c.coder_id == actor_id, mine.c.state.in_(states))
    )


def not_withdrawn(connection: Connection, study_id: int) -> ColumnElement[bool]:
    """Tell whether a document is of nobody who has withdrawn, without a look at each respondent.

    Where nobody has, which is asked first, counting looks at nothing but an index.
    """
    gone = select(respondent.c.id).where(
        respondent.c.study_id == study_id, respondent.c.withdrawn_at.isnot(None)
    )
    if connection.execute(gone.limit(1)).first() is None:
        return true()
    return document.c.sort_respondent.notin_(gone)


def state_for_reader() -> ColumnElement[str]:
    """Give the reading state, where `document_state` is joined for the person who asks."""
    return func.coalesce(document_state.c.state, literal("untouched"))
