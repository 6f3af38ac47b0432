"""Flags: which segments of a transcript a person should hear first.

In: a transcript as an engine gives it. Out: the same with flags. They are signs to listen, no
verdicts: a flagged segment may be right, and one without flags may be wrong.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace

from workbench.domain.text import fold
from workbench.domain.transcripts import Flag, TimedSegment, Transcript

LOW_CONFIDENCE = 0.5
"""Mean probability of a segment's tokens below which it is flagged. Whisper itself tries again
below exp(-1) = 0.37 (Radford et al., 2023, section 4.5)."""

LOW_WORD = 0.3
"""Probability below which a word counts as doubtful."""

DOUBTFUL_SHARE = 0.3
"""Share of doubtful words from which a segment is flagged."""

NO_SPEECH = 0.6
"""Whisper's own threshold for silence (Radford et al., 2023, section 4.5)."""

REPEATS = 4
"""How often the same words must follow one another."""

COMPRESSION = 2.4
"""Whisper's own threshold for repetition (Radford et al., 2023, section 4.5)."""

LONGEST_REPEAT = 8
"""Words of the longest phrase whose repetition is looked for."""

FASTEST = 30.0
"""Letters and marks a second: about 6 English words. Conversation has 2 to 3 words a second on the
average (Yuan, Liberman and Cieri, 2006)."""

FASTEST_CJK = 12.0
"""The same for scripts in which a sign is a syllable or a word."""

SLOWEST = 2.0
"""Letters and marks a second below which words were probably missed."""

LONG_MS = 5_000
"""A segment is called too slow only from this length on."""

SHORT_MS = 400
"""No rate is told of a segment shorter than this."""

CREDITS = (
    "amara.org", "subtitles by", "subtitled by", "captions by", "transcribed by",
    "transcription by", "sous-titres", "sous-titrage", "untertitel", "untertitelung", "legendas",
    "napisy", "subtitulos", "sottotitoli", "ترجمة نانسي", "字幕",
)  # fmt: skip
"""Credits of subtitles: nobody says them in an answer. Such inventions at silence are reported by
Koenecke et al. (2024), "Careless Whisper: Speech-to-Text Hallucination Harms"."""

POLITE = (
    "thank you", "thank you for watching", "thanks for watching", "thank you very much", "bye",
    "please subscribe", "like and subscribe", "see you in the next video", "you",
)  # fmt: skip
"""Phrases that are invented at silence, and also said by people: flagged only where the engine was
unsure or heard silence."""

SCRIPTS = {
    "ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "ps": "ARABIC", "sd": "ARABIC",
    "bn": "BENGALI", "as": "BENGALI", "hi": "DEVANAGARI", "mr": "DEVANAGARI", "ne": "DEVANAGARI",
    "pa": "GURMUKHI", "gu": "GUJARATI", "ta": "TAMIL", "te": "TELUGU", "ml": "MALAYALAM",
    "kn": "KANNADA", "si": "SINHALA", "th": "THAI", "am": "ETHIOPIC", "ti": "ETHIOPIC",
    "ru": "CYRILLIC", "uk": "CYRILLIC", "bg": "CYRILLIC", "sr": "CYRILLIC", "mk": "CYRILLIC",
    "be": "CYRILLIC", "el": "GREEK", "he": "HEBREW", "yi": "HEBREW", "ko": "HANGUL",
    "zh": "CJK", "yue": "CJK", "ja": "CJK", "hy": "ARMENIAN", "ka": "GEORGIAN",
    "my": "MYANMAR", "km": "KHMER", "lo": "LAO", "bo": "TIBETAN",
}  # fmt: skip
"""The script of languages that are not written in Latin letters, as Unicode names it."""

SAME = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "BOPOMOFO": "CJK"}


def flag_transcript(transcript: Transcript) -> Transcript:
    """Give the transcript with the flags that its segments deserve."""
    previous = ""
    flagged = []
    for segment in transcript.segments:
        words = transcript.text[segment.start : segment.end]
        found = _flags(words, segment, transcript.language, previous)
        flagged.append(replace(segment, flags=found))
        previous = fold(words)
    return replace(transcript, segments=tuple(flagged))


def _flags(words: str, segment: TimedSegment, language: str, previous: str) -> tuple[Flag, ...]:
    found: list[Flag] = []
    if is_unsure(segment):
        found.append("low_confidence")
    silent = segment.quality.get("no_speech_prob", 0.0) > NO_SPEECH
    if silent:
        found.append("silence_with_text")
    compressed = segment.quality.get("compression_ratio", 0.0) > COMPRESSION
    if compressed or repeats(words) or (previous and fold(words) == previous):
        found.append("repetition")
    if is_invented(words, unsure=silent or "low_confidence" in found):
        found.append("invented_phrase")
    pace = _pace(words, segment)
    if pace is not None:
        found.append(pace)
    if not in_script(words, language):
        found.append("language_switch")
    return tuple(found)


def is_unsure(segment: TimedSegment) -> bool:
    """Tell whether the engine was unsure of a segment, or of many of its words."""
    if segment.confidence is not None and segment.confidence < LOW_CONFIDENCE:
        return True
    known = [word.probability for word in segment.words if word.probability is not None]
    doubtful = sum(chance < LOW_WORD for chance in known)
    return len(known) > 1 and doubtful >= DOUBTFUL_SHARE * len(known)


def repeats(words: str) -> bool:
    """Tell whether some words follow themselves again and again.

    Examples
    --------
    >>> repeats("I said no, no, no, no, no.")
    True
    >>> repeats("They never, never called.")
    False
    """
    said = ["".join(filter(str.isalnum, word)) for word in fold(words).split()]
    for n in range(1, LONGEST_REPEAT + 1):
        run = 1
        for at in range(n, len(said) - n + 1):
            same = said[at - n : at] == said[at : at + n]
            # Repetitions of n words are n apart: count in single steps, each a match of n words.
            run = run + 1 if same else 1
            if run > n * (REPEATS - 1) - (n - 1) and run >= REPEATS:
                return True
    return False


def is_invented(words: str, *, unsure: bool) -> bool:
    """Tell whether a segment is a phrase that recognisers are known to invent.

    Examples
    --------
    >>> is_invented("Thank you for watching!", unsure=True)
    True
    >>> is_invented("Thank you.", unsure=False)
    False
    >>> is_invented("Subtitles by the Amara.org community", unsure=False)
    True
    """
    said = fold(words)
    if any(credit in said for credit in map(fold, CREDITS)):
        return True
    bare = " ".join("".join(c for c in said if c.isalnum() or c.isspace()).split())
    return unsure and bare in POLITE


def _pace(words: str, segment: TimedSegment) -> Flag | None:
    if segment.start_ms is None or segment.end_ms is None:
        return None
    length_ms = segment.end_ms - segment.start_ms
    if length_ms < SHORT_MS:
        return None
    n = sum(unicodedata.category(sign)[0] in "LMN" for sign in words)
    rate = n * 1000 / length_ms
    dense = script_of(words) in ("CJK", "HANGUL")
    if rate > (FASTEST_CJK if dense else FASTEST):
        return "too_fast"
    slow = rate < (SLOWEST / 2 if dense else SLOWEST)
    return "too_slow" if slow and length_ms >= LONG_MS else None


def script_of(words: str) -> str:
    """Give the script of most of a text's letters, as Unicode names it; empty without letters.

    Examples
    --------
    >>> script_of("میں نے تین بار فون کیا")
    'ARABIC'
    """
    counted: Counter[str] = Counter()
    for sign in words:
        if sign.isalpha():
            name = unicodedata.name(sign, "").split(" ")[0]
            counted[SAME.get(name, name)] += 1
    return counted.most_common(1)[0][0] if counted else ""


def in_script(words: str, language: str) -> bool:
    """Tell whether words are written in the script of a language, as far as that can be told.

    Examples
    --------
    >>> in_script("She listened to me", "ur")
    False
    >>> in_script("OK", "ur")
    True
    """
    if sum(sign.isalpha() for sign in words) < 6:
        return True
    return script_of(words) == SCRIPTS.get(language, "LATIN")
