"""From the cells of a record to what one respondent left for each question.

In: a mapping's questions and a grid's header. Out: a function per question, from cells to answers.
Not asked, left blank and not yet transcribed are three different things and are kept apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.ingest.surveys.evidence import holds_contact
from pipelines.ingest.surveys.mapping_model import Mapping as ColumnMapping
from pipelines.ingest.surveys.mapping_model import QuestionMapping
from pipelines.ingest.surveys.uploads import uploaded_names
from pipelines.ingest.surveys.values import match_key
from workbench.domain.documents import SurveyAnswer
from workbench.domain.text import normalise

UNSEEN = " \t\n\r\v\f\u200b\u200c\u200d\u2060\ufeff\xa0"
"""White space and signs without a shape: a cell of nothing else is blank."""

Cells = Sequence[str]
Condition = Callable[[Cells], bool]


@dataclass(slots=True)
class QuestionReader:
    """Reads the answers to one question.

    It remembers the rows that answer what was not asked, and those whose words reach a person.
    """

    ref: str
    at: int | None
    at_file: int | None
    asked: Condition | None
    not_asked_values: frozenset[str]
    unexpected_rows: list[int] = field(default_factory=list)
    contact_rows: list[int] = field(default_factory=list)

    def read(self, row: int, cells: Cells) -> tuple[SurveyAnswer, ...]:
        """Return one answer; or two, where a person both typed and spoke.

        Words and recordings that are there are never dropped, even if a rule says that the question
        was not asked: the row is remembered for a warning.
        """
        spoken = self._spoken(cells)
        typed = self._typed(cells)
        if holds_contact(typed.text):
            self.contact_rows.append(row)
        if self.asked is not None and not self.asked(cells):
            if typed.state == "given" or spoken:
                self.unexpected_rows.append(row)
            elif typed.state == "blank":
                typed = self._absent("not_asked")
        if spoken is None:
            return (typed,)
        return (typed, spoken) if typed.state == "given" else (spoken,)

    def _typed(self, cells: Cells) -> SurveyAnswer:
        if self.at is None:
            # without a column in this file, only a voice-note column shows that it was asked
            return self._absent("not_asked" if self.at_file is None else "blank")
        cell = cells[self.at]
        if not cell:
            return self._absent("not_asked" if "" in self.not_asked_values else "blank")
        if self.not_asked_values and match_key(cell) in self.not_asked_values:
            return self._absent("not_asked")
        text = normalise(cell)
        if not text.strip(UNSEEN) or text.isspace():
            return self._absent("blank")
        return SurveyAnswer(self.ref, "given", text)

    def _absent(self, state: str) -> SurveyAnswer:
        return SurveyAnswer(self.ref, "not_asked" if state == "not_asked" else "blank")

    def _spoken(self, cells: Cells) -> SurveyAnswer | None:
        if self.at_file is None:
            return None
        cell = cells[self.at_file]
        name = normalise("; ".join(uploaded_names(cell)) or cell).strip()
        if not name:
            return None
        return SurveyAnswer(
            self.ref, "awaiting_transcript", kind="spoken", file_name=" ".join(name.split())
        )


def question_readers(mapping: ColumnMapping, header: Sequence[str]) -> tuple[QuestionReader, ...]:
    """Return a reader for each question of the mapping, in its order."""
    places = {column: at for at, column in enumerate(header)}
    files = {note.question: places.get(note.column) for note in mapping.voice_notes}
    return tuple(
        QuestionReader(
            ref=question.ref,
            at=None if question.column is None else places.get(question.column),
            at_file=files.get(question.ref),
            asked=_asked(question, mapping, places),
            not_asked_values=frozenset(map(match_key, question.not_asked_values)),
        )
        for question in mapping.questions
    )


def _asked(
    question: QuestionMapping, mapping: ColumnMapping, places: Mapping[str, int]
) -> Condition | None:
    """Return the rule of a question: each of its columns holds one of the values."""
    rules = [
        holds_one_of(column, values, mapping, places)
        for column, values in question.asked_if.items()
        if column in places
    ]
    if not rules:
        return None
    return lambda cells: all(rule(cells) for rule in rules)


def holds_one_of(
    column: str, values: Sequence[str], mapping: ColumnMapping, places: Mapping[str, int]
) -> Condition:
    """Return whether a record's cell is one of the values, or has one where several can be chosen.

    Case and surrounding white space do not count.
    """
    at = places[column]
    wanted = frozenset(map(match_key, values))
    separators = [a.separator for a in mapping.attributes if a.column == column]
    multi = [a.separator for a in mapping.attributes if a.column == column and a.kind == "multi"]
    if not multi:
        return lambda cells: match_key(cells[at]) in wanted
    separator = separators[0]
    return lambda cells: (
        match_key(cells[at]) in wanted
        or any(match_key(part) in wanted for part in cells[at].split(separator) if part.strip())
    )
