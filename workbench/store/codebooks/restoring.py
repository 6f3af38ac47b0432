"""What bringing an old codebook back needs to know of codings: the codes that they had since.

In: a version and the codes that it does not know. Out: codings with their codes, places and what
merges took away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from workbench.store.bulk import parts
from workbench.store.codebooks.versions import Version
from workbench.store.coding.codings import current_anchor
from workbench.store.tables import (
    anchor,
    codebook_version,
    coding,
    document,
    memo,
    operation,
    operation_target,
    star,
)
from workbench.store.visibility import Sight

WITHOUT_A_CODE = ("code", "import codings", "adjust", "place again", "let go", "memo")
"""What people do to codings that leaves their code as it is: not looked at, since it is much."""


def last_operation_of(connection: Connection, study_id: int, version: Version) -> int:
    """Give the operation that made a version: whatever has a higher key came after it.

    A change of codes writes its version and then its operation, in the study's turn; so versions
    and operations on codes are walked side by side. A version without an operation, such as that
    of a code that a blind coder made and that is everybody's now, comes after what is older.
    """
    made = connection.execute(
        select(operation.c.id, operation.c.created_at)
        .where(
            operation.c.study_id == study_id,
            exists().where(
                operation_target.c.operation_id == operation.c.id,
                operation_target.c.kind == "code",
            ),
        )
        .order_by(operation.c.id)
    ).all()
    written = connection.execute(
        select(codebook_version.c.id, codebook_version.c.created_at)
        .where(codebook_version.c.study_id == study_id)
        .order_by(codebook_version.c.number)
    ).all()
    at, found = 0, 0
    for row, following in zip_longest(written, written[1:]):
        while at < len(made) and made[at].created_at < row.created_at:
            at += 1
        own = at < len(made) and (following is None or made[at].created_at <= following.created_at)
        if own:
            found = made[at].id
            at += 1
        if row.id == version.id:
            return found if own else max(found, _last_before(connection, study_id, version))
    return found


def _last_before(connection: Connection, study_id: int, version: Version) -> int:
    return int(
        connection.execute(
            select(func.max(operation.c.id)).where(
                operation.c.study_id == study_id, operation.c.created_at < version.made_at
            )
        ).scalar()
        or 0
    )


def codings_on(connection: Connection, code_ids: Collection[int]) -> dict[int, int]:
    """Give the live codings that have one of these codes themselves, each with its code."""
    found: dict[int, int] = {}
    for part in parts(sorted(code_ids)):
        rows = connection.execute(
            select(coding.c.id, coding.c.code_id).where(
                coding.c.code_id.in_(part), coding.c.deleted_at.is_(None)
            )
        )
        found |= {row.id: row.code_id for row in rows}
    return found


def codes_had_since(
    connection: Connection, study_id: int, operation_id: int, code_ids: Collection[int]
) -> dict[int, list[int]]:
    """Give the codes that codings on these codes had after an operation, the first one first.

    The code that a coding has now is left out, unless it had others in between.
    """
    touched: set[int] = set()
    for part in parts(sorted(code_ids)):
        rows = connection.execute(
            select(operation_target.c.operation_id)
            .distinct()
            .join(coding, coding.c.id == operation_target.c.target_id)
            .join(operation, operation.c.id == operation_target.c.operation_id)
            .where(
                operation_target.c.kind == "coding",
                operation_target.c.operation_id > operation_id,
                operation.c.study_id == study_id,
                operation.c.verb.not_in(WITHOUT_A_CODE),
                coding.c.code_id.in_(part),
            )
        )
        touched |= set(rows.scalars())
    found: dict[int, list[int]] = {}
    for key in sorted(touched):
        for coding_id, code_id in _codes_before(connection, key):
            found.setdefault(coding_id, []).append(code_id)
    return found


def _codes_before(connection: Connection, operation_id: int) -> Iterator[tuple[int, int]]:
    """Yield the codes that an operation found on the codings that it recoded.

    An undo or redo found what the operation that it undoes had left.
    """
    undone = operation.alias("undone")
    row = connection.execute(
        select(operation.c.inverse, undone.c.forward)
        .outerjoin(undone, undone.c.id == operation.c.undoes)
        .where(operation.c.id == operation_id)
    ).one()
    states = row.inverse if row.inverse is not None else row.forward
    for item in (states or {}).get("coding", ()):
        if item.get("code_id") is not None:
            yield int(item["id"]), int(item["code_id"])


@dataclass(frozen=True, slots=True)
class Collapsed:
    """A coding that went with a change of codes, such as a double in a merge."""

    id: int
    code_id: int
    deleted_at: str


def collapsed_since(connection: Connection, study_id: int, operation_id: int) -> list[Collapsed]:
    """List what changes of codes after an operation took away, and nobody has touched since.

    Merging takes away a coding where its coder had coded the same words with the other code, too.
    """

    def touched(kind: str) -> ColumnElement[bool]:
        return exists().where(
            operation_target.c.operation_id == operation.c.id, operation_target.c.kind == kind
        )

    rows = connection.execute(
        select(operation.c.forward)
        .where(
            operation.c.study_id == study_id,
            operation.c.id > operation_id,
            operation.c.undone_by.is_(None),
            touched("code"),
            touched("coding"),
        )
        .order_by(operation.c.id)
    )
    taken: dict[int, str] = {}
    for row in rows:
        taken |= {
            int(item["id"]): str(item["deleted_at"])
            for item in row.forward.get("coding", ())
            if item.get("deleted_at") is not None
        }
    found = []
    for part in parts(sorted(taken)):
        rows = connection.execute(
            select(coding.c.id, coding.c.code_id, coding.c.deleted_at).where(coding.c.id.in_(part))
        )
        found += [
            Collapsed(item.id, item.code_id, item.deleted_at)
            for item in rows
            if item.deleted_at == taken[item.id]
        ]
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Whose coding it is and on which words; two of the same coder's with one code are the same."""

    document_id: int
    coder_id: int
    start: int | None
    end: int | None
    placed: bool


def places_of(connection: Connection, coding_ids: Collection[int]) -> dict[int, Place]:
    """Give the places of codings, live or not, in the texts of now."""
    found: dict[int, Place] = {}
    for part in parts(sorted(coding_ids)):
        rows = connection.execute(
            select(
                coding.c.id, coding.c.document_id, coding.c.coder_id,
                anchor.c.start, anchor.c.end, anchor.c.state,
            )
            .join(document, document.c.id == coding.c.document_id)
            .join(anchor, current_anchor())
            .where(coding.c.id.in_(part))
        )  # fmt: skip
        for row in rows:
            found[row.id] = Place(
                row.document_id, row.coder_id, row.start, row.end, row.state == "placed"
            )
    return found


def live_beside(connection: Connection, coding_ids: Collection[int]) -> list[tuple[int, int]]:
    """List the live codings in the documents of these, by the same coders: (key, code)."""
    other = coding.alias("other")
    found: dict[int, int] = {}
    for part in parts(sorted(coding_ids)):
        rows = connection.execute(
            select(coding.c.id, coding.c.code_id)
            .distinct()
            .join(
                other,
                and_(
                    other.c.document_id == coding.c.document_id,
                    other.c.coder_id == coding.c.coder_id,
                ),
            )
            .where(other.c.id.in_(part), coding.c.deleted_at.is_(None))
        )
        found |= {row.id: row.code_id for row in rows}
    return list(found.items())


def with_own_words(connection: Connection, coding_ids: Collection[int]) -> set[int]:
    """Give those of these codings that somebody wrote a memo on or marked with a star."""
    found: set[int] = set()
    for part in parts(sorted(coding_ids)):
        found |= set(
            connection.execute(
                select(memo.c.target_id).where(
                    memo.c.target_kind == "coding",
                    memo.c.target_id.in_(part),
                    memo.c.deleted_at.is_(None),
                )
            ).scalars()
        )
        found |= set(
            connection.execute(select(star.c.coding_id).where(star.c.coding_id.in_(part))).scalars()
        )
    return found


def seen_of(connection: Connection, coding_ids: Collection[int], sight: Sight) -> set[int]:
    """Give those of these codings that a person may see."""
    found: set[int] = set()
    for part in parts(sorted(coding_ids)):
        found |= set(
            connection.execute(
                select(coding.c.id).where(coding.c.id.in_(part), sight.sees(coding.c))
            ).scalars()
        )
    return found


def count_seen_on(
    connection: Connection, code_ids: Collection[int], sight: Sight
) -> dict[int, int]:
    """Count the live codings that have these codes themselves, as far as a person may see them."""
    found: dict[int, int] = {}
    for part in parts(sorted(code_ids)):
        rows = connection.execute(
            select(coding.c.code_id, func.count())
            .where(coding.c.code_id.in_(part), coding.c.deleted_at.is_(None), sight.sees(coding.c))
            .group_by(coding.c.code_id)
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def made_under_others(connection: Connection, code_ids: Collection[int], from_version: int) -> bool:
    """Tell whether live codings on any of these codes were made under a version or a later one."""
    return any(
        connection.execute(
            select(coding.c.id)
            .where(
                coding.c.code_id.in_(part),
                coding.c.deleted_at.is_(None),
                coding.c.codebook_version_id >= from_version,
            )
            .limit(1)
        ).first()
        is not None
        for part in parts(sorted(code_ids))
    )
