"""A discussion's text with the names of its speakers, as REFI-QDA files have it, and back.

In: words and turns, as a study keeps them. Out: the words with "Name: " before each turn, and
where every place went. Other programs show nothing but the text, so that the names must be in it;
a study keeps them beside it.

Nothing but the labels is put in: a turn of nobody has none, and what stands between turns (a blank
line) stays. With the turns at hand (an uncoded selection for each, with the speaker's name, see
`refi_terms`) the labels come off exactly; `find_turns` finds them in the text alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from workbench.domain.turns import BETWEEN, TurnSpan

MARK = ": "
"""Between a speaker's name and their words."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with labels: its turns, without their labels, and where the labels stand.

    `at` are the places of the labels in the words, rising; `before[i]` is how many characters the
    first `i` labels have.
    """

    text: str
    turns: tuple[TurnSpan, ...]
    at: tuple[int, ...] = ()
    before: tuple[int, ...] = (0,)

    def start(self, place: int) -> int:
        """Return where a span that starts here in the words starts in the text: after a label."""
        return place + self.before[bisect_right(self.at, place)]

    def end(self, place: int) -> int:
        """Return where a span that ends here in the words ends in the text: before a label."""
        return place + self.before[bisect_left(self.at, place)]

    def word(self, place: int) -> int:
        """Return where a place in the text is in the words.

        What is inside a label is where the words after it begin.
        """
        n = bisect_right(
            range(len(self.at)), place, key=lambda nth: self.at[nth] + self.before[nth]
        )
        if not n:
            return place
        return max(self.at[n - 1], place - self.before[n])


def put_labels_on(words: str, turns: Sequence[TurnSpan]) -> Labelled:
    r"""Write a discussion with the names of its speakers.

    Parameters
    ----------
    turns
        Over the words, in order, none in another.

    Examples
    --------
    >>> put_labels_on("No.\n\nWhy", [TurnSpan(0, 3, "P1"), TurnSpan(5, 8, "P2")]).text
    'P1: No.\n\nP2: Why'
    """
    parts: list[str] = []
    at: list[int] = []
    before = [0]
    moved: list[TurnSpan] = []
    done = 0
    for turn in turns:
        parts.append(words[done : turn.start])
        done = turn.start
        if turn.speaker:
            label = turn.speaker + MARK
            parts.append(label)
            at.append(turn.start)
            before.append(before[-1] + len(label))
        moved.append(replace(turn, start=turn.start + before[-1], end=turn.end + before[-1]))
    parts.append(words[done:])
    return Labelled("".join(parts), tuple(moved), tuple(at), tuple(before))


def take_labels_off(text: str, turns: Sequence[TurnSpan]) -> tuple[str, Labelled]:
    """Take the names out of a text of which the turns are known.

    Parameters
    ----------
    turns
        Over the text, in order: the words alone, without the label before them. A label that does
        not stand there is not taken off.

    Returns
    -------
    words : str
        The text without labels.
    labelled : Labelled
        The text and its turns; `word` tells where its places are in the words. The turns
        over the words are `words_of(labelled)`.
    """
    parts: list[str] = []
    at: list[int] = []
    before = [0]
    done = 0
    for turn in turns:
        label = turn.speaker + MARK if turn.speaker else ""
        begins = turn.start - len(label)
        if not label or begins < done or text[begins : turn.start] != label:
            continue
        parts.append(text[done:begins])
        done = turn.start
        at.append(begins - before[-1])
        before.append(before[-1] + len(label))
    parts.append(text[done:])
    return "".join(parts), Labelled(text, tuple(turns), tuple(at), tuple(before))


def words_of(labelled: Labelled) -> tuple[TurnSpan, ...]:
    """Return the turns of a text with labels as they are over its words."""
    return tuple(
        replace(turn, start=labelled.word(turn.start), end=labelled.word(turn.end))
        for turn in labelled.turns
    )


def find_turns(text: str, names: Collection[str]) -> tuple[TurnSpan, ...]:
    r"""Find the turns of a text by its labels alone: paragraphs that begin with a known name.

    A paragraph without one belongs to the turn before it; before the first, to nobody. So a turn
    of nobody between two others is not found again: turns that were written down (see
    `refi_terms`) go before this.

    Examples
    --------
    >>> found = find_turns("P1: No.\n\nP2: Why", ["P1", "P2"])
    >>> [(turn.start, turn.end, turn.speaker) for turn in found]
    [(4, 7, 'P1'), (13, 16, 'P2')]
    """
    by_length = sorted({name for name in names if name}, key=len, reverse=True)
    found: list[TurnSpan] = []
    at = 0
    for paragraph in text.split(BETWEEN):
        end = at + len(paragraph)
        name = next((one for one in by_length if paragraph.startswith(one + MARK)), "")
        if name:
            found.append(TurnSpan(at + len(name) + len(MARK), end, name))
        elif found:
            found[-1] = replace(found[-1], end=end)
        elif paragraph:
            found.append(TurnSpan(at, end))
        at = end + len(BETWEEN)
    return tuple(found)
