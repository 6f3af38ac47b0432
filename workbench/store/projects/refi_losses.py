"""How much a study holds that no other program has a place for.

In: a study and the person who asks. Out: counts by what it is; of others' work only what this
person may see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy import Connection, func, select

from workbench.store.projects.refi_recordings import has_words
from workbench.store.tables import (
    absent_answer,
    adjudication,
    assignment,
    attribute,
    codebook_version,
    coding,
    document,
    document_state,
    recording,
    respondent,
    respondent_survey,
    revision,
    saved_filter,
    segment,
    star,
)
from workbench.store.visibility import Sight

Count: TypeAlias = Callable[..., int]
"""Counts rows of a table or join under conditions."""


def count_losses(connection: Connection, study_id: int, sight: Sight) -> dict[str, int]:
    """Count what stays behind when a study is written for another program."""

    def count(source: Any, *conditions: Any) -> int:
        query = select(func.count()).select_from(source).where(*conditions)
        return int(connection.execute(query).scalar_one())

    return {
        **_of_the_survey(count, study_id),
        **_of_documents(count, study_id),
        **_of_coding(count, study_id, sight),
    }


def _of_the_survey(count: Count, study_id: int) -> dict[str, int]:
    known = attribute.c.study_id == study_id
    absent = absent_answer.join(respondent, respondent.c.id == absent_answer.c.respondent_id)
    here = respondent.c.study_id == study_id, respondent.c.withdrawn_at.is_(None)
    in_survey = select(respondent_survey.c.respondent_id).where(
        respondent_survey.c.respondent_id == respondent.c.id,
        respondent_survey.c.submitted_at.isnot(None),
    )
    derived = attribute.c.derived_from.isnot(None), ~attribute.c.identifying
    return {
        "awaited": count(absent, *here, absent_answer.c.file_name.isnot(None)),
        "identifying": count(attribute, known, attribute.c.identifying),
        "derived": count(attribute, known, *derived),
        "submitted": count(
            respondent, *here, respondent.c.submitted_at.isnot(None), ~in_survey.exists()
        ),
    }


def _of_documents(count: Count, study_id: int) -> dict[str, int]:
    here = document.c.study_id == study_id
    texts = revision.join(document, document.c.id == revision.c.document_id)
    spoken = segment.join(document, document.c.current_revision_id == segment.c.revision_id)
    heard = document.c.transcript.isnot(None), segment.c.words.isnot(None)
    sound = recording.c.study_id == study_id
    note = recording.c.purpose == "voice_note"
    return {
        "texts": count(texts, here, revision.c.id != document.c.current_revision_id),
        "heard": count(spoken, here, *heard),
        "unmatched": count(recording, sound, note, recording.c.matching != "matched", ~has_words()),
        "voice_memos": count(recording, sound, recording.c.purpose == "memo"),
    }


def _of_coding(count: Count, study_id: int, sight: Sight) -> dict[str, int]:
    here = document.c.study_id == study_id
    stated = document_state.join(document, document.c.id == document_state.c.document_id)
    given = assignment.join(document, document.c.id == assignment.c.document_id)
    settled = adjudication.join(document, document.c.id == adjudication.c.document_id)
    starred = star.join(coding, coding.c.id == star.c.coding_id).join(
        document, document.c.id == coding.c.document_id
    )
    seen = coding.c.deleted_at.is_(None), sight.sees(coding.c)
    open_to_all = adjudication.c.deleted_at.is_(None), ~sight.hides_others(document.c.id)
    named = codebook_version.c.name.isnot(None)
    return {
        "done": count(stated, here, document_state.c.first_done_at.isnot(None)),
        "assigned": count(given, here),
        "stars": count(starred, here, *seen),
        "settled": count(settled, here, *open_to_all),
        "versions": count(codebook_version, codebook_version.c.study_id == study_id, named),
        "filters": count(saved_filter, saved_filter.c.study_id == study_id),
    }
