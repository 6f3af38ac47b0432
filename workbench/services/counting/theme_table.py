"""The table of themes by group, as it was counted.

In: nothing. Out: frozen values that `summarise` makes, and that pages, files and pictures show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.store.counting.counts_by_session import SessionUnit
from workbench.store.discussions.nobodys import Nobodys

Level = Literal["theme", "code"]
Base = Literal["answered", "asked", "everybody"]


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme in one group. `share`, `low` and `high` are 0-1, None at base 0."""

    code_id: int
    theme: str
    groups: dict[str, str]
    base: int
    respondents: int
    share: float | None
    low: float | None
    high: float | None
    mentions: int
    n_not_done: int
    n_awaiting: int = 0
    """Documents that several coders have finished and nobody has adjudicated (consensus only)."""
    draft_respondents: int = 0
    """Of `respondents`, those whose mentions rest on machine drafts alone."""
    draft_mentions: int = 0
    """Of `mentions`, those in machine drafts."""


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """Themes by group.

    `overlapping` is set when a grouping attribute takes several values at once: then the groups
    overlap and their bases do not add up. `n_drafts` counts the study's machine drafts; 0 where
    they were left out. `base` says whom the shares are shares of. `n_flagged`
    counts codings that are left out because their words must be found again by a person.
    """

    study: str
    by: tuple[str, ...]
    layer: str
    level: Level
    rows: tuple[ThemeRow, ...]
    overlapping: bool = False
    n_flagged: int = 0
    by_titles: tuple[str, ...] = field(default=())
    totals: tuple[ThemeRow, ...] = field(default=())
    """Each theme among all respondents in scope, counted once; only when asked for."""
    base: Base = "answered"
    n_hidden: int = 0
    """Codes that nobody mentions and that were left out, because that was asked for."""
    n_drafts: int = 0
    unit: SessionUnit | None = None
    """Set when focus groups, or their series, are the first of the groups."""
    nobodys: Nobodys = field(default_factory=Nobodys)
    """Speech in scope that is nobody's: mentions in it are in no row."""

    @property
    def n_columns(self) -> int:
        """How many groups there are; the rows of one theme follow each other."""
        return sum(row.code_id == self.rows[0].code_id for row in self.rows) if self.rows else 0

    def row(self, code_id: int, groups: Mapping[str, str]) -> ThemeRow | None:
        """Give one cell; without groups, that of all respondents. None when it is not there."""
        rows = self.rows if groups or not self.by else self.totals
        for row in rows:
            if row.code_id == code_id and row.groups == groups:
                return row
        return None

    def as_dict(self) -> dict[str, Any]:
        """Give the table as plain values, for JSON."""
        return {
            "study": self.study,
            "by": list(self.by),
            "layer": self.layer,
            "level": self.level,
            "base_of": self.base,
            "n_flagged": self.n_flagged,
            "n_drafts": self.n_drafts,
            **self._not_known(),
            "rows": [
                {
                    "theme": row.theme,
                    "groups": row.groups,
                    "base": row.base,
                    "respondents": row.respondents,
                    "share": row.share,
                    "low": row.low,
                    "high": row.high,
                    "mentions": row.mentions,
                    "n_not_done": row.n_not_done,
                    "draft_respondents": row.draft_respondents,
                    "draft_mentions": row.draft_mentions,
                    **({"n_awaiting": row.n_awaiting} if self.layer == "consensus" else {}),
                }
                for row in self.rows
            ],
        }

    def _not_known(self) -> dict[str, Any]:
        """Give the speech of nobody, where there is any."""
        if not self.nobodys.turns:
            return {}
        themes = {row.code_id: row.theme for row in self.rows}
        return {
            "speaker_not_known": {
                "documents": self.nobodys.documents,
                "turns": self.nobodys.turns,
                "words": self.nobodys.words,
                "mentions": {
                    name: self.nobodys.mentions.get(key, 0) for key, name in themes.items()
                },
            }
        }
