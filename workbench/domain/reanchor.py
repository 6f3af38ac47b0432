"""Re-anchoring: what becomes of coded spans when their text is corrected or imported again.

In: the old text, the new text and spans of the old one. Out: one `Placement` per span, in order.
What cannot be placed with confidence is flagged for a person: nothing is dropped, and nothing is
moved to another place where the same words stand.

The rules, on top of the alignment of the two texts (see `alignment`):

- Words that stand in an unchanged stretch move with it.
- An edit inside a span stretches or shrinks it. Text inserted at an edge stays outside; words
  replaced at an edge stay inside when all that was replaced belonged to the span.
- A span keeps its place when at least `ENOUGH` of its words live on. A word whose letters were
  corrected counts half; one of which only case or accents changed counts in full.
- An edge never cuts what a reader sees as one character, unless it did so before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from workbench.domain.alignment import Alignment, align
from workbench.domain.matching import is_word, words
from workbench.domain.spans import Span
from workbench.domain.text import Characters

ENOUGH = 0.6
"""Share of a span's words that must live on; the same bar as for two words to be one, corrected."""

MAX_GROWTH = 4
"""Times its old length, and a sentence (`GROWTH_SPARE`), that a span may grow to unseen."""

GROWTH_SPARE = 200
"""Characters."""

MIN_MOVED = 12
"""Characters. Shorter words that occur once elsewhere are too likely to be other words."""

MAX_WORD = 50
"""Characters that a guess is widened by, at most, to begin and end with whole words."""

GONE = "its words are no longer there."
UNCHANGED = "its words are unchanged."


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a span lies in the new text.

    Parameters
    ----------
    span
        In code points of the new text. When the new text is empty, the old span.
    placed
        Whether the place is sure. If not, `span` is the best guess, for a person to look at.
    reason
        What happened to the span's words, in plain words, as the end of a sentence.
    """

    span: Span
    placed: bool
    reason: str


def reanchor(old: str, new: str, spans: Sequence[Span]) -> list[Placement]:
    """Place the spans of a text on a new revision of it.

    Parameters
    ----------
    old, new
        Normalised texts.
    spans
        Spans of `old`, in any order, overlapping or not.

    Returns
    -------
    list of Placement
        One for each span, in the same order. Never raises: a span that does not fit the old text
        is flagged as well. Two equal spans are placed alike.
    """
    if old == new:
        return [_same(old, span) for span in spans]
    if not spans:
        return []
    placer = _Placer(align(old, new))
    return [placer.place(span) for span in spans]


def _same(text: str, span: Span) -> Placement:
    if span.end <= len(text):
        return Placement(span, True, UNCHANGED)
    return Placement(_clamp(span, len(text)), False, _outside(text))


def _outside(text: str) -> str:
    return f"it reached outside its old text, which has {len(text)} characters."


def _clamp(span: Span, length: int) -> Span:
    """Hold a span within a text of `length` characters; where the text is empty, leave it."""
    if not length:
        return span
    start = min(span.start, length - 1)
    return Span(start, max(start + 1, min(span.end, length)))


class _Placer:
    """Places spans by one alignment; what several spans need is worked out once."""

    def __init__(self, alignment: Alignment) -> None:
        self._alignment = alignment
        self._old, self._new = alignment.old, alignment.new
        self._by_start = {pair.old: pair for pair in alignment.pairs}
        self._by_end = {pair.old_end: pair for pair in alignment.pairs}

    @cached_property
    def _old_characters(self) -> Characters:
        return Characters(self._old)

    @cached_property
    def _new_characters(self) -> Characters:
        return Characters(self._new)

    @cached_property
    def _words(self) -> tuple[list[int], list[int], list[float]]:
        """Starts and ends of the old words, and how many live on before each and in all."""
        found = [(a, b) for a, b in words(self._old) if is_word(self._old[a:b])]
        credits = (self._credit(start, end) for start, end in found)
        return (
            [start for start, _ in found],
            [end for _, end in found],
            list(accumulate(credits, initial=0.0)),
        )

    def place(self, span: Span) -> Placement:
        """Place one span of the old text."""
        if span.end > len(self._old):
            return Placement(_clamp(span, len(self._new)), False, _outside(self._old))
        if not self._new:
            return Placement(span, False, "the text is empty now.")
        runs = self._alignment.touching(span.start, span.end)
        if not runs:
            return self._flag(span, None, GONE)
        respelled = span.start in self._by_start or span.end in self._by_end
        if runs[0].covers(span.start, span.end) and not respelled:
            shift = runs[0].new - runs[0].old
            return self._snap(span, span.start + shift, span.end + shift, UNCHANGED)
        start, end = self._trim(span, self._new_start(span), self._new_end(span))
        kept, total = self._surviving(span)
        if kept < ENOUGH * total:
            return self._flag(span, (start, end), _rewritten(kept, total))
        if end - start > MAX_GROWTH * span.length + GROWTH_SPARE:
            return self._flag(span, (start, end), "much was added between its words.")
        left = "all its words are left" if kept == total else f"{kept:g} of {total} words left"
        return self._snap(span, start, end, f"it was edited: {left}.")

    def _new_start(self, span: Span) -> int:
        """Map the left edge of a span of which something lives on."""
        pair = self._by_start.get(span.start)
        if pair and pair.old_end <= span.end:
            return pair.new
        first = self._alignment.touching(span.start, span.end)[0]
        if first.old <= span.start:
            return first.new + span.start - first.old
        gap = self._alignment.gap(span.start)
        if gap.old < span.start or not self._replaces(gap.old, gap.old_end, gap.new, gap.new_end):
            return first.new
        return gap.new

    def _new_end(self, span: Span) -> int:
        """Map the right edge of a span of which something lives on."""
        pair = self._by_end.get(span.end)
        if pair and pair.old >= span.start:
            return pair.new_end
        last = self._alignment.touching(span.start, span.end)[-1]
        if span.end <= last.old_end:
            return last.new + span.end - last.old
        gap = self._alignment.gap(span.end - 1)
        replaced = self._replaces(gap.old, gap.old_end, gap.new, gap.new_end)
        if gap.old_end > span.end or not replaced:
            return last.new_end
        return gap.new_end

    def _trim(self, span: Span, start: int, end: int) -> tuple[int, int]:
        """Leave out white space at an edge where the old span had none; keep one character."""
        if not self._old[span.start].isspace():
            while start < end - 1 and self._new[start].isspace():
                start += 1
        if not self._old[span.end - 1].isspace():
            while start < end - 1 and self._new[end - 1].isspace():
                end -= 1
        return start, max(start + 1, end)

    @cached_property
    def _lost(self) -> dict[str, list[int]]:
        """Where the old text had words of which nothing lives on in their place."""
        starts, ends, lived = self._words
        lost: dict[str, list[int]] = {}
        for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if lived[index + 1] == lived[index]:
                lost.setdefault(self._old[start:end], []).append(start)
        return lost

    def _replaces(self, old: int, old_end: int, new: int, new_end: int) -> bool:
        """Whether new words stand for the old ones of a gap: not much more, nor moved here."""
        n_old = len(self._old[old:old_end].split())
        text = self._new[new:new_end]
        moved = (
            not old <= at < old_end
            for start, end in words(text)
            for at in self._lost.get(text[start:end], ())
        )
        return len(text.split()) <= 2 * n_old + 1 and not any(moved)

    def _credit(self, start: int, end: int) -> float:
        """Say how much of an old word lives on: 1, a half or nothing."""
        pair = self._by_start.get(start)
        if pair and pair.old_end == end:
            return 1.0 if pair.same else 0.5
        kept = self._letters_kept(start, end)
        if kept == end - start:
            return 1.0
        return 0.5 if kept >= ENOUGH * (end - start) else 0.0

    def _letters_kept(self, start: int, end: int) -> int:
        runs = self._alignment.touching(start, end)
        return sum(min(run.old_end, end) - max(run.old, start) for run in runs)

    def _surviving(self, span: Span) -> tuple[float, int]:
        """Return how many of a span's words live on, and how many there are."""
        starts, ends, lived = self._words
        first = bisect_right(ends, span.start)
        stop = bisect_left(starts, span.end)
        if first == stop:
            return self._surviving_signs(span)
        kept = lived[stop] - lived[first]
        for index in {first, stop - 1}:
            start, end = starts[index], ends[index]
            if start < span.start or span.end < end:
                kept -= lived[index + 1] - lived[index]
                kept += self._credit(max(start, span.start), min(end, span.end))
        return kept, stop - first

    def _surviving_signs(self, span: Span) -> tuple[float, int]:
        """Do the same for a span without words, such as an emoji: its signs count instead."""
        signs = list(words(span.quote(self._old))) or [(0, span.length)]
        kept = sum(self._credit(span.start + start, span.start + end) for start, end in signs)
        return kept, len(signs)

    def _snap(self, span: Span, start: int, end: int, reason: str) -> Placement:
        """Widen edges that cut a character which they did not cut before."""
        wide_start, wide_end = start, end
        if not self._old_characters.cuts(span.start):
            wide_start = self._new_characters.floor(start)
        if not self._old_characters.cuts(span.end):
            wide_end = self._new_characters.ceil(end)
        if self._takes_in(wide_start, start) or self._takes_in(end, wide_end):
            reason = "its first or last character was joined with the one beside it."
            return Placement(Span(wide_start, wide_end), False, reason)
        return Placement(Span(wide_start, wide_end), True, reason)

    def _takes_in(self, start: int, end: int) -> bool:
        """Whether `[start, end)` of the new text holds anything that the old text had too."""
        runs = self._alignment.runs
        at = bisect_right(runs, start, key=lambda run: run.new_end)
        return start < end and at < len(runs) and runs[at].new < end

    def _flag(self, span: Span, guess: tuple[int, int] | None, reason: str) -> Placement:
        """Flag a span at the best guess: its words elsewhere, what is left of it, or its place."""
        quote = span.quote(self._old)
        if span.length >= MIN_MOVED and _occurs_once(quote, self._old, self._new):
            at = self._new.find(quote)
            reason = "its words seem to have been moved: they stand elsewhere now."
            return Placement(Span(at, at + len(quote)), False, reason)
        start, end = guess or self._scaled(span)
        start = _word_edge(self._new, min(start, len(self._new) - 1), -1)
        end = _word_edge(self._new, max(start + 1, min(end, len(self._new))), 1)
        characters = self._new_characters
        return Placement(Span(characters.floor(start), characters.ceil(end)), False, reason)

    def _scaled(self, span: Span) -> tuple[int, int]:
        """Guess a place in proportion, within what came where the span was."""
        gap = self._alignment.gap(span.start)
        ratio = (gap.new_end - gap.new) / (gap.old_end - gap.old)
        start = gap.new + int((span.start - gap.old) * ratio)
        return start, gap.new + int((span.end - gap.old) * ratio)


def _word_edge(text: str, at: int, step: int) -> int:
    """Move an offset that cuts a word out of it, to the left (-1) or the right (1)."""
    for _ in range(MAX_WORD):
        if not 0 < at < len(text) or not (text[at - 1].isalnum() and text[at].isalnum()):
            break
        at += step
    return at


def _rewritten(kept: float, total: int) -> str:
    """Say in words that too little of a span is left."""
    if not kept:
        return GONE
    if total == 1:
        return "its only word was changed."
    return f"most of its words were rewritten: {kept:g} of {total} left."


def _occurs_once(quote: str, *texts: str) -> bool:
    """Whether a quote stands exactly once in each of the texts."""
    found = ((text, text.find(quote)) for text in texts)
    return all(at >= 0 and text.find(quote, at + 1) < 0 for text, at in found)
