"""The roles proposed for the columns of a file, for a person to correct.

In: one role per column, with its reason. Out: the `Mapping` that these roles make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pipelines.ingest.surveys import name_hints
from pipelines.ingest.surveys.mapping import Mapping, build_mapping
from workbench.domain.documents import AttributeKind
from workbench.errors import SurveyError

Role = Literal[
    "respondent id",
    "submitted at",
    "attribute",
    "open answer",
    "voice note file",
    "may be quoted",
    "identifying",
    "ignore",
]


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """The role proposed for one column, and why.

    `kind`, `delimiter`, `values` and `grouping` matter for attributes; `ref` is a question's
    reference or an attribute's name; `question` is the reference that a voice note answers; `text`
    is the wording or label, where it is not the column's name. Columns with one `ref` and a value
    that each `stands_for` are one attribute. `leave_out` and `keep_if` are values that decide
    about rows. A `private` id is not stored.
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
    text: str = ""
    stands_for: str = ""
    leave_out: tuple[str, ...] = ()
    keep_if: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A role for every column, in the order of the file; a column may have a second one."""

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
                f"{f'{len(ids)} columns are' if ids else 'no column is'} the respondent id, "
                "exactly one is needed.",
                source=self.source,
                hint="Choose the column whose value is different for every respondent.",
            )
        if len(times) > 1:
            raise SurveyError(
                f"{len(times)} columns are the time of submission, at most one can be.",
                source=self.source,
                hint="Make the others attributes, or ignore them.",
            )
        data: dict[str, Any] = {
            "respondent_id": ids[0].column,
            "refs": "generated" if ids[0].private else None,
        }
        if times:
            data["submitted_at"] = times[0].column
        for column in self._of("may be quoted")[:1]:
            values = {"values": column.values} if column.values else {}
            data["may_be_quoted"] = {"column": column.column} | values
        data["attributes"] = self._attributes()
        data["questions"] = self._questions()
        data["voice_notes"] = [
            {"column": note.column, "question": note.question}
            for note in self._of("voice note file")
        ]
        data["identifying"] = [column.column for column in self._of("identifying")]
        data["ignore"] = [column.column for column in self._of("ignore")]
        data["exclude_rows_if"] = {c.column: c.leave_out for c in self.columns if c.leave_out}
        data["keep_rows_if"] = {c.column: c.keep_if for c in self.columns if c.keep_if}
        return build_mapping(data, self.source)

    def _of(self, role: Role) -> list[ColumnProposal]:
        return [column for column in self.columns if column.role == role]

    def _attributes(self) -> list[dict[str, Any]]:
        """Return the attributes; columns that stand for values of one of them are joined."""
        found: dict[str, dict[str, Any]] = {}
        for column in self._of("attribute"):
            fields = found.setdefault(column.ref or column.column, _attribute_fields(column))
            if column.stands_for:
                fields.setdefault("columns", {})[column.column] = column.stands_for
        return list(found.values())

    def _questions(self) -> list[dict[str, str]]:
        """Return the questions; one that was only ever spoken has no column of its own."""
        questions = [
            {
                "column": column.column,
                "ref": column.ref or column.column,
                "text": column.text or column.column,
            }
            for column in self._of("open answer")
        ]
        refs = {question["ref"] for question in questions}
        questions += [
            {"ref": note.question, "text": note.text or note.column}
            for note in self._of("voice note file")
            if note.question not in refs
        ]
        return questions


def label_for(column: ColumnProposal) -> str:
    """Give the words under which people see an attribute."""
    return column.text or name_hints.label_of(column.ref if column.stands_for else column.column)


def _attribute_fields(column: ColumnProposal) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": column.ref or column.column}
    fields["label"] = label_for(column)
    fields["kind"] = column.kind
    if not column.stands_for:
        fields["column"] = column.column
        if column.kind == "multi":
            fields["delimiter"] = column.delimiter or ";"
    if column.kind == "ordered":
        fields["values"] = list(column.values)
    if not column.grouping:
        fields["grouping"] = False
    return fields
