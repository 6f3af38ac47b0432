"""A participant's text: normalised once, searched, cut for display, and counted in other units.

In: text as a file, a person or an engine gives it. Out: the normalised text that every span refers
to, and places in it. Offsets are code points; the browser's UTF-16 units are converted here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import regex  # type: ignore[import-untyped]

from workbench.domain.spans import Span
from workbench.errors import CodingError

ELLIPSIS = "…"

_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_WORD = re.compile(r"\S+")
_SPACES = re.compile(" {2,}")

_CLUSTER = 40
"""Code points looked at around a cut; only the oddest characters are made of more."""

_VIRAMA = 9
"""Canonical combining class of the sign that joins Indic consonants: it spells, it is no accent."""

# Keyboards write the same Urdu or Arabic letter in different ways (UAX 31 calls such pairs
# confusable): kaf, yeh and heh are searched as one letter each.
_ARABIC = {
    "\N{ARABIC LETTER KAF}": "\N{ARABIC LETTER KEHEH}",
    "\N{ARABIC LETTER YEH}": "\N{ARABIC LETTER FARSI YEH}",
    "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER FARSI YEH}",
    "\N{ARABIC LETTER HEH}": "\N{ARABIC LETTER HEH GOAL}",
    "\N{ARABIC LETTER AE}": "\N{ARABIC LETTER HEH GOAL}",
    "\N{ARABIC LETTER HEH DOACHASHMEE}": "\N{ARABIC LETTER HEH GOAL}",
}
_TATWEEL = "\N{ARABIC TATWEEL}"
_ASCII_SPACES = {code: " " for code in range(128) if chr(code).isspace()}


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a text, without its newline. `start` is its offset in code points."""

    start: int
    text: str


def normalise(raw: str) -> str:
    r"""Return the text as it is kept for good; doing it twice changes nothing.

    Newlines become LF; byte order marks at the start and NUL go; surrogates are joined when they
    are a pair and become U+FFFD when they are alone. Nothing else is touched: no trimming and no
    Unicode normalisation, so that a participant's words stay as they were given.
    """
    if raw.isascii() and "\x00" not in raw and "\r" not in raw:
        return raw
    text = raw.replace("\x00", "").lstrip("\ufeff")
    text = _SURROGATE_PAIR.sub(_join_pair, text)
    text = _SURROGATE.sub("\ufffd", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def sha(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def count_words(text: str) -> int:
    """Count the words: what stands between white space, in whatever script.

    Scripts that put no space between words, such as Chinese, are counted by their stretches.
    """
    return len(text.split())


def fold(text: str) -> str:
    """Return the text as search sees it; never kept and never shown.

    Case and accents are dropped (casefold, NFKD, combining marks, Arabic harakat and tatweel, signs
    that are not seen), Arabic letters that only keyboards tell apart become one, and white space of
    any length becomes one space. Doing it twice changes nothing.
    """
    if text.isascii():  # nothing but case and white space to fold, and many times quicker
        folded = text.lower()
        return _squeeze(folded if folded.isprintable() else folded.translate(_ASCII_SPACES))
    return _squeeze(text.translate(_FOLDS))


def find_folded(text: str, needle: str) -> list[Span]:
    """Find a needle whatever its case and accents.

    Returns the places in the original text, in order, not overlapping. They take in the marks
    that belong to the last letter and never cut what a reader sees as one character. A needle that
    folds to nothing is found nowhere.
    """
    wanted = fold(needle).strip()
    if not wanted or wanted not in fold(text):
        return []
    folded, starts, ends = _fold_map(text)
    characters = Characters(text)
    found: list[Span] = []
    at = folded.find(wanted)
    while at >= 0:
        start = characters.floor(starts[at])
        end = characters.ceil(ends[at + len(wanted) - 1])
        if not found or start >= found[-1].end:
            found.append(Span(start, end))
        at = folded.find(wanted, at + len(wanted))
    return found


class Characters:
    """Knows which offsets of a text cut what a reader sees as one character.

    Such a character is an extended grapheme cluster (Unicode Standard Annex 29): a letter with its
    accents, a flag, a family. Made once per text: O(length) to make, O(log) per offset.
    """

    __slots__ = ("_ends", "_starts")

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        if text.isascii() and "\r" not in text:
            return
        for character in regex.finditer(r"\X", text):
            start, end = character.span()
            if end - start > 1:
                self._starts.append(start)
                self._ends.append(end)

    def cuts(self, offset: int) -> bool:
        """Whether the offset lies inside a character."""
        return self.floor(offset) != offset

    def floor(self, offset: int) -> int:
        """Return the offset, or the start of the character that it cuts."""
        at = bisect_right(self._ends, offset)
        inside = at < len(self._starts) and self._starts[at] < offset
        return self._starts[at] if inside else offset

    def ceil(self, offset: int) -> int:
        """Return the offset, or the end of the character that it cuts."""
        at = bisect_right(self._ends, offset)
        inside = at < len(self._starts) and self._starts[at] < offset
        return self._ends[at] if inside else offset


class Utf16Map:
    """Converts offsets of one text between code points and UTF-16 units.

    Made once per text: O(length) to make, O(log of the characters beyond U+FFFF) per offset.
    """

    __slots__ = ("_astral", "_astral_units", "_length")

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._astral = [match.start() for match in _ASTRAL.finditer(text)]
        self._astral_units = [at + before for before, at in enumerate(self._astral)]

    @property
    def length(self) -> int:
        """Length of the text in UTF-16 units."""
        return self._length + len(self._astral)

    def to_utf16(self, offset: int) -> int:
        """Convert code points to UTF-16 units.

        Raises
        ------
        CodingError
            When the offset lies outside the text.
        """
        _check_offset(offset, self._length, "characters")
        return offset + bisect_left(self._astral, offset)

    def from_utf16(self, offset: int) -> int:
        """Convert UTF-16 units to code points.

        Raises
        ------
        CodingError
            When the offset lies outside the text or inside a surrogate pair.
        """
        _check_offset(offset, self.length, "UTF-16 units")
        before = bisect_left(self._astral_units, offset)
        if before and self._astral_units[before - 1] == offset - 1:
            raise CodingError(
                f"the UTF-16 offset {offset} lies inside one character.",
                hint="It must lie before or after a surrogate pair.",
            )
        return offset - before


def to_utf16(text: str, offset: int) -> int:
    """Convert one offset from code points to UTF-16 units; see `Utf16Map` for many."""
    return Utf16Map(text).to_utf16(offset)


def from_utf16(text: str, offset: int) -> int:
    """Convert one offset from UTF-16 units to code points; see `Utf16Map` for many."""
    return Utf16Map(text).from_utf16(offset)


def blocks(text: str) -> tuple[Block, ...]:
    """Split a normalised text into its lines; empty lines are left out."""
    found = []
    start = 0
    for line in text.split("\n"):
        if line:
            found.append(Block(start, line))
        start += len(line) + 1
    return tuple(found)


def snippet(text: str, limit: int = 90) -> str:
    """Return the first words on one line, with an ellipsis when there are more.

    The result has at most `limit` (1 or more) characters, the ellipsis among them. A first word
    that is longer is cut between two characters as a reader sees them.
    """
    shown = ""
    for word in _WORD.finditer(text):
        start, end = word.span()
        grown = len(shown) + bool(shown) + end - start
        if grown > limit:
            return _cut(shown, text[start : start + limit + 1], limit)
        shown = f"{shown} {text[start:end]}" if shown else text[start:end]
    return shown


def context(text: str, start: int, end: int, width: int) -> tuple[str, str]:
    """Return what stands before and after a span, at most `width` characters each.

    Both are exact pieces of the text that touch the span. A word that would be cut is left out;
    where a stretch has no white space at all, it is cut between two characters.
    """
    left, right = max(0, start - width), min(len(text), end + width)
    before, after = text[left:start], text[end:right]
    if left and not (text[left - 1].isspace() or before[:1].isspace()):
        before = _after_first_gap(text, before, left)
    if right < len(text) and not (text[right].isspace() or after[-1:].isspace()):
        after = _before_last_gap(text, after, end)
    return before, after


class _Folds(dict[int, str]):
    """How each character folds, worked out on first sight; serves `str.translate`."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


_FOLDS = _Folds()


def _fold_character(character: str) -> str:
    """Fold one code point; white space comes out as a plain space."""
    piece, previous = character, ""
    while piece != previous:
        previous = piece
        piece = unicodedata.normalize("NFKD", piece.casefold())
    return "".join(_fold_kept(sign) for sign in piece)


def _fold_kept(sign: str) -> str:
    """Return the sign as search keeps it, or nothing."""
    if sign.isspace():
        return " "
    category = unicodedata.category(sign)
    if sign == _TATWEEL or category in ("Cf", "Me") or _is_variation_selector(sign):
        return ""
    if category == "Mn" and unicodedata.combining(sign) not in (0, _VIRAMA):
        return ""
    return _ARABIC.get(sign, sign)


def _is_variation_selector(sign: str) -> bool:
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


def _squeeze(folded: str) -> str:
    return _SPACES.sub(" ", folded) if "  " in folded else folded


def _fold_map(text: str) -> tuple[str, list[int], list[int]]:
    """Fold, and say for every folded character which `[start, end)` of the text it stands for."""
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, piece in enumerate(map(_FOLDS.__getitem__, map(ord, text))):
        for sign in piece:
            if sign == " " and folded and folded[-1] == " ":
                continue
            folded.append(sign)
            starts.append(at)
            ends.append(at + 1)
        if folded and (not piece or folded[-1] == " "):
            ends[-1] = at + 1
    return "".join(folded), starts, ends


def _join_pair(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _check_offset(offset: int, length: int, unit: str) -> None:
    if not 0 <= offset <= length:
        raise CodingError(f"the offset {offset} lies outside the text, which has {length} {unit}.")


def _cut(shown: str, word: str, limit: int) -> str:
    """End a snippet before `word`, which does not fit any more (its first letters are given)."""
    if len(shown) == limit and " " in shown:
        shown = shown.rpartition(" ")[0]
    if shown and len(shown) < limit:
        return shown + ELLIPSIS
    first = shown or word
    return first[: _whole(first, limit - 1)] + ELLIPSIS


def _whole(text: str, stop: int) -> int:
    """Return the last offset up to `stop` that cuts no character as a reader sees it."""
    return Characters(text[: stop + _CLUSTER]).floor(stop)


def _after_first_gap(text: str, before: str, left: int) -> str:
    for at, character in enumerate(before):
        if character.isspace():
            return before[at:].lstrip() if before[at:].strip() else before[at:]
    window = max(0, left - _CLUSTER)
    characters = Characters(text[window : left + len(before)])
    return before[characters.ceil(left - window) + window - left :]


def _before_last_gap(text: str, after: str, end: int) -> str:
    for at in range(len(after) - 1, -1, -1):
        if after[at].isspace():
            return after[:at].rstrip() if after[:at].strip() else after[: at + 1]
    return after[: _whole(text[end : end + len(after) + _CLUSTER], len(after))]
