"""What the figures of a discussion say, in sentences; and what they do not say.

In: figures of `interactions`. Out: sentences for the page, files and the command line. Names are
those that are shown; whoever puts the sentences on a page escapes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from workbench.domain.agreement import decimal, percent
from workbench.domain.interactions import Interactions
from workbench.domain.words import count

SOURCES: Mapping[str, str] = {
    "turns": "Everything that one person says until somebody else speaks (Sacks, Schegloff and "
    "Jefferson 1974).",
    "inequality": "The Gini coefficient (Gini 1912) of participants' words, times n / (n - 1) so "
    "that groups of different size compare (Dixon and others 1987). 0: all say equally much; "
    "1: one says everything.",
    "share_among": "Of participants' turns that directly follow a named person's, the share that "
    "follow another participant's; the others follow a facilitator's.",
    "followed": "How often a turn of the one directly follows a turn of the other.",
}
"""What each figure is, and who has described it."""

LIMITS = (
    "Who speaks after whom is counted, not whom they mean: people also answer somebody further "
    "back, everybody, or nobody. Nods, laughter and silence are in no transcript's figures, nor is "
    "anybody who was there and never spoke.",
    "How much somebody says is not how much it matters. Kitzinger (1994) and Morgan (2010) ask how "
    "people build on, question or silence each other; that is read, and these figures only show "
    "where to read.",
)
"""What such figures do not say. J. Kitzinger (1994), Sociology of Health & Illness 16(1), 103-121;
D. L. Morgan (2010), Qualitative Health Research 20(5), 718-722."""

NOTED_UNKNOWN = 0.02
"""Share of words that nobody is named for, from which on the figures are said to lack them."""


def in_words(found: Interactions, shown: Callable[[str], str] = str) -> list[str]:
    """Say the figures of a discussion in sentences; none where nothing is said.

    Parameters
    ----------
    shown
        Writes a name so that it cannot turn the sentence around it.

    Examples
    --------
    >>> from workbench.domain.interactions import interactions
    >>> from workbench.domain.turns import Speaker, TurnSpan
    >>> turns = [TurnSpan(0, 3, "P1"), TurnSpan(4, 7, "P2"), TurnSpan(8, 15, "P1")]
    >>> for line in in_words(interactions("Yes No Not now", turns, [Speaker("P1"), Speaker("P2")])):
    ...     print(line)
    2 participants say 4 words in 3 turns.
    P1 says most: 75 % of participants' words. Equal shares would be 50 %.
    Of participants' 2 turns after a named person's, 2 (100 %) follow another participant's.
    """
    return list(_said(found, shown)) if found.n_words else []


def _said(found: Interactions, shown: Callable[[str], str]) -> Iterator[str]:
    people = found.participants
    words = sum(item.n_words for item in people)
    turns = sum(item.n_turns for item in people)
    says = "says" if len(people) == 1 else "say"
    first = f"{count(len(people), 'participant')} {says} {count(words, 'word')} in "
    first += f"{count(turns, 'turn')}."
    led = [item for item in found.speakers if item.role == "facilitator"]
    if led:
        who = "The facilitator says" if len(led) == 1 else f"The {len(led)} facilitators say"
        share = sum(item.n_words for item in led) / found.n_words
        first += f" {who} {percent(share)} of all words."
    yield first
    loudest = found.loudest
    if loudest is not None and len(people) > 1:
        yield (
            f"{shown(loudest.name)} says most: {percent(loudest.n_words / words)} of "
            f"participants' words. Equal shares would be {percent(1 / len(people))}."
        )
    if found.share_among is not None:
        both = found.after_participants + found.after_facilitator
        others = ", the others a facilitator's" if found.after_facilitator else ""
        yield (
            f"Of participants' {count(both, 'turn')} after a named person's, "
            f"{found.after_participants:,} ({percent(found.share_among)}) follow another "
            f"participant's{others}."
        )


def cautions(found: Interactions) -> list[str]:
    """Say what a reader must know before they rest anything on the figures."""
    said = []
    share = found.nobody.share if found.nobody else None
    if share is not None and share >= NOTED_UNKNOWN:
        said.append(
            f"Nobody is named for {percent(share)} of the words: they are in no person's figures, "
            "and who speaks after them is not counted."
        )
    if len(found.participants) < 2:
        said.append("With fewer than two participants there is no inequality to measure.")
    if found.spoken_ms is not None and not found.timed:
        said.append("The file has times for some turns only: minutes are of those alone.")
    return said


def figure(value: float | None) -> str:
    """Write a coefficient with two digits, and a dash where it is not defined."""
    return "\u2013" if value is None else decimal(value)


def whole_percent(share: float | None) -> str:
    """Write a share as a whole percentage, and a dash where it is not defined."""
    return "\u2013" if share is None else percent(share)
