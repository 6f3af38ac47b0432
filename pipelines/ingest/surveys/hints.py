"""What the layout of a survey tool's export says for certain about columns and rows.

In: nothing. Out: the values in which a reader that has recognised a tool tells what it knows. They
are proposals: a person sees each with its reason, and can say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.documents import AttributeKind

HintRole = Literal[
    "respondent id",
    "submitted at",
    "attribute",
    "open answer",
    "option",
    "voice note file",
    "identifying",
    "ignore",
]


@dataclass(frozen=True, slots=True)
class ColumnHint:
    """What one column is, by the layout of the tool that wrote it, and why in plain words.

    `ref` is the short, stable name that the tool gives the question or attribute ("Q5", "region"),
    empty where it gives none; it is never empty for an option, and all options of one question
    share it. `question` is the wording of the question that an option, an "other" text or a voice
    note belongs to. `value` is what an option's tick stands for: a cell of that column is empty, or
    0, No, Not selected, where it was not ticked. `kind`, `values` (in their order) and `delimiter`
    are set where an attribute's are certain.
    """

    role: HintRole
    reason: str
    ref: str = ""
    question: str = ""
    value: str = ""
    kind: AttributeKind | None = None
    values: tuple[str, ...] = ()
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows to leave out: those with one of `values` in `column`. An empty value means no text."""

    column: str
    values: tuple[str, ...]
    reason: str
