"""Corrections of a segment: no word lost, times in order, spans exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.realign import correct_segment
from workbench.domain.transcripts import TimedSegment, Word

WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf")), min_size=1, max_size=6
).filter(lambda word: not any(sign.isspace() for sign in word))
SAID = st.lists(WORDS, min_size=1, max_size=6)


def transcript(parts, *, timed=True):
    """Make a text of segments, each word 200 ms, each segment after the one before."""
    text, segments, at = "", [], 0
    for words in parts:
        text += " " if text else ""
        start, begun, made = len(text), at, []
        for place, word in enumerate(words):
            text += " " if place else ""
            made.append(Word(len(text), len(text) + len(word), at, at + 200, 0.9))
            text += word
            at += 200
        segments.append(
            TimedSegment(start, len(text), begun, at, 0.8, tuple(made) if timed else ())
        )
    return text, tuple(segments)


def check(text, segments):
    before = 0
    for item in segments:
        assert before <= item.start <= item.end <= len(text)
        before = item.end
        time = item.start_ms
        place = item.start
        for word in item.words:
            assert place <= word.start < word.end <= item.end
            assert text[word.start : word.end].strip() == text[word.start : word.end] != ""
            assert time <= word.start_ms <= word.end_ms <= item.end_ms
            place, time = word.end, word.start_ms


@given(st.lists(SAID, min_size=1, max_size=4), st.data())
def test_any_correction_keeps_spans_exact_and_times_in_order(parts, data):
    text, segments = transcript(parts)
    position = data.draw(st.integers(0, len(parts) - 1))
    new = data.draw(st.lists(WORDS, max_size=8))
    made = correct_segment(text, segments, position, "  ".join(new))
    check(made.text, made.segments)
    assert made.text[made.segments[position].start : made.segments[position].end] == " ".join(new)
    assert [made.text[w.start : w.end] for w in made.segments[position].words] == new
    for at, (old, item) in enumerate(zip(segments, made.segments, strict=True)):
        assert (old.start_ms, old.end_ms) == (item.start_ms, item.end_ms)
        if at != position:
            assert made.text[item.start : item.end] == text[old.start : old.end]
            assert [(w.start_ms, w.probability) for w in item.words] == [
                (w.start_ms, w.probability) for w in old.words
            ]
    outside = text[: segments[position].start], text[segments[position].end :]
    assert made.text == outside[0] + " ".join(new) + outside[1]


@given(st.lists(SAID, min_size=1, max_size=4), st.lists(SAID, min_size=1, max_size=5))
def test_many_corrections_one_after_another_stay_sound(parts, changes):
    text, segments = transcript(parts)
    for n, words in enumerate(changes):
        made = correct_segment(text, segments, n % len(parts), " ".join(words))
        text, segments = made.text, made.segments
        check(text, segments)


def test_words_that_stay_keep_their_times():
    text, segments = transcript([["they", "never", "called", "me", "back"]])
    made = correct_segment(text, segments, 0, "They never, ever called me back.")
    times = {made.text[w.start : w.end]: (w.start_ms, w.end_ms) for w in made.segments[0].words}
    assert times["They"] == (0, 200) and times["never,"] == (200, 400)
    assert times["ever"] == (400, 400)
    assert times["called"] == (400, 600) and times["back."] == (800, 1000)
    assert made.segments[0].reviewed


def test_words_that_are_replaced_share_their_time_by_length():
    text, segments = transcript([["a", "xxxx", "b"]])
    made = correct_segment(text, segments, 0, "a yy zzzzzz b")
    assert [(w.start_ms, w.end_ms, w.probability) for w in made.segments[0].words][1:3] == [
        (200, 250, None), (250, 400, None)
    ]  # fmt: skip


def test_an_emptied_segment_stays_to_be_found():
    text, segments = transcript([["one"], ["two"], ["three"]])
    made = correct_segment(text, segments, 1, "   ")
    assert made.text == "one  three"
    assert (made.segments[1].start, made.segments[1].end, made.segments[1].words) == (4, 4, ())
    again = correct_segment(made.text, made.segments, 1, "deux")
    assert again.text == "one deux three"


def test_without_word_times_the_segments_are_carried_all_the_same():
    text, segments = transcript([["one", "two"], ["three"]], timed=False)
    made = correct_segment(text, segments, 0, "one")
    assert made.text == "one three" and made.segments[0].words == ()
    assert made.text[made.segments[1].start : made.segments[1].end] == "three"


def test_lines_become_one_and_no_segment_is_an_error():
    text, segments = transcript([["one"]])
    assert correct_segment(text, segments, 0, "a\nb\r\n c").text == "a b c"
    for wrong in (1, -1):
        with pytest.raises(IndexError):
            correct_segment(text, segments, wrong, "x")
