"""Restore: an old version of the codebook as a new one.

In: a study and a version's number. Out: the codes as they were, the codings on codes that are
there, one new version, one operation and one event, all of which can be undone.

A coding never loses its code without getting one that it had before; see `domain/codebook_restore`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.codebook import format_path
from workbench.domain.codebook_diff import CodebookDiff, compare
from workbench.domain.codebook_restore import RestoredCodes, home, lacking
from workbench.domain.codebook_restore import restore as restored_codes
from workbench.domain.codebook_version import (
    LISTS,
    TEXTS,
    CodeThen,
    Snapshot,
    counts_as,
    meaning_in,
)
from workbench.domain.codings import Actor
from workbench.errors import ConflictError, NotFound
from workbench.services.trail import trail
from workbench.store.clock import now as time_now
from workbench.store.codebooks import codebook, restoring
from workbench.store.codebooks import versions as store
from workbench.store.codebooks.refine import fallen_together
from workbench.store.codebooks.versions import Version
from workbench.store.coding.carried import carried_states
from workbench.store.engine import Connection, Database
from workbench.store.team import people
from workbench.store.trail.operations import States
from workbench.store.trail.states import apply_states
from workbench.store.visibility import sight_of


@dataclass(frozen=True, slots=True)
class Moved:
    """Codings that go from one code to another, as far as the person may see them."""

    source: str
    target: str
    n: int


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What restoring a version would do, as far as the person may see it.

    `moved` are codings of codes that the version does not know; `returning` those that count as
    the code again that they had before a merge (or as the one that theirs was merged into before),
    with duplicates that a merge took away. `kept` names codes that the version does not know and
    that stay, retired, since codings stay on them.
    """

    number: int
    diff: CodebookDiff
    moved: tuple[Moved, ...]
    returning: tuple[Moved, ...]
    kept: tuple[str, ...]

    @property
    def n_moved(self) -> int:
        """How many codings get another code."""
        return sum(item.n for item in self.moved)

    def as_dict(self) -> dict[str, Any]:
        """Give plain values, as JSON holds them."""
        return {
            "version": self.number,
            **self.diff.as_dict(),
            "codings_moved": [_plain(item) for item in self.moved],
            "codings_returning": [_plain(item) for item in self.returning],
            "codes_kept": list(self.kept),
        }


def _plain(item: Moved) -> dict[str, Any]:
    return {"from": item.source, "to": item.target, "codings": item.n}


@dataclass(slots=True)
class _Plan:
    """What becomes of codes and codings; `moves` are codings with the codes that they get."""

    version: Version
    now: Snapshot
    codes: RestoredCodes
    moves: dict[int, int] = field(default_factory=dict)
    had: dict[int, int] = field(default_factory=dict)
    doubles: set[int] = field(default_factory=set)
    fallen: dict[int, int] = field(default_factory=dict)
    """Codings that go since a merge comes back, each with the one that has its words already."""
    returning: dict[int, int] = field(default_factory=dict)
    gone_at: dict[int, str] = field(default_factory=dict)


def preview_restore(actor: Actor, database: Database, study_id: int, number: int) -> RestorePreview:
    """Say what restoring a version would change.

    Raises
    ------
    NotFound
        When the study has no such version.
    """
    with database.read() as connection:
        return _preview(connection, actor, study_id, _plan(connection, actor, study_id, number))


def may_restore(actor: Actor, database: Database, study_id: int) -> bool:
    """Tell whether the actor may bring old versions back: whoever owns the study."""
    with database.read() as connection:
        return people.role_of(connection, study_id, actor.id) == "owner"


def restore(
    actor: Actor, database: Database, study_id: int, number: int, *, seen: int | None = None
) -> RestorePreview:
    """Bring an old version of the codebook back, as a new version; say what was changed.

    Parameters
    ----------
    seen
        The number of the newest version when the person looked at the preview.

    Raises
    ------
    NotFound
        When the study has no such version.
    ConflictError
        When the codebook has changed since it was `seen`, or is the same as in that version.
    NotAllowed
        When the actor does not own the study: everybody's codings are concerned.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id, "owner")
        newest = codebook.current_version(connection, study_id)
        if seen is not None and newest is not None and newest[1] != seen:
            raise ConflictError(
                "the codebook has changed since you looked; nothing was done. Look again at what "
                "would change."
            )
        plan = _plan(connection, actor, study_id, number)
        told = _preview(connection, actor, study_id, plan)
        forward, inverse = _states(connection, plan)
        if not forward:
            raise ConflictError(f"the codebook is as it was in version {number} already.")
        redefined = _set_meanings(connection, study_id, plan, forward)
        apply_states(connection, forward)
        key = codebook.add_version(connection, study_id, actor.id, redefined=redefined)
        store.describe_version(connection, key, None, f"Version {number} restored.")
        for row in forward.get("code", ()):
            if row["id"] in redefined:
                row["defined_in"] = key
        trail.record(
            connection,
            actor,
            study_id,
            "restore codebook",
            label=f"restoring version {number} of the codebook",
            forward=forward,
            inverse=inverse,
            details={"version": number, "codings": len(forward.get("coding", ()))},
        )
        return told


def _plan(connection: Connection, actor: Actor, study_id: int, number: int) -> _Plan:
    version = store.find_version(connection, study_id, number)
    if version is None:
        raise NotFound(f"the codebook has no version {number}.")
    now, then = store.codebook_now(connection, study_id), version.snapshot
    unknown = lacking(now, then)
    hidden = store.hidden_codes(connection, study_id, actor.id, unknown)
    since = restoring.last_operation_of(connection, study_id, version)
    on = restoring.codings_on(connection, unknown - hidden)
    had = restoring.codes_had_since(connection, study_id, since, unknown - hidden)
    homes = {key: home(now, then, at, had.get(key, ())) for key, at in on.items()}
    used = {on[key] for key, target in homes.items() if target is None}
    plan = _Plan(version, now, restored_codes(now, then, used, untouched=hidden))
    plan.moves = {key: target for key, target in homes.items() if target is not None}
    plan.had = {key: on[key] for key in plan.moves}
    for item in restoring.collapsed_since(connection, study_id, since):
        at: int | None = item.code_id
        if item.code_id in plan.codes.removed:
            at = home(now, then, item.code_id, had.get(item.id, ()))
        if at is not None:
            plan.returning[item.id] = at
            plan.had[item.id], plan.gone_at[item.id] = item.code_id, item.deleted_at
    staying = _settle_doubles(connection, plan)
    if staying:
        used |= {plan.had.pop(key) for key in staying}
        plan.codes = restored_codes(now, then, used, untouched=hidden)
    codes = plan.codes.codes
    merging = {key: counts_as(codes, key) for key in codes
               if counts_as(now, key) == key != counts_as(codes, key)}  # fmt: skip
    if merging:  # what people coded twice since falls together again
        fallen = fallen_together(connection, merging)
        going = plan.moves.keys() | plan.returning.keys()
        plan.fallen = {key: stays for key, stays in fallen.items() if key not in going}
    return plan


def _settle_doubles(connection: Connection, plan: _Plan) -> list[int]:
    """See to it that no coder has a code twice on the same words; give the codings that stay.

    What a merge took away comes back only where its words do not carry its code by now. A coding
    that would go where the same one is already is taken away; with a memo or a star it stays.
    """
    going = {**plan.moves, **plan.returning}
    if not going:
        return []
    live = dict(restoring.live_beside(connection, going))
    places = restoring.places_of(connection, {*live, *going})
    spoken = restoring.with_own_words(connection, plan.moves)
    codes = plan.codes.codes
    staying: list[int] = []
    taken = {
        (places[key], counts_as(codes, at))
        for key, at in live.items()
        if key not in going and key in places
    }
    for key, at in sorted(going.items(), key=lambda item: (item[0] in plan.returning, item[0])):
        here = (places[key], counts_as(codes, at))
        if here in taken and places[key].placed:
            if key in plan.returning:
                del plan.returning[key]
            elif key in spoken:
                del plan.moves[key]
                staying.append(key)
            else:
                plan.doubles.add(key)
        taken.add(here)
    return staying


def _states(connection: Connection, plan: _Plan) -> tuple[States, States]:
    """Give the rows that change, after and before."""
    at = time_now()
    after: States = {"code": [], "coding": []}
    before: States = {"code": [], "coding": []}
    for key in sorted(plan.now):
        values = _code_values(plan, key, at)
        if values:
            state = codebook.code_state(connection, key)
            before["code"].append(state)
            after["code"].append({**state, **values})
    for key, target in sorted(plan.moves.items()):
        was: dict[str, Any] = {"id": key, "code_id": plan.had[key]}
        gets: dict[str, Any] = {"id": key, "code_id": target}
        if key in plan.doubles:  # with the code that it had, so that a later restore finds it
            was, gets = {"id": key, "deleted_at": None}, {"id": key, "deleted_at": at}
        before["coding"].append(was)
        after["coding"].append(gets)
    for key in sorted(plan.fallen):
        before["coding"].append({"id": key, "deleted_at": None})
        after["coding"].append({"id": key, "deleted_at": at})
    going, back = carried_states(connection, plan.fallen)
    after, before = after | going, before | back
    for key, target in sorted(plan.returning.items()):
        gone = plan.gone_at[key]
        before["coding"].append({"id": key, "code_id": plan.had[key], "deleted_at": gone})
        after["coding"].append({"id": key, "code_id": target, "deleted_at": None})
    return tuple({kind: rows for kind, rows in states.items() if rows}  # type: ignore[return-value]
                 for states in (after, before))  # fmt: skip


def _code_values(plan: _Plan, key: int, at: str) -> dict[str, Any]:
    """Give the values of a code that change."""
    if key in plan.codes.removed:
        return {"deleted_at": at}
    item, now = plan.codes.codes.get(key), plan.now[key]
    if item is None:
        return {}
    values: dict[str, Any] = {}
    for name in ("name", "parent_id", "status", "merged_into", "colour", "position", *TEXTS):
        if getattr(item, name) != getattr(now, name):
            values[name] = getattr(item, name)
    for name in LISTS:
        if getattr(item, name) != getattr(now, name):
            values[name] = list(getattr(item, name))
    if now.deleted:
        values["deleted_at"] = None
    return values


def _set_meanings(connection: Connection, study_id: int, plan: _Plan, forward: States) -> list[int]:
    """Say since when restored codes mean what they mean; give those that mean it anew.

    Where nothing was coded under the other definition, all codings were made under this one, and
    it counts from when it was given. Else it counts from the new version, and they are to be
    looked at again.
    """
    codes = plan.codes.codes
    changed = [key for key, item in codes.items() if _other_meaning(item, plan.now[key])]
    if not changed:
        return []
    known = meaning_in(store.snapshots(connection, study_id), plan.version.id, changed)
    anew = []
    for row in forward["code"]:
        key = row["id"]
        if key not in known:
            continue
        counting = [other for other in codes if counts_as(codes, other) == key]
        until = known[key].until
        if until is not None and restoring.made_under_others(connection, counting, until):
            anew.append(key)
        else:
            row["defined_in"] = known[key].since
    return anew


def _other_meaning(item: CodeThen, now: CodeThen) -> bool:
    return item.known and item.meaning != now.meaning


def _preview(connection: Connection, actor: Actor, study_id: int, plan: _Plan) -> RestorePreview:
    sight = sight_of(connection, study_id, actor.id)
    hidden = store.hidden_codes(connection, study_id, actor.id, {*plan.now, *plan.codes.codes})
    codes, now = plan.codes.codes, plan.now
    seen = restoring.seen_of(connection, {*plan.moves, *plan.returning}, sight)
    moved = Counter((plan.had[key], target) for key, target in plan.moves.items() if key in seen)
    returning = Counter(
        (counts_as(now, plan.had[key]), target)
        for key, target in plan.returning.items()
        if key in seen
    )
    again = {
        key: (counts_as(now, key), counts_as(codes, key))
        for key in codes
        if now[key].known and counts_as(now, key) != counts_as(codes, key)
    }
    for key, n in restoring.count_seen_on(connection, again, sight).items():
        returning[again[key]] += n
    names = {key: format_path(item.path) for key, item in {**codes, **now}.items()}
    return RestorePreview(
        number=plan.version.number,
        diff=compare(now, codes, hidden=hidden),
        moved=_told(moved, names),
        returning=_told(returning, names),
        kept=tuple(names[key] for key in sorted(plan.codes.kept - hidden)),
    )


def _told(counted: Mapping[tuple[int, int], int], names: Mapping[int, str]) -> tuple[Moved, ...]:
    told = [Moved(names[source], names[target], n) for (source, target), n in counted.items()]
    return tuple(sorted(told, key=lambda item: (item.source, item.target)))
