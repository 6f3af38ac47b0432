"""Codebook: load one from a file, and refine it code by code.

In: a `Codebook` value or one change. Out: the code tree, a new version of the codebook, one
operation and one event. Everything here can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbench.domain import codebook as rules
from workbench.domain.codebook import Codebook, check_name
from workbench.domain.codebook_file import EVERYTHING, Given
from workbench.domain.codings import Actor, Code
from workbench.errors import CodebookError, NotFound
from workbench.services.codebooks.code_changes import finish, refuse_sibling
from workbench.services.codebooks.code_tree import family_of, next_colour, refuse_changed
from workbench.services.codebooks.code_values import cleaned, node_of, told_apart
from workbench.services.codebooks.codebook_plan import plan
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.codebooks import blind_codes
from workbench.store.codebooks import codebook as store
from workbench.store.coding import codings
from workbench.store.engine import Connection, Database

EDITABLE = frozenset(
    {"name", "colour", "definition", "include", "exclude", "examples", "cues", "rests_on"}
)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading a codebook file did."""

    added: int
    updated: int
    unchanged: int


def list_codes(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    with_retired: bool = False,
    with_counts: bool = True,
) -> list[Code]:
    """List the codes in tree order, each with the number of the actor's own live codings.

    Parameters
    ----------
    with_counts
        False leaves the numbers at 0, for who only needs names and looks.
    """
    with database.read() as connection:
        counts = (
            codings.count_by_code(connection, study_id, actor.id, coder_id=actor.id)
            if with_counts
            else {}
        )
        return [
            replace(item, n_codings=counts.get(item.id, 0))
            for item in store.list_codes(connection, study_id, actor.id, with_retired=with_retired)
        ]


def usage(actor: Actor, database: Database, study_id: int) -> dict[int, int]:
    """Count live codings per code that the actor may see, by everybody."""
    with database.read() as connection:
        return codings.count_by_code(connection, study_id, actor.id)


def load_codebook(
    actor: Actor, database: Database, study_id: int, book: Codebook, given: Given = EVERYTHING
) -> LoadReport:
    """Bring a study's codebook in line with a file: add what is new, update what differs.

    Codes are matched by their path of names. Codes that the file lacks stay as they are: they may
    carry codings. Loading the same file twice changes nothing.

    Parameters
    ----------
    given
        What the file says; of codes that are there, only that is changed.

    Raises
    ------
    CodebookError
        When the codebook breaks a rule.
    """
    rules.check(book)
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        before: list[dict[str, Any]] = []
        after: list[dict[str, Any]] = []
        n_added, n_same = 0, 0
        keys: dict[tuple[str, ...], int] = {}
        codes = store.list_codes(connection, study_id, actor.id, with_retired=True)
        for step in plan(codes, book, given):
            if step.old is None:
                values = {**step.changes, "parent_id": keys.get(step.key[:-1])}
                keys[step.key] = store.add_code(connection, study_id, values)
                n_added += 1
                state = store.code_state(connection, keys[step.key])
                before.append({**state, "deleted_at": now()})
                after.append(state)
                continue
            keys[step.key] = step.old.id
            if not step.changes:
                n_same += 1
                continue
            state = store.code_state(connection, step.old.id)
            store.change_code(connection, step.old.id, step.changes)
            before.append(state)
            after.append({**state, **step.changes})
        _keep_about(connection, study_id, book, given)
        blind_codes.publish(connection, keys.values())  # what is in a file is no secret
        if after:
            finish(connection, actor, study_id, "load codebook", f"codebook {book.name}",
                    before, after)  # fmt: skip
        return LoadReport(n_added, len(after) - n_added, n_same)


def _keep_about(connection: Connection, study_id: int, book: Codebook, given: Given) -> None:
    """Keep what a file says of the codebook as a whole; sources that it lacks stay."""
    about = dict(studies.get_settings(connection, study_id).get("codebook", {}))
    if given.about:
        about |= {"name": book.name, "language": book.language, "description": book.description}
    about["sources"] = about.get("sources", {}) | dict(book.sources)
    if about != studies.get_settings(connection, study_id).get("codebook", {"sources": {}}):
        studies.change_settings(connection, study_id, codebook=about)


def export_codebook(actor: Actor, database: Database, study_id: int) -> Codebook:
    """Give a study's codebook, with retired codes left out, as a value for a file."""
    with database.read() as connection:
        study = studies.get_study(connection, study_id)
        items = store.list_codes(connection, study_id, actor.id)
        version = store.current_version(connection, study_id)
        about = studies.get_settings(connection, study_id).get("codebook", {})
    children: dict[int | None, list[Code]] = {}
    for item in items:
        children.setdefault(item.parent_id, []).append(item)
    children = {parent: told_apart(siblings) for parent, siblings in children.items()}
    known: dict[str, str] = about.get("sources", {})
    cited = sorted({source for item in items for source in item.rests_on})
    return Codebook(
        name=about.get("name", study.name),
        language=about.get("language", "en"),
        description=about.get("description", ""),
        version=str(version[1] if version else 1),
        themes=tuple(node_of(item, children) for item in children.get(None, [])),
        sources=tuple((known | {key: key for key in cited if key not in known}).items()),
    )


def add_code(
    actor: Actor, database: Database, study_id: int, *, parent_id: int | None, name: str,
    definition: str = "",
) -> int:  # fmt: skip
    """Add a code below another, or as a theme; give its key.

    Raises
    ------
    CodebookError
        When the name is empty, too long or taken by a sibling.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        values = {"name": name, "parent_id": parent_id, "definition": definition}
        return add_code_row(connection, actor, study_id, values)


def add_code_row(
    connection: Connection,
    actor: Actor,
    study_id: int,
    values: Mapping[str, object],
    *,
    guid: str | None = None,
    uuid: str | None = None,
    document_id: int | None = None,
) -> int:
    """`add_code` inside a transaction that is open already."""
    values = cleaned(values)
    name = check_name(str(values["name"]))
    parent_id = values.get("parent_id")
    items = store.list_codes(connection, study_id, actor.id, with_retired=True)
    if parent_id is not None and all(item.id != parent_id for item in items):
        raise NotFound("the theme to put this code under is not there any more.")
    refuse_sibling(items, parent_id, name)
    if guid is not None and store.guid_taken(connection, guid):
        raise CodebookError("this code is there already.")
    above = parent_id if isinstance(parent_id, int) else None
    hidden = blind_codes.where_made(connection, study_id, actor.id, document_id, above)
    filled = {**values, "name": name, **hidden}
    if parent_id is None and not filled.get("colour"):
        filled["colour"] = next_colour(items)
    key = store.add_code(connection, study_id, filled, guid=guid)
    state = store.code_state(connection, key)
    finish(
        connection,
        actor,
        study_id,
        "add code",
        f"the code {name}",
        [{**state, "deleted_at": now()}],
        [state],
        uuid=uuid,
        document_id=document_id,
    )
    return key


def edit_code(
    actor: Actor,
    database: Database,
    study_id: int,
    code_id: int,
    changes: Mapping[str, object],
    *,
    seen: Code | None = None,
) -> None:
    """Change a code's name, colour, definition, include, exclude, examples or cues.

    Parameters
    ----------
    seen
        The code as the person saw it while editing. Other people's changes to other fields stay.

    Raises
    ------
    CodebookError
        When a field cannot be edited, or the name or colour breaks a rule.
    ConflictError
        When a field that is to be changed is not as it was `seen` any more.
    NotFound
        When the study has no such code.
    """
    unknown = set(changes) - EDITABLE
    if unknown:
        raise CodebookError(f"{', '.join(sorted(unknown))} cannot be edited.")
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        item = store.get_code(connection, study_id, code_id, actor.id)
        values = cleaned(changes)
        refuse_changed(item, seen, values)
        if "name" in values:
            values["name"] = check_name(str(values["name"]))
            others = [
                other
                for other in store.list_codes(connection, study_id, actor.id, with_retired=True)
                if other.id != code_id
            ]
            refuse_sibling(others, item.parent_id, str(values["name"]))
        colour = str(values.get("colour") or "")
        if colour and not rules.COLOUR.fullmatch(colour):
            raise CodebookError(f"the colour {colour!r} is not of the form #RRGGBB.")
        _change(connection, actor, study_id, code_id, values, "edit code", f"editing {item.name}")


def move_code(
    actor: Actor,
    database: Database,
    study_id: int,
    code_id: int,
    *,
    parent_id: int | None,
    position: int | None = None,
) -> None:
    """Put a code below another (None: make it a theme), at a place among its new siblings.

    Raises
    ------
    CodebookError
        When the code would come to lie below itself, or beside a code of the same name.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        items = store.list_codes(connection, study_id, actor.id, with_retired=True)
        item = store.get_code(connection, study_id, code_id, actor.id)
        parents = {other.id: other.parent_id for other in items}
        above = parent_id
        while above is not None:
            if above == code_id:
                raise CodebookError(f"{item.name} cannot be put below itself.")
            if above not in parents:
                raise NotFound("the code to put this one under is not there any more.")
            above = parents[above]
        siblings = [other for other in items if other.parent_id == parent_id
                    and other.id != code_id]  # fmt: skip
        refuse_sibling(siblings, parent_id, item.name)
        place = len(siblings) if position is None else max(0, min(position, len(siblings)))
        order = [other.id for other in siblings]
        order.insert(place, code_id)
        before, after = [], []
        for index, key in enumerate(order):
            state = store.code_state(connection, key)
            changed = {**state, "position": index}
            if key == code_id:
                changed["parent_id"] = parent_id
                if parent_id is None and not state["colour"]:
                    changed["colour"] = next_colour(items)
            if changed != state:
                store.change_code(connection, key, changed)
                before.append(state)
                after.append(changed)
        if after:
            finish(connection, actor, study_id, "move code", f"moving {item.name}", before, after)


def retire_code(
    actor: Actor, database: Database, study_id: int, code_id: int, *, retired: bool = True
) -> None:
    """Take a code and all below it out of use, or bring it back; its codings stay and count."""
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        items = store.list_codes(connection, study_id, actor.id, with_retired=True)
        item = store.get_code(connection, study_id, code_id, actor.id)
        status = "retired" if retired else "active"
        family = family_of(items, code_id)
        if not retired:  # what lies above it is in use again, too
            parents = {other.id: other.parent_id for other in items}
            above = item.parent_id
            while above is not None:
                family.add(above)
                above = parents.get(above)
        before, after = [], []
        for other in items:
            if other.id in family and other.status != status:
                state = store.code_state(connection, other.id)
                store.change_code(connection, other.id, {"status": status})
                before.append(state)
                after.append({**state, "status": status})
        if after:
            verb, doing = ("retire code", "retiring") if retired else ("revive code", "reviving")
            finish(connection, actor, study_id, verb, f"{doing} {item.name}", before, after)


def _change(
    connection: Connection,
    actor: Actor,
    study_id: int,
    code_id: int,
    values: Mapping[str, object],
    verb: str,
    label: str,
) -> None:
    before = store.code_state(connection, code_id)
    after = {**before, **values}
    if after == before:
        return
    store.change_code(connection, code_id, values)
    finish(connection, actor, study_id, verb, label, [before], [after])
