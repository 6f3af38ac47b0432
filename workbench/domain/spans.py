"""Spans: which words of a text a coding covers, and the rules that every span keeps.

In: offsets or a quote as a person, a browser or a file gives them. Out: checked `Span` values, in
code points of a document's normalised text. The span unit is defined here and nowhere else:
half-open `[start, end)`, so that the words are exactly `text[start:end]`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from workbench.errors import CodingError

MAX_COUNTED = 100
"""Occurrences of a quote that are counted: more would cost time and tell a person nothing."""

SHOWN = 60
"""Characters of a quote that a message shows."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open `[start, end)` in code points; never empty. Ordered by start, then end.

    Raises
    ------
    CodingError
        When `start` is negative or `end` does not lie after it.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        """Hold the rules of a span."""
        if not 0 <= self.start < self.end:
            raise CodingError(
                f"the span {self.start} to {self.end} covers nothing.",
                hint="The start must be 0 or more, and the end must lie after the start.",
            )

    @property
    def length(self) -> int:
        """Number of code points covered."""
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point. Spans that only touch do not."""
        return self.start < other.end and other.start < self.end

    def quote(self, text: str) -> str:
        """Return the words covered."""
        return text[self.start : self.end]


def check_span(text: str, start: int, end: int, quote: str | None = None) -> Span:
    """Make a span and hold it against the text that it is said to belong to.

    Parameters
    ----------
    text
        A normalised text.
    start, end
        Code points.
    quote
        The words that the span is expected to cover, if they are known.

    Raises
    ------
    CodingError
        When the span is empty, reaches outside the text, or covers other words than `quote`.
    """
    span = Span(start, end)
    if end > len(text):
        raise CodingError(
            f"the span {start} to {end} reaches outside the text of {len(text)} characters.",
            hint="Was it made on another version of this text?",
        )
    if quote is not None and span.quote(text) != quote:
        raise CodingError(
            f"expected {_shown(quote)} at {start} to {end}, found {_shown(span.quote(text))}.",
            hint="Was it made on another version of this text?",
        )
    return span


def find_quote(text: str, quote: str) -> Span:
    """Return the one place where the text has exactly these words.

    Where the quote is nowhere to the letter, white space of any length and kind is the same: words
    copied across turns or through a spreadsheet often lose an empty line. Occurrences that overlap
    each other count as several: "no no" occurs twice in "no no no".

    Raises
    ------
    CodingError
        When the quote is empty, does not occur, or occurs more than once.
    """
    if not quote:
        raise CodingError("the quote is empty.", hint="Give the words, or a start and an end.")
    found = _places(text, quote) or _places_in_flow(text, quote)
    if not found:
        raise CodingError(
            f"the quote {_shown(quote)} does not occur in the text.",
            hint="It must be the same to the letter; only white space may differ.",
        )
    n = len(found)
    if n > 1:
        times = f"{n} times" if n < MAX_COUNTED else f"at least {MAX_COUNTED} times"
        raise CodingError(
            f"the quote {_shown(quote)} occurs {times} in the text.",
            hint="Give a longer quote, or a start and an end.",
        )
    return found[0]


def _places(text: str, quote: str) -> list[Span]:
    """Find the places of a quote, overlapping ones too, up to MAX_COUNTED."""
    found: list[Span] = []
    at = text.find(quote)
    while at >= 0 and len(found) < MAX_COUNTED:
        found.append(Span(at, at + len(quote)))
        at = text.find(quote, at + 1)
    return found


def _places_in_flow(text: str, quote: str) -> list[Span]:
    """Find the places of a quote where all white space is one blank, in both."""
    flowing = " ".join(quote.split())
    if not flowing:
        return []
    words = list(re.finditer(r"\S+", text))
    begins = list(accumulate((len(word[0]) + 1 for word in words), initial=0))

    def back(at: int) -> int:
        nth = bisect_right(begins, at) - 1
        return words[nth].start() + at - begins[nth]

    found = _places(" ".join(word[0] for word in words), flowing)
    return [Span(back(span.start), back(span.end - 1) + 1) for span in found]


def _shown(quote: str) -> str:
    """Quote words in a message, cut when long."""
    return repr(quote if len(quote) <= SHOWN else quote[: SHOWN - 1] + "…")
