"""The roles proposed for the columns of a file, for a person to correct.

In: one role per column, with its reason. Out: the `Mapping` that these roles make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pipelines.ingest import name_hints
from pipelines.ingest.mapping import Mapping, build_mapping
from workbench.domain.documents import AttributeKind
from workbench.errors import SurveyError

Role = Literal[
    "respondent id",
    "submitted at",
    "attribute",
    "open answer",
    "voice note file",
    "identifying",
    "ignore",
]


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """The role proposed for one column, and why.

    `kind`, `delimiter`, `values` and `grouping` matter for attributes; `ref` is a question's
    reference or an attribute's name; `question` is the reference that a voice note answers.
    """

    column: str
    role: Role
    reason: str
    kind: AttributeKind = "category"
    delimiter: str | None = None
    values: tuple[str, ...] = ()
    grouping: bool = True
    ref: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A role for every column, in the order of the file."""

    source: str
    columns: tuple[ColumnProposal, ...]

    def to_mapping(self) -> Mapping:
        """Make a mapping of the roles.

        Raises
        ------
        SurveyError
            When there is not exactly one respondent id, or more than one time of submission.
        """
        ids = self._of("respondent id")
        times = self._of("submitted at")
        if len(ids) != 1:
            raise SurveyError(
                f"{len(ids) or 'no'} columns are the respondent id, exactly one is needed.",
                source=self.source,
                hint="Choose the column whose value is different for every respondent.",
            )
        if len(times) > 1:
            raise SurveyError(
                f"{len(times)} columns are the time of submission, at most one can be.",
                source=self.source,
                hint="Make the others attributes, or ignore them.",
            )
        data: dict[str, Any] = {"respondent_id": ids[0].column}
        if times:
            data["submitted_at"] = times[0].column
        data["attributes"] = [_attribute_fields(column) for column in self._of("attribute")]
        data["questions"] = self._questions()
        data["voice_notes"] = [
            {"column": note.column, "question": note.question}
            for note in self._of("voice note file")
        ]
        data["identifying"] = [column.column for column in self._of("identifying")]
        data["ignore"] = [column.column for column in self._of("ignore")]
        return build_mapping(data, self.source)

    def _of(self, role: Role) -> list[ColumnProposal]:
        return [column for column in self.columns if column.role == role]

    def _questions(self) -> list[dict[str, str]]:
        """Return the questions; one that was only ever spoken has no column of its own."""
        questions = [
            {"column": column.column, "ref": column.ref or column.column, "text": column.column}
            for column in self._of("open answer")
        ]
        refs = {question["ref"] for question in questions}
        questions += [
            {"ref": note.question, "text": note.column}
            for note in self._of("voice note file")
            if note.question not in refs
        ]
        return questions


def _attribute_fields(column: ColumnProposal) -> dict[str, Any]:
    fields: dict[str, Any] = {"column": column.column, "name": column.ref or column.column}
    fields["label"] = name_hints.label_of(column.column)
    fields["kind"] = column.kind
    if column.kind == "multi":
        fields["delimiter"] = column.delimiter or ";"
    if column.kind == "ordered":
        fields["values"] = list(column.values)
    if not column.grouping:
        fields["grouping"] = False
    return fields
