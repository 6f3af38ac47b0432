"""What a study holds, read for an exchange with other programs, a page of documents at a time.

In: a study and the person who asks. Out: plain rows; nothing of who has withdrawn, no identifying
attribute, and of others' codings and memos only what this person may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from workbench.store.bulk import parts
from workbench.store.coding.codings import current_anchor
from workbench.store.tables import (
    CONSENSUS,
    attribute,
    code_ancestor,
    coder,
    coding,
    document,
    question,
    respondent,
    respondent_attribute,
    revision,
    segment,
    speaker,
    study,
)
from workbench.store.tables import anchor as anchors
from workbench.store.visibility import Sight


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study as it is exchanged."""

    guid: str
    name: str
    description: str
    created_at: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A respondent who has not withdrawn."""

    id: int
    ref: str
    may_be_quoted: bool | None


@dataclass(frozen=True, slots=True)
class CoderRow:
    """Somebody who has coded or written."""

    id: int
    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document with its current text."""

    id: int
    guid: str
    kind: str
    ref: str
    respondent_id: int | None
    respondent: str
    question_id: int | None
    question: str
    question_text: str
    answer_kind: str | None
    recording_id: int | None
    language: str
    transcript: str
    translation_of: int | None
    series: str
    held_on: str
    created_at: str
    revision_id: int
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class CodingRow:
    """A coding that may be seen; `code_id` is what it counts as. Without a place: the whole."""

    id: int
    guid: str
    document_id: int
    code_id: int
    coder_id: int
    created_at: str
    start: int | None
    end: int | None
    placed: bool


def read_study(connection: Connection, study_id: int) -> StudyRow:
    """Read what a study is called, and since when there is one."""
    row = connection.execute(
        select(study.c.guid, study.c.name, study.c.description, study.c.created_at).where(
            study.c.id == study_id
        )
    ).one()
    return StudyRow(*row)


def list_coders(connection: Connection) -> list[CoderRow]:
    """List all coders in order of name; the consensus comes last."""
    rows = connection.execute(
        select(coder.c.id, coder.c.guid, coder.c.name).order_by(
            coder.c.id == CONSENSUS, coder.c.name_key
        )
    )
    return [CoderRow(*row) for row in rows]


# ---------------------------------------------------------------- respondents


def list_people(connection: Connection, study_id: int) -> list[PersonRow]:
    """List the respondents who have not withdrawn, in the order in which they came."""
    rows = connection.execute(
        select(respondent.c.id, respondent.c.ref, respondent.c.may_be_quoted)
        .where(respondent.c.study_id == study_id, respondent.c.withdrawn_at.is_(None))
        .order_by(respondent.c.id)
    )
    return [PersonRow(*row) for row in rows]


def values_by_attribute(connection: Connection, study_id: int) -> dict[int, list[str]]:
    """Give the values that attributes take, sorted; of those that may leave the database."""
    found: dict[int, list[str]] = {}
    rows = connection.execute(
        select(respondent_attribute.c.attribute_id, respondent_attribute.c.value)
        .distinct()
        .join(attribute, attribute.c.id == respondent_attribute.c.attribute_id)
        .join(respondent, respondent.c.id == respondent_attribute.c.respondent_id)
        .where(
            attribute.c.study_id == study_id,
            ~attribute.c.identifying,
            respondent.c.withdrawn_at.is_(None),
        )
        .order_by(respondent_attribute.c.attribute_id, respondent_attribute.c.value)
    )
    for key, value in rows:
        found.setdefault(key, []).append(value)
    return found


def values_by_person(
    connection: Connection, study_id: int, keys: Sequence[int]
) -> dict[int, dict[int, list[str]]]:
    """Give the values of some respondents, by respondent and attribute; identifying ones never."""
    found: dict[int, dict[int, list[str]]] = {}
    rows = connection.execute(
        select(
            respondent_attribute.c.respondent_id,
            respondent_attribute.c.attribute_id,
            respondent_attribute.c.value,
        )
        .join(attribute, attribute.c.id == respondent_attribute.c.attribute_id)
        .where(
            attribute.c.study_id == study_id,
            ~attribute.c.identifying,
            respondent_attribute.c.respondent_id.in_(keys),
        )
        .order_by(attribute.c.position, attribute.c.id, respondent_attribute.c.value)
    )
    for person, key, value in rows:
        found.setdefault(person, {}).setdefault(key, []).append(value)
    return found


# ---------------------------------------------------------------- documents


def document_keys(connection: Connection, study_id: int) -> list[int]:
    """List a study's documents by question, respondent and name; translations are among them."""
    return list(
        connection.execute(
            select(document.c.id)
            .join(revision, revision.c.id == document.c.current_revision_id)
            .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
            .where(document.c.study_id == study_id, respondent.c.withdrawn_at.is_(None))
            .order_by(
                document.c.sort_question,
                document.c.sort_respondent,
                func.coalesce(document.c.series, ""),
                func.coalesce(document.c.ref, ""),
                document.c.id,
            )
        ).scalars()
    )


def read_documents(connection: Connection, keys: Sequence[int]) -> list[DocumentRow]:
    """Read documents with their texts, in the order of their keys."""
    query = (
        select(
            document.c.id, document.c.guid, document.c.kind, document.c.ref,
            document.c.respondent_id, respondent.c.ref.label("person"), document.c.question_id,
            question.c.ref.label("asked"), question.c.text.label("asked_text"),
            document.c.answer_kind, document.c.recording_id, document.c.language,
            document.c.transcript, document.c.translation_of, document.c.series,
            document.c.held_on, document.c.created_at, revision.c.id.label("revision_id"),
            revision.c.sha256, revision.c.text,
        )
        .select_from(
            document.join(revision, revision.c.id == document.c.current_revision_id)
            .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
            .outerjoin(question, question.c.id == document.c.question_id)
        )
    )  # fmt: skip
    found = {}
    for part in parts(keys):
        for row in connection.execute(query.where(document.c.id.in_(part))):
            found[row.id] = DocumentRow(
                row.id, row.guid, row.kind, row.ref or "", row.respondent_id, row.person or "",
                row.question_id, row.asked or "", row.asked_text or "", row.answer_kind,
                row.recording_id, row.language or "", row.transcript or "", row.translation_of,
                row.series or "", row.held_on or "", row.created_at, row.revision_id, row.sha256,
                row.text,
            )  # fmt: skip
    return [found[key] for key in keys if key in found]


def read_codings(
    connection: Connection, sight: Sight, keys: Sequence[int], *, consensus: bool
) -> dict[int, list[CodingRow]]:
    """Read the live codings of documents that a person may see, by document, the oldest first.

    Parameters
    ----------
    consensus
        With what was adjudicated; its coder is `CONSENSUS`.
    """
    found: dict[int, list[CodingRow]] = {}
    for part in parts(keys):
        for row in connection.execute(_codings(sight, part, consensus=consensus)):
            found.setdefault(row.document_id, []).append(
                CodingRow(
                    row.id, row.guid, row.document_id, row.ancestor_id, row.coder_id,
                    row.created_at, row.start, row.end, row.state == "placed",
                )
            )  # fmt: skip
    return found


def _codings(sight: Sight, keys: Sequence[int], *, consensus: bool) -> Select[Any]:
    query = (
        select(
            coding.c.id, coding.c.guid, coding.c.document_id, code_ancestor.c.ancestor_id,
            coding.c.coder_id, coding.c.created_at, anchors.c.start, anchors.c.end,
            anchors.c.state,
        )
        .join(document, document.c.id == coding.c.document_id)
        .join(anchors, current_anchor())
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
        )
        .where(coding.c.document_id.in_(keys), coding.c.deleted_at.is_(None), sight.sees(coding.c))
        .order_by(coding.c.document_id, coding.c.id)
    )  # fmt: skip
    return query if consensus else query.where(coding.c.coder_id != CONSENSUS)


def read_times(
    connection: Connection, revision_ids: Sequence[int]
) -> dict[int, list[tuple[int, int, int | None, int | None]]]:
    """Give (start, end, start_ms, end_ms) of the segments of transcripts, by revision."""
    found: dict[int, list[tuple[int, int, int | None, int | None]]] = {}
    for part in parts(revision_ids):
        rows = connection.execute(
            select(segment.c.revision_id, segment.c.start, segment.c.end,
                   segment.c.start_ms, segment.c.end_ms)
            .where(segment.c.revision_id.in_(part))
            .order_by(segment.c.revision_id, segment.c.position)
        )  # fmt: skip
        for row in rows:
            found.setdefault(row[0], []).append((row[1], row[2], row[3], row[4]))
    return found


def hidden_documents(connection: Connection, sight: Sight, keys: Sequence[int]) -> set[int]:
    """Tell which of these documents show a person nobody's work but their own."""
    if sight.hides_nothing:
        return set()
    found: set[int] = set()
    for part in parts(keys):
        hidden = select(document.c.id).where(
            document.c.id.in_(part), sight.hides_others(document.c.id)
        )
        found |= set(connection.execute(hidden).scalars())
    return found


def turns_of_the_withdrawn(connection: Connection, revision_id: int) -> list[tuple[int, int]]:
    """Give the places of turns whose speakers have withdrawn."""
    rows = connection.execute(
        select(segment.c.start, segment.c.end)
        .join(respondent, respondent.c.id == segment.c.respondent_id)
        .where(segment.c.revision_id == revision_id, respondent.c.withdrawn_at.isnot(None))
        .order_by(segment.c.position)
    )
    return [(row.start, row.end) for row in rows]


def withdrawn_names(connection: Connection, study_id: int) -> set[str]:
    """Give what those are called who have withdrawn: as respondents, and where they speak."""
    gone = (respondent.c.study_id == study_id, respondent.c.withdrawn_at.isnot(None))
    spoke = select(speaker.c.name).join(respondent, respondent.c.id == speaker.c.respondent_id)
    turns = select(segment.c.speaker).join(respondent, respondent.c.id == segment.c.respondent_id)
    found: set[str] = set()
    for query in (select(respondent.c.ref), spoke, turns):
        found |= {name for name in connection.execute(query.where(*gone)).scalars() if name}
    return found


def count_discussions(connection: Connection, study_id: int) -> int:
    """Count a study's focus groups."""
    here = (document.c.study_id == study_id, document.c.kind == "focus_group")
    return int(connection.execute(select(func.count()).where(*here)).scalar_one())
