"""Rows of codes, each of which says what it lies below, become a tree.

In: rows with a name and a parent, or with a path. Out: a codebook of the rows that fit, the rows
that do not, and what was taken for granted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.ingest.codebooks.codebook import MAX_LEVELS
from pipelines.ingest.tables.records import shorten
from workbench.domain.codebook import COLOUR, CodeNode, check_name, format_path
from workbench.domain.codebook_file import FIELDS, LISTS
from workbench.domain.documents import BadRow
from workbench.domain.words import count
from workbench.errors import CodebookError

SEPARATORS = ("\\", "::", " > ", " / ", ">", "/")
"""Between the names of a path, in this program and in others; the first that a text holds counts.
A double backslash, as NVivo writes it, leaves an empty part, which is dropped."""
SURE = ("\\", "::", " > ", " / ")
"""Separators that no name holds by chance."""
ROOTS = frozenset({"codes", "nodes", "code system"})
"""What other programs write above all codes."""
SHORT_COLOUR = re.compile(r"#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
RGB = re.compile(r"(?:rgb\()?\s*(\d{1,3})\s*[,;]\s*(\d{1,3})\s*[,;]\s*(\d{1,3})\s*\)?")
LISTED = 5


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One row of a table of codes, or one heading of a document.

    `path` is the names down to the code where the row gives them; else `parent` says in the file's
    words what the code lies below ("": nothing). `fields` are texts, and tuples for lists.
    """

    row: int
    name: str
    parent: str = ""
    path: tuple[str, ...] = ()
    fields: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tree:
    """What became of the rows. `implied` are paths that rows only name as lying above them."""

    themes: tuple[CodeNode, ...]
    implied: frozenset[tuple[str, ...]]
    bad_rows: tuple[BadRow, ...]
    warnings: tuple[str, ...]


@dataclass(eq=False, slots=True)
class _Node:
    name: str
    row: CodeRow | None
    path: tuple[str, ...] = ()
    """Empty until it is known what the code lies below."""
    children: list[_Node] = field(default_factory=list)


def split_path(text: str) -> tuple[str, ...]:
    r"""Part a path at the separator that it holds.

    Examples
    --------
    >>> split_path("Nodes\\\\Access\\\\Waiting")
    ('Access', 'Waiting')
    >>> split_path("Access / Waiting")
    ('Access', 'Waiting')
    """
    for separator in SEPARATORS:
        if separator in text:
            names = [name.strip() for name in text.split(separator)]
            names = [name for name in names if name]
            if len(names) > 1 and names[0].casefold() in ROOTS:
                names = names[1:]
            return tuple(names)
    return (text.strip(),) if text.strip() else ()


def grow(rows: Sequence[CodeRow]) -> Tree:
    """Put every code below its parent.

    A parent is looked for as a path among the rows, nearest first and above before below; then as
    the name of exactly one row. One that no row describes is made, and said.
    """
    growing = _Growing()
    for row in rows:
        growing.take(row)
    growing.settle()
    return growing.tree()


class _Growing:
    """The tree while rows are put into it."""

    def __init__(self) -> None:
        self.top = _Node("", None)
        self.known: dict[tuple[str, ...], _Node] = {}
        self.written: dict[str, _Node] = {}
        self.by_name: dict[str, list[_Node]] = {}
        self.waiting: list[_Node] = []
        self.dropped: set[str] = set()
        self.bad: list[BadRow] = []
        self.odd_colours: list[int] = []

    def take(self, row: CodeRow) -> None:
        """Take one row, and place its code where that can be told by now."""
        try:
            for name in row.path[:-1]:
                check_name(name)
            name = check_name(row.path[-1] if row.path else row.name)
        except CodebookError as error:
            told = f"{error.message} {error.hint or ''}".strip()
            self.bad.append(BadRow(row.row, "name", told))
            return
        node = _Node(name, row)
        self.by_name.setdefault(_plain(name), []).append(node)
        if row.path:
            self._place(node, self._ensure(row.path[:-1]))
        elif not row.parent.strip():
            self._place(node, self.top)
        elif (above := self.written.get(_plain(row.parent))) is not None:
            self._place(node, above)
        else:
            self.waiting.append(node)

    def settle(self) -> None:
        """Place what names a parent that stands below it, or none."""
        while self.waiting:
            left = [node for node in self.waiting if not self._find(node)]
            if len(left) == len(self.waiting):
                for node in left:
                    self._drop(node, "it lies below itself, by way of the code above it. Correct "
                               "the parent of one of them.")  # fmt: skip
                return
            self.waiting = left

    def _find(self, node: _Node) -> bool:
        """Place a waiting code or refuse it; False while that hangs on another one's place."""
        assert node.row is not None
        wanted = node.row.parent.strip()
        above = self.written.get(_plain(wanted))
        namesakes = [item for item in self.by_name.get(_plain(wanted), ()) if item is not node]
        if above is not None:
            self._place(node, above)
        elif len(namesakes) > 1:
            self._drop(node, f"several codes are called {shorten(wanted)!r}. Write the parent as a "
                       "path, such as Theme / Code.")  # fmt: skip
        elif namesakes and not namesakes[0].path:
            return False
        elif namesakes:
            self._place(node, namesakes[0])
        elif _plain(wanted) == _plain(node.name):
            self._place(node, self.top)  # some programs call a theme its own parent
        elif _plain(wanted) in self.dropped:
            self._drop(node, f"the code above it, {shorten(wanted)!r}, cannot be used itself. Mend "
                       "that row, or name another parent.")  # fmt: skip
        else:
            self._place_below_new(node, wanted)
        return True

    def _place_below_new(self, node: _Node, wanted: str) -> None:
        try:
            names = tuple(map(check_name, split_path(wanted)))
        except CodebookError as error:
            self._drop(node, f"the code above it: {error}")
            return
        self._place(node, self._ensure(names))

    def _ensure(self, names: tuple[str, ...]) -> _Node:
        """Give the code of a path, made where no row has described it so far."""
        node = self.top
        for depth, name in enumerate(names, start=1):
            key = _key(names[:depth])
            below = self.known.get(key)
            if below is None:
                below = _Node(name.strip(), None)
                self._hang(below, node)
            node = below
        return node

    def _place(self, node: _Node, above: _Node) -> None:
        path = (*above.path, node.name)
        there = self.known.get(_key(path))
        if there is not None and there.row is not None:
            told = f"this code is there already, in row {there.row.row}."
            self._drop(node, f"{told} Give one of them another name, or leave it out.", "name")
        elif there is not None:  # so far only named above others
            there.row = node.row
            node.path = there.path
            self.by_name[_plain(node.name)].remove(node)
            self.by_name[_plain(node.name)].append(there)
        elif len(path) > MAX_LEVELS:
            self._drop(node, f"it lies more than {MAX_LEVELS} levels deep. Put it further up.")
        else:
            self._hang(node, above)

    def _hang(self, node: _Node, above: _Node) -> None:
        node.path = (*above.path, node.name)
        above.children.append(node)
        self.known[_key(node.path)] = node
        self.written[_plain(format_path(node.path))] = node

    def _drop(self, node: _Node, message: str, column: str = "parent") -> None:
        assert node.row is not None
        self.by_name[_plain(node.name)].remove(node)
        self.dropped.add(_plain(node.name))
        self.bad.append(BadRow(node.row.row, column, f"{shorten(node.name)}: {message}"))

    def tree(self) -> Tree:
        """Give all that was placed."""
        themes = tuple(map(self._code, self.top.children))
        implied = frozenset(node.path for node in self.known.values() if node.row is None)
        warnings = []
        if implied:
            told = ", ".join(shorten(format_path(path)) for path in sorted(implied)[:LISTED])
            more = f" and {len(implied) - LISTED} more" if len(implied) > LISTED else ""
            warnings.append(f"{told}{more}: named above other codes, without a row of "
                            f"{'its' if len(implied) == 1 else 'their'} own.")  # fmt: skip
        if self.odd_colours:
            told = count(len(self.odd_colours), "colour")
            warnings.append(
                f"{told} not of the form #RRGGBB left out, the first in row {self.odd_colours[0]}."
            )
        bad = tuple(sorted(self.bad, key=lambda item: item.row))
        return Tree(themes, implied, bad, tuple(warnings))

    def _code(self, node: _Node) -> CodeNode:
        fields = dict(node.row.fields) if node.row is not None else {}
        written = str(fields.pop("colour", "")).strip()
        colour = read_colour(written)
        if written and not colour and node.row is not None:
            self.odd_colours.append(node.row.row)
        values: dict[str, object] = {
            name: value if name in LISTS else str(value)
            for name, value in fields.items()
            if name in FIELDS
        }
        children = tuple(map(self._code, node.children))
        return CodeNode(name=node.name, colour=colour, children=children, **values)  # type: ignore[arg-type]


def read_colour(text: str) -> str:
    """Read a colour as other programs write it: `#0072b2`, `07B`, `rgb(0, 114, 178)`; else ""."""
    if COLOUR.fullmatch(text):
        return text
    if short := SHORT_COLOUR.fullmatch(text):
        digits = short[1] if len(short[1]) == 6 else "".join(2 * digit for digit in short[1])
        return f"#{digits.upper()}"
    if (parts := RGB.fullmatch(text)) and all(int(part) < 256 for part in parts.groups()):
        return "#" + "".join(f"{int(part):02X}" for part in parts.groups())
    return ""


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _key(path: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(_plain, path))
