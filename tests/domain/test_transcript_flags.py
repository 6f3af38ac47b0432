"""Flags: what should be heard, and what must not be flagged without need."""

from dataclasses import replace

import pytest

from workbench.domain.transcript_flags import flag_transcript, in_script, repeats, script_of
from workbench.domain.transcripts import TimedSegment, Transcript, Word

FINE = {"avg_logprob": -0.2, "no_speech_prob": 0.02, "compression_ratio": 1.1}


def flags(text, *, ms=None, confidence=0.9, language="en", words=(), **quality):
    length = ms if ms is not None else max(500, 70 * len(text))
    segment = TimedSegment(0, len(text), 0, length, confidence, words, {**FINE, **quality})
    made = flag_transcript(Transcript(text, (segment,), language))
    return made.segments[0].flags


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("She listened to me without judging.", "en"),
        ("Thank you.", "en"),
        ("No, no, they never, never called.", "en"),
        ("میں نے تین بار فون کیا لیکن کسی نے جواب نہیں دیا۔", "ur"),
        ("আমি তিনবার ফোন করেছি কিন্তু কেউ উত্তর দেয়নি।", "bn"),
        ("Dzwoniłam trzy razy i nikt nie oddzwonił.", "pl"),
        ("Waan soo wacay saddex jeer.", "so"),
        ("我打了三次电话", "zh"),
        ("[inaudible]", "en"),
        ("", "en"),
    ],
)
def test_plain_speech_has_no_flags(text, language):
    assert flags(text, ms=200 * len(text), language=language) == ()


def test_an_unsure_segment_is_flagged():
    assert flags("She listened to me", confidence=0.3) == ("low_confidence",)
    assert flags("She listened to me", confidence=0.5) == ()
    assert flags("She listened to me", confidence=None) == ()


def test_several_doubtful_words_are_enough():
    text = "one two three"
    places = [(0, 3), (4, 7), (8, 13)]
    words = tuple(
        Word(a, b, 300 * n, 300 * n + 300, chance)
        for n, ((a, b), chance) in enumerate(zip(places, (0.9, 0.1, 0.9), strict=True))
    )
    assert flags(text, words=words) == ("low_confidence",)
    assert flags(text, words=tuple(replace(word, probability=None) for word in words)) == ()


def test_words_at_silence_are_flagged():
    assert flags("She listened to me", no_speech_prob=0.7) == ("silence_with_text",)


def test_repetition_is_flagged_within_a_segment_and_from_one_to_the_next():
    assert flags("no no no no no no") == ("repetition",)
    assert flags("They came they came they came they came") == ("repetition",)
    assert flags("They listened", compression_ratio=2.6) == ("repetition",)
    text = "They came. They came."
    two = (TimedSegment(0, 10, 0, 800, 0.9), TimedSegment(11, 21, 800, 1_600, 0.9))
    made = flag_transcript(Transcript(text, two, "en"))
    assert [segment.flags for segment in made.segments] == [(), ("repetition",)]
    assert not repeats("again and again I went there and I went there")


def test_phrases_that_machines_invent_are_flagged_where_they_are_likely_invented():
    assert flags("Thank you for watching!", no_speech_prob=0.8) == (
        "silence_with_text", "invented_phrase",
    )  # fmt: skip
    assert flags("Subtitles by the Amara.org community") == ("invented_phrase",)
    assert flags("Thank you for watching over my son.") == ()


def test_a_pace_that_nobody_speaks_at_is_flagged():
    assert flags("They told us to wait and to call again tomorrow", ms=900) == ("too_fast",)
    assert flags("Yes", ms=9_000) == ("too_slow",)
    assert flags("Yes", ms=4_000) == ()
    assert flags("我打了三次电话没有人接", ms=700, language="zh") == ("too_fast",)
    assert flags("They told us to wait and to call again", ms=300) == ()  # too short to tell


def test_another_script_than_the_languages_is_flagged():
    assert flags("She listened to me", language="ur") == ("language_switch",)
    assert flags("میں نے تین بار فون کیا", language="en") == ("language_switch",)
    assert in_script("OK 123", "ur")
    assert script_of("123 …") == ""


def test_words_and_times_are_left_as_they_are():
    text = "no no no no no no"
    segment = TimedSegment(0, len(text), 5, 900, 0.2, (Word(0, 2, 5, 90, 0.1),), FINE)
    made = flag_transcript(Transcript(text, (segment,), "en", 0.5))
    assert replace(made.segments[0], flags=()) == segment
    assert (made.text, made.language_probability) == (text, 0.5)
