"""Two versions of a codebook compared: what happened to which code, in sentences.

In: two snapshots. Out: a `CodebookDiff`: one change for each thing that happened to a code, with
the words of definitions that went and came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workbench.domain.codebook import format_path
from workbench.domain.codebook_version import LISTS, TEXTS, CodeThen, Snapshot, in_tree_order
from workbench.domain.side_by_side import Part, side_by_side

ChangeKind = Literal[
    "added", "removed", "split", "merged", "unmerged", "renamed", "moved", "reordered",
    "redefined", "retired", "revived", "recoloured",
]  # fmt: skip

FIELDS: Mapping[str, str] = {
    "definition": "definition",
    "include": "what to include",
    "exclude": "what to exclude",
    "examples": "examples",
    "cues": "cues",
    "rests_on": "sources",
}
"""What a code says of itself, as people call it."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One text of a code, old and new, cut into what both share and what differs.

    A list, such as examples, is one text with a line for each item.
    """

    field: str
    old: tuple[Part, ...]
    new: tuple[Part, ...]

    @property
    def old_text(self) -> str:
        """The whole old text."""
        return "".join(part.text for part in self.old)

    @property
    def new_text(self) -> str:
        """The whole new text."""
        return "".join(part.text for part in self.new)


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One thing that happened to one code.

    `name` is its path in the newer version (in the older one, where it is gone); `before` and
    `after` are the values that changed, or another code's path: what it was merged into or split
    from.
    """

    kind: ChangeKind
    code_id: int
    name: str
    sentence: str
    before: str = ""
    after: str = ""
    fields: tuple[FieldChange, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give plain values, as JSON holds them."""
        return {
            "change": self.kind,
            "code": self.name,
            "sentence": self.sentence,
            "before": self.before,
            "after": self.after,
            "fields": [
                {
                    "field": item.field,
                    "before": item.old_text,
                    "after": item.new_text,
                    "gone": [part.text for part in item.old if part.differs],
                    "come": [part.text for part in item.new if part.differs],
                }
                for item in self.fields
            ],
        }


@dataclass(frozen=True, slots=True)
class CodebookDiff:
    """What changed between two versions, in the order of the newer codebook."""

    changes: tuple[CodeChange, ...]

    @property
    def n_codes(self) -> int:
        """How many codes something happened to."""
        return len({change.code_id for change in self.changes})

    def as_dict(self) -> dict[str, Any]:
        """Give plain values, as JSON holds them."""
        return {"codes": self.n_codes, "changes": [change.as_dict() for change in self.changes]}


def compare(before: Snapshot, after: Snapshot, *, hidden: Collection[int] = ()) -> CodebookDiff:
    """Find what happened to each code between two versions.

    Parameters
    ----------
    hidden
        Keys of codes of which nothing is said.

    Notes
    -----
    What one of the versions does not tell (see `codebook_version`) is not compared.
    """
    return CodebookDiff(tuple(_changes(before, after, hidden, marked=True)))


def count_changes(before: Snapshot, after: Snapshot, *, hidden: Collection[int] = ()) -> int:
    """Count the changes that `compare` would list, without comparing any words."""
    return sum(1 for _ in _changes(before, after, hidden, marked=False))


def _changes(
    before: Snapshot, after: Snapshot, hidden: Collection[int], *, marked: bool
) -> Iterator[CodeChange]:
    here = [item.id for item in in_tree_order(after)]
    gone = [item.id for item in in_tree_order(before) if not _stands(after, item.id)]
    for key in [*here, *gone]:
        if key not in hidden:
            yield from _changes_of(key, before, after, marked)
    yield from _reordered(before, after, hidden)


def _stands(snapshot: Snapshot, key: int) -> bool:
    return key in snapshot and snapshot[key].stands


def _changes_of(key: int, before: Snapshot, after: Snapshot, marked: bool) -> Iterator[CodeChange]:
    old, new = before.get(key), after.get(key)
    if new is not None and new.stands:
        if old is not None and old.stands:
            yield from _edits(old, new, marked)
        else:
            yield _came(old, new, before, after)
    elif old is not None:
        yield _went(old, new, before, after)


def _came(old: CodeThen | None, new: CodeThen, before: Snapshot, after: Snapshot) -> CodeChange:
    name = format_path(new.path)
    if old is not None and old.known:
        into = _name_of(old.merged_into, before, after)
        return CodeChange("unmerged", new.id, name,
                          f"{name} stands on its own again; it was merged into {into}.",
                          before=into)  # fmt: skip
    if new.split_from is not None:
        source = _name_of(new.split_from, after, before)
        return CodeChange("split", new.id, name, f"{name} was split from {source}.", before=source)
    return CodeChange("added", new.id, name, f"{name} was added.")


def _went(old: CodeThen, new: CodeThen | None, before: Snapshot, after: Snapshot) -> CodeChange:
    name = format_path(old.path)
    if new is not None and new.known:
        into = _name_of(new.merged_into, after, before)
        return CodeChange("merged", old.id, name, f"{name} was merged into {into}.", after=into)
    return CodeChange("removed", old.id, name, f"{name} was taken out.")


def _edits(old: CodeThen, new: CodeThen, marked: bool) -> Iterator[CodeChange]:
    name = format_path(new.path)
    if old.name != new.name:
        yield CodeChange("renamed", new.id, name,
                         f"{format_path(old.path)} was renamed to {new.name}.",
                         before=old.name, after=new.name)  # fmt: skip
    if old.parent_id != new.parent_id:
        above_old, above_new = (_above(item) for item in (old, new))
        yield CodeChange("moved", new.id, name,
                         f"{new.name} was moved from {above_old} to {above_new}.",
                         before=above_old, after=above_new)  # fmt: skip
    fields = tuple(_field_changes(old, new, marked))
    if fields:
        told = _listed([FIELDS[item.field] for item in fields])
        yield CodeChange("redefined", new.id, name, f"{name}: {told} changed.", fields=fields)
    if old.status != new.status:
        kind: ChangeKind = "retired" if new.status == "retired" else "revived"
        told = "was retired" if kind == "retired" else "came back into use"
        yield CodeChange(kind, new.id, name, f"{name} {told}.", old.status, new.status)
    if None not in (old.colour, new.colour) and old.colour != new.colour:
        yield CodeChange("recoloured", new.id, name,
                         f"{name} has another colour: {_colour(old)} became {_colour(new)}.",
                         before=old.colour or "", after=new.colour or "")  # fmt: skip


def _field_changes(old: CodeThen, new: CodeThen, marked: bool) -> Iterator[FieldChange]:
    for field in (*TEXTS, *LISTS):
        was, now = getattr(old, field), getattr(new, field)
        if was is None or now is None or was == now:
            continue
        texts = [value if isinstance(value, str) else "\n".join(value) for value in (was, now)]
        plain = (Part(texts[0]),), (Part(texts[1]),)
        yield FieldChange(field, *(side_by_side(*texts) if marked else plain))


def _reordered(before: Snapshot, after: Snapshot, hidden: Collection[int]) -> Iterator[CodeChange]:
    """Name those below which the codes that stayed there stand in another order."""
    was, now = (_orders(snapshot, hidden) for snapshot in (before, after))
    for above, order in now.items():
        stayed = set(order) & set(was.get(above, ()))
        told = all(
            snapshot[key].position is not None for snapshot in (before, after) for key in stayed
        )
        old = [key for key in was.get(above, ()) if key in stayed]
        new = [key for key in order if key in stayed]
        if told and old != new:
            name = format_path(after[above].path) if above is not None else ""
            told_place = f"below {name}" if name else "on top"
            yield CodeChange(
                "reordered", new[0] if above is None else above, name or "the themes",
                f"The codes {told_place} stand in another order.",
                _listed([before[key].name for key in old]),
                _listed([after[key].name for key in new]),
            )  # fmt: skip


def _orders(snapshot: Snapshot, hidden: Collection[int]) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = {}
    for item in in_tree_order(snapshot):
        if item.id not in hidden:
            found.setdefault(item.parent_id, []).append(item.id)
    return found


def _name_of(key: int | None, *snapshots: Snapshot) -> str:
    for snapshot in snapshots:
        if key is not None and key in snapshot:
            return format_path(snapshot[key].path)
    return "another code"


def _above(item: CodeThen) -> str:
    return format_path(item.path[:-1]) or "the top"


def _colour(item: CodeThen) -> str:
    return item.colour or "its theme's"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
