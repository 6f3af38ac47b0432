"""Copy codes from another study of the same database.

In: codes of a study that the actor belongs to. Out: the same codes, by their paths of names, in the
open study; what is there already is left alone. One operation and one event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, Code
from workbench.domain.words import count
from workbench.errors import CodebookError, NotAllowed, NotFound
from workbench.services.codebooks.code_changes import finish
from workbench.services.codebooks.code_tree import next_colour
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.codebooks import blind_codes, codebook
from workbench.store.engine import Connection, Database
from workbench.store.team import people
from workbench.store.team.people import one_line

CARRIED = ("definition", "include", "exclude", "examples", "cues", "rests_on", "colour")
"""What a code brings along, besides its name and place."""


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What copying did: paths of the codes that are new, and of those that were there already."""

    source: str
    added: tuple[str, ...]
    kept: tuple[str, ...]


def studies_to_copy_from(actor: Actor, database: Database, study_id: int) -> list[tuple[int, str]]:
    """List the other studies that the actor belongs to and that have codes: (key, name)."""
    with database.read() as connection:
        return [
            (item.id, item.name)
            for item in studies.list_studies(connection, with_sizes=False)
            if item.id != study_id
            and people.role_of(connection, item.id, actor.id) is not None
            and codebook.list_codes(connection, item.id)
        ]


def codes_to_copy(
    actor: Actor, database: Database, study_id: int, source_study_id: int
) -> list[Code]:
    """List the codes in use of another study, in tree order; raises as `copy_from_study` does."""
    with database.read() as connection:
        return _codes_of(connection, actor, study_id, source_study_id)


def copy_from_study(
    actor: Actor,
    database: Database,
    study_id: int,
    source_study_id: int,
    code_ids: Sequence[int],
) -> CopyReport:
    """Copy codes with all below them, and with the codes above them that are missing here.

    Raises
    ------
    CodebookError
        When no code is chosen, or the other study is the open one.
    NotAllowed
        When the actor does not belong to the other study.
    NotFound
        When there is no such study, or one of the codes is not in use in it.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        theirs = _codes_of(connection, actor, study_id, source_study_id)
        wanted = _wanted(theirs, code_ids)
        source = studies.get_study(connection, source_study_id)
        mine = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        keys = {_key(item.path): item.id for item in mine}
        added: list[str] = []
        kept: list[str] = []
        before: list[dict[str, Any]] = []
        after: list[dict[str, Any]] = []
        at = now()
        for item in wanted:
            path = _key(item.path)
            if path in keys:
                kept.append(format_path(item.path))
                continue
            values: dict[str, Any] = {name: _plain(getattr(item, name)) for name in CARRIED}
            values |= {"name": one_line(item.name), "parent_id": keys.get(path[:-1])}
            if item.parent_id is None:
                values["colour"] = item.colour or next_colour(mine)
                mine.append(replace(item, colour=values["colour"]))
            keys[path] = codebook.add_code(connection, study_id, values)
            state = codebook.code_state(connection, keys[path])
            before.append({**state, "deleted_at": at})
            after.append(state)
            added.append(format_path(item.path))
        if after:
            blind_codes.publish(connection, [keys[_key(item.path)] for item in wanted])
            _cite(connection, study_id, source_study_id, wanted)
            finish(connection, actor, study_id, "copy codes",
                   f"copying {count(len(added), 'code')} from {source.name}",
                   before, after)  # fmt: skip
        return CopyReport(source.name, tuple(added), tuple(kept))


def _codes_of(
    connection: Connection, actor: Actor, study_id: int, source_study_id: int
) -> list[Code]:
    source = studies.get_study(connection, source_study_id)
    if source_study_id == study_id:
        raise CodebookError("these codes are in this study already.", hint="Choose another study.")
    if people.role_of(connection, source_study_id, actor.id) is None:
        raise NotAllowed(f"{actor.name} does not belong to the study {source.name}.")
    return codebook.list_codes(connection, source_study_id)


def _wanted(theirs: Sequence[Code], code_ids: Sequence[int]) -> list[Code]:
    """Give the chosen codes, all below them and those above them, in tree order."""
    by_id = {item.id: item for item in theirs}
    if not code_ids:
        raise CodebookError("no code is chosen.", hint="Choose one or more.")
    if not set(code_ids) <= set(by_id):
        raise NotFound("one of these codes is not in use in the other study any more.")
    chosen = [by_id[key].path for key in code_ids]
    return [
        item
        for item in theirs
        if any(item.path[: len(path)] == path or path[: len(item.path)] == item.path
               for path in chosen)
    ]  # fmt: skip


def _key(path: Sequence[str]) -> tuple[str, ...]:
    return tuple(one_line(name).casefold() for name in path)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _cite(
    connection: Connection, study_id: int, source_study_id: int, wanted: Sequence[Code]
) -> None:
    """Bring along the citations that the codes rest on; those that are here stay."""
    theirs = studies.get_settings(connection, source_study_id).get("codebook", {})
    known: dict[str, str] = theirs.get("sources", {})
    cited = {key: known[key] for item in wanted for key in item.rests_on if key in known}
    if not cited:
        return
    mine = studies.get_settings(connection, study_id).get("codebook", {})
    changed = {**mine, "sources": {**cited, **mine.get("sources", {})}}
    if changed != mine:
        studies.change_settings(connection, study_id, codebook=changed)
