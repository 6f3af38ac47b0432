"""Codes in talk: which are said by one person, and which come up between people.

In: the turns of a discussion and the codings of its text. Out: for each code how many of its
mentions lie in one turn, in a question and its answer, or in an exchange between participants, and
whose turns those join. Codings of a whole document join everybody, so they are left out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.domain.interactions import NOBODY, Spoken
from workbench.domain.turns import Speaker


@dataclass(frozen=True, slots=True)
class CodedSpan:
    """A code on a stretch of the text, in code points, half-open."""

    code_id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CodeInTalk:
    """One code in one discussion.

    `n_mentions` counts its codings, those that overlap as one. `n_exchanges` of them lie over turns
    of two or more participants; `n_with_facilitator` over turns of one participant and of a
    facilitator. `joined` counts the exchanges by the names of those whose turns they lie over, in
    the order of the speakers, the most frequent first.
    """

    code_id: int
    n_mentions: int
    n_exchanges: int
    n_with_facilitator: int
    joined: tuple[tuple[tuple[str, ...], int], ...]


@dataclass(slots=True)
class _Tally:
    mentions: int = 0
    with_facilitator: int = 0
    joined: Counter[tuple[str, ...]] = field(default_factory=Counter)


def codes_in_talk(
    spoken: Sequence[Spoken], speakers: Sequence[Speaker], codings: Iterable[CodedSpan]
) -> tuple[CodeInTalk, ...]:
    """Tell for each code whose turns its mentions lie over; most exchanges first.

    Examples
    --------
    >>> spoken = [Spoken("Lin", 0, 9, 2), Spoken("P1", 10, 19, 2), Spoken("P2", 20, 29, 2)]
    >>> people = [Speaker("Lin", "facilitator"), Speaker("P1"), Speaker("P2")]
    >>> marked = [CodedSpan(7, 12, 16), CodedSpan(7, 15, 25), CodedSpan(7, 0, 12)]
    >>> codes_in_talk(spoken, people, marked)[0].joined
    ((('P1', 'P2'), 1),)
    """
    by_code: dict[int, list[CodedSpan]] = {}
    for item in codings:
        by_code.setdefault(item.code_id, []).append(item)
    order = {item.name: place for place, item in enumerate(speakers)}
    led = {item.name for item in speakers if item.role == "facilitator"}
    starts = [item.start for item in spoken]
    found = []
    for code_id, spans in by_code.items():
        tally = _Tally()
        for start, end in stretches((item.start, item.end) for item in spans):
            _add(tally, _names(spoken, starts, start, end), order, led)
        found.append(
            CodeInTalk(
                code_id,
                tally.mentions,
                tally.joined.total(),
                tally.with_facilitator,
                tuple(sorted(tally.joined.items(), key=lambda item: (-item[1], item[0]))),
            )
        )
    return tuple(sorted(found, key=lambda item: (-item.n_exchanges, -item.n_mentions)))


def stretches(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that overlap; those that merely touch stay two.

    Examples
    --------
    >>> stretches([(4, 9), (0, 5), (9, 12)])
    [(0, 9), (9, 12)]
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _names(spoken: Sequence[Spoken], starts: Sequence[int], start: int, end: int) -> set[str]:
    """Give the names of those whose turns a stretch lies over."""
    place = max(bisect_right(starts, start) - 1, 0)
    names = set()
    while place < len(spoken) and spoken[place].start < end:
        if spoken[place].end > start:
            names.add(spoken[place].speaker)
        place += 1
    return names - {NOBODY}


def _add(tally: _Tally, names: set[str], order: Mapping[str, int], led: set[str]) -> None:
    tally.mentions += 1
    taking_part = sorted(names - led, key=lambda name: order.get(name, len(order)))
    if len(taking_part) > 1:
        tally.joined[tuple(taking_part)] += 1
    elif taking_part and names & led:
        tally.with_facilitator += 1
