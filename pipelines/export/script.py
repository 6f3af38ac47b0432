"""Which way a text runs.

In: a respondent's words. Out: runs of one direction, for files in which a writer has to say so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_RTL = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff"
_RTL_RUN = re.compile(rf"[{_RTL}]+(?:[^\w{_RTL}]*[{_RTL}]+)*")


def is_rtl(text: str) -> bool:
    """Tell whether the first letter that has a direction runs from right to left.

    This is rule P2 of the Unicode bidirectional algorithm (UAX 9), without its isolates.
    """
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def direction_runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield (text, runs from right to left) in order; joined, they are the text.

    Spaces and signs between two right-to-left words belong to the run of the words.
    """
    at = 0
    for found in _RTL_RUN.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], False
        yield found.group(), True
        at = found.end()
    if at < len(text):
        yield text[at:], False
