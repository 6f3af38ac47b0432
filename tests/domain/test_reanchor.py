"""Re-anchoring never loses a span, never moves one to other words, and says what it did."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from workbench.domain.reanchor import UNCHANGED, Placement, reanchor
from workbench.domain.spans import Span
from workbench.domain.text import Characters, normalise

WORDS = ["she", "listened", "no", "judged", "café", "cafe\u0301", "فون", "کِیا", "تین", "👩‍👧", "🇬🇧"]
WORDS += ["क्षि", "說話", "don't", "😀", "rang", "back", "<b>", "=1+1"]
SPACES = [" ", " ", " ", "\n", ", ", ". ", "  "]

prose = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SPACES)), max_size=12).map(
    lambda pairs: "".join(word + space for word, space in pairs)
)
messy = st.lists(st.one_of(prose, st.text(max_size=6)), max_size=4).map("".join).map(normalise)
# Texts without a digit, and insertions of digits alone: where such an insertion lies is certain.
plain = messy.map(lambda text: "".join(sign for sign in text if not sign.isnumeric()))
numbers = st.lists(st.integers(0, 999).map(str), min_size=1, max_size=5).map(" ".join)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a text and the same after a few edits at any place, within characters too."""
    old = new = draw(messy)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(new)))
        removed = draw(st.integers(0, 8))
        new = new[:at] + draw(st.one_of(st.just(""), messy)) + new[at + removed :]
    return old, normalise(new)


def spans_of(text: str) -> st.SearchStrategy[list[Span]]:
    """Draw spans anywhere in a text, cutting what they will."""
    if not text:
        return st.just([])
    span = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).map(
        lambda pair: Span(pair[0], min(len(text), pair[0] + pair[1]))
    )
    return st.lists(span, max_size=6)


def whole(text: str, span: Span) -> bool:
    """Whether a span cuts no character of the text."""
    characters = Characters(text)
    return not (characters.cuts(span.start) or characters.cuts(span.end))


def place(old: str, new: str, quote: str, occurrence: int = 0) -> Placement:
    """Re-anchor the words `quote`; `occurrence` counts from 0."""
    at = -1
    for _ in range(occurrence + 1):
        at = old.index(quote, at + 1)
    (placement,) = reanchor(old, new, [Span(at, at + len(quote))])
    return placement


def placed(old: str, new: str, quote: str, occurrence: int = 0) -> str:
    """Return the words that a quote was placed on."""
    placement = place(old, new, quote, occurrence)
    assert placement.placed, placement.reason
    return placement.span.quote(new)


def flagged(old: str, new: str, quote: str, occurrence: int = 0) -> str:
    """Return why a quote was flagged."""
    placement = place(old, new, quote, occurrence)
    assert not placement.placed, placement.span.quote(new)
    assert placement.span.end <= len(new) or not new
    return placement.reason


class TestAlways:
    @given(st.data(), st.one_of(st.tuples(messy, messy), edits()))
    @example(None, ("", ""))
    def test_one_answer_each_in_order_and_within_the_text(
        self, data: st.DataObject | None, texts: tuple[str, str]
    ) -> None:
        old, new = texts
        spans = data.draw(spans_of(old)) if data else []
        placements = reanchor(old, new, spans)
        assert len(placements) == len(spans)
        for span, placement in zip(spans, placements, strict=True):
            assert placement == reanchor(old, new, [span])[0]
            assert placement.reason.endswith(".")
            if new:
                assert 0 <= placement.span.start < placement.span.end <= len(new)
            else:
                assert placement.span == span and not placement.placed

    @given(st.data(), messy)
    def test_an_equal_text_leaves_everything(self, data: st.DataObject, text: str) -> None:
        spans = data.draw(spans_of(text))
        assert reanchor(text, text, spans) == [Placement(span, True, UNCHANGED) for span in spans]

    @given(st.data(), st.one_of(st.tuples(messy, messy), edits()))
    def test_no_character_is_cut_that_was_not_cut(
        self, data: st.DataObject, texts: tuple[str, str]
    ) -> None:
        old, new = texts
        before, after = Characters(old), Characters(new)
        spans = data.draw(spans_of(old))
        for span, placement in zip(spans, reanchor(old, new, spans), strict=True):
            if new:
                assert before.cuts(span.start) or not after.cuts(placement.span.start)
                assert before.cuts(span.end) or not after.cuts(placement.span.end)

    @given(st.data(), st.one_of(st.tuples(messy, messy), edits()))
    def test_what_is_called_unchanged_is(self, data: st.DataObject, texts: tuple[str, str]) -> None:
        old, new = texts
        spans = data.draw(spans_of(old))
        for span, placement in zip(spans, reanchor(old, new, spans), strict=True):
            if placement.reason == UNCHANGED:
                assert placement.placed
                assert span.quote(old) in placement.span.quote(new)

    @given(st.data(), st.one_of(st.tuples(messy, messy), edits()))
    def test_spans_apart_never_cross(self, data: st.DataObject, texts: tuple[str, str]) -> None:
        old, new = texts
        spans = sorted(data.draw(spans_of(old)))
        kept = [
            (span, placement.span)
            for span, placement in zip(spans, reanchor(old, new, spans), strict=True)
            if placement.placed and whole(old, span)
        ]
        for span, moved in kept:
            for other, other_moved in kept:
                if span.end <= other.start:
                    assert moved.end <= other_moved.end and moved.start <= other_moved.start

    @pytest.mark.parametrize("new", ["", "short", "a much longer text than before"])
    def test_a_span_that_never_fitted_is_flagged(self, new: str) -> None:
        (placement,) = reanchor("short", new, [Span(3, 90)])
        assert not placement.placed
        assert "outside its old text, which has 5 characters" in placement.reason
        assert placement.span.end <= len(new) or placement.span == Span(3, 90)


class TestEveryWordOnce:
    """Where no word stands twice, what became of each word is known for certain."""

    @staticmethod
    @st.composite
    def rewrites(draw: st.DrawFn) -> tuple[list[str], list[str]]:
        """Draw words and the same with some removed, replaced, added, or moved in a block."""
        # Spelled out in letters so unlike each other that none is taken for another, corrected.
        names = [f"{a * 3}{b * 3}" for a in "bcdfgh" for b in "klmnpq"]
        old = names[: draw(st.integers(1, 30))]
        new: list[str] = []
        fresh = iter(range(10**6))
        for word in old:
            what = draw(st.sampled_from(["keep"] * 6 + ["drop", "replace", "add"]))
            new += [word] if what in ("keep", "add") else []
            new += [f"{next(fresh)}"] if what in ("replace", "add") else []
        if draw(st.booleans()):
            cut, length = draw(st.integers(0, len(new))), draw(st.integers(0, 8))
            block, rest = new[cut : cut + length], new[:cut] + new[cut + length :]
            at = draw(st.integers(0, len(rest)))
            new = rest[:at] + block + rest[at:]
        return old, new

    @given(st.data(), rewrites())
    def test_placed_spans_hold_their_own_words(
        self, data: st.DataObject, words: tuple[list[str], list[str]]
    ) -> None:
        old_words, new_words = words
        old, new = " ".join(old_words), " ".join(new_words)
        first = data.draw(st.integers(0, len(old_words) - 1))
        stop = data.draw(st.integers(first + 1, len(old_words)))
        own = old_words[first:stop]
        start = len(" ".join([*old_words[:first], ""]))
        (placement,) = reanchor(old, new, [Span(start, start + len(" ".join(own)))])
        if placement.placed:
            covered = placement.span.quote(new).split()
            assert all(word in new_words for word in covered), "an edge cuts a word"
            assert len(set(own) & set(covered)) >= 0.6 * len(own)
            # A neighbour comes in only when a person moved it between the span's own words.
            neighbours = set(old_words) - set(own)
            assert not neighbours & {covered[0], covered[-1]}
            order = [old_words.index(word) for word in new_words if word in old_words]
            assert order != sorted(order) or not neighbours & set(covered)
        if not set(own) & set(new_words):
            assert not placement.placed

    def test_a_word_moved_to_the_edge_of_a_span_stays_outside(self) -> None:
        old, new = "first the door was shut today", "the door was shut first"
        (placement,) = reanchor(old, new, [Span(6, len(old))])
        assert placement.placed
        assert placement.span.quote(new) == "the door was shut"


class TestInsertion:
    @given(st.data(), plain, plain, numbers)
    def test_elsewhere_moves_exactly(
        self, data: st.DataObject, before: str, after: str, added: str
    ) -> None:
        """Line breaks part the texts, so that no character is made of old and new ones."""
        old, new = f"{before}\n{after}", f"{before}\n{added}\n{after}"
        at = len(before) + 1
        spans = [s for s in data.draw(spans_of(old)) if s.end < at or s.start >= at]
        for span, placement in zip(spans, reanchor(old, new, spans), strict=True):
            shift = len(added) + 1 if span.start >= at else 0
            assert placement == Placement(
                Span(span.start + shift, span.end + shift), True, UNCHANGED
            )

    @given(st.data(), messy, messy)
    def test_appended_text_never_flags(self, data: st.DataObject, old: str, added: str) -> None:
        spans = data.draw(spans_of(old))
        for span, placement in zip(spans, reanchor(old, old + added, spans), strict=True):
            assert placement.placed
            assert placement.span.start <= span.start
            assert placement.span.quote(old + added).startswith(span.quote(old))

    @given(st.data(), messy, messy)
    def test_text_put_in_front_keeps_quotes(
        self, data: st.DataObject, old: str, added: str
    ) -> None:
        new = f"{added}\n{old}"
        assume(whole(new, Span(len(added), len(added) + 1)))
        spans = data.draw(spans_of(old))
        for span, placement in zip(spans, reanchor(old, new, spans), strict=True):
            assert placement.placed
            assert span.quote(old) in placement.span.quote(new)

    @given(st.data(), plain, plain, numbers)
    def test_inside_stretches(
        self, data: st.DataObject, before: str, after: str, added: str
    ) -> None:
        old, new = f"one {before}\n{after} two", f"one {before}\n{added}\n{after} two"
        (placement,) = reanchor(old, new, [Span(0, len(old))])
        assert placement.placed
        assert placement.span == Span(0, len(new))

    def test_at_an_edge_stays_outside(self) -> None:
        old = "I called them and they listened to me"
        new = "I called them and then they listened kindly to me"
        assert placed(old, new, "they listened") == "they listened"

    def test_much_inside_is_flagged(self) -> None:
        old = "They never rang back."
        new = "They never " + "told me what would happen, so I waited. " * 20 + "rang back."
        assert "much was added" in flagged(old, new, "never rang back")

    def test_joined_to_the_last_word(self) -> None:
        assert placed("They said no", "They said nothing", "no") == "no"
        assert placed("They said no", "They said no to me", "said no") == "said no"


class TestDeletion:
    @given(st.data(), plain, plain, numbers)
    def test_elsewhere_moves_exactly(
        self, data: st.DataObject, before: str, after: str, removed: str
    ) -> None:
        old, new = f"{before}\n{removed}\n{after}", f"{before}\n{after}"
        start, end = len(before) + 1, len(before) + len(removed) + 2
        spans = [s for s in data.draw(spans_of(old)) if s.end < start or s.start >= end]
        for span, placement in zip(spans, reanchor(old, new, spans), strict=True):
            shift = end - start if span.start >= end else 0
            assert placement == Placement(
                Span(span.start - shift, span.end - shift), True, UNCHANGED
            )

    @given(st.data(), plain, plain, numbers)
    def test_of_all_words_flags(
        self, data: st.DataObject, before: str, after: str, removed: str
    ) -> None:
        old, new = f"{before}\n{removed}\n{after}", f"{before}\n{after}"
        start = len(before) + 1
        (placement,) = reanchor(old, new, [Span(start, start + len(removed))])
        assert not placement.placed
        assert "no longer there" in placement.reason

    @given(st.data(), messy)
    def test_of_everything(self, data: st.DataObject, old: str) -> None:
        spans = data.draw(spans_of(old))
        for span, placement in zip(spans, reanchor(old, "", spans), strict=True):
            assert placement.span == span
            assert placement.placed is (not old)
            assert placement.reason == "the text is empty now."

    def test_inside_shrinks(self) -> None:
        old, new = "She really listened to me today", "She listened to me today"
        assert placed(old, new, "She really listened to me") == "She listened to me"

    def test_at_an_edge_shrinks(self) -> None:
        old, new = "I felt that they never rang me back", "I felt they never rang me back"
        assert placed(old, new, "that they never rang") == "they never rang"

    def test_of_most_words_flags(self) -> None:
        old, new = "They judged me for my scarf at once.", "They judged me."
        assert "2 of 5 left" in flagged(old, new, "judged me for my scarf")

    def test_the_sentence_that_went_is_the_one_that_went(self) -> None:
        old, new = "I was afraid. I was alone.", "I was alone."
        assert placed(old, new, "I was alone.") == "I was alone."
        assert placed(old, new, "I was", 1) == "I was"
        assert "no longer there" in flagged(old, new, "I was afraid.")
        assert "no longer there" in flagged(old, new, "I was")


class TestReplacement:
    old = "She listened to me without judging. But then the next one looked at my scarf."

    def test_one_word_inside(self) -> None:
        new = self.old.replace("to me", "to us")
        assert placed(self.old, new, "listened to me without") == "listened to us without"

    def test_one_word_at_the_edge_of_the_span(self) -> None:
        new = self.old.replace("She", "He")
        quote = "She listened to me without judging."
        assert placed(self.old, new, quote) == "He listened to me without judging."

    def test_across_the_edge_shrinks_to_what_is_left(self) -> None:
        new = self.old.replace("then the next one", "afterwards somebody")
        quote = "one looked at my scarf"
        assert placed(self.old, new, quote) == "looked at my scarf"
        assert placed(self.old, new, "without judging. But") == "without judging. But"

    def test_most_words_flags(self) -> None:
        new = self.old.replace("listened to me without", "heard us out before")
        assert "no longer there" in flagged(self.old, new, "listened to me without")
        assert "2 of 6 left" in flagged(self.old, new, "She listened to me without judging")

    def test_neighbours_of_a_rewritten_span_stay(self) -> None:
        new = self.old.replace("listened to me without", "heard us out before")
        assert placed(self.old, new, "She") == "She"
        assert placed(self.old, new, "judging. But then") == "judging. But then"

    @pytest.mark.parametrize(
        ("bar", "kept"), [("one two three X five", True), ("one X X four X", False)]
    )
    def test_the_bar(self, bar: str, kept: bool) -> None:
        old, new = "before one two three four five after", f"before {bar} after"
        assert place(old, new, "one two three four five").placed is kept

    def test_a_rewritten_answer_flags_everything(self) -> None:
        old = "The school was terrible and nobody rang back"
        new = "My GP was helpful; the school less so"
        for quote in ("school", "was", "terrible", "nobody rang back", old):
            flagged(old, new, quote)

    def test_a_corrected_word(self) -> None:
        old, new = "She recieved help from them", "She received help from them"
        assert placed(old, new, "recieved help") == "received help"
        assert placed(old, new, "help from") == "help from"
        assert flagged(old, new, "recieved") == "its only word was changed."

    def test_a_word_turned_into_its_opposite_is_flagged(self) -> None:
        old, new = "We were happy with it all.", "We were unhappy with it all?"
        flagged(old, new, "happy")

    def test_case_and_accents_alone(self) -> None:
        old = "but the cafe was fine, she said"
        new = "But The Café was fine; she said"
        assert placed(old, new, "but the cafe") == "But The Café"

    def test_words_joined_and_parted(self) -> None:
        old = "It can not be done to day, they said"
        new = "It cannot be done today, she said"
        assert placed(old, new, "can not be") == "cannot be"
        assert placed(new, old, "done today") == "done to day"

    def test_changed_white_space_is_no_edit_of_words(self) -> None:
        old = "one two three\nfour five"
        new = "one  two\nthree four five "
        assert placed(old, new, "two three\nfour") == "two\nthree four"


class TestRepeatedWords:
    @pytest.mark.parametrize("occurrence", [0, 1, 2])
    @pytest.mark.parametrize(
        ("new", "shift"),
        [
            ("no no no no", 0),
            ("no no no. Never", 0),
            ("well no no no", 5),
            ("They said: no no no, twice", 11),
        ],
    )
    def test_each_stays_itself(self, new: str, shift: int, occurrence: int) -> None:
        placement = place("no no no", new, "no", occurrence)
        assert placement.placed
        assert placement.span == Span(3 * occurrence + shift, 3 * occurrence + shift + 2)

    def test_one_too_few_flags_one_and_no_two_meet(self) -> None:
        spans = [Span(0, 2), Span(3, 5), Span(6, 8)]
        placements = reanchor("no no no", "no no", spans)
        assert [p.placed for p in placements] == [True, True, False]
        assert placements[0].span != placements[1].span

    def test_the_same_sentence_elsewhere_is_not_taken(self) -> None:
        old = "Nobody came. I waited for weeks. Then spring. I waited for weeks. The end."
        new = "Nobody came. Then spring. I waited for weeks. The end."
        assert "no longer there" in flagged(old, new, "I waited for weeks.")
        second = place(old, new, "I waited for weeks.", 1)
        assert second.placed
        assert second.span.start == new.index("I waited")

    def test_moved_lines_are_flagged_where_they_went(self) -> None:
        old = "A one two three four.\nB second line is here.\nC third line of text."
        new = "B second line is here.\nC third line of text.\nA one two three four."
        placement = place(old, new, "A one two three four.")
        assert not placement.placed
        assert "moved" in placement.reason
        assert placement.span.quote(new) == "A one two three four."
        assert placed(old, new, "second line") == "second line"

    def test_a_word_that_stays_among_rewritten_ones_is_not_trusted(self) -> None:
        old = "Start. We rang the office on Monday but the lady never answered us. End."
        new = "Start. My sister had asked for help since the letters were not clear. End."
        flagged(old, new, "the")
        flagged(old, new, "the lady")


class TestScripts:
    def test_urdu(self) -> None:
        old, new = "میں نے تین بار فون کیا", "میں نے کل تین بار کال کیا تھا"
        assert placed(old, new, "تین بار") == "تین بار"
        assert placed(old, new, "تین بار فون کیا") == "تین بار کال کیا"
        assert "no longer" in flagged(old, new, "فون")

    def test_harakat_added(self) -> None:
        old, new = "قال كتاب جديد هنا", "قالَ كِتَابٌ جديد هنا الآن"
        assert placed(old, new, "كتاب جديد") == "كِتَابٌ جديد"

    def test_an_accent_joins_the_last_letter(self) -> None:
        new = "the cafe\u0301 was"
        assert placed("the cafe was", new, "cafe") == "cafe\u0301"

    def test_text_without_spaces(self) -> None:
        old, new = "他們沒有聽我說話也沒有回電", "他們從來沒有聽我說話也沒回電"
        assert placed(old, new, "聽我說話") == "聽我說話"
        assert placed(old, new, "也沒有回電") == "也沒回電"

    def test_emoji(self) -> None:
        old, new = "so 👩‍👧 happy 😀 now", "so very 👩‍👧 happy 😀 now"
        assert placed(old, new, "👩‍👧") == "👩‍👧"
        assert placed(old, new, "😀") == "😀"

    def test_an_emoji_replaced(self) -> None:
        assert "no longer" in flagged("so 😀 now. End", "so 😢 now! End", "😀")

    def test_an_emoji_joined_with_its_neighbour_is_flagged(self) -> None:
        assert "joined" in flagged("👩👧", "👩\u200d👧", "👧")

    def test_an_emoji_that_grows_into_a_family(self) -> None:
        assert placed("hello 👩", "hello 👩\u200d👧", "👩") == "👩\u200d👧"

    def test_hostile_markup_and_formulas(self) -> None:
        old = "<script>alert(1)</script> =HYPERLINK(1) fine"
        assert placed(old, f"ok {old}", "=HYPERLINK(1)") == "=HYPERLINK(1)"


class TestScale:
    """Bounds are several times what a quiet machine needs; they catch a change of order."""

    def document(self, seed: int) -> tuple[str, str, list[Span]]:
        """Make 20,000 words with 2,000 spans, and the same with 1 % of the words changed."""
        chance = random.Random(seed)
        vocabulary = [f"w{n}" for n in range(4000)]
        weights = [1 / (n + 1) for n in range(4000)]
        old_words = chance.choices(vocabulary, weights, k=20_000)
        new_words = list(old_words)
        for at in chance.sample(range(20_000), 200):
            new_words[at] = chance.choice(["", "changed", f"{new_words[at]} added"])
        starts = [0]
        for word in old_words:
            starts.append(starts[-1] + len(word) + 1)
        spans = []
        for _ in range(2000):
            first = chance.randrange(19_000)
            spans.append(Span(starts[first], starts[first + chance.randint(1, 40)] - 1))
        return " ".join(old_words), " ".join(new_words), spans

    def test_a_long_document(self) -> None:
        old, new, spans = self.document(1)
        began = time.process_time()
        placements = reanchor(old, new, spans)
        assert time.process_time() - began < 5
        assert sum(placement.placed for placement in placements) > 1950
        untouched = [
            (span, placement.span)
            for span, placement in zip(spans, placements, strict=True)
            if placement.reason == UNCHANGED
        ]
        assert len(untouched) > 1400
        assert all(span.quote(old) == moved.quote(new) for span, moved in untouched)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("no " * 100_000, "no " * 60_000 + "yes " * 20_000),
            ("ab " * 50_000, "".join(f"x{n} " for n in range(50_000))),
            ("a" * 1_000_000, "b" + "a" * 900_000 + "c"),
            ("\u0301" * 200_000, "a" + "\u0301" * 200_001 + "b"),
            ("x" + "\u0301" * 200_000 + "y", "x" + "\u0301" * 150_000 + "z"),
        ],
        ids=["repeated", "rewritten", "one word", "marks", "one character"],
    )
    def test_hostile_texts_take_bounded_time(self, old: str, new: str) -> None:
        spans = [Span(at * 40, at * 40 + 30) for at in range(1000)]
        began = time.process_time()
        assert len(reanchor(old, new, spans)) == 1000
        assert time.process_time() - began < 20
