"""Versions: the codebook as it was after each change, named where a team settled on one.

In: a study. Out: its versions, what changed between two of them, and any of them as a file. Every
change of the codebook makes a version by itself; a person gives some of them a name and a note.
`restore` brings one back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pipelines.export.codebooks.codebook_yaml import dump_codebook
from workbench.domain.codebook import Codebook, CodeNode
from workbench.domain.codebook_diff import CodebookDiff, compare, count_changes
from workbench.domain.codebook_version import CodeThen, Snapshot, in_tree_order
from workbench.domain.codings import Actor
from workbench.domain.text import normalise
from workbench.errors import CodebookError, NotFound
from workbench.services.codebooks import codebook
from workbench.services.trail import trail
from workbench.store.codebooks import versions as store
from workbench.store.codebooks.versions import Version
from workbench.store.engine import Connection, Database
from workbench.store.team.people import one_line

MAX_NAME = 200
MAX_NOTE = 20_000
"""Characters."""
PAGE = 50
"""Versions in one part of the list."""


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version as a list shows it.

    `n_changes` counts what changed against the version before; for the first one, its codes.
    """

    id: int
    number: int
    name: str
    note: str
    made_by: str
    made_at: str
    n_changes: int

    def as_dict(self) -> dict[str, Any]:
        """Give plain values, as JSON holds them."""
        return {
            "number": self.number,
            "name": self.name,
            "note": self.note,
            "by": self.made_by,
            "at": self.made_at,
            "changes": self.n_changes,
        }


@dataclass(frozen=True, slots=True)
class VersionList:
    """Versions, the newest first, and how many there are: in all, and with a name."""

    versions: tuple[ListedVersion, ...]
    n_all: int
    n_named: int


def list_versions(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    before: int | None = None,
    limit: int | None = PAGE,
    named: bool = False,
) -> VersionList:
    """List versions of a study's codebook, the newest first.

    Versions in which others changed nothing but codes that are not to be seen yet are left out.

    Parameters
    ----------
    before
        Begin below this number.
    limit
        At most so many; None for all.
    named
        Only those with a name; their changes are counted against the named one before.
    """
    with database.read() as connection:
        one_more = limit if limit is None else limit + 1
        found = store.list_versions(
            connection, study_id, before=before, limit=one_more, named=named
        )
        n_all, n_named = store.count_versions(connection, study_id)
        hidden = _hidden(connection, actor, study_id, *(item.snapshot for item in found))
    older: list[Snapshot] = [*(item.snapshot for item in found[1:]), {}]
    listed = [
        ListedVersion(
            item.id, item.number, item.name, item.note, item.made_by, item.made_at,
            count_changes(was, item.snapshot, hidden=hidden),
        )
        for item, was in zip(found, older, strict=False)
    ]  # fmt: skip
    told = [
        item
        for item in listed[:limit]
        if item.n_changes or item.name or item.made_by == actor.name or not hidden
    ]
    return VersionList(tuple(told), n_all, n_named)


def fold_unnamed(versions: tuple[ListedVersion, ...]) -> list[tuple[ListedVersion, ...]]:
    """Gather what nobody has named between named versions: groups of one named or many unnamed.

    The newest version stands alone, named or not: it is the codebook as it is.
    """
    groups: list[tuple[ListedVersion, ...]] = []
    for index, item in enumerate(versions):
        alone = bool(item.name) or index == 0
        if alone or len(groups) == 1 or groups[-1][0].name:
            groups.append((item,))
        else:
            groups[-1] = (*groups[-1], item)
    return groups


def name_version(
    actor: Actor,
    database: Database,
    study_id: int,
    name: str,
    *,
    note: str = "",
    number: int | None = None,
) -> int:
    """Name the codebook as it is, or an earlier version of it; give the version's number.

    Naming again changes name and note; an empty name takes both away. Nothing else changes.

    Raises
    ------
    NotFound
        When there is no such version, or no code yet.
    CodebookError
        When the name is too long, or another version has it.
    """
    name, note = one_line(name), normalise(note).strip()
    if len(name) > MAX_NAME or len(note) > MAX_NOTE:
        raise CodebookError(
            f"a version's name has at most {MAX_NAME} characters, its note {MAX_NOTE:,}."
        )
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        found = _find(connection, study_id, number)
        other = store.find_named(connection, study_id, name) if name else None
        if other is not None and other != found.number:
            raise CodebookError(
                f"version {other} is named {name} already.", hint="Choose another name."
            )
        if (name, note if name else "") == (found.name, found.note):
            return found.number
        store.describe_version(connection, found.id, name or None, note if name else "")
        trail.record(
            connection,
            actor,
            study_id,
            "name version",
            label=f"naming version {found.number} {name}" if name
            else f"taking the name of version {found.number} away",
            targets=[("codebook_version", found.id)],
            details={"version": found.number},
        )  # fmt: skip
        return found.number


def diff(
    actor: Actor, database: Database, study_id: int, from_number: int, to_number: int
) -> CodebookDiff:
    """Compare two versions of the codebook: what happened to which code.

    Raises
    ------
    NotFound
        When the study has no such version.
    """
    with database.read() as connection:
        before = _find(connection, study_id, from_number).snapshot
        after = _find(connection, study_id, to_number).snapshot
        hidden = _hidden(connection, actor, study_id, before, after)
    return compare(before, after, hidden=hidden)


def export_version(
    actor: Actor, database: Database, study_id: int, number: int | None = None
) -> Codebook:
    """Give a version's codes in use as a value for a file; the newest one if none is named.

    Raises
    ------
    NotFound
        When the study has no such version.
    """
    book = codebook.export_codebook(actor, database, study_id)
    with database.read() as connection:
        found = _find(connection, study_id, number)
        hidden = _hidden(connection, actor, study_id, found.snapshot)
    items = [
        item
        for item in in_tree_order(found.snapshot)
        if item.status == "active" and item.id not in hidden
    ]
    shown = {item.id for item in items}
    below: dict[int | None, list[CodeThen]] = {}
    for item in items:
        below.setdefault(item.parent_id if item.parent_id in shown else None, []).append(item)
    cited = sorted({source for item in items for source in item.rests_on or ()})
    known = dict(book.sources)
    return replace(
        book,
        version=str(found.number),
        themes=tuple(_node(item, below) for item in below.get(None, ())),
        sources=tuple((known | {key: key for key in cited if key not in known}).items()),
    )


def version_yaml(actor: Actor, database: Database, study_id: int, number: int | None = None) -> str:
    """Write a version as YAML that `codebook load` reads.

    Raises
    ------
    NotFound
        When the study has no such version.
    CodebookError
        When it has no codes in use.
    """
    book = export_version(actor, database, study_id, number)
    if not book.themes:
        raise CodebookError("this version has no codes in use.", hint="Choose another version.")
    return dump_codebook(book)


def _find(connection: Connection, study_id: int, number: int | None) -> Version:
    found = (
        store.find_version(connection, study_id, number)
        if number is not None
        else next(iter(store.list_versions(connection, study_id, limit=1)), None)
    )
    if found is None:
        raise NotFound(
            "the codebook has no versions yet: it is empty."
            if number is None
            else f"the codebook has no version {number}."
        )
    return found


def _hidden(
    connection: Connection, actor: Actor, study_id: int, *snapshots: Snapshot
) -> frozenset[int]:
    codes = {key for snapshot in snapshots for key in snapshot}
    return store.hidden_codes(connection, study_id, actor.id, codes)


def _node(item: CodeThen, below: dict[int | None, list[CodeThen]]) -> CodeNode:
    return CodeNode(
        name=item.name,
        colour=item.colour or "",
        definition=item.definition,
        include=item.include,
        exclude=item.exclude,
        examples=item.examples or (),
        cues=item.cues or (),
        rests_on=item.rests_on or (),
        children=tuple(_node(child, below) for child in below.get(item.id, ())),
    )
