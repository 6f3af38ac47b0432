"""Bringing in a project of another program, or one of our own, into a new study or into one.

In: a file of any format that `project_files` knows. Out: coders, codes, respondents, documents,
codings and memos; a report of what was new, what was there, and what was left out and why. What
cannot be shown here is kept for the next export. Bringing in the same file twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from pipelines.ingest.projects import flat_names
from workbench.domain.codings import Actor
from workbench.domain.refi import Reading
from workbench.errors import InputError, NotFound, RefiError
from workbench.services.projects.refi_finished import bring_finished
from workbench.services.projects.refi_import_absences import bring_absences
from workbench.services.projects.refi_import_codes import CodebookBefore, bring_codes
from workbench.services.projects.refi_import_codings import bring_codings
from workbench.services.projects.refi_import_documents import bring_documents
from workbench.services.projects.refi_import_media import Media, drop_unused, read_ahead
from workbench.services.projects.refi_import_memos import bring_memos, keep_the_rest
from workbench.services.projects.refi_import_people import Coders, bring_attributes, bring_people
from workbench.services.projects.refi_import_run import (
    ProjectReport,
    Run,
    all_guids,
    in_words,
)
from workbench.services.projects.refi_import_surveys import bring_surveys, keep_speakers
from workbench.services.projects.refi_opened import ProjectFile, chosen_reading, look_into, suffixes
from workbench.services.trail import trail
from workbench.settings import Settings
from workbench.store import engine, studies
from workbench.store.bulk import without_collecting
from workbench.store.clock import now
from workbench.store.engine import Connection, Database
from workbench.store.projects import exchanged
from workbench.store.surveys import batches
from workbench.store.team import people
from workbench.store.visibility import sight_of
from workbench.store.voice_notes import media, media_turns, recordings

__all__ = [
    "ProjectFile", "ProjectReport", "Reading", "chosen_reading", "in_words", "look_into",
    "suffixes",
]  # fmt: skip

OnStep = Callable[[str], None]
"""Told what comes next, in words."""


def import_project(
    actor: Actor,
    database: Database,
    study: str,
    opened: ProjectFile,
    *,
    new_study: bool = False,
    split_names: bool = False,
    accept_drafts: bool = False,
    dry_run: bool = False,
    on_step: OnStep | None = None,
) -> ProjectReport:
    """Bring a project into a study.

    Parameters
    ----------
    study
        The study's name. With `new_study` it is made, and must not be there yet.
    split_names
        Put codes with names such as `Access::Waiting` below one another.
    accept_drafts
        Whoever imports has been warned of machine drafts, and brings in codings on them too.
    dry_run
        Do all of it where it stays without effect: on SQLite in a passing copy of the database. On
        a server it is taken back, and what others could be kept waiting by is passed over.

    Raises
    ------
    InputError
        When a new study's name is taken, or nothing in the file could come into it.
    NotFound
        When there is no study of this name.
    NotAllowed
        When the actor may not code in the study.
    """
    if split_names:
        codes = flat_names.nested(opened.file.project.codes)
        file = replace(opened.file, project=replace(opened.file.project, codes=codes))
        opened = replace(opened, file=file)
    report = ProjectReport(study, dry_run=dry_run)
    report.reading, report.why = opened.reading, opened.file.why
    store = None if dry_run else media.media_store(database)
    held = Media(opened.stream, opened.name, store, Settings(), {})
    on_step = on_step or (lambda step: None)
    into = _Into(actor, report, opened, held, new_study, accept_drafts,
                 dry_run and database.path is None and not new_study,
                 on_step)  # fmt: skip
    if any(one.kind in ("audio", "video") for one in opened.file.project.sources):
        on_step("recordings")
        read_ahead(held, opened.file, actor, database, None if new_study else study)
    if not dry_run:
        try:
            with without_collecting(), database.write() as connection:
                _work(connection, into)
        finally:
            drop_unused(database, held)
        return report
    with engine.passing_copy(database) as tried, suppress(_DryRun), tried.write() as connection:
        _work(connection, into)
        raise _DryRun
    return report


@dataclass(frozen=True, slots=True)
class _Into:
    """What is brought in, by whom, how. `rehearses` as in `Run`."""

    actor: Actor
    report: ProjectReport
    opened: ProjectFile
    held: Media
    new_study: bool
    accept_drafts: bool
    rehearses: bool
    on_step: OnStep


def _work(connection: Connection, into: _Into) -> None:
    study_id = _study(
        connection, into.actor, into.report, into.opened, new_study=into.new_study
    )  # fmt: skip
    if into.held.store is not None:
        media_turns.use(connection)
    into.held.known = recordings.all_digests(connection, study_id)
    _bring_in(connection, into.actor, study_id, into.opened, into.report, into.held,
              accept_drafts=into.accept_drafts, rehearses=into.rehearses,
              on_step=into.on_step)  # fmt: skip


class _DryRun(Exception):
    """Takes back what a dry run wrote."""


def _found(connection: Connection, name: str) -> int:
    found = studies.find_study(connection, name)
    if found is None:
        raise NotFound(f"there is no study named {name!r}.")
    return found


def _study(
    connection: Connection, actor: Actor, report: ProjectReport, opened: ProjectFile, *,
    new_study: bool,
) -> int:  # fmt: skip
    if not new_study:
        key = _found(connection, report.study)
    else:
        if studies.find_study(connection, report.study) is not None:
            raise InputError(f"there is a study named {report.study!r} already.",
                             hint="Choose another name, or bring the project into it.")  # fmt: skip
        key = studies.create_study(
            connection, report.study, opened.file.project.description[:10_000]
        )
        people.add_member(connection, key, actor.id, "owner")
        trail.record(connection, actor, key, "create study", label=f"the study {report.study}")
        report.study_created = True
    trail.require(connection, actor, key, waits=not (report.dry_run and not new_study))
    report.study_id = key
    report.study = studies.get_study(connection, key).name
    return key


def _bring_in(
    connection: Connection,
    actor: Actor,
    study_id: int,
    opened: ProjectFile,
    report: ProjectReport,
    held: Media,
    *,
    accept_drafts: bool,
    rehearses: bool,
    on_step: OnStep,
) -> None:
    """Do it all, and note what was made; where the study has all of it, write nothing."""
    savepoint = connection.begin_nested()
    batch_id = batches.add_batch(
        connection, study_id=study_id, survey_id=None, kind=batches.PROJECT, file_name=opened.name,
        sha256=opened.sha256, mapping="", actor_id=actor.id,
    )  # fmt: skip
    run = Run(
        connection, actor, study_id, report.study_created, batch_id, opened.file, opened.name,
        report, sight_of(connection, study_id, actor.id),
        exchanged.find_exchanged(connection, study_id, all_guids(opened.file.project)),
        media=held, accept_drafts=accept_drafts, rehearses=rehearses,
        begun_at=now(),
    )  # fmt: skip
    before = set(run.known)
    codebook_before = CodebookBefore(run)
    _in_steps(run, on_step)
    run.made.note("exchanged", exchanged.remember(connection, study_id, run.to_keep))
    codebook_before.note_changes(run)
    report.left_out = [*opened.file.left_out, *run.left.sentences()]
    report.remarks = [*opened.file.remarks, *run.remarks.sentences()]
    report.has_news = run.changed or _has_news(report)
    if run.is_new and not report.has_news:
        savepoint.rollback()
        if report.dry_run:
            return
        raise RefiError(in_words(report), source=opened.name)
    report.unchanged = not report.has_news and set(run.known) == before
    if report.unchanged:
        savepoint.rollback()
        return
    if run.rehearses:
        return
    blind = not run.sight.hides_nothing
    batches.finish_batch(connection, batch_id, _history(report, blind=blind), run.made)
    savepoint.commit()
    details: dict[str, object] = {"batch": batch_id, "documents": len(report.documents.new)}
    if not blind:
        details["codings"] = report.codings_new
    trail.record(connection, actor, study_id, "import project", label=f"the project {opened.name}",
                 targets=[("import_batch", batch_id)], details=details)  # fmt: skip


def _in_steps(run: Run, on_step: OnStep) -> None:
    """Bring everything in, in an order in which each thing finds what it hangs on."""
    coders = Coders(run)
    on_step("codes")
    bring_codes(run)
    on_step("respondents")
    bring_people(run, bring_attributes(run))
    on_step("documents")
    bring_documents(run)
    bring_absences(run)
    bring_surveys(run)
    keep_speakers(run)
    on_step("codings")
    if run.is_ours and run.is_new:
        coders.bring_all()
    bring_codings(run, coders)
    bring_finished(run, coders)
    on_step("memos")
    bring_memos(run, coders)
    keep_the_rest(run)


def _has_news(report: ProjectReport) -> bool:
    return bool(report.kept) or any(new for _, new, _ in report.figures())


def _history(report: ProjectReport, *, blind: bool) -> dict[str, object]:
    """Give what the history of imports tells: no numbers of codings where some are hidden."""
    values: dict[str, object] = {
        name: {"new": new, "matched": matched}
        for name, new, matched in report.figures()
        if not (blind and name in ("codings", "memos"))
    }
    return {
        **values,
        "respondents_new": len(report.respondents.new),
        "answers_new": len(report.documents.new),
        "answers_changed": 0,
        "reading": report.reading,
        "study_created": report.study_created,
        "left_out": [] if blind else report.left_out[:200],
    }
