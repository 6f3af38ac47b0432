"""Recordings: sound files and to whom they belong.

In: what an import has found out of a file. Out: rows, and lists of them. The bytes are in `media`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, or_, select, update

from workbench.domain.recordings import Matching, Purpose, Recording
from workbench.store.bulk import parts
from workbench.store.clock import now
from workbench.store.tables import (
    absent_answer,
    document,
    question,
    recording,
    respondent,
    revision,
)


@dataclass(frozen=True, slots=True)
class NewRecording:
    """A recording to be written."""

    sha256: str
    uri: str
    file_name: str
    media_type: str
    size_bytes: int
    duration_ms: int | None
    purpose: Purpose = "voice_note"
    matching: Matching = "unmatched"
    matched_by: str = ""
    note: str = ""
    respondent_id: int | None = None
    question_id: int | None = None


def add_recording(connection: Connection, study_id: int, actor_id: int, item: NewRecording) -> int:
    """Write a recording; give its key."""
    key = connection.execute(
        insert(recording).values(
            study_id=study_id,
            sha256=item.sha256,
            uri=item.uri,
            file_name=item.file_name,
            media_type=item.media_type,
            size_bytes=item.size_bytes,
            duration_ms=item.duration_ms,
            purpose=item.purpose,
            matching=item.matching,
            matched_by=item.matched_by,
            note=item.note,
            respondent_id=item.respondent_id,
            question_id=item.question_id,
            created_by=actor_id,
            created_at=now(),
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def set_match(
    connection: Connection,
    recording_id: int,
    *,
    matching: Matching,
    matched_by: str,
    note: str,
    respondent_id: int | None,
    question_id: int | None,
) -> None:
    """Note to whose answer a recording belongs."""
    connection.execute(
        update(recording)
        .where(recording.c.id == recording_id)
        .values(
            matching=matching,
            matched_by=matched_by,
            note=note,
            respondent_id=respondent_id,
            question_id=question_id,
        )
    )


def set_memo(connection: Connection, recording_id: int, memo_id: int) -> None:
    """Note in which memo a researcher's spoken words are."""
    connection.execute(
        update(recording).where(recording.c.id == recording_id).values(memo_id=memo_id)
    )


def known_digests(connection: Connection, study_id: int, digests: Sequence[str]) -> dict[str, int]:
    """Give the keys of recordings that are there already, by the SHA-256 of their bytes."""
    found: dict[str, int] = {}
    for part in parts(digests):
        rows = connection.execute(
            select(recording.c.sha256, recording.c.id).where(
                recording.c.study_id == study_id, recording.c.sha256.in_(part)
            )
        )
        found |= {digest: key for digest, key in rows}
    return found


def all_digests(connection: Connection, study_id: int) -> dict[str, int]:
    """Give the keys of all recordings of a study, by the SHA-256 of their bytes."""
    rows = connection.execute(
        select(recording.c.sha256, recording.c.id).where(recording.c.study_id == study_id)
    )
    return {digest: key for digest, key in rows}


def answers_by_digest(
    connection: Connection, study_id: int
) -> dict[str, tuple[int | None, int | None]]:
    """Give (respondent, question) of all recordings, as far as known, by their bytes' SHA-256."""
    rows = connection.execute(
        select(recording.c.sha256, recording.c.respondent_id, recording.c.question_id).where(
            recording.c.study_id == study_id
        )
    )
    return {digest: (person, asked) for digest, person, asked in rows}


def get_recording(connection: Connection, study_id: int, recording_id: int) -> Recording | None:
    """Read one recording; None where there is none, or whoever speaks has withdrawn."""
    row = connection.execute(_query(study_id).where(recording.c.id == recording_id)).first()
    return _recording(row) if row else None


def list_recordings(
    connection: Connection,
    study_id: int,
    *,
    matching: Sequence[Matching] = (),
    purpose: Purpose | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> list[Recording]:
    """List recordings in the order in which they came, but those of people who have withdrawn."""
    query = _query(study_id).order_by(recording.c.id).offset(offset)
    if matching:
        query = query.where(recording.c.matching.in_(matching))
    if purpose is not None:
        query = query.where(recording.c.purpose == purpose)
    if limit is not None:
        query = query.limit(limit)
    return [_recording(row) for row in connection.execute(query)]


def count_by_matching(connection: Connection, study_id: int) -> dict[Matching, int]:
    """Count the voice notes by whether it is known whose they are."""
    rows = connection.execute(
        select(recording.c.matching, func.count())
        .outerjoin(respondent, respondent.c.id == recording.c.respondent_id)
        .where(
            recording.c.study_id == study_id,
            recording.c.purpose == "voice_note",
            respondent.c.withdrawn_at.is_(None),
        )
        .group_by(recording.c.matching)
    )
    return {state: n for state, n in rows}


def claims(connection: Connection, study_id: int) -> dict[tuple[int, int], int]:
    """Give the recordings that are matched, by (respondent, question)."""
    rows = connection.execute(
        select(recording.c.respondent_id, recording.c.question_id, recording.c.id).where(
            recording.c.study_id == study_id, recording.c.matching == "matched"
        )
    )
    return {(person, asked): key for person, asked, key in rows if person and asked}


def spoken_without_recording(connection: Connection, study_id: int) -> set[tuple[int, int]]:
    """Give (respondent, question) of spoken answers whose words came without a recording."""
    rows = connection.execute(
        select(document.c.respondent_id, document.c.question_id)
        .join(revision, revision.c.id == document.c.current_revision_id)
        .where(
            document.c.study_id == study_id,
            document.c.answer_kind == "spoken",
            document.c.recording_id.is_(None),
            revision.c.text != "",
        )
    )
    return {(person, asked) for person, asked in rows}


def has_document(connection: Connection, recording_id: int) -> bool:
    """Tell whether a recording's words are a document already."""
    found = select(document.c.id).where(document.c.recording_id == recording_id).limit(1)
    return connection.execute(found).first() is not None


def named_files(connection: Connection, study_id: int) -> list[tuple[str, int, int]]:
    """List the voice notes that surveys name: (file name, respondent, question)."""
    rows = connection.execute(
        select(absent_answer.c.file_name, absent_answer.c.respondent_id,
               absent_answer.c.question_id)
        .join(respondent, respondent.c.id == absent_answer.c.respondent_id)
        .where(
            respondent.c.study_id == study_id,
            respondent.c.withdrawn_at.is_(None),
            absent_answer.c.file_name.isnot(None),
        )
        .order_by(absent_answer.c.respondent_id, absent_answer.c.question_id)
    )  # fmt: skip
    return [(name, person, asked) for name, person, asked in rows]


def people_by_ref(connection: Connection, study_id: int) -> dict[str, int]:
    """Give the keys of a study's people, but those who have withdrawn, by ref."""
    rows = connection.execute(
        select(respondent.c.ref, respondent.c.id).where(
            respondent.c.study_id == study_id, respondent.c.withdrawn_at.is_(None)
        )
    )
    return {ref: key for ref, key in rows}


def _query(study_id: int) -> Select[Any]:
    return (
        select(
            recording,
            respondent.c.ref.label("person"),
            question.c.ref.label("asked"),
        )
        .outerjoin(respondent, respondent.c.id == recording.c.respondent_id)
        .outerjoin(question, question.c.id == recording.c.question_id)
        .where(
            recording.c.study_id == study_id,
            or_(recording.c.respondent_id.is_(None), respondent.c.withdrawn_at.is_(None)),
        )
    )


def _recording(row: Any) -> Recording:
    return Recording(
        id=row.id,
        study_id=row.study_id,
        sha256=row.sha256,
        uri=row.uri,
        file_name=row.file_name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        duration_ms=row.duration_ms,
        purpose=row.purpose,
        matching=row.matching,
        matched_by=row.matched_by,
        note=row.note,
        respondent_id=row.respondent_id,
        respondent=row.person or "",
        question_id=row.question_id,
        question=row.asked or "",
        created_at=row.created_at,
    )
