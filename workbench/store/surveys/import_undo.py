"""Take an import back: who has built on it, and the rows as they stood before.

In: the key of the newest import that stands, and what it found (`Before`). Out: a reason why it
must stay, or the database as it was but for the record of the import itself.

What an import brought is known by its key in `respondent`, `respondent_survey` and `revision`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from workbench.domain.words import agree
from workbench.store.bulk import parts
from workbench.store.coding.anchors import sync_coding_respondents
from workbench.store.discussions import transcript_undo
from workbench.store.discussions.transcript_undo import is_transcript
from workbench.store.surveys import answers, surveys
from workbench.store.surveys.batches import Before, Row
from workbench.store.tables import (
    absent_answer,
    adjudication,
    anchor,
    assignment,
    attribute,
    attribute_edit,
    coding,
    document,
    document_state,
    done_coding,
    import_batch,
    matrix_cell,
    memo,
    operation,
    operation_target,
    question,
    recording,
    redaction,
    respondent,
    respondent_attribute,
    respondent_survey,
    revision,
    segment,
    suggestion,
    survey,
    survey_question,
)

Keys = Select[Any]


def reason_to_stay(connection: Connection, batch: Row, before: Before) -> str | None:
    """Say what somebody has built on an import; None when nobody has.

    Parameters
    ----------
    batch
        The import's own row.
    """
    for why, found in _foundations(batch, before):
        n = int(connection.execute(found).scalar_one())
        if n:
            return agree(why, n)
    n = _edited_since(connection, before, batch["created_at"])
    return (
        agree("{n} {value|values} that it changed {was|were} set by hand since.", n) if n else None
    )


def _foundations(batch: Row, before: Before) -> list[tuple[str, Select[Any]]]:
    key, at = batch["id"], batch["created_at"]
    new_people = select(respondent.c.id).where(respondent.c.import_batch_id == key)
    texts = select(revision.c.id).where(revision.c.import_batch_id == key)
    touched = select(revision.c.document_id).where(revision.c.import_batch_id == key)
    new = touched.where(revision.c.number == 1)
    return [
        ("{n} {coding was|codings were} made on answers that it brought.",
         _count(coding, coding.c.document_id, new)),
        ("{n} {coding was|codings were} made on texts that it changed.", _coded_since(texts, key)),
        ("{n} {coding|codings} on texts that it changed {was|were} moved, placed again or removed "
         "since.", _moved_since(touched, key)),
        ("{n} of its texts {has|have} been changed again.", _revised_since(key)),
        ("{n} of its answers {is|are} marked as read or in work.",
         _count(document_state, document_state.c.document_id, new)),
        ("{n} {answer|answers} that it changed {has|have} been read since.",
         _read_since(touched, key)),
        ("{n} {coding|codings} on texts that it changed {is|are} kept from when somebody had first "
         "finished with them.", _count(done_coding, done_coding.c.revision_id, texts)),
        ("{n} of its answers {is|are} given out to be coded.",
         _count(assignment, assignment.c.document_id, new)),
        ("{n} {suggestion was|suggestions were} made for its texts.",
         _count(suggestion, suggestion.c.revision_id, texts)),
        ("{n} {passage|passages} of its texts {is|are} masked.",
         _count(redaction, redaction.c.revision_id, texts)),
        *([] if is_transcript(batch) else [
            ("{n} of its texts {was|were} divided into turns.",
             _count(segment, segment.c.revision_id, texts))]),
        ("{n} {difference was|differences were} settled on texts that it changed.",
         _count(adjudication, adjudication.c.revision_id, texts)),
        ("{n} {memo is|memos are} on what it brought.", _memos(new_people, touched, at)),
        ("{n} {value|values} of its respondents {was|were} set by hand.",
         _edits(new_people, before)),
        ("{n} of its respondents {has|have} withdrawn.",
         _count(respondent, respondent.c.id, new_people).where(
             respondent.c.withdrawn_at.isnot(None))),
        ("{n} {recording is|recordings are} by its respondents.",
         _count(recording, recording.c.respondent_id, new_people)),
        ("{n} {recording answers|recordings answer} its questions.",
         select(func.count()).select_from(recording).where(
             recording.c.question_id.in_(before.questions_made))),
        ("{n} other {document is|documents are} by its respondents.",
         _other_documents(new_people, key)),
        ("{n} {summary is|summaries are} of its respondents.",
         _count(matrix_cell, matrix_cell.c.respondent_id, new_people)),
        *transcript_undo.foundations(batch, new_people, _later(key)),
        ("{n} {grouping is|groupings are} derived from attributes that it brought.",
         _derived(before)),
        ("{n} {step|steps} of work {was|were} done on its answers, though taken back since.",
         _count(operation, operation.c.document_id, new)),
    ]  # fmt: skip


def _count(table: Table, column: Any, keys: Keys) -> Select[Any]:
    return select(func.count()).select_from(table).where(column.in_(keys))


def _coded_since(texts: Keys, batch_id: int) -> Select[Any]:
    """Count the codings on its texts that have no place on an earlier text."""
    old, earlier = anchor.alias("old"), revision.alias("earlier")
    carried = exists().where(
        old.c.coding_id == anchor.c.coding_id,
        old.c.revision_id == earlier.c.id,
        or_(earlier.c.import_batch_id.is_(None), earlier.c.import_batch_id != batch_id),
    )
    return _count(anchor, anchor.c.revision_id, texts).where(~carried)


def _later(batch_id: int) -> Select[Any]:
    """Give the operations after the one that made the import."""
    own = (
        select(func.max(operation_target.c.operation_id))
        .where(operation_target.c.kind == "import_batch", operation_target.c.target_id == batch_id)
        .scalar_subquery()
    )
    return select(operation.c.id).where(operation.c.id > own)


def _moved_since(touched: Keys, batch_id: int) -> Select[Any]:
    codings = select(coding.c.id).where(coding.c.document_id.in_(touched))
    return _count(operation_target, operation_target.c.target_id, codings).where(
        operation_target.c.kind == "coding",
        operation_target.c.operation_id.in_(_later(batch_id)),
    )


def _read_since(touched: Keys, batch_id: int) -> Select[Any]:
    return _count(operation_target, operation_target.c.target_id, touched).where(
        operation_target.c.kind == "document_state",
        operation_target.c.operation_id.in_(
            _later(batch_id).where(operation.c.undone_by.is_(None), operation.c.undoes.is_(None))
        ),
    )


def _revised_since(batch_id: int) -> Select[Any]:
    later = revision.alias("later")
    return select(func.count()).select_from(
        revision.join(
            later,
            and_(
                later.c.document_id == revision.c.document_id,
                later.c.number > revision.c.number,
            ),
        )
    ).where(revision.c.import_batch_id == batch_id)  # fmt: skip


def _memos(people: Keys, documents: Keys, at: str) -> Select[Any]:
    on_people = and_(memo.c.target_kind == "respondent", memo.c.target_id.in_(people))
    on_answers = and_(memo.c.target_kind == "document", memo.c.target_id.in_(documents))
    codings = select(coding.c.id).where(coding.c.document_id.in_(documents))
    on_codings = and_(memo.c.target_kind == "coding", memo.c.target_id.in_(codings))
    return (
        select(func.count())
        .select_from(memo)
        .where(or_(on_people, on_answers, on_codings), memo.c.changed_at >= at)
    )


def _edits(people: Keys, before: Before) -> Select[Any]:
    return (
        select(func.count())
        .select_from(attribute_edit)
        .where(
            or_(
                attribute_edit.c.respondent_id.in_(people),
                attribute_edit.c.attribute_id.in_(before.attributes_made),
            )
        )
    )


def _edited_since(connection: Connection, before: Before, at: str) -> int:
    """Count the values that the import changed and a person has set by hand since."""
    changed = {(person, known) for person, known, _ in before.values}
    rows = connection.execute(
        select(attribute_edit.c.respondent_id, attribute_edit.c.attribute_id).where(
            attribute_edit.c.changed_at >= at
        )
    )
    return sum((person, known) in changed for person, known in rows)


def _other_documents(people: Keys, batch_id: int) -> Select[Any]:
    brought = exists().where(
        revision.c.document_id == document.c.id,
        revision.c.number == 1,
        revision.c.import_batch_id == batch_id,
    )
    return _count(document, document.c.respondent_id, people).where(~brought)


def _derived(before: Before) -> Select[Any]:
    return (
        select(func.count())
        .select_from(attribute)
        .where(attribute.c.derived_from.in_(before.attributes_made))
    )


def take_back(connection: Connection, batch: Row, before: Before) -> dict[str, int]:
    """Bring back what stood before an import; give what was taken away, counted."""
    batch_id = batch["id"]
    if is_transcript(batch):
        transcript_undo.drop_turns(connection, batch_id)
    transcript_undo.restore_discussions(connection, before)
    n_changed = _restore_texts(connection, batch_id)
    n_answers = _drop_answers(connection, batch_id)
    _restore_states(connection, before)
    n_people = _drop_people(connection, batch_id)
    _restore_descriptions(connection, batch["survey_id"], before)
    return {"respondents": n_people, "answers": n_answers, "changed_answers": n_changed}


def people_changed(before: Before) -> list[int]:
    """Give the respondents whose values an import changed, for what is derived from them."""
    return sorted({person for person, _, _ in before.values})


def _restore_texts(connection: Connection, batch_id: int) -> int:
    """Go back to the texts before, with the codings in line."""
    changed = connection.execute(
        select(revision.c.id, revision.c.document_id).where(
            revision.c.import_batch_id == batch_id, revision.c.number > 1
        )
    ).all()
    for part in parts(changed, 400):
        texts = [key for key, _ in part]
        documents = [key for _, key in part]
        coded = list(
            connection.execute(
                select(coding.c.id).where(coding.c.document_id.in_(documents))
            ).scalars()
        )
        answers.set_current(connection, _texts_before(connection, documents, texts))
        connection.execute(delete(anchor).where(anchor.c.revision_id.in_(texts)))
        connection.execute(delete(revision).where(revision.c.id.in_(texts)))
        sync_coding_respondents(connection, coded)
    return len(changed)


def _texts_before(
    connection: Connection, documents: Sequence[int], texts: Sequence[int]
) -> list[tuple[int, int, str]]:
    rows = connection.execute(
        select(revision.c.document_id, revision.c.id, revision.c.text)
        .where(revision.c.document_id.in_(documents), revision.c.id.notin_(texts))
        .order_by(revision.c.number)
    )
    return list({key: (key, text_key, words) for key, text_key, words in rows}.values())


def _drop_answers(connection: Connection, batch_id: int) -> int:
    keys = list(
        connection.execute(
            select(revision.c.document_id).where(revision.c.import_batch_id == batch_id)
        ).scalars()
    )
    for part in parts(keys):
        connection.execute(delete(revision).where(revision.c.document_id.in_(part)))
        connection.execute(delete(document).where(document.c.id.in_(part)))
    return len(keys)


def _restore_states(connection: Connection, before: Before) -> None:
    for asked, kinds in before.absences_made.items():
        for kind, people in kinds.items():
            for part in parts(people):
                connection.execute(
                    delete(absent_answer).where(
                        absent_answer.c.question_id == int(asked),
                        absent_answer.c.kind == kind,
                        absent_answer.c.respondent_id.in_(part),
                    )
                )
    answers.set_absences(
        connection,
        [],
        {
            (person, asked, kind): (state, name)
            for person, asked, kind, state, name in before.absences
        },
    )
    answers.set_values(
        connection,
        {(person, known): values for person, known, values in before.values},
        fresh=False,
    )
    surveys.set_quotable(connection, dict(before.quotable))


def _drop_people(connection: Connection, batch_id: int) -> int:
    connection.execute(
        delete(respondent_survey).where(respondent_survey.c.import_batch_id == batch_id)
    )
    keys = list(
        connection.execute(
            select(respondent.c.id).where(respondent.c.import_batch_id == batch_id)
        ).scalars()
    )
    for part in parts(keys):
        for table in (respondent_attribute, absent_answer):
            connection.execute(delete(table).where(table.c.respondent_id.in_(part)))
        connection.execute(delete(respondent).where(respondent.c.id.in_(part)))
    return len(keys)


def _restore_descriptions(connection: Connection, survey_id: int | None, before: Before) -> None:
    """Undo what was said of attributes and questions, unless somebody has said it anew since."""
    for table, changed in ((attribute, before.attributes), (question, before.questions)):
        for key, old, new in changed:
            row = connection.execute(select(table).where(table.c.id == key)).one()._mapping
            values = {name: value for name, value in old.items() if row[name] == new[name]}
            if values:
                connection.execute(update(table).where(table.c.id == key).values(**values))
    for part in parts(before.questions_linked):
        connection.execute(
            delete(survey_question).where(
                survey_question.c.survey_id == survey_id, survey_question.c.question_id.in_(part)
            )
        )
    for part in parts(before.questions_made):
        connection.execute(delete(question).where(question.c.id.in_(part)))
    for part in parts(before.attributes_made):
        connection.execute(
            delete(respondent_attribute).where(respondent_attribute.c.attribute_id.in_(part))
        )
        connection.execute(delete(attribute).where(attribute.c.id.in_(part)))
    if before.survey_made is not None:
        connection.execute(
            update(import_batch)
            .where(import_batch.c.survey_id == before.survey_made)
            .values(survey_id=None)
        )
        connection.execute(delete(survey).where(survey.c.id == before.survey_made))
