"""Codes with flat names such as `Access::Waiting`, as some programs have them, made a tree.

In: codes as a file has them. Out: the same, one below the other where their names say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from workbench.domain.refi import MAX_CODE_DEPTH, RefiCode, derived_guid

MARK = "::"


@dataclass
class _Node:
    name: str
    code: RefiCode | None = None
    below: dict[str, _Node] = field(default_factory=dict)


def count_flat(codes: Sequence[RefiCode]) -> int:
    """Count the codes at the top whose names are paths."""
    return sum(len(_parts(code)) > 1 for code in codes)


def nested(codes: Sequence[RefiCode]) -> tuple[RefiCode, ...]:
    """Put codes at the top whose names are paths below one another.

    A code that is called like the beginning of a path becomes the parent; else a folder is made.

    Examples
    --------
    >>> found = nested([RefiCode("1", "Coke::diet"), RefiCode("2", "Coke::plain")])
    >>> [(code.name, code.is_codable, [one.name for one in code.children]) for code in found]
    [('Coke', False, ['diet', 'plain'])]
    """
    top: dict[str, _Node] = {}
    for number, code in enumerate(codes):
        names = _parts(code)
        level, node = top, None
        for name in names:
            node = level.setdefault(name.casefold(), _Node(name))
            level = node.below
        if node is None or node.code is not None:  # no name at all, or a namesake
            top[f"\0{number}"] = _Node(code.name, code)
        else:
            node.code = code
    return tuple(_built(node, ()) for node in top.values())


def _parts(code: RefiCode) -> list[str]:
    names = [part.strip() for part in code.name.split(MARK)]
    return names if all(names) and len(names) <= MAX_CODE_DEPTH // 2 else [code.name]


def _built(node: _Node, above: tuple[str, ...]) -> RefiCode:
    path = (*above, node.name)
    children = tuple(_built(child, path) for child in node.below.values())
    code = node.code or RefiCode(derived_guid("folder", *path), node.name, is_codable=False)
    return replace(code, name=node.name, children=(*code.children, *children))
