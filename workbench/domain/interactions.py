"""Who talks to whom in a discussion: turns, words, time, and who speaks after whom.

In: the text of a discussion, its turns and speakers. Out: figures for each speaker and for all of
them. They tell who speaks, how much and after whom; whom somebody means, no transcript tells.

Turns of one person that follow each other are one turn here (Sacks, Schegloff and Jefferson 1974,
"A simplest systematics for the organization of turn-taking for conversation", Language 50(4),
696-735, take a turn to last until somebody else speaks). Where nobody knows who speaks, turns stay
as they are, and nobody is said to speak after them.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from workbench.domain.speaker_names import kind_of
from workbench.domain.text import count_words
from workbench.domain.turns import Speaker, SpeakerRole, TurnSpan

NOBODY = ""
"""Stands for the name where nobody knows who speaks."""

Pair = tuple[str, str]
"""Names: who speaks, and who speaks next."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn as it is counted: everything that one person says until somebody else speaks.

    `spoken_ms` adds up what the file gives both ends for; it is None where there is no such part.
    Offsets are code points over the text.
    """

    speaker: str
    start: int
    end: int
    n_words: int
    start_ms: int | None = None
    end_ms: int | None = None
    spoken_ms: int | None = None


@dataclass(frozen=True, slots=True)
class SpeakerFigures:
    """How much one person says. Shares are 0-1, of everything said; None where nothing is.

    `after_facilitator` and `after_participants` count this person's turns by who spoke directly
    before them; turns at the beginning and after unattributed speech are in neither. `role` is None
    for speech of which nobody knows whose it is.
    """

    name: str
    role: SpeakerRole | None
    n_turns: int = 0
    n_words: int = 0
    share: float | None = None
    longest: int | None = None
    median: float | None = None
    spoken_ms: int | None = None
    time_share: float | None = None
    after_facilitator: int = 0
    after_participants: int = 0


@dataclass(frozen=True, slots=True)
class Interactions:
    """The figures of one discussion.

    `gini` and `inequality` are of participants' words (see `gini` and `inequality`); None where
    fewer than two take part, or none says anything. `followed` tells how often a turn of the second
    follows directly upon one of the first. `share_among` is the share of participants' turns after
    a named person's that come after another participant's; None where there are no such turns.
    `timed` tells whether the file has both ends of every turn.
    """

    spoken: tuple[Spoken, ...]
    speakers: tuple[SpeakerFigures, ...]
    nobody: SpeakerFigures | None
    n_turns: int
    n_words: int
    spoken_ms: int | None
    timed: bool
    gini: float | None
    inequality: float | None
    followed: Mapping[Pair, int]
    after_facilitator: int
    after_participants: int
    share_among: float | None

    @property
    def participants(self) -> tuple[SpeakerFigures, ...]:
        """Give those who take part, without facilitators."""
        return tuple(item for item in self.speakers if item.role == "participant")

    @property
    def loudest(self) -> SpeakerFigures | None:
        """Give the participant with the most words; None where none says anything."""
        found = max(self.participants, key=lambda item: item.n_words, default=None)
        return found if found is not None and found.n_words else None


def interactions(
    text: str,
    turns: Iterable[TurnSpan],
    speakers: Sequence[Speaker],
    *,
    skip_facilitators: bool = False,
) -> Interactions:
    """Work out who speaks, how much and after whom.

    Parameters
    ----------
    skip_facilitators
        Whether a participant's turn follows upon that of the participant before, when only a
        facilitator spoke in between. It concerns `followed` and nothing else.

    Examples
    --------
    >>> text = "What helped?|She rang back|Nobody rang me|Nobody at all"
    >>> turns = [TurnSpan(0, 12, "Lin"), TurnSpan(13, 26, "P1"), TurnSpan(27, 41, "P2"),
    ...          TurnSpan(42, 55, "P1")]
    >>> found = interactions(text, turns, [Speaker("Lin", "facilitator"), Speaker("P1"),
    ...                                    Speaker("P2")])
    >>> [(item.name, item.n_turns, item.n_words) for item in found.speakers]
    [('Lin', 1, 2), ('P1', 2, 6), ('P2', 1, 3)]
    >>> dict(found.followed)
    {('Lin', 'P1'): 1, ('P1', 'P2'): 1, ('P2', 'P1'): 1}
    >>> round(found.share_among, 2), round(found.inequality, 2), found.spoken_ms
    (0.67, 0.33, None)
    """
    pieces = tuple(turns)
    spoken = spoken_turns(text, pieces)
    roles = {item.name: item.role for item in speakers}
    before = _spoken_before(spoken, roles)
    in_all = sum(item.n_words for item in spoken), _added(item.spoken_ms for item in spoken)
    by_name: dict[str, list[Spoken]] = {item.name: [] for item in speakers}
    for item in spoken:
        by_name.setdefault(item.speaker, []).append(item)
    figures = {
        name: _figures(name, roles.get(name), own, in_all, before)
        for name, own in by_name.items()
    }  # fmt: skip
    named = tuple(figures[item.name] for item in speakers)
    words = [item.n_words for item in named if item.role == "participant"]
    among = sum(item.after_participants for item in named if item.role == "participant")
    led = sum(item.after_facilitator for item in named if item.role == "participant")
    heard = without_facilitators(spoken, roles) if skip_facilitators else spoken
    return Interactions(
        spoken=spoken,
        speakers=named,
        nobody=figures.get(NOBODY),
        n_turns=len(spoken),
        n_words=in_all[0],
        spoken_ms=in_all[1],
        timed=bool(pieces) and all(_lasts(item) is not None for item in pieces),
        gini=gini(words),
        inequality=inequality(words),
        followed=followed_by(heard),
        after_facilitator=led,
        after_participants=among,
        share_among=among / (among + led) if among + led else None,
    )


def without_nobodies(
    turns: Iterable[TurnSpan], speakers: Iterable[Speaker]
) -> tuple[tuple[TurnSpan, ...], tuple[Speaker, ...]]:
    """Take those who stand for several people, or for somebody unknown, for nobody.

    Somebody whom a person has linked to a respondent is somebody, whatever they are called.

    Examples
    --------
    >>> without_nobodies([TurnSpan(0, 1, "All")], [Speaker("All"), Speaker("P1")])[1]
    (Speaker(name='P1', role='participant', respondent_id=None, known_as=()),)
    """
    who = tuple(speakers)
    kept = tuple(
        item
        for item in who
        if item.respondent_id or item.role == "facilitator" or kind_of(item.name) != "nobody"
    )
    gone = {item.name for item in who} - {item.name for item in kept}
    return tuple(
        replace(turn, speaker=NOBODY) if turn.speaker in gone else turn for turn in turns
    ), kept


def spoken_turns(text: str, turns: Iterable[TurnSpan]) -> tuple[Spoken, ...]:
    """Join the turns of one person that follow each other, and count their words.

    Examples
    --------
    >>> spoken_turns("I rang twice.", [TurnSpan(0, 6, "P1", 0, 900), TurnSpan(7, 13, "P1", 950)])
    (Spoken(speaker='P1', start=0, end=13, n_words=3, start_ms=0, end_ms=900, spoken_ms=900),)
    """
    return join_spoken(
        Spoken(
            turn.speaker, turn.start, turn.end, count_words(text[turn.start : turn.end]),
            turn.start_ms, turn.end_ms, _lasts(turn),
        )
        for turn in turns
    )  # fmt: skip


def join_spoken(turns: Iterable[Spoken]) -> tuple[Spoken, ...]:
    """Join turns of one named person that follow each other."""
    found: list[Spoken] = []
    for turn in turns:
        last = found[-1] if found else None
        if last is None or turn.speaker == NOBODY or last.speaker != turn.speaker:
            found.append(turn)
            continue
        found[-1] = replace(
            last,
            end=turn.end,
            n_words=last.n_words + turn.n_words,
            start_ms=turn.start_ms if last.start_ms is None else last.start_ms,
            end_ms=last.end_ms if turn.end_ms is None else turn.end_ms,
            spoken_ms=_added((last.spoken_ms, turn.spoken_ms)),
        )
    return tuple(found)


def without_facilitators(
    turns: Iterable[Spoken], roles: Mapping[str, SpeakerRole]
) -> tuple[Spoken, ...]:
    """Leave the turns of facilitators out, and join what follows each other then."""
    return join_spoken(turn for turn in turns if roles.get(turn.speaker) != "facilitator")


def followed_by(turns: Sequence[Spoken]) -> dict[Pair, int]:
    """Count how often a turn of one person follows directly upon one of another.

    Examples
    --------
    >>> followed_by([Spoken("A", 0, 1, 1), Spoken("B", 1, 2, 1), Spoken("", 2, 3, 1),
    ...              Spoken("A", 3, 4, 1)])
    {('A', 'B'): 1}
    """
    pairs = ((one.speaker, other.speaker) for one, other in itertools.pairwise(turns))
    return dict(Counter(pair for pair in pairs if NOBODY not in pair))


def gini(amounts: Sequence[float]) -> float | None:
    r"""Measure how unequal amounts are: 0 where all are equal, (n - 1) / n where one has all.

    .. math:: G = \frac{\sum_i \sum_j |x_i - x_j|}{2 n \sum_i x_i}

    Source: C. Gini (1912), *Variabilità e mutabilità*, Bologna: Cuppini. None where there are fewer
    than two amounts, or they add up to nothing.

    Examples
    --------
    >>> gini([5, 5, 5]), round(gini([0, 0, 9]), 3), gini([7]), gini([0, 0])
    (0.0, 0.667, None, None)
    """
    total = sum(amounts)
    if len(amounts) < 2 or total <= 0:
        return None
    ranked = sorted(amounts)
    n = len(ranked)
    # The double sum, written over ranks: 2 * sum of (2 i - n - 1) * x_i for i from 1.
    return sum((2 * i - n - 1) * amount for i, amount in enumerate(ranked, 1)) / (n * total)


def inequality(amounts: Sequence[float]) -> float | None:
    r"""Measure how unequal amounts are, so that groups of different size can be compared.

    The Gini coefficient times :math:`n / (n - 1)`: 0 where all are equal, 1 where one has all.
    Source: P. M. Dixon, J. Weiner, T. Mitchell-Olds and R. Woodley (1987), "Bootstrapping the Gini
    coefficient of inequality", *Ecology* 68(5), 1548-1551. Undefined as `gini` is.

    Examples
    --------
    >>> inequality([5, 5, 5]), inequality([0, 0, 9]), inequality([7])
    (0.0, 1.0, None)
    """
    found = gini(amounts)
    return None if found is None else found * len(amounts) / (len(amounts) - 1)


def _lasts(turn: TurnSpan) -> int | None:
    if turn.start_ms is None or turn.end_ms is None or turn.end_ms < turn.start_ms:
        return None
    return turn.end_ms - turn.start_ms


def _added(parts: Iterable[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _spoken_before(
    turns: Sequence[Spoken], roles: Mapping[str, SpeakerRole]
) -> Counter[tuple[str, SpeakerRole]]:
    """Count turns by whose they are and by the role of who spoke directly before."""
    return Counter(
        (turn.speaker, roles[last.speaker])
        for last, turn in itertools.pairwise(turns)
        if last.speaker in roles and turn.speaker != NOBODY
    )


def _figures(
    name: str,
    role: SpeakerRole | None,
    own: Sequence[Spoken],
    in_all: tuple[int, int | None],
    before: Mapping[tuple[str, SpeakerRole], int],
) -> SpeakerFigures:
    lengths = [item.n_words for item in own]
    spoken_ms = _added(item.spoken_ms for item in own)
    return SpeakerFigures(
        name,
        role,
        n_turns=len(own),
        n_words=sum(lengths),
        share=sum(lengths) / in_all[0] if in_all[0] else None,
        longest=max(lengths, default=None),
        median=float(median(lengths)) if lengths else None,
        spoken_ms=spoken_ms,
        time_share=(spoken_ms or 0) / in_all[1] if in_all[1] else None,
        after_facilitator=before.get((name, "facilitator"), 0),
        after_participants=before.get((name, "participant"), 0),
    )


def busiest(found: Interactions, most: int, *, participants_only: bool = False) -> tuple[str, ...]:
    """Name the speakers with most turns, in the order in which they are listed.

    Examples
    --------
    >>> spans = [TurnSpan(0, 1, "P1"), TurnSpan(2, 3, "P2"), TurnSpan(4, 5, "P1")]
    >>> talk = interactions("A B C", spans, [Speaker("P2"), Speaker("P1"), Speaker("P3")])
    >>> busiest(talk, 2), busiest(talk, 1)
    (('P2', 'P1'), ('P1',))
    """
    there = found.participants if participants_only else found.speakers
    ranked = sorted(there, key=lambda item: -item.n_turns)[:most]
    kept = {item.name for item in ranked}
    return tuple(item.name for item in there if item.name in kept)
