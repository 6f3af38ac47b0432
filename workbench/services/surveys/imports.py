"""Imports: their history, taking the last one back, and the texts of a preview's page.

In: a study. Out: every file that was imported with what it did; the study as it was before the last
one, where nobody has built on it; old and new texts side by side, a page at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.domain.codings import Actor
from workbench.domain.documents import BadRow
from workbench.domain.words import count
from workbench.errors import ConflictError, NotFound
from workbench.services.surveys.ingest_report import (
    AnswerPlace,
    ChangedAnswer,
    ChangedValue,
    NewRespondent,
)
from workbench.services.trail import trail
from workbench.store import put_away, studies
from workbench.store.counting.progress import count_still_blind
from workbench.store.discussions.speakers import NO_SPEAKERS
from workbench.store.discussions.transcript_undo import TRANSCRIPT
from workbench.store.engine import Connection, Database
from workbench.store.projects import project_takeback, project_undo
from workbench.store.surveys import answers, batches, groupings, import_undo
from workbench.store.surveys.batches import PROJECT, Batch, Row
from workbench.store.voice_notes import media, media_turns

__all__ = [
    "AnswerPlace",
    "Batch",
    "ChangedAnswer",
    "ChangedText",
    "ChangedValue",
    "NewRespondent",
    "Place",
    "Undone",
    "bad_rows_of",
    "count_imports",
    "list_imports",
    "load_changes",
    "undo_import",
    "why_not_undo",
]

Place = tuple[int, str, str]
"""(row of the file, question, typed or spoken)."""


@dataclass(frozen=True, slots=True)
class ChangedText:
    """An answer in the study's words and in the file's."""

    answer: ChangedAnswer
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back has taken away or brought back.

    Of a transcript, `answers` are focus groups, and `changed_answers` those with their text from
    before. Of a project, `documents`, `codes` and `codings` went; the last are not told (None)
    where people code blindly. With the others no coding goes: what is coded stays.
    """

    file_name: str
    respondents: int
    answers: int = 0
    changed_answers: int = 0
    kind: str = "survey"
    documents: int = 0
    codes: int = 0
    codings: int | None = 0
    study_gone: str = ""
    """The name of the study that the file had made, where it went too."""

    @property
    def in_words(self) -> str:
        """Say it in a sentence, and in another one where the study went too."""
        gone = f" The study {self.study_gone}, which the file made, is gone too."
        return self._what_went() + (gone if self.study_gone else "")

    def _what_went(self) -> str:
        if self.kind == PROJECT:
            told = [
                count(self.respondents, "respondent"),
                count(self.documents, "text"),
                count(self.codes, "code"),
                *([] if self.codings is None else [count(self.codings, "coding")]),
            ]
            return f"Took back {self.file_name}: {', '.join(told[:-1])} and {told[-1]} are gone."
        text = "focus group" if self.kind == TRANSCRIPT else "answer"
        return (
            f"Took back {self.file_name}: {count(self.respondents, 'respondent')} and "
            f"{count(self.answers, text)} are gone, {count(self.changed_answers, text)} "
            "with the words from before."
        )


def list_imports(
    actor: Actor, database: Database, study_id: int, *, limit: int | None = None
) -> list[Batch]:
    """List a study's imports, the newest first; with no numbers of codings where some are blind."""
    with database.read() as connection:
        listed = [
            replace(item, report=_shown(item.report))
            for item in batches.list_batches(connection, study_id, limit)
        ]
        if not any(item.is_project for item in listed):
            return listed
        if not count_still_blind(connection, study_id):
            return listed
    return [replace(item, report=_without_codings(item.report)) for item in listed]


def _shown(report: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out digests, which tell a person nothing."""
    return {name: value for name, value in report.items() if name != NO_SPEAKERS}


def _without_codings(report: Mapping[str, Any]) -> dict[str, Any]:
    hidden = ("codings", "memos", "left_out")
    return {name: value for name, value in report.items() if name not in hidden}


def count_imports(actor: Actor, database: Database, study_id: int) -> int:
    """Count a study's imports, those that were taken back too."""
    with database.read() as connection:
        return batches.count_batches(connection, study_id)


def figures_of(batch: Batch) -> str:
    """Say what an import brought, in a few words; empty where it brought nothing."""
    report = batch.report
    if batch.kind == TRANSCRIPT:
        changed = "a corrected text" if report.get("outcome") == "changed" else "a focus group"
        told = [
            f"{changed}, {report.get('name', '')}",
            count(report.get("turns", 0), "turn"),
            count(report.get("speakers", 0), "speaker"),
        ]
    elif batch.kind == PROJECT:
        return _figures_of_project(report)
    else:
        told = []
    told += [
        f"{count(report.get(name, 0), one)}{rest}"
        for name, one, rest in (
            ("respondents_new", "new respondent", ""),
            ("respondents_updated", "updated respondent", ""),
            ("answers_new", "new answer", ""),
            ("answers_changed", "changed answer", ""),
            ("codings_flagged", "coding", " to be placed again"),
        )
        if report.get(name)
    ]
    return ", ".join(told)


def _figures_of_project(report: Mapping[str, Any]) -> str:
    """Say what a project brought; numbers of codings are not in the record where some are blind."""
    told = []
    for name in ("coders", "codes", "attributes", "respondents", "documents", "recordings",
                 "codings", "memos"):  # fmt: skip
        n = (report.get(name) or {}).get("new", 0)
        if n:
            told.append(count(n, f"new {name[:-1]}"))
    return ", ".join(told)


def what_goes(batch: Batch) -> str:
    """Say what taking an import back means."""
    with_it = {
        True: "The study, which this file made, goes too: nothing else is in it.",
        False: "The study, which this file made, stays: other work was done in it.",
        None: "",
    }[batch.takes_study]
    if not batch.is_project:
        return (
            f"What this import brought goes: its respondents and {batch.texts}. Changed "
            f"{batch.texts} and values are as they were before, and codings are back in their "
            "places."
            f"{' ' if with_it else ''}{with_it}"
        )
    told = figures_of(batch).replace(" new ", " ")
    goes = f"What this project brought goes: {told}." if told else "What this project brought goes."
    rest = with_it or "All that was in the study before stays as it is."
    return f"{goes} {rest} The file can be brought in again."


def bad_rows_of(batch: Batch) -> list[BadRow]:
    """Give the rows that an import could not use."""
    return [
        BadRow(bad["row"], bad["column"], bad["message"])
        for bad in batch.report.get("bad_rows", ())
    ]


def load_changes(
    actor: Actor, database: Database, changed: Sequence[ChangedAnswer], texts: Mapping[Place, str]
) -> list[ChangedText]:
    """Read the study's words of the answers of one page, and lay the file's beside them.

    Parameters
    ----------
    texts
        The file's answers of these rows, as `files.answers_of_rows` gives them.
    """
    with database.read() as connection:
        old = answers.texts_of(connection, [item.revision_id for item in changed])
    return [
        ChangedText(
            item,
            old.get(item.revision_id, ""),
            texts.get((item.row, item.question, item.kind), ""),
        )
        for item in changed
    ]


def why_not_undo(actor: Actor, database: Database, study_id: int) -> str | None:
    """Say why the last import cannot be taken back; None when it can."""
    with database.read() as connection:
        try:
            _last(connection, study_id)
        except (ConflictError, NotFound) as error:
            return str(error)
    return None


def undo_import(actor: Actor, database: Database, study_id: int) -> Undone:
    """Take back the last import into a study, in which nobody has built on it.

    Everything is as it was before, except that the history tells of the import and its undo. A
    study that the file made goes too, where nothing else was done in it: its trail alone stays.

    Raises
    ------
    NotFound
        When there is no import to take back.
    ConflictError
        When somebody has coded, read, or changed what it brought; the message says what, except
        where people are coding blindly.
    """
    files, hides_codings, gone = list[str](), False, ""
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        row = _last(connection, study_id)
        if row["kind"] == PROJECT:
            noted = batches.get_made(row)
            files = project_takeback.files_to_drop(connection, noted)
            counts = project_takeback.take_back(connection, row, noted)
            changed = project_takeback.people_changed(noted)
            hides_codings = count_still_blind(connection, study_id) > 0
        else:
            before = batches.get_before(row)
            counts = import_undo.take_back(connection, row, before)
            changed = import_undo.people_changed(before)
        if hides_codings:
            counts.pop("codings")
        groupings.refresh_derived(connection, study_id, changed)
        takes_study = batches.takes_study(connection, study_id, row["report"])
        batches.mark_undone(connection, row["id"])
        trail.record(
            connection,
            actor,
            study_id,
            "undo import",
            label=f"taking back the import of {row['file_name']}",
            targets=[("import_batch", row["id"])],
            details={"batch": row["id"], **counts},
        )
        if takes_study and put_away.is_bare(connection, study_id):
            gone = studies.get_study(connection, study_id).name
            put_away.put_away(connection, study_id)
    _drop_files(database, files)
    done = Undone(row["file_name"], **counts, kind=row["kind"], study_gone=gone)
    return replace(done, codings=None) if hides_codings else done


def _drop_files(database: Database, files: Sequence[str]) -> None:
    """Take away recordings that no study has any more."""
    if not files:
        return
    store = media.media_store(database)
    with database.write() as connection:
        media_turns.take_away(connection)
        for uri in files:
            if uri and not project_takeback.is_used(connection, uri):
                store.delete(uri)


def _last(connection: Connection, study_id: int) -> Row:
    """Give the last import that stands, where it may be taken back."""
    row = batches.last_standing(connection, study_id)
    if row is None:
        raise NotFound("there is no import to take back.")
    if row["kind"] == PROJECT:
        why = project_undo.reason_to_stay(connection, row, batches.get_made(row))
    else:
        why = import_undo.reason_to_stay(connection, row, batches.get_before(row))
    if why is not None and count_still_blind(connection, study_id):
        why = "somebody has worked on what it brought."
    if why is not None:
        raise ConflictError(f"the import of {row['file_name']} stays: {why}")
    return row
