"""Versions of the codebook: listed, found and named.

In: a study and a version's number. Out: `Version` values, and the codebook as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from workbench.domain.codebook_version import Snapshot, read_snapshot
from workbench.store.tables import (
    code,
    codebook_version,
    coder,
)
from workbench.store.visibility import sight_of


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a study's codebook; `name` is empty where nobody has named it."""

    id: int
    number: int
    name: str
    note: str
    made_by: str
    made_at: str
    snapshot: Snapshot


def list_versions(
    connection: Connection,
    study_id: int,
    *,
    before: int | None = None,
    limit: int | None = None,
    named: bool = False,
) -> list[Version]:
    """List versions, the newest first: those with a number below `before`, at most `limit`."""
    query = _versions(study_id).order_by(codebook_version.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(codebook_version.c.number < before)
    if named:
        query = query.where(codebook_version.c.name.isnot(None))
    return [_version(row) for row in connection.execute(query)]


def find_version(connection: Connection, study_id: int, number: int) -> Version | None:
    """Find a version by its number."""
    row = connection.execute(_versions(study_id).where(codebook_version.c.number == number)).first()
    return _version(row) if row else None


def find_by_keys(connection: Connection, keys: Collection[int]) -> dict[int, Version]:
    """Find versions by their keys."""
    query = select(codebook_version, coder.c.name.label("made_by")).join(
        coder, coder.c.id == codebook_version.c.created_by
    )
    rows = connection.execute(query.where(codebook_version.c.id.in_(sorted(keys))))
    return {row.id: _version(row) for row in rows}


def find_named(connection: Connection, study_id: int, name: str) -> int | None:
    """Find the number of the version that has a name, whatever its capitals."""
    rows = connection.execute(
        select(codebook_version.c.number, codebook_version.c.name).where(
            codebook_version.c.study_id == study_id, codebook_version.c.name.isnot(None)
        )
    )
    return next((row.number for row in rows if row.name.casefold() == name.casefold()), None)


def count_versions(connection: Connection, study_id: int) -> tuple[int, int]:
    """Count the versions of a study: (all, those with a name)."""
    row = connection.execute(
        select(func.count(), func.count(codebook_version.c.name)).where(
            codebook_version.c.study_id == study_id
        )
    ).one()
    return int(row[0]), int(row[1])


def describe_version(connection: Connection, version_id: int, name: str | None, note: str) -> None:
    """Write a version's name and note."""
    connection.execute(
        update(codebook_version)
        .where(codebook_version.c.id == version_id)
        .values(name=name, note=note)
    )


def snapshots(connection: Connection, study_id: int) -> Iterator[tuple[int, Snapshot]]:
    """Yield (key, snapshot) of every version, the oldest first."""
    rows = connection.execute(
        select(codebook_version.c.id, codebook_version.c.snapshot)
        .where(codebook_version.c.study_id == study_id)
        .order_by(codebook_version.c.id)
    )
    for row in rows:
        yield row.id, read_snapshot(row.snapshot)


def codebook_now(connection: Connection, study_id: int) -> Snapshot:
    """Give the codebook as it is, with merged codes and those that were taken out."""
    rows = connection.execute(
        select(code).where(code.c.study_id == study_id).order_by(code.c.position, code.c.id)
    )
    return read_snapshot(dict(row) for row in rows.mappings())


def hidden_codes(
    connection: Connection, study_id: int, actor_id: int, codes: Iterable[int]
) -> frozenset[int]:
    """Give those of these codes that others made while coding blind, and that are not to be seen.

    Versions hold them all the same: they are everybody's once the document opens.
    """
    sight = sight_of(connection, study_id, actor_id)
    if sight.hides_nothing:
        return frozenset()
    seen = connection.execute(
        select(code.c.id).where(code.c.study_id == study_id, sight.sees_code(code.c))
    ).scalars()
    return frozenset(codes) - frozenset(seen)


def _versions(study_id: int) -> Any:
    return (
        select(codebook_version, coder.c.name.label("made_by"))
        .join(coder, coder.c.id == codebook_version.c.created_by)
        .where(codebook_version.c.study_id == study_id)
    )


def _version(row: Any) -> Version:
    return Version(
        row.id, row.number, row.name or "", row.note, row.made_by, row.created_at,
        read_snapshot(row.snapshot),
    )  # fmt: skip
