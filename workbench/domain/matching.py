"""Matching: which words of an old text are which words of a new one.

In: two texts. Out: their words and signs as `Tokens`, and the runs of tokens that both have in the
same order. `alignment` refines these runs to characters.

The edit script with the fewest changed words (Levenshtein 1966) is computed by rapidfuzz in its
bit-parallel form (Hyyrö 2003). Texts too long for it are first split at words that both have
exactly once, in the longest order that both share ("patience diff", Bram Cohen). What then matches
only by chance is dropped, after the semantic clean-up of diff-match-patch (Neil Fraser 2006).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import regex  # type: ignore[import-untyped]
from rapidfuzz.distance import Levenshtein

TOKEN = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*"
    r"|[\w\p{M}'\u2019\u200c\u200d]+|\s+|\X"
)
"""A word, white space, or one other character. Scripts without spaces count letters as words."""

MAX_CELLS = 4_000_000_000
"""Old words times new words that are compared at once: about half a second."""

NEAR = 4
"""Words. A word that occurs once is trusted when no more than these changed on either side."""


@dataclass(frozen=True, slots=True)
class Run:
    """`size` units from `old` on in the old sequence are those from `new` on in the new one."""

    old: int
    new: int
    size: int

    @property
    def old_end(self) -> int:
        """Where the run ends in the old sequence."""
        return self.old + self.size

    @property
    def new_end(self) -> int:
        """Where the run ends in the new sequence."""
        return self.new + self.size

    def covers(self, start: int, end: int) -> bool:
        """Whether all of `[start, end)` of the old sequence lives on in this run."""
        return self.old <= start and end <= self.old_end


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words and signs of a text: token `i` is `text[starts[i]:ends[i]]`, known by `ids[i]`.

    White space is no token: it matches everywhere, and would hold chance matches together.
    """

    text: str
    starts: list[int]
    ends: list[int]
    ids: list[int]

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.ids)

    def __getitem__(self, index: int) -> str:
        """Return one token as it is written."""
        return self.text[self.starts[index] : self.ends[index]]

    def part(self, start: int, end: int) -> Tokens:
        """Return the tokens from `start` to before `end`; offsets stay those of the text."""
        cut = slice(start, end)
        return Tokens(self.text, self.starts[cut], self.ends[cut], self.ids[cut])


def words(text: str) -> Iterator[tuple[int, int]]:
    """Yield `[start, end)` of every token of a text that is not white space."""
    for token in TOKEN.finditer(text):
        if not token.group().isspace():
            yield token.span()


def is_word(token: str) -> bool:
    """Whether a token is a word, rather than white space or a sign."""
    return any(character.isalnum() for character in token)


def tokenise(text: str, known: dict[str, int]) -> Tokens:
    """Cut a text into tokens and number them, equal tokens alike."""
    spans = list(words(text))
    ids = [known.setdefault(text[start:end], len(known)) for start, end in spans]
    return Tokens(text, [start for start, _ in spans], [end for _, end in spans], ids)


def match_tokens(old: Sequence[int], new: Sequence[int]) -> list[Run]:
    """Match two sequences with as few changes as possible."""
    if len(old) * len(new) <= MAX_CELLS:
        return _fewest_changes(old, new)
    anchors = _once_in_both(old, new)
    bounds = [Run(0, 0, 0), *anchors, Run(len(old), len(new), 0)]
    runs: list[Run] = []
    for before, after in pairwise(bounds):
        a, b = old[before.old_end : after.old], new[before.new_end : after.new]
        if len(a) * len(b) <= MAX_CELLS:
            for run in _fewest_changes(a, b):
                runs.append(Run(run.old + before.old_end, run.new + before.new_end, run.size))
        if after.size:
            runs.append(after)
    return joined(runs)


def _fewest_changes(old: Sequence[int], new: Sequence[int]) -> list[Run]:
    if not old or not new:
        return []
    hint = abs(len(old) - len(new)) + max(len(old), len(new)) // 50 + 8
    return [
        Run(code.src_start, code.dest_start, code.src_end - code.src_start)
        for code in Levenshtein.opcodes(old, new, score_hint=hint)
        if code.tag == "equal"
    ]


def _once_in_both(old: Sequence[int], new: Sequence[int]) -> list[Run]:
    """Return the tokens that both have once, in the longest order that both share."""
    n_old, n_new = Counter(old), Counter(new)
    at_new = {token: at for at, token in enumerate(new) if n_new[token] == 1}
    pairs = [(i, at_new[t]) for i, t in enumerate(old) if n_old[t] == 1 and t in at_new]
    tails: list[int] = []
    tops: list[int] = []
    below: list[int] = []
    for index, (_, j) in enumerate(pairs):
        pile = bisect_left(tails, j)
        below.append(tops[pile - 1] if pile else -1)
        if pile == len(tails):
            tails.append(j)
            tops.append(index)
        else:
            tails[pile], tops[pile] = j, index
    chain: list[Run] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        chain.append(Run(*pairs[index], 1))
        index = below[index]
    return chain[::-1]


class _Evidence:
    """Tells whether a run between two edits says where its words came from."""

    def __init__(self, old: Tokens, new: Tokens, *, trust_once: bool) -> None:
        self._old_words = _word_counts(old)
        self._new_words = _word_counts(new)
        n_old, n_new = Counter(old.ids), Counter(new.ids)
        self._once = {token for token, n in n_old.items() if trust_once and n == 1 == n_new[token]}
        self._ids = old.ids

    def is_chance(self, before: Run, run: Run, after: Run) -> bool:
        """Whether the run is smaller than the edits on both its sides and not known otherwise."""
        left, right = self._edit(before, run), self._edit(run, after)
        size = self._old_words[run.old_end] - self._old_words[run.old]
        if size >= min(left, right):
            return False
        once = any(token in self._once for token in self._ids[run.old : run.old_end])
        return not (size and once and max(left, right) <= NEAR)

    def _edit(self, before: Run, after: Run) -> int:
        """Words changed between two runs, on the side that has more of them."""
        return max(
            self._old_words[after.old] - self._old_words[before.old_end],
            self._new_words[after.new] - self._new_words[before.new_end],
        )


def _word_counts(tokens: Tokens) -> list[int]:
    """Return the number of words before each token, and in all."""
    return list(accumulate((is_word(tokens[i]) for i in range(len(tokens))), initial=0))


def drop_chance(old: Tokens, new: Tokens, runs: list[Run], *, trust_once: bool) -> list[Run]:
    """Drop the runs that are there by chance; see `_Evidence`."""
    evidence = _Evidence(old, new, trust_once=trust_once)
    kept = [Run(0, 0, 0)]
    for run in [*runs, Run(len(old), len(new), 0)]:
        while len(kept) > 1 and evidence.is_chance(kept[-2], kept[-1], run):
            kept.pop()
        kept.append(run)
    return kept[1:-1]


def joined(runs: Iterable[Run]) -> list[Run]:
    """Join runs that follow each other without a gap."""
    kept: list[Run] = []
    for run in runs:
        last = kept[-1] if kept else None
        if last and (last.old_end, last.new_end) == (run.old, run.new):
            kept[-1] = Run(last.old, last.new, last.size + run.size)
        else:
            kept.append(run)
    return kept
