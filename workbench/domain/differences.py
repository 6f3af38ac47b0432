"""Differences: which words of an old text are gone, and which of a new one have come.

In: two revisions of a text. Out: spans of both, for a person who reads them side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from workbench.domain.alignment import align
from workbench.domain.spans import Span

MAX_COMPARED = 100_000
"""Characters of either text: a quarter of a second. Longer ones are shown unmarked."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two texts: spans of the old one, and spans of the new one, in order.

    `compared` is false where the texts are too long to be compared while a person waits.
    """

    gone: tuple[Span, ...] = ()
    come: tuple[Span, ...] = ()
    compared: bool = True


def differences(old: str, new: str) -> Differences:
    """Find what is gone and what has come; white space alone is no difference.

    Examples
    --------
    >>> differences("She listened.", "She never listened.").come
    (Span(start=4, end=9),)
    """
    if old == new:
        return Differences()
    if max(len(old), len(new)) > MAX_COMPARED:
        return Differences(compared=False)
    runs = align(old, new).runs
    kept_old = [(run.old, run.old_end) for run in runs]
    kept_new = [(run.new, run.new_end) for run in runs]
    return Differences(_between(old, kept_old), _between(new, kept_new))


def _between(text: str, kept: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Give what lies between the kept stretches, without the white space at its ends."""
    edges = [(0, 0), *kept, (len(text), len(text))]
    found = []
    for (_, start), (end, _) in pairwise(edges):
        words = text[start:end]
        if words.strip():
            first = start + len(words) - len(words.lstrip())
            found.append(Span(first, first + len(words.strip())))
    return tuple(found)
