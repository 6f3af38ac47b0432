"""What an import did, or would do: figures, and lists of what is new, changed, missing or kept.

In: an import as it goes. Out: an `IngestReport` for people. Lists hold keys, refs and values of
attributes, never answers: a page loads the texts that it shows (`imports.load_changes`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from workbench.domain.documents import BadRow


@dataclass(frozen=True, slots=True)
class NewRespondent:
    """Somebody who was not in the study."""

    row: int
    respondent: str


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer that the file has in other words; which codings lie on it, and what of them.

    `n_carried` and `n_flagged` count the codings that the person who imports may see.
    """

    row: int
    respondent: str
    question: str
    kind: str
    revision_id: int
    n_carried: int = 0
    n_flagged: int = 0


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A value of an attribute that changes; `hidden` where it is identifying and is not told."""

    row: int
    respondent: str
    attribute: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Where an answer belongs: filled in by this file, or blank in it and kept in the study."""

    row: int
    respondent: str
    question: str


@dataclass(slots=True)
class Changes:
    """Everything that an import changes, one by one, in the order of the file."""

    respondents: list[NewRespondent] = field(default_factory=list)
    answers: list[ChangedAnswer] = field(default_factory=list)
    filled: list[AnswerPlace] = field(default_factory=list)
    values: list[ChangedValue] = field(default_factory=list)
    kept: list[AnswerPlace] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Give all lists as plain values, for JSON."""
        return {
            "respondents": [plain(item) for item in self.respondents],
            "answers": [plain(item, without="revision_id") for item in self.answers],
            "filled": [plain(item) for item in self.filled],
            "values": [plain(item) for item in self.values],
            "kept": [plain(item) for item in self.kept],
            "missing": list(self.missing),
        }


@dataclass(slots=True)
class IngestReport:
    """What an import did, or would do."""

    study: str
    study_created: bool = False
    survey: str = ""
    survey_created: bool = False
    respondents_new: int = 0
    respondents_updated: int = 0
    respondents_unchanged: int = 0
    respondents_missing: int = 0
    answers_new: int = 0
    answers_changed: int = 0
    answers_unchanged: int = 0
    answers_blank: int = 0
    answers_not_asked: int = 0
    answers_awaiting_transcript: int = 0
    answers_kept: int = 0
    descriptions_changed: int = 0
    values_changed: int = 0
    values_set_by_hand: int = 0
    codings_reanchored: int = 0
    codings_flagged: int = 0
    rows_excluded: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    undecided: list[tuple[int, ...]] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)

    def as_dict(self) -> dict[str, Any]:
        """Give the figures, bad rows and warnings as plain values, without the lists of changes."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        del values["changes"]
        values["undecided"] = [list(rows) for rows in self.undecided]
        values["bad_rows"] = [
            {"row": bad.row, "column": bad.column, "message": bad.message} for bad in self.bad_rows
        ]
        return values

    def as_record(self, *, with_codings: bool = True) -> dict[str, Any]:
        """Give the report as it is kept, for everybody: without what stood in a cell.

        `with_codings` keeps the counts of codings, which are those that one person may see.
        """
        values = self.as_dict()
        if not with_codings:
            del values["codings_reanchored"], values["codings_flagged"]
        for bad in values["bad_rows"]:
            bad["message"] = without_words(bad["message"])
        values["warnings"] = [without_words(text) for text in self.warnings]
        return values

    @property
    def changes_anything(self) -> bool:
        """Whether anything comes in or changes: respondents, answers, what describes them."""
        return bool(
            self.respondents_new or self.respondents_updated or self.answers_new
            or self.answers_changed or self.descriptions_changed
        )  # fmt: skip


_LEADING_QUOTE = re.compile(r"""^(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?= is )""")
_LEADING_ID = re.compile(r"^.*?(?= is already in row )", re.DOTALL)


def without_words(message: str) -> str:
    """Write a message without the cell that it quotes at its start."""
    message = _LEADING_QUOTE.sub("the cell", message)
    return _LEADING_ID.sub("the respondent id", message)


def plain(item: Any, *, without: str = "") -> Mapping[str, Any]:
    """Give a line of a list as plain values."""
    return {
        part.name: list(value) if isinstance(value := getattr(item, part.name), tuple) else value
        for part in fields(item)
        if part.name != without
    }
