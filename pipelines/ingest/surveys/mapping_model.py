"""The fields of a mapping: what the columns of a survey file mean.

In: plain values from YAML or from a page. Out: a `Mapping` that does not contradict itself.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from workbench.domain.documents import Attribute, AttributeKind, Refs

MAX_SURVEY_CHARS = 200
MAX_COMPARED_CHARS = 300
"""Comparing names takes the product of their lengths."""


Duplicates = Literal["first", "last", "separate"]
"""Which of the rows that share an id go in: one of them, or each as a person of their own."""
YES = ("Yes", "Y", "True", "1", "Checked", "Selected", "Agree", "I agree")
"""What means yes where a mapping does not list it."""


def _as_list(value: object) -> object:
    """Let a person write one value where several may stand."""
    return [value] if isinstance(value, str) else value


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_as_list)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AttributeMapping(_Model):
    """An attribute of respondents: from one column, or from one column per value (`columns`)."""

    column: Name | None = None
    columns: dict[Name, Name] | None = None
    name: Name = ""
    label: str = ""
    kind: AttributeKind = "category"
    delimiter: str | None = Field(default=None, min_length=1)
    grouping: bool | None = None
    values: Texts = ()

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """Let `name` default to the column, and `kind` to multi where there are several columns."""
        if not isinstance(data, dict):
            return data
        filled = dict(data)
        if not filled.get("name") and isinstance(filled.get("column"), str):
            filled["name"] = filled["column"]
        if filled.get("columns") is not None and "kind" not in filled:
            filled["kind"] = "multi"
        return filled

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.column is None) == (self.columns is None):
            raise ValueError("give either `column` or `columns`")
        if not self.name:
            raise ValueError("an attribute from several columns needs a `name`")
        if self.columns is not None and (self.kind != "multi" or not self.columns):
            raise ValueError("`columns` holds one column per value and goes with `kind: multi`")
        if self.delimiter is not None and (self.kind != "multi" or self.columns is not None):
            raise ValueError("`delimiter` goes with `kind: multi` and one `column`")
        return self

    @property
    def separator(self) -> str:
        """What parts the values of a multi-select cell."""
        return self.delimiter or ";"

    def source_columns(self) -> tuple[str, ...]:
        """Return the columns that it is read from."""
        return (self.column,) if self.column is not None else tuple(self.columns or ())

    def as_attribute(self, *, identifying: bool = False) -> Attribute:
        """Return the attribute that it describes. Numbers and dates group only if told to."""
        groups = self.grouping if self.grouping is not None else self.kind not in ("number", "date")
        values = self.values or tuple(dict.fromkeys((self.columns or {}).values()))
        return Attribute(
            name=self.name,
            kind=self.kind,
            label=self.label,
            values=values,
            grouping=groups and not identifying,
            identifying=identifying,
        )


class QuestionMapping(_Model):
    """An open question. Without a column it is one that was answered by voice note only."""

    column: Name | None = None
    ref: Name = ""
    text: str = ""
    asked_if: dict[Name, Texts] = Field(default_factory=dict)
    not_asked_values: Texts = ()

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """Let the reference and the text default to the column's name."""
        if not isinstance(data, dict):
            return data
        filled = dict(data)
        if not filled.get("ref") and isinstance(filled.get("column"), str):
            filled["ref"] = filled["column"]
        return filled

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.ref:
            raise ValueError("a question needs a `ref`")
        return self


class VoiceNoteMapping(_Model):
    """A column with the file names of voice notes, and the question that they answer."""

    column: Name
    question: Name


class QuotedMapping(_Model):
    """A column in which respondents say whether they may be quoted, and what means yes in it."""

    column: Name
    values: Texts = YES


class Mapping(_Model):
    """What every column of a survey file means. Columns that it does not name are left out.

    `survey` says which of the study's surveys the file is. `refs` and `duplicates` are None where
    nobody has said how respondents are named and which of the rows that share an id to take.
    """

    survey: str = ""
    respondent_id: Name
    refs: Refs | None = None
    duplicates: Duplicates | None = None
    submitted_at: Name | None = None
    may_be_quoted: QuotedMapping | None = None
    attributes: tuple[AttributeMapping, ...] = ()
    questions: tuple[QuestionMapping, ...] = ()
    voice_notes: tuple[VoiceNoteMapping, ...] = ()
    identifying: Names = ()
    ignore: Names = ()
    exclude_rows_if: dict[Name, Texts] = Field(default_factory=dict)
    keep_rows_if: dict[Name, Texts] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """Let white space in the survey's name count as in the names of studies."""
        if isinstance(data, dict) and isinstance(data.get("survey"), str):
            return {**data, "survey": " ".join(data["survey"].split())}
        return data

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.survey) > MAX_SURVEY_CHARS:
            raise ValueError(f"the survey's name has more than {MAX_SURVEY_CHARS} characters")
        _refuse_repeats("attribute name", [attribute.name for attribute in self.attributes])
        _refuse_repeats("question ref", [question.ref for question in self.questions])
        _refuse_repeats("answer column", [q.column for q in self.questions if q.column])
        _refuse_repeats("question of a voice note", [note.question for note in self.voice_notes])
        self._check_voice_notes()
        self._check_roles()
        for column, values in self.keep_rows_if.items():
            if not values:
                raise ValueError(
                    f"keep_rows_if names no value of {column!r}, and would keep no row"
                )
        return self

    def _check_voice_notes(self) -> None:
        refs = [question.ref for question in self.questions]
        for note in self.voice_notes:
            if note.question not in refs:
                raise ValueError(
                    f"the voice notes of {note.column!r} answer {note.question!r}, which is no "
                    f"question.{nearest(note.question, refs)}"
                )
        spoken = {note.question for note in self.voice_notes}
        for question in self.questions:
            if question.column is None and question.ref not in spoken:
                raise ValueError(f"question {question.ref!r} has neither a column nor voice notes")

    def _check_roles(self) -> None:
        answers = [column for _, column in self.answer_columns()]
        kept_out = {*self.identifying, *self.ignore}
        clash = [column for column in answers if column in kept_out]
        # a column that only decides about rows may well be ignored otherwise
        kept = [c for attribute in self.attributes for c in attribute.source_columns()]
        used = [self.respondent_id, *kept, self.submitted_at]
        used += [self.may_be_quoted.column] if self.may_be_quoted else []
        clash += [column for column in used if column in self.ignore]
        if clash:
            raise ValueError(
                f"column {clash[0]!r} is used and also listed to be kept out "
                "(`identifying` or `ignore`)"
            )
        if self.respondent_id in answers:
            raise ValueError(f"column {self.respondent_id!r} is both respondent_id and an answer")
        if self.hides_ids and self.respondent_id in kept:
            raise ValueError(private_and_stored(self.respondent_id))

    @property
    def hides_ids(self) -> bool:
        """Whether the mapping itself says that ids must not be stored or shown."""
        return self.refs == "generated" or self.respondent_id in self.identifying

    def answer_columns(self) -> Iterator[tuple[str, str]]:
        """Yield (where the mapping names it, column) of typed answers and voice notes."""
        for question in self.questions:
            if question.column is not None:
                yield f"question {question.ref!r}", question.column
        for note in self.voice_notes:
            yield f"voice notes of {note.question!r}", note.column

    def used_columns(self) -> Iterator[tuple[str, str]]:
        """Yield (where the mapping names it, column) of all columns without which it fails."""
        yield "respondent_id", self.respondent_id
        if self.submitted_at is not None:
            yield "submitted_at", self.submitted_at
        if self.may_be_quoted is not None:
            yield "may_be_quoted", self.may_be_quoted.column
        for attribute in self.attributes:
            for column in attribute.source_columns():
                yield f"attribute {attribute.name!r}", column
        for column in self.exclude_rows_if:
            yield "exclude_rows_if", column
        for column in self.keep_rows_if:
            yield "keep_rows_if", column

    def conditions(self, known: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield (where, column) of the `asked_if` rules of the questions that a file has."""
        for question in self.questions:
            if question.column is None or question.column in known:
                for column in question.asked_if:
                    yield f"asked_if of question {question.ref!r}", column


def private_and_stored(column: str) -> str:
    """Say what is wrong where an id that must not be stored is an attribute too."""
    return (
        f"column {column!r} is an id that must not be stored, and an attribute too; take the "
        "attribute out"
    )


def _refuse_repeats(what: str, names: Sequence[str]) -> None:
    for name, n_times in Counter(names).items():
        if n_times > 1:
            raise ValueError(f"the {what} {name!r} is there {n_times} times")


def similar(name: str, known: Sequence[str]) -> list[str]:
    """Return the most similar of the known names, or nothing; very long names are not compared."""
    short = [other for other in known if len(other) <= MAX_COMPARED_CHARS]
    return difflib.get_close_matches(name[:MAX_COMPARED_CHARS], short, 1)


def nearest(name: str, known: Sequence[str]) -> str:
    """Ask whether the most similar of the known names was meant; empty if none is similar."""
    close = similar(name, known)
    return f" Did you mean {close[0]!r}?" if close else ""
