"""Code values: a code as a person types it, as a file has it and as the store keeps it.

In: one of these. Out: another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench.domain.codebook import CodeNode
from workbench.domain.codings import Code
from workbench.domain.text import normalise
from workbench.store.team.people import one_line


def cleaned(values: Mapping[str, object]) -> dict[str, object]:
    """Normalise what a person has typed, and write the name on one line."""
    cleaned = {
        key: normalise(value) if isinstance(value, str) else value for key, value in values.items()
    }
    if "name" in cleaned:
        cleaned["name"] = one_line(str(cleaned["name"]))
    return cleaned


def values_of(node: CodeNode) -> dict[str, Any]:
    """Give what the store keeps of a code of a file."""
    return {
        "name": one_line(node.name),
        "colour": node.colour,
        "definition": node.definition,
        "include": node.include,
        "exclude": node.exclude,
        "examples": list(node.examples),
        "cues": list(node.cues),
        "rests_on": list(node.rests_on),
    }


def told_apart(siblings: Sequence[Code]) -> list[Code]:
    """Give codes that stand beside each other different names, for a file that knows no others.

    Two people may have made codes of one name while coding blind: the second is "Transport (2)".
    """
    taken: set[str] = set()
    found = []
    for item in siblings:
        name, n = item.name, 2
        while one_line(name).casefold() in taken:
            name, n = f"{item.name} ({n})", n + 1
        taken.add(one_line(name).casefold())
        found.append(replace(item, name=name))
    return found


def node_of(item: Code, children: Mapping[int | None, list[Code]]) -> CodeNode:
    """Give a code with all below it, as a file has it."""
    return CodeNode(
        name=item.name,
        colour=item.colour,
        definition=item.definition,
        include=item.include,
        exclude=item.exclude,
        examples=item.examples,
        cues=item.cues,
        rests_on=item.rests_on,
        children=tuple(node_of(child, children) for child in children.get(item.id, [])),
    )
