"""Codes that were made while coding blind: hidden from others until they give nothing away.

In: documents that may have opened, and codings that were made. Out: `code.made_in` emptied where a
code is everybody's from now on, with a new version of the codebook.

`Sight.sees_code` is the predicate. What is kept true here, so that it tells all: a hidden code
stands on no document that hides nothing, and no code that everybody sees lies below it or was
merged into it. `code.made_by` stays: such a code may have a namesake beside it, because its maker
could not know of the other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from workbench.store.bulk import parts
from workbench.store.codebooks.codebook import add_version, study_of_code
from workbench.store.tables import code, coding, operation, operation_target
from workbench.store.visibility import Sight, hides_document


def where_made(
    connection: Connection, study_id: int, actor_id: int, document_id: int | None,
    parent_id: int | None,
) -> dict[str, int]:  # fmt: skip
    """Give `made_in` and `made_by` of a new code, where it is to be hidden; else nothing.

    Parameters
    ----------
    document_id
        The document that was being coded, if any.
    parent_id
        The code to put it under: below a hidden code lie hidden codes only.
    """
    if parent_id is not None:
        above = connection.execute(
            select(code.c.made_in, code.c.made_by).where(code.c.id == parent_id)
        ).first()
        if above is not None and above.made_in is not None:
            return {"made_in": above.made_in, "made_by": above.made_by}
    if document_id is None or not hides_document(connection, study_id, actor_id, document_id):
        return {}
    return {"made_in": document_id, "made_by": actor_id}


def any_open(connection: Connection, code_ids: Collection[int]) -> bool:
    """Tell whether everybody sees at least one of these codes."""
    seen = select(code.c.id).where(code.c.id.in_(list(code_ids)), code.c.made_in.is_(None))
    return connection.execute(seen.limit(1)).first() is not None


_USED = (
    select(code.c.id)
    .join(coding, coding.c.code_id == code.c.id)
    .where(
        coding.c.id.in_(bindparam("codings", expanding=True)),
        coding.c.deleted_at.is_(None),
        code.c.made_in.isnot(None),
        ~Sight(0, False).hides_others(coding.c.document_id),
    )
)


def publish_used(connection: Connection, coding_ids: Sequence[int]) -> None:
    """Make hidden codes everybody's that were used where nothing is hidden."""
    for part in parts(coding_ids):
        found = connection.execute(_USED, {"codings": list(part)}).scalars()
        publish(connection, set(found))


def publish_opened(connection: Connection, document_ids: Collection[int]) -> None:
    """Make hidden codes everybody's that were made or used in documents that are open now."""
    for part in parts(sorted(set(document_ids))):
        open_now = ~Sight(0, False).hides_others(code.c.made_in)
        made = select(code.c.id).where(code.c.made_in.in_(part), open_now)
        used = (
            select(code.c.id)
            .join(coding, coding.c.code_id == code.c.id)
            .where(
                code.c.made_in.isnot(None),
                coding.c.document_id.in_(part),
                coding.c.deleted_at.is_(None),
                ~Sight(0, False).hides_others(coding.c.document_id),
            )
        )
        found = {key for query in (made, used) for key in connection.execute(query).scalars()}
        publish(connection, found)


def publish(connection: Connection, code_ids: Collection[int]) -> None:
    """Make hidden codes everybody's, with all above them, as a new version of the codebook."""
    pending, found = set(code_ids), dict[int, int]()
    while pending:
        rows = connection.execute(
            select(code.c.id, code.c.parent_id, code.c.merged_into, code.c.made_by).where(
                code.c.id.in_(pending), code.c.made_in.isnot(None)
            )
        ).all()
        found |= {row.id: row.made_by for row in rows}
        above = {key for row in rows for key in (row.parent_id, row.merged_into) if key}
        pending = above - set(found)
    if not found:
        return
    connection.execute(update(code).where(code.c.id.in_(found)).values(made_in=None))
    add_version(connection, study_of_code(connection, min(found)), found[min(found)])


def hidden_codes(connection: Connection, study_id: int) -> dict[int, int]:
    """Give the codes that are hidden, with the document in which each was made."""
    hidden = select(code.c.id, code.c.made_in).where(
        code.c.study_id == study_id, code.c.made_in.isnot(None)
    )
    return {row.id: row.made_in for row in connection.execute(hidden)}


def version_seen(connection: Connection, study_id: int, actor_id: int, number: int) -> int:
    """Give a mark that changes whenever the codes that a person sees do.

    It is the number of the codebook's version, unless they have hidden codes of their own.
    """
    own = select(code.c.id).where(
        code.c.study_id == study_id, code.c.made_by == actor_id, code.c.made_in.isnot(None)
    )
    keys = list(connection.execute(own).scalars())
    if not keys:
        return number
    changed: Any = (
        select(func.count())
        .select_from(operation_target.join(operation))
        .where(operation_target.c.kind == "code", operation_target.c.target_id.in_(keys))
    )
    return number * 1_000 + int(connection.execute(changed).scalar_one()) % 1_000
