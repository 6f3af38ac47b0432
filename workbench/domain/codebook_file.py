"""What the files of a codebook have in common, whatever their format.

In: a code's fields. Out: their names and labels, lists as one text and back, and what a file that
was read says and leaves open.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.domain.codebook import Codebook
from workbench.domain.documents import BadRow

LABELS = {
    "colour": "Colour",
    "definition": "Definition",
    "include": "Use it for",
    "exclude": "Do not use it for",
    "examples": "Examples",
    "cues": "Cues",
    "rests_on": "Rests on",
}
"""The fields of a code besides its name and place, in the order of files, as a page calls them."""

LISTS = frozenset({"examples", "cues", "rests_on"})
FIELDS = frozenset(LABELS)

LINE = "\n"
"""Between the items of a list in the cell of a table."""
DOT = " · "
"""Between the items of a short list in running text."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a codebook file says; all else stays in a study as it is.

    Parameters
    ----------
    fields
        The fields of codes that the file has room for. A code without a text in one of them loses
        the text that it had; other fields are left alone.
    implied
        Paths of codes that the file only names as being above others: of them it says nothing.
    about
        Whether it names the codebook, its language, its description and its sources.
    """

    fields: frozenset[str] = FIELDS
    implied: frozenset[tuple[str, ...]] = frozenset()
    about: bool = True


EVERYTHING = Given()


@dataclass(frozen=True, slots=True)
class CodebookFile:
    """A codebook as read from a file, what could not be read, and what to say about it."""

    book: Codebook
    bad_rows: tuple[BadRow, ...] = ()
    warnings: tuple[str, ...] = ()
    given: Given = EVERYTHING


def join_items(items: Sequence[str], separator: str = LINE) -> str:
    r"""Write a list as one text that a person can read and change, and `split_items` reads back.

    Where an item holds the separator, or is blank at an end, the text is a list in JSON.

    Examples
    --------
    >>> join_items(["They said wait", "A year"])
    'They said wait\nA year'
    >>> join_items(["two\nlines"])
    '["two\\nlines"]'
    """
    plain = separator.join(items)
    if split_items(plain, separator) == tuple(items):
        return plain
    return json.dumps(list(items), ensure_ascii=False)


def split_items(text: str, separator: str = LINE) -> tuple[str, ...]:
    """Read a list from one text: its parts, trimmed and without empty ones, or a list in JSON."""
    listed = _json_list(text)
    if listed is not None and all(isinstance(item, str) for item in listed):
        return tuple(map(str, listed))
    return tuple(item for part in text.split(separator) if (item := part.strip()))


def join_sources(sources: Sequence[tuple[str, str]]) -> str:
    """Write sources as lines `id: citation`, in JSON where that would not read back."""
    plain = LINE.join(f"{key}: {citation}" for key, citation in sources)
    if split_sources(plain) == tuple(sources):
        return plain
    return json.dumps([list(pair) for pair in sources], ensure_ascii=False)


def split_sources(text: str) -> tuple[tuple[str, str], ...]:
    """Read sources as `join_sources` writes them; a line without a colon is its own citation."""
    listed = _json_list(text)
    if listed is not None and all(_is_pair(pair) for pair in listed):
        return tuple((str(pair[0]), str(pair[1])) for pair in listed)
    found = []
    for line in split_items(text):
        key, _, citation = line.partition(":")
        found.append((key.strip(), citation.strip() or key.strip()))
    return tuple(found)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value)


def _json_list(text: str) -> list[Any] | None:
    if not text.lstrip().startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else None
