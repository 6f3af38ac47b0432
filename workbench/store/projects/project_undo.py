"""Whether a project that was brought in can be taken back: what somebody has built on it.

In: the row of its import and what it made. Out: a reason why it must stay, or None. Whatever comes
into a study later has a higher key, because who writes in a study waits for their turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    and_,
    cast,
    func,
    or_,
    select,
)

from workbench.domain.words import agree
from workbench.store.discussions.discussions import DISCUSSION
from workbench.store.projects.project_made import Noted, Runs, keys_of, within
from workbench.store.surveys.batches import Row
from workbench.store.tables import (
    absent_answer,
    adjudication,
    assignment,
    attribute,
    attribute_edit,
    code,
    codebook_version,
    coding,
    document,
    document_state,
    done_coding,
    matrix_cell,
    memo,
    operation,
    operation_target,
    recording,
    redaction,
    respondent,
    respondent_survey,
    revision,
    segment,
    speaker,
    star,
    suggestion,
    survey_question,
    transcription,
)
from workbench.store.trail.operations import READING

Keys = Select[Any]
Counts = list[Select[Any]]
Found = tuple[str, Counts]
"""Why a project stays, with {n}; and what gives n, added up."""

PART = 10_000
"""Targets of operations that are read at a time."""


def reason_to_stay(connection: Connection, batch: Row, noted: Noted) -> str | None:
    """Say what somebody has built on a project; None when nobody has."""
    for listed in (_on_texts, _on_codings, _on_memos, _on_people, _on_the_rest):
        for why, counts in listed(batch, noted):
            n = sum(int(connection.execute(one).scalar_one()) for one in counts)
            if n:
                return agree(why, n)
    own = _with_later(connection, batch)
    if own is None:
        return None
    return (
        _changed_since(connection, batch, noted, own)
        or _recoded_since(connection, batch, noted, own)
        or _worked_since(connection, batch)
    )


def new_documents(batch_id: int) -> Keys:
    """Select the documents that an import brought."""
    return select(revision.c.document_id).where(
        revision.c.import_batch_id == batch_id, revision.c.number == 1
    )


def new_people(batch_id: int) -> Keys:
    """Select the respondents that an import brought."""
    return select(respondent.c.id).where(respondent.c.import_batch_id == batch_id)


def _count(table: Table, *where: ColumnElement[bool]) -> Counts:
    return [select(func.count()).select_from(table).where(*where)]


def _among(column: Any, runs: Runs, *where: ColumnElement[bool]) -> Counts:
    """Count rows of which a column has one of these keys."""
    return [select(func.count()).select_from(column.table).where(one, *where)
            for one in within(column, runs)]  # fmt: skip


def _its_absences(noted: Noted, *where: ColumnElement[bool]) -> Counts:
    """Count, below zero, the answers of which it noted itself why they are missing."""
    absent = absent_answer.c
    return [
        select(-func.count()).select_from(absent_answer).where(
            absent.question_id == question_id, absent.kind == kind, its, *where
        )
        for (question_id, kind), runs in noted.absences.items()
        for its in within(absent.respondent_id, runs)
    ]  # fmt: skip


def _on_texts(batch: Row, noted: Noted) -> Iterator[Found]:
    key = batch["id"]
    new = new_documents(key)
    texts = select(revision.c.id).where(revision.c.import_batch_id == key)
    coded = select(coding.c.id).where(
        coding.c.document_id == document_state.c.document_id,
        coding.c.coder_id == document_state.c.coder_id,
    )
    state = document_state.c
    by_hand = or_(state.state != "in_progress", state.first_done_at.isnot(None), ~coded.exists())
    its_own = and_(state.state == "done", state.first_done_at.is_(None))  # as the file had it
    not_begun = and_(by_hand, ~its_own)
    translated = document.c.translation_of.in_(new)
    yield from [
        ("{n} {coding was|codings were} made on texts that it brought.",
         _count(coding, coding.c.document_id.in_(new), coding.c.id > noted.last("coding"))),
        ("{n} of its texts {was|were} changed since.",
         _count(revision, revision.c.document_id.in_(new), revision.c.number > 1)),
        ("{n} of its texts {is|are} marked as done or in work.",
         _count(document_state, state.document_id.in_(new), not_begun)),
        ("{n} of its texts {is|are} given out to be coded.",
         _count(assignment, assignment.c.document_id.in_(new))),
        ("{n} {passage|passages} of its texts {is|are} masked.",
         _count(redaction, redaction.c.revision_id.in_(texts))),
        ("{n} {suggestion was|suggestions were} made for its texts.",
         _count(suggestion, suggestion.c.revision_id.in_(texts))),
        ("{n} {difference was|differences were} settled on its texts.",
         _count(adjudication, adjudication.c.document_id.in_(new))),
        ("{n} {code was|codes were} made in its texts.", _count(code, code.c.made_in.in_(new))),
        ("{n} {translation|translations} of its texts {was|were} made.",
         _count(document, translated, document.c.id.notin_(new))),
    ]  # fmt: skip


def _on_codings(batch: Row, noted: Noted) -> Iterator[Found]:
    mine, last = noted.of("coding"), noted.last("coding")
    state = document_state.c
    done = or_(state.state != "in_progress", state.first_done_at.isnot(None))
    settled_since = adjudication.c.decided_at >= batch["created_at"]
    published = [key for key, _ in noted.published]
    by_others = select(code.c.id).where(
        code.c.id == coding.c.code_id, code.c.made_by != coding.c.coder_id
    )
    yield from [
        ("{n} {coding was|codings were} made with codes that it brought.",
         _among(coding.c.code_id, noted.of("code"), coding.c.id > last)),
        ("{n} {text|texts} on which it brought codings {was|were} marked as done since.",
         [one for coder_id, runs in noted.states.items()
          for one in _among(state.document_id, runs, state.coder_id == coder_id, done)]),
        ("{n} of its codings {is|are} kept from when somebody had first finished a text.",
         _among(done_coding.c.coding_id, mine)),
        ("{n} of its codings {is|are} starred.", _among(star.c.coding_id, mine)),
        ("{n} of its codings {comes|come} of a suggestion.", _among(suggestion.c.coding_id, mine)),
        ("{n} {difference was|differences were} settled since on texts on which it brought "
         "codings.",
         [one for where in within(coding.c.id, mine)
          for one in _count(adjudication, settled_since, adjudication.c.document_id.in_(
              select(coding.c.document_id).where(where)))]),
        ("{n} {difference was|differences were} settled with its codes.",
         _among(adjudication.c.code_id, noted.of("code"))),
        ("{n} {coding was|codings were} made with codes that everybody sees since.",
         _count(coding, coding.c.code_id.in_(published), coding.c.id > last, by_others.exists())),
    ]  # fmt: skip


def _on_memos(batch: Row, noted: Noted) -> Iterator[Found]:
    later = memo.c.id > noted.last("memo")
    counts = _among(memo.c.reply_to, noted.of("memo"), later)
    for kind in ("coding", "code", "codebook_version"):
        counts += _among(memo.c.target_id, noted.of(kind), memo.c.target_kind == kind, later)
    for kind, keys in (
        ("document", new_documents(batch["id"])), ("respondent", new_people(batch["id"])),
    ):  # fmt: skip
        counts += _count(memo, memo.c.target_kind == kind, memo.c.target_id.in_(keys), later)
    yield "{n} {memo was|memos were} written on what it brought.", counts


def _on_people(batch: Row, noted: Noted) -> Iterator[Found]:
    people, new = new_people(batch["id"]), new_documents(batch["id"])
    texts = select(revision.c.id).where(revision.c.import_batch_id == batch["id"])
    edit = attribute_edit.c
    yield from [
        ("{n} of its respondents {has|have} withdrawn.",
         _count(respondent, respondent.c.id.in_(people), respondent.c.withdrawn_at.isnot(None))),
        ("{n} {value|values} of its respondents {was|were} set by hand.",
         _count(attribute_edit, edit.respondent_id.in_(people))),
        ("{n} {value|values} of its attributes {was|were} set by hand.",
         _among(edit.attribute_id, noted.of("attribute"))),
        ("{n} {value|values} that it brought {was|were} set by hand since.",
         [one for key, runs in noted.values.items()
          for one in _among(edit.respondent_id, runs, edit.attribute_id == key)]),
        ("{n} {recording is|recordings are} by its respondents.",
         _count(recording, recording.c.respondent_id.in_(people),
                recording.c.id > noted.last("recording"))),
        ("{n} other {document is|documents are} by its respondents.",
         _count(document, document.c.respondent_id.in_(people), document.c.id.notin_(new))),
        ("{n} {turn|turns} of other discussions {is|are} by its respondents.",
         _count(segment, segment.c.respondent_id.in_(people),
                segment.c.revision_id.notin_(texts))),
        ("{n} {speaker|speakers} of other discussions {is|are} among its respondents.",
         _count(speaker, speaker.c.respondent_id.in_(people), speaker.c.document_id.notin_(new))),
        ("{n} of its respondents {is|are} in a survey.",
         _count(respondent_survey, respondent_survey.c.respondent_id.in_(people),
                or_(respondent_survey.c.import_batch_id.is_(None),
                    respondent_survey.c.import_batch_id != batch["id"]))),
        ("{n} {answer|answers} of its respondents {is|are} awaited or blank.",
         [*_count(absent_answer, absent_answer.c.respondent_id.in_(people)),
          *_its_absences(noted, absent_answer.c.respondent_id.in_(people))]),
        ("{n} {summary is|summaries are} of its respondents.",
         _count(matrix_cell, matrix_cell.c.respondent_id.in_(people))),
    ]  # fmt: skip


def _on_the_rest(batch: Row, noted: Noted) -> Iterator[Found]:
    new = new_documents(batch["id"])
    other = document.c.id.notin_(new)
    codes, questions = noted.of("code"), noted.of("question")
    recordings, versions = noted.of("recording"), noted.of("codebook_version")
    later = codebook_version.c.id > noted.last("codebook_version")
    yield from [
        ("{n} {code was|codes were} put below its codes, or made of them.",
         [one for column in (code.c.parent_id, code.c.merged_into, code.c.split_from)
          for one in _among(column, codes, code.c.id > noted.last("code"))]),
        ("{n} {summary is|summaries are} of its codes.", _among(matrix_cell.c.code_id, codes)),
        ("the codebook was changed since, {n} {time|times}.",
         _count(codebook_version, codebook_version.c.study_id == batch["study_id"], later)
         if versions else []),
        ("{n} {grouping is|groupings are} derived from attributes that it brought.",
         _among(attribute.c.derived_from, noted.of("attribute"))),
        ("{n} {answer was|answers were} given to its questions.",
         _among(document.c.question_id, questions, other)),
        ("{n} {recording answers|recordings answer} its questions.",
         _among(recording.c.question_id, questions, recording.c.id > noted.last("recording"))),
        ("{n} of its questions {is|are} asked in a survey.",
         _among(survey_question.c.question_id, questions,
                survey_question.c.survey_id.notin_(list(noted.asked)))),
        ("{n} {answer|answers} to its questions {is|are} awaited or blank.",
         [*_among(absent_answer.c.question_id, questions),
          *(one for where in within(absent_answer.c.question_id, questions)
            for one in _its_absences(noted, where))]),
        ("{n} of its recordings {was|were} queued to be transcribed.",
         _among(transcription.c.recording_id, recordings)),
        ("{n} {text was|texts were} made of its recordings.",
         _among(document.c.recording_id, recordings, other)),
    ]  # fmt: skip


# ---------------------------------------------------------------- what was done since


def _with_later(connection: Connection, batch: Row) -> int | None:
    """Give the operation that brought the project in, where there is a later one in the study."""
    own = connection.execute(
        select(func.max(operation_target.c.operation_id)).where(
            operation_target.c.kind == "import_batch", operation_target.c.target_id == batch["id"]
        )
    ).scalar()
    newest = connection.execute(
        select(func.max(operation.c.id)).where(operation.c.study_id == batch["study_id"])
    ).scalar()
    return None if own is None or newest == own else int(own)


def _changed_since(connection: Connection, batch: Row, noted: Noted, own: int) -> str | None:
    """Say what of it any later operation has touched, one that was taken back too."""
    documents = set(connection.execute(new_documents(batch["id"])).scalars())
    people = set(connection.execute(new_people(batch["id"])).scalars())

    def made(table: str) -> Callable[[int], bool]:
        return set(keys_of(noted.of(table))).__contains__

    its: dict[str, tuple[str, Callable[[int], bool]]] = {
        "coding": ("codings", made("coding")),
        "code": ("codes", {*keys_of(noted.of("code")), *dict(noted.published)}.__contains__),
        "memo": ("memos", made("memo")),
        "attribute": ("attributes", made("attribute")),
        "recording": ("recordings", made("recording")),
        "codebook_version": ("versions of the codebook", made("codebook_version")),
        "respondent": ("respondents", people.__contains__),
        **{kind: ("texts", documents.__contains__)
           for kind in ("document", "assignment", "settled", READING, DISCUSSION)},
    }  # fmt: skip
    found: Counter[str] = Counter()
    rows = connection.execute(
        select(operation_target.c.kind, operation_target.c.target_id)
        .join(operation, operation.c.id == operation_target.c.operation_id)
        .where(operation.c.study_id == batch["study_id"], operation.c.id > own,
               operation_target.c.kind.in_(list(its)))
        .distinct()
    )  # fmt: skip
    for part in rows.partitions(PART):
        for kind, target in part:
            what, is_its = its[kind]
            found[what] += is_its(target)
    for what, n in found.items():
        if n:
            return agree(f"{{n}} of its {what} {{was|were}} changed since.", n)
    return None


def _recoded_since(connection: Connection, batch: Row, noted: Noted, own: int) -> str | None:
    """Say that steps name the version of the codebook that came with it: undo would need it."""
    if not noted.of("codebook_version"):
        return None
    (named,) = _count(
        operation, operation.c.study_id == batch["study_id"], operation.c.id > own,
        cast(operation.c.forward, Text).contains('"codebook_version_id"'),
    )  # fmt: skip
    n = int(connection.execute(named).scalar_one())
    return agree("codings were looked at again since, {n} {time|times}.", n) if n else None


def _worked_since(connection: Connection, batch: Row) -> str | None:
    """Say that something was done on its texts: a redo would need them."""
    (steps,) = _count(operation, operation.c.document_id.in_(new_documents(batch["id"])))
    n = int(connection.execute(steps).scalar_one())
    return agree("{n} {step|steps} of work {was|were} done on its texts.", n) if n else None
