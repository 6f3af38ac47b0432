"""Texts are normalised once, found again by search, and counted in UTF-16 without loss."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.domain.spans import Span
from workbench.domain.text import (
    Block,
    Characters,
    Utf16Map,
    blocks,
    context,
    count_words,
    find_folded,
    fold,
    from_utf16,
    normalise,
    sha,
    snippet,
    to_utf16,
)
from workbench.errors import CodingError

# Every code point, lone surrogates too; with the ones that matter here drawn often.
PIECES = ["\r\n", "\r", "\n", "\x00", "\ufeff", "\ud83d", "\ude00", "😀", "👩‍👧", "e\u0301", "é"]
PIECES += ["فون", "کِیا", " ", "\u00a0", "\u200c", "İ", "ß", "ﬁ", "क्षि", "🇬🇧", "no ", "A"]
anything = st.lists(
    st.one_of(st.sampled_from(PIECES), st.characters(exclude_categories=())), max_size=25
).map("".join)
texts = anything.map(normalise)


class TestNormalise:
    @pytest.mark.parametrize(
        ("raw", "kept"),
        [
            ("a\r\nb\rc\nd", "a\nb\nc\nd"),
            ("\r\r\n\n", "\n\n\n"),
            ("\ufeffShe said", "She said"),
            ("\ufeff\ufeffShe", "She"),
            ("in\ufeffside", "in\ufeffside"),
            ("a\x00b", "ab"),
            ("\x00\ufeffa", "a"),
            ("\r\x00\n", "\n"),
            ("a\ud800b", "a\ufffdb"),
            ("\ud83d\ude00", "😀"),
            ("\ude00\ud83d", "\ufffd\ufffd"),
            ("  kept \t spaces \n", "  kept \t spaces \n"),
            ("cafe\u0301 and caf\u00e9", "cafe\u0301 and caf\u00e9"),
            ("a\u2028b\x0bc\x85d", "a\u2028b\x0bc\x85d"),
            ("=SUM(A1) <b>", "=SUM(A1) <b>"),
            ("", ""),
        ],
    )
    def test_cases(self, raw: str, kept: str) -> None:
        assert normalise(raw) == kept

    @given(anything)
    def test_twice_changes_nothing(self, raw: str) -> None:
        once = normalise(raw)
        assert normalise(once) == once

    @given(anything)
    def test_result_can_be_stored(self, raw: str) -> None:
        text = normalise(raw)
        assert text.encode("utf-8").decode("utf-8") == text
        assert not set("\x00\r") & set(text)
        assert not text.startswith("\ufeff")

    @given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\x00\ufeff")))
    def test_ordinary_text_is_left_alone(self, raw: str) -> None:
        assert normalise(raw) == raw


class TestSha:
    def test_known_value(self) -> None:
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        assert sha("") == empty
        assert sha("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"

    def test_composed_and_decomposed_differ(self) -> None:
        assert sha("caf\u00e9") != sha("cafe\u0301")


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("Straße", "strasse"),
            ("CAFÉ", "cafe"),
            ("cafe\u0301", "cafe"),
            ("ﬁne", "fine"),
            ("İstanbul", "istanbul"),
            ("a \u00a0\n\tb", "a b"),
            ("soft\u00adhyphen", "softhyphen"),
            ("\u0643\u062a\u0627\u0628", "\u06a9\u062a\u0627\u0628"),
            ("کِتَابٌ", "کتاب"),
            ("کتـــاب", "کتاب"),
            ("می\u200cخواهم", "میخواہم"),
            ("❤\ufe0f", "❤"),
            ("", ""),
        ],
    )
    def test_cases(self, text: str, folded: str) -> None:
        assert fold(text) == folded

    def test_vowel_signs_of_indic_scripts_stay(self) -> None:
        assert fold("कि") != fold("कु") != fold("क")
        assert fold("क्षि") != fold("कषि")

    def test_every_code_point_folds_once_and_for_all(self) -> None:
        for code in range(sys.maxunicode + 1):
            once = fold(chr(code))
            if fold(once) != once:
                pytest.fail(f"U+{code:04X} folds to {once!r}, then to {fold(once)!r}")

    @given(anything)
    def test_twice_changes_nothing(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @given(texts)
    def test_case_and_form_do_not_count(self, text: str) -> None:
        assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


class TestFindFolded:
    @pytest.mark.parametrize(
        ("text", "needle", "quotes"),
        [
            ("Caf\u00e9, CAFE\u0301 and cafe", "cafe", ["Caf\u00e9", "CAFE\u0301", "cafe"]),
            ("no no no", "NO", ["no", "no", "no"]),
            ("aaa", "aa", ["aa"]),
            ("rang \n\n back", "rang back", ["rang \n\n back"]),
            ("rang back", " back ", ["back"]),
            ("die Straße", "STRASSE", ["Straße"]),
            ("an ofﬁce", "office", ["ofﬁce"]),
            ("کِتَاب", "کتاب", ["کِتَاب"]),
            ("a 👩‍👧 b", "👩", ["👩‍👧"]),
            ("She said", "", []),
            ("She said", "\u0301 ", []),
            ("She said", "he  s", ["he s"]),
            ("", "a", []),
            ("She said", "they", []),
        ],
    )
    def test_cases(self, text: str, needle: str, quotes: list[str]) -> None:
        assert [span.quote(text) for span in find_folded(text, needle)] == quotes

    def test_offsets_are_those_of_the_text(self) -> None:
        assert find_folded("😀 ﬁ e\u0301t\u00e9", "ete") == [Span(4, 8)]

    @given(texts, st.data())
    def test_what_is_there_is_found(self, text: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        needle = text[start:end]
        found = find_folded(text, needle)
        assert bool(found) == bool(fold(needle).strip() and fold(needle).strip() in fold(text))
        characters = Characters(text)
        for before, after in zip([None, *found], found, strict=False):
            assert 0 <= after.start < after.end <= len(text)
            assert fold(needle).strip() in fold(after.quote(text))
            assert not characters.cuts(after.start) and not characters.cuts(after.end)
            assert before is None or before.end <= after.start


class TestCharacters:
    @pytest.mark.parametrize("cluster", ["e\u0301", "👩‍👩‍👧", "🇬🇧", "1️⃣", "کِ", "क्षि", "각"])
    def test_inside_is_cut(self, cluster: str) -> None:
        text = f"a{cluster}b"
        characters = Characters(text)
        for offset in range(len(text) + 1):
            inside = 1 < offset < 1 + len(cluster)
            assert characters.cuts(offset) is inside
            assert characters.floor(offset) == (1 if inside else offset)
            assert characters.ceil(offset) == (1 + len(cluster) if inside else offset)

    def test_flags_go_in_pairs(self) -> None:
        characters = Characters("🇬🇧🇫🇷")
        assert [characters.cuts(at) for at in range(5)] == [False, True, False, True, False]

    @given(texts)
    def test_floor_and_ceil_never_cut(self, text: str) -> None:
        characters = Characters(text)
        assert not characters.cuts(0) and not characters.cuts(len(text))
        for offset in range(len(text) + 1):
            low, high = characters.floor(offset), characters.ceil(offset)
            assert low <= offset <= high
            assert not characters.cuts(low) and not characters.cuts(high)
            assert characters.cuts(offset) is (low < offset < high)


class TestUtf16:
    text = "a😀b👩‍👧ک"

    def test_there(self) -> None:
        assert [to_utf16(self.text, at) for at in range(8)] == [0, 1, 3, 4, 6, 7, 9, 10]

    def test_back(self) -> None:
        assert [from_utf16(self.text, at) for at in (0, 1, 3, 4, 6, 7, 9, 10)] == list(range(8))

    @pytest.mark.parametrize("inside", [2, 5, 8])
    def test_inside_a_pair(self, inside: int) -> None:
        with pytest.raises(CodingError, match=f"UTF-16 offset {inside} lies inside one character"):
            from_utf16(self.text, inside)

    @pytest.mark.parametrize("offset", [-1, 8])
    def test_outside_in_code_points(self, offset: int) -> None:
        with pytest.raises(CodingError, match=f"offset {offset} lies outside.*7 characters"):
            to_utf16(self.text, offset)

    @pytest.mark.parametrize("offset", [-1, 11])
    def test_outside_in_units(self, offset: int) -> None:
        with pytest.raises(CodingError, match=f"offset {offset} lies outside.*10 UTF-16 units"):
            from_utf16(self.text, offset)

    @given(texts)
    def test_agrees_with_the_encoder(self, text: str) -> None:
        offsets = Utf16Map(text)
        assert offsets.length == len(text.encode("utf-16-le")) // 2
        for at in range(len(text) + 1):
            units = offsets.to_utf16(at)
            assert units == len(text[:at].encode("utf-16-le")) // 2
            assert offsets.from_utf16(units) == at

    @given(texts)
    def test_every_unit_is_an_offset_or_refused(self, text: str) -> None:
        offsets = Utf16Map(text)
        reached = {offsets.to_utf16(at) for at in range(len(text) + 1)}
        for units in range(offsets.length + 1):
            if units in reached:
                assert offsets.to_utf16(offsets.from_utf16(units)) == units
            else:
                with pytest.raises(CodingError):
                    offsets.from_utf16(units)


class TestBlocks:
    def test_lines_with_their_offsets(self) -> None:
        assert blocks("one\n\n two\n") == (Block(0, "one"), Block(5, " two"))

    def test_nothing(self) -> None:
        assert blocks("") == blocks("\n\n") == ()

    def test_only_lf_parts_lines(self) -> None:
        assert blocks("a\u2028b\x0bc\x85d") == (Block(0, "a\u2028b\x0bc\x85d"),)

    @given(texts)
    def test_nothing_is_lost(self, text: str) -> None:
        found = blocks(text)
        covered = {b.start + at for b in found for at in range(len(b.text))}
        assert covered == {at for at, sign in enumerate(text) if sign != "\n"}
        assert all(text.startswith(b.text, b.start) and b.text for b in found)


class TestSnippet:
    @pytest.mark.parametrize(
        ("text", "limit", "shown"),
        [
            ("She listened to me", 90, "She listened to me"),
            ("She listened to me", 18, "She listened to me"),
            ("She listened to me", 17, "She listened to…"),
            ("She listened to me", 12, "She…"),
            ("She listened to me", 13, "She listened…"),
            ("She\n\n  listened ", 90, "She listened"),
            ("   \n ", 90, ""),
            ("", 90, ""),
            ("Unbelievable", 6, "Unbel…"),
            ("Unbelievable things", 12, "Unbelievabl…"),
            ("ab", 1, "…"),
            ("abe\u0301x", 4, "ab…"),
        ],
    )
    def test_cases(self, text: str, limit: int, shown: str) -> None:
        assert snippet(text, limit) == shown

    @given(texts, st.integers(1, 30))
    @example("👩‍👧" * 9, 4)
    def test_short_and_on_one_line(self, text: str, limit: int) -> None:
        shown = snippet(text, limit)
        assert len(shown) <= limit
        assert "\n" not in shown
        whole = " ".join(text.split())
        assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1]))

    def test_a_million_characters(self) -> None:
        assert len(snippet("x" * 1_000_000)) == 90
        assert snippet("a b " * 250_000, 7) == "a b a…"


class TestContext:
    text = "She listened to me without judging. But then the next one looked."

    def test_cut_at_words(self) -> None:
        start = self.text.index("without")
        assert context(self.text, start, start + 7, 15) == ("listened to me ", " judging. But")
        assert context(self.text, start, start + 7, 9) == ("to me ", " judging.")

    def test_the_whole_text(self) -> None:
        before, after = context(self.text, 4, 12, 1000)
        assert before + self.text[4:12] + after == self.text

    def test_at_the_edges(self) -> None:
        assert context(self.text, 0, len(self.text), 20) == ("", "")
        assert context("", 0, 0, 20) == ("", "")

    def test_no_room(self) -> None:
        assert context(self.text, 4, 12, 0) == ("", "")

    def test_without_any_space(self) -> None:
        assert context("一二三四五六七", 3, 4, 2) == ("二三", "五六")

    def test_never_cuts_a_character(self) -> None:
        text = "e\u0301" * 5
        before, after = context(text, 4, 6, 3)
        assert (before, after) == ("e\u0301", "e\u0301")

    @given(texts, st.data(), st.integers(0, 12))
    def test_pieces_touch_the_span(self, text: str, data: st.DataObject, width: int) -> None:
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        before, after = context(text, start, end, width)
        assert len(before) <= width and len(after) <= width
        assert text[:start].endswith(before) and text[end:].startswith(after)


@pytest.mark.parametrize(
    ("text", "n"),
    [("", 0), (" \n\t ", 0), ("one", 1), ("Nobody  rang\nback 😀", 4), ("میں نے فون کیا", 4)],
)
def test_words_are_what_stands_between_white_space(text: str, n: int) -> None:
    assert count_words(text) == n
