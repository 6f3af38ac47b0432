"""A coding and everything around it: who applied which code to which words, and when.

In: rows of the store. Out: values for the services and the screens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from workbench.domain.documents import DocumentKind
from workbench.domain.turns import TurnSpan

Scope = Literal["span", "document"]
Origin = Literal["person", "import", "suggestion", "adjudication"]
ReadingState = Literal["untouched", "in_progress", "done"]
Role = Literal["owner", "coder", "viewer"]
Transcripts = Literal["checked", "drafts"]
"""Without machine drafts, or nothing but them."""
Group: TypeAlias = "tuple[int, str | tuple[str, ...]]"
"""An attribute's key with a value, or with several of which one must hold."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who does something. Every service takes one first."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Coding:
    """One code on some words (or, with `start` and `end` None, on a whole document).

    `flagged` is set when the text has changed so much that the words must be found again by a
    person; `start` and `end` are then a best guess and are neither painted nor counted.
    """

    id: int
    guid: str
    document_id: int
    code_id: int
    coder_id: int
    start: int | None
    end: int | None
    flagged: bool = False
    memo: str = ""
    origin: Origin = "person"
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A code as the store keeps it. `path` is the names from the theme down to the code."""

    id: int
    guid: str
    parent_id: int | None
    name: str
    path: tuple[str, ...]
    theme_id: int
    position: int = 0
    colour: str = ""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    status: str = "active"
    n_codings: int = 0

    @property
    def depth(self) -> int:
        """0 for a theme, 1 for its sub-themes, and so on."""
        return len(self.path) - 1


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents of a study are meant. Empty parts do not restrict.

    `groups` pairs an attribute's id with a value (or "Not stated"), or with several, of which one
    must hold; all pairs must hold. `state` is the reading state for the person who asks;
    "not_done" takes the two that are not "done". `finished` says whether a document is done on
    `layer`: "any", "consensus", or a coder's key. `code_id` asks for documents that carry the code
    or one below it. `search` is matched on folded text. `survey_id` takes the answers of those who
    took part in a survey to the questions that it asks. `transcripts` "checked" leaves out machine
    drafts, "drafts" takes nothing else. `assigned_to` is the key of the coder who has them.
    `series` takes the focus groups of one series, "" those of none; `session_id` one focus group,
    by its document's key. Of a discussion, `groups` and `respondent_id` mean who speaks in it.
    """

    question_id: int | None = None
    respondent_id: int | None = None
    groups: tuple[Group, ...] = ()
    state: ReadingState | Literal["not_done"] | None = None
    code_id: int | None = None
    search: str = ""
    survey_id: int | None = None
    finished: bool | None = None
    layer: str | int = "any"
    transcripts: Transcripts | None = None
    assigned_to: int | None = None
    kind: DocumentKind | None = None
    series: str | None = None
    session_id: int | None = None


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document as a list shows it. A focus group may have a series and a day (YYYY-MM-DD)."""

    id: int
    label: str
    question_id: int | None
    question_ref: str
    question: str
    kind: str
    snippet: str
    n_characters: int
    state: ReadingState
    n_codings: int
    attributes: dict[str, str] = field(default_factory=dict)
    series: str = ""
    held_on: str = ""


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document with its text, as the coding page shows it."""

    id: int
    study_id: int
    kind: str
    label: str
    revision_id: int
    sha256: str
    text: str
    state: ReadingState
    respondent_id: int | None = None
    question_id: int | None = None
    question_ref: str = ""
    question: str = ""
    language: str = ""
    memo: str = ""
    turns: tuple[TurnSpan, ...] = ()
    """Who speaks, and when, where several people do; in order."""
    facilitators: tuple[str, ...] = ()
    """Speakers who are no participants."""
    series: str = ""
    held_on: str = ""
