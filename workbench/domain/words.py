"""Numbers with their nouns, and dates, as people write them.

In: a number and a noun, or what was stored. Out: words for labels and messages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:[T ]\d\d:.*)?", re.ASCII)
"""A date of ISO 8601, alone or with a time behind it."""
PAIR = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")


def readable_date(text: str) -> str:
    """Write a date, or the date of a time, as people do; what is none stays as it is.

    Examples
    --------
    >>> readable_date("2022-02-14T09:30:00.000Z"), readable_date("2022-02-04")
    ('14 Feb 2022', '4 Feb 2022')
    >>> readable_date("2022-02"), readable_date("Roma")
    ('2022-02', 'Roma')
    """
    found = DAY.fullmatch(text)
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}" if found else text


def count(n: int, one: str, many: str = "") -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> count(1, "code"), count(1_204, "code"), count(0, "person", "people")
    ('1 code', '1,204 codes', '0 people')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """Begin a text with a capital and leave all else as it is, names among it.

    Examples
    --------
    >>> sentence("checked by Ana on 26 Nov")
    'Checked by Ana on 26 Nov'
    """
    return text[:1].upper() + text[1:]


def together(names: Sequence[str]) -> str:
    """Write names as a list in a sentence.

    Examples
    --------
    >>> together(["Ana"]), together(["Ana", "Ben"]), together(["Ana", "Ben", "Cleo"])
    ('Ana', 'Ana and Ben', 'Ana, Ben and Cleo')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def agree(template: str, n: int) -> str:
    """Fill a number into a sentence, and take of each pair of words the one that goes with it.

    Examples
    --------
    >>> agree("{n} {answer is|answers are} marked as done.", 1)
    '1 answer is marked as done.'
    >>> agree("{n} {answer is|answers are} marked as done.", 1_204)
    '1,204 answers are marked as done.'
    """
    chosen = PAIR.sub(lambda pair: pair[1] if n == 1 else pair[2], template)
    return chosen.replace("{n}", f"{n:,}")


def in_sentence(title: str) -> str:
    """Write a title so that it goes on in a sentence: a small letter first, a question quoted.

    Examples
    --------
    >>> in_sentence("Age band"), in_sentence("UK region"), in_sentence("Who are you?")
    ('age band', 'UK region', '“Who are you?”')
    """
    if title.rstrip().endswith("?"):
        return f"“{title.strip()}”"
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
