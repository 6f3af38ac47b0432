"""Spans keep their rules, and a quote is found only where it stands once."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.spans import MAX_COUNTED, Span, check_span, find_quote
from workbench.errors import CodingError

spans = st.builds(
    lambda start, length: Span(start, start + length), st.integers(0, 60), st.integers(1, 20)
)


def test_span_is_half_open() -> None:
    span = Span(4, 8)
    assert span.length == 4
    assert span.quote("She listened") == "list"


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 2), (0, 0)])
def test_a_span_that_covers_nothing_is_refused(start: int, end: int) -> None:
    with pytest.raises(CodingError, match=f"the span {start} to {end} covers nothing"):
        Span(start, end)


def test_spans_sort_by_start_then_end() -> None:
    assert sorted([Span(3, 9), Span(0, 5), Span(3, 4)]) == [Span(0, 5), Span(3, 4), Span(3, 9)]


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (Span(0, 5), False),
        (Span(0, 6), True),
        (Span(6, 7), True),
        (Span(9, 20), True),
        (Span(10, 12), False),
        (Span(0, 30), True),
    ],
)
def test_touching_is_not_overlapping(other: Span, overlaps: bool) -> None:
    assert Span(5, 10).overlaps(other) is overlaps
    assert other.overlaps(Span(5, 10)) is overlaps


@given(spans, spans)
def test_overlap_is_having_a_code_point_in_common(a: Span, b: Span) -> None:
    common = set(range(a.start, a.end)) & set(range(b.start, b.end))
    assert a.overlaps(b) is bool(common)


class TestCheckSpan:
    text = "She listened to me — فون کیا 👩‍👧"

    def test_a_good_span(self) -> None:
        assert check_span(self.text, 4, 12) == Span(4, 12)
        assert check_span(self.text, 4, 12, "listened") == Span(4, 12)

    def test_to_the_very_end(self) -> None:
        span = check_span(self.text, len(self.text) - 3, len(self.text), "👩‍👧")
        assert span.quote(self.text) == "👩‍👧"

    def test_outside_the_text(self) -> None:
        with pytest.raises(CodingError) as caught:
            check_span("short", 2, 9)
        assert "2 to 9 reaches outside the text of 5 characters" in str(caught.value)
        assert "another version" in str(caught.value)

    def test_empty_text(self) -> None:
        with pytest.raises(CodingError, match="text of 0 characters"):
            check_span("", 0, 1)

    def test_other_words(self) -> None:
        with pytest.raises(CodingError) as caught:
            check_span(self.text, 4, 12, "heard me")
        assert "expected 'heard me' at 4 to 12, found 'listened'" in str(caught.value)

    def test_composed_and_decomposed_are_other_words(self) -> None:
        with pytest.raises(CodingError, match="expected"):
            check_span("cafe\u0301", 0, 5, "caf\u00e9")

    def test_a_long_quote_is_cut_in_the_message(self) -> None:
        with pytest.raises(CodingError) as caught:
            check_span("x" * 5000, 0, 5000, "y" * 5000)
        assert len(str(caught.value)) < 300


class TestFindQuote:
    def test_found_once(self) -> None:
        assert find_quote("She listened to me", "listened") == Span(4, 12)

    def test_in_any_script(self) -> None:
        text = "میں نے تین بار فون کیا"
        assert find_quote(text, "تین بار").quote(text) == "تین بار"

    def test_absent(self) -> None:
        with pytest.raises(CodingError, match="'heard' does not occur in the text"):
            find_quote("She listened", "heard")

    def test_is_exact(self) -> None:
        with pytest.raises(CodingError, match="does not occur"):
            find_quote("She listened", "she")

    def test_several_times(self) -> None:
        with pytest.raises(CodingError, match="'no' occurs 3 times in the text"):
            find_quote("no no no", "no")

    def test_overlapping_occurrences_count(self) -> None:
        with pytest.raises(CodingError, match="occurs 2 times"):
            find_quote("no no no", "no no")

    def test_white_space_may_differ(self) -> None:
        text = "Nobody phoned.\n\nSame  here."
        for quote in ("phoned. Same here.", " phoned.\nSame\there. ", "Nobody  phoned."):
            assert find_quote(text, quote).quote(text).split() == quote.split()
        with pytest.raises(CodingError, match="occurs 2 times"):
            find_quote("no  no\tno", "no no")
        with pytest.raises(CodingError, match="does not occur"):
            find_quote(text, "Samehere.")

    def test_to_the_letter_goes_first(self) -> None:
        assert find_quote("so so, so  so", "so so") == Span(0, 5)

    def test_empty_quote(self) -> None:
        with pytest.raises(CodingError, match="the quote is empty"):
            find_quote("She listened", "")

    def test_hostile_repetition_is_quick(self) -> None:
        began = time.process_time()
        with pytest.raises(CodingError, match=f"at least {MAX_COUNTED} times"):
            find_quote("a" * 1_000_000, "a" * 500_000)
        assert time.process_time() - began < 5

    @given(st.text(max_size=30), st.data())
    def test_what_is_found_is_the_only_place(self, text: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(text)))
        quote = text[start : start + data.draw(st.integers(1, 5))]
        places = [i for i in range(len(text)) if quote and text.startswith(quote, i)]
        if len(places) == 1:
            assert find_quote(text, quote) == Span(places[0], places[0] + len(quote))
        else:
            with pytest.raises(CodingError):
                find_quote(text, quote)
