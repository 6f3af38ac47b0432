"""Compare the rows of a file with the study and write what differs, a part of the file at a time.

In: rows, and what is known of the study. Out: respondents, values, answers and absent answers in
the database; what happened in the report; what stood there before in `Before`. Only the part at
hand is held in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.domain.codings import Actor
from workbench.domain.documents import BadRow, SurveyAnswer, SurveyRow
from workbench.domain.text import sha
from workbench.services.surveys.ingest_people import Roster
from workbench.services.surveys.ingest_report import (
    AnswerPlace,
    ChangedAnswer,
    ChangedValue,
    IngestReport,
    NewRespondent,
)
from workbench.services.surveys.ingest_surveys import Elsewhere
from workbench.store.bulk import KEYS, parts
from workbench.store.coding.anchors import count_anchors
from workbench.store.engine import Connection
from workbench.store.surveys import answers, surveys
from workbench.store.surveys.answers import Absence, AnswerKey, NewAnswer, StoredAnswer
from workbench.store.surveys.batches import Before
from workbench.store.surveys.surveys import NewPerson, Person

Progress = Callable[[int, int], None]
"""Told how many of how many rows are done."""

QUOTABLE = "May be quoted"
SAID = {True: "yes", False: "no", None: "not said"}
Changed = tuple[SurveyRow, Person, SurveyAnswer, StoredAnswer]


@dataclass(slots=True)
class Target:
    """Where a file goes, and what is known of it before the first row."""

    connection: Connection
    actor: Actor
    study_id: int
    survey_id: int
    batch_id: int
    roster: Roster
    report: IngestReport
    before: Before
    attributes: Mapping[str, int]
    questions: Mapping[str, int]
    members: set[int]
    hidden: Collection[str] = ()
    edited: Collection[tuple[int, int]] = ()
    skipped: Collection[str] = ()
    shared: Collection[str] = ()
    elsewhere: Elsewhere = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    touched: list[int] = field(default_factory=list)
    changed_documents: list[int] = field(default_factory=list)
    n_withdrawn: int = 0
    n_other: int = 0  # what is written but no answer: absent answers, links


@dataclass(slots=True)
class _Part:
    """A part of the file: who it is about, what the study holds of them, what is to be written."""

    fresh: set[int]
    stored: dict[AnswerKey, StoredAnswer]
    absences: dict[AnswerKey, Absence]
    values: dict[tuple[int, int], set[str]]
    new_values: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    changed_values: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    new_answers: list[NewAnswer] = field(default_factory=list)
    changed_answers: list[Changed] = field(default_factory=list)
    gone: list[AnswerKey] = field(default_factory=list)
    found: dict[AnswerKey, Absence] = field(default_factory=dict)
    quotable: dict[int, bool | None] = field(default_factory=dict)


def bring_in(target: Target, rows: Sequence[SurveyRow], progress: Progress | None) -> None:
    """Compare and write all rows."""
    done = 0
    for rows_of_part in parts(rows, KEYS):
        present = _admit(target, rows_of_part)
        fresh = {person.id for _, person, is_new in present if is_new}
        old = [person.id for _, person, is_new in present if not is_new]
        part = _Part(
            fresh,
            answers.answers_of(target.connection, old),
            answers.absences_of(target.connection, old),
            answers.values_of(target.connection, old),
        )
        for row, person, _ in present:
            _compare(target, part, row, person)
        _write(target, part)
        done += len(rows_of_part)
        if progress is not None:
            progress(done, len(rows))


def _admit(target: Target, rows: Sequence[SurveyRow]) -> list[tuple[SurveyRow, Person, bool]]:
    """Find the respondents of rows, and write those who are new: (row, respondent, is new)."""
    named: list[tuple[SurveyRow, Person | None]] = []
    new: dict[str, NewPerson] = {}
    first: dict[str, int] = {}
    for row in rows:
        name = target.roster.name_of(row.respondent_ref)
        person = target.roster.find(name)
        earlier = first.get(name) or (target.seen.get(person.id) if person else None)
        if earlier is not None:
            target.report.bad_rows.append(_twice(row, earlier))
        elif person is None:
            new[name] = target.roster.introduce(name, row.submitted_at, row.may_be_quoted)
            first[name] = row.row
            named.append((row, None))
        elif person.withdrawn:
            target.n_withdrawn += 1
        else:
            target.seen[person.id] = row.row
            named.append((row, person))
    keys = surveys.add_people(
        target.connection, target.study_id, target.batch_id, list(new.values())
    )
    made = iter(zip(keys, new.items(), strict=True))
    admitted: list[tuple[SurveyRow, Person, bool]] = []
    for row, person in named:
        if person is not None:
            admitted.append((row, person, False))
            continue
        key, (name, item) = next(made)
        person = Person(key, item.ref, item.digest, item.may_be_quoted, withdrawn=False)
        target.roster.remember(name, person)
        target.seen[key] = row.row
        admitted.append((row, person, True))
    _link(target, admitted)
    return admitted


def _twice(row: SurveyRow, earlier: int) -> BadRow:
    return BadRow(
        row.row,
        None,
        f"the row is of the same person as row {earlier}: their ids differ at most in capitals. "
        "The row was left out; keep one of the two in the file.",
    )


def _link(target: Target, admitted: Sequence[tuple[SurveyRow, Person, bool]]) -> None:
    links = [
        (person.id, row.submitted_at)
        for row, person, _ in admitted
        if person.id not in target.members
    ]
    surveys.link_people(target.connection, target.survey_id, target.batch_id, links)
    target.members.update(person for person, _ in links)
    target.n_other += len(links)


def _compare(target: Target, part: _Part, row: SurveyRow, person: Person) -> None:
    changed = _compare_values(target, part, row, person)
    changed |= _compare_quotable(target, part, row, person)
    for answer in row.answers:
        if answer.question_ref not in target.skipped:
            changed |= _compare_answer(target, part, row, person, answer)
    report = target.report
    if person.id in part.fresh:
        report.respondents_new += 1
        report.changes.respondents.append(NewRespondent(row.row, person.ref))
    elif changed:
        report.respondents_updated += 1
    else:
        report.respondents_unchanged += 1
    if changed:
        target.touched.append(person.id)


def _compare_values(target: Target, part: _Part, row: SurveyRow, person: Person) -> bool:
    changed = False
    for name, values in row.attributes.items():
        key = (person.id, target.attributes[name])
        if not values:
            continue
        if person.id in part.fresh:
            part.new_values[key] = values
            changed = True
            continue
        old = part.values.get(key, set())
        if set(values) == old:
            continue
        if key in target.edited:
            target.report.values_set_by_hand += 1
            continue
        part.changed_values[key] = values
        target.before.values.append((*key, sorted(old)))
        _note_value(target, row, person, name, tuple(sorted(old)), values)
        changed = True
    return changed


def _note_value(
    target: Target,
    row: SurveyRow,
    person: Person,
    name: str,
    before: tuple[str, ...],
    after: tuple[str, ...],
) -> None:
    hidden = name in target.hidden
    target.report.values_changed += 1
    target.report.changes.values.append(
        ChangedValue(
            row.row,
            person.ref,
            name,
            () if hidden else before,
            () if hidden else tuple(dict.fromkeys(after)),
            hidden,
        )
    )


def _compare_quotable(target: Target, part: _Part, row: SurveyRow, person: Person) -> bool:
    may = row.may_be_quoted
    if person.id in part.fresh or may is None or may is person.may_be_quoted:
        return False
    part.quotable[person.id] = may
    target.before.quotable.append((person.id, person.may_be_quoted))
    _note_value(target, row, person, QUOTABLE, (SAID[person.may_be_quoted],), (SAID[may],))
    return True


def _compare_answer(
    target: Target, part: _Part, row: SurveyRow, person: Person, answer: SurveyAnswer
) -> bool:
    """Compare one answer with the study; tell whether anything about it changes."""
    key = (person.id, target.questions[answer.question_ref], answer.kind)
    report = target.report
    if answer.state != "given":
        return _compare_absence(target, part, row, person, answer, key)
    if key in part.absences:
        _forget_absence(target, part, key)
    stored = part.stored.get(key)
    if stored is None:
        part.new_answers.append(NewAnswer(*key, answer.text))
        report.answers_new += 1
        if person.id not in part.fresh:
            report.changes.filled.append(AnswerPlace(row.row, person.ref, answer.question_ref))
        return True
    if stored.sha256 == sha(answer.text):
        report.answers_unchanged += 1
        return False
    part.changed_answers.append((row, person, answer, stored))
    report.answers_changed += 1
    return True


def _compare_absence(
    target: Target,
    part: _Part,
    row: SurveyRow,
    person: Person,
    answer: SurveyAnswer,
    key: AnswerKey,
) -> bool:
    if key[:2] in target.elsewhere:  # answered in another survey: no matter of this file
        return False
    report = target.report
    counter = f"answers_{answer.state}"
    setattr(report, counter, getattr(report, counter) + 1)
    if key in part.stored:
        if answer.state != "awaiting_transcript":
            report.answers_kept += 1
            report.changes.kept.append(AnswerPlace(row.row, person.ref, answer.question_ref))
        return False
    now_absent = (answer.state, answer.file_name)
    before = part.absences.get(key)
    if before == now_absent:
        return False
    if before is not None:
        if answer.state == "not_asked" and answer.question_ref in target.shared:
            return False  # another survey did ask
        _forget_absence(target, part, key)
    part.found[key] = now_absent
    if person.id not in part.fresh:
        target.before.note_absence_made(*key)
    return before is not None


def _forget_absence(target: Target, part: _Part, key: AnswerKey) -> None:
    part.gone.append(key)
    target.before.absences.append((*key, *part.absences[key]))


def _write(target: Target, part: _Part) -> None:
    connection = target.connection
    answers.set_values(connection, part.new_values, fresh=True)
    answers.set_values(connection, part.changed_values, fresh=False)
    surveys.set_quotable(connection, part.quotable)
    answers.add_answers(
        connection, target.study_id, target.batch_id, target.actor.id, part.new_answers
    )
    answers.set_absences(connection, part.gone, part.found)
    target.n_other += len(part.gone) + len(part.found)
    _write_changed(target, part.changed_answers)


def _write_changed(target: Target, changed: Sequence[Changed]) -> None:
    if not changed:
        return
    revisions = answers.revise_answers(
        target.connection,
        target.batch_id,
        target.actor.id,
        [(stored, answer.text) for _, _, answer, stored in changed],
    )
    counts = count_anchors(target.connection, target.study_id, target.actor.id, revisions)
    report = target.report
    for (row, person, answer, stored), key in zip(changed, revisions, strict=True):
        n_carried, n_flagged = counts.get(key, (0, 0))
        report.codings_reanchored += n_carried
        report.codings_flagged += n_flagged
        report.changes.answers.append(
            ChangedAnswer(
                row.row, person.ref, answer.question_ref, answer.kind, stored.revision_id,
                n_carried, n_flagged,
            )
        )  # fmt: skip
        target.changed_documents.append(stored.document_id)
