"""Matches: list a study's recordings, and settle to whose answer each one belongs.

In: a recording, and a respondent with a question. Out: the match, and at once the transcript that
waited for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.domain.codings import Actor
from workbench.domain.recordings import Matching, Recording
from workbench.errors import ConflictError, NotFound
from workbench.services.trail import trail
from workbench.services.voice_notes import attach
from workbench.store import studies
from workbench.store.engine import Connection, Database
from workbench.store.voice_notes import recordings, transcriptions

__all__ = ["Recording"]


def list_recordings(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    matching: Sequence[Matching] = (),
    offset: int = 0,
    limit: int | None = None,
) -> list[Recording]:
    """List voice notes in the order in which they came."""
    with database.read() as connection:
        return recordings.list_recordings(
            connection, study_id, matching=matching, purpose="voice_note", offset=offset,
            limit=limit,
        )  # fmt: skip


def count_recordings(actor: Actor, database: Database, study_id: int) -> dict[Matching, int]:
    """Count voice notes by whether it is known whose they are."""
    with database.read() as connection:
        return recordings.count_by_matching(connection, study_id)


def words_heard(actor: Actor, database: Database, study_id: int, recording_id: int) -> str:
    """Give what a machine heard in a recording, to find whose words they are; empty if nothing."""
    with database.read() as connection:
        _get(connection, study_id, recording_id)
        key = transcriptions.latest_result(connection, recording_id, "transcribe")
        found = None if key is None else transcriptions.find_transcription(connection, key)
        return str(found.result["text"]) if found is not None and found.result else ""


def answers_to_choose(
    actor: Actor, database: Database, study_id: int
) -> tuple[list[str], list[str]]:
    """Give the refs of people and of questions that a recording can be settled on."""
    with database.read() as connection:
        people = sorted(recordings.people_by_ref(connection, study_id))
        return people, [item.ref for item in studies.list_questions(connection, study_id)]


def settle(
    actor: Actor,
    database: Database,
    study_id: int,
    recording_id: int,
    *,
    respondent: str,
    question: str,
) -> None:
    """Say to whose answer a recording belongs; a transcript that is there is attached at once.

    Raises
    ------
    NotFound
        When the study has no such recording, respondent or question.
    ConflictError
        When the answer has another recording, or this one's words stand elsewhere already.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        item = _get(connection, study_id, recording_id)
        person = recordings.people_by_ref(connection, study_id).get(respondent)
        asked = {q.ref: q.id for q in studies.list_questions(connection, study_id)}.get(question)
        if person is None:
            raise NotFound(f"there is no respondent {respondent!r} in the study.")
        if asked is None:
            raise NotFound(f"there is no question {question!r} in the study.")
        other = recordings.claims(connection, study_id).get((person, asked))
        if other not in (None, recording_id):
            raise ConflictError(
                f"{respondent} has a recording for {question} already. Set that one aside first."
            )
        if (person, asked) != (item.respondent_id, item.question_id):
            _refuse_attached(connection, recording_id)
        _set(connection, actor, study_id, item, "matched", person, asked)
        attach.attach_waiting_in(connection, actor, study_id, recording_id)


def set_aside(actor: Actor, database: Database, study_id: int, recording_id: int) -> None:
    """Say that a recording belongs to nobody here: it is kept and not transcribed.

    Raises
    ------
    NotFound
        When the study has no such recording.
    ConflictError
        When its words are an answer already.
    """
    _unsettle(actor, database, study_id, recording_id, "set_aside")


def take_back(actor: Actor, database: Database, study_id: int, recording_id: int) -> None:
    """Make a recording that was set aside or matched wait for a person again.

    Raises
    ------
    NotFound
        When the study has no such recording.
    ConflictError
        When its words are an answer already.
    """
    _unsettle(actor, database, study_id, recording_id, "unmatched")


def _unsettle(
    actor: Actor, database: Database, study_id: int, recording_id: int, matching: Matching
) -> None:
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        item = _get(connection, study_id, recording_id)
        _refuse_attached(connection, recording_id)
        _set(connection, actor, study_id, item, matching, None, None)


def _get(connection: Connection, study_id: int, recording_id: int) -> Recording:
    found = recordings.get_recording(connection, study_id, recording_id)
    if found is None:
        raise NotFound(f"the study has no recording number {recording_id}.")
    return found


def _refuse_attached(connection: Connection, recording_id: int) -> None:
    if recordings.has_document(connection, recording_id):
        raise ConflictError(
            "the recording's words are an answer of the study already, which may be coded."
        )


def _set(
    connection: Connection,
    actor: Actor,
    study_id: int,
    item: Recording,
    matching: Matching,
    person: int | None,
    asked: int | None,
) -> None:
    recordings.set_match(
        connection,
        item.id,
        matching=matching,
        matched_by="person" if matching == "matched" else "",
        note="",
        respondent_id=person,
        question_id=asked,
    )
    trail.record(
        connection,
        actor,
        study_id,
        "settle recording",
        label=f"the recording {item.file_name}",
        targets=[("recording", item.id)],
        details={"recording": item.id, "respondent": person, "question": asked},
    )
