"""How the text positions of a REFI-QDA file are to be read: programs differ, and do not say.

In: the file's origin, and its selections with their texts. Out: one `Reading` for the whole file,
why it was chosen in words, and which others would give other words. The origin says what to expect;
the names of selections, and where words begin and end, may say clearly that it is otherwise.

Source: measured on exports of several programs; see docs/decisions (text positions of REFI-QDA).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from pipelines.ingest.projects.refi_text import RefiText, enough, names_words
from workbench.domain.refi import PRODUCT, UTF16_MARK, Reading, RefiSelection

Place = tuple[RefiText, int, int, str]
"""A text, start and end as the file has them, and the selection's name."""
Span = tuple[int, int] | None

MAX_LOOKED_AT = 4000
"""Selections that are tried in every reading; those that can tell most come first."""
MIN_NAME = 4
"""Characters of a name that can be a witness: shorter ones are found anywhere."""
NAMES_OUTWEIGH = 3
"""Names that a reading must explain, and this many times those that it spoils, if it spoils any."""
MIN_ENDS = 4
"""Ends of selections that a reading must put right beyond the expected one."""
GOOD_SHARE = 0.8
CLEAR_SHARE = 0.3
"""Shares of ends: a good reading has this many right, and so many more than the expected one. The
share of `qc`'s selections that end in a newline prefers "inclusive" by 0.07, and wrongly."""
SHOWN_OTHERS = 5

ALL = tuple(
    replace(replace(Reading(), unit=unit, crlf=crlf), bom_counts=bom, end=end)  # type: ignore[arg-type]
    for unit, crlf, bom, end in product(
        ("code points", "UTF-16"), (1, 2), (False, True), ("exclusive", "inclusive")
    )
)
_KNOWN: tuple[tuple[Callable[[str], bool], Reading, str], ...] = (
    (lambda o: o.startswith("nvivo") and "windows" in o, Reading("UTF-16", 2), "NVivo for Windows"),
    (lambda o: "atlas" in o, Reading("code points", 1), "ATLAS.ti"),
    (lambda o: "potato" in o, Reading(end="inclusive"), "Potato"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The reading that was chosen, why, the share of evidence for it, and the others."""

    reading: Reading
    why: str
    score: float = 1.0
    others: tuple[tuple[Reading, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a reading makes of all places, and how well that fits.

    `named` is 2 where the name is the words exactly, 1 where it is but for white space around
    them; `ends` counts the good ones of two.
    """

    reading: Reading
    spans: tuple[Span, ...]
    named: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def n_named(self) -> int:
        return sum(map(bool, self.named))

    @property
    def n_ends(self) -> int:
        return sum(self.ends)


def describe(reading: Reading) -> str:
    """Say a reading in words."""
    unit = "code points" if reading.unit == "code points" else "UTF-16 units"
    crlf = "one" if reading.crlf == 1 else "two"
    bom = "counts" if reading.bom_counts else "does not count"
    last = "does not belong" if reading.end == "exclusive" else "belongs"
    return (
        f"{unit}, a line end of CR and LF counts {crlf}, a byte order mark {bom}, the last "
        f"position {last} to the selection"
    )


def strip_mark(origin: str) -> str:
    """Return the origin without the mark that our own files of the profile "utf16" have."""
    return origin.removesuffix(UTF16_MARK) if origin.startswith(PRODUCT) else origin


def place_of(text: RefiText, selection: RefiSelection) -> Place | None:
    """Return what can be tried of a selection, None where its positions are no numbers."""
    start, end = (value.strip() for value in selection.raw)
    if not (start.isdecimal() and end.isdecimal() and max(len(start), len(end)) <= 12):
        return None
    return text, int(start), int(end), selection.name


def choose(origin: str, places: Sequence[Place], wanted: Reading | None = None) -> Choice:
    """Choose how positions are read.

    Parameters
    ----------
    origin
        The program, as the file says it.
    places
        Selections of the file with their texts.
    wanted
        What a person has settled; it is taken, and the others are still scored.
    """
    expected, sure, program = _expected(origin)
    looked_at = _most_telling(places)
    if wanted is not None:
        expected, sure = wanted, True
        program = "A person settled how the positions are read"
    outcomes = _outcomes(looked_at, expected)
    first = outcomes[0]
    if len(outcomes) == 1:
        why = f"{program}. Every way to read the positions gives the same words."
        return Choice(expected, why, _score(first, outcomes))
    best = first if sure else _clear_winner(outcomes, looked_at)
    others = sorted(
        (one for one in outcomes if one is not best),
        key=lambda one: (-_score(one, outcomes), one is not first),
    )
    shown = others[:SHOWN_OTHERS]
    if best is not first and first not in shown:
        shown[-1] = first
    why = f"{program}. {_evidence(best, outcomes)}"
    if best is not first:
        why = (
            f"{program}, but the positions do not fit that ({_evidence(first, outcomes)}). "
            f"They are read as {describe(best.reading)}: {_evidence(best, outcomes)}"
        )
    return Choice(best.reading, f"{why}.", _score(best, outcomes),
                  tuple((one.reading, _score(one, outcomes)) for one in shown))  # fmt: skip


def _expected(origin: str) -> tuple[Reading, bool, str]:
    """Return the reading to expect, whether it is certain, and why."""
    if origin.startswith(PRODUCT):
        if origin.endswith(UTF16_MARK):
            return Reading("UTF-16"), True, "The file says that its positions are UTF-16 units"
        return Reading(), True, f"The file was written by {PRODUCT}, which keeps to the standard"
    plain = origin.strip().lower()
    for matches, reading, name in _KNOWN:
        if matches(plain):
            return (
                reading,
                False,
                f"The file names {name}, and is expected to have " + (describe(reading)),
            )
    told = f"The file names '{origin[:60]}'" if plain else "The file names no program"
    return Reading(), False, f"{told}, and is expected to have what the standard says"


def _most_telling(places: Sequence[Place]) -> list[Place]:
    """Return places of which few enough are left, evenly; first those after odd characters."""
    if len(places) <= MAX_LOOKED_AT:
        return list(places)
    telling = [place for place in places if place[2] > place[0].first_special]
    plain = [place for place in places if place[2] <= place[0].first_special]
    half = MAX_LOOKED_AT // 2
    return [*_evenly(telling, MAX_LOOKED_AT - min(half, len(plain))), *_evenly(plain, half)]


def _evenly(places: list[Place], wanted: int) -> list[Place]:
    if len(places) <= wanted:
        return places
    return [places[at * len(places) // wanted] for at in range(wanted)]


def _outcomes(places: list[Place], expected: Reading) -> list[_Outcome]:
    """Try every reading; those that give the same words are one, the expected one comes first."""
    found: dict[tuple[Span, ...], Reading] = {}
    odd = [at for at, place in enumerate(places) if place[2] >= place[0].first_special]
    alike: dict[str, list[Span]] = {}  # places before odd characters differ by the end alone
    for reading in (expected, *_likelier_first(expected)):
        if reading.end not in alike:
            alike[reading.end] = [text.span(start, end, reading) for text, start, end, _ in places]
        spans = list(alike[reading.end])
        for at in odd:
            text, start, end, _ = places[at]
            spans[at] = text.span(start, end, reading)
        found.setdefault(tuple(spans), reading)
    return [
        _Outcome(
            reading,
            spans,
            tuple(_named(place, span) for place, span in zip(places, spans, strict=True)),
            tuple(
                _good_ends(place[0].text, span) for place, span in zip(places, spans, strict=True)
            ),
        )
        for spans, reading in found.items()
    ]


def _likelier_first(expected: Reading) -> Iterable[Reading]:
    def differs(reading: Reading) -> tuple[int, int]:
        strange = int(reading.bom_counts) + int(reading.end == "inclusive")
        far = (reading.unit != expected.unit) + (reading.crlf != expected.crlf)
        return strange, far

    return sorted(ALL, key=differs)


def _named(place: Place, span: Span) -> int:
    text, _, _, name = place
    if span is None or len(name) < MIN_NAME:
        return 0
    start, end = span
    if not names_words(name, text.text[start : min(end, start + enough(name))]):
        return 0
    return 1 if text.text[start].isspace() or text.text[end - 1].isspace() else 2


def _good_ends(text: str, span: Span) -> int:
    """Count the ends, of two, that neither cut a word nor lie on white space."""
    if span is None:
        return 0
    start, end = span
    good_start = not text[start].isspace() and not _cuts(text, start)
    good_end = not text[end - 1].isspace() and not _cuts(text, end)
    return good_start + good_end


def _cuts(text: str, at: int) -> bool:
    return 0 < at < len(text) and _in_word(text[at - 1]) and _in_word(text[at])


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _clear_winner(outcomes: list[_Outcome], places: list[Place]) -> _Outcome:
    """Return the outcome of the expected reading, unless another is clearly better."""
    first = outcomes[0]
    by_names = max(outcomes, key=lambda one: (sum(one.named), one is first, one.n_ends))
    if _named_clearly(by_names, first):
        return by_names
    if any(any(one.named) for one in outcomes):
        return first
    by_ends = max(outcomes, key=lambda one: (one.n_ends, one is first))
    clearly = _ends_clearly(by_ends, first) and _n_fit(by_ends, places) >= _n_fit(first, places)
    return by_ends if clearly else first


def _n_fit(one: _Outcome, places: list[Place]) -> int:
    """Count the names, short ones too, that are the words: fewer speak against a reading."""
    return sum(
        span is not None and bool(name) and names_words(name, text.text[span[0] : span[1]])
        for (text, _, _, name), span in zip(places, one.spans, strict=True)
    )


def _named_clearly(one: _Outcome, first: _Outcome) -> bool:
    pairs = list(zip(one.named, first.named, strict=True))
    gained = sum(now > 0 and not before for now, before in pairs)
    lost = sum(now < before for now, before in pairs)
    return gained > 0 and (lost == 0 or gained >= NAMES_OUTWEIGH * (lost + 1))


def _ends_clearly(one: _Outcome, first: _Outcome) -> bool:
    differing = [
        (now, before)
        for now, before, span, other in zip(
            one.ends, first.ends, one.spans, first.spans, strict=True
        )
        if span != other
    ]
    if not differing:
        return False
    now = sum(pair[0] for pair in differing)
    before = sum(pair[1] for pair in differing)
    n = 2 * len(differing)
    good = now / n >= GOOD_SHARE and (now - before) / n >= CLEAR_SHARE
    return good and now - before >= MIN_ENDS


def _witnesses(outcomes: list[_Outcome]) -> int:
    """Count the selections whose names are their words in at least one reading."""
    return sum(any(column) for column in zip(*(one.named for one in outcomes), strict=True))


def _score(one: _Outcome, outcomes: list[_Outcome]) -> float:
    if witnesses := _witnesses(outcomes):
        return one.n_named / witnesses
    return one.n_ends / (2 * len(one.spans)) if one.spans else 1.0


def _evidence(one: _Outcome, outcomes: list[_Outcome]) -> str:
    if witnesses := _witnesses(outcomes):
        return f"{one.n_named:,} of {witnesses:,} names of selections are the words selected"
    n = 2 * len(one.spans)
    return f"{one.n_ends:,} of {n:,} ends of selections lie where words begin and end"
