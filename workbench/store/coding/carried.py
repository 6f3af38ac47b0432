"""What goes along when a coding falls together with another one: the memos on it and its stars.

In: codings that are taken away, each with the one that stays in its place. Out: memos that are
about the one that stays, and stars on it as well; in the states of an operation, so that undo gives
back exactly what went along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from workbench.store.bulk import parts
from workbench.store.tables import memo, star
from workbench.store.trail.operations import States

CARRIED = "carried"
"""The kind of these rows among the states of an operation."""


def carried_states(connection: Connection, onto: Mapping[int, int]) -> tuple[States, States]:
    """Give the states after and before memos and stars of codings go to others; write nothing.

    Memos that were taken away go along, so that bringing one back brings it to where it is read.
    Who has starred both keeps the star that they gave the other.
    """
    if not onto:
        return {}, {}
    going = [{"id": key, "onto": stays} for key, stays in sorted(onto.items())]
    return {CARRIED: going}, {CARRIED: _what_goes(connection, onto)}


def apply_carried(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write such states. Done again, it takes along what was written in between."""
    going = {row["id"]: row["onto"] for row in rows if "memos" not in row}
    for item in _what_goes(connection, going):
        _move_memos(connection, item["memos"], item["onto"])
        given = [
            {"coding_id": item["onto"], "coder_id": who, "created_at": at}
            for who, at in item["stars"]
        ]
        if given:
            connection.execute(insert(star), given)
    for row in rows:
        if "memos" in row:
            _move_memos(connection, row["memos"], row["id"])
            for who, at in row["stars"]:
                mine = (star.c.coding_id == row["onto"]) & (star.c.coder_id == who)
                connection.execute(delete(star).where(mine, star.c.created_at == at))


def _what_goes(connection: Connection, onto: Mapping[int, int]) -> list[dict[str, Any]]:
    """List the memos on codings, and the stars that those in whose favour they go lack."""
    memos: dict[int, list[int]] = {}
    stars: dict[int, list[tuple[int, str]]] = {}
    has = _stars(connection, set(onto.values()))
    for part in parts(sorted(onto)):
        on_them = memo.c.target_kind == "coding", memo.c.target_id.in_(part)
        for row in connection.execute(
            select(memo.c.id, memo.c.target_id).where(*on_them).order_by(memo.c.id)
        ):
            memos.setdefault(row.target_id, []).append(row.id)
    for (key, who), at in sorted(_stars(connection, set(onto)).items()):
        if (onto[key], who) not in has:
            has[onto[key], who] = at
            stars.setdefault(key, []).append((who, at))
    return [
        {"id": key, "onto": onto[key], "memos": memos.get(key, []), "stars": stars.get(key, [])}
        for key in sorted({*memos, *stars})
    ]


def _stars(connection: Connection, coding_ids: set[int]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for part in parts(sorted(coding_ids)):
        for row in connection.execute(select(star).where(star.c.coding_id.in_(part))):
            found[row.coding_id, row.coder_id] = row.created_at
    return found


def _move_memos(connection: Connection, keys: Sequence[int], coding_id: int) -> None:
    """Let memos be about a coding, with the replies that were written to them since."""
    for part in parts(keys):
        these = or_(memo.c.id.in_(part), memo.c.reply_to.in_(part))
        connection.execute(
            update(memo).where(memo.c.target_kind == "coding", these).values(target_id=coding_id)
        )
