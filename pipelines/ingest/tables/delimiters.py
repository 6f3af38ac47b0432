"""Which sign parts the cells of delimited text.

In: the first lines of a file. Out: the sign. It is found by trying: whichever splits the records
into the header's number of columns most often is the one.
"""

from __future__ import annotations

import csv
import math
import string
from collections.abc import Iterable, Sequence

DELIMITERS = (",", ";", "\t", "|")
"""The signs that nearly every program writes: tried always, and preferred."""
NEVER = frozenset("\"'_.?()[]{}<>-/\\")
"""Signs that stand in words, dates, addresses and paths."""
RARE = frozenset(set(string.punctuation) - NEVER | set("¦§¬¤\x1c\x1d\x1e\x1f")) - {*DELIMITERS}
LOOK_AT_CHARS = 20_000
LEAST_SHARE = 0.05
"""A sign that splits the header is more likely than one that does not, however ragged the rows."""
CLEAR_SHARE = 0.8
"""Share of the records from which on a usual sign is not doubted for a rare one."""
RARE_SHARE = 0.9


def guess_delimiter(lines: Iterable[str], *, complete: bool = True) -> str:
    r"""Return the delimiter under which the lines look most like a table.

    Each candidate is scored by the share of records with as many cells as the header, squared,
    times the logarithm of that number: a wrong sign may occur in prose, but not equally often.
    Standing next to quotation marks speaks for a sign too. Signs that few programs write, such as
    `^` or `~`, are tried where none of the usual ones fits most records. If nothing splits the
    header, it is the usual sign that occurs least.

    Examples
    --------
    >>> guess_delimiter(['id;why, in your words\n', 'R1;"They, at last; listened"\n'])
    ';'
    """
    sample = list(lines)
    scores = {sign: _score(sample, sign, complete) for sign in DELIMITERS}
    usual = max(DELIMITERS, key=lambda sign: scores[sign])
    if scores[usual][0] > 0 and scores[usual][1] >= CLEAR_SHARE:
        return usual
    return _rare(sample, complete, scores[usual][0]) or usual


def _rare(sample: Sequence[str], complete: bool, least: float) -> str | None:
    """Return a sign that few programs write, if it splits nearly every record like the header."""
    header = next((line for line in sample if line.strip()), "")[:LOOK_AT_CHARS]
    best, best_score = None, least
    for sign in sorted(RARE & set(header)):
        score, share = _score(list(sample), sign, complete)
        if share >= RARE_SHARE and score > best_score and not _is_prose(sample, sign):
            best, best_score = sign, score
    return best


def _is_prose(sample: Sequence[str], sign: str) -> bool:
    """Tell whether a sign is mostly followed by a space, as a colon in a sentence is."""
    n_signs = sum(line.count(sign) for line in sample)
    return 2 * sum(line.count(f"{sign} ") for line in sample) > n_signs


def _score(lines: list[str], delimiter: str, complete: bool) -> tuple[float, float]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return 0.0, 0.0
    if not complete and len(widths) > 1:
        widths.pop()
    if not widths:
        return 0.0, 0.0
    n_columns, below = widths[0], widths[1:]
    share = sum(width == n_columns for width in below) / len(below) if below else 1.0
    if n_columns == 1:
        return 0.0, share
    share = max(share, LEAST_SHARE)
    return share * share * math.log2(n_columns) + 0.5 * _share_of_quotes(lines, delimiter), share


def _share_of_quotes(lines: list[str], delimiter: str) -> float:
    """Return the share (0-1) of quotation marks that stand next to the delimiter."""
    n_quotes = sum(line.count('"') for line in lines)
    n_beside = sum(line.count(f'{delimiter}"') + line.count(f'"{delimiter}') for line in lines)
    return min(1.0, n_beside / n_quotes) if n_quotes else 0.0
