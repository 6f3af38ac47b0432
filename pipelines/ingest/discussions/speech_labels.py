"""Names of speakers before words: what can be one, and which of those are.

In: lines of a transcript. Out: names, words, times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.ingest.discussions.speech import CLOCK, CLOCK_AT_END, CLOCK_CHARS, clock_ms
from workbench.domain.speaker_names import is_unknown, kind_of, without_doubt

MAX_LABEL = 60
"""Characters of a speaker's name."""
MAX_WORDS = 6
ROLE = re.compile(
    r"(?:speaker|participant|respondent|interviewer|interviewee|moderator|facilitator|researcher|"
    r"chair|host|interpreter|parent|young person|practitioner|mother|father|male|female|unknown|"
    r"unidentified|several|all|p|r|s|m|f|i|int|fac|mod|res|yp|fg)\s*[-_ ]?\s*\d{0,3}[a-z]?",
    re.I,
)
"""What transcribers call people whose names they do not write."""
NOISE = re.compile(
    r"[\[(<*]+ ?(?:laugh(?:s|ter|ing)?|pauses?|silence|cross ?talk|inaudible|applause|"
    r"overtalking|background noise|recording (?:paused|stopped|resumed)|sighs?|coughs?|"
    r"crying|noise|music)\b.*[\])>*]+",
    re.I,
)
"""What transcribers write for what is heard and is no word: [laughter], (Pause)."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document. `bold` is how many characters at its beginning are bold."""

    text: str
    bold: int = 0
    line: int | None = None
    cells: tuple[str, ...] = ()
    """Its cells, where it is a row of a table."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name before words: `Name: words`, with a time before or after the name."""

    name: str
    words: str
    at: int | None = None


def split_label(text: str) -> Label | None:
    """Part a line into a name and words at its first colon or tab; None where no name can be.

    Examples
    --------
    >>> split_label("[00:01:02] Ana: I said: no.")
    Label(name='Ana', words='I said: no.', at=62000)
    >>> split_label("Ana (0:05): Yes").name
    'Ana'
    """
    told = text.lstrip()
    before = CLOCK.match(told)
    at = clock_ms(before) if before else None
    if before:
        told = told[before.end() :].lstrip(" \t-–")
    for place, sign in enumerate(told[: MAX_LABEL + CLOCK_CHARS]):
        beside = told[place - 1 : place].isdigit() and told[place + 1 : place + 2].isdigit()
        if sign == "\n":
            return None
        if sign == "\t" or (sign == ":" and not beside and not told.startswith("://", place)):
            name, after = without_time(told[:place].strip())
            if not is_label(name) and not is_label(without_doubt(name)[0]):
                return None
            return Label(name, told[place + 1 :].lstrip(), at if after is None else after)
    return None


def is_label(words: str) -> bool:
    """Tell whether some words can be the name of a speaker, or stand for one whom nobody knows."""
    name = words.strip()
    if not name or len(name) > MAX_LABEL or len(name.split()) > MAX_WORDS:
        return False
    bare, doubted = without_doubt(name)
    if doubted:  # a label: a question ends so as well
        return not bare or (is_label(bare) and kind_of(bare) != "name")
    if is_unknown(name):
        return True
    if NOISE.fullmatch(name) or re.search(r"[?!:;,\"“”]|\. [a-z]|(?<!\b\w)(?<!Dr)(?<!Jr)\.$", name):
        return False
    return any(sign.isalpha() for sign in name) and not name[0].islower()


def known_labels(lines: Iterable[str]) -> set[str]:
    """Find the names that stand before a colon: those that come again, and those of roles.

    A name that comes again in other capitals is the same name; one with a question mark counts
    where it comes without one, too.
    """
    names = [label.name for label in map(split_label, lines) if label is not None]
    counted = Counter(name.casefold() for name in names)

    def counts(name: str) -> bool:
        bare, doubted = without_doubt(name)
        again = bare.casefold() in counted if doubted else counted[name.casefold()] > 1
        return again or is_given(name)

    return set(filter(counts, names))


def is_given(name: str) -> bool:
    """Tell whether a name counts though it comes once: a role, or somebody whom nobody knows."""
    unknown = is_unknown(name) and kind_of(without_doubt(name)[0]) != "name"
    return unknown or ROLE.fullmatch(name) is not None or not any(map(str.isalnum, name))


def without_time(words: str) -> tuple[str, int | None]:
    """Part a time from the beginning or the end of some words."""
    for place in (CLOCK.match(words), CLOCK_AT_END.search(words[-CLOCK_CHARS:])):
        if place:
            at_end = place.end() == len(words[-CLOCK_CHARS:]) and place.re is CLOCK_AT_END
            cut = len(words) - len(words[-CLOCK_CHARS:]) + place.start()
            rest = words[:cut] if at_end else words[place.end() :]
            return rest.strip(" \t-–|·"), clock_ms(place)
    return words.strip(), None
