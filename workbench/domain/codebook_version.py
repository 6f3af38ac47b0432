"""A codebook as a version has it: what was written down of every code at one time.

In: the rows of a version's snapshot, of whichever age. Out: `CodeThen` values by key.

Early versions hold less: no colours, examples, cues or places among siblings, and no codes that
were merged. What a version does not tell is None here: it is neither compared nor brought back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

TEXTS = ("definition", "include", "exclude")
"""What says what a code means: where one of these changes, codings are to be looked at again."""
LISTS = ("examples", "cues", "rests_on")


@dataclass(frozen=True, slots=True)
class CodeThen:
    """One code as it was at the time of a version; None where the version does not tell."""

    id: int
    name: str
    parent_id: int | None = None
    path: tuple[str, ...] = ()
    definition: str = ""
    include: str = ""
    exclude: str = ""
    status: str = "active"
    colour: str | None = None
    examples: tuple[str, ...] | None = None
    cues: tuple[str, ...] | None = None
    rests_on: tuple[str, ...] | None = None
    position: int | None = None
    merged_into: int | None = None
    split_from: int | None = None
    deleted: bool = False

    @property
    def meaning(self) -> tuple[str, ...]:
        """What says what the code means: definition, include and exclude."""
        return (self.definition, self.include, self.exclude)

    @property
    def known(self) -> bool:
        """Whether the version knows the code at all, be it merged into another one."""
        return not self.deleted

    @property
    def stands(self) -> bool:
        """Whether the code was in the codebook in its own right: active or retired."""
        return not self.deleted and self.status != "merged"


Snapshot = dict[int, CodeThen]
"""A codebook at one time: its codes by key, in the order in which they were written down."""


def read_snapshot(rows: Iterable[Mapping[str, Any]]) -> Snapshot:
    """Read what a version holds, of whichever age.

    Examples
    --------
    >>> early = [{"id": 4, "path": ["Access"], "status": "active"},
    ...          {"id": 7, "path": ["Access", "Phone"], "status": "retired"}]
    >>> read_snapshot(early)[7].parent_id
    4
    """
    listed = list(rows)
    by_path = {tuple(row["path"]): int(row["id"]) for row in listed if row.get("path")}
    found = {int(row["id"]): _code_then(row, by_path) for row in listed}
    return {key: replace(item, path=path_in(found, key)) for key, item in found.items()}


def path_in(codes: Mapping[int, CodeThen], key: int) -> tuple[str, ...]:
    """Give the names from the theme down to a code."""
    names: list[str] = []
    above: int | None = key
    seen: set[int] = set()
    while above is not None and above in codes and above not in seen:
        seen.add(above)
        names.append(codes[above].name)
        above = codes[above].parent_id
    return tuple(reversed(names))


def counts_as(codes: Mapping[int, CodeThen], key: int) -> int:
    """Give the code as which a code counts: itself or, along all merges, what it was merged into.

    Examples
    --------
    >>> counts_as({1: CodeThen(1, "A", status="merged", merged_into=2), 2: CodeThen(2, "B")}, 1)
    2
    """
    seen = {key}
    while key in codes:
        into = codes[key].merged_into
        if into is None or into in seen:
            break
        key = into
        seen.add(key)
    return key


@dataclass(frozen=True, slots=True)
class Meaning:
    """How long a code has meant what it meant in one version.

    `since` is the version in which it was given this meaning (None: when it was made); `until` the
    first one after in which it has another (None: it has it still).
    """

    since: int | None
    until: int | None


def meaning_in(
    history: Iterable[tuple[int, Snapshot]], version_id: int, code_ids: Iterable[int]
) -> dict[int, Meaning]:
    """Find since when and until when codes mean what they mean in a version.

    Parameters
    ----------
    history
        All versions by their keys, the oldest first.
    """
    last: dict[int, tuple[str, ...]] = {}
    since: dict[int, int | None] = {}
    until: dict[int, int | None] = {}
    wanted = list(code_ids)
    for key, snapshot in history:
        for code_id in wanted:
            item = snapshot.get(code_id)
            if item is None or not item.known:
                continue
            was = last.setdefault(code_id, item.meaning)
            if key <= version_id and was != item.meaning:
                since[code_id] = key
                last[code_id] = item.meaning
            elif was != item.meaning:
                until.setdefault(code_id, key)
    return {key: Meaning(since.get(key), until.get(key)) for key in wanted}


def in_tree_order(codes: Mapping[int, CodeThen]) -> list[CodeThen]:
    """List the codes that stand, parents first, siblings by their place."""
    order = {key: index for index, key in enumerate(codes)}
    below: dict[int | None, list[CodeThen]] = {}
    for item in codes.values():
        if item.stands:
            above = codes.get(item.parent_id) if item.parent_id is not None else None
            below.setdefault(above.id if above and above.stands else None, []).append(item)
    for listed in below.values():
        listed.sort(key=lambda item: (item.position or 0, order[item.id]))
    found: list[CodeThen] = []
    pending = list(reversed(below.get(None, [])))
    while pending:
        item = pending.pop()
        found.append(item)
        pending += reversed(below.get(item.id, []))
    return found


def _code_then(row: Mapping[str, Any], by_path: Mapping[tuple[str, ...], int]) -> CodeThen:
    path = tuple(row.get("path") or ())
    above = row["parent_id"] if "parent_id" in row else by_path.get(path[:-1])
    lists = {
        name: tuple(str(item) for item in row[name]) if row.get(name) is not None else None
        for name in LISTS
    }
    return CodeThen(
        id=int(row["id"]),
        name=str(row.get("name") or (path[-1] if path else "")),
        parent_id=above,
        path=path,
        status=str(row.get("status") or "active"),
        colour=row.get("colour"),
        position=row.get("position"),
        merged_into=row.get("merged_into"),
        split_from=row.get("split_from"),
        deleted=row.get("deleted_at") is not None,
        definition=str(row.get("definition") or ""),
        include=str(row.get("include") or ""),
        exclude=str(row.get("exclude") or ""),
        **lists,
    )
