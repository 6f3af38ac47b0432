"""What stands in a transcript beside the words: numbers of lines, times, heads of pages.

In: the paragraphs of a document as it has them. Out: those that hold words, with the times that
stood above them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.ingest.discussions.speech import CLOCK, CLOCK_CHARS, Turn, clock_ms
from pipelines.ingest.discussions.speech_labels import Paragraph

_NUMBER = re.compile(r"\s{0,8}(\d{1,6})(?:[.):]?[ \t]+|$)")
NUMBERED_SHARE = 0.9
FEWEST_NUMBERED = 4
_PART = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3})?"
RANGE = re.compile(rf"[\[(]? ?(?P<start>{_PART}) ?(?:-{{1,2}}>|[-–—]|to) ?(?P<end>{_PART}) ?[\])]?")
"""A time from and to: 00:00:03.200 --> 00:00:06.100, 0:00.0 - 0:06.2."""
MARK_AT_END = re.compile(r"#(\d{1,3}:\d{2}:\d{2}(?:-\d)?)#$")
"""The mark of f4 and f5 at the end of what somebody says: #00:01:02-3#."""
CLOCK_IN_BRACKETS_AT_END = re.compile(r"[\[(](\d{1,3}:\d{2}(?::\d{2})?)[\])]$")
ADDED = re.compile(
    r"transcribed by https?://\S{1,80}|(?:.{1,60} )?(?:started|stopped) transcription|"
    r"this editable transcript was computer generated.{0,200}",
    re.I,
)
"""What programs write on a line of its own: nobody says it."""
PAGE_LINES = 2
"""Lines at the top and at the foot of a page that may stand on each of them."""
MOST_PAGES = 0.6
_MARKS_ALONE = re.compile(r"[\[(]?#(?::#){1,2}[\])]?|[^\w#]*")
_IS_SAID = re.compile(r"[^:]{1,40}: .*\w")
"""A line with a name before a colon is taken for words, though it stands on each page."""
ADDED_CHARS = 300
ENDING_SHARE = 0.5
"""Times at the ends of lines are marks if so many of the turns have one."""


def range_ms(text: str) -> tuple[int, int] | None:
    """Read a time from and to, in milliseconds.

    Examples
    --------
    >>> range_ms("0:0:3.2 --> 0:1:6.15"), range_ms("0:06.2 - 0:10.0"), range_ms("0:03")
    ((3200, 66150), (6200, 10000), None)
    """
    found = RANGE.fullmatch(text.strip()[: 3 * CLOCK_CHARS])
    return (_ms(found["start"]), _ms(found["end"])) if found else None


def _ms(told: str) -> int:
    whole, _, fraction = told.replace(",", ".").partition(".")
    total = 0
    for part in whole.split(":"):
        total = total * 60 + int(part)
    return total * 1000 + int(fraction.ljust(3, "0") or 0)


def without_line_numbers(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Take numbers of lines away, where they count up from line to line."""
    found = [_NUMBER.match(item.text) for item in paragraphs if not item.cells]
    numbers = [int(match[1]) for match in found if match]
    steps = Counter(b - a for a, b in pairwise(numbers))
    if len(numbers) < max(FEWEST_NUMBERED, NUMBERED_SHARE * len(found)):
        return list(paragraphs)
    if steps[1] < NUMBERED_SHARE * (len(numbers) - 1):
        return list(paragraphs)
    return [replace(item, text=_NUMBER.sub("", item.text, count=1), bold=0) for item in paragraphs]


def without_page_heads(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], list[str]]:
    """Take away what stands at the top or the foot of most pages; give the rest, and what it was.

    Two lines are the same where only numbers differ in them. Of two pages, only a line with their
    number is taken away.
    """
    counted: Counter[str] = Counter()
    for page in pages:
        edge = {*page[:PAGE_LINES], *page[-PAGE_LINES:]}
        counted.update({_but_numbers(line) for line in edge if line.strip()})
    fewest = max(2, MOST_PAGES * len(pages))
    heads = {key for key, n in counted.items()
             if n >= fewest and (len(pages) > 2 or "#" in key) and not _MARKS_ALONE.fullmatch(key)
             and not _IS_SAID.match(key)}  # fmt: skip
    heads |= {"#"} if counted["#"] >= fewest else set()
    gone: dict[str, str] = {}
    found: list[list[str]] = []
    for page in pages:
        last = len(page) - PAGE_LINES
        kept = []
        for at, line in enumerate(page):
            key = _but_numbers(line)
            if key in heads and (at < PAGE_LINES or at >= last):
                gone.setdefault(key, line.strip())
            else:
                kept.append(line)
        found.append(kept)
    return found, list(gone.values())


def _but_numbers(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


def with_times_above(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Take lines that are a time and nothing else away; whoever speaks next begins then."""
    marks = [_time_alone(item) for item in paragraphs]
    bare = sum(mark is not None for mark in marks)
    found: list[Paragraph] = []
    waiting: int | None = None
    for item, mark in zip(paragraphs, marks, strict=True):
        if mark is not None and (bare > 1 or item.text.strip()[0] in "[("):
            waiting = mark
        else:
            found.append(item if waiting is None else replace(item, at=waiting))
            waiting = None
    return found


def _time_alone(item: Paragraph) -> int | None:
    told = item.text.strip()
    if item.cells or not told or len(told) > 2 * CLOCK_CHARS:
        return None
    between = range_ms(told)
    clock = CLOCK.fullmatch(told)
    return between[0] if between else clock_ms(clock) if clock else None


def with_times_at_ends(turns: Sequence[Turn]) -> list[Turn]:
    """Take times at the ends of what people say for when they end, and the next one begins.

    A mark of f4 is one always; a time in brackets, where most turns of somebody end with one.
    """
    named = [turn for turn in turns if turn.speaker]
    ending = sum(_ends_with(CLOCK_IN_BRACKETS_AT_END, turn) is not None for turn in named)
    often = ending > max(1.0, ENDING_SHARE * len(named))
    found: list[Turn] = []
    begun: int | None = None
    for turn in turns:
        told = _ends_with(MARK_AT_END, turn)
        if told is None and often:
            told = _ends_with(CLOCK_IN_BRACKETS_AT_END, turn)
        start = turn.start_ms if turn.start_ms is not None else begun
        begun = None
        if told is not None:
            words, begun = told
            end = begun if start is None or start <= begun else turn.end_ms
            turn = replace(turn, text=words, end_ms=end)
        found.append(turn if start is None else replace(turn, start_ms=start))
    return found


def _ends_with(mark: re.Pattern[str], turn: Turn) -> tuple[str, int] | None:
    """Part a time from the end of what somebody says; only the end is looked at."""
    text = turn.text.rstrip()
    found = mark.search(text[-CLOCK_CHARS:])
    if found is None:
        return None
    words = text[: len(text) - len(text[-CLOCK_CHARS:]) + found.start()]
    return words.rstrip(), _ms(found[1].replace("-", "."))


def nobodys_lines(turns: Sequence[Turn]) -> list[Turn]:
    """Give what programs have added to nobody."""
    return [
        replace(turn, speaker="")
        if len(turn.text) < ADDED_CHARS and ADDED.fullmatch(turn.text.strip())
        else turn
        for turn in turns
    ]
