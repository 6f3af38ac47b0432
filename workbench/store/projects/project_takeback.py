"""Take a project back that was brought in: its rows go, and what it noted is as it was.

In: an import on which nobody has built, and what it made. Out: the study as it was before, but for
the record of the import; what went, counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Text,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from workbench.store.bulk import parts
from workbench.store.codebooks.codebook import rebuild_closure
from workbench.store.counting.mentions import DocumentCode, mark_mentions, pairs_of
from workbench.store.projects.project_made import Noted, Runs, keys_of, within
from workbench.store.projects.project_undo import new_documents, new_people
from workbench.store.surveys import surveys
from workbench.store.surveys.batches import Row
from workbench.store.tables import (
    absent_answer,
    anchor,
    assignment,
    attribute,
    code,
    code_ancestor,
    codebook_version,
    coder,
    coding,
    coding_respondent,
    document,
    document_state,
    draft_acceptance,
    exchanged,
    import_batch,
    membership,
    memo,
    metadata,
    operation,
    question,
    recording,
    respondent,
    respondent_attribute,
    respondent_survey,
    revision,
    segment,
    speaker,
    survey,
    survey_question,
)
from workbench.store.team.people import joining_of


def take_back(connection: Connection, batch: Row, noted: Noted) -> dict[str, int]:
    """Take away what a project brought; give it counted."""
    key, study_id = batch["id"], batch["study_id"]
    _drop(connection, memo, memo.c.id, noted.of("memo"))
    _drop(connection, exchanged, exchanged.c.id, noted.of("exchanged"))
    n_codings = _drop_codings(connection, key, noted)
    _drop_states(connection, noted)
    n_documents = _drop_documents(connection, key)
    _drop(connection, recording, recording.c.id, noted.of("recording"))
    _drop_surveys(connection, key, noted)
    n_people = _drop_people(connection, key, noted)
    _drop(connection, question, question.c.id, noted.of("question"))
    n_codes = _drop_codes(connection, study_id, noted)
    _drop_coders(connection, study_id, noted)
    return {
        "respondents": n_people, "documents": n_documents, "codes": n_codes, "codings": n_codings,
    }  # fmt: skip


def files_to_drop(connection: Connection, noted: Noted) -> list[str]:
    """Give where recordings lie that a project brought, and that no other study has."""
    others = recording.alias("others")
    found: list[str] = []
    for where in within(recording.c.id, noted.of("recording")):
        rows = connection.execute(
            select(recording.c.uri).where(
                where,
                ~select(others.c.id)
                .where(others.c.uri == recording.c.uri, others.c.id != recording.c.id)
                .exists(),
            )
        )
        found += rows.scalars()
    return found


def is_used(connection: Connection, uri: str) -> bool:
    """Tell whether a recording lies there that some study has."""
    found = connection.execute(select(recording.c.id).where(recording.c.uri == uri).limit(1))
    return found.first() is not None


def _drop(connection: Connection, table: Table, column: Any, runs: Runs) -> int:
    return sum(
        int(connection.execute(delete(table).where(where)).rowcount)
        for where in within(column, runs)
    )


def _drop_codings(connection: Connection, batch_id: int, noted: Noted) -> int:
    runs = noted.of("coding")
    beside = _counted_beside(connection, batch_id, runs)
    for table in (coding_respondent, anchor):
        _drop(connection, table, table.c.coding_id, runs)
    n = _drop(connection, coding, coding.c.id, runs)
    mark_mentions(connection, beside)
    return n


def _counted_beside(connection: Connection, batch_id: int, runs: Runs) -> set[DocumentCode]:
    """Give in which texts that were there its codings count, and for which codes."""
    there = coding.c.document_id.notin_(new_documents(batch_id))
    found: set[DocumentCode] = set()
    for where in within(coding.c.id, runs):
        keys = connection.execute(select(coding.c.id).where(where, there)).scalars().all()
        for part in parts(keys):
            found |= pairs_of(connection, part)
    return found


def _drop_states(connection: Connection, noted: Noted) -> None:
    """Take away that somebody has begun on a text, unless they have coded it otherwise."""
    coded = select(coding.c.id).where(
        coding.c.document_id == document_state.c.document_id,
        coding.c.coder_id == document_state.c.coder_id,
    )
    for coder_id, runs in noted.states.items():
        for where in within(document_state.c.document_id, runs):
            connection.execute(
                delete(document_state).where(
                    document_state.c.coder_id == coder_id, where, ~coded.exists()
                )
            )
    for coder_id, runs in noted.accepted.items():
        for where in within(draft_acceptance.c.document_id, runs):
            connection.execute(
                delete(draft_acceptance).where(draft_acceptance.c.coder_id == coder_id, where)
            )


def _drop_documents(connection: Connection, batch_id: int) -> int:
    rows = connection.execute(
        select(revision.c.id, revision.c.document_id)
        .where(revision.c.import_batch_id == batch_id)
        .order_by(revision.c.document_id.desc())
    ).all()
    connection.execute(
        update(document)
        .where(document.c.translation_of.isnot(None), document.c.id.in_(new_documents(batch_id)))
        .values(translation_of=None)
    )
    for part in parts(rows):
        texts, documents = [row[0] for row in part], [row[1] for row in part]
        connection.execute(delete(segment).where(segment.c.revision_id.in_(texts)))
        for table in (speaker, document_state, draft_acceptance):
            connection.execute(delete(table).where(table.c.document_id.in_(documents)))
        connection.execute(delete(revision).where(revision.c.id.in_(texts)))
        connection.execute(delete(document).where(document.c.id.in_(documents)))
    return len(rows)


def _drop_surveys(connection: Connection, batch_id: int, noted: Noted) -> None:
    """Take away who took part in what, what is asked where, and the surveys that it made."""
    connection.execute(
        delete(respondent_survey).where(respondent_survey.c.import_batch_id == batch_id)
    )
    for survey_id, runs in noted.asked.items():
        for where in within(survey_question.c.question_id, runs):
            connection.execute(
                delete(survey_question).where(survey_question.c.survey_id == survey_id, where)
            )
    made = noted.of("survey")
    for where in within(import_batch.c.survey_id, made):  # of imports that were taken back
        connection.execute(update(import_batch).where(where).values(survey_id=None))
    _drop(connection, survey, survey.c.id, made)


def _drop_people(connection: Connection, batch_id: int, noted: Noted) -> int:
    for attribute_id, runs in noted.values.items():
        for where in within(respondent_attribute.c.respondent_id, runs):
            connection.execute(
                delete(respondent_attribute).where(
                    respondent_attribute.c.attribute_id == attribute_id, where
                )
            )
    for (question_id, kind), runs in noted.absences.items():
        for where in within(absent_answer.c.respondent_id, runs):
            connection.execute(
                delete(absent_answer).where(
                    absent_answer.c.question_id == question_id, absent_answer.c.kind == kind, where
                )
            )
    surveys.set_quotable(connection, dict.fromkeys(keys_of(noted.quotable)))
    keys = connection.execute(new_people(batch_id)).scalars().all()
    for part in parts(keys):
        for table in (respondent_attribute, absent_answer):
            connection.execute(delete(table).where(table.c.respondent_id.in_(part)))
        connection.execute(delete(respondent).where(respondent.c.id.in_(part)))
    made = noted.of("attribute")
    _drop(connection, respondent_attribute, respondent_attribute.c.attribute_id, made)
    _drop(connection, attribute, attribute.c.id, made)
    return len(keys)


def people_changed(noted: Noted) -> list[int]:
    """Give the respondents who were there and got values, for what is derived from them."""
    return sorted({key for runs in noted.values.values() for key in keys_of(runs)})


def _drop_codes(connection: Connection, study_id: int, noted: Noted) -> int:
    """Take away its codes and the versions of the codebook that came with them."""
    for key, made_in in noted.published:
        connection.execute(update(code).where(code.c.id == key).values(made_in=made_in))
    codes, versions = noted.of("code"), noted.of("codebook_version")
    if versions:  # what was coded since was coded with the same codes as they were before
        before = connection.execute(
            select(func.max(codebook_version.c.id)).where(
                codebook_version.c.study_id == study_id, codebook_version.c.id < versions[0][0]
            )
        ).scalar()
        for where in within(coding.c.codebook_version_id, versions):
            connection.execute(update(coding).where(where).values(codebook_version_id=before))
        _drop(connection, codebook_version, codebook_version.c.id, versions)
    for where in within(code_ancestor.c.code_id, codes):
        connection.execute(delete(code_ancestor).where(where))
    n = _drop(connection, code, code.c.id, codes)
    if n or noted.published:
        rebuild_closure(connection, study_id)
    return n


def _drop_coders(connection: Connection, study_id: int, noted: Noted) -> None:
    """Take away who came with it, but whoever has anything to do with the workbench otherwise."""
    for key, role in noted.members:
        connection.execute(
            delete(membership).where(
                membership.c.study_id == study_id, membership.c.coder_id == key,
                membership.c.role == role, ~_has_work(membership.c.coder_id, study_id),
            )
        )  # fmt: skip
    left = [item.coder_id for item in joining_of(connection, study_id).left]
    for where in within(coder.c.id, noted.of("coder")):
        connection.execute(
            delete(coder).where(
                where, coder.c.id.notin_(left), ~or_(*_mentions_of_a_coder()), _is_plain()
            )
        )


def _has_work(coder_id: ColumnElement[int], study_id: int) -> ColumnElement[bool]:
    """Tell whether somebody has done or been given anything in a study."""
    own = select(document.c.id).where(document.c.study_id == study_id)
    return or_(
        select(operation.c.id)
        .where(operation.c.study_id == study_id, operation.c.actor_id == coder_id)
        .exists(),
        *(
            select(table.c.coder_id)
            .where(table.c.coder_id == coder_id, table.c.document_id.in_(own))
            .exists()
            for table in (coding, assignment, document_state)
        ),
    )


def _mentions_of_a_coder() -> Iterator[ColumnElement[bool]]:
    """Tell of every column that names coders whether it names this one."""
    for table in metadata.tables.values():
        for column in table.columns:
            if any(key.column is coder.c.id for key in column.foreign_keys):
                yield select(literal(1)).select_from(table).where(column == coder.c.id).exists()


def _is_plain() -> ColumnElement[bool]:
    """Tell whether a coder has set nothing for themselves, as who has never opened a study."""
    return func.coalesce(cast(coder.c.preferences, Text), "{}").in_(["{}", "null"])
