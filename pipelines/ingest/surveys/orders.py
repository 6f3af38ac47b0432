"""The natural order of an attribute's values.

In: the different values of a column. Out: the values from low to high, where they are bands of
numbers or a scale of answers; nothing where they have no order.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from pipelines.ingest.surveys.values import match_key

SCALES = (
    "completely disagree|strongly disagree|disagree|tend to disagree|slightly disagree|somewhat "
    "disagree|neither agree nor disagree|neither agree or disagree|neither|neutral|undecided|"
    "slightly agree|somewhat agree|tend to agree|agree|strongly agree|completely agree",
    "strongly oppose|oppose|tend to oppose|neither support nor oppose|neither|neutral|tend to "
    "support|support|strongly support",
    "never|hardly ever|rarely|seldom|occasionally|sometimes|often|frequently|usually|very often|"
    "most of the time|nearly always|almost always|always",
    "never|less than once a year|once a year|yearly|a few times a year|every few months|less "
    "often|less than once a month|monthly|once a month|a few times a month|fortnightly|weekly|once "
    "a week|about once a week|several times a week|a few times a week|most days|daily|every day|"
    "several times a day",
    "once|twice|three times|three or more times|more than twice|more often",
    "january|february|march|april|may|june|july|august|september|october|november|december",
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    "not at all satisfied|very dissatisfied|dissatisfied|fairly dissatisfied|somewhat dissatisfied|"
    "not very satisfied|neither satisfied nor dissatisfied|neither|neutral|somewhat satisfied|"
    "quite satisfied|fairly satisfied|satisfied|very satisfied|extremely satisfied",
    "very poor|poor|neither good nor poor|neither poor nor good|fair|average|good|very good|"
    "excellent",
    "not at all|not very|not very much|a little|a bit|slightly|to some extent|somewhat|moderately|"
    "quite|quite a bit|fairly|a lot|very|very much|a great deal|extremely|completely",
    "very bad|bad|neither good nor bad|ok|okay|good|very good",
    "none|very low|low|medium|moderate|high|very high",
    "very difficult|difficult|fairly difficult|quite difficult|neither easy nor difficult|neither|"
    "quite easy|fairly easy|easy|very easy",
    "very unlikely|unlikely|fairly unlikely|neither likely nor unlikely|neither|fairly likely|"
    "likely|very likely",
    "definitely not|probably not|might or might not|maybe|probably|definitely",
    "very unhelpful|unhelpful|not helpful|neither helpful nor unhelpful|neither|a little helpful|"
    "somewhat helpful|fairly helpful|helpful|very helpful|extremely helpful",
    "not at all important|not important|not very important|slightly important|moderately "
    "important|fairly important|important|very important|extremely important",
    "very unhappy|unhappy|neither|neutral|happy|very happy",
    "much worse|worse|a little worse|slightly worse|about the same|the same|slightly better|a "
    "little better|better|much better",
)
REMAINDERS = frozenset(
    {
        "prefer not to say",
        "prefer not to answer",
        "don't know",
        "don’t know",
        "do not know",
        "not sure",
        "unsure",
        "other",
        "not applicable",
        "n/a",
        "not stated",
        "unknown",
    }
)
"""Values outside of any order; they go to the end."""

UNIT = (
    r"(?:\s*(?:years?(?: olds?| of age)?|yrs?|y|hours?|hrs?|minutes?|mins?|days?|weeks?|months?|"
    r"miles?|km|k|times?|children|child|people|adults?|points?))?"
)
AMOUNT = r"[£$€]?(?P<{name}>\d{{1,3}}(?:,\d{{3}})+|\d+)" + UNIT
ABOVE_WORDS = r"\s*(?:\+|or more|or over|and over|and above|or older|and older|or above|plus)"
BAND = re.compile(
    r"(?:aged? )?(?P<below>under|below|less than|up to|younger than|fewer than|<)?\s*"
    + AMOUNT.format(name="low")
    + r"\s*(?:(?:-|–|—|to|and|à|bis)\s*"
    + AMOUNT.format(name="high")
    + rf"|(?P<above>{ABOVE_WORDS})|or (?:under|less|fewer|younger|below))?"
    + UNIT
)
ABOVE = re.compile(
    r"(?:aged? )?(?:over|above|more than|older than|>)\s*[£$€]?(\d{1,3}(?:,\d{3})+|\d+).*"
)
NOTHING = frozenset(("none", "zero", "nil", "no children"))
NUMBERED = re.compile(r"(?P<word>[^\W\d]+ )?(?P<number>\d{1,3})(?P<label>\s*[-–—:=.)(]\s*\S.*)?")
LETTERED = re.compile(r"([a-z])[.)]\s+\S.*")


def natural_order(values: Collection[str]) -> tuple[str, ...] | None:
    """Return the values from low to high, or None where they have no order of their own.

    Examples
    --------
    >>> natural_order(["25-34", "Under 18", "65 or over", "18-24", "Prefer not to say"])
    ('Under 18', '18-24', '25-34', '65 or over', 'Prefer not to say')
    >>> natural_order(["Roma", "Bangladeshi"]) is None
    True
    """
    proper = [value for value in values if _key(value) not in REMAINDERS]
    rest = sorted(value for value in values if _key(value) in REMAINDERS)
    if len(proper) < 2:
        return None
    ranks = _bands(proper) or _scale(proper) or _numbered(proper) or _lettered(proper)
    if ranks is None:
        return None
    return (*sorted(proper, key=lambda value: (ranks[value], value)), *rest)


def _key(value: str) -> str:
    """Return a value for comparing; names such as `18_24` and `strongly_agree` read as words."""
    between = re.sub(r"(?<=\d)_(?=\d)", "-", match_key(value))
    return between.replace("_", " ")


def _bands(values: Collection[str]) -> dict[str, float] | None:
    found = {value: _band_start(_key(value)) for value in values}
    starts = {value: start for value, start in found.items() if start is not None}
    named = [value for value in values if match_key(value) in NOTHING]
    return starts if len(starts) == len(found) and len(named) < len(found) else None


def _band_start(value: str) -> float | None:
    if value in NOTHING:
        return -0.5
    if above := ABOVE.fullmatch(value):
        return _plain(above[1]) + 0.5
    band = BAND.fullmatch(value)
    if not band:
        return None
    low = _plain(band["low"])
    below = band["below"] or value.endswith(("under", "younger", "or less", "fewer", "or below"))
    return low - 1_000_000.0 if below else low


def _numbered(values: Collection[str]) -> dict[str, float] | None:
    """Rank `Year 7` and `Year 10`, or `1 - Very poor` and `5 - Very good`, by their numbers."""
    found = {value: NUMBERED.fullmatch(_key(value)) for value in values}
    ranks = {value: float(match["number"]) for value, match in found.items() if match}
    words = {match["word"] for match in found.values() if match}
    alike = len(ranks) == len(found) == len(set(ranks.values())) and len(words) == 1
    return ranks if alike else None


def _lettered(values: Collection[str]) -> dict[str, float] | None:
    """Rank `a. Under 18` and `b. 18 to 24` by their letters."""
    found = {value: LETTERED.fullmatch(match_key(value)) for value in values}
    ranks = {value: float(ord(match[1])) for value, match in found.items() if match}
    return ranks if len(ranks) == len(found) == len(set(ranks.values())) else None


def _plain(digits: str) -> float:
    return float(digits.replace(",", "") or 0)


def _scale(values: Collection[str]) -> dict[str, float] | None:
    for scale in SCALES:
        ranks = {step: at for at, step in enumerate(scale.split("|"))}
        keys = {value: _key(value) for value in values}
        if all(key in ranks for key in keys.values()):
            return {value: float(ranks[key]) for value, key in keys.items()}
    return None
