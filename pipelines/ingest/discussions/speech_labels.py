"""Names of speakers before words: what can be one, and which of those are.

In: lines of a transcript. Out: names, words, times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.ingest.discussions.speech import (
    CLOCK,
    CLOCK_AT_END,
    CLOCK_CHARS,
    clock_ms,
    without_worded_time,
)
from workbench.domain.speaker_names import is_unknown, kind_of, role_of, without_doubt

MAX_LABEL = 60
"""Characters of a speaker's name."""
MAX_WORDS = 6
SMALL_WORDS = 4
LABELLED_SHARE = 0.8
"""Names in small letters are names where so many lines begin with one that is known."""
ROLE = re.compile(
    r"(?:speaker|guest|participant|respondent|interviewer|interviewee|moderator|facilitator|researcher|"
    r"chair|host|interpreter|parent|young person|practitioner|mother|father|male|female|unknown|"
    r"unidentified|several|all|p|r|s|m|f|i|int|fac|mod|res|yp|fg)\s*[-_ ]?\s*\d{0,3}[a-z]?",
    re.I,
)
"""What transcribers call people whose names they do not write."""
NOISE = re.compile(
    r"[\[(<*]+ ?(?:laugh(?:s|ter|ing)?|pauses?|silence|cross ?talk|inaudible|applause|"
    r"overtalking|background noise|recording (?:paused|stopped|resumed)|sighs?|coughs?|"
    r"crying|noise|music)\b.*[\])>*]+",
    re.I,
)
"""What transcribers write for what is heard and is no word: [laughter], (Pause)."""

BLANKS = " \t\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
"""White space, and signs that are not seen but say in which direction words run."""
BRACKETS_OF_TIMES = ("[", "(", "{", "<", "#")
BULLET = re.compile(r"(?:>{1,3}|[-–—•])[ \t]{0,8}(?=\S)")
ASIDE = "//"
"""What some write around words that somebody says while somebody else speaks."""
STAMPED = re.compile(
    r"(?P<name>[^\[\]:\t\n]{1,60}?)[ \t]{1,8}(?P<time>\[ ?[\d:.,]{4,16} ?\])[ \t]{0,8}:?[ \t]{1,8}"
    r"(?P<words>\S.*)",
    re.S,
)
"""A name, a time in square brackets, and words: Ana [00:01:02] Yes."""
BRACKETED = re.compile(
    r"\[(?P<name>[^\[\]:\n]{1,60})\]:?(?:[ \t]{1,8}(?P<words>\S.*)|[ \t]{0,8}$)", re.S
)
BESIDE = re.compile(
    r"(?P<name>[^\[\](){}<>:\t\n]{1,60}?)[ \t]{1,8}"
    r"(?P<time>[\[({<]?\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?[\])}>]?)[ \t]{1,8}(?P<words>\S.*)",
    re.S,
)
"""A name, a time, and words, with nothing between them: Ana 00:01:02 Yes."""
_FIRST_LETTER = re.compile(r"[\W\d_]{0,40}([^\W\d_])")
LOOSE = re.compile(
    r"(?P<name>\S(?:[^\s:—–>]| (?! )){0,40}?)(?: {2,20}| ?[—–>] )(?P<words>\S.*)", re.S
)
NAME_IN_BRACKETS = re.compile(r"\((?P<name>[^()\n]{1,60})\):? {1,8}(?P<words>\S.*)", re.S)
DASHED = re.compile(
    r"(?P<name>[^\W\d_]{1,4}\d{1,3}|(?:[^\W\d_a-z]{2,20}[.' ]{0,2}){1,4})[ \t]{1,8}[-–—][ \t]{1,8}"
    r"(?P<words>\S.*)",
    re.S,
)


_SAID_OF_THEM = re.compile(r"[ \t]{0,8}[(\[][^()\[\]]{1,40}[)\]]$")
"""What is said of somebody after their name: P3 (female, 34), Ana [online]."""
_INVERTED = re.compile(r"(?:[^\W\d_][\w'’.-]{0,30} ?){1,3}, (?:[^\W\d_][\w'’.-]{0,30} ?){1,3}")
"""A family name before a given one: Osei, Lin."""
_PARTICLES = frozenset({
    "van", "der", "den", "de", "von", "da", "di", "la", "le", "el", "al", "bin", "ibn", "ter",
    "ten", "dos", "du", "del",
})  # fmt: skip
"""Words within a family name that stand in small letters."""
_BEGINNINGS = frozenset({
    "yes", "no", "well", "oh", "so", "and", "but", "ok", "okay", "yeah", "right", "now", "then",
    "hi", "hello", "sorry", "thanks", "dear", "also", "first", "however",
})  # fmt: skip
"""Words before a comma that begin a sentence, and are no family name."""
_NO_NAMES = frozenset({
    "date", "time", "place", "location", "venue", "duration", "length", "file", "file name",
    "audio", "audio file", "recording", "topic", "subject", "title", "project", "study", "http",
    "https", "www", "email", "e-mail", "start time", "end time", "transcribed by", "from", "to",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
})  # fmt: skip
"""What stands before a colon at the head of a transcript, and is nobody."""
_FILE = re.compile(r"\.(?:m4a|mp[34]|wav|wma|ogg|mov|webm|docx?|txt|pdf|vtt|srt)$", re.I)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document. `bold` is how many characters at its beginning are bold."""

    text: str
    bold: int = 0
    line: int | None = None
    cells: tuple[str, ...] = ()
    """Its cells, where it is a row of a table."""
    at: int | None = None
    """When it begins, in milliseconds, where a line above says so."""
    heads: tuple[str, ...] = ()
    """Of the first paragraph: what stood on each page and is left out."""
    notes: tuple[str, ...] = ()
    """Of the first paragraph: sentences for the person about the file."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name before words: `Name: words`, with a time before or after the name."""

    name: str
    words: str
    at: int | None = None


def split_label(text: str) -> Label | None:
    """Part a line into a name and words at its first colon or tab; None where no name can be.

    Examples
    --------
    >>> split_label("[00:01:02] Ana: I said: no.")
    Label(name='Ana', words='I said: no.', at=62000)
    >>> split_label("Ana (0:05): Yes").name
    'Ana'
    """
    told = _without_bullet(text.lstrip(BLANKS))
    before = CLOCK.match(told)
    at = clock_ms(before) if before else None
    if before:
        told = told[before.end() :].lstrip(" \t-–")
    aside = ASIDE if told.startswith(ASIDE) else ""
    told = told[len(aside) :].lstrip()
    stamped = STAMPED.match(told)
    if stamped and at is None and is_label(stamped["name"]):
        clock = CLOCK.fullmatch(stamped["time"])
        return Label(stamped["name"], stamped["words"], clock_ms(clock) if clock else None)
    for place, sign in enumerate(told[: MAX_LABEL + CLOCK_CHARS]):
        beside = told[place - 1 : place].isdigit() and told[place + 1 : place + 2].isdigit()
        if sign == "\n":
            return None
        if sign in "\t：" or (sign == ":" and not beside and not told.startswith("://", place)):
            name, after = without_time(told[:place].strip(BLANKS))
            if not is_label(name) and not is_label(without_doubt(name)[0]):
                return None
            words = f"{aside}{told[place + 1 :].lstrip()}"
            return _label(bare_name(name), words, at if after is None else after)
    return None


def _label(name: str, words: str, at: int | None) -> Label:
    """Give a label with a time in brackets at the beginning of its words, if it has no other."""
    clock = CLOCK.match(words) if at is None and words[:1] in BRACKETS_OF_TIMES else None
    if clock and words[clock.end() - 1] in "])}>#":
        return Label(name, words[clock.end() :].lstrip(), clock_ms(clock))
    return Label(name, words, at)


def _without_bullet(told: str) -> str:
    """Take away what stands before a name in captions: - Ana:, >> Ana:."""
    found = BULLET.match(told)
    return told[found.end() :] if found else told


def bare_name(name: str) -> str:
    """Give a name without the brackets that it stands in as a whole.

    Examples
    --------
    >>> bare_name("[SPEAKER_01]"), bare_name("Ana (Chair)")
    ('SPEAKER_01', 'Ana (Chair)')
    """
    inside = name[1:-1]
    whole = name[:1] + name[-1:] in ("[]", "()", "<>") and not set(inside) & set("[]()<>")
    return inside.strip() if whole else name


def split_bracketed(text: str) -> Label | None:
    """Part a line that begins with a name in square brackets: [Ana] Yes.

    Only for files that have no names before a colon: anonymised words are written so as well.
    """
    found = BRACKETED.match(text.lstrip(BLANKS))
    if found is None or NOISE.fullmatch(f"[{found['name']}]") or not is_label(found["name"]):
        return None
    return Label(found["name"], found["words"] or "")


def split_beside(text: str) -> Label | None:
    """Part a line into a name, a time and words, with nothing between: Lin (0:05) Yes.

    Only for files that have no names before a colon: people speak of times as well.
    """
    found = BESIDE.match(text.lstrip(BLANKS))
    if found is None or not is_label(found["name"]):
        return None
    clock = CLOCK.fullmatch(found["time"])
    return Label(found["name"], found["words"], clock_ms(clock) if clock else None)


def split_loose(text: str) -> Label | None:
    """Part a line into a name and words at blanks, a dash or brackets: Lin  Yes, (Lin) Yes.

    Only for files that have no names before a colon, and in which most lines begin so.
    """
    told = text.lstrip(BLANKS)
    found = LOOSE.match(told) or NAME_IN_BRACKETS.match(told)
    if found is None or NOISE.fullmatch(f"({found['name']})") or not is_label(found["name"]):
        return None
    return Label(found["name"], found["words"])


def split_small(text: str) -> Label | None:
    """Part a line that begins with a name in small letters and a colon: p1: Yes.

    Only for files that have no other names: sentences begin so as well.
    """
    told = _without_bullet(text.lstrip(BLANKS))
    before = CLOCK.match(told)
    if before:
        told = told[before.end() :].lstrip(" \t-–")
    if not told[:1].islower():
        return None
    found = split_label(told[0].upper() + told[1:])
    small = found is not None and told[0] + found.name[1:]
    if found is None or not small or not is_small(small) or small not in told:
        return None
    at = clock_ms(before) if before and found.at is None else found.at
    return Label(small, found.words, at)


def is_small(words: str) -> bool:
    """Tell whether words can be a name that somebody wrote in small letters: ben ade."""
    short = len(words.split()) <= SMALL_WORDS and words[:1].islower()
    return short and is_label(words[0].upper() + words[1:])


def split_any(text: str) -> Label | None:
    """Part a line into a name, in small letters too, and words."""
    return split_label(text) or split_small(text)


def with_small_names(
    texts: Sequence[str], found: Sequence[Label | None], names: set[str]
) -> tuple[set[str], Sequence[Label | None]]:
    """Add names in small letters where nearly all lines begin with a name; part those lines too.

    Elsewhere they are words of a sentence that comes again: he said.

    Parameters
    ----------
    found
        How `split_label` parts each line.
    names
        Those that are known.
    """
    small = [
        split_small(text) if label is None and _begins_small(text) else None
        for text, label in zip(texts, found, strict=True)
    ]
    counted = Counter(label.name for label in small if label is not None)
    again = {name for name, n in counted.items() if n > 1}
    if not again or not names:
        return names, found
    n_lines = sum(label is not None and label.name in names for label in found)
    if n_lines + sum(counted[name] for name in again) < LABELLED_SHARE * len(texts):
        return names, found
    return names | again, [one or other for one, other in zip(found, small, strict=True)]


def _begins_small(text: str) -> bool:
    first = _FIRST_LETTER.match(text)
    return first is not None and first[1].islower()


def split_dashed(text: str) -> Label | None:
    """Part a line that begins with a name in capitals, or a code, and a dash: LIN – Yes.

    Only for files that have no names before a colon: people break off with a dash as well.
    """
    found = DASHED.match(text.lstrip(BLANKS))
    if found is None or not (found["name"].isupper() and is_label(found["name"])):
        return None
    return Label(found["name"], found["words"])


def is_label(words: str) -> bool:
    """Tell whether some words can be the name of a speaker, or stand for one whom nobody knows."""
    name = words.strip()
    if not name or len(name) > MAX_LABEL or len(name.split()) > MAX_WORDS:
        return False
    bare, doubted = without_doubt(name)
    if doubted:  # a label: a question ends so as well
        return not bare or (is_label(bare) and kind_of(bare) != "name")
    if is_unknown(name):
        return True
    low = name.casefold()
    if NOISE.fullmatch(name) or low in _NO_NAMES or low.startswith("dear ") or _FILE.search(name):
        return False
    name = _SAID_OF_THEM.sub("", bare_name(name)) or bare_name(name)
    if set(name) & set("[]"):
        return False
    if "," in name and _INVERTED.fullmatch(name) and _is_inverted(name):
        name = name.replace(",", "")
    if re.search(r"[?!:;,\"“”]|\. [a-z]|(?<!\b\w)(?<!Dr)(?<!Jr)\.$", name):
        return False
    return any(sign.isalpha() for sign in name) and not name[0].islower()


def _is_inverted(name: str) -> bool:
    words = name.replace(",", "").split()
    small = [word for word in words if word[0].islower() and word not in _PARTICLES]
    return words[0].casefold() not in _BEGINNINGS and not small


def known_labels(found: Iterable[Label | None]) -> set[str]:
    """Find the names among what may be some: those that come again, and those of roles.

    A name that comes again in other capitals is the same name; one with a question mark counts
    where it comes without one, too.
    """
    names = [label.name for label in found if label is not None]
    counted = Counter(name.casefold() for name in names)

    def counts(name: str) -> bool:
        bare, doubted = without_doubt(name)
        again = bare.casefold() in counted if doubted else counted[name.casefold()] > 1
        return again or is_given(name)

    return set(filter(counts, dict.fromkeys(names)))


def is_given(name: str) -> bool:
    """Tell whether a name counts though it comes once: a role, a code, or whom nobody knows."""
    bare = _SAID_OF_THEM.sub("", name)
    if bare and bare != name and (is_given(bare) or role_of(name) != role_of(bare)):
        return True
    if kind_of(name) == "label" and role_of(name) == "facilitator":
        return True
    unknown = is_unknown(name) and kind_of(without_doubt(name)[0]) != "name"
    code = any(map(str.isdigit, name)) and kind_of(name) == "label" and name[0] not in "Qq"
    return unknown or code or ROLE.fullmatch(name) is not None or not any(map(str.isalnum, name))


def without_time(words: str) -> tuple[str, int | None]:
    """Part a time from the beginning or the end of some words: 0:03, or 1 minute 3 seconds."""
    for place in (CLOCK.match(words), CLOCK_AT_END.search(words[-CLOCK_CHARS:])):
        if place:
            at_end = place.end() == len(words[-CLOCK_CHARS:]) and place.re is CLOCK_AT_END
            cut = len(words) - len(words[-CLOCK_CHARS:]) + place.start()
            rest = words[:cut] if at_end else words[place.end() :]
            return rest.strip(" \t-–|·"), clock_ms(place)
    rest, at = without_worded_time(words)
    return rest.strip(" \t-–|·") if at is not None else words.strip(), at
