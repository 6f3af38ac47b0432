"""The nouns of a study: who was asked what, and what was said.

In: nothing. Out: frozen values that the pipelines make, the store keeps and the services compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

AttributeKind = Literal["category", "ordered", "number", "date", "multi"]
AnswerKind = Literal["typed", "spoken"]
AnswerState = Literal["given", "blank", "not_asked", "awaiting_transcript"]
Refs = Literal["as given", "generated"]
DocumentKind = Literal["answer", "voice_note", "focus_group", "note"]

NOT_STATED = "Not stated"
"""The group of the respondents of whom an attribute is not known."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something known of respondents, such as an age band.

    `values` is the order in which the groups are shown; values met in the data come after it.
    A `grouping` attribute is offered for counting; an `identifying` one never leaves the database.
    """

    name: str
    kind: AttributeKind = "category"
    label: str = ""
    values: tuple[str, ...] = ()
    grouping: bool = True
    identifying: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the respondents read it. `ref` is its short, stable name ("q2_people")."""

    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """What one respondent left for one question.

    `text` is set when the state is "given"; `file_name` names the voice note of a spoken answer,
    whether or not its transcript is known already.
    """

    question_ref: str
    state: AnswerState
    text: str = ""
    kind: AnswerKind = "typed"
    file_name: str | None = None


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One respondent's record. `row` counts as a spreadsheet does: the header is row 1.

    `attributes` maps an attribute's name to its values: none when not stated, several when multi.
    `may_be_quoted` is None where the survey did not ask, or the respondent did not say.
    """

    row: int
    respondent_ref: str
    attributes: Mapping[str, tuple[str, ...]]
    answers: tuple[SurveyAnswer, ...]
    submitted_at: str | None = None
    may_be_quoted: bool | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that cannot be used: its row, the column at fault (or none) and what to do."""

    row: int
    column: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey file, read through its mapping: everything that an import needs and no more.

    `name` says which of the study's surveys it is, such as a wave or the young people's version;
    empty is the study's first. With `refs` "generated" the rows' `respondent_ref` is an original
    id that must never be stored or shown: the import gives each one a ref of its own.
    `excluded` counts the rows that a rule left out, by the rule in words. `undecided` lists rows
    that share an id, while nobody has said which of them to take; they are not in `rows`.
    """

    source: str
    sha256: str
    attributes: tuple[Attribute, ...]
    questions: tuple[Question, ...]
    rows: tuple[SurveyRow, ...]
    bad_rows: tuple[BadRow, ...] = ()
    n_excluded: int = 0
    warnings: tuple[str, ...] = field(default=())
    name: str = ""
    refs: Refs = "as given"
    excluded: Mapping[str, int] = field(default_factory=dict)
    undecided: tuple[tuple[int, ...], ...] = ()


def document_label(key: int, respondent_ref: str | None, ref: str | None) -> str:
    """Name a document for people: by its respondent, else by its own name, else by its key."""
    return respondent_ref or ref or f"Document {key}"
