"""Adjudication: where coders agree in a document, where they differ, and what is settled.

In: the codings of those who have finished a document, and what was decided about it so far. Out:
one `Item` for each run of overlapping codings with one code, in the order of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.domain.mentions import WHOLE

Choice = Literal["agreed", "taken", "neither", "edited"]
Difference = Literal["agreed", "ends", "missing"]


@dataclass(frozen=True, slots=True)
class Applied:
    """One coding of one coder; `start` and `end` None cover the whole document.

    `code_id` is the code that it counts as: the other one where its own was merged.
    """

    coding_id: int
    coder_id: int
    code_id: int
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one item; places as in `Applied`, in the text of now."""

    id: int
    code_id: int
    start: int | None
    end: int | None
    choice: Choice


@dataclass(frozen=True, slots=True)
class Item:
    """Codings with one code that overlap: one thing on which coders agree or differ.

    `start` and `end` are the first and the last end of the spans, None as soon as one coding covers
    the whole document. `difference` is "agreed" where every coder has exactly this span, "ends"
    where all coded it but not the same words, "missing" where somebody did not.
    """

    code_id: int
    start: int | None
    end: int | None
    codings: tuple[Applied, ...]
    difference: Difference
    decisions: tuple[Decided, ...] = ()

    @property
    def decided(self) -> Decided | None:
        """What holds of what was decided: several decisions meet where codes were merged.

        What is in the consensus by any of them is in it, so "neither" holds only alone.
        """
        return next(
            (item for item in reversed(self.decisions) if item.choice != "neither"),
            self.decisions[-1] if self.decisions else None,
        )

    @property
    def place(self) -> tuple[int, int | None, int | None]:
        """What tells the item from others of the same document."""
        return (self.code_id, self.start, self.end)

    def of(self, coder_id: int) -> tuple[Applied, ...]:
        """Give one coder's part in it."""
        return tuple(coding for coding in self.codings if coding.coder_id == coder_id)

    def without(self, coders: Iterable[int]) -> tuple[int, ...]:
        """Name the coders who did not apply the code here."""
        present = {coding.coder_id for coding in self.codings}
        return tuple(coder for coder in coders if coder not in present)


def items_of(
    codings: Iterable[Applied], coders: Sequence[int], decided: Iterable[Decided] = ()
) -> list[Item]:
    """Put together what coders have coded in one document.

    Parameters
    ----------
    codings
        Codings of these coders in one document.
    coders
        Everybody who has finished the document.
    decided
        What was decided so far. A decision holds for an item with the same code and the same ends:
        once a coder changes theirs, the item is open again.

    Examples
    --------
    >>> one, two = Applied(1, 7, 5, 0, 9), Applied(2, 8, 5, 4, 12)
    >>> [(item.start, item.end, item.difference) for item in items_of([one, two], [7, 8])]
    [(0, 12, 'ends')]
    >>> items_of([one], [7, 8])[0].difference
    'missing'
    """
    known: dict[tuple[int, int | None, int | None], list[Decided]] = {}
    for item in decided:
        known.setdefault((item.code_id, item.start, item.end), []).append(item)
    by_code: dict[int, list[Applied]] = {}
    for coding in codings:
        by_code.setdefault(coding.code_id, []).append(coding)
    found = []
    for code_id, group in by_code.items():
        for run in _runs(group):
            start, end = _hull(run)
            place = (code_id, start, end)
            difference = _difference(run, coders)
            found.append(Item(*place, tuple(run), difference, tuple(known.get(place, ()))))
    return sorted(found, key=_in_reading_order)


def _runs(codings: Sequence[Applied]) -> list[list[Applied]]:
    """Part codings where one ends before the next begins."""
    runs: list[list[Applied]] = []
    reach = -1
    for coding in sorted(codings, key=_reach):
        start, end, _ = _reach(coding)
        if start >= reach:
            runs.append([])
        runs[-1].append(coding)
        reach = max(reach, end)
    return runs


def _reach(coding: Applied) -> tuple[int, int, int]:
    whole = coding.start is None
    return (0 if whole else coding.start or 0, WHOLE if whole else coding.end or 0,
            coding.coding_id)  # fmt: skip


def _hull(run: Sequence[Applied]) -> tuple[int | None, int | None]:
    starts = [coding.start for coding in run if coding.start is not None]
    ends = [coding.end for coding in run if coding.end is not None]
    if len(starts) < len(run):
        return None, None
    return min(starts), max(ends)


def _difference(run: Sequence[Applied], coders: Sequence[int]) -> Difference:
    if {coding.coder_id for coding in run} < set(coders):
        return "missing"
    return "agreed" if len({(coding.start, coding.end) for coding in run}) == 1 else "ends"


def _in_reading_order(item: Item) -> tuple[int, int, int]:
    return (-1 if item.start is None else item.start, item.end or 0, item.code_id)
