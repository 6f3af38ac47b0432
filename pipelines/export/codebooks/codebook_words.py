"""What the documents of a codebook say in the same words.

In: a codebook's parts. Out: texts for paragraphs, which the ingest reads back.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.domain.codebook import Codebook
from workbench.domain.codebook_file import DOT, join_items, join_sources
from workbench.domain.words import count

NO_SEPARATOR = "\0"
"""No text holds it, so that an example stays whole."""


def in_words(codebook: Codebook) -> str:
    """Say how many codes in how many themes."""
    n_codes = sum(1 for _ in codebook.walk())
    return f"{count(n_codes, 'code')} in {count(len(codebook.themes), 'theme')}"


def short_list(items: Sequence[str]) -> str:
    """Write cues and ids in one line."""
    return join_items(items, DOT)


def example_text(example: str) -> str:
    """Write an example as a paragraph of its own."""
    return join_items([example], NO_SEPARATOR)


def source_text(source: tuple[str, str]) -> str:
    """Write a source as a paragraph of its own."""
    return join_sources([source])
