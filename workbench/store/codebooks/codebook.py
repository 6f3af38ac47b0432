"""The code tree, its closure and its versions.

In: codes as values. Out: `code` rows, `code_ancestor` kept in line, and a version per change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from workbench.domain.codings import Code
from workbench.errors import ConflictError, NotFound
from workbench.store.clock import new_guid, now
from workbench.store.codebooks.counted_as import all_counted_as
from workbench.store.counting.mentions import mark_codes
from workbench.store.tables import code, code_ancestor, codebook_version
from workbench.store.visibility import sight_of

NOBODY = -1
"""Who sees only the codes that everybody sees."""

CODE_FIELDS = (
    "parent_id",
    "name",
    "colour",
    "definition",
    "include",
    "exclude",
    "examples",
    "cues",
    "rests_on",
    "position",
    "status",
    "merged_into",
    "defined_in",
    "split_from",
    "deleted_at",
)
"""What an operation may change of a code."""

DEFINING = ("definition", "include", "exclude")
"""What says when a code applies: codings made before one of them changed are looked at again."""


def list_codes(
    connection: Connection,
    study_id: int,
    actor_id: int = NOBODY,
    *,
    with_retired: bool = False,
) -> list[Code]:
    """List the codes of a study that a person sees, in tree order, parents first.

    Merged codes and codes whose making was undone are left out. Without a person, those that were
    made while coding blind are, too.
    """
    rows = connection.execute(
        select(code).where(
            code.c.study_id == study_id,
            code.c.deleted_at.is_(None),
            code.c.status.in_(("active", "retired") if with_retired else ("active",)),
            sight_of(connection, study_id, actor_id).sees_code(code.c),
        )
    ).all()
    by_parent: dict[int | None, list[Any]] = {}
    present = {row.id for row in rows}
    for row in sorted(rows, key=lambda item: (item.position, item.id)):
        by_parent.setdefault(row.parent_id if row.parent_id in present else None, []).append(row)
    found: list[Code] = []
    pending: list[tuple[Any, tuple[str, ...], int | None]] = [
        (row, (), None) for row in reversed(by_parent.get(None, []))
    ]
    while pending:
        row, above, theme_id = pending.pop()
        path = (*above, row.name)
        theme = theme_id if theme_id is not None else row.id
        found.append(_code(row, path, theme))
        pending += [(child, path, theme) for child in reversed(by_parent.get(row.id, []))]
    return found


def get_code(connection: Connection, study_id: int, code_id: int, actor_id: int = NOBODY) -> Code:
    """Read one code of a study, active or retired, that a person sees (see `list_codes`).

    Raises
    ------
    NotFound
        When the study has no such code.
    """
    for item in list_codes(connection, study_id, actor_id, with_retired=True):
        if item.id == code_id:
            return item
    raise NotFound(f"the codebook has no code number {code_id}. It may have been undone or merged.")


_FIND_CODE = select(code.c.id, code.c.name, code.c.status, code.c.made_in).where(
    code.c.guid == bindparam("identity"),
    code.c.study_id == bindparam("study"),
    code.c.deleted_at.is_(None),
)


def find_code(
    connection: Connection, study_id: int, guid: str, actor_id: int = NOBODY
) -> tuple[int, str, str] | None:
    """Find a code that a person sees by its identity: (key, name, status); not one undone."""
    row = connection.execute(_FIND_CODE, {"study": study_id, "identity": guid}).first()
    if row is not None and row.made_in is not None:
        sight = sight_of(connection, study_id, actor_id)
        seen = select(code.c.id).where(code.c.id == row.id, sight.sees_code(code.c))
        row = row if connection.execute(seen).first() else None
    return (row.id, row.name, row.status) if row else None


def guid_taken(connection: Connection, guid: str) -> bool:
    """Tell whether any code, in whichever study and undone or not, has this identity."""
    return connection.execute(select(code.c.id).where(code.c.guid == guid)).first() is not None


def add_code(
    connection: Connection, study_id: int, values: Mapping[str, object], *, guid: str | None = None
) -> int:
    """Make a code at the end of its siblings; the closure is brought in line by the caller.

    Siblings that others have made blindly are passed over: the place would tell of them.
    """
    parent = values.get("parent_id")
    siblings = code.c.parent_id == parent if parent is not None else code.c.parent_id.is_(None)
    seen = or_(code.c.made_in.is_(None), code.c.made_by == values.get("made_by"))
    last = connection.execute(
        select(func.max(code.c.position)).where(code.c.study_id == study_id, siblings, seen)
    ).scalar()
    defaults: dict[str, object] = {
        "colour": "",
        "examples": [],
        "cues": [],
        "rests_on": [],
        "status": "active",
        "position": (last if last is not None else -1) + 1,
    }
    key = connection.execute(
        insert(code).values(
            {
                **defaults,
                **values,
                "study_id": study_id,
                "guid": guid or new_guid(),
                "created_at": now(),
            }
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def code_state(connection: Connection, code_id: int) -> dict[str, Any]:
    """Give the values of a code that operations change, with its id."""
    row = connection.execute(select(code).where(code.c.id == code_id)).mappings().one()
    return {"id": code_id} | {name: row[name] for name in CODE_FIELDS}


def change_code(connection: Connection, code_id: int, values: Mapping[str, object]) -> None:
    """Change a code; the closure is brought in line by the caller."""
    connection.execute(update(code).where(code.c.id == code_id).values(dict(values)))


def study_of_code(connection: Connection, code_id: int) -> int:
    """Give the study that a code belongs to."""
    return int(connection.execute(select(code.c.study_id).where(code.c.id == code_id)).scalar_one())


def rebuild_closure(connection: Connection, study_id: int) -> None:
    """Write `code_ancestor` anew for a study.

    A code's ancestors are itself and all above it. A merged code has, in place of itself, the
    code that it was merged into, so that old codings count there without being changed. Where that
    changes, the mentions of both codes are decided anew.
    """
    counted_as = all_counted_as(connection, study_id)
    rows = connection.execute(select(code).where(code.c.study_id == study_id)).all()
    _open_above(connection, rows)
    parents = {row.id: row.parent_id for row in rows}
    merged = {row.id: row.merged_into for row in rows if row.merged_into is not None}
    closure = [
        {"code_id": key, "ancestor_id": ancestor, "depth": depth}
        for key in parents
        for depth, ancestor in enumerate(_lineage(_resolve(key, merged), parents))
    ]
    connection.execute(
        delete(code_ancestor).where(
            code_ancestor.c.code_id.in_(select(code.c.id).where(code.c.study_id == study_id))
        )
    )
    if closure:
        connection.execute(insert(code_ancestor), closure)
    moved = {
        target
        for row in closure
        if row["depth"] == 0
        and counted_as.get(row["code_id"], row["ancestor_id"]) != row["ancestor_id"]
        for target in (counted_as[row["code_id"]], row["ancestor_id"])
    }
    mark_codes(connection, moved)


def _open_above(connection: Connection, rows: Sequence[Any]) -> None:
    """Make hidden codes everybody's that have come to stand above what everybody sees."""
    above = {row.id: (row.parent_id, row.merged_into) for row in rows}
    hidden = {row.id for row in rows if row.made_in is not None}
    found: set[int] = set()
    pending = [row.id for row in rows if row.made_in is None and row.deleted_at is None]
    while pending and hidden - found:
        reached = {key for item in pending for key in above[item] if key in hidden - found}
        found |= reached
        pending = list(reached)
    if found:
        connection.execute(update(code).where(code.c.id.in_(found)).values(made_in=None))


def refuse_broken_tree(connection: Connection, study_id: int) -> None:
    """See to it that the codes in use make a tree without namesakes; raises ConflictError.

    A code that was made while coding blind may have a namesake, of which its maker could not know.
    None lies below a merged one, and what a merged one counts as is there.
    """
    rows = connection.execute(
        select(
            code.c.id, code.c.parent_id, code.c.name, code.c.status, code.c.merged_into,
            code.c.made_by,
        ).where(code.c.study_id == study_id, code.c.deleted_at.is_(None))
    ).all()  # fmt: skip
    parents = {row.id: row.parent_id for row in rows}
    merged = {row.id: row.merged_into for row in rows if row.status == "merged"}
    taken: set[tuple[int | None, str]] = set()
    for row in rows:
        above, line = row.parent_id, {row.id}
        while above is not None and above not in line:
            if above not in parents:
                raise ConflictError(f"{row.name} lies below a code that would not be there.")
            line.add(above)
            above = parents[above]
        if above is not None:
            raise ConflictError(f"{row.name} would come to lie below itself.")
        if row.id in merged:
            if _resolve(row.id, merged) not in parents.keys() - merged.keys():
                raise ConflictError(f"{row.name} was merged into a code that would not be there.")
        elif row.parent_id in merged:
            raise ConflictError(f"{row.name} would lie below a code that was merged.")
        place = (row.parent_id, row.name.casefold())
        if row.status == "merged" or row.made_by is not None:
            continue
        if place in taken:
            raise ConflictError(f"there is another code named {row.name} in the same place by now.")
        taken.add(place)


def _resolve(key: int, merged: Mapping[int, int]) -> int:
    seen = {key}
    while key in merged and merged[key] not in seen:
        key = merged[key]
        seen.add(key)
    return key


def _lineage(key: int | None, parents: Mapping[int, int | None]) -> list[int]:
    line: list[int] = []
    while key is not None and key not in line:
        line.append(key)
        key = parents[key]
    return line


def add_version(
    connection: Connection, study_id: int, actor_id: int, *, redefined: Sequence[int] = ()
) -> int:
    """Write the codebook as it is now as a new, unnamed version; give its key.

    Parameters
    ----------
    redefined
        Codes whose definition is another one from this version on.
    """
    number = connection.execute(
        select(func.max(codebook_version.c.number)).where(codebook_version.c.study_id == study_id)
    ).scalar()
    key = connection.execute(
        insert(codebook_version).values(
            study_id=study_id,
            number=(number or 0) + 1,
            snapshot=[],
            created_by=actor_id,
            created_at=now(),
        )
    ).inserted_primary_key
    assert key is not None
    for code_id in redefined:
        change_code(connection, code_id, {"defined_in": key[0]})
    connection.execute(
        update(codebook_version)
        .where(codebook_version.c.id == key[0])
        .values(snapshot=_snapshot(connection, study_id))
    )
    return int(key[0])


def _snapshot(connection: Connection, study_id: int) -> list[dict[str, Any]]:
    """Give every code that a study has ever had, with all that operations change.

    Codes that only their maker sees yet are left out. Those in use come first, in tree
    order; then the merged ones and those whose making was undone.
    """
    rows = {
        row["id"]: row
        for row in connection.execute(
            select(code)
            .where(code.c.study_id == study_id, code.c.made_in.is_(None))
            .order_by(code.c.id)
        ).mappings()
    }
    names = {key: row["name"] for key, row in rows.items()}
    parents = {key: row["parent_id"] for key, row in rows.items()}
    listed = [item.id for item in list_codes(connection, study_id, with_retired=True)]
    return [
        {
            "id": key,
            "guid": rows[key]["guid"],
            "path": [names[above] for above in reversed(_lineage(key, parents))],
            **{name: rows[key][name] for name in CODE_FIELDS},
        }
        for key in dict.fromkeys([*listed, *rows])
    ]


_CURRENT_VERSION = (
    select(codebook_version.c.id, codebook_version.c.number)
    .where(codebook_version.c.study_id == bindparam("study"))
    .order_by(codebook_version.c.number.desc())
    .limit(1)
)


def current_version(connection: Connection, study_id: int) -> tuple[int, int] | None:
    """Give (key, number) of the newest version, or None before the first code."""
    row = connection.execute(_CURRENT_VERSION, {"study": study_id}).first()
    return (row.id, row.number) if row else None


def versions_since(connection: Connection, study_id: int, key: int) -> list[int]:
    """Give the keys of the versions of a codebook after one."""
    later = select(codebook_version.c.id).where(
        codebook_version.c.study_id == study_id, codebook_version.c.id > key
    )
    return list(connection.execute(later).scalars())


def _code(row: Any, path: tuple[str, ...], theme_id: int) -> Code:
    return Code(
        id=row.id,
        guid=row.guid,
        parent_id=row.parent_id,
        name=row.name,
        path=path,
        theme_id=theme_id,
        position=row.position,
        colour=row.colour,
        definition=row.definition,
        include=row.include,
        exclude=row.exclude,
        examples=tuple(row.examples),
        cues=tuple(row.cues),
        rests_on=tuple(row.rests_on),
        status=row.status,
    )
