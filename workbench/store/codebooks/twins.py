"""Twins: two live codings by one coder with one code on the same words, which nobody wants.

Merged codes are the code that they count as.

In: codings that came back. Out: the name of a code that would stand twice on the same words.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, func, select

from workbench.store.bulk import parts
from workbench.store.tables import anchor, code, code_ancestor, coding, document


def twin_of(connection: Connection, coding_ids: Sequence[int]) -> str | None:
    """Name the code of a live coding that another one by the same coder equals word for word."""
    other, mine, theirs = coding.alias("other"), anchor.alias("mine"), anchor.alias("theirs")
    counts_as, its = code_ancestor.alias("counts_as"), code_ancestor.alias("its")
    for part in parts(coding_ids):
        name: str | None = connection.execute(
            select(code.c.name)
            .select_from(coding)
            .join(document, document.c.id == coding.c.document_id)
            .join(its, and_(its.c.code_id == coding.c.code_id, its.c.depth == 0))
            .join(code, code.c.id == its.c.ancestor_id)
            .join(counts_as, and_(counts_as.c.ancestor_id == code.c.id, counts_as.c.depth == 0))
            .join(other, and_(
                other.c.document_id == coding.c.document_id,
                other.c.coder_id == coding.c.coder_id,
                other.c.code_id == counts_as.c.code_id,
                other.c.id != coding.c.id,
                other.c.deleted_at.is_(None),
            ))
            .join(mine, and_(mine.c.coding_id == coding.c.id,
                             mine.c.revision_id == document.c.current_revision_id))
            .join(theirs, and_(theirs.c.coding_id == other.c.id,
                               theirs.c.revision_id == document.c.current_revision_id))
            .where(
                coding.c.id.in_(part),
                coding.c.deleted_at.is_(None),
                func.coalesce(mine.c.start, -1) == func.coalesce(theirs.c.start, -1),
                func.coalesce(mine.c.end, -1) == func.coalesce(theirs.c.end, -1),
                mine.c.state == "placed",
                theirs.c.state == "placed",
            )
            .limit(1)
        ).scalar()  # fmt: skip
        if name is not None:
            return name
    return None


def coded_with(connection: Connection, code_ids: Sequence[int]) -> list[int]:
    """Give the live codings with these very codes, such as codes that have just been merged."""
    found: list[int] = []
    for part in parts(code_ids):
        rows = select(coding.c.id).where(coding.c.code_id.in_(part), coding.c.deleted_at.is_(None))
        found += connection.execute(rows).scalars()
    return found
