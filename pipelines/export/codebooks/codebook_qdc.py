"""A codebook by REFI-QDA (.qdc), for NVivo, ATLAS.ti, MAXQDA and others.

In: a codebook, and what its codes are known by. Out: codes with colours and descriptions. The
format has no room for the codebook's own description, its language and its sources.
"""

from __future__ import annotations

from typing import BinaryIO

from pipelines.export.options import CodebookOptions
from pipelines.export.projects.refi_codebook import write_codebook
from workbench.domain.codebook import Codebook, CodeNode
from workbench.domain.refi import RefiCode, RefiProject, derived_guid
from workbench.domain.refi_descriptions import CodeWords, describe_code


def write_codebook_qdc(stream: BinaryIO, codebook: Codebook, options: CodebookOptions) -> None:
    """Write a codebook; raises ExportError where it has no codes."""
    codes = tuple(_code(theme, (), options) for theme in codebook.themes)
    write_codebook(stream, RefiProject(codebook.name, options.origin, codes=codes))


def _code(node: CodeNode, above: tuple[str, ...], options: CodebookOptions) -> RefiCode:
    path = (*above, node.name)
    return RefiCode(
        options.guids.get(path) or derived_guid("code", *path),
        node.name,
        path not in options.folders,
        node.colour,
        describe_code(
            CodeWords(node.definition, node.include, node.exclude, node.examples, node.cues,
                      node.rests_on)
        ),
        children=tuple(_code(child, path, options) for child in node.children),
    )  # fmt: skip
