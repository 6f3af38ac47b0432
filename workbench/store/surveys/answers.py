"""Answers, absent answers and attribute values, compared and written for many people at a time.

In: the people of a part of a file. Out: what the study holds of them; and the rows that an import
has found to be new or changed, written in few statements. Only parts are held in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select, tuple_, update

from workbench.domain.text import count_words, fold, sha
from workbench.store.bulk import insert_rows, parts, reserve_keys
from workbench.store.clock import new_guids, now
from workbench.store.coding.anchors import reanchor_document
from workbench.store.tables import (
    absent_answer,
    anchor,
    document,
    respondent_attribute,
    revision,
)

AnswerKey = tuple[int, int, str]
"""(respondent, question, typed or spoken)."""

Absence = tuple[str, str | None]
"""(state, name of the voice note's file)."""


class StoredAnswer(NamedTuple):  # made by the hundred thousand: a tuple is made quickest
    """An answer that is there already, without its text."""

    document_id: int
    revision_id: int
    sha256: str


class NewAnswer(NamedTuple):
    """An answer to be written."""

    respondent_id: int
    question_id: int
    kind: str
    text: str


def answers_of(connection: Connection, people: Sequence[int]) -> dict[AnswerKey, StoredAnswer]:
    """Give the answers of these people."""
    found: dict[AnswerKey, StoredAnswer] = {}
    for part in parts(people):
        rows = connection.execute(
            select(
                document.c.respondent_id,
                document.c.question_id,
                document.c.answer_kind,
                document.c.id,
                revision.c.id,
                revision.c.sha256,
            )
            .join(revision, revision.c.id == document.c.current_revision_id)
            .where(document.c.respondent_id.in_(part), document.c.answer_kind.isnot(None))
        )
        for person, asked, kind, key, text_key, digest in rows:
            found[person, asked, kind] = StoredAnswer(key, text_key, digest)
    return found


def absences_of(connection: Connection, people: Sequence[int]) -> dict[AnswerKey, Absence]:
    """Give the absent answers of these people."""
    found: dict[AnswerKey, Absence] = {}
    for part in parts(people):
        rows = connection.execute(
            select(
                absent_answer.c.respondent_id,
                absent_answer.c.question_id,
                absent_answer.c.kind,
                absent_answer.c.state,
                absent_answer.c.file_name,
            ).where(absent_answer.c.respondent_id.in_(part))
        )
        for person, asked, kind, state, file_name in rows:
            found[person, asked, kind] = (state, file_name)
    return found


def values_of(connection: Connection, people: Sequence[int]) -> dict[tuple[int, int], set[str]]:
    """Give the attribute values of these people by (respondent, attribute)."""
    found: dict[tuple[int, int], set[str]] = {}
    for part in parts(people):
        rows = connection.execute(
            select(
                respondent_attribute.c.respondent_id,
                respondent_attribute.c.attribute_id,
                respondent_attribute.c.value,
            ).where(respondent_attribute.c.respondent_id.in_(part))
        )
        for person, known, value in rows:
            found.setdefault((person, known), set()).add(value)
    return found


def texts_of(connection: Connection, revisions: Sequence[int]) -> dict[int, str]:
    """Give the texts of these revisions."""
    found: dict[int, str] = {}
    for part in parts(revisions):
        rows = connection.execute(
            select(revision.c.id, revision.c.text).where(revision.c.id.in_(part))
        )
        found |= {key: text for key, text in rows}
    return found


def set_values(
    connection: Connection, changes: Mapping[tuple[int, int], Iterable[str]], *, fresh: bool
) -> None:
    """Give respondents attribute values; with `fresh` they are known to have none yet."""
    if changes and not fresh:
        connection.execute(
            delete(respondent_attribute).where(
                respondent_attribute.c.respondent_id == bindparam("person"),
                respondent_attribute.c.attribute_id == bindparam("field"),
            ),
            [{"person": person, "field": field} for person, field in changes],
        )
    insert_rows(
        connection,
        respondent_attribute,
        ("respondent_id", "attribute_id", "value"),
        [
            (person, field, value)
            for (person, field), values in changes.items()
            for value in dict.fromkeys(values)
        ],
    )


def add_answers(
    connection: Connection,
    study_id: int,
    batch_id: int,
    actor_id: int,
    answers: Sequence[NewAnswer],
) -> None:
    """Write new answers as documents with their first revision."""
    at = now()
    keys = reserve_keys(connection, document, len(answers))
    texts = reserve_keys(connection, revision, len(answers))
    guids = new_guids(len(answers))
    insert_rows(
        connection,
        document,
        ("id", "study_id", "guid", "kind", "respondent_id", "question_id", "answer_kind",
         "sort_question", "sort_respondent", "current_revision_id", "codable", "n_words",
         "created_at"),
        [
            (key, study_id, guid, "voice_note" if item.kind == "spoken" else "answer",
             item.respondent_id, item.question_id, item.kind,
             item.question_id, item.respondent_id, text_key,
             bool(n_words := count_words(item.text)), n_words, at)
            for key, text_key, guid, item in zip(keys, texts, guids, answers, strict=True)
        ],
    )  # fmt: skip
    insert_rows(
        connection,
        revision,
        _REVISION,
        [
            (text_key, key, 1, item.text, fold(item.text), sha(item.text), "import", batch_id,
             actor_id, at)
            for key, text_key, item in zip(keys, texts, answers, strict=True)
        ],
    )  # fmt: skip


_REVISION = ("id", "document_id", "number", "text", "search_text", "sha256", "why",
             "import_batch_id", "created_by", "created_at")  # fmt: skip


def revise_answers(
    connection: Connection,
    batch_id: int,
    actor_id: int,
    changed: Sequence[tuple[StoredAnswer, str]],
) -> Sequence[int]:
    """Write the next texts of answers and carry their codings over; give the revisions' keys."""
    if not changed:
        return ()
    at = now()
    numbers = _last_numbers(connection, [stored.document_id for stored, _ in changed])
    keys = reserve_keys(connection, revision, len(changed))
    insert_rows(
        connection,
        revision,
        _REVISION,
        [
            (key, stored.document_id, numbers[stored.document_id] + 1, text, fold(text), sha(text),
             "import", batch_id, actor_id, at)
            for key, (stored, text) in zip(keys, changed, strict=True)
        ],
    )  # fmt: skip
    set_current(
        connection,
        [
            (stored.document_id, key, text)
            for key, (stored, text) in zip(keys, changed, strict=True)
        ],
    )
    coded = _coded(connection, [stored.revision_id for stored, _ in changed])
    for key, (stored, text) in zip(keys, changed, strict=True):
        if stored.revision_id in coded:
            reanchor_document(
                connection,
                document_id=stored.document_id,
                old_revision_id=stored.revision_id,
                new_revision_id=key,
                old_text=coded[stored.revision_id],
                new_text=text,
            )
    return keys


def set_current(connection: Connection, texts: Sequence[tuple[int, int, str]]) -> None:
    """Make revisions the current ones: (document, revision, its text)."""
    connection.execute(
        update(document)
        .where(document.c.id == bindparam("key"))
        .values(
            current_revision_id=bindparam("text_key"),
            codable=bindparam("has_words"),
            n_words=bindparam("words"),
        ),
        [
            {"key": key, "text_key": text_key, "words": (n := count_words(text)),
             "has_words": bool(n)}
            for key, text_key, text in texts
        ],
    )  # fmt: skip


def _last_numbers(connection: Connection, documents: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in parts(documents):
        rows = connection.execute(
            select(revision.c.document_id, func.max(revision.c.number))
            .where(revision.c.document_id.in_(part))
            .group_by(revision.c.document_id)
        )
        found |= {key: number for key, number in rows}
    return found


def _coded(connection: Connection, revisions: Sequence[int]) -> dict[int, str]:
    """Give the texts of those revisions on which any coding lies."""
    found: dict[int, str] = {}
    for part in parts(revisions):
        lies = select(anchor.c.revision_id).where(anchor.c.revision_id.in_(part))
        rows = connection.execute(
            select(revision.c.id, revision.c.text).where(revision.c.id.in_(lies))
        )
        found |= {key: text for key, text in rows}
    return found


def set_absences(
    connection: Connection, gone: Sequence[AnswerKey], found: Mapping[AnswerKey, Absence]
) -> None:
    """Forget some absent answers and write others."""
    for part in parts(gone, 300):
        connection.execute(
            delete(absent_answer).where(
                tuple_(
                    absent_answer.c.respondent_id,
                    absent_answer.c.question_id,
                    absent_answer.c.kind,
                ).in_(part)
            )
        )
    insert_rows(
        connection,
        absent_answer,
        ("respondent_id", "question_id", "kind", "state", "file_name"),
        [(*key, *absence) for key, absence in found.items()],
    )
