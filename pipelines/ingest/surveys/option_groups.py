"""Columns that are the options of one question with several ticks.

In: the `Evidence` of a file's columns. Out: groups of columns with a common stem, such as
`Services/Housing` and `Services/Money`, in which a cell is ticked or not; and what each column's
tick stands for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingest.surveys.evidence import Evidence
from pipelines.ingest.surveys.values import NOT_CHOSEN, match_key

TICKS = frozenset(
    {"1", "yes", "y", "true", "x", "checked", "selected", "ticked", "on", "✓", "✔", "☑", "chosen"}
    | {"mentioned", "quoted"}
)
MAX_OPTION_CHARS = 200
STYLES = (
    re.compile(r"(?P<stem>.*\S)\s*\[(?P<option>[^\[\]]+)\]\s*", re.DOTALL),
    re.compile(r"(?P<stem>.*\S)\s+[-–—|>:]+\s+(?P<option>\S.*?)\s*", re.DOTALL),
    re.compile(r"(?P<stem>.*\S)\s*/\s*(?P<option>[^/]+)", re.DOTALL),
    re.compile(r"(?P<stem>.*\S):\s*(?P<option>[^:]+)", re.DOTALL),
    re.compile(r"(?P<stem>\S+)\.(?P<option>[^.\s]+)"),
    re.compile(r"(?P<stem>\S+?)__?(?P<option>[^_\s]\S*)"),
)
"""How tools and people write the question and the option into one name; the surest first."""
CODE_STYLES = STYLES[4:]
"""Names of this form share their beginning by chance too, so that a No is no missing tick."""


@dataclass(frozen=True, slots=True)
class Options:
    """A question with several ticks: its wording, and by column's place what a tick stands for."""

    stem: str
    values: dict[int, str]


def find_options(columns: Sequence[Evidence]) -> list[Options]:
    """Find the groups of at least two columns with a common stem that hold ticks."""
    found: list[Options] = []
    grouped: set[int] = set()
    ticked = [column for column in columns if _may_be_ticked(column)]
    for style in STYLES:
        stems: dict[str, dict[int, str]] = {}
        for column in ticked:
            if column.place in grouped or (style in CODE_STYLES and _says_no(column)):
                continue
            if part := style.fullmatch(column.column):
                value = _only_text(column) or part["option"].strip() or column.column
                stems.setdefault(part["stem"].strip(), {})[column.place] = value
        by_place = {column.place: column for column in ticked}
        for stem, values in stems.items():
            different = len(set(map(match_key, values.values()))) == len(values)
            if len(values) > 1 and different and any(by_place[at].filled for at in values):
                found.append(Options(stem, values))
                grouped |= set(values)
    return found


def by_place(groups: Sequence[Options]) -> dict[int, tuple[str, str]]:
    """Give each column's question and what its tick stands for, by the column's place."""
    return {at: (group.stem, value) for group in groups for at, value in group.values.items()}


def _may_be_ticked(column: Evidence) -> bool:
    """Tell whether the cells are ticked or not: two signs for that, or one text and empty cells."""
    if column.n_different > 3 or column.max_chars > MAX_OPTION_CHARS:
        return False
    keys = {match_key(value) for value in column.counts} - NOT_CHOSEN
    if keys <= TICKS:
        return True
    return len(keys) == 1 and column.n_filled < column.n_rows and _is_option(column)


def _is_option(column: Evidence) -> bool:
    """Tell an option's own words from the only answer that somebody wrote."""
    text = _only_text(column)
    return text is not None and (column.n_filled > 1 or match_key(text) in match_key(column.column))


def _only_text(column: Evidence) -> str | None:
    """Give the one text of a column that is no sign of a tick: the option's own words."""
    texts = [v for v in column.counts if match_key(v) not in NOT_CHOSEN | TICKS]
    return texts[0] if len(texts) == 1 else None


def _says_no(column: Evidence) -> bool:
    return any(match_key(value) in ("no", "n") for value in column.counts)
