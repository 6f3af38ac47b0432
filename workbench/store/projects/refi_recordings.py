"""The recordings of a study that go to other programs.

In: a study. Out: plain rows and sums; nothing in which somebody is heard who has withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from workbench.store.tables import document, question, recording, respondent, segment


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """A participant's recording."""

    id: int
    uri: str
    size_bytes: int
    respondent_id: int | None
    respondent: str
    question: str
    created_at: str


def list_recordings(connection: Connection, study_id: int) -> list[RecordingRow]:
    """List the recordings that are known to be somebody's answer, or whose words the study has.

    One in which somebody is heard who has withdrawn is not among them.
    """
    whose = func.coalesce(
        recording.c.respondent_id,
        select(func.min(document.c.respondent_id))
        .where(document.c.recording_id == recording.c.id)
        .scalar_subquery(),
    )
    rows = connection.execute(
        select(
            recording.c.id, recording.c.uri, recording.c.size_bytes, respondent.c.id,
            func.coalesce(respondent.c.ref, ""), func.coalesce(question.c.ref, ""),
            recording.c.created_at,
        )
        .select_from(recording)
        .outerjoin(respondent, respondent.c.id == whose)
        .outerjoin(question, question.c.id == recording.c.question_id)
        .where(*_goes_out(study_id))
        .order_by(recording.c.id)
    )  # fmt: skip
    return [RecordingRow(*row) for row in rows]


def count_sound(connection: Connection, study_id: int) -> tuple[int, int]:
    """Count the recordings that `list_recordings` gives, and their bytes."""
    row = connection.execute(
        select(func.count(), func.coalesce(func.sum(recording.c.size_bytes), 0)).where(
            *_goes_out(study_id)
        )
    ).one()
    return int(row[0]), int(row[1])


def has_words() -> ColumnElement[bool]:
    """Tell whether a recording's words are a document, such as one that another program made."""
    return _exists(document.c.recording_id == recording.c.id)


def _goes_out(study_id: int) -> tuple[ColumnElement[bool], ...]:
    gone = respondent.c.withdrawn_at.isnot(None)
    words = document.c.recording_id == recording.c.id
    speaks = segment.c.revision_id == document.c.current_revision_id
    return (
        recording.c.study_id == study_id,
        recording.c.purpose == "voice_note",
        or_(recording.c.matching == "matched", has_words()),
        ~_exists(respondent.c.id == recording.c.respondent_id, gone),
        ~_exists(words, respondent.c.id == document.c.respondent_id, gone),
        ~_exists(words, speaks, respondent.c.id == segment.c.respondent_id, gone),
    )


def _exists(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell whether there is something of a recording."""
    return exists().where(*conditions).correlate(recording)
