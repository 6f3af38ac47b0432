"""Alignments never cross, hold only what both texts have, and lie where a reader would see them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.alignment import Alignment, Gap, align
from workbench.domain.matching import Run, is_word
from workbench.domain.text import fold

PIECES = [
    "she ",
    "said ",
    "no ",
    "no. ",
    "\n",
    "Fine ",
    "fine ",
    "cafe\u0301 ",
    "café ",
    "فون ",
    "👩‍👧",
]
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=14).map("".join)


def letters(word: str) -> str:
    """Return a word without case, accents and signs."""
    return "".join(sign for sign in fold(word) if sign.isalnum())


def living(old: str, new: str) -> list[str]:
    """Return the pieces of the old text that live on."""
    return [old[run.old : run.old_end] for run in align(old, new).runs]


class TestRuns:
    @given(texts, texts)
    def test_same_characters_in_order(self, old: str, new: str) -> None:
        found = align(old, new)
        assert all(run.size > 0 for run in found.runs)
        assert all(old[r.old : r.old_end] == new[r.new : r.new_end] for r in found.runs)
        assert all(a.old_end <= b.old and a.new_end <= b.new for a, b in pairwise(found.runs))
        assert not found.runs or found.runs[-1].old_end <= len(old)

    @given(texts)
    def test_an_equal_text_lives_on_whole(self, text: str) -> None:
        assert align(text, text).runs == ((Run(0, 0, len(text)),) if text else ())

    @given(texts, texts, texts)
    def test_one_insertion_leaves_all_of_the_old(self, a: str, added: str, b: str) -> None:
        assert "".join(living(a + b, a + added + b)) == a + b

    @given(texts, texts, texts)
    def test_one_deletion_leaves_all_of_the_new(self, a: str, removed: str, b: str) -> None:
        assert "".join(living(a + removed + b, a + b)) == a + b

    @given(texts, texts)
    def test_word_pairs_are_words_of_both(self, old: str, new: str) -> None:
        for pair in align(old, new).pairs:
            assert 0 <= pair.old < pair.old_end <= len(old)
            assert 0 <= pair.new < pair.new_end <= len(new)
            a, b = old[pair.old : pair.old_end], new[pair.new : pair.new_end]
            assert not pair.same or letters(a) == letters(b) or not is_word(a + b)


class TestWhereAnEditLies:
    def inserted(self, old: str, new: str) -> list[str]:
        found = align(old, new)
        bounds = [Run(0, 0, 0), *found.runs, Run(len(old), len(new), 0)]
        return [new[a.new_end : b.new] for a, b in pairwise(bounds) if a.new_end < b.new]

    @pytest.mark.parametrize(
        ("old", "new", "added"),
        [
            ("that", "the that", "the "),
            ("I was alone.", "I was afraid. I was alone.", "I was afraid. "),
            ("one\ntwo\n", "one\nmore\ntwo\n", "more\n"),
            ("no no", "no no no", " no"),
            ("no", "no no", " no"),
            ("They said it", "They really said it", "really "),
            ("ab", "aab", "a"),
            ("", "all of it", "all of it"),
        ],
    )
    def test_insertions(self, old: str, new: str, added: str) -> None:
        (found,) = self.inserted(old, new)
        assert found.strip() == added.strip()
        # The other way round it is a deletion, and lies in the same place.
        assert "".join(living(new, old)) == old

    def test_never_before_an_accent(self) -> None:
        old, new = "e\u0301", "e\u0301e\u0301"
        (added,) = self.inserted(old, new)
        assert added == "e\u0301"


class TestLetters:
    def test_corrected_words_are_paired(self) -> None:
        old, new = "I recieved a letter", "I received the letter"
        (pair,) = align(old, new).pairs
        assert (old[pair.old : pair.old_end], new[pair.new : pair.new_end]) == (
            "recieved",
            "received",
        )
        assert not pair.same

    @pytest.mark.parametrize(
        ("old", "new"),
        [("fine", "Fine"), ("cafe", "café"), ("dont", "don\u2019t"), ("كتاب", "كِتَاب")],
    )
    def test_the_same_word_spelled_otherwise(self, old: str, new: str) -> None:
        (pair,) = align(f"{old} one.", f"{new} two!").pairs
        assert pair.same

    def test_other_words_are_not(self) -> None:
        assert align("judged at once", "heard by all").pairs == ()

    def test_quotation_marks_of_another_form(self) -> None:
        found = align('he said "no" then x', "he said \u201cno\u201d then y")
        assert [pair.same for pair in found.pairs] == [True, True]

    def test_parted_words(self) -> None:
        assert "".join(living("it cannot be x", "it can not be y")) == "it cannot be "


class TestQueries:
    alignment = Alignment("abcdefghij", "abXfghZZ", (Run(0, 0, 2), Run(5, 3, 3)))

    @pytest.mark.parametrize(
        ("start", "end", "n"), [(0, 1, 1), (1, 2, 1), (2, 5, 0), (1, 6, 2), (8, 10, 0), (0, 10, 2)]
    )
    def test_touching(self, start: int, end: int, n: int) -> None:
        assert len(self.alignment.touching(start, end)) == n

    @pytest.mark.parametrize(
        ("offset", "gap"), [(2, Gap(2, 5, 2, 3)), (4, Gap(2, 5, 2, 3)), (9, Gap(8, 10, 6, 8))]
    )
    def test_gap(self, offset: int, gap: Gap) -> None:
        assert self.alignment.gap(offset) == gap

    def test_gap_at_the_start(self) -> None:
        assert Alignment("ab", "xb", (Run(1, 1, 1),)).gap(0) == Gap(0, 1, 0, 1)

    def test_gap_of_everything(self) -> None:
        assert Alignment("ab", "xyz", ()).gap(1) == Gap(0, 2, 0, 3)

    def test_covers(self) -> None:
        run = Run(5, 3, 3)
        assert run.covers(5, 8) and run.covers(6, 7)
        assert not run.covers(4, 6) and not run.covers(7, 9)
