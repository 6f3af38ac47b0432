"""Codebook plan: what a codebook file would change of a study's codes.

In: the study's codes, a codebook and what its file says. Out: one step per code of the file.
Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.domain.codebook import Codebook
from workbench.domain.codebook_file import Given
from workbench.domain.codings import Code
from workbench.services.codebooks.code_tree import free_colour
from workbench.services.codebooks.code_values import values_of
from workbench.store.team.people import one_line

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One code of a file: its place, the code that the study has there, and what differs.

    `changes` are all values of a new code, and of another one those that the file gives otherwise.
    """

    key: Key
    path: tuple[str, ...]
    old: Code | None
    changes: Mapping[str, Any]


def key_of(path: Sequence[str]) -> Key:
    """Give what two paths have in common that mean the same code."""
    return tuple(one_line(name).casefold() for name in path)


def plan(codes: Sequence[Code], book: Codebook, given: Given) -> Iterator[Step]:
    """Compare a codebook with a study's codes, in the order of the file, parents first.

    A new theme of which the file gives no colour gets one that no other theme has.

    Parameters
    ----------
    codes
        All codes of the study, retired ones too.
    given
        What the file says; fields that it has no room for are never changed.
    """
    known = {key_of(item.path): item for item in codes}
    implied = {key_of(path) for path in given.implied}
    colours = [item.colour for item in codes if item.parent_id is None]
    colours += [theme.colour for theme in book.themes if theme.colour]
    for path, node in book.walk():
        key = key_of(path)
        values = values_of(node)
        old = known.get(key)
        said = given.fields if key not in implied else frozenset[str]()
        if old is None:
            if len(key) == 1 and "colour" not in said:
                values["colour"] = free_colour(colours)
                colours.append(values["colour"])
            yield Step(key, path, None, values)
            continue
        changes = {
            name: value
            for name, value in values.items()
            if name in said and _kept(getattr(old, name)) != value
        }
        yield Step(key, path, old, changes)


def _kept(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
