"""Memos in threads: found by a filter, put together, and told what they are about.

In: a `MemoFilter`. Out: threads in order, then the memos of some of them, which the actor may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from workbench.domain.memos import Memo, MemoFilter, matches, search_words
from workbench.store.bulk import parts
from workbench.store.memos.memo_sight import memos_seen
from workbench.store.tables import code_ancestor, codebook_version, coder, coding, document, memo
from workbench.store.visibility import Sight, sight_of


@dataclass(frozen=True, slots=True)
class Found:
    """One thread that fits a filter: its first memo's key, what it is about, how many fit."""

    root_id: int
    target_kind: str
    target_id: int
    n_fitting: int
    changed_at: str


def find_threads(
    connection: Connection, study_id: int, actor_id: int, where: MemoFilter
) -> list[Found]:
    """List the threads with a memo that fits, the one that was written in last first.

    Memos are few beside answers: their words are folded while they are searched.
    """
    words = search_words(where.search)
    root = func.coalesce(memo.c.reply_to, memo.c.id).label("root_id")
    columns: list[Any] = [root, memo.c.target_kind, memo.c.target_id, memo.c.changed_at]
    if words:
        columns.append(memo.c.text)
    rows = connection.execute(
        select(*columns)
        .where(memos_seen(connection, study_id, actor_id), memo.c.text != "")
        .where(*_fitting(where, sight_of(connection, study_id, actor_id)))
    )
    found: dict[int, Found] = {}
    for row in rows:
        if words and not matches(row.text, words):
            continue
        known = found.get(row.root_id)
        found[row.root_id] = Found(
            row.root_id,
            row.target_kind,
            row.target_id,
            1 + (known.n_fitting if known else 0),
            max(row.changed_at, known.changed_at if known else ""),
        )
    return sorted(found.values(), key=lambda item: (item.changed_at, item.root_id), reverse=True)


def memos_of(
    connection: Connection, study_id: int, actor_id: int, root_ids: Sequence[int]
) -> dict[int, list[Memo]]:
    """Read all memos of some threads that the actor may see, by thread, the oldest first.

    A first memo that its author has taken away stays, without its words, where the actor might see
    it if it were there.
    """
    found: dict[int, list[Memo]] = {}
    query = (
        select(memo, coder.c.name.label("author"))
        .join(coder, coder.c.id == memo.c.author_id)
        .where(memos_seen(connection, study_id, actor_id), memo.c.text != "")
        .order_by(memo.c.id)
    )
    for part in parts(root_ids):
        within = or_(memo.c.id.in_(part), memo.c.reply_to.in_(part))
        for row in connection.execute(query.where(within)):
            found.setdefault(row.reply_to or row.id, []).append(_memo(row))
    return found


def taken_away(connection: Connection, root_ids: Sequence[int]) -> set[int]:
    """Tell which of these first memos their authors have taken away."""
    found: set[int] = set()
    for part in parts(root_ids):
        gone = select(memo.c.id).where(memo.c.id.in_(part), memo.c.deleted_at.isnot(None))
        found |= set(connection.execute(gone).scalars())
    return found


def find_visible(
    connection: Connection, study_id: int, actor_id: int, memo_id: int
) -> tuple[Memo, str, int] | None:
    """Read one memo that the actor may see, with the kind and key of what it is about."""
    row = connection.execute(
        select(memo, coder.c.name.label("author"))
        .join(coder, coder.c.id == memo.c.author_id)
        .where(memos_seen(connection, study_id, actor_id), memo.c.id == memo_id)
    ).first()
    return (_memo(row), row.target_kind, row.target_id) if row else None


def authors_of(connection: Connection, study_id: int, actor_id: int) -> dict[int, str]:
    """Name the authors of the memos that the actor may see, by key."""
    query = (
        select(coder.c.id, coder.c.name)
        .where(
            coder.c.id.in_(
                select(memo.c.author_id).where(
                    memos_seen(connection, study_id, actor_id), memo.c.text != ""
                )
            )
        )
        .order_by(coder.c.name_key)
    )
    return {row.id: row.name for row in connection.execute(query)}


def purposes_written(connection: Connection, study_id: int, author_id: int) -> set[tuple[str, int]]:
    """List what a person has written because they were asked: (purpose, key of the target)."""
    rows = connection.execute(
        select(memo.c.purpose, memo.c.target_id).where(
            memo.c.study_id == study_id,
            memo.c.author_id == author_id,
            memo.c.purpose.isnot(None),
            memo.c.deleted_at.is_(None),
        )
    )
    return {(row.purpose, row.target_id) for row in rows}


def _fitting(where: MemoFilter, sight: Sight) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if where.kind is not None:
        conditions.append(memo.c.target_kind == where.kind)
        if where.target_id is not None:
            conditions.append(memo.c.target_id == where.target_id)
    if where.author_id is not None:
        conditions.append(memo.c.author_id == where.author_id)
    if where.purpose is not None:
        conditions.append(memo.c.purpose == where.purpose)
    if where.since:
        conditions.append(memo.c.changed_at >= where.since)
    if where.until:
        conditions.append(memo.c.created_at <= f"{where.until}T23:59:59.999Z")
    if where.code_id is not None:
        conditions.append(_about_code(where.code_id, sight))
    if where.document_id is not None:
        conditions.append(_about_documents(select(document.c.id).where(
            document.c.id == where.document_id)))  # fmt: skip
    if where.respondent_id is not None:
        theirs = select(document.c.id).where(document.c.respondent_id == where.respondent_id)
        person = _on("respondent", memo.c.target_id == where.respondent_id)
        conditions.append(or_(person, _about_documents(theirs)))
    return conditions


def _about_code(code_id: int, sight: Sight) -> ColumnElement[bool]:
    family = select(code_ancestor.c.code_id).where(code_ancestor.c.ancestor_id == code_id)
    coded = select(coding.c.id).where(coding.c.code_id.in_(family), sight.sees(coding.c))
    return or_(
        _on("code", or_(memo.c.target_id == code_id, memo.c.target_id.in_(family))),
        _on("coding", memo.c.target_id.in_(coded)),
    )


def _about_documents(documents: Select[tuple[int]]) -> ColumnElement[bool]:
    coded = select(coding.c.id).where(coding.c.document_id.in_(documents))
    return or_(
        _on("document", memo.c.target_id.in_(documents)),
        _on("coding", memo.c.target_id.in_(coded)),
    )


def _on(kind: str, key: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(memo.c.target_kind == kind, key)


def _memo(row: Any) -> Memo:
    return Memo(
        row.id,
        row.guid,
        row.author_id,
        row.author,
        row.text,
        row.created_at,
        row.changed_at,
        row.purpose,
        row.reply_to,
    )


def by_kind(found: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Sort keys by the kind of what they name, each once."""
    sorted_: dict[str, dict[int, None]] = {}
    for kind, key in found:
        sorted_.setdefault(kind, {})[key] = None
    return {kind: list(keys) for kind, keys in sorted_.items()}


def newest_named_version(connection: Connection, study_id: int) -> tuple[int, int, str] | None:
    """Give the newest version of the codebook that has a name: (key, number, name)."""
    row = connection.execute(
        select(codebook_version.c.id, codebook_version.c.number, codebook_version.c.name)
        .where(
            codebook_version.c.study_id == study_id,
            codebook_version.c.name.isnot(None),
            codebook_version.c.name != "",
        )
        .order_by(codebook_version.c.number.desc())
        .limit(1)
    ).first()
    return (row.id, row.number, row.name) if row else None
