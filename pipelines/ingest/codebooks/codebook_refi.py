"""A codebook of another program by REFI-QDA: a .qdc, or the codes of a whole project.

In: the bytes of a file. Out: a codebook. Descriptions are definitions; those of our own files are
taken apart again.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from pipelines.ingest.codebooks.codebook_table import Clean
from pipelines.ingest.projects.refi_project import read_refi
from workbench.domain.codebook import COLOUR, MAX_NAME, PATH_SEPARATOR, Codebook, CodeNode
from workbench.domain.codebook_file import LABELS, CodebookFile, Given
from workbench.domain.refi import RefiCode
from workbench.domain.refi_descriptions import read_code
from workbench.domain.text import normalise
from workbench.errors import CodebookError

LOOKED_AT = 4096
"""Bytes at the beginning that tell what an XML file is."""


def is_refi(data: bytes, suffix: str) -> bool:
    """Tell whether this is a codebook or a project by REFI-QDA."""
    start = data[:LOOKED_AT]
    return b"urn:QDA-XML:" in start or suffix in ("qdc", "qdpx")


def read_qdc(data: bytes, source: str, _: Clean) -> CodebookFile:
    """Read a codebook by REFI-QDA.

    Raises
    ------
    InputError
        When it cannot be read, or holds no codes.
    """
    found = read_refi(io.BytesIO(data), source)
    codes = found.project.codes
    if not codes:
        raise CodebookError("there are no codes in it.", source=source,
                            hint="Export the codebook again, with its codes.")  # fmt: skip
    warnings: list[str] = []
    silent: list[tuple[str, ...]] = []
    themes = tuple(_nodes(codes, (), silent, warnings))
    name = " ".join(normalise(found.project.name).split())[:MAX_NAME] or _stem(source)
    fields = frozenset(LABELS) if any(_is_ours(code) for code in codes) else _said(codes)
    return CodebookFile(
        Codebook(name, themes),
        warnings=(*found.left_out, *found.remarks, *warnings),
        given=Given(fields, implied=frozenset(silent), about=False),
    )


def _said(codes: Sequence[RefiCode]) -> frozenset[str]:
    return frozenset(("definition", "colour") if any(one.colour for one in codes) else
                     ("definition",))  # fmt: skip


def _is_ours(code: RefiCode) -> bool:
    words = read_code(code.description)
    return bool(words.include or words.exclude or words.examples or words.cues or words.rests_on)


def _stem(source: str) -> str:
    return source.replace("\\", "/").rpartition("/")[2].rpartition(".")[0][:MAX_NAME] or "Codebook"


def _nodes(
    codes: Sequence[RefiCode],
    above: tuple[str, ...],
    silent: list[tuple[str, ...]],
    warnings: list[str],
) -> list[CodeNode]:
    """Make nodes of codes; codes are at most MAX_CODE_DEPTH deep."""
    taken: set[str] = set()
    made = []
    for code in codes:
        name = _free(code.name, taken)
        if name != code.name.strip():
            warnings.append(f"The code {code.name[:60]!r} is called {name[:60]!r} here")
        path = (*above, name)
        words = read_code(code.description)
        if not code.description.strip() and not code.colour:
            silent.append(path)
        made.append(
            CodeNode(
                name,
                code.colour if COLOUR.fullmatch(code.colour) else "",
                words.definition,
                words.include,
                words.exclude,
                words.examples,
                words.cues,
                words.rests_on,
                tuple(_nodes(code.children, path, silent, warnings)),
            )
        )
    return made


def _free(name: str, taken: set[str]) -> str:
    """Give a name as a codebook takes it, which no sibling has."""
    shown = " ".join(normalise(name).split()).replace(PATH_SEPARATOR, " - ")[:MAX_NAME] or "Code"
    found, n = shown, 2
    while found.casefold() in taken:
        found, n = f"{shown[: MAX_NAME - 6]} ({n})", n + 1
    taken.add(found.casefold())
    return found
