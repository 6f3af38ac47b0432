"""What is offered to a person who makes groups: values to merge, presets, edges, labels, names.

In: an original. Out: tables to fill in and rules to begin from; nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.domain import groupings as rules
from workbench.domain.bands import date_labels, equal_edges, number_labels, quantile_edges
from workbench.domain.census import merge_broad
from workbench.domain.codings import Actor
from workbench.domain.documents import NOT_STATED
from workbench.domain.groupings import DateBands, Merge, NumberBands, ValueGroup
from workbench.errors import InputError
from workbench.services.surveys import attribute_traits as traits
from workbench.services.surveys.groupings import MAX_MERGED, known_values, original, refuse_merging
from workbench.store.engine import Database
from workbench.store.studies import StoredAttribute
from workbench.store.surveys import groupings
from workbench.store.team.people import one_line

Edges = Literal["equal", "quantile"]
MAX_SHORT = 60
"""Characters of a short name that is made of a title."""


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A value of an original, how many respondents have it, and the group that it goes into."""

    value: str
    n: int
    group: str = ""


def merge_table(
    actor: Actor, database: Database, study_id: int, source_id: int, rule: Merge | None = None
) -> list[MergeRow]:
    """List an original's values in their order; `group` is empty where the rule lists none.

    Raises
    ------
    InputError
        When the attribute is identifying, or holds numbers or dates.
    """
    with database.read() as connection:
        source = original(connection, study_id, source_id)
        refuse_merging(source)
        counts = groupings.count_values(connection, study_id, source.id)
        values = known_values(connection, source)
    into = {value: group.name for group in (rule.groups if rule else ()) for value in group.values}
    return [MergeRow(value, counts.get(value, 0), into.get(value, "")) for value in values]


def propose_merge(actor: Actor, database: Database, study_id: int, source_id: int) -> Merge | None:
    """Propose the broad ethnic groups of the census, where an attribute's values are such."""
    with database.read() as connection:
        source = original(connection, study_id, source_id)
        if source.identifying or source.kind in ("number", "date"):
            return None
        used = groupings.distinct_values(connection, source.id)
        return merge_broad(list(dict.fromkeys((*source.ordered_values, *used))))


def propose_spellings(
    actor: Actor, database: Database, study_id: int, source_id: int
) -> tuple[ValueGroup, ...]:
    """Propose to merge values of an original that differ in capitals and spaces alone.

    Those that a derived grouping puts together already are left out, and so is what has more
    values than can be merged.
    """
    with database.read() as connection:
        source = traits.get(connection, study_id, source_id)
        if source.derived_from is not None or source.identifying:
            return ()
        if source.kind in ("number", "date"):
            return ()
        counts = groupings.count_values(connection, study_id, source.id)
        known = tuple(dict.fromkeys((*source.ordered_values, *sorted(counts))))
        if len(known) > MAX_MERGED:
            return ()
        merged = [
            rules.grouper(item.rule)
            for item in groupings.list_derived(connection, study_id)
            if item.source_id == source.id and isinstance(item.rule, Merge)
        ]
    alike = rules.spelled_alike((value, counts[value]) for value in known if value != NOT_STATED)
    return tuple(
        group
        for group in alike
        if not any(len({into(value) for value in group.values}) == 1 for into in merged)
    )


def propose_edges(
    actor: Actor, database: Database, study_id: int, source_id: int, *, n_bands: int, how: Edges
) -> tuple[float, ...]:
    """Propose edges between bands of numbers: of about equal width, or about equally full.

    Raises
    ------
    InputError
        When the attribute is identifying or holds no numbers: edges would give values away.
    """
    with database.read() as connection:
        source = original(connection, study_id, source_id)
        if source.identifying or source.kind != "number":
            raise InputError(
                f"no edges can be proposed for {source.title}.", hint="Type them yourself."
            )
        counts = groupings.count_values(connection, study_id, source.id)
    numbers = [
        number
        for value, n in counts.items()
        if (number := rules.read_number(value)) is not None
        for _ in range(n)
    ]
    return (equal_edges if how == "equal" else quantile_edges)(numbers, n_bands)


def read_bands(
    source: StoredAttribute, edges: Sequence[str], labels: Sequence[str] | None = None
) -> NumberBands | DateBands:
    """Make bands of what a person has typed; labels are proposed where none are given.

    Raises
    ------
    InputError
        When an edge is no number (or date, where the attribute holds dates).
    """
    from pipelines.ingest.surveys.values import parse_date, parse_number

    given = tuple(one_line(label) for label in labels) if labels is not None else None
    if source.kind == "date":
        days = tuple(_read_edge(edge, parse_date(edge), "a date", "2022-02-14") for edge in edges)
        days = tuple(day[:10] for day in days)
        return DateBands(days, given or date_labels(days))
    numbers = tuple(
        float(_read_edge(edge, parse_number(edge), "a number", "18 or 2.5")) for edge in edges
    )
    return NumberBands(numbers, given or number_labels(numbers))


def short_name(title: str) -> str:
    """Make a short name of a title: `Broad ethnic group` gives `broad_ethnic_group`."""
    words = re.findall(r"\w+", title.lower())
    return "_".join(words)[:MAX_SHORT].strip("_") or one_line(title)


def _read_edge(text: str, found: str | None, what: str, example: str) -> str:
    if found is None:
        raise InputError(f"the edge {text!r} is not {what}.", hint=f"Write {example}.")
    return found
