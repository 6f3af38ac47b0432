"""Which column of a table of codes is which.

In: the names of columns, as this program or another has written them. Out: the columns of each
field, and those that mean nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NAMES: dict[str, tuple[str, ...]] = {
    "path": ("path", "code path", "full path", "hierarchy", "hierarchical name", "full name"),
    "name": (
        "code", "code name", "subtheme", "sub theme", "subcode", "sub code", "tag", "tag name",
        "node", "node name", "label", "name", "title",
    ),
    "parent": (
        "parent", "parent code", "parent path", "parent name", "parent node", "parent theme",
        "parent tag",
    ),
    "theme": ("theme", "category", "top level code", "code group"),
    "colour": ("colour", "color", "code colour", "code color", "hex"),
    "definition": (
        "definition", "full definition", "code definition", "description", "code description",
        "brief definition", "short definition", "meaning", "memo", "code memo", "comment",
    ),
    "include": (
        "use it for", "include", "includes", "inclusion", "inclusion criteria", "when to use",
        "when to apply", "use for", "use when", "include when",
    ),
    "exclude": (
        "do not use it for", "exclude", "excludes", "exclusion", "exclusion criteria",
        "when not to use", "when not to apply", "do not use for", "do not use when",
        "exclude when",
    ),
    "examples": (
        "examples", "example", "example quotes", "example quote", "quotes", "anchor example",
        "anchor examples",
    ),
    "cues": ("cues", "cue", "keywords", "keyword"),
    "rests_on": ("rests on", "based on"),
    "codings": ("codings", "number of highlights"),
    "documents": ("number of documents",),
    "codebook": ("codebook",),
    "version": ("codebook version",),
    "language": ("codebook language",),
    "description": ("codebook description",),
    "sources": ("codebook sources", "sources"),
}  # fmt: skip
"""What columns are called, in this program and in others; of two that mean the same, the first."""

ROLES = {name: role for role, names in NAMES.items() for name in names}
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """The place of the column of each field, and the names of those that are left out."""

    places: dict[str, int]
    left_out: tuple[str, ...] = ()

    def cell(self, cells: Sequence[str], role: str) -> str:
        """Give the cell of a field, "" where there is no such column."""
        at = self.places.get(role)
        return cells[at] if at is not None and at < len(cells) else ""


def role_of(name: str) -> str | None:
    """Tell what a column or a label means, whatever its capitals and signs; None if nothing."""
    return ROLES.get(" ".join(_NO_LETTER.sub(" ", name.casefold()).split()))


def find_columns(names: Sequence[str]) -> Columns:
    """Find the column of each field.

    Of several that mean the same, such as "definition" and "memo", the one that is listed first in
    `NAMES` is taken, and the others are left out.
    """
    rank = {name: at for at, name in enumerate(ROLES)}
    claims: dict[str, list[tuple[int, int]]] = {}
    for at, name in enumerate(names):
        plain = " ".join(_NO_LETTER.sub(" ", name.casefold()).split())
        if plain in ROLES:
            claims.setdefault(ROLES[plain], []).append((rank[plain], at))
    places = {role: min(found)[1] for role, found in claims.items()}
    if "name" not in places and "path" not in places and "theme" in places:
        places["name"] = places.pop("theme")
    taken = set(places.values())
    left_out = tuple(name for at, name in enumerate(names) if at not in taken and name.strip())
    return Columns(places, left_out)
