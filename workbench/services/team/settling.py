"""Settling: write decisions with their codings, and settle documents in which nothing is left open.

In: decisions in a transaction that is open already. Out: rows, one operation and one event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.adjudication import Item, items_of
from workbench.domain.codings import Actor
from workbench.domain.words import count
from workbench.services.trail import trail
from workbench.store.clock import now
from workbench.store.codebooks import codebook
from workbench.store.engine import Connection
from workbench.store.team import adjudication as store
from workbench.store.team.adjudication import Decision, Finished, NewDecision
from workbench.store.trail.operations import States
from workbench.store.trail.states import apply_states


def items_in(connection: Connection, found: Sequence[Finished]) -> dict[int, list[Item]]:
    """Put together what coders agree and differ on, by document."""
    codings = store.applied(connection, found)
    decided = store.decided(connection, found)
    return {
        item.document_id: items_of(
            codings[item.document_id], item.coders, decided[item.document_id]
        )
        for item in found
    }


def is_open(item: Item) -> bool:
    """Tell whether an item is a difference that nobody has decided."""
    return item.difference != "agreed" and item.decided is None


def taken_back(decisions: Sequence[Decision], at: str) -> tuple[States, States]:
    """Give the states after decisions were taken back with their codings, and those before."""
    keys = {
        "adjudication": [row.id for row in decisions],
        "coding": [key for row in decisions for key in row.codings],
    }
    gone: States = {kind: [{"id": key, "deleted_at": at} for key in keys[kind]] for kind in keys}
    back: States = {kind: [{"id": key, "deleted_at": None} for key in keys[kind]] for kind in keys}
    return gone, back


def settle_one(
    connection: Connection,
    actor: Actor,
    study_id: int,
    found: Finished,
    items: Sequence[Item],
    decision: NewDecision,
    *,
    label: str,
) -> bool:
    """Write one decision; the document is settled when it was the last. Tell whether it is."""
    item = next(one for one in items if one.place == decision.place)
    work = _Work()
    work.drop(connection, found, items, but=item)
    left = [one for one in items if one is not item]
    settles = not any(map(is_open, left))
    decisions = [decision]
    if settles:
        decisions += _agreed(found, left)
    work.settle(connection, found, actor if settles else None)
    work.write(connection, actor, study_id, decisions)
    work.record(connection, actor, study_id, "settle", label, found.document_id)
    return settles


def settle_agreed(
    connection: Connection,
    actor: Actor,
    study_id: int,
    found: Sequence[Finished],
    items: dict[int, list[Item]],
) -> tuple[int, int]:
    """Write what is agreed on in these documents; give how many codings, and documents settled."""
    work, decisions, n_settled = _Work(), [], 0
    for item in found:
        run = items[item.document_id]
        agreed, settles = _agreed(item, run), not any(map(is_open, run))
        decisions += agreed
        if settles:
            work.drop(connection, item, run)
            n_settled += 1
        if agreed or settles:
            work.settle(connection, item, actor if settles else None)
    if decisions or n_settled:
        work.write(connection, actor, study_id, decisions)
        label = f"{count(len(decisions), 'agreed coding')} in the consensus"
        work.record(connection, actor, study_id, "settle agreed", label)
    return len(decisions), n_settled


def _agreed(found: Finished, items: Sequence[Item]) -> list[NewDecision]:
    return [
        NewDecision(
            found.document_id, found.revision_id, item.place, "agreed", found.coders, (item.place,)
        )
        for item in items
        if item.difference == "agreed" and item.decided is None
    ]


@dataclass
class _Work:
    """What an operation changes, as it is put together."""

    forward: States = field(default_factory=dict)
    inverse: States = field(default_factory=dict)

    def drop(
        self,
        connection: Connection,
        found: Finished,
        items: Sequence[Item],
        *,
        but: Item | None = None,
    ) -> None:
        """Take away decisions on what is not there any more, and the one that is decided anew."""
        kept = {row.id for item in items if item is not but for row in item.decisions}
        stale = [row for row in store.standing(connection, found.document_id) if row.id not in kept]
        gone, back = taken_back(stale, now())
        apply_states(connection, gone)
        for kind in gone:
            self._add(kind, gone[kind], back[kind])

    def settle(self, connection: Connection, found: Finished, actor: Actor | None) -> None:
        """Mark a document as settled, by whom; None opens it, for something is left to decide.

        It is written down where nothing changes, too: whatever is decided in a document later
        stands in the way of taking back what was decided before.
        """
        before = store.settled_state(connection, found.document_id)
        after = before
        if (before["adjudicated_at"] is None) == (actor is not None):
            after = {"id": found.document_id, "adjudicated_at": now() if actor else None,
                     "adjudicated_by": actor.id if actor else None}  # fmt: skip
            store.settle(connection, [after])
        self._add("settled", [after], [before])

    def write(
        self,
        connection: Connection,
        actor: Actor,
        study_id: int,
        decisions: Sequence[NewDecision],
    ) -> None:
        """Write decisions and the codings that enter by them."""
        version = codebook.current_version(connection, study_id)
        made, keys = store.write_decisions(
            connection,
            decisions,
            actor_id=actor.id,
            codebook_version_id=version[0] if version else None,
        )
        at = now()
        for kind, fresh in (("adjudication", made), ("coding", keys)):
            self._add(kind, [{"id": key, "deleted_at": None} for key in fresh],
                      [{"id": key, "deleted_at": at} for key in fresh])  # fmt: skip

    def record(
        self,
        connection: Connection,
        actor: Actor,
        study_id: int,
        verb: str,
        label: str,
        document_id: int | None = None,
    ) -> None:
        """Write down what was done."""
        trail.record(
            connection, actor, study_id, verb, label=label, document_id=document_id,
            forward=self.forward, inverse=self.inverse,
            details={kind: len(rows) for kind, rows in self.forward.items()},
        )  # fmt: skip

    def _add(self, kind: str, after: list[dict[str, Any]], before: list[dict[str, Any]]) -> None:
        if after:
            self.forward.setdefault(kind, []).extend(after)
            self.inverse.setdefault(kind, []).extend(before)
