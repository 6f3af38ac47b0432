"""Coders and their membership of studies."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, or_, select

from workbench.domain.codings import Actor, Role
from workbench.domain.text import normalise
from workbench.errors import InputError
from workbench.store.clock import new_guid, now
from workbench.store.tables import CONSENSUS, coder, membership, study
from workbench.store.upsert import insert_if_absent

MAX_NAME = 200

TEAM = "team"
"""The study's setting that says who may join."""


def find_coder(connection: Connection, name: str) -> Actor | None:
    """Find a coder by name, whatever its capitals; the consensus is nobody."""
    row = connection.execute(
        select(coder.c.id, coder.c.name).where(coder.c.name_key == name_key(name))
    ).first()
    return Actor(row.id, row.name) if row else None


def get_coder(connection: Connection, coder_id: int) -> Actor:
    """Read one coder."""
    row = connection.execute(select(coder.c.id, coder.c.name).where(coder.c.id == coder_id)).one()
    return Actor(row.id, row.name)


def ensure_coder(connection: Connection, name: str, guid: str | None = None) -> Actor:
    """Find a coder by name or make one; `guid` is the identity of a new one.

    Raises
    ------
    InputError
        When the name is empty or longer than 200 characters.
    """
    shown = one_line(name)
    if not shown or max(len(shown), len(name_key(shown))) > MAX_NAME:
        raise InputError(f"a person's name has 1 to {MAX_NAME} characters, not {len(shown)}.")
    if name_key(shown) == "consensus" and find_coder(connection, shown) is None:
        raise InputError(
            '"Consensus" is what coders agree on, and nobody\'s name.', hint="Choose another name."
        )
    found = find_coder(connection, shown)
    if found is None:
        insert_if_absent(
            connection,
            coder,
            guid=guid or new_guid(),
            name=shown,
            name_key=name_key(shown),
            created_at=now(),
        )
        found = find_coder(connection, shown)
    assert found is not None
    return found


def list_coders(connection: Connection, study_id: int | None = None) -> list[Actor]:
    """List all coders, or those of one study, by name; with those who have left their codings."""
    query = (
        select(coder.c.id, coder.c.name).where(coder.c.id != CONSENSUS).order_by(coder.c.name_key)
    )
    if study_id is not None:
        members = select(membership.c.coder_id).where(membership.c.study_id == study_id)
        left = {item.coder_id for item in joining_of(connection, study_id).left}
        query = query.where(or_(coder.c.id.in_(members), coder.c.id.in_(left)))
    return [Actor(row.id, row.name) for row in connection.execute(query)]


_ROLE = select(membership.c.role).where(
    membership.c.study_id == bindparam("study"), membership.c.coder_id == bindparam("coder")
)


def role_of(connection: Connection, study_id: int, coder_id: int) -> Role | None:
    """Give a coder's role in a study, or None for somebody who has not joined."""
    role: Role | None = connection.execute(_ROLE, {"study": study_id, "coder": coder_id}).scalar()
    return role


def add_member(connection: Connection, study_id: int, coder_id: int, role: Role) -> None:
    """Let a coder join a study; a role that they hold already stays."""
    insert_if_absent(
        connection, membership, study_id=study_id, coder_id=coder_id, role=role, created_at=now()
    )


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who was removed from a study: their codings are there, they are not."""

    coder_id: int
    joined_at: str
    left_at: str


@dataclass(frozen=True, slots=True)
class Joining:
    """Who may join a study without being asked: everybody, or nobody; and who may not again."""

    open: bool = True
    left: tuple[Left, ...] = ()

    def admits(self, coder_id: int) -> bool:
        """Tell whether a person may join by beginning to work."""
        return self.open and all(item.coder_id != coder_id for item in self.left)


def joining_of(connection: Connection, study_id: int) -> Joining:
    """Read who may join a study."""
    found = connection.execute(select(study.c.settings).where(study.c.id == study_id)).scalar()
    kept = (found or {}).get(TEAM, {})
    return Joining(kept.get("open", True), tuple(Left(*item) for item in kept.get("left", ())))


def name_key(name: str) -> str:
    """Give what two spellings of one name share: case-folded, single spaces."""
    return one_line(name).casefold()


def one_line(name: str) -> str:
    """Write a name as it is kept: without control characters, with single spaces."""
    return " ".join(normalise(name).split())
