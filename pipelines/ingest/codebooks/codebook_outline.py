"""Codes as headings, each with its texts below it, as a codebook.

In: headings with their levels, from a Word document or a web page. Out: a codebook of those that
fit, and those that do not. This is how the program prints a codebook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from pipelines.ingest.codebooks.codebook_tree import CodeRow, grow
from workbench.domain.codebook import Codebook
from workbench.domain.codebook_file import (
    DOT,
    FIELDS,
    LISTS,
    CodebookFile,
    Given,
    split_items,
    split_sources,
)
from workbench.domain.text import normalise
from workbench.errors import CodebookError


@dataclass(slots=True)
class Heading:
    """One code: its level (1 is a theme), its name, and the texts of its fields, one or several."""

    level: int
    name: str
    texts: dict[str, list[str]] = field(default_factory=dict)

    def add(self, role: str, text: str) -> None:
        """Add a paragraph to a field."""
        self.texts.setdefault(role, []).append(text)


def read_outline(
    headings: Sequence[Heading],
    source: str,
    *,
    about: Mapping[str, Sequence[str]],
    own: bool,
    left_out: Sequence[str] = (),
) -> CodebookFile:
    """Make a codebook of headings.

    Parameters
    ----------
    about
        The paragraphs of what belongs to the whole: `codebook`, `version`, `language`,
        `description`, `sources`.
    own
        Whether this program wrote the file: a field without a text is empty then, and not just
        left out.
    left_out
        What the file holds besides, in words.

    Raises
    ------
    CodebookError
        When no code is left.
    """
    line: list[str] = []
    rows = []
    for number, heading in enumerate(headings, start=1):
        line = [*line[: heading.level - 1], heading.name.strip()]
        rows.append(CodeRow(number, line[-1], path=tuple(line), fields=_fields(heading)))
    tree = grow(rows)
    if not tree.themes:
        first = tree.bad_rows[0] if tree.bad_rows else None
        raise CodebookError(
            first.message if first else "there are no codes in it.",
            source=source,
            line=first.row if first else None,
            hint=None if first else "Give each code a heading, or a row of a table whose first row "
            "names the columns, such as code and definition.",
        )  # fmt: skip
    met = frozenset(role for heading in headings for role in heading.texts)
    whole = {role: normalise("\n".join(texts)) for role, texts in about.items()}
    name = whole.get("codebook", "").strip()
    book = Codebook(
        name=name or PurePath(source).stem or source,
        themes=tree.themes,
        version=whole.get("version", "" if own else "1"),
        language=whole.get("language", "" if own else "en"),
        description=whole.get("description", ""),
        sources=tuple(item for text in about.get("sources", ()) for item in split_sources(text)),
    )
    given = Given(FIELDS if own else met & FIELDS, tree.implied, own and bool(name))
    warnings = [*tree.warnings]
    if left_out:
        warnings.append(f"not taken from the file: {', '.join(left_out)}.")
    return CodebookFile(book, tree.bad_rows, tuple(warnings), given)


def _fields(heading: Heading) -> dict[str, str | tuple[str, ...]]:
    fields: dict[str, str | tuple[str, ...]] = {}
    for role, texts in heading.texts.items():
        if role not in FIELDS:
            continue
        if role == "examples":
            fields[role] = tuple(item for text in texts for item in _example(text))
        elif role in LISTS:
            fields[role] = tuple(item for text in texts for item in split_items(text, DOT))
        else:
            fields[role] = normalise("\n".join(texts))
    return fields


def _example(text: str) -> tuple[str, ...]:
    """Read a paragraph, which is one example, or a list in JSON where it would not read back."""
    return split_items(text, "\0")
