"""Matching pairs the words that stayed, and no words that only look as if."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import matching
from workbench.domain.matching import (
    Run,
    drop_chance,
    is_word,
    joined,
    match_tokens,
    tokenise,
    words,
)

ids = st.lists(st.integers(0, 6), max_size=25)


def tokens(text: str) -> list[str]:
    return [text[start:end] for start, end in words(text)]


class TestWords:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("She said: no!", ["She", "said", ":", "no", "!"]),
            ("don't don\u2019t", ["don't", "don\u2019t"]),
            ("cafe\u0301 کِیا क्षि", ["cafe\u0301", "کِیا", "क्षि"]),
            ("می\u200cخواهم", ["می\u200cخواهم"]),
            ("a 👩‍👧 🇬🇧", ["a", "👩‍👧", "🇬🇧"]),
            ("說話 ไทย", ["說", "話", "ไ", "ท", "ย"]),
            (" \n\t", []),
            ("", []),
        ],
    )
    def test_cases(self, text: str, found: list[str]) -> None:
        assert tokens(text) == found

    @given(st.text())
    def test_only_white_space_is_left_out(self, text: str) -> None:
        assert "".join(tokens(text)) == "".join(
            sign for sign in text if sign not in _spaces_of(text)
        )
        assert all(a[1] <= b[0] for a, b in pairwise(words(text)))

    @pytest.mark.parametrize(
        ("token", "word"), [("no", True), ("1", True), ("!", False), ("😀", False)]
    )
    def test_is_word(self, token: str, word: bool) -> None:
        assert is_word(token) is word


def _spaces_of(text: str) -> set[str]:
    return {sign for sign in text if sign.isspace()}


class TestMatchTokens:
    def check(self, old: list[int], new: list[int], runs: list[Run]) -> None:
        assert all(run.size > 0 for run in runs)
        assert all(old[r.old : r.old_end] == new[r.new : r.new_end] for r in runs)
        assert all(a.old_end <= b.old and a.new_end <= b.new for a, b in pairwise(runs))

    @given(ids, ids)
    def test_runs_are_equal_and_never_cross(self, old: list[int], new: list[int]) -> None:
        self.check(old, new, match_tokens(old, new))

    @given(ids)
    def test_equal_sequences_are_one_run(self, old: list[int]) -> None:
        assert match_tokens(old, old) == ([Run(0, 0, len(old))] if old else [])

    @given(ids, ids)
    def test_split_at_words_that_both_have_once(self, old: list[int], new: list[int]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(matching, "MAX_CELLS", 9)
            runs = match_tokens(old, new)
        self.check(old, new, runs)

    def test_the_split_finds_what_the_whole_finds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        old = list(range(200))
        new = [*range(50), 900, *range(50, 120), *range(125, 200)]
        whole = match_tokens(old, new)
        monkeypatch.setattr(matching, "MAX_CELLS", 100)
        assert (
            match_tokens(old, new) == whole == [Run(0, 0, 50), Run(50, 51, 70), Run(125, 121, 75)]
        )

    def test_the_longest_order_wins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(matching, "MAX_CELLS", 0)
        assert match_tokens([1, 2, 3, 4, 5], [5, 1, 2, 3, 4]) == [Run(0, 1, 4)]
        assert match_tokens([1, 1, 2], [1, 1, 3]) == []


class TestDropChance:
    def kept(self, old: str, new: str, trust_once: bool = True) -> list[str]:
        known: dict[str, int] = {}
        a, b = tokenise(old, known), tokenise(new, known)
        runs = drop_chance(a, b, match_tokens(a.ids, b.ids), trust_once=trust_once)
        return [" ".join(a[i] for i in range(run.old, run.old_end)) for run in runs]

    def test_a_small_word_among_rewritten_ones_goes(self) -> None:
        old = "Start the . one two the three four the End"
        new = "Start the . five six the seven eight the End"
        assert self.kept(old, new) == ["Start the .", "the End"]

    def test_as_many_words_as_changed_stay(self) -> None:
        old, new = "a a b one c d e two f f", "a a b three c d e four f f"
        assert self.kept(old, new) == ["a a b", "c d e", "f f"]

    def test_a_word_that_both_have_once_stays_near_small_edits(self) -> None:
        old, new = "The staff were rude to me", "The nurse was rude towards us"
        assert self.kept(old, new) == ["The", "rude"]
        assert self.kept(old, new, trust_once=False) == ["The"]

    def test_but_not_amid_large_ones(self) -> None:
        old = "x one two three four five rude six seven eight nine ten y"
        new = "x a b c d e rude f g h i j y"
        assert self.kept(old, new) == ["x", "y"]

    def test_signs_between_changed_words_go(self) -> None:
        assert self.kept("x one , two y", "x three , four y") == ["x", "y"]


@given(st.lists(st.integers(1, 4), max_size=10), st.data())
def test_joined_runs_cover_the_same(sizes: list[int], data: st.DataObject) -> None:
    runs, old, new = [], 0, 0
    for size in sizes:
        old += data.draw(st.integers(0, 1))
        new += data.draw(st.integers(0, 1))
        runs.append(Run(old, new, size))
        old, new = old + size, new + size
    whole = joined(runs)
    pairs = [(r.old + i, r.new + i) for r in runs for i in range(r.size)]
    assert [(r.old + i, r.new + i) for r in whole for i in range(r.size)] == pairs
    assert all((a.old_end, a.new_end) != (b.old, b.new) for a, b in pairwise(whole))
