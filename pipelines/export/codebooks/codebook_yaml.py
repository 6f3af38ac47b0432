"""A codebook as YAML that a person can read and edit.

In: `workbench.domain.codebook.Codebook`. Out: the text of a codebook file that reads back as the
same codebook. Fields that are empty are left out.
"""

from __future__ import annotations

from typing import Any

import yaml

from workbench.domain.codebook import Codebook, CodeNode

FORMAT = "speakout-codebook/1"
WIDTH = 100
"""Characters a line, where the text has a space to break at."""


def dump_codebook(codebook: Codebook) -> str:
    """Write a codebook as YAML in block style, texts of several lines as literal blocks.

    Reading the result gives an equal codebook, provided that its names are trimmed and its codes
    are at most 20 levels deep, as every codebook that was read from a file is.
    """
    document: dict[str, object] = {"format": FORMAT, "name": codebook.name}
    document |= {"version": codebook.version, "language": codebook.language}
    if codebook.description:
        document["description"] = codebook.description
    if codebook.sources:
        document["sources"] = [{"id": key, "citation": text} for key, text in codebook.sources]
    document["codes"] = [_code(theme) for theme in codebook.themes]
    return yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, indent=2
    )


def _code(code: CodeNode) -> dict[str, object]:
    fields = {
        "name": code.name,
        "colour": code.colour,
        "definition": code.definition,
        "include": code.include,
        "exclude": code.exclude,
        "examples": list(code.examples),
        "cues": list(code.cues),
        "rests_on": list(code.rests_on),
        "children": [_code(child) for child in code.children],
    }
    return {name: value for name, value in fields.items() if value or name == "name"}


class _Dumper(yaml.SafeDumper):
    """Lists set in from their key; no aliases, which the format does not allow."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # YAML reads NEL as a line feed unless it is escaped, so such text goes into double quotes.
    style = '"' if any(sign in text for sign in "\x85\u2028\u2029") else None
    if style is None and "\n" in text:
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
