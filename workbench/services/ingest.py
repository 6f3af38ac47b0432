"""Ingest: bring a survey file into a study, again and again as it grows.

In: a `Survey` that the pipeline has read. Out: respondents and documents; an `IngestReport` of
what was new, changed and left alone. The same file twice changes nothing.

Answers are keyed by (study, respondent, question, typed or spoken). A changed answer gets a new
revision, to which its codings are carried. Nothing is deleted: where the file has a blank and the
study an answer, the answer is kept and the report says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.codings import Actor
from workbench.domain.documents import BadRow, Survey, SurveyAnswer, SurveyRow
from workbench.domain.text import sha
from workbench.services import trail
from workbench.store import documents, studies, surveys
from workbench.store.anchors import reanchor_document
from workbench.store.engine import Connection, Database
from workbench.store.surveys import AnswerKey, NewAnswer, StoredAnswer


@dataclass(slots=True)
class IngestReport:
    """What an import did, or would do."""

    study: str
    study_created: bool = False
    respondents_new: int = 0
    respondents_updated: int = 0
    respondents_unchanged: int = 0
    answers_new: int = 0
    answers_changed: int = 0
    answers_unchanged: int = 0
    answers_blank: int = 0
    answers_not_asked: int = 0
    answers_awaiting_transcript: int = 0
    codings_reanchored: int = 0
    codings_flagged: int = 0
    rows_excluded: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain values, for JSON and for the import's record."""
        values = {name: getattr(self, name) for name in self.__slots__}
        values["bad_rows"] = [
            {"row": bad.row, "column": bad.column, "message": bad.message} for bad in self.bad_rows
        ]
        return values

    @property
    def changes_anything(self) -> bool:
        """Whether respondents or answers come in or change."""
        return bool(
            self.respondents_new or self.respondents_updated or self.answers_new
            or self.answers_changed
        )  # fmt: skip


class _DryRun(Exception):
    pass


@dataclass(slots=True)
class _Plan:
    """What is in the study already, and what is to be written."""

    report: IngestReport
    attributes: Mapping[str, int]
    questions: Mapping[str, int]
    people: dict[str, int]
    answers: dict[AnswerKey, StoredAnswer]
    absences: dict[AnswerKey, tuple[str, str | None]]
    values: dict[tuple[int, int], set[str]]
    fresh: set[int] = field(default_factory=set)
    new_values: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    changed_values: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    new_answers: list[NewAnswer] = field(default_factory=list)
    changed_answers: list[tuple[StoredAnswer, str]] = field(default_factory=list)
    gone: list[AnswerKey] = field(default_factory=list)
    found: dict[AnswerKey, tuple[str, str | None]] = field(default_factory=dict)


def ingest_survey(
    actor: Actor,
    database: Database,
    study_name: str,
    survey: Survey,
    *,
    mapping: str = "",
    dry_run: bool = False,
) -> IngestReport:
    """Import a survey into the study of this name, which is made where there is none.

    All of it goes in or none; a dry run does the same work and takes it back.

    Parameters
    ----------
    mapping
        The mapping as YAML, kept with the study.
    """
    report = IngestReport(study_name)
    report.bad_rows = list(survey.bad_rows)
    report.rows_excluded = survey.n_excluded
    report.warnings = list(survey.warnings)
    try:
        with database.write() as connection:
            _ingest(connection, actor, study_name, survey, mapping, report)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def last_mapping(actor: Actor, database: Database, study_id: int) -> str | None:
    """Give the mapping of the study's newest survey import, as YAML."""
    with database.read() as connection:
        return surveys.last_mapping(connection, study_id)


def _ingest(
    connection: Connection,
    actor: Actor,
    study_name: str,
    survey: Survey,
    mapping: str,
    report: IngestReport,
) -> None:
    from workbench.services.study import ensure_study

    study_id, report.study_created = ensure_study(connection, actor, study_name)
    trail.require(connection, actor, study_id)
    savepoint = connection.begin_nested()
    _keep_identifying(connection, study_id, survey, report)
    attributes, n_attributes = studies.ensure_attributes(connection, study_id, survey.attributes)
    questions, n_questions = studies.ensure_questions(connection, study_id, survey.questions)
    batch_id = surveys.add_batch(
        connection,
        study_id=study_id,
        kind="survey",
        file_name=survey.source,
        sha256=survey.sha256,
        mapping=mapping,
        actor_id=actor.id,
    )
    plan = _Plan(
        report,
        attributes,
        questions,
        surveys.respondents_of(connection, study_id),
        surveys.answers_of(connection, study_id),
        surveys.absences_of(connection, study_id),
        surveys.values_of(connection, study_id),
    )
    rows = _without_withdrawn(connection, study_id, survey.rows, report)
    new_people = [(row.respondent_ref, row.submitted_at) for row in rows
                  if row.respondent_ref not in plan.people]  # fmt: skip
    added = surveys.add_respondents(connection, study_id, batch_id, new_people)
    plan.people |= added
    plan.fresh = set(added.values())
    for row in rows:
        _plan_row(plan, row)
    flagged_documents = _write(connection, actor, study_id, batch_id, plan)
    if not (report.changes_anything or plan.found or plan.gone or n_attributes or n_questions):
        savepoint.rollback()
        return
    surveys.finish_batch(connection, batch_id, report.as_dict())
    savepoint.commit()
    trail.record(
        connection,
        actor,
        study_id,
        "ingest survey",
        label=f"importing {survey.source}",
        targets=[("import_batch", batch_id), *(("document", key) for key in flagged_documents)],
        details={
            "batch": batch_id,
            "respondents_new": report.respondents_new,
            "answers_new": report.answers_new,
            "answers_changed": report.answers_changed,
        },
    )


def _keep_identifying(
    connection: Connection, study_id: int, survey: Survey, report: IngestReport
) -> None:
    hidden = {
        item.name for item in studies.list_attributes(connection, study_id) if item.identifying
    }
    for item in survey.attributes:
        if item.name in hidden and not item.identifying:
            report.warnings.append(
                f"the attribute {item.name} is identifying in this study and stays so, although "
                "the mapping does not say it."
            )


def _without_withdrawn(
    connection: Connection, study_id: int, rows: tuple[SurveyRow, ...], report: IngestReport
) -> list[SurveyRow]:
    withdrawn = surveys.withdrawn_refs(connection, study_id)
    kept = [row for row in rows if row.respondent_ref not in withdrawn]
    if len(kept) < len(rows):
        report.warnings.append(
            f"{len(rows) - len(kept)} rows are of respondents who have withdrawn; left out."
        )
    return kept


def _plan_row(plan: _Plan, row: SurveyRow) -> None:
    person = plan.people[row.respondent_ref]
    changed = _plan_attributes(plan, person, row)
    for answer in row.answers:
        changed |= _plan_answer(plan, person, row, answer)
    if person in plan.fresh:
        plan.report.respondents_new += 1
    elif changed:
        plan.report.respondents_updated += 1
    else:
        plan.report.respondents_unchanged += 1


def _plan_attributes(plan: _Plan, person: int, row: SurveyRow) -> bool:
    changed = False
    for name, values in row.attributes.items():
        key = (person, plan.attributes[name])
        if not values or set(values) == plan.values.get(key, set()):
            continue
        (plan.new_values if person in plan.fresh else plan.changed_values)[key] = values
        changed = True
    return changed


def _plan_answer(plan: _Plan, person: int, row: SurveyRow, answer: SurveyAnswer) -> bool:
    """Compare one answer with the study; tell whether anything about it changes."""
    key = (person, plan.questions[answer.question_ref], answer.kind)
    stored, report = plan.answers.get(key), plan.report
    if answer.state == "given":
        if key in plan.absences:
            plan.gone.append(key)
        if stored is None:
            plan.new_answers.append(NewAnswer(*key, answer.text))
            report.answers_new += 1
            return True
        if stored.sha256 == sha(answer.text):
            report.answers_unchanged += 1
            return False
        plan.changed_answers.append((stored, answer.text))
        report.answers_changed += 1
        return True
    counter = f"answers_{answer.state}"
    setattr(report, counter, getattr(report, counter) + 1)
    if stored is not None:
        if answer.state != "awaiting_transcript":
            report.warnings.append(
                f"row {row.row}: {row.respondent_ref} has no answer to {answer.question_ref} in "
                "this file but one in the study; the one in the study is kept."
            )
        return False
    now_absent = (answer.state, answer.file_name)
    before = plan.absences.get(key)
    if before == now_absent:
        return False
    if before is not None:
        plan.gone.append(key)
    plan.found[key] = now_absent
    return before is not None


def _write(
    connection: Connection, actor: Actor, study_id: int, batch_id: int, plan: _Plan
) -> list[int]:
    """Write the plan; give the documents whose text has changed."""
    surveys.set_values(connection, plan.new_values, fresh=True)
    surveys.set_values(connection, plan.changed_values, fresh=False)
    surveys.add_answers(connection, study_id, batch_id, actor.id, plan.new_answers)
    surveys.set_absences(connection, plan.gone, plan.found)
    for stored, text in plan.changed_answers:
        old_text = surveys.text_of(connection, stored.revision_id)
        new_id = documents.add_revision(
            connection,
            document_id=stored.document_id,
            text=text,
            why="import",
            actor_id=actor.id,
            import_batch_id=batch_id,
        )
        n_placed, n_flagged = reanchor_document(
            connection,
            document_id=stored.document_id,
            old_revision_id=stored.revision_id,
            new_revision_id=new_id,
            old_text=old_text,
            new_text=text,
        )
        plan.report.codings_reanchored += n_placed
        plan.report.codings_flagged += n_flagged
    return [stored.document_id for stored, _ in plan.changed_answers]
