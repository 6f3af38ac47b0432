"""Codings: written, changed and read.

In: spans that were checked against their text. Out: `Coding` values that the actor may see.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from workbench.domain.codings import Coding, Origin
from workbench.store.clock import new_guid, now
from workbench.store.codebooks.blind_codes import publish_used
from workbench.store.coding.anchors import add_anchor, is_placed, sync_coding_respondents
from workbench.store.coding.layers import by_people
from workbench.store.memos.memos import stands_alone
from workbench.store.tables import (
    CONSENSUS,
    anchor,
    code,
    code_ancestor,
    coder,
    coding,
    document,
    memo,
    operation_target,
)
from workbench.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class NewCoding:
    """A coding to be written; `start` and `end` None cover the whole document."""

    document_id: int
    revision_id: int
    code_id: int
    coder_id: int
    start: int | None
    end: int | None
    origin: Origin = "person"
    guid: str | None = None


_ADD = insert(coding)


def add_coding(connection: Connection, new: NewCoding, codebook_version_id: int | None) -> int:
    """Write a coding with its place and whom it covers; give its key."""
    key = connection.execute(
        _ADD,
        {
            "guid": new.guid or new_guid(),
            "document_id": new.document_id,
            "scope": "document" if new.start is None else "span",
            "code_id": new.code_id,
            "coder_id": new.coder_id,
            "codebook_version_id": codebook_version_id,
            "origin": new.origin,
            "created_at": now(),
        },
    ).inserted_primary_key
    assert key is not None
    add_anchor(
        connection,
        coding_id=key[0],
        revision_id=new.revision_id,
        start=new.start,
        end=new.end,
    )
    sync_coding_respondents(connection, [key[0]], fresh=True)
    publish_used(connection, [key[0]])
    return int(key[0])


def set_deleted(connection: Connection, coding_id: int, at: str | None) -> None:
    """Take a coding away (its row stays, for undo), or bring it back."""
    connection.execute(update(coding).where(coding.c.id == coding_id).values(deleted_at=at))
    sync_coding_respondents(connection, [coding_id])


def set_code(
    connection: Connection, coding_id: int, code_id: int, codebook_version_id: int | None
) -> None:
    """Give a coding another code, under the codebook as it is now."""
    connection.execute(
        update(coding)
        .where(coding.c.id == coding_id)
        .values(code_id=code_id, codebook_version_id=codebook_version_id)
    )
    sync_coding_respondents(connection, [coding_id])
    publish_used(connection, [coding_id])


def anchor_state(connection: Connection, coding_id: int) -> dict[str, Any]:
    """Give a coding's place in the current text, as an operation keeps it."""
    row = connection.execute(
        select(anchor)
        .join(coding, coding.c.id == anchor.c.coding_id)
        .join(document, document.c.id == coding.c.document_id)
        .where(coding.c.id == coding_id, anchor.c.revision_id == document.c.current_revision_id)
    ).one()
    return {
        "revision_id": row.revision_id,
        "start": row.start,
        "end": row.end,
        "state": row.state,
        "reason": row.reason,
    }


def find_coding(
    connection: Connection, study_id: int, actor_id: int, guid: str
) -> tuple[Coding, str | None] | None:
    """Find a coding that the actor may see, live or not: (coding, deleted_at)."""
    row = connection.execute(
        _codings(connection, study_id, actor_id)
        .add_columns(coding.c.deleted_at)
        .where(coding.c.guid == guid)
    ).first()
    return (_coding(row), row.deleted_at) if row else None


_BY_GUID = select(coding.c.id).where(coding.c.guid == bindparam("identity"))


def guid_taken(connection: Connection, guid: str) -> bool:
    """Tell whether any coding, visible or not and in whichever study, has this identity."""
    return connection.execute(_BY_GUID, {"identity": guid}).first() is not None


def guid_of(connection: Connection, coding_id: int) -> str | None:
    """Give a coding's identity."""
    return connection.execute(select(coding.c.guid).where(coding.c.id == coding_id)).scalar()


def list_codings(
    connection: Connection, study_id: int, actor_id: int, document_id: int
) -> list[Coding]:
    """List the live codings of a document that the actor may see, by place.

    A coding's code is the one that it counts as, here and in `changed_codings`.
    """
    rows = connection.execute(
        _codings(connection, study_id, actor_id, counted_as=True)
        .where(coding.c.document_id == document_id, coding.c.deleted_at.is_(None))
        .order_by(func.coalesce(anchor.c.start, -1), anchor.c.end, coding.c.id)
    )
    return [_coding(row) for row in rows]


def changed_codings(
    connection: Connection, study_id: int, actor_id: int, document_id: int, since: int
) -> list[tuple[str, Coding | None]]:
    """List what changed in a document after an operation: (guid, coding, or None when gone)."""
    changed = select(operation_target.c.target_id).where(
        operation_target.c.kind == "coding", operation_target.c.operation_id > since
    )
    rows = connection.execute(
        _codings(connection, study_id, actor_id, counted_as=True)
        .add_columns(coding.c.deleted_at)
        .where(coding.c.document_id == document_id, coding.c.id.in_(changed))
    )
    return [(row.guid, None if row.deleted_at else _coding(row)) for row in rows]


_COUNTED_AS = select(code_ancestor.c.code_id).where(
    code_ancestor.c.ancestor_id == bindparam("code"), code_ancestor.c.depth == 0
)
"""A code, and those that were merged into it."""


def _same(*words: ColumnElement[bool]) -> Select[Any]:
    return (
        select(coding.c.id)
        .join(document, document.c.id == coding.c.document_id)
        .join(
            anchor,
            and_(
                anchor.c.coding_id == coding.c.id,
                anchor.c.revision_id == document.c.current_revision_id,
            ),
        )
        .where(
            coding.c.document_id == bindparam("document"),
            coding.c.code_id.in_(_COUNTED_AS),
            coding.c.coder_id == bindparam("coder"),
            coding.c.deleted_at.is_(None),
            is_placed(),  # a best guess is nobody's coding
            *words,
        )
        .limit(1)
    )


_SAME_WHOLE = _same(anchor.c.start.is_(None))
_SAME_SPAN = _same(anchor.c.start == bindparam("start"), anchor.c.end == bindparam("end"))


def same_coding(
    connection: Connection,
    *,
    document_id: int,
    code_id: int,
    coder_id: int,
    start: int | None,
    end: int | None,
) -> int | None:
    """Find this coder's live coding that counts as this code on exactly these words."""
    span = {} if start is None else {"start": start, "end": end}
    found: int | None = connection.execute(
        _SAME_WHOLE if start is None else _SAME_SPAN,
        {"document": document_id, "code": code_id, "coder": coder_id, **span},
    ).scalar()
    return found


def count_by_code(
    connection: Connection, study_id: int, actor_id: int, *, coder_id: int | None = None
) -> dict[int, int]:
    """Count live codings per code (merged codes under their target), of one coder or of all."""
    # Along the index of live codings (not that of codes, hence the sum), whose codes say which
    # study they belong to.
    live = (
        select(coding.c.coder_id, coding.c.code_id, func.count().label("n"))
        .where(
            coding.c.deleted_at.is_(None),
            (coding.c.code_id + 0).in_(select(code.c.id).where(code.c.study_id == study_id)),
            visible_to(connection, study_id, actor_id, coding.c),
            by_people(coding.c) if coder_id is None else coding.c.coder_id == coder_id,
        )
        .group_by(coding.c.coder_id, coding.c.code_id)
        .subquery("live")
    )
    query = (
        select(code_ancestor.c.ancestor_id, func.sum(live.c.n))
        .join(live, live.c.code_id == code_ancestor.c.code_id)
        .where(code_ancestor.c.depth == 0)
        .group_by(code_ancestor.c.ancestor_id)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def coders_of(connection: Connection, study_id: int) -> dict[int, str]:
    """Name everybody who has coded in a study, by key."""
    coded = exists().where(
        coding.c.coder_id == coder.c.id,
        coding.c.code_id.in_(select(code.c.id).where(code.c.study_id == study_id)),
    )
    people = select(coder.c.id, coder.c.name).where(coder.c.id != CONSENSUS, coded)
    rows = connection.execute(people)
    return {row.id: row.name for row in rows}


def seen_coders(connection: Connection, study_id: int, actor_id: int) -> dict[int, str]:
    """Name the people of whose live codings the actor may see at least one, by name."""
    visible = exists().where(
        coding.c.coder_id == coder.c.id,
        coding.c.deleted_at.is_(None),
        coding.c.code_id.in_(select(code.c.id).where(code.c.study_id == study_id)),
        visible_to(connection, study_id, actor_id, coding.c),
    )
    rows = connection.execute(
        select(coder.c.id, coder.c.name)
        .where(visible, coder.c.id != CONSENSUS)
        .order_by(coder.c.name_key)
    )
    return {row.id: row.name for row in rows}


def names_of(connection: Connection, coder_ids: Collection[int]) -> dict[int, str]:
    """Name some coders, by key."""
    if not coder_ids:
        return {}
    rows = connection.execute(
        select(coder.c.id, coder.c.name).where(coder.c.id.in_(sorted(coder_ids)))
    )
    return {row.id: row.name for row in rows}


def current_anchor() -> ColumnElement[bool]:
    """Join a coding to its place in the document's current revision."""
    return and_(
        anchor.c.coding_id == coding.c.id,
        anchor.c.revision_id == document.c.current_revision_id,
    )


def own_memo() -> ScalarSelect[str]:
    """Select a coder's newest memo on their coding: the one that the coding page changes."""
    return _own_memos().order_by(memo.c.id.desc()).limit(1).scalar_subquery()


def own_memos() -> ScalarSelect[str]:
    """Select all memos of a coder on their coding, the oldest first, parted by blank lines.

    There are several where codings fell together, or where people wrote more on the page Memos.
    """
    words = _own_memos().where(memo.c.text != "").order_by(memo.c.id).correlate(coding).subquery()
    return select(func.aggregate_strings(words.c.text, "\n\n")).scalar_subquery()


def _own_memos() -> Select[Any]:
    return select(memo.c.text).where(
        memo.c.target_kind == "coding",
        memo.c.target_id == coding.c.id,
        memo.c.author_id == coding.c.coder_id,
        *stands_alone(),
    )


def _codings(
    connection: Connection, study_id: int, actor_id: int, *, counted_as: bool = False
) -> Select[Any]:
    query = (
        select(
            coding.c.id,
            coding.c.guid,
            coding.c.document_id,
            (code_ancestor.c.ancestor_id if counted_as else coding.c.code_id).label("code_id"),
            coding.c.coder_id,
            anchor.c.start,
            anchor.c.end,
            (anchor.c.state == literal("flagged")).label("flagged"),
            func.coalesce(own_memo(), "").label("memo"),
            coding.c.origin,
            coding.c.created_at,
        )
        .select_from(coding)
        .join(document, document.c.id == coding.c.document_id)
        .join(anchor, current_anchor())
        .where(
            document.c.study_id == study_id,
            by_people(coding.c),
            visible_to(connection, study_id, actor_id, coding.c),
        )
    )
    if not counted_as:
        return query
    return query.join(
        code_ancestor,
        and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
    )


def _coding(row: Any) -> Coding:
    return Coding(
        id=row.id,
        guid=row.guid,
        document_id=row.document_id,
        code_id=row.code_id,
        coder_id=row.coder_id,
        start=row.start,
        end=row.end,
        flagged=bool(row.flagged),
        memo=row.memo,
        origin=row.origin,
        created_at=row.created_at,
    )
