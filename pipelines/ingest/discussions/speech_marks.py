"""What stands in a transcript beside the words: numbers of lines, times, heads of pages.

In: the paragraphs of a document as it has them. Out: those that hold words, with the times that
stood above them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.ingest.discussions.speech import (
    CLOCK,
    CLOCK_AT_END,
    CLOCK_CHARS,
    Turn,
    clock_ms,
    without_worded_time,
)
from pipelines.ingest.discussions.speech_labels import Paragraph
from workbench.domain.turns import clock

_NUMBER = re.compile(r"\s{0,8}(\d{1,6})(?:[.):]?[ \t]+|$)")
NUMBERED_SHARE = 0.9
FEWEST_NUMBERED = 4
NUMBERED_EACH = (5, 10)
_PART = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3})?"
RANGE = re.compile(rf"[\[(]? ?(?P<start>{_PART}) ?(?:-{{1,2}}>|[-–—]|to) ?(?P<end>{_PART}) ?[\])]?")
"""A time from and to: 00:00:03.200 --> 00:00:06.100, 0:00.0 - 0:06.2."""
_RANGE_BEFORE = re.compile(rf"\s{{0,8}}{RANGE.pattern}:?[ \t]{{1,8}}(?=\S)")
_RANGE_BELOW = re.compile(rf"TC[ \t]{{1,20}}{RANGE.pattern}")
RANGE_CHARS = 60
MARK_AT_END = re.compile(r"#(\d{1,3}:\d{2}:\d{2}(?:-\d{1,3})?)#$")
"""The mark of f4 and f5 at the end of what somebody says: #00:01:02-3#."""
CLOCK_IN_BRACKETS_AT_END = re.compile(r"[\[(](\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?)[\])]$")
ADDED = re.compile(
    r"transcribed by https?://\S{1,80}|(?:.{1,60} )?(?P<told>(?:started|stopped) transcription)|"
    r"this editable transcript was computer generated.{0,200}|"
    r"(?:meeting|transcription|recording) ended after \d[\d:]{0,10}.{0,5}",
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
FEWEST_TIMED = 2
TIME_OF_DAY_MS = 5 * 3_600_000
"""No discussion begins so late in its recording."""
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
    if (every := _seldom_numbered(paragraphs)) is not None:
        return every
    if len(numbers) < max(FEWEST_NUMBERED, NUMBERED_SHARE * len(found)):
        return list(paragraphs)
    if steps[1] < NUMBERED_SHARE * (len(numbers) - 1):
        return list(paragraphs)
    return [replace(item, text=_NUMBER.sub("", item.text, count=1), bold=0) for item in paragraphs]


def _seldom_numbered(paragraphs: Sequence[Paragraph]) -> list[Paragraph] | None:
    """Take numbers away that stand before each fifth or tenth line, as in transcripts on paper."""
    found = [None if item.cells else _NUMBER.match(item.text) for item in paragraphs]
    for step in NUMBERED_EACH:
        told = [(at, int(match[1])) for at, match in enumerate(found) if match]
        whole = [number for at, number in told if number == at + 1 and number % step == 0]
        if len(whole) >= FEWEST_NUMBERED and len(whole) >= NUMBERED_SHARE * len(told):
            return [
                replace(item, text=_NUMBER.sub("", item.text, count=1), bold=0)
                if match and int(match[1]) == at + 1 else item
                for at, (item, match) in enumerate(zip(paragraphs, found, strict=True))
            ]  # fmt: skip
    return None


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


def with_ranges_before(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Take times from and to away where lines begin with one: they are when words begin.

    So WhisperX and other programs write: [00:00:03.000 --> 00:00:06.000] Yes.
    """
    found = [None if item.cells else _RANGE_BEFORE.match(item.text[:RANGE_CHARS])
             for item in paragraphs]  # fmt: skip
    if sum(match is not None for match in found) < 2:
        return list(paragraphs)
    return [
        item if match is None
        else replace(item, text=item.text[match.end() :], at=_ms(match["start"]), bold=0)
        for item, match in zip(paragraphs, found, strict=True)
    ]  # fmt: skip


def with_ranges_below(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Take lines of times from and to away that ELAN writes below words: TC 00:03.2 - 00:06.1."""
    found: list[Paragraph] = []
    for item in paragraphs:
        below = _RANGE_BELOW.fullmatch(item.text.strip()[:RANGE_CHARS])
        if below and found and not item.cells:
            found[-1] = replace(found[-1], at=_ms(below["start"]))
        else:
            found.append(item)
    return found


def with_times_above(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Take lines that are a time and nothing else away; whoever speaks next begins then."""
    marks = [_time_alone(item) for item in paragraphs]
    spoken = [_is_told_twice(item, mark) for item, mark in zip(paragraphs, marks[1:], strict=False)]
    paragraphs = [
        item for item, twice in zip(paragraphs, [*spoken, False], strict=True) if not twice
    ]
    marks = [mark for mark, twice in zip(marks, [*spoken, False], strict=True) if not twice]
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


def _is_told_twice(item: Paragraph, below: int | None) -> bool:
    """Tell whether a line says in words the time that stands below it, as Teams writes both."""
    rest, at = without_worded_time(item.text.strip())
    return below is not None and at == below and not rest


def _time_alone(item: Paragraph) -> int | None:
    told = item.text.strip()
    if item.cells or not told or len(told) > 2 * CLOCK_CHARS:
        return None
    between = range_ms(told)
    clock = CLOCK.fullmatch(told)
    if between or clock:
        return between[0] if between else clock_ms(clock) if clock else None
    at_end = CLOCK_AT_END.search(told)  # Teams writes both: 1 minute 3 seconds1:03
    worded = without_worded_time(told[: at_end.start()]) if at_end else ("", None)
    return worded[1] if at_end and worded == ("", clock_ms(at_end)) else None


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
    """Give what programs have added to nobody, without the name of who began the transcription."""
    found: list[Turn] = []
    for turn in turns:
        added = ADDED.fullmatch(turn.text.strip()) if len(turn.text) < ADDED_CHARS else None
        if added is not None:
            turn = replace(turn, speaker="", text=added["told"] or turn.text)
        found.append(turn)
    return found


def is_timed(heads: Sequence[tuple[str, int | None] | None], known: Container[str]) -> bool:
    """Tell whether times stand beside most names that are known, as programs write them."""
    times = [head[1] for head in heads if head and head[0] in known]
    n = len(times) - times.count(None)
    return n >= FEWEST_TIMED and 2 * n >= len(times)


def timely(heads: Sequence[tuple[str, int | None] | None], known: Container[str]) -> set[int]:
    """Find names that come once, with a time that fits between those of names that are known.

    Only in files that have times beside most names.

    Parameters
    ----------
    heads
        For each line the name that may stand there, and its time.
    """
    if not is_timed(heads, known):
        return set()
    said = [(at, head[1]) for at, head in enumerate(heads) if head and head[0] in known]
    timed = [(at, time) for at, time in said if time is not None]
    found: set[int] = set()
    places = [at for at, _ in timed]
    for at, head in enumerate(heads):
        if head is None or head[0] in known or head[1] is None:
            continue
        n = bisect_left(places, at)
        before = timed[n - 1][1] if n else 0
        after = timed[n][1] if n < len(timed) else head[1]
        if before <= head[1] <= after:
            found.add(at)
    return found


def from_the_first(turns: Sequence[Turn]) -> tuple[list[Turn], tuple[str, ...]]:
    """Count times of the day, as Zoom saves them, from the first; tell of it."""
    starts = [turn.start_ms for turn in turns if turn.start_ms is not None]
    if len(starts) < FEWEST_TIMED or min(starts) < TIME_OF_DAY_MS or starts[0] != min(starts):
        return list(turns), ()
    first = starts[0]
    told = f"The times are those of a day: they are counted from the first, {clock(first)}."
    return [_earlier(turn, first) for turn in turns], (told,)


def _earlier(turn: Turn, by: int) -> Turn:
    start, end = (None if at is None else at - by for at in (turn.start_ms, turn.end_ms))
    return replace(turn, start_ms=start, end_ms=end)
