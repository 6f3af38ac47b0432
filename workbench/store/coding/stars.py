"""Stars: quotes that somebody wants to find again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from workbench.store.bulk import parts
from workbench.store.clock import now
from workbench.store.tables import coder, star
from workbench.store.upsert import insert_if_absent


def set_star(connection: Connection, coding_id: int, coder_id: int, *, starred: bool) -> bool:
    """Star a coding for somebody, or take the star away; tell whether that changed anything."""
    if starred:
        return insert_if_absent(
            connection, star, coding_id=coding_id, coder_id=coder_id, created_at=now()
        )
    mine = (star.c.coding_id == coding_id) & (star.c.coder_id == coder_id)
    return connection.execute(delete(star).where(mine)).rowcount == 1


def stars_of(connection: Connection, coding_ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Give who has starred each of these codings: (key, name), by name."""
    found: dict[int, list[tuple[int, str]]] = {}
    for part in parts(list(coding_ids)):
        rows = connection.execute(
            select(star.c.coding_id, coder.c.id, coder.c.name)
            .join(coder, coder.c.id == star.c.coder_id)
            .where(star.c.coding_id.in_(part))
            .order_by(coder.c.name_key)
        )
        for row in rows:
            found.setdefault(row.coding_id, []).append((row.id, row.name))
    return found
