"""What a cell's text stands for: a number, a date, a choice.

In: the text of one cell. Out: one form of it for every way of writing it, or nothing.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

MAX_NUMBER_CHARS = 40
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")

NOT_CHOSEN = frozenset(
    (
        "", "0", "-99", "no", "n", "false", "off", "not selected", "unchecked", "not checked",
        "not chosen", "not ticked", "not mentioned", "not quoted", "n/a", "not applicable",
    )
)  # fmt: skip
"""What stands in the column of one value of a multi-select where it was not chosen."""

CLOCK = r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*([AaPp]\.?[Mm]\.?)?)?"
ZONE = r"\s*(Z|(?:UTC|GMT|BST)?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?|\(.*\))"
YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){CLOCK}{ZONE}")
YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d{{2}}){CLOCK}{ZONE}")
DAY_NAMED = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[ -]([A-Za-z]{{3,9}})\.?,?[ -](\d{{4}}){CLOCK}{ZONE}"
)
MONTH_NAMED = re.compile(
    rf"([A-Za-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){CLOCK}{ZONE}"
)
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MAX_DATE_CHARS = 60


def match_key(text: str) -> str:
    """Return what two texts have in common when they name the same choice: `Yes`, ` yes`."""
    return " ".join(text.split()).casefold()


def parse_number(text: str) -> str | None:
    """Return a number in its plain form ("1,200.50" gives "1200.5"), or None if it is none.

    Examples
    --------
    >>> parse_number("3.0"), parse_number(" 1,200.50 "), parse_number("3,5"), parse_number("three")
    ('3', '1200.5', '3.5', None)
    """
    text = text.strip().removeprefix("£")
    if not text or len(text) > MAX_NUMBER_CHARS:
        return None
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not NUMBER.fullmatch(text):
        return None
    value = float(text)
    if not math.isfinite(value):
        return None
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(value, ".15g")


def exact_number(text: str) -> str | None:
    """Return a number in its plain form with all its digits, or None if it is none.

    Tables round to 15 digits, as spreadsheets write `0.30000000000000004`; what another program
    keeps exactly must not lose a digit.

    Examples
    --------
    >>> exact_number("43506264139869408"), exact_number("007.50"), exact_number("-0.0")
    ('43506264139869408', '7.5', '0')
    >>> exact_number("1,200.50"), exact_number("three")
    ('1200.5', None)
    """
    if not text.isascii() or not text.lstrip("+-").replace(".", "", 1).isdecimal():
        return parse_number(text)
    try:
        exact = format(Decimal(text), "f")
    except InvalidOperation:
        return None
    exact = exact.rstrip("0").rstrip(".") if "." in exact else exact
    return "0" if exact == "-0" else exact


def parse_date(text: str, *, day_first: bool = True) -> str | None:
    """Return a date in ISO form, with its time if it has one, or None if it is no date.

    A zone that is written as a distance from UTC is kept; a zone's name alone is dropped.

    Examples
    --------
    >>> parse_date("14/02/2022"), parse_date("14 Feb 2022 9:05 pm"), parse_date("next week")
    ('2022-02-14', '2022-02-14T21:05:00', None)
    """
    text = text.strip()
    if not text or len(text) > MAX_DATE_CHARS or not any(c.isdigit() for c in text):
        return None
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in found.groups()[:3])
    elif found := YEAR_LAST.fullmatch(text):
        first, second, year = (int(part) for part in found.groups()[:3])
        day, month = (first, second) if day_first else (second, first)
        year += 0 if len(found[3]) == 4 else (2000 if year < 69 else 1900)
    elif found := DAY_NAMED.fullmatch(text):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    elif found := MONTH_NAMED.fullmatch(text):
        month, day, year = _month(found[1]), int(found[2]), int(found[3])
    else:
        return None
    return _iso(year, month, day, found.groups()[3:])


def _month(name: str) -> int:
    name = name.lower()
    return next((at for at, month in enumerate(MONTHS, 1) if month.startswith(name)), 0)


def _iso(year: int, month: int, day: int, clock: tuple[str | None, ...]) -> str | None:
    hour, minute, second, half, zone = clock
    try:
        if hour is None:
            return dt.date(year, month, day).isoformat()
        hours = int(hour)
        if half:
            if not 1 <= hours <= 12:
                return None
            hours = hours % 12 + (12 if half[0] in "pP" else 0)
        moment = dt.datetime(year, month, day, hours, int(minute or 0), int(second or 0))
    except ValueError:
        return None
    return moment.isoformat() + _offset(zone or "")


def _offset(zone: str) -> str:
    if zone.strip() == "Z":
        return "+00:00"
    found = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone.strip())
    return f"{found[1]}{int(found[2]):02d}:{found[3] or '00'}" if found else ""


def find_day_first(values: Iterable[str]) -> bool | None:
    """Tell whether dates such as 03/04/2022 have the day first, by those that can be read one way.

    None where no date of the column settles it.
    """
    n_day_first = n_month_first = 0
    ambiguous = False
    for value in values:
        found = YEAR_LAST.fullmatch(value.strip()) if len(value) <= MAX_DATE_CHARS else None
        if not found:
            continue
        first, second = int(found[1]), int(found[2])
        n_day_first += first > 12
        n_month_first += second > 12
        ambiguous = ambiguous or first != second
    if n_day_first == n_month_first:
        return None if ambiguous else True
    return n_day_first > n_month_first
