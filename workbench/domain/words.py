"""A number with its noun, as people write it.

In: a number and a noun. Out: words for labels and messages.
"""

from __future__ import annotations


def count(n: int, one: str, many: str = "") -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> count(1, "code"), count(1_204, "code"), count(0, "person", "people")
    ('1 code', '1,204 codes', '0 people')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
