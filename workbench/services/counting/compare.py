"""Compare: two groups side by side, with the difference of their shares.

In: an attribute with two of its values, or two filters. Out: for each theme both shares and their
difference with its interval, and what a reader has to know before trusting them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbench.domain.codings import Actor, DocumentFilter
from workbench.domain.documents import NOT_STATED
from workbench.domain.frequency import (
    CONFIDENCE,
    Difference,
    Share,
    compare_sentence,
    newcombe,
)
from workbench.errors import InputError
from workbench.services.counting.summarise import layer_key, summarise
from workbench.services.counting.theme_table import Base, ThemeRow, ThemeTable
from workbench.store.counting import bases
from workbench.store.engine import Database

CHOSE_TO_ANSWER = (
    "Respondents chose to take part: an interval says how far chance goes among people like them, "
    "not how far they speak for everybody else."
)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One theme in two groups. No difference where they cannot be held against each other."""

    code_id: int
    theme: str
    first: ThemeRow
    second: ThemeRow
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Themes in two groups.

    `by` is the title of the attribute, empty where two filters are compared. `why_not` says why
    there are no intervals of differences, where there are none. `tables` are what was counted:
    one table with both groups, or one for each filter.
    """

    study: str
    by: str
    names: tuple[str, str]
    rows: tuple[ComparedRow, ...]
    tables: tuple[ThemeTable, ...]
    why_not: str = ""

    @property
    def base(self) -> Base:
        """Whom the shares are shares of."""
        return self.tables[0].base

    @property
    def cautions(self) -> tuple[str, ...]:
        """What a reader has to know, one sentence each."""
        if self.why_not:
            return (self.why_not,)
        n = sum(row.difference is not None for row in self.rows)
        by_chance = n * (1 - CONFIDENCE)
        lines = [CHOSE_TO_ANSWER]
        if n > 1:
            lines.append(
                f"{n} differences are looked at here: even if the groups were alike, chance alone "
                f"would set about {max(1, round(by_chance))} of them apart."
                if by_chance >= 1
                else f"{n} differences are looked at here: the more there are, the likelier it is "
                "that chance alone has set one apart."
            )
        return tuple(lines)

    def say(self, row: ComparedRow) -> str:
        """Say one theme in both groups in plain words."""
        first, second = (f"respondents ({name})" for name in self.names)
        return compare_sentence(
            Share(row.first.respondents, row.first.base),
            Share(row.second.respondents, row.second.base),
            row.theme,
            people=(first, second),
            interval=row.difference is not None,
        )

    def as_dict(self) -> dict[str, Any]:
        """Give the comparison as plain values, for JSON."""
        return {
            "study": self.study,
            "by": self.by,
            "groups": list(self.names),
            "layer": self.tables[0].layer,
            "level": self.tables[0].level,
            "base_of": self.base,
            "cautions": list(self.cautions),
            "rows": [
                {
                    "theme": row.theme,
                    "first": _side(row.first),
                    "second": _side(row.second),
                    "difference": row.difference.difference if row.difference else None,
                    "low": row.difference.low if row.difference else None,
                    "high": row.difference.high if row.difference else None,
                }
                for row in self.rows
            ],
        }


def compare_groups(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    by: str,
    values: tuple[str, str],
    **options: Any,
) -> Comparison:
    """Compare the respondents of two values of an attribute.

    Parameters
    ----------
    by, values
        The attribute's name, and two of its values or "Not stated".
    options
        `level`, `layer`, `where`, `base`, `order` and `hide_empty`, as `summarise` takes them.

    Raises
    ------
    InputError
        When the values are not two different ones that the attribute takes.
    """
    table = summarise(actor, database, study_id, by=[by], with_totals=True,
                      **{**options, "hide_empty": False})  # fmt: skip
    column = table.by[0]
    known = list(dict.fromkeys(row.groups[column] for row in table.rows))
    for value in values:
        if value not in known:
            raise InputError(
                f"nobody's {by} is {value!r}.", hint=f"Values: {', '.join(known) or 'none'}."
            )
    if values[0] == values[1]:
        raise InputError(f"{values[0]!r} is named twice.", hint="Name two different values.")
    why_not = ""
    if table.overlapping or table.unit is not None:  # who speaks in two focus groups is in both
        why_not = (
            "One respondent may be in both groups, so that their shares are not compared by an "
            "interval."
        )
    elif NOT_STATED in values:
        why_not = (
            f'"{NOT_STATED}" is not a group of people who have something in common, so that it is '
            "not compared by an interval."
        )
    sides: list[dict[int, ThemeRow]] = [
        {row.code_id: row for row in table.rows if row.groups[column] == value} for value in values
    ]
    return _compared(table.study, table.by_titles[0], values, sides, (table,), why_not,
                     hide_empty=bool(options.get("hide_empty")))  # fmt: skip


def compare_filters(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    names: tuple[str, str],
    filters: tuple[DocumentFilter, DocumentFilter],
    layer: str = "any",
    **options: Any,
) -> Comparison:
    """Compare what two filters leave in; who is in both keeps the shares from being compared.

    Parameters
    ----------
    names
        What to call the two.
    options
        `level`, `base`, `order` and `hide_empty`, as `summarise` takes them.
    """
    tables = tuple(
        summarise(actor, database, study_id, layer=layer, where=where, with_totals=True,
                  **{**options, "hide_empty": False})
        for where in filters
    )  # fmt: skip
    with database.read() as connection:
        key = layer_key(connection, study_id, layer)
        one, two = (replace(where, layer=key) for where in filters)
        shared = bases.count_in_both(connection, study_id, actor.id, one, two, base=tables[0].base)
    who = "1 respondent is" if shared == 1 else f"{shared:,} respondents are"
    why_not = f"{who} in both, so that shares are not compared by an interval." if shared else ""
    sides = [{row.code_id: row for row in table.rows} for table in tables]
    return _compared(tables[0].study, "", names, sides, tables, why_not,
                     hide_empty=bool(options.get("hide_empty")))  # fmt: skip


def _compared(
    study: str,
    by: str,
    names: tuple[str, str],
    sides: list[dict[int, ThemeRow]],
    tables: tuple[ThemeTable, ...],
    why_not: str,
    *,
    hide_empty: bool,
) -> Comparison:
    rows = []
    for code_id, first in sides[0].items():
        second = sides[1][code_id]
        if hide_empty and not first.respondents and not second.respondents:
            continue
        difference = None
        if not why_not:
            difference = newcombe(first.respondents, first.base, second.respondents, second.base)
        rows.append(ComparedRow(code_id, first.theme, first, second, difference))
    return Comparison(study, by, names, tuple(rows), tables, why_not)


def _side(row: ThemeRow) -> Mapping[str, Any]:
    return {
        "respondents": row.respondents,
        "base": row.base,
        "share": row.share,
        "low": row.low,
        "high": row.high,
        "mentions": row.mentions,
        "n_not_done": row.n_not_done,
    }
