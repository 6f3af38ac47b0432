"""Merging codes: what becomes of them and of all that lies below them.

In: the code tree, the codes to merge and the one that they go into. Out: which codes go into which,
and which come to lie below another.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Node:
    """A code as far as merging asks. `secret`: only its maker sees it yet."""

    id: int
    parent_id: int | None
    name: str
    status: str = "active"
    secret: bool = False


@dataclass(slots=True)
class MergePlan:
    """What a merge does to the tree."""

    merged: dict[int, int] = field(default_factory=dict)
    """Each code that goes into another, with the one that it goes into."""
    moved: dict[int, int] = field(default_factory=dict)
    """Each code that comes to lie below another, with that one."""
    revived: set[int] = field(default_factory=set)
    """Retired codes that take in one in use, and are in use from now on."""

    def final(self, code_id: int) -> int:
        """Give what a code counts as afterwards."""
        while code_id in self.merged:
            code_id = self.merged[code_id]
        return code_id


def lies_below(nodes: Sequence[Node], code_id: int, above_id: int) -> bool:
    """Tell whether a code lies below another, at whatever depth."""
    parents = {node.id: node.parent_id for node in nodes}
    above, seen = parents.get(code_id), {code_id}
    while above is not None and above not in seen:
        if above == above_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def plan_merge(nodes: Sequence[Node], sources: Collection[int], into: int) -> MergePlan:
    """Plan what a merge does: children move under the target, namesakes among them are merged too.

    Parameters
    ----------
    nodes
        All codes of the study that are in use or retired, in the order of the tree.
    sources
        The codes to merge: none of them is the target or above it.
    into
        The target.
    """
    plan = MergePlan()
    by_id = {node.id: node for node in nodes}
    parents = {node.id: node.parent_id for node in nodes}
    taken = set(sources)

    def fold(source: Node, target: Node) -> None:
        plan.merged[source.id] = target.id
        if source.status == "active" and target.status == "retired":
            plan.revived.add(target.id)
        for child in nodes:
            if parents[child.id] != source.id or child.id in taken:
                continue
            same = next(
                (
                    other
                    for other in nodes
                    if parents[other.id] == target.id
                    and other.id not in taken
                    and _namesakes(child, other)
                ),
                None,
            )
            if same is None:
                parents[child.id] = target.id
                plan.moved[child.id] = target.id
            else:
                taken.add(child.id)
                fold(child, same)

    for node in nodes:
        if node.id in sources:
            fold(node, by_id[into])
    return plan


def _namesakes(one: Node, other: Node) -> bool:
    """Tell whether two codes are one by name. One that is secret is nobody's namesake."""
    secret = one.secret or other.secret
    return not secret and _key(one.name) == _key(other.name)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
