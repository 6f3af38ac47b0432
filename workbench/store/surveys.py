"""A survey's respondents, attributes, answers and absent answers, written many at a time.

In: what an import has found to be new or changed. Out: rows; and the state before, for comparing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from workbench.domain.text import count_words, fold, sha
from workbench.store.clock import new_guid, now
from workbench.store.tables import (
    absent_answer,
    document,
    import_batch,
    respondent,
    respondent_attribute,
    revision,
)

AnswerKey = tuple[int, int, str]
"""(respondent, question, typed or spoken)."""

BATCH = 5_000
"""Rows written at a time, so that memory stays flat."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer that is there already."""

    document_id: int
    revision_id: int
    sha256: str


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer to be written."""

    respondent_id: int
    question_id: int
    kind: str
    text: str


def respondents_of(connection: Connection, study_id: int) -> dict[str, int]:
    """Give a study's respondents by ref."""
    rows = connection.execute(
        select(respondent.c.ref, respondent.c.id).where(respondent.c.study_id == study_id)
    )
    return {row.ref: row.id for row in rows}


def withdrawn_refs(connection: Connection, study_id: int) -> set[str]:
    """Give the refs of respondents who have withdrawn."""
    rows = connection.execute(
        select(respondent.c.ref).where(
            respondent.c.study_id == study_id, respondent.c.withdrawn_at.isnot(None)
        )
    )
    return {row.ref for row in rows}


def answers_of(connection: Connection, study_id: int) -> dict[AnswerKey, StoredAnswer]:
    """Give a study's answers, without their texts."""
    rows = connection.execute(
        select(
            document.c.id,
            document.c.respondent_id,
            document.c.question_id,
            document.c.answer_kind,
            revision.c.id.label("revision_id"),
            revision.c.sha256,
        )
        .join(revision, revision.c.id == document.c.current_revision_id)
        .where(document.c.study_id == study_id, document.c.answer_kind.isnot(None))
    )
    return {
        (row.respondent_id, row.question_id, row.answer_kind): StoredAnswer(
            row.id, row.revision_id, row.sha256
        )
        for row in rows
    }


def absences_of(connection: Connection, study_id: int) -> dict[AnswerKey, tuple[str, str | None]]:
    """Give a study's absent answers: (state, file name)."""
    rows = connection.execute(
        select(absent_answer)
        .join(respondent, respondent.c.id == absent_answer.c.respondent_id)
        .where(respondent.c.study_id == study_id)
    )
    return {
        (row.respondent_id, row.question_id, row.kind): (row.state, row.file_name) for row in rows
    }


def values_of(connection: Connection, study_id: int) -> dict[tuple[int, int], set[str]]:
    """Give a study's attribute values by (respondent, attribute)."""
    found: dict[tuple[int, int], set[str]] = {}
    rows = connection.execute(
        select(respondent_attribute)
        .join(respondent, respondent.c.id == respondent_attribute.c.respondent_id)
        .where(respondent.c.study_id == study_id)
    )
    for row in rows:
        found.setdefault((row.respondent_id, row.attribute_id), set()).add(row.value)
    return found


def text_of(connection: Connection, revision_id: int) -> str:
    """Give a revision's text."""
    return str(
        connection.execute(select(revision.c.text).where(revision.c.id == revision_id)).scalar_one()
    )


def add_batch(
    connection: Connection,
    *,
    study_id: int,
    kind: str,
    file_name: str,
    sha256: str,
    mapping: str,
    actor_id: int,
) -> int:
    """Write that a file is being imported; give the batch's key."""
    key = connection.execute(
        insert(import_batch).values(
            study_id=study_id,
            kind=kind,
            file_name=file_name,
            sha256=sha256,
            mapping=mapping,
            report={},
            created_by=actor_id,
            created_at=now(),
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def finish_batch(connection: Connection, batch_id: int, report: Mapping[str, object]) -> None:
    """Write what an import did."""
    connection.execute(
        update(import_batch).where(import_batch.c.id == batch_id).values(report=dict(report))
    )


def last_mapping(connection: Connection, study_id: int) -> str | None:
    """Give the mapping of a study's newest survey import."""
    return connection.execute(
        select(import_batch.c.mapping)
        .where(import_batch.c.study_id == study_id, import_batch.c.kind == "survey")
        .order_by(import_batch.c.id.desc())
        .limit(1)
    ).scalar()


def add_respondents(
    connection: Connection,
    study_id: int,
    batch_id: int,
    people: Sequence[tuple[str, str | None]],
) -> dict[str, int]:
    """Write new respondents, given as (ref, submitted_at); give their keys by ref."""
    at = now()
    rows: list[dict[str, object]] = [
        {
            "study_id": study_id,
            "ref": ref,
            "submitted_at": submitted_at,
            "import_batch_id": batch_id,
            "created_at": at,
        }
        for ref, submitted_at in people
    ]
    keys = _insert_many(connection, respondent, rows)
    return {ref: key for (ref, _), key in zip(people, keys, strict=True)}


def set_values(
    connection: Connection, changes: Mapping[tuple[int, int], Iterable[str]], *, fresh: bool
) -> None:
    """Give respondents attribute values; with `fresh` they are known to have none yet."""
    if not changes:
        return
    if not fresh:
        connection.execute(
            delete(respondent_attribute).where(
                respondent_attribute.c.respondent_id == bindparam("person"),
                respondent_attribute.c.attribute_id == bindparam("field"),
            ),
            [{"person": person, "field": field} for person, field in changes],
        )
    rows = [
        {"respondent_id": person, "attribute_id": field, "value": value}
        for (person, field), values in changes.items()
        for value in dict.fromkeys(values)
    ]
    if rows:
        connection.execute(insert(respondent_attribute), rows)


def add_answers(
    connection: Connection,
    study_id: int,
    batch_id: int,
    actor_id: int,
    answers: Sequence[NewAnswer],
) -> None:
    """Write new answers as documents with their first revision."""
    at = now()
    for part in _parts(answers):
        keys = _insert_many(
            connection,
            document,
            [
                {
                    "study_id": study_id,
                    "guid": new_guid(),
                    "kind": "voice_note" if item.kind == "spoken" else "answer",
                    "respondent_id": item.respondent_id,
                    "question_id": item.question_id,
                    "answer_kind": item.kind,
                    "codable": bool(item.text.strip()),
                    "n_words": count_words(item.text),
                    "created_at": at,
                }
                for item in part
            ],
        )
        revisions = _insert_many(
            connection,
            revision,
            [
                {
                    "document_id": key,
                    "number": 1,
                    "text": item.text,
                    "search_text": fold(item.text),
                    "sha256": sha(item.text),
                    "why": "import",
                    "import_batch_id": batch_id,
                    "created_by": actor_id,
                    "created_at": at,
                }
                for item, key in zip(part, keys, strict=True)
            ],
        )
        connection.execute(
            update(document)
            .where(document.c.id == bindparam("key"))
            .values(current_revision_id=bindparam("text_key")),
            [{"key": key, "text_key": text} for key, text in zip(keys, revisions, strict=True)],
        )


def set_absences(
    connection: Connection,
    gone: Sequence[AnswerKey],
    found: Mapping[AnswerKey, tuple[str, str | None]],
) -> None:
    """Forget some absent answers and write others."""
    if gone:
        connection.execute(
            delete(absent_answer).where(
                absent_answer.c.respondent_id == bindparam("person"),
                absent_answer.c.question_id == bindparam("asked"),
                absent_answer.c.kind == bindparam("how"),
            ),
            [{"person": person, "asked": asked, "how": how} for person, asked, how in gone],
        )
    if found:
        connection.execute(
            insert(absent_answer),
            [
                {
                    "respondent_id": person,
                    "question_id": asked,
                    "kind": how,
                    "state": state,
                    "file_name": file_name,
                }
                for (person, asked, how), (state, file_name) in found.items()
            ],
        )


def _insert_many(
    connection: Connection, table: Any, rows: Sequence[dict[str, object]]
) -> list[int]:
    if not rows:
        return []
    result = connection.execute(
        insert(table).returning(table.c.id, sort_by_parameter_order=True), rows
    )
    return [row.id for row in result]


def _parts(items: Sequence[NewAnswer]) -> Iterator[Sequence[NewAnswer]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
