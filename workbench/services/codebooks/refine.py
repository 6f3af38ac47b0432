"""Refine the codebook: merge codes into one, and make a code a theme.

In: codes of a study. Out: a changed tree, one operation and one event; undo restores it exactly.
No coding is rewritten by a merge: what a merged code was applied to counts as the other code.
`refine_split` parts a code, `refine_copy` takes codes from another study, `refine_preview` says
beforehand what is touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.domain import codebook as rules
from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, Code
from workbench.domain.merging import MergePlan, Node, lies_below, plan_merge
from workbench.errors import CodebookError, NotFound
from workbench.services.codebooks.code_changes import finish, refuse_sibling
from workbench.services.codebooks.code_tree import next_colour, refuse_changed
from workbench.services.codebooks.code_values import cleaned
from workbench.services.trail import trail
from workbench.store.clock import now
from workbench.store.codebooks import blind_codes, codebook
from workbench.store.codebooks import refine as store
from workbench.store.engine import Connection, Database


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did, as far as the person may see it.

    `collapsed` codings were taken away since the same coder has coded the same words with the
    target. `moved` codes lie below the target now; `merged_below` are pairs of namesakes of which
    the first went into the second.
    """

    into: str
    merged: tuple[str, ...]
    collapsed: int
    moved: tuple[str, ...] = ()
    merged_below: tuple[tuple[str, str], ...] = ()


def merge_codes(
    actor: Actor,
    database: Database,
    study_id: int,
    code_ids: Sequence[int],
    into_id: int,
    *,
    changes: Mapping[str, str] | None = None,
    seen: Code | None = None,
) -> MergeReport:
    """Merge codes into one, with all that lies below them.

    Codes below them come to lie below the target; namesakes among these are merged in turn. Where
    a coder has exactly the same words under both, one coding is left.

    Parameters
    ----------
    changes
        New words for the target's definition, include or exclude, in the same operation.
    seen
        The target as the person saw it while writing them.

    Raises
    ------
    CodebookError
        When no other code is named, the target is not in use, or it lies below one of the codes.
    ConflictError
        When what `changes` are to change is not as it was `seen` any more.
    NotFound
        When the study has no such code.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        items = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        tree = store.nodes(connection, study_id)
        target, sources = chosen(items, code_ids, into_id)
        refuse_below(tree, target, sources)
        values = _new_words(target, changes or {}, seen)
        plan = plan_merge(tree, [item.id for item in sources], target.id)
        if blind_codes.any_open(connection, plan.merged):
            blind_codes.publish(connection, [target.id])
        collapsed = store.fallen_together(connection, {key: plan.final(key) for key in plan.merged})
        n_seen = store.count_seen(connection, study_id, actor.id, list(collapsed))
        taken, back = store.take_away(connection, collapsed, now())
        before, after = _write(connection, study_id, plan, target.id, values)
        names = " and ".join(item.name for item in sources)
        finish(
            connection, actor, study_id, "merge codes", f"merging {names} into {target.name}",
            before, after, more=(back, taken),
        )  # fmt: skip
        return _report(items, plan, target, sources, n_seen)


def chosen(items: Sequence[Code], code_ids: Sequence[int], into_id: int) -> tuple[Code, list[Code]]:
    """Find the target of a merge and the codes to merge; raises as `merge_codes` does."""
    by_id = {item.id: item for item in items}
    missing = {into_id, *code_ids} - set(by_id)
    if missing:
        raise NotFound("one of these codes is not in the codebook any more.")
    target = by_id[into_id]
    if target.status != "active":
        raise CodebookError(
            f"{target.name} is {target.status}, and can take no other code in.",
            hint="Bring it back first, or choose another.",
        )
    sources = [by_id[key] for key in dict.fromkeys(code_ids) if key != into_id]
    if not sources:
        raise CodebookError("a code cannot be merged into itself.", hint="Choose another one.")
    return target, sources


def refuse_below(tree: Sequence[Node], target: Code, sources: Sequence[Code]) -> None:
    """Refuse to merge a code into one that lies below it; raises CodebookError."""
    for item in sources:
        if lies_below(tree, target.id, item.id):
            raise CodebookError(
                f"{target.name} lies below {item.name}, and cannot take it in.",
                hint=f"Merge {target.name} into {item.name}, or move it elsewhere first.",
            )


def _new_words(target: Code, changes: Mapping[str, str], seen: Code | None) -> dict[str, object]:
    unknown = set(changes) - set(codebook.DEFINING)
    if unknown:
        raise CodebookError(f"{', '.join(sorted(unknown))} cannot be changed in a merge.")
    values = cleaned(changes)
    refuse_changed(target, seen, values)
    return {name: value for name, value in values.items() if value != getattr(target, name)}


def _write(
    connection: Connection, study_id: int, plan: MergePlan, target_id: int, values: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Write what a merge does to codes; give their states before and after."""
    changed: dict[int, dict[str, Any]] = {target_id: values} if values else {}
    last = store.last_places(connection, study_id)
    for key, into in plan.merged.items():
        changed[key] = {"status": "merged", "merged_into": into}
    for key, parent_id in plan.moved.items():
        last[parent_id] = last.get(parent_id, -1) + 1
        changed[key] = {"parent_id": parent_id, "position": last[parent_id]}
    for key in plan.revived - set(plan.merged):
        changed[key] = {**changed.get(key, {}), "status": "active"}
    before = [codebook.code_state(connection, key) for key in changed]
    for key, new in changed.items():
        codebook.change_code(connection, key, new)
    return before, [{**state, **changed[state["id"]]} for state in before]


def _report(
    items: Sequence[Code], plan: MergePlan, target: Code, sources: Sequence[Code], n_collapsed: int
) -> MergeReport:
    paths = {item.id: format_path(item.path) for item in items}
    named = {item.id for item in sources}
    return MergeReport(
        into=format_path(target.path),
        merged=tuple(paths[item.id] for item in sources),
        collapsed=n_collapsed,
        moved=tuple(paths[key] for key in plan.moved if key in paths),
        merged_below=tuple(
            (paths[key], paths[into])
            for key, into in plan.merged.items()
            if key not in named and key in paths and into in paths
        ),
    )


def promote_to_theme(
    actor: Actor, database: Database, study_id: int, code_id: int, *, colour: str = ""
) -> None:
    """Put a code at the top level, as the last theme, with all that lies below it.

    Parameters
    ----------
    colour
        As #RRGGBB; without one it keeps its own, or gets one that no theme has.

    Raises
    ------
    CodebookError
        When it is a theme already, its name is taken, or the colour breaks a rule.
    NotFound
        When the study has no such code.
    """
    if colour and not rules.COLOUR.fullmatch(colour):
        raise CodebookError(f"the colour {colour!r} is not of the form #RRGGBB.")
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        items = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        item = codebook.get_code(connection, study_id, code_id, actor.id)
        if item.parent_id is None:
            raise CodebookError(f"{item.name} is a theme already.")
        refuse_sibling(items, None, item.name)
        before = codebook.code_state(connection, code_id)
        last = store.last_places(connection, study_id)
        values = {
            "parent_id": None,
            "position": last.get(None, -1) + 1,
            "colour": colour or item.colour or next_colour(items),
        }
        codebook.change_code(connection, code_id, values)
        finish(connection, actor, study_id, "promote code", f"making {item.name} a theme",
               [before], [{**before, **values}])  # fmt: skip
