"""The ids of respondents: which are private, and what becomes of rows that share one.

In: the column of ids. Out: a ref for each row that goes in; rows that are left out, with the
reason; rows of which somebody has to say first which to take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.ingest.surveys.evidence import EMAIL, PHONE
from pipelines.ingest.surveys.mapping_model import Duplicates, Mapping
from pipelines.ingest.surveys.values import match_key, parse_date
from pipelines.ingest.tables.records import Grid, shorten
from workbench.domain.documents import BadRow
from workbench.domain.documents import Refs as RefsChoice
from workbench.domain.text import normalise

MAX_REF_CHARS = 200
"""Characters of a respondent's reference: it stands on every page and in every export."""
MOST_IDS = 0.5
"""Share of the ids that reach a person from which on all of them are kept private."""
WRITTEN_OUT = re.compile(r"^\+|[\s()]")
"""What telephone numbers are written with, and numbers of records such as 0012345678 are not."""
SHARED = "another row has the same id"

IdRow = tuple[int, str]
"""A row's number and its id, trimmed."""


@dataclass(slots=True)
class Refs:
    """What became of the ids of a file's rows."""

    by_row: dict[int, str] = field(default_factory=dict)
    bad_rows: list[BadRow] = field(default_factory=list)
    undecided: tuple[tuple[int, ...], ...] = ()
    left_out: list[int] = field(default_factory=list)


def id_rows(grid: Grid, mapping: Mapping, rows: Iterable[tuple[int, Sequence[str]]]) -> list[IdRow]:
    """Give the ids of some of a grid's rows."""
    at = grid.header.index(mapping.respondent_id)
    return [(row, normalise(cells[at]).strip()) for row, cells in rows]


def reaches_a_person(ref: str) -> bool:
    """Tell whether an id is an e-mail address or a telephone number."""
    return EMAIL.fullmatch(ref) is not None or _is_phone(ref)


def _is_phone(ref: str) -> bool:
    # 2022-02-14 and 01/02/2022 are written with the same signs
    return PHONE.fullmatch(ref) is not None and parse_date(ref) is None


def are_private(mapping: Mapping, ids: Sequence[str]) -> bool:
    """Tell whether a file's ids must not be stored or shown.

    They are where the mapping says so, and where most of them are e-mail addresses. Most of them
    being telephone numbers counts too, unless the mapping says that they are not.
    """
    return mapping.hides_ids or look_private(ids, mapping.refs)


def look_private(ids: Iterable[str], told: RefsChoice | None) -> bool:
    """Tell whether ids are private by what they look like; `told` is what the mapping says."""
    filled = [text for ref in ids if (text := ref.strip())]
    fits = EMAIL.fullmatch if told == "as given" else reaches_a_person
    return bool(filled) and sum(bool(fits(ref)) for ref in filled) >= MOST_IDS * len(filled)


def settle(rows: Sequence[IdRow], mapping: Mapping, *, private: bool) -> Refs:
    """Give each row its ref, list the rows that have none, and part the rows that share one.

    With private ids, no message holds one, and e-mail addresses, telephone numbers and names that
    differ in writing only are one id.
    """
    settled = Refs()
    good: list[IdRow] = []
    for row, ref in rows:
        if problem := _problem_of(ref, private=private, told=mapping.refs):
            settled.bad_rows.append(BadRow(row, mapping.respondent_id, problem))
        else:
            good.append((row, _plain(ref) if private else ref))
    groups = shared(good)
    if mapping.duplicates is None:
        settled.undecided = tuple(groups.values())
        good = [(row, ref) for row, ref in good if ref not in groups]
    elif mapping.duplicates == "separate":
        good = _parted(good)
    else:
        good = _one_each(good, groups, mapping.duplicates, settled)
    settled.by_row = dict(good)
    return settled


def shared(rows: Iterable[IdRow]) -> dict[str, tuple[int, ...]]:
    """Give the row numbers of each id that several rows have, in the order of the file."""
    found: dict[str, list[int]] = {}
    for row, ref in rows:
        found.setdefault(ref, []).append(row)
    return {ref: tuple(numbers) for ref, numbers in found.items() if len(numbers) > 1}


def _one_each(
    rows: list[IdRow], groups: dict[str, tuple[int, ...]], which: Duplicates, settled: Refs
) -> list[IdRow]:
    at = 0 if which == "first" else -1
    taken = {ref: numbers[at] for ref, numbers in groups.items()}
    settled.left_out = [row for row, ref in rows if taken.get(ref, row) != row]
    return [(row, ref) for row, ref in rows if taken.get(ref, row) == row]


def _parted(rows: list[IdRow]) -> list[IdRow]:
    """Name the second row of an id `R17 (2)`.

    A row's ref depends on the rows before it only, so that it stays when a file grows at its end.
    """
    used: set[str] = set()
    times: dict[str, int] = {}
    parted: list[IdRow] = []
    for row, ref in rows:
        n = times.get(ref, 1)
        free = ref
        while free in used:
            n += 1
            free = f"{ref} ({n})"
        times[ref] = n
        used.add(free)
        parted.append((row, free))
    return parted


def _plain(ref: str) -> str:
    """Give one form of an e-mail address, telephone number or name, however it is written."""
    if _is_phone(ref):
        return re.sub(r"[\s()./-]", "", ref)
    return match_key(ref) if EMAIL.fullmatch(ref) or " " in ref else ref


def _problem_of(ref: str, *, private: bool, told: RefsChoice | None) -> str | None:
    if not ref:
        return "there is no respondent id. The row was left out; give it one in the file."
    if len(ref) > MAX_REF_CHARS:
        return (
            f"the respondent id has {len(ref):,} characters, at most {MAX_REF_CHARS} fit. The row "
            "was left out; choose another column or shorten it."
        )
    if not private and EMAIL.fullmatch(ref):
        return (
            "the respondent id is an e-mail address, which must not be stored. The row was left "
            "out; give it another id in the file, or let the workbench make the ids of all rows."
        )
    if not private and told != "as given" and WRITTEN_OUT.search(ref) and _is_phone(ref):
        return (
            "the respondent id looks like a telephone number, which must not be stored. The row "
            "was left out; give it another id in the file, or let the workbench make the ids of "
            "all rows."
        )
    return None


def describe_shared(
    groups: Iterable[tuple[str, tuple[int, ...]]], *, private: bool
) -> tuple[str, ...]:
    """Say which rows share an id: `R17: rows 4 and 9`; without the id where it is private."""
    found = []
    for ref, rows in groups:
        numbers = f"{', '.join(map(str, rows[:-1]))} and {rows[-1]}"
        found.append(f"rows {numbers}" if private else f"{shorten(ref)}: rows {numbers}")
    return tuple(found)
