"""Coders and their membership of studies."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from workbench.domain.codings import Actor, Role
from workbench.domain.text import normalise
from workbench.errors import InputError
from workbench.store.clock import new_guid, now
from workbench.store.tables import CONSENSUS, coder, membership
from workbench.store.upsert import insert_if_absent

MAX_NAME = 200


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


def ensure_coder(connection: Connection, name: str) -> Actor:
    """Find a coder by name or make one.

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
            guid=new_guid(),
            name=shown,
            name_key=name_key(shown),
            created_at=now(),
        )
        found = find_coder(connection, shown)
    assert found is not None
    return found


def list_coders(connection: Connection, study_id: int | None = None) -> list[Actor]:
    """List all coders, or those of one study, by name."""
    query = (
        select(coder.c.id, coder.c.name).where(coder.c.id != CONSENSUS).order_by(coder.c.name_key)
    )
    if study_id is not None:
        query = query.join(membership).where(membership.c.study_id == study_id)
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


def name_key(name: str) -> str:
    """Give what two spellings of one name share: case-folded, single spaces."""
    return one_line(name).casefold()


def one_line(name: str) -> str:
    """Write a name as it is kept: without control characters, with single spaces."""
    return " ".join(normalise(name).split())
