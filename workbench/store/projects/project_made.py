"""What bringing in a project wrote, noted so that it can be taken back.

In: keys as they are made. Out: JSON for `import_batch.before`, and back. Keys are kept as runs from
one to another, because those of many rows follow each other: a hundred thousand codings are a few
numbers. Nothing that was there before is changed, but for what is noted here: values and
permissions to quote that respondents did not have, and codes that everybody sees from now on.

New respondents and texts carry the key of the import themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

Runs = list[tuple[int, int]]
"""Keys as (first, last), both included, in rising order."""

SHORT, TOGETHER, KEYS = 8, 40, 800
"""Keys up to which a run is short; long runs, and keys of short ones, in one statement."""


@dataclass(slots=True)
class Made:
    """What one import made, by keys.

    `rows` are rows with keys of their own, by table. `states` and `accepted` say by coder on which
    documents that were there somebody has begun, or codes a draft. `values` are the respondents who
    were there and got values, by attribute; `quotable` those of whom it was not known whether they
    may be quoted. `absences` are the respondents, new ones too, of whom it was noted why they have
    not answered, by question and kind ("7 typed"). `asked` are questions by the survey that asks
    them from now on. `members` joined, with their role. `published` are codes that only their maker
    saw before, with the document in which they were made.
    """

    rows: dict[str, list[int]] = field(default_factory=dict)
    states: dict[int, list[int]] = field(default_factory=dict)
    accepted: dict[int, list[int]] = field(default_factory=dict)
    values: dict[int, list[int]] = field(default_factory=dict)
    absences: dict[str, list[int]] = field(default_factory=dict)
    quotable: list[int] = field(default_factory=list)
    asked: dict[int, list[int]] = field(default_factory=dict)
    members: list[tuple[int, str]] = field(default_factory=list)
    published: list[tuple[int, int]] = field(default_factory=list)

    def note(self, table: str, keys: Iterable[int]) -> None:
        """Note rows that were made."""
        self.rows.setdefault(table, []).extend(keys)

    def note_states(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Note that coders have begun on documents, given as (document, coder)."""
        for document_id, coder_id in pairs:
            self.states.setdefault(coder_id, []).append(document_id)

    def note_value(self, attribute_id: int, respondent_id: int) -> None:
        """Note that a respondent who was there has got values of an attribute."""
        self.values.setdefault(attribute_id, []).append(respondent_id)

    def note_absence(self, question_id: int, kind: str, respondent_id: int) -> None:
        """Note that it was written why a respondent has not answered."""
        self.absences.setdefault(f"{question_id} {kind}", []).append(respondent_id)

    def as_json(self) -> dict[str, Any]:
        """Give plain values for the database."""
        return {
            "rows": {table: runs_of(keys) for table, keys in self.rows.items()},
            "states": _by_key(self.states),
            "accepted": _by_key(self.accepted),
            "values": _by_key(self.values),
            "absences": {name: runs_of(keys) for name, keys in self.absences.items()},
            "asked": _by_key(self.asked),
            "quotable": runs_of(self.quotable),
            "members": [list(one) for one in self.members],
            "published": [list(one) for one in self.published],
        }


@dataclass(frozen=True, slots=True)
class Noted:
    """The same, read back: keys as runs."""

    rows: Mapping[str, Runs]
    states: Mapping[int, Runs]
    accepted: Mapping[int, Runs]
    values: Mapping[int, Runs]
    absences: Mapping[tuple[int, str], Runs]
    asked: Mapping[int, Runs]
    quotable: Runs
    members: Sequence[tuple[int, str]]
    published: Sequence[tuple[int, int]]

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Noted:
        """Read what `Made.as_json` wrote."""
        states, accepted, values, asked = (
            {int(key): _pairs(runs) for key, runs in kept.get(name, {}).items()}
            for name in ("states", "accepted", "values", "asked")
        )
        return cls(
            {table: _pairs(runs) for table, runs in kept["rows"].items()},
            states, accepted, values,
            {(int(name.split()[0]), name.split()[1]): _pairs(runs)
             for name, runs in kept.get("absences", {}).items()},
            asked,
            _pairs(kept["quotable"]),
            [(key, role) for key, role in kept["members"]],
            _pairs(kept["published"]),
        )  # fmt: skip

    def of(self, table: str) -> Runs:
        """Give the rows of a table that were made."""
        return self.rows.get(table, [])

    def last(self, table: str) -> int:
        """Give the highest key that was made; what a study gets later has a higher one."""
        return max((last for _, last in self.of(table)), default=0)


def runs_of(keys: Collection[int]) -> Runs:
    """Give keys as runs.

    Examples
    --------
    >>> runs_of([7, 3, 1, 2, 3])
    [(1, 3), (7, 7)]
    """
    found: Runs = []
    for key in sorted(set(keys)):
        if found and key == found[-1][1] + 1:
            found[-1] = (found[-1][0], key)
        else:
            found.append((key, key))
    return found


def keys_of(runs: Runs) -> Iterator[int]:
    """Give runs as keys."""
    for first, last in runs:
        yield from range(first, last + 1)


def within(column: Any, runs: Runs) -> Iterator[ColumnElement[bool]]:
    """Give conditions that together say that a key is in these runs, the highest keys first.

    What refers to another row of its kind was made after it, and is taken away first so. Short runs
    are written as lists: on texts that were there, keys are far apart.
    """
    keys: list[int] = []
    long: list[ColumnElement[bool]] = []
    for first, last in reversed(runs):
        if last - first < SHORT:
            keys.extend(range(first, last + 1))
        else:
            long.append(and_(column >= first, column <= last))
        if len(keys) > KEYS - SHORT or len(long) == TOGETHER:
            yield _either(column, keys, long)
            keys, long = [], []
    if keys or long:
        yield _either(column, keys, long)


def _either(
    column: Any, keys: list[int], long: list[ColumnElement[bool]]
) -> ColumnElement[bool]:  # fmt: skip
    return or_(*long, column.in_(keys)) if keys else or_(*long)


def _by_key(kept: Mapping[int, list[int]]) -> dict[str, Runs]:
    return {str(key): runs_of(keys) for key, keys in kept.items()}


def _pairs(kept: Iterable[Sequence[int]]) -> Runs:
    return [(first, last) for first, last in kept]
