"""Who speaks in stretches of a discussion, and whether their words may be quoted.

In: spans of texts in which several people speak. Out: for each, its speakers in order, when it
begins, and how far the words around it may be shown. A stretch may not be quoted when one of those
who speak in it said so, or has withdrawn; the words of who has withdrawn are shown nowhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select

from workbench.domain.extracts import NOT_KNOWN_WHO, name_turns
from workbench.store.tables import (
    anchor,
    coding,
    coding_respondent,
    document,
    respondent,
    segment,
)

NO_END = 2_000_000_000
KNOWN_TEXTS = 400
"""Texts whose turns are kept: the extracts of one code come from many."""


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A turn with its speaker; `name` is empty where nobody knows who speaks."""

    start: int
    end: int
    name: str
    start_ms: int | None
    respondent_id: int | None
    ref: str
    may_be_quoted: bool
    withdrawn: bool

    @property
    def closed(self) -> bool:
        """Whether the words are not to be quoted."""
        return self.withdrawn or not self.may_be_quoted

    @property
    def whose(self) -> tuple[int | None, str]:
        """Tells one speaker from another."""
        return self.respondent_id, self.name


class Around(NamedTuple):
    """The words that touch a stretch, with who says them.

    `begun` tells whether `before` names whoever speaks first in a stretch of several people.
    """

    before: str
    after: str
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """Who speaks in a stretch. `begin` and `end` bound the words around it that may be shown."""

    turns: tuple[SpokenTurn, ...]
    begin: int
    end: int
    every: Sequence[SpokenTurn] = ()
    """All turns of the text; the stretch begins in or before `every[first]`."""
    first: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are shown, in order, each once."""
        return tuple(dict.fromkeys(turn.name for turn in self.turns if turn.name))

    @property
    def refs(self) -> tuple[str, ...]:
        """The refs of the respondents, in order, each once; not of who has withdrawn."""
        found = (turn.ref for turn in self.turns if turn.ref and not turn.withdrawn)
        return tuple(dict.fromkeys(found))

    def places(self, start: int) -> tuple[tuple[int, str], ...]:
        """Where each turn begins in a stretch from `start`, and its name, where several speak."""
        if len({turn.whose for turn in self.turns}) < 2:
            return ()
        return tuple((max(0, turn.start - start), turn.name) for turn in self.turns)

    def around(self, before: str, after: str, start: int, end: int) -> Around:
        """Give of the words that touch a stretch what may be shown, with who says them."""
        before = before[max(0, self.begin - (start - len(before))) :]
        told, begun = self._before(before, start)
        return Around(told, self._after(after[: max(0, self.end - end)], end), begun)

    def _before(self, words: str, start: int) -> tuple[str, bool]:
        """Name in the words that touch a stretch from `start` who says them.

        Names are put in only where several people speak, and whose the stretch is is told at the
        end then, unless it says so itself. Also tell whether its first speaker has been named.
        """
        begin = start - len(words)
        near: list[SpokenTurn] = []
        for turn in reversed(self.every[: self.first + 1]):
            if turn.end <= begin:
                break
            if words[max(0, turn.start - begin) : turn.end - begin].strip():
                near.insert(0, turn)
        own = self.turns[0] if self.turns else None
        several = bool(self.places(start))
        if not several and all(own is not None and turn.whose == own.whose for turn in near):
            return words, False
        named = name_turns(words, _changes(near, begin))
        goes_on = own is not None and bool(near) and own.whose == near[-1].whose
        if own is None or goes_on or several:
            return named, several and goes_on
        return f"{named}[{own.name or NOT_KNOWN_WHO}] ", False

    def _after(self, words: str, end: int) -> str:
        """Name in the words that touch a stretch up to `end` whoever speaks after it."""
        near = [self.turns[-1]] if self.turns else []
        for turn in self.every[self.first + len(self.turns) :]:
            if not words[turn.start - end : turn.end - end].strip():
                break
            near.append(turn)
        return name_turns(words, _changes(near, end)[len(self.turns[-1:]) :])

    @property
    def only_respondent(self) -> int | None:
        """The key of the respondent whose words these are, where nobody else speaks."""
        people = {turn.whose for turn in self.turns}
        return next(iter(people))[0] if len(people) == 1 else None

    @property
    def may_be_quoted(self) -> bool:
        """Whether all who speak here may be quoted."""
        return not any(turn.closed for turn in self.turns)

    @property
    def withdrawn(self) -> bool:
        """Whether somebody who speaks here has withdrawn."""
        return any(turn.withdrawn for turn in self.turns)


class Listener:
    """Tells who speaks, and keeps the turns of texts that come again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turns: dict[int, list[SpokenTurn]] = {}
        self._bounds: dict[int, tuple[list[int], list[int]]] = {}

    def prepare(self, revision_ids: Collection[int]) -> None:
        """Read the turns of these texts, unless they are known."""
        new = sorted(set(revision_ids) - self._turns.keys())
        if len(self._turns) + len(new) > KNOWN_TEXTS:
            self._turns.clear()
            self._bounds.clear()
            new = sorted(set(revision_ids))
        self._turns |= {key: [] for key in new}
        for start in range(0, len(new), KNOWN_TEXTS):
            for row in self._connection.execute(_turns(new[start : start + KNOWN_TEXTS])):
                turn = SpokenTurn(
                    row.start, row.end, row.speaker or "", row.start_ms, row.respondent_id,
                    row.ref or "", row.may_be_quoted is not False, row.withdrawn_at is not None,
                )  # fmt: skip
                self._turns[row.revision_id].append(turn)

    def hear(self, revision_id: int, start: int | None = None, end: int | None = None) -> Heard:
        """Tell who speaks in a stretch of a text that was prepared; without a span, in all."""
        turns = self._turns[revision_id]
        if start is None or end is None:
            return Heard(tuple(turns), 0, 0)
        first = bisect_right(turns, start, key=lambda turn: turn.end)
        last = bisect_left(turns, end, key=lambda turn: turn.start)
        if revision_id not in self._bounds:
            self._bounds[revision_id] = _bounds(turns)
        begins, ends = self._bounds[revision_id]
        return Heard(tuple(turns[first:last]), begins[first], ends[last], turns, first)


def _changes(turns: Sequence[SpokenTurn], begin: int) -> list[tuple[int, str]]:
    """Tell where in words from `begin` another speaker goes on, the first one included."""
    return [
        (max(0, turn.start - begin), turn.name)
        for nth, turn in enumerate(turns)
        if not nth or turn.whose != turns[nth - 1].whose
    ]


def _bounds(turns: Sequence[SpokenTurn]) -> tuple[list[int], list[int]]:
    """Tell how far words may be shown, backwards from each turn and onwards from each.

    Both lists have a number more than there are turns: for what comes after them all.
    """
    begins = accumulate((turn.end if turn.closed else 0 for turn in turns), max, initial=0)
    ends = accumulate(
        (turn.start if turn.closed else NO_END for turn in reversed(turns)), min, initial=NO_END
    )
    return list(begins), list(ends)[::-1]


def _turns(revision_ids: Sequence[int]) -> Select[Any]:
    return (
        select(
            segment.c.revision_id,
            segment.c.start,
            segment.c.end,
            segment.c.speaker,
            segment.c.start_ms,
            segment.c.respondent_id,
            respondent.c.ref,
            respondent.c.may_be_quoted,
            respondent.c.withdrawn_at,
        )
        .outerjoin(respondent, respondent.c.id == segment.c.respondent_id)
        .where(segment.c.revision_id.in_(revision_ids))
        .order_by(segment.c.revision_id, segment.c.start)
    )


def _closed(person: Any) -> ColumnElement[bool]:
    return or_(person.c.may_be_quoted.is_(False), person.c.withdrawn_at.isnot(None))


def closed_discussions(study_id: int) -> Select[Any]:
    """Select the discussions in which somebody speaks who may not be quoted."""
    spoken, person = document.alias("closed_document"), respondent.alias("closed_person")
    return (
        select(spoken.c.id)
        .join(segment, segment.c.revision_id == spoken.c.current_revision_id)
        .join(person, person.c.id == segment.c.respondent_id)
        .where(spoken.c.study_id == study_id, spoken.c.respondent_id.is_(None), _closed(person))
    )


def is_open(study_id: int) -> ColumnElement[bool]:
    """Tell whether a coding of a discussion may be quoted, where `coding` joins `document`.

    Where somebody may not be quoted, that is known of codings that count alone: of what was
    removed, or must be placed again, it is not known any more whose words it covers.
    """
    person, whose = respondent.alias("covered_person"), coding_respondent.alias("covered_by")
    place = anchor.alias("covered_place")
    covers = exists().where(
        whose.c.coding_id == coding.c.id,
        person.c.id == whose.c.respondent_id,
        _closed(person),
    )
    placed = exists().where(
        place.c.coding_id == coding.c.id,
        place.c.revision_id == document.c.current_revision_id,
        place.c.state == "placed",
    )
    live = and_(coding.c.deleted_at.is_(None), placed, ~covers)
    return or_(document.c.id.not_in(closed_discussions(study_id)), live)
