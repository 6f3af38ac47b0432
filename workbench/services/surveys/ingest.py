"""Ingest: bring a survey file into a study, again and again as it grows.

In: a `Survey` that the pipeline has read. Out: respondents and documents; an `IngestReport` of
what was new, changed and left alone. The same file twice changes nothing.

Answers are keyed by (study, respondent, question, typed or spoken). A changed answer gets a new
revision, to which its codings are carried. Nothing is deleted: where the file has a blank and the
study an answer, the answer is kept, and who is missing from the file is listed. What stood there
before is noted, so that the last import can be taken back (`imports.undo_import`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from workbench.domain.codings import Actor
from workbench.domain.documents import Question, Survey
from workbench.domain.words import agree
from workbench.errors import InputError, SurveyError
from workbench.services.surveys.ingest_people import Roster
from workbench.services.surveys.ingest_report import IngestReport
from workbench.services.surveys.ingest_rows import Progress, Target, bring_in
from workbench.services.surveys.ingest_surveys import (
    SharedQuestion,
    choose_survey,
    not_this_surveys,
    refuse_overwriting,
)
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.counting.progress import count_still_blind
from workbench.store.engine import Connection, Database
from workbench.store.surveys import batches, groupings, surveys
from workbench.store.surveys.batches import Before
from workbench.store.surveys.surveys import StoredSurvey

__all__ = [
    "IngestReport",
    "Progress",
    "SharedQuestion",
    "StoredSurvey",
    "answers_of_rows",
    "ingest_survey",
    "last_mapping",
    "last_mappings",
    "list_surveys",
]


class _DryRun(Exception):
    pass


def ingest_survey(
    actor: Actor,
    database: Database,
    study_name: str,
    survey: Survey,
    *,
    mapping: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Import a survey into the study of this name, which is made where there is none.

    All of it goes in or none; a dry run does the same work and takes it back.

    Parameters
    ----------
    mapping
        The mapping as YAML, kept with the study.
    progress
        Called now and then with the rows that are done and the rows in all.

    Raises
    ------
    InputError
        When it is not clear which of the study's surveys the file belongs to.
    SharedQuestion
        When the file would overwrite what its people have answered in another survey.
    SurveyError
        When rows share an id and nobody has said which to take; a dry run reports them instead.
    """
    if survey.undecided and not dry_run:
        raise _undecided(survey)
    report = IngestReport(study_name)
    report.bad_rows = list(survey.bad_rows)
    report.rows_excluded = survey.n_excluded
    report.excluded = dict(survey.excluded)
    report.undecided = list(survey.undecided)
    report.warnings = list(survey.warnings)
    try:
        with database.write() as connection:
            _Import(connection, actor, survey, mapping, report).run(progress)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def list_surveys(actor: Actor, database: Database, study_id: int) -> list[StoredSurvey]:
    """List a study's surveys with how many people are in each."""
    with database.read() as connection:
        return surveys.list_surveys(connection, study_id)


def answers_of_rows(survey: Survey, rows: Collection[int]) -> dict[tuple[int, str, str], str]:
    """Give what rows of a file answer, by (row, question, typed or spoken)."""
    return {
        (row.row, answer.question_ref, answer.kind): answer.text
        for row in survey.rows
        if row.row in rows
        for answer in row.answers
        if answer.state == "given"
    }


def last_mapping(actor: Actor, database: Database, study_id: int) -> str | None:
    """Give the mapping of the study's newest survey import, as YAML."""
    with database.read() as connection:
        return batches.last_mapping(connection, study_id)


def last_mappings(actor: Actor, database: Database, study_id: int) -> list[str]:
    """Give the mapping of the newest import of each of the study's surveys, the newest first."""
    with database.read() as connection:
        return batches.last_mappings(connection, study_id)


def _undecided(survey: Survey) -> SurveyError:
    n_ids = len(survey.undecided)
    listed = "; ".join(" and ".join(map(str, rows)) for rows in survey.undecided[:10])
    more = f"; {n_ids - 10:,} more" if n_ids > 10 else ""
    return SurveyError(
        f"rows share a respondent id: {listed}{more}.",
        source=survey.source,
        line=survey.undecided[0][0] if survey.undecided[0] else None,
        hint="Say whether to take the first, the last, or both as separate people: "
        "`duplicates` in a mapping file, --duplicates on the command line.",
    )


@dataclass(slots=True)
class _Import:
    """One import while it runs, within one transaction."""

    connection: Connection
    actor: Actor
    survey: Survey
    mapping: str
    report: IngestReport
    study_id: int = 0
    survey_id: int = 0

    def run(self, progress: Progress | None) -> None:
        """Do all of it; where nothing is new, leave no trace."""
        from workbench.services.study import ensure_study

        connection = self.connection
        self.study_id, self.report.study_created = ensure_study(
            connection, self.actor, self.report.study
        )
        trail.require(connection, self.actor, self.study_id)
        savepoint = connection.begin_nested()
        target = self._prepare()
        bring_in(target, self.survey.rows, progress)
        self._tell(target)
        self._derive(target)
        if not (self.report.changes_anything or target.n_other):
            savepoint.rollback()
            return
        blind = count_still_blind(connection, self.study_id) > 0
        record = self.report.as_record(with_codings=not blind)
        batches.finish_batch(connection, target.batch_id, record, target.before)
        savepoint.commit()
        self._record(target)

    def _prepare(self) -> Target:
        connection, study_id, report = self.connection, self.study_id, self.report
        found, report.survey_created = choose_survey(connection, study_id, self.survey.name)
        report.survey, self.survey_id = found.name, found.id
        before = Before(survey_made=found.id if report.survey_created else None)
        attributes, questions = self._describe(before)
        shared = surveys.shared_questions(connection, study_id, found.id)
        asked = surveys.questions_of(connection, found.id)
        own = {ref for ref, key in questions.items() if key in asked}
        skipped = not_this_surveys(self.survey.rows, shared, own)
        roster = Roster(
            surveys.people_of(connection, study_id),
            generated=self.survey.refs == "generated",
            key=studies.digest_key(connection, study_id),
        )
        target = Target(
            connection,
            self.actor,
            study_id,
            found.id,
            self._add_batch(found.id),
            roster,
            report,
            before,
            attributes,
            questions,
            surveys.members_of(connection, found.id),
            hidden=self._hidden(),
            edited=surveys.edited_values(connection, study_id),
            skipped=skipped,
            shared=shared,
        )
        self._link_questions(target, asked)
        self._guard(target)
        return target

    def _questions(self) -> list[Question]:
        """Give the file's questions; those of other surveys keep the wording that they have."""
        shared = surveys.shared_questions(self.connection, self.study_id, self.survey_id)
        worded = {
            item.ref: item.text
            for item in studies.list_questions(self.connection, self.study_id)
            if item.ref in shared
        }
        for item in self.survey.questions:
            if worded.get(item.ref, item.text) != item.text:
                self.report.warnings.append(
                    f"the question {item.ref} keeps the wording that it has in the survey "
                    f"{shared[item.ref][0]}."
                )
        return [Question(item.ref, worded.get(item.ref, item.text))
                for item in self.survey.questions]  # fmt: skip

    def _describe(self, before: Before) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Make or refresh attributes and questions, and note what was changed."""
        connection, study_id = self.connection, self.study_id
        self._refuse_derived()
        self._keep_identifying()
        old_attributes, old_questions = batches.descriptions(connection, study_id)
        attributes, _ = studies.ensure_attributes(connection, study_id, self.survey.attributes)
        questions, _ = studies.ensure_questions(connection, study_id, self._questions())
        new_attributes, new_questions = batches.descriptions(connection, study_id)
        before.attributes_made, before.attributes = batches.changed_rows(
            old_attributes, new_attributes
        )
        before.questions_made, before.questions = batches.changed_rows(old_questions, new_questions)
        self.report.descriptions_changed = (
            len(before.attributes_made) + len(before.attributes)
            + len(before.questions_made) + len(before.questions)
        )  # fmt: skip
        return attributes, questions

    def _refuse_derived(self) -> None:
        derived = surveys.derived_attributes(self.connection, self.study_id)
        clash = [item.name for item in self.survey.attributes if item.name in derived]
        if clash:
            raise InputError(
                f"the attribute {clash[0]} is derived from another one in this study.",
                hint="Give the column another short name.",
            )

    def _keep_identifying(self) -> None:
        hidden = self._hidden()
        for item in self.survey.attributes:
            if item.name in hidden and not item.identifying:
                self.report.warnings.append(
                    f"the attribute {item.name} is identifying in this study and stays so, "
                    "although the mapping does not say it."
                )

    def _hidden(self) -> set[str]:
        known = studies.list_attributes(self.connection, self.study_id)
        return {item.name for item in known if item.identifying}

    def _add_batch(self, survey_id: int) -> int:
        return batches.add_batch(
            self.connection,
            study_id=self.study_id,
            survey_id=survey_id,
            kind="survey",
            file_name=self.survey.source,
            sha256=self.survey.sha256,
            mapping=self.mapping,
            actor_id=self.actor.id,
        )

    def _link_questions(self, target: Target, asked: set[int]) -> None:
        wanted = [
            target.questions[item.ref]
            for item in self.survey.questions
            if item.ref not in target.skipped
        ]
        target.before.questions_linked = [key for key in wanted if key not in asked]
        surveys.link_questions(self.connection, target.survey_id, target.before.questions_linked)
        target.n_other += len(target.before.questions_linked)

    def _guard(self, target: Target) -> None:
        """See to it that no wave overwrites another one's answers."""
        common = {
            target.questions[item.ref]
            for item in self.survey.questions
            if item.ref in target.shared and item.ref not in target.skipped
        }
        if not common:
            return
        target.elsewhere = surveys.answered_elsewhere(
            self.connection, self.study_id, target.survey_id, common
        )
        people = {
            row.row: found.id
            for row in self.survey.rows
            if (found := target.roster.find(target.roster.name_of(row.respondent_ref)))
        }
        refuse_overwriting(
            self.report.survey,
            [
                (answer.question_ref, people[row.row], target.questions[answer.question_ref])
                for row in self.survey.rows
                if row.row in people
                for answer in row.answers
                if answer.state == "given"
            ],
            target.elsewhere,
        )

    def _tell(self, target: Target) -> None:
        """Say who is missing, and whose rows were left out since they have withdrawn."""
        report = self.report
        gone = target.members.difference(target.seen)
        if gone:
            report.changes.missing = [
                person.ref
                for person in surveys.people_of(self.connection, self.study_id)
                if person.id in gone and not person.withdrawn
            ]
        report.respondents_missing = len(report.changes.missing)
        if target.n_withdrawn:
            report.warnings.append(
                agree(
                    "{n} {row is of a respondent|rows are of respondents} who {has|have} "
                    "withdrawn; left out.",
                    target.n_withdrawn,
                )
            )

    def _derive(self, target: Target) -> None:
        """Bring what is derived from attributes in line, and say which values are in no group."""
        if not target.touched:
            return
        for item in groupings.refresh_derived(self.connection, self.study_id, target.touched):
            self.report.warnings.append(
                f"the grouping {item.name}: "
                + agree(
                    "{n} {respondent has|respondents have} values that are in no group yet.",
                    item.n_respondents,
                )
            )

    def _record(self, target: Target) -> None:
        report = self.report
        trail.record(
            self.connection,
            self.actor,
            self.study_id,
            "ingest survey",
            label=f"importing {self.survey.source}",
            targets=[
                ("import_batch", target.batch_id),
                *(("document", key) for key in target.changed_documents),
            ],
            details={
                "batch": target.batch_id,
                "respondents_new": report.respondents_new,
                "answers_new": report.answers_new,
                "answers_changed": report.answers_changed,
            },
        )
