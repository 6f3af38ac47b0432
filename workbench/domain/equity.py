"""Transcription equity: how much of the machine's words people had to change, and for whom.

In: word counts of checked transcripts, one set for each respondent. Out: pooled rates with
intervals that respect that a person's words hang together, and which groups are too small to show.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MIN_RESPONDENTS = 5
"""Groups with fewer respondents whose notes were checked are not shown."""

MARKS = ("[inaudible]", "[crosstalk]")
"""What people write where words cannot be made out. They are no words."""

_UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),
)  # fmt: skip
"""Thai, Lao, Burmese, Khmer, kana and Han: scripts that put no space between words."""
_APOSTROPHES = "'\u2019\u02bc\u0060"


@dataclass(frozen=True, slots=True)
class WordErrors:
    """How a machine's text differs from the checked one, in words.

    `inserted` are words of the machine that are not in the checked text, `deleted` those that the
    machine left out. `character_errors` of `characters` are the same by character.
    """

    kept: int = 0
    substituted: int = 0
    deleted: int = 0
    inserted: int = 0
    character_errors: int = 0
    characters: int = 0

    def __add__(self, other: WordErrors) -> WordErrors:
        """Add the counts of two texts."""
        return WordErrors(
            self.kept + other.kept,
            self.substituted + other.substituted,
            self.deleted + other.deleted,
            self.inserted + other.inserted,
            self.character_errors + other.character_errors,
            self.characters + other.characters,
        )

    @property
    def machine_words(self) -> int:
        """Words that the machine wrote."""
        return self.kept + self.substituted + self.inserted

    @property
    def checked_words(self) -> int:
        """Words of the checked text."""
        return self.kept + self.substituted + self.deleted

    @property
    def changed(self) -> int:
        """Words of the machine that a person replaced or took out."""
        return self.substituted + self.inserted

    @property
    def errors(self) -> int:
        """Substituted, deleted and inserted words."""
        return self.substituted + self.deleted + self.inserted


@dataclass(frozen=True, slots=True)
class Rate:
    """A pooled rate with its 95 % interval; None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


NO_RATE = Rate(None, None, None)
"""Of nothing."""


def words_of(text: str) -> tuple[str, ...]:
    """Cut a text into the words that are compared.

    Capitals and compatibility forms are folded (Unicode NFKC and case folding), marks such as
    [inaudible] are left out, apostrophes are dropped, and all other punctuation parts words. In
    scripts without spaces every character, with the marks on it, is a word.

    Examples
    --------
    >>> words_of("Don\u2019t go, [inaudible] she SAID.")
    ('dont', 'go', 'she', 'said')
    >>> words_of("\u4f60\u597d, Ana")
    ('\u4f60', '\u597d', 'ana')
    >>> words_of("[crosstalk]")
    ()
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    for mark in MARKS:
        folded = folded.replace(mark, " ")
    words: list[str] = []
    joins = False
    for character in folded:
        kind = unicodedata.category(character)[0]
        if character in _APOSTROPHES or unicodedata.category(character) == "Cf":
            continue
        if kind == "M" and words and joins:
            words[-1] += character
        elif kind not in "LNM":
            joins = False
        elif _unspaced(character):
            words.append(character)
            joins = True
        elif joins and not _unspaced(words[-1][0]):
            words[-1] += character
        else:
            words.append(character)
            joins = True
    return tuple(words)


def _unspaced(character: str) -> bool:
    code = ord(character)
    return any(low <= code <= high for low, high in _UNSPACED)


def pooled_rate(pairs: Sequence[tuple[int, int]], *, at_most: float | None = None) -> Rate:
    """Estimate a ratio of totals, with an interval that takes each respondent as a cluster.

    The rate is ``R = sum(y) / sum(x)``. Its variance is the Taylor-linearised one of a ratio of
    totals with clusters drawn with replacement, ``n / (n - 1) * sum((y - R x) ** 2) / sum(x) ** 2``
    (Cochran, 1977, Sampling Techniques, 3rd ed., sections 2.11 and 6.4), and the interval uses
    Student's t with n - 1 degrees of freedom. It is rough with few respondents.

    Parameters
    ----------
    pairs
        For each respondent (y, x): words counted, and words they are counted among.
    at_most
        The largest value that the rate can take; None where there is no bound.

    Returns
    -------
    Rate
        Without a value where x adds up to 0; without an interval below two respondents with words,
        and where the respondents do not differ at all, such as when nothing was changed: a width
        of nought would claim a certainty that nobody has.

    Examples
    --------
    >>> rate = pooled_rate([(1, 10), (3, 10), (2, 10)], at_most=1)
    >>> round(rate.value, 3), round(rate.low, 3), round(rate.high, 3)
    (0.2, 0.0, 0.448)
    >>> pooled_rate([(1, 10)])
    Rate(value=0.1, low=None, high=None)
    >>> pooled_rate([])
    Rate(value=None, low=None, high=None)
    """
    total = sum(x for _, x in pairs)
    if total == 0:
        return NO_RATE
    value = sum(y for y, _ in pairs) / total
    n = len(pairs)
    squares = math.fsum((y - value * x) ** 2 for y, x in pairs)
    if n < 2 or math.sqrt(squares) / total < 1e-12:
        return Rate(value, None, None)
    half = t_quantile(n - 1) * math.sqrt(n / (n - 1) * squares) / total
    high = value + half if at_most is None else min(at_most, value + half)
    return Rate(value, max(0.0, value - half), high)


def t_quantile(freedom: int) -> float:
    """Give the 97.5 % quantile of Student's t (Hill, 1970, Algorithm 396, CACM 13, 619-620).

    Examples
    --------
    >>> [round(t_quantile(n), 2) for n in (1, 2, 4, 10, 100)]
    [12.71, 4.3, 2.78, 2.23, 1.98]
    """
    tail, n = 0.05, float(freedom)
    if freedom == 1:
        return 1 / math.tan(tail * math.pi / 2)
    if freedom == 2:
        return math.sqrt(2 / (tail * (2 - tail)) - 2)
    a = 1 / (n - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * n
    y = (d * tail) ** (2 / n)
    if y > 0.05 + a:
        x = -1.959963984540054  # the normal quantile of the lower tail
        y = x * x
        if freedom < 5:
            c += 0.3 * (n - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        y = math.expm1(a * y * y)
    else:
        y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y
             - 1) * (n + 1) / (n + 2) + 1 / y  # fmt: skip
    return math.sqrt(n * y)


def hidden_groups(sizes: Mapping[str, int], *, at_least: int = MIN_RESPONDENTS) -> frozenset[str]:
    """Tell which groups must not be shown, given the respondents of each.

    Groups with fewer than `at_least` respondents are hidden. So that no hidden group can be worked
    out from the total and the others, at least two are hidden then, with `at_least` respondents
    between them: the smallest of the others are hidden too. Groups without anybody tell nothing.

    Examples
    --------
    >>> sorted(hidden_groups({"a": 20, "b": 9, "c": 2}))
    ['b', 'c']
    >>> sorted(hidden_groups({"a": 20, "b": 9, "c": 3, "d": 4}))
    ['c', 'd']
    >>> sorted(hidden_groups({"a": 20, "b": 9, "c": 0}))
    []
    """
    filled = {name: n for name, n in sizes.items() if n > 0}
    hidden = {name for name, n in filled.items() if n < at_least}
    rest = sorted(filled.keys() - hidden, key=lambda name: (filled[name], name))
    while rest and hidden and _can_be_derived([filled[name] for name in hidden], at_least):
        hidden.add(rest.pop(0))
    return frozenset(hidden)


def _can_be_derived(sizes: Iterable[int], at_least: int) -> bool:
    known = list(sizes)
    return len(known) < 2 or sum(known) < at_least
