"""Transcripts and their translations, for writing them to files.

In: a study. Out: one row for each, a translation after its original; nothing of who withdrew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from workbench.domain.transcripts import Standing
from workbench.store.tables import coder, document, question, recording, respondent, revision


@dataclass(frozen=True, slots=True)
class WrittenTranscript:
    """A transcript or a translation with its text, before its segments are read."""

    document_id: int
    revision_id: int
    respondent_id: int | None
    respondent: str
    may_be_quoted: bool
    question: str
    question_text: str
    file_name: str
    duration_ms: int
    language: str
    standing: Standing
    text: str
    is_translation: bool
    checked_by: str
    checked_at: str


def written_transcripts(
    connection: Connection, study_id: int, *, checked_only: bool, translations: bool
) -> Iterator[WrittenTranscript]:
    """Give the transcripts of a study in the order of questions and people.

    Parameters
    ----------
    checked_only
        Without machine drafts; of translations, without those that nobody has confirmed.
    """
    query = (
        select(
            document.c.id, document.c.current_revision_id, document.c.respondent_id,
            document.c.language, document.c.transcript, document.c.translation_of,
            document.c.checked_at, revision.c.text, respondent.c.ref.label("person"),
            respondent.c.may_be_quoted, question.c.ref.label("asked"),
            question.c.text.label("asked_text"), recording.c.file_name, recording.c.duration_ms,
            coder.c.name.label("checker"),
        )
        .join(revision, revision.c.id == document.c.current_revision_id)
        .join(recording, recording.c.id == document.c.recording_id)
        .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
        .outerjoin(question, question.c.id == document.c.question_id)
        .outerjoin(coder, coder.c.id == document.c.checked_by)
        .where(
            document.c.study_id == study_id,
            document.c.transcript.isnot(None),
            or_(document.c.respondent_id.is_(None), respondent.c.withdrawn_at.is_(None)),
        )
        .order_by(
            document.c.sort_question, document.c.sort_respondent,
            func.coalesce(document.c.translation_of, document.c.id), document.c.id,
        )
    )  # fmt: skip
    if checked_only:
        query = query.where(document.c.transcript == "checked")
    if not translations:
        query = query.where(document.c.translation_of.is_(None))
    for row in connection.execute(query):
        yield WrittenTranscript(
            row.id, row.current_revision_id, row.respondent_id, row.person or "",
            row.may_be_quoted is not False, row.asked or "", row.asked_text or "", row.file_name,
            row.duration_ms or 0, row.language or "", row.transcript, row.text,
            row.translation_of is not None, row.checker or "", row.checked_at or "",
        )  # fmt: skip
