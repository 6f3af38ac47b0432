"""The value of a spreadsheet's cell as the sheet shows it.

In: a number, date or truth value as a library gives it. Out: its text.
"""

from __future__ import annotations

import datetime as dt
import re

ZEROS = re.compile(r"0+")
PERCENT = re.compile(r"0(?:\.(0+))?%")


def as_seen(value: object, number_format: str = "General") -> str:
    """Write a cell's value as the sheet shows it: 3.0 as 3, dates in ISO form, TRUE and FALSE.

    Examples
    --------
    >>> as_seen(3.0), as_seen(0.1 + 0.2), as_seen(14, "000"), as_seen(0.25, "0%"), as_seen(True)
    ('3', '0.3', '014', '25%', 'TRUE')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_as_seen(value, number_format)
    if isinstance(value, dt.datetime):
        if value.microsecond:
            value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _number_as_seen(value: float, number_format: str) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and value >= 0 and ZEROS.fullmatch(number_format):
        return str(value).zfill(len(number_format))
    if percent := PERCENT.fullmatch(number_format):
        return f"{value:.{len(percent[1] or '')}%}"
    # Excel keeps 15 significant digits, so 0.1 + 0.2 shows as 0.3
    return str(value) if isinstance(value, int) else format(value, ".15g")
