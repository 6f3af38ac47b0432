"""Split a code: make new codes out of it, and sort its extracts into them.

In: a code, and what the new ones are called. Out: new codes, one operation and one event; then the
extracts of the code, sorted one by one or many together, each time one operation. What is not
sorted stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workbench.domain.codebook import check_name
from workbench.domain.codings import Actor, Code
from workbench.domain.words import count
from workbench.errors import CodebookError, CodingError, InputError, NotAllowed, NotFound
from workbench.services.codebooks.code_changes import finish, refuse_sibling
from workbench.services.codebooks.code_tree import next_colour
from workbench.services.codebooks.code_values import cleaned
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.codebooks import blind_codes, codebook
from workbench.store.codebooks import refine as store
from workbench.store.coding import codings
from workbench.store.coding.extract_rows import CodedExtract, Reader
from workbench.store.engine import Connection, Database
from workbench.store.team import people
from workbench.store.trail.operations import States

Whose = Literal["mine", "all"]
"""One's own extracts, or everybody's, which only the owner of a study sorts."""

CONTEXT = 160
"""Characters on either side of the words."""


@dataclass(frozen=True, slots=True)
class Part:
    """A code to be split off another."""

    name: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class SplitQueue:
    """What waits to be sorted.

    `total` counts the extracts that this person may sort, `others` those of other people that they
    may see and not sort (or have not asked for). `owns`: they may sort everybody's. `blind` says
    that some documents show nobody's codings but one's own.
    """

    code: Code
    parts: tuple[Code, ...]
    items: tuple[CodedExtract, ...]
    total: int
    others: int
    owns: bool
    blind: bool


@dataclass(frozen=True, slots=True)
class SortReport:
    """What sorting did. `collapsed` were taken away: these words have the new code already."""

    into: str
    sorted: int
    copied: int = 0
    collapsed: int = 0


def split_code(
    actor: Actor,
    database: Database,
    study_id: int,
    code_id: int,
    parts: Sequence[Part],
    *,
    below: bool = False,
) -> list[int]:
    """Make new codes out of a code; give their keys. Its codings stay on it until they are sorted.

    Parameters
    ----------
    below
        Put the new codes below the code, rather than beside it.

    Raises
    ------
    CodebookError
        When no name is given, one is empty, too long or taken, or the code is not in use.
    NotFound
        When the study has no such code.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        items = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        item = codebook.get_code(connection, study_id, code_id, actor.id)
        if item.status != "active":
            raise CodebookError(f"{item.name} is {item.status}.", hint="Bring it back first.")
        if not parts:
            raise CodebookError("no new code is named.", hint="Give at least one name.")
        parent_id = item.id if below else item.parent_id
        hidden = blind_codes.where_made(connection, study_id, actor.id, None, item.id)
        keys: list[int] = []
        for part in parts:
            values = cleaned({"name": part.name, "definition": part.definition})
            check_name(str(values["name"]))
            refuse_sibling(items, parent_id, str(values["name"]))
            values |= {"parent_id": parent_id, "split_from": item.id, **hidden}
            if parent_id is None:
                values["colour"] = next_colour(items)
            if not below:
                values["position"] = item.position  # right after it: same places go by age
            keys.append(codebook.add_code(connection, study_id, values))
            items = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        after = [codebook.code_state(connection, key) for key in keys]
        at = now()
        finish(connection, actor, study_id, "split code", f"splitting {item.name}",
               [{**state, "deleted_at": at} for state in after], after)  # fmt: skip
        return keys


def split_queue(
    actor: Actor,
    database: Database,
    study_id: int,
    code_id: int,
    *,
    whose: Whose = "mine",
    offset: int = 0,
    limit: int = 50,
) -> SplitQueue:
    """List extracts of a code that wait to be sorted into the codes that were split off it.

    Raises
    ------
    NotFound
        When the study has no such code.
    """
    with database.read() as connection:
        studies.get_study(connection, study_id)
        codes = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        item = codebook.get_code(connection, study_id, code_id, actor.id)
        owns = people.role_of(connection, study_id, actor.id) == "owner"
        coder_id = None if whose == "all" and owns else actor.id
        keys = store.list_waiting(
            connection, study_id, actor.id, code_id, coder_id, offset=offset, limit=limit
        )
        total = store.count_waiting(connection, study_id, actor.id, code_id, coder_id)
        everybody = store.count_waiting(connection, study_id, actor.id, code_id, None)
        return SplitQueue(
            code=item,
            parts=_parts(connection, study_id, codes, code_id),
            items=tuple(Reader(connection, actor.id, codes, CONTEXT).read(keys)),
            total=total,
            others=everybody - total,
            owns=owns,
            blind=store.hides_some(connection, study_id, actor.id),
        )


def sort_codings(
    actor: Actor,
    database: Database,
    study_id: int,
    coding_guids: Sequence[str],
    to_code_id: int,
    *,
    copy: bool = False,
) -> SortReport:
    """Give extracts of a code that was split one of the new codes, as one operation.

    Parameters
    ----------
    copy
        Let the extract stay in the queue too, so that it can go into a second code.

    Raises
    ------
    CodingError
        When an extract does not have the code that the new one was split off, or is to be copied
        and must be placed again first.
    NotAllowed
        When it is another coder's, and the actor does not own the study.
    NotFound
        When an extract is not there (any more), or the new code is not.
    """
    if not coding_guids:
        raise InputError("no extract is chosen.", hint="Choose one or more first.")
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        codes = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        target = next((item for item in codes if item.id == to_code_id), None)
        source_id = store.split_parts(connection, study_id).get(to_code_id)
        if target is None or source_id is None:
            raise NotFound("the new code is not there any more.")
        source = codebook.get_code(connection, study_id, source_id, actor.id)
        found = _sortable(connection, actor, study_id, coding_guids, source)
        done = _copy if copy else _move
        after, before = done(connection, study_id, found, to_code_id)
        rows = after["coding"]
        n_gone = sum(row.get("deleted_at") is not None for row in rows)
        if rows:
            trail.record(
                connection,
                actor,
                study_id,
                "sort codings",
                label=f"sorting {count(len(found), 'extract')} of {source.name} to {target.name}",
                forward=after,
                inverse=before,
            )
        n_done = len(rows) - n_gone
        return SortReport(target.name, 0 if copy else n_done, n_done if copy else 0, n_gone)


def _parts(
    connection: Connection, study_id: int, codes: Sequence[Code], code_id: int
) -> tuple[Code, ...]:
    split = store.split_parts(connection, study_id)
    return tuple(item for item in codes if split.get(item.id) == code_id)


def _sortable(
    connection: Connection, actor: Actor, study_id: int, guids: Sequence[str], source: Code
) -> list[store.Sortable]:
    known = store.find_waiting(connection, study_id, actor.id, guids)
    owns = people.role_of(connection, study_id, actor.id) == "owner"
    found = []
    for guid in dict.fromkeys(guids):
        item = known.get(guid)
        if item is None:
            raise NotFound("this extract is not there any more.")
        if item.coder_id != actor.id and not owns:
            raise NotAllowed("this extract is another coder's; only they or the owner may sort it.")
        if item.counts_as != source.id:
            raise CodingError(
                f"this extract does not have the code {source.name} (any more).",
                hint="Look at the queue again.",
            )
        found.append(item)
    return found


def _move(
    connection: Connection, study_id: int, found: Sequence[store.Sortable], to_code_id: int
) -> tuple[States, States]:
    """Recode what has no twin under the new code, and take away what has one."""
    version = _version(connection, study_id)
    before: list[dict[str, Any]] = []
    after: list[dict[str, Any]] = []
    onto: dict[int, int] = {}
    taken: dict[tuple[int, int, int | None, int | None], int] = {}
    for item in found:
        place = (item.coder_id, item.document_id, item.start, item.end)
        if not item.flagged:
            twin = taken.get(place) or _twin(connection, item, to_code_id)
            if twin is not None:
                onto[item.id] = twin
                continue
            taken[place] = item.id
        before.append({"id": item.id, "code_id": item.code_id,
                       "codebook_version_id": item.codebook_version_id})  # fmt: skip
        after.append({"id": item.id, "code_id": to_code_id, "codebook_version_id": version})
    store.recode(connection, [row["id"] for row in after], to_code_id, version)
    gone, back = store.take_away(connection, onto, now())
    return (
        {**gone, "coding": [*after, *gone.get("coding", ())]},
        {**back, "coding": [*before, *back.get("coding", ())]},
    )


def _copy(
    connection: Connection, study_id: int, found: Sequence[store.Sortable], to_code_id: int
) -> tuple[States, States]:
    """Code the same words with the new code too, in the name of the same coder."""
    if any(item.flagged for item in found):
        raise CodingError(
            "its words must be found again before it can go into several codes.",
            hint="Place it again first, or sort it into one code.",
        )
    version, at = _version(connection, study_id), now()
    keys = [
        codings.add_coding(
            connection,
            codings.NewCoding(
                item.document_id, item.revision_id, to_code_id, item.coder_id, item.start,
                item.end, item.origin,
            ),
            version,
        )
        for item in found
        if _twin(connection, item, to_code_id) is None
    ]  # fmt: skip
    return (
        {"coding": [{"id": key, "deleted_at": None} for key in keys]},
        {"coding": [{"id": key, "deleted_at": at} for key in keys]},
    )


def _twin(connection: Connection, item: store.Sortable, code_id: int) -> int | None:
    return codings.same_coding(
        connection,
        document_id=item.document_id,
        code_id=code_id,
        coder_id=item.coder_id,
        start=item.start,
        end=item.end,
    )


def _version(connection: Connection, study_id: int) -> int | None:
    version = codebook.current_version(connection, study_id)
    return version[0] if version else None
