"""Sentences of answers in any script.

In: texts. Out: where their sentences are, as spans over the text, by spaCy's rules for punctuation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

Span = tuple[int, int]
INSIDE = r"(?<=[^\W\d_])[۔؟।॥。！？](?=[^\W\d_])"
"""Full stops and question marks that people write without a space after them."""


def sentences(texts: Iterable[str]) -> Iterator[list[Span]]:
    r"""Yield the sentences of each text, without white space at their ends.

    A sentence ends after ``. ! ?`` and their like in other scripts (``؟ ۔ । 。``), and at the end
    of a line. An abbreviation's stop ends one too: there is no model of any language behind it.

    Examples
    --------
    >>> list(sentences(["She left. Why?\nNobody knows", "میں نے فون کیا۔ کسی نے؟"]))
    [[(0, 9), (10, 14), (15, 27)], [(0, 15), (16, 23)]]
    """
    splitter = _splitter()
    for text in texts:
        found: list[Span] = []
        start = 0
        for line in text.split("\n"):
            if line.strip():
                found += [
                    span
                    for part in splitter(line).sents
                    if (span := _trimmed(text, start + part.start_char, start + part.end_char))
                ]
            start += len(line) + 1
        yield found


def _trimmed(text: str, start: int, end: int) -> Span | None:
    words = text[start:end]
    bare = words.strip()
    if not bare:
        return None
    start += words.index(bare[0])
    return start, start + len(bare)


@lru_cache(maxsize=1)
def _splitter() -> Language:
    import spacy
    from spacy.util import compile_infix_regex

    splitter = spacy.blank("xx")
    infixes = compile_infix_regex([*(splitter.Defaults.infixes or ()), INSIDE])
    splitter.tokenizer.infix_finditer = infixes.finditer  # type: ignore[union-attr]
    splitter.add_pipe("sentencizer")
    return splitter
