"""The codebook as a tree of codes, free of any database.

In: codes as a file or a person gives them. Out: a validated tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.errors import CodebookError

PATH_SEPARATOR = " / "
"""Between the names of a code's ancestors where a path is written: `Theme / Sub-theme`."""

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
MAX_NAME = 200
"""Characters. Longer names do not fit any screen, and other programs cut them."""


@dataclass(frozen=True, slots=True)
class CodeNode:
    """One code of a codebook file. `colour` is "#RRGGBB" or "" (taken from the theme)."""

    name: str
    colour: str = ""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    children: tuple[CodeNode, ...] = ()

    def walk(self, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], CodeNode]]:
        """Yield (path of names, code) for this code and all below it, parents first."""
        path = (*above, self.name)
        yield path, self
        for child in self.children:
            yield from child.walk(path)


@dataclass(frozen=True, slots=True)
class Codebook:
    """A named tree of codes. Its top-level codes are the themes."""

    name: str
    themes: tuple[CodeNode, ...]
    version: str = "1"
    language: str = "en"
    description: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    """(short id, full citation) of what the themes rest on."""

    def walk(self) -> Iterator[tuple[tuple[str, ...], CodeNode]]:
        """Yield (path of names, code) over the whole tree, parents first, in order."""
        for theme in self.themes:
            yield from theme.walk()


def format_path(names: tuple[str, ...]) -> str:
    """Write a path of names as `Theme / Sub-theme`."""
    return PATH_SEPARATOR.join(names)


def check_name(name: str) -> str:
    """Return the name trimmed, or say what is wrong with it.

    Raises
    ------
    CodebookError
        When the name is empty, too long, has a line break, or holds the path separator.
    """
    name = name.strip()
    if not name:
        raise CodebookError("a code needs a name.", hint="Give it a short name.")
    if len(name) > MAX_NAME:
        raise CodebookError(f"the name has {len(name)} characters, at most {MAX_NAME} fit.")
    if PATH_SEPARATOR in name or "\n" in name:
        raise CodebookError(
            f"the name {name!r} holds {PATH_SEPARATOR!r} or a line break.",
            hint="That sign parts a theme from its sub-themes; choose another.",
        )
    return name


def check(codebook: Codebook, source: str | None = None) -> None:
    """Hold a codebook against the rules that every codebook keeps.

    Raises
    ------
    CodebookError
        When a name is empty or given twice under one parent, or a colour is not "#RRGGBB".
    """
    if not codebook.themes:
        raise CodebookError("the codebook has no codes.", source=source, hint="Add a theme.")
    seen: set[tuple[str, ...]] = set()
    for path, code in codebook.walk():
        try:
            check_name(code.name)
        except CodebookError as error:
            raise CodebookError(f"{format_path(path)}: {error.message}", source=source) from error
        key = tuple(name.strip().casefold() for name in path)
        if key in seen:
            raise CodebookError(
                f"{format_path(path)} is there twice.", source=source, hint="Rename one of them."
            )
        seen.add(key)
        if code.colour and not COLOUR.fullmatch(code.colour):
            raise CodebookError(
                f"{format_path(path)}: the colour {code.colour!r} is not of the form #RRGGBB.",
                source=source,
            )
