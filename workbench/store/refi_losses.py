"""How much a study holds that no other program has a place for.

In: a study and the person who asks. Out: counts by what it is; of others' work only what this
person may see.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from workbench.store.tables import (
    absent_answer,
    adjudication,
    assignment,
    attribute,
    code,
    codebook_version,
    coding,
    document,
    document_state,
    question,
    recording,
    respondent,
    revision,
    saved_filter,
    segment,
    star,
)
from workbench.store.visibility import Sight


def count_losses(connection: Connection, study_id: int, sight: Sight) -> dict[str, int]:
    """Count what stays behind when a study is written for another program."""
    here = document.c.study_id == study_id
    of_here = coding.join(document, document.c.id == coding.c.document_id)
    texts = revision.join(document, document.c.id == revision.c.document_id)
    spoken = segment.join(document, document.c.current_revision_id == segment.c.revision_id)
    stated = document_state.join(document, document.c.id == document_state.c.document_id)
    given = assignment.join(document, document.c.id == assignment.c.document_id)
    settled = adjudication.join(document, document.c.id == adjudication.c.document_id)
    asked = question.c.study_id == study_id

    def count(source: Any, *conditions: Any) -> int:
        query = select(func.count()).select_from(source).where(*conditions)
        return int(connection.execute(query).scalar_one())

    absent = absent_answer.join(question, question.c.id == absent_answer.c.question_id).join(
        respondent, respondent.c.id == absent_answer.c.respondent_id
    )
    return {
        "asked_if": count(question, asked, question.c.asked_if.isnot(None)),
        "questions": count(question, asked),
        "absent": count(absent, asked, respondent.c.withdrawn_at.is_(None)),
        "identifying": count(
            attribute, attribute.c.study_id == study_id, attribute.c.identifying
        ),
        "done": count(stated, here, document_state.c.state == "done"),
        "assigned": count(given, here),
        "stars": count(
            star.join(of_here, coding.c.id == star.c.coding_id),
            here, coding.c.deleted_at.is_(None), sight.sees(coding.c),
        ),
        "settled": count(
            settled, here, adjudication.c.deleted_at.is_(None),
            ~sight.hides_others(document.c.id),
        ),
        "versions": count(
            codebook_version,
            codebook_version.c.study_id == study_id,
            codebook_version.c.name.isnot(None),
        ),
        "merged": count(
            code, code.c.study_id == study_id, code.c.status == "merged",
            code.c.deleted_at.is_(None), sight.sees_code(code.c),
        ),
        "texts": count(
            texts, here, revision.c.id != document.c.current_revision_id
        ),
        "heard": count(
            spoken, here, document.c.transcript.isnot(None),
            segment.c.words.isnot(None),
        ),
        "unmatched": count(
            recording,
            recording.c.study_id == study_id,
            recording.c.purpose == "voice_note",
            recording.c.matching != "matched",
        ),
        "voice_memos": count(
            recording, recording.c.study_id == study_id, recording.c.purpose == "memo"
        ),
        "filters": count(saved_filter, saved_filter.c.study_id == study_id),
    }  # fmt: skip
