"""A table whose rows are turns: time, speaker and words, in whichever order.

In: the paragraphs of a document. Out: turns, and what of the table was not read.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.ingest.discussions.speech import CLOCK, Turn, clock_ms
from pipelines.ingest.discussions.speech_labels import Paragraph, is_label, split_label
from pipelines.ingest.discussions.speech_marks import range_ms
from workbench.domain.text import count_words
from workbench.domain.words import count

HALF, MOSTLY = 0.5, 0.8
WORDS_SHARE = 0.25
"""A column is of words if it has this share of the characters of the longest one."""
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{0,9})?")
NAME_TITLES = frozenset({"speaker", "speakers", "name", "names", "who"})


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns of a table of turns hold names and words, and which hold something else."""

    rows: tuple[Paragraph, ...]
    name_at: int
    words_at: tuple[int, ...]
    other: tuple[int, ...]

    def is_header(self, item: Paragraph) -> bool:
        """Tell whether a row says what the columns hold."""
        if item is not self.rows[0]:
            return False
        title = _cell(item, self.name_at).casefold()
        again = [_cell(row, self.name_at).casefold() for row in self.rows[1:]]
        return _is_header(item) or (title in NAME_TITLES and title not in again)


def _columns(paragraphs: Sequence[Paragraph]) -> _Columns | None:
    """Find the columns of names and of words: the longest one, and any that come near to it.

    A table that holds less than half of all words, such as one of date and place, is no transcript.
    """
    rows = tuple(item for item in paragraphs if len(item.cells) > 1 and not _is_title(item))
    if len(rows) < 2 or 2 * _n_chars(rows) < _n_chars(paragraphs):
        return None
    width = max(len(item.cells) for item in rows)
    columns = [[_cell(item, at) for item in rows] for at in range(width)]
    n_chars = [sum(len(cell) for cell in cells if not _is_number(cell)) for cells in columns]
    longest = max(range(width), key=lambda at: n_chars[at])
    named = [
        at
        for at in range(width)
        if at != longest and sum(is_label(cell.rstrip(":")) for cell in columns[at]) > len(rows) / 2
    ]
    if not named:
        return None
    titled = [at for at in named if columns[at][0].casefold() in NAME_TITLES]
    again = [at for at in named if _share_different(columns[at]) < MOSTLY]
    name_at = [*titled, *again, *named][0]
    said = [
        at for at in range(width)
        if at != name_at and n_chars[at] >= WORDS_SHARE * n_chars[longest]
        and sum(map(_is_number, columns[at])) < len(rows) / 2
        and (at == longest or _share_different(columns[at]) > HALF)
    ]  # fmt: skip
    other = tuple(at for at in range(width) if at != name_at and at not in said)
    return _Columns(rows, name_at, tuple(said), other)


def _is_title(item: Paragraph) -> bool:
    """Tell whether a row is one wide cell, which comes again for each column."""
    return len(item.cells) > 1 and len(set(item.cells)) == 1


def _share_different(cells: Sequence[str]) -> float:
    """Give how many of the filled cells are different: names and roles come again, words do not."""
    filled = [cell.casefold() for cell in cells if cell]
    return len(set(filled)) / len(filled) if filled else 0.0


def _is_number(cell: str) -> bool:
    number = not cell or _NUMBER.fullmatch(cell) is not None
    return number or CLOCK.fullmatch(cell) is not None or range_ms(cell) is not None


def turns_of_table(
    paragraphs: Sequence[Paragraph], refused: Container[str] = ()
) -> list[Turn] | None:
    """Read rows of time, speaker and words, in whichever order; several columns of words together.

    What stands outside of the rows is nobody's. Words beside what is no speaker's name go on with
    the speaker of the row before, and so do those beside an empty cell, where people wrote the
    table: programs name every row, and times, and leave a cell empty where they know nobody.
    """
    columns = _columns(paragraphs)
    if columns is None:
        return None
    turns: list[Turn] = []
    by_hand = _is_by_hand(columns)
    for item in paragraphs:
        if columns.is_header(item):
            continue
        is_row = len(item.cells) > 1 and not _is_title(item)
        words = item.cells[0] if _is_title(item) else item.text
        turn = _row(item, columns) if is_row else Turn("", words, line=item.line)
        goes_on = by_hand and is_row and not turn.speaker
        if turn.speaker in refused or goes_on:
            turn = replace(turn, speaker=turns[-1].speaker if turns else "")
        turns.append(turn)
    return turns


def _is_by_hand(columns: _Columns) -> bool:
    """Tell whether a table has no times, and names somebody only where another one begins."""
    told = [(_cell(row, columns.name_at), row) for row in columns.rows]
    timed = any(CLOCK.fullmatch(cell) or range_ms(cell) for _, row in told
                for cell in (_cell(row, at) for at in columns.other))  # fmt: skip
    return not timed and not any(a == b != "" for (a, _), (b, _) in pairwise(told))


def flat_rows(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Give rows of a time and words, where no column has names, as words that begin then.

    Cells that all begin with a name are read one after the other.
    """
    found: list[Paragraph] = []
    for item in paragraphs:
        times = [cell.strip() for cell in item.cells if _is_time(cell.strip())]
        if not times:
            header = len(item.cells) > 1 and _is_header(item)
            named = [cell for cell in item.cells if split_label(cell) is not None]
            if len(named) > 1 and len(named) == len(set(filter(None, item.cells))):
                found += [replace(item, text=cell, cells=()) for cell in named]
            else:
                found += [] if header else [item]
            continue
        between, clock = range_ms(times[0]), CLOCK.fullmatch(times[0])
        at = between[0] if between else clock_ms(clock) if clock else None
        words = "\t".join(cell for cell in item.cells if not _is_number(cell.strip()))
        found.append(Paragraph(words, line=item.line, at=at, heads=item.heads))
    return found


def _is_time(cell: str) -> bool:
    return bool(cell) and (CLOCK.fullmatch(cell) is not None or range_ms(cell) is not None)


def unread_words(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Tell of words that stand in several columns, and of those in columns that are not read."""
    columns = _columns(paragraphs)
    if columns is None:
        return
    if len(columns.words_at) > 1:
        yield f"the words of {len(columns.words_at)} columns are read, one below the other."
    left = [_cell(row, at) for row in columns.rows for at in columns.other]
    n_words = sum(count_words(cell) for cell in left if not _is_number(cell))
    if n_words:
        yield (
            f"{count(n_words, 'word')} in other columns of the table, heads among them, "
            f"{'is' if n_words == 1 else 'are'} left out."
        )


def _n_chars(paragraphs: Iterable[Paragraph]) -> int:
    return sum(len(item.text) for item in paragraphs)


def _cell(item: Paragraph, at: int) -> str:
    return item.cells[at].strip() if at < len(item.cells) else ""


def _row(item: Paragraph, columns: _Columns) -> Turn:
    told = [_cell(item, at) for at in columns.other]
    times = [clock_ms(match) for cell in told if (match := CLOCK.fullmatch(cell))]
    times = next((list(found) for cell in told if (found := range_ms(cell))), times)
    words = dict.fromkeys(_cell(item, at) for at in columns.words_at)  # a wide cell comes again
    start, end = (*times, None, None)[:2]
    speaker = _cell(item, columns.name_at).rstrip(":").strip()
    return Turn(speaker, "\n".join(filter(None, words)), start, end, item.line)


def _is_header(item: Paragraph) -> bool:
    known = {"speaker", "name", "who", "time", "timestamp", "timespan", "text", "transcript",
             "words", "start", "end", "content", "speech", "turn", "no", "no."}  # fmt: skip
    return sum(cell.strip().casefold() in known for cell in item.cells) > len(item.cells) / 2
