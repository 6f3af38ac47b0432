"""Names of speakers: which spellings are one person, and which names may be shown.

In: names as a transcript has them. Out: people, each with all spellings; what kind of name each
has. A label such as P3 tells nobody who somebody is; anything else is taken for a real name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from workbench.domain.text import normalise
from workbench.domain.turns import SpeakerRole

MAX_NAME = 200
"""Characters of a name that is shown, of a focus group's name and of a respondent's ref."""

NameKind = Literal["label", "name", "nobody"]
"""A label says who speaks and not who they are; "nobody" are several, or somebody unknown."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_FACILITATING = _words(
    "facilitator facilitators cofacilitator moderator moderators comoderator interviewer "
    "interviewers researcher researchers notetaker ميسر ميسرة الميسر الميسرة"
)
"""Whoever has one of these words in their name asks the questions."""
_FACILITATING_TOGETHER = ("سہولت کار",)
"""What facilitators are called in several words."""
_INTERPRETING = _words("interpreter interpreters translator translators")
"""Whoever has one of these words in their name says what others say, and is no participant."""
_FACILITATING_ALONE = frozenset({"chair", "int", "fac", "mod", "i"})
"""These too, where they are the whole name but for a number, stand last, or stand in brackets."""
_SEVERAL = _words("several all multiple everyone everybody group various many both crosstalk")
_UNKNOWN = _words(
    "unknown unidentified unidentifiable unclear inaudible indistinct unrecognised unrecognized "
    "unnamed undefined unassigned unattributed somebody someone unbekannt inconnu desconocido "
    "nieznany onbekend نامعلوم مجهول معروف غير"
)
"""Whoever transcribed it, a person or a program, could not tell who speaks."""
_ASIDES = _words("note notes nb comment comments")
"""What transcribers write before what they add themselves."""
_FACTS = _words("years year yrs yr old aged age")
_AND = re.compile(r"\s*(?:[&/+,]|\band\b)\s*")
_DOUBT = re.compile(r"\s*(?:\(\s*\?+\s*\)|\[\s*\?+\s*\]|[#\s]*\?+)$")
"""A question mark after a name: nobody is sure whose words these are."""
_OF_PEOPLE = _words("young younger old older adult male female")
_PEOPLE = _words(
    "speaker speakers participant participants respondent respondents interviewee person people "
    "parent parents carer carers mother father mum dad child pupil student teacher practitioner "
    "worker professional attendee attendees guest host member voice voices man woman boy girl "
    "male female مشارك مشاركة المشارك المشاركة شرکت کنندہ"
)
_SHORT = _words("p r s m f w yp fg pt res resp part spk int fac mod co")
_FACILITATORS = _FACILITATING | _FACILITATING_ALONE
_CODE = re.compile(r"([A-Za-z]{1,4})[-_. ]{0,2}(\d{1,4})")
_CODES = re.compile(r"(?:[A-Za-z]{1,4}[-_. ]{0,2}\d{1,4}[-_. ]{0,2}){1,2}[A-Za-z]?")
_NOISE = re.compile(
    r"\s*[(\[{]\s*(?:guest|external|unverified|host|co-?host|organi[sz]er|presenter|me|you|"
    r"v|nv|(?:she|he|they|ze|xe)(?:\s*/\s*\w{1,8}){1,3}|online|in person|phone|"
    r"(?:speaking\s+|speaks\s+)?(?:through|via)\s[^()\[\]{}]{1,60}|"
    r"with\s+(?:(?:an?|the|her|his|their)\s+)?(?:interpreter|translator))\s*[)\]}]\s*$",
    re.I,
)
"""What meeting programs add to a name, and transcribers of whoever speaks through another."""
_IN_BRACKETS = re.compile(r"\s*[(\[{]([^()\[\]{}]{1,60})[)\]}]\s*$")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_NUMBERED = re.compile(r"([^\W\d_]+)[\s._-]*(\d+)")
_SUFFIXES = (".vtt", ".srt", ".txt", ".md", ".docx", ".odt", ".pdf")
_FILE_NOISE = re.compile(
    r"(?:[\s._-]+(?:transcripts?|transcription|captions?|subtitles?|recording|audio|otter[ ._]?ai|"
    r"final|copy|\(\d+\)))+$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class NamedSpeaker:
    """One person as a transcript names them, in every spelling.

    `label` is the name as it may be shown if it is no real name, and tidied in any case.
    """

    key: str
    names: tuple[str, ...]
    label: str
    kind: NameKind
    role: SpeakerRole


def tidy(name: str) -> str:
    r"""Write a name on one line: without signs that are not seen, a colon after it, or brackets.

    Only what meeting programs add in brackets is taken away, such as "(Guest)".

    Examples
    --------
    >>> tidy("  Amina\u202e K (Guest): ")
    'Amina K'
    """
    seen = "".join(sign for sign in normalise(name) if unicodedata.category(sign) != "Cf" or
                   sign in "\u200c\u200d")  # fmt: skip
    text = " ".join(seen.split()).strip(" :;,-–—|")
    text = "".join(sign for sign in text if sign.isprintable() or sign in "\u200c\u200d")
    return _NOISE.sub("", text).strip(" :;,-–—|")


def spelling_key(name: str) -> str:
    """Give what the spellings of one person's name share; empty where there is no name.

    Capitals, white space, a colon after the name and a role in brackets make no difference, nor
    does what parts a word from its number. Numbers do, down to the last digit.

    Examples
    --------
    >>> spelling_key("AMINA K (Guest)") == spelling_key("amina k.")
    True
    >>> spelling_key("Speaker 1:") == spelling_key("speaker1")
    True
    >>> spelling_key("P1") == spelling_key("P11")
    False
    """
    told = tidy(unicodedata.normalize("NFKC", name))
    bare = _without_role(told)[0].rstrip(" .").casefold()
    joined = "".join(sign for sign in bare if sign not in "\u200c\u200d")
    numbered = _NUMBERED.fullmatch(joined)
    return f"{numbered[1]} {numbered[2]}" if numbered else joined


def interprets(name: str) -> bool:
    """Tell whether a name says that somebody interprets what others say.

    Examples
    --------
    >>> [interprets(name) for name in ("Interpreter", "Ana (Interpreter)", "P5 (via interpreter)")]
    [True, True, False]
    """
    words = [token.casefold() for token in _TOKEN.findall(tidy(name))]
    return bool(_INTERPRETING & set(words)) and not {"through", "via", "with"} & set(words)


def role_of(name: str) -> SpeakerRole:
    """Tell whether a name says that somebody asks the questions, or interprets what others say.

    Examples
    --------
    >>> role_of("Lin (Moderator)"), role_of("Int. 2"), role_of("P2"), role_of("Chairman Mo")
    ('facilitator', 'facilitator', 'participant', 'participant')
    """
    bare, bracketed = _without_role(tidy(name))
    if bracketed or interprets(name):
        return "facilitator"
    words = [token.casefold() for token in _TOKEN.findall(bare.replace("-", ""))]
    letters = [word for word in words if not word.isdigit()]
    alone = len(letters) == 1 and letters[0] in _FACILITATING_ALONE
    last = len(letters) > 1 and letters[-1] in ("chair", "int")
    found = alone or last or bool(_FACILITATING & set(letters))
    found = found or any(told in bare for told in _FACILITATING_TOGETHER)
    return "facilitator" if found else "participant"


def without_doubt(name: str) -> tuple[str, bool]:
    """Part the question mark from a name of which nobody is sure; tell whether there was one.

    Examples
    --------
    >>> [without_doubt(name) for name in ("Speaker ?", "P3 (?)", "??", "P3")]
    [('Speaker', True), ('P3', True), ('', True), ('P3', False)]
    """
    found = _DOUBT.search(name)
    return (name[: found.start()].strip(), True) if found else (name, False)


def is_unknown(name: str) -> bool:
    """Tell whether a name says that nobody could tell who speaks.

    Examples
    --------
    >>> [is_unknown(name) for name in ("Unknown Speaker", "Male (unclear)", "P3?", "P3", "All")]
    [True, True, True, False, False]
    """
    told, doubted = without_doubt(tidy(name))
    tokens = _tokens(told)
    parts = _UNKNOWN | _PEOPLE | _OF_PEOPLE
    listed = all(token in parts or token.isdigit() for token in tokens)
    return doubted or (bool(_UNKNOWN & set(tokens)) and listed)


def _tokens(told: str) -> list[str]:
    return [token.casefold() for token in _TOKEN.findall(told.replace("-", ""))]


def kind_of(name: str) -> NameKind:
    """Tell a label from a real name, and both from what stands for several people or nobody.

    Examples
    --------
    >>> [kind_of(name) for name in ("YP4", "Speaker 2", "Amina", "Will Parent", "Unknown Speaker")]
    ['label', 'label', 'name', 'name', 'nobody']
    """
    if is_unknown(name):
        return "nobody"
    told = _without_facts(_without_role(tidy(name))[0].rstrip("."))
    tokens = _tokens(told)
    if tokens in ([word] for word in _ASIDES) or _is_several_labels(told):
        return "nobody"
    if (
        tokens
        and tokens[0] in _SEVERAL
        and all(token in _SEVERAL or token in _PEOPLE or token.isdigit() for token in tokens)
    ):
        return "nobody"
    return "label" if _is_listed(tokens) or _is_code(told) else "name"


def _without_facts(told: str) -> str:
    """Take away what is said of somebody in brackets, where it is no name: P3 (female, 34)."""
    found = _IN_BRACKETS.search(told)
    tokens = _tokens(found[1]) if found else []
    plain = all(
        token.isdigit() or len(token) == 1 or token in _PEOPLE | _OF_PEOPLE | _FACTS
        for token in tokens
    )
    return told[: found.start()].strip() if found and tokens and plain else told


def _is_several_labels(told: str) -> bool:
    """Tell whether a name is that of several people with labels: P1 and P2, P1/P3."""
    parts = [part.strip() for part in _AND.split(told)]
    return len(parts) > 1 and all(part and kind_of(part) == "label" for part in parts)


def _is_listed(tokens: list[str]) -> bool:
    """Tell whether words are what people are called by their part, such as "Young person 4"."""
    last = len(tokens) > 1 and (tokens[-1].isdigit() or len(tokens[-1]) == 1)
    words = tokens[:-1] if last else tokens
    known = _PEOPLE | _FACILITATORS | _INTERPRETING
    return bool(words) and words[-1] in known and set(words) <= known | _OF_PEOPLE


def _is_code(told: str) -> bool:
    """Tell whether a name is a code such as P3, YP4 or FG1P3, and not a short name like Ana 2."""
    if told.isdigit() or (len(told) == 1 and told.isalpha()):
        return True
    if not _CODES.fullmatch(told):
        return False
    return all(
        len(letters) == 1
        or letters.casefold() in _SHORT
        or (letters.isupper() and (len(letters) == 2 or not set(letters) & set("AEIOU")))
        for letters, _ in _CODE.findall(told)
    )


def group_names(names: Mapping[str, int]) -> list[NamedSpeaker]:
    """Put the spellings of each person together.

    Parameters
    ----------
    names
        Names as the file has them, in order of appearance, with how often each comes.
    """
    spellings: dict[str, list[str]] = {}
    for name in names:
        key = spelling_key(name)
        if key:
            spellings.setdefault(key, []).append(name)
    return [_named(key, given, names) for key, given in spellings.items()]


def free_name(wanted: str, taken: Iterable[str], *, most: int = MAX_NAME) -> str:
    """Give a name that nobody has: the wanted one, or with a number after it.

    Examples
    --------
    >>> free_name("P1", {"P1", "P1 (2)"})
    'P1 (3)'
    """
    held = taken if isinstance(taken, set | frozenset) else set(taken)
    free, number = wanted[:most], 1
    while free in held:
        number += 1
        after = f" ({number})"
        free = wanted[: most - len(after)] + after
    return free


def new_ref(group: str, shown: str) -> str:
    """Give the ref of a respondent who is made for a speaker of a group.

    Examples
    --------
    >>> new_ref("FG1", "Participant 2")
    'FG1 Participant 2'
    """
    shown = shown[: MAX_NAME // 2]
    return f"{group[: MAX_NAME - 1 - len(shown)]} {shown}"


def suggested_name(file_name: str) -> str:
    """Suggest what a focus group is called, from the name of its file.

    Examples
    --------
    >>> suggested_name("FG_3-transcript.vtt"), suggested_name(".vtt")
    ('FG 3', 'Focus group')
    """
    stem = PurePath(file_name.replace("\\", "/")).name
    while PurePath(stem).suffix.lower() in _SUFFIXES:
        stem = PurePath(stem).stem
    words = tidy(_FILE_NOISE.sub("", stem).replace("_", " ")).strip(" .")
    told = any(sign.isalnum() for sign in words) and f".{words.casefold()}" not in _SUFFIXES
    return words[:MAX_NAME] if told else "Focus group"


def _named(key: str, given: list[str], counts: Mapping[str, int]) -> NamedSpeaker:
    best = max(given, key=lambda name: (counts[name], -given.index(name)))
    facilitates = any(role_of(name) == "facilitator" for name in given)
    label = _without_role(tidy(best))[0].rstrip(".") or tidy(best)
    return NamedSpeaker(
        key,
        tuple(given),
        label[:MAX_NAME],
        kind_of(best),
        "facilitator" if facilitates else "participant",
    )


def _without_role(told: str) -> tuple[str, bool]:
    """Part a facilitator's role in brackets from a name; tell whether there was one."""
    found = _IN_BRACKETS.search(told)
    if found:
        inside = {token.casefold() for token in _TOKEN.findall(found[1].replace("-", ""))}
        if inside & (_FACILITATORS | _INTERPRETING) and told[: found.start()].strip():
            return told[: found.start()].strip(), True
    return told, False
