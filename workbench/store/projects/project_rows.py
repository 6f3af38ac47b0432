"""Rows of a project from elsewhere, written by the hundred thousand.

In: documents, codings and memos with every key settled. Out: rows; and what is there already of
what a file names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, select, update

from workbench.domain.text import count_words, fold, sha
from workbench.store.bulk import among, insert_rows, parts, reserve_keys
from workbench.store.clock import now
from workbench.store.codebooks.blind_codes import publish_used
from workbench.store.coding.covering import Placed, cover_placed
from workbench.store.tables import (
    NO_KEY,
    anchor,
    code_ancestor,
    coding,
    document,
    document_state,
    memo,
    revision,
    segment,
)

TOGETHER = 5_000
"""Codings written at a time."""


class NewDocument(NamedTuple):
    """A document to be written with its first text."""

    guid: str
    kind: str
    ref: str | None
    respondent_id: int | None
    question_id: int | None
    answer_kind: str | None
    recording_id: int | None
    language: str | None
    transcript: str | None
    series: str | None
    held_on: str | None
    text: str
    created_at: str


class NewSegment(NamedTuple):
    """A stretch of a text: a turn, or words with their times."""

    start: int
    end: int
    start_ms: int | None
    end_ms: int | None
    speaker: str | None
    respondent_id: int | None


class NewCoding(NamedTuple):
    """A coding to be written. `reason` is why it must be placed again; "" where it is placed."""

    guid: str
    document_id: int
    revision_id: int
    code_id: int
    coder_id: int
    start: int | None
    end: int | None
    origin: str
    created_at: str
    reason: str = ""


class NewMemo(NamedTuple):
    """A memo to be written."""

    guid: str
    target_kind: str
    target_id: int
    author_id: int
    reply_to: int | None
    purpose: str | None
    text: str
    created_at: str


class Known(NamedTuple):
    """A row that has a GUID of a file: its key, its study, and other columns as asked."""

    id: int
    values: tuple[Any, ...]


def by_guid(
    connection: Connection, table: Table, guids: Collection[str], *columns: Any
) -> dict[str, Known]:
    """Give the rows of a table that have these GUIDs, in whichever study."""
    rows = connection.execute(
        select(table.c.guid, table.c.id, *columns).where(among(connection, table.c.guid, guids))
    )
    return {row[0]: Known(row[1], tuple(row[2:])) for row in rows}


def documents_by_name(connection: Connection, study_id: int) -> dict[str, tuple[int, int, str]]:
    """Give a study's documents that have a name: (document, revision, sha256 of its text)."""
    rows = connection.execute(
        select(document.c.ref, document.c.id, revision.c.id, revision.c.sha256)
        .join(revision, revision.c.id == document.c.current_revision_id)
        .where(document.c.study_id == study_id, document.c.ref.isnot(None))
    )
    return {name: (key, text_key, digest) for name, key, text_key, digest in rows}


def texts_of(connection: Connection, keys: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Give documents' current texts: (revision, sha256)."""
    rows = connection.execute(
        select(document.c.id, revision.c.id, revision.c.sha256)
        .join(revision, revision.c.id == document.c.current_revision_id)
        .where(among(connection, document.c.id, keys))
    )
    return {key: (text_key, digest) for key, text_key, digest in rows}


def had_text(connection: Connection, document_id: int, digest: str) -> bool:
    """Tell whether a document has or had a text, by its SHA-256."""
    found = select(revision.c.id).where(
        revision.c.document_id == document_id, revision.c.sha256 == digest
    )
    return connection.execute(found.limit(1)).first() is not None


def add_documents(
    connection: Connection, study_id: int, batch_id: int, actor_id: int,
    documents: Sequence[NewDocument],
) -> list[tuple[int, int]]:  # fmt: skip
    """Write documents with their first texts; give (document, revision) of each."""
    at = now()
    keys = reserve_keys(connection, document, len(documents))
    texts = reserve_keys(connection, revision, len(documents))
    insert_rows(
        connection,
        document,
        ("id", "study_id", "guid", "kind", "ref", "respondent_id", "question_id", "answer_kind",
         "recording_id", "language", "transcript", "checked_at", "series", "held_on",
         "sort_question", "sort_respondent", "current_revision_id", "codable", "n_words",
         "created_at"),
        [
            (key, study_id, item.guid, item.kind, item.ref, item.respondent_id, item.question_id,
             item.answer_kind, item.recording_id, item.language, item.transcript,
             at if item.transcript == "checked" else None, item.series, item.held_on,
             NO_KEY if item.question_id is None else item.question_id,
             NO_KEY if item.respondent_id is None else item.respondent_id,
             text_key, bool(n_words := count_words(item.text)), n_words, item.created_at)
            for key, text_key, item in zip(keys, texts, documents, strict=True)
        ],
    )  # fmt: skip
    insert_rows(
        connection,
        revision,
        ("id", "document_id", "number", "text", "search_text", "sha256", "why",
         "import_batch_id", "created_by", "created_at"),
        [
            (text_key, key, 1, item.text, fold(item.text), sha(item.text), "import", batch_id,
             actor_id, at)
            for key, text_key, item in zip(keys, texts, documents, strict=True)
        ],
    )  # fmt: skip
    return list(zip(keys, texts, strict=True))


def add_segments(
    connection: Connection, segments: Iterable[tuple[int, Sequence[NewSegment]]]
) -> None:
    """Write stretches of texts, given by revision, in their order."""
    insert_rows(
        connection,
        segment,
        ("revision_id", "position", "start", "end", "start_ms", "end_ms", "speaker",
         "respondent_id"),
        [
            (text_key, position, *item)
            for text_key, items in segments
            for position, item in enumerate(items)
        ],
    )  # fmt: skip


def set_translations(connection: Connection, pairs: Sequence[tuple[int, int]]) -> None:
    """Put documents beside those that they translate: (translation, original); they count once."""
    for key, original in pairs:
        connection.execute(
            update(document)
            .where(document.c.id == key)
            .values(translation_of=original, codable=False, n_words=0)
        )


# ---------------------------------------------------------------- codings


def add_codings(
    connection: Connection, codings: Sequence[NewCoding], codebook_version_id: int | None
) -> list[int]:
    """Write codings with their places and whom they cover; give their keys."""
    made: list[int] = []
    for part in parts(codings, TOGETHER):
        keys = reserve_keys(connection, coding, len(part))
        insert_rows(
            connection,
            coding,
            ("id", "guid", "document_id", "scope", "code_id", "coder_id", "codebook_version_id",
             "origin", "created_at"),
            [
                (key, item.guid, item.document_id, "document" if item.start is None else "span",
                 item.code_id, item.coder_id, codebook_version_id, item.origin, item.created_at)
                for key, item in zip(keys, part, strict=True)
            ],
        )  # fmt: skip
        insert_rows(
            connection,
            anchor,
            ("coding_id", "revision_id", "start", "end", "state", "reason"),
            [
                (key, item.revision_id, item.start, item.end,
                 "flagged" if item.reason else "placed", item.reason)
                for key, item in zip(keys, part, strict=True)
            ],
        )  # fmt: skip
        publish_used(connection, list(keys))
        made.extend(keys)
    cover_placed(
        connection,
        [
            Placed(key, item.document_id, item.revision_id, item.code_id, item.coder_id,
                   item.start, item.end)
            for key, item in zip(made, codings, strict=True)
            if not item.reason
        ],
    )  # fmt: skip
    return made


def live_codings(
    connection: Connection, document_ids: Sequence[int]
) -> dict[tuple[int, int, int, int | None, int | None], int]:
    """Give the live, placed codings of documents: key by (document, coder, code, start, end).

    The code is the one that a coding counts as.
    """
    rows = connection.execute(
        select(
            coding.c.document_id, coding.c.coder_id, code_ancestor.c.ancestor_id,
            anchor.c.start, anchor.c.end, coding.c.id,
        )
        .join(document, document.c.id == coding.c.document_id)
        .join(
            anchor,
            and_(
                anchor.c.coding_id == coding.c.id,
                anchor.c.revision_id == document.c.current_revision_id,
            ),
        )
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
        )
        .where(
            among(connection, coding.c.document_id, document_ids),
            coding.c.deleted_at.is_(None),
            anchor.c.state == "placed",
        )
        .order_by(coding.c.id)
    )  # fmt: skip
    return {(row[0], row[1], row[2], row[3], row[4]): row[5] for row in rows}


def coded_documents(connection: Connection, keys: Sequence[int]) -> dict[int, int]:
    """Give on which document each of these codings is."""
    rows = connection.execute(
        select(coding.c.id, coding.c.document_id).where(among(connection, coding.c.id, keys))
    )
    return {row[0]: row[1] for row in rows}


def is_deleted(connection: Connection, coding_id: int) -> bool:
    """Tell whether a coding was deleted."""
    query = select(coding.c.deleted_at).where(coding.c.id == coding_id)
    return connection.execute(query).scalar() is not None


def settle(connection: Connection, document_ids: Collection[int], actor_id: int, at: str) -> None:
    """Note that what coders agree on is settled in these documents."""
    for part in parts(sorted(document_ids)):
        connection.execute(
            update(document)
            .where(document.c.id.in_(part))
            .values(adjudicated_at=at, adjudicated_by=actor_id)
        )


def touch_many(connection: Connection, pairs: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Note that coders have begun on documents, given as (document, coder), where nothing is.

    Give those of whom it was noted.
    """
    rows = connection.execute(
        select(document_state.c.document_id, document_state.c.coder_id).where(
            among(connection, document_state.c.document_id, {key for key, _ in pairs})
        )
    )
    there = {(row[0], row[1]) for row in rows}
    fresh = sorted(set(pairs) - there)
    insert_rows(
        connection,
        document_state,
        ("document_id", "coder_id", "state"),
        [(*pair, "in_progress") for pair in fresh],
    )
    return fresh


# ---------------------------------------------------------------- memos


def add_memos(connection: Connection, study_id: int, memos: Sequence[NewMemo]) -> list[int]:
    """Write memos; give their keys."""
    keys = list(reserve_keys(connection, memo, len(memos)))
    insert_rows(
        connection,
        memo,
        ("id", "study_id", "guid", "target_kind", "target_id", "author_id", "reply_to", "purpose",
         "text", "created_at", "changed_at"),
        [
            (key, study_id, *item, item.created_at)
            for key, item in zip(keys, memos, strict=True)
        ],
    )  # fmt: skip
    return keys


def memos_there(connection: Connection, study_id: int) -> dict[tuple[str, int, int, str], int]:
    """Give a study's live memos: key by (kind and key of what it is on, author, text)."""
    rows = connection.execute(
        select(memo.c.target_kind, memo.c.target_id, memo.c.author_id, memo.c.text, memo.c.id)
        .where(memo.c.study_id == study_id, memo.c.deleted_at.is_(None))
        .order_by(memo.c.id.desc())
    )
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}
