"""Check: a person hears a transcript against its recording, corrects it and says that it is right.

In: a transcript, and other words for one of its segments. Out: a new state of the text, with all
codings carried along; the transcript marked as checked. What the machine wrote stays on record.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.codings import Actor, OpenDocument
from workbench.domain.paired import words_side_by_side
from workbench.domain.realign import correct_segment
from workbench.domain.text import normalise
from workbench.domain.transcripts import Standing, TimedSegment
from workbench.errors import ConflictError, InputError, NotFound
from workbench.services.trail import trail
from workbench.store.coding import anchors
from workbench.store.documents import documents
from workbench.store.engine import Connection, Database
from workbench.store.voice_notes import checking, spoken, transcripts, translations
from workbench.store.voice_notes.checking import ListedTranscript, Origin, Step
from workbench.store.voice_notes.translations import Translation

__all__ = ["CheckView", "ListedTranscript", "Origin", "Step"]

WHY = "correction"
"""Why a revision was made: by a person who listened."""

LONGEST = 20_000
"""Characters of one segment."""


@dataclass(frozen=True, slots=True)
class CheckView:
    """A transcript as it is checked, with its translation where there is one.

    `side_by_side` has what was said and its translation, piece beside piece.
    """

    transcript: ListedTranscript
    document: OpenDocument
    segments: tuple[TimedSegment, ...]
    origin: Origin | None
    history: tuple[Step, ...]
    translation: Translation | None
    side_by_side: tuple[tuple[str, str], ...]


def list_transcripts(
    actor: Actor, database: Database, study_id: int, *, standing: Standing | None = None
) -> list[ListedTranscript]:
    """List a study's transcripts: all, or the drafts, or those that are checked."""
    with database.read() as connection:
        return checking.list_transcripts(connection, study_id, standing=standing)


def open_transcript(actor: Actor, database: Database, study_id: int, document_id: int) -> CheckView:
    """Read a transcript with its segments and where it came from.

    Raises
    ------
    NotFound
        When the study has no such transcript, or its speaker has withdrawn.
    """
    with database.read() as connection:
        listed = _find(connection, study_id, document_id)
        opened = documents.open_document(connection, study_id, actor.id, document_id)
        segments = transcripts.read_segments(connection, opened.revision_id)
        translation = translations.translations_of(connection, [document_id]).get(document_id)
        pieces: tuple[tuple[str, str], ...] = ()
        if translation is not None:
            theirs = transcripts.read_segments(connection, translation.revision_id)
            pieces = words_side_by_side(segments, opened.text, theirs, translation.text)
        return CheckView(
            transcript=listed,
            document=opened,
            segments=segments,
            origin=checking.origin(connection, document_id),
            history=tuple(checking.history(connection, document_id)),
            translation=translation,
            side_by_side=pieces,
        )


def correct(
    actor: Actor,
    database: Database,
    study_id: int,
    document_id: int,
    *,
    position: int,
    was: str,
    words: str,
) -> None:
    """Give a segment other words; codings are carried along.

    Parameters
    ----------
    position
        Which segment, from 0.
    was
        The words that the person has seen there: a correction of others is not overwritten.

    Raises
    ------
    ConflictError
        When somebody else has corrected the segment in the meantime.
    InputError
        When the words are too many.
    NotFound
        When there is no such transcript or segment.
    """
    if len(words) > LONGEST:
        raise InputError(f"a segment has at most {LONGEST:,} characters.")
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        _find(connection, study_id, document_id)
        opened = documents.open_document(
            connection, study_id, actor.id, document_id, text_only=True
        )
        segments = transcripts.read_segments(connection, opened.revision_id)
        if not 0 <= position < len(segments):
            raise NotFound(f"the transcript has no segment number {position + 1}.")
        here = segments[position]
        now = opened.text[here.start : here.end]
        if now == " ".join(normalise(words).split()) and now != was:
            return  # sent twice: it is done already
        if now != was:
            raise ConflictError(
                "somebody else has corrected these words in the meantime. Look at theirs first."
            )
        made = correct_segment(opened.text, segments, position, words)
        if made.text == opened.text:
            transcripts.set_reviewed(connection, opened.revision_id, position, reviewed=True)
            return
        _write(connection, actor, study_id, opened, made.text, made.segments)
        trail.record(
            connection,
            actor,
            study_id,
            "correct transcript",
            label=f"a correction in {opened.label}",
            document_id=document_id,
            details={"segment": position},
        )


def _write(
    connection: Connection,
    actor: Actor,
    study_id: int,
    opened: OpenDocument,
    text: str,
    segments: tuple[TimedSegment, ...],
) -> None:
    revision_id = documents.add_revision(
        connection, document_id=opened.id, text=text, why=WHY, actor_id=actor.id
    )
    anchors.reanchor_document(
        connection,
        document_id=opened.id,
        old_revision_id=opened.revision_id,
        new_revision_id=revision_id,
        old_text=opened.text,
        new_text=text,
    )
    transcripts.write_segments(connection, revision_id, segments)
    checking.drop_segments_before(connection, opened.id)


def can_undo(actor: Actor, database: Database, study_id: int, document_id: int) -> bool:
    """Tell whether the newest state of a transcript is a correction by this person."""
    with database.read() as connection:
        found = checking.last_correction(connection, document_id)
        return found is not None and found.by == actor.id


def undo_correction(actor: Actor, database: Database, study_id: int, document_id: int) -> None:
    """Take the newest correction back, by a state like the one before; once more brings it again.

    Raises
    ------
    ConflictError
        When there is none, or it is somebody else's.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        _find(connection, study_id, document_id)
        found = checking.last_correction(connection, document_id)
        if found is None or found.by != actor.id:
            raise ConflictError("there is no correction of yours to take back here.")
        opened = documents.open_document(
            connection, study_id, actor.id, document_id, text_only=True
        )
        segments = transcripts.read_segments(connection, found.before_id)
        _write(connection, actor, study_id, opened, found.before_text, segments)
        trail.record(
            connection, actor, study_id, "correct transcript",
            label=f"a correction in {opened.label}, taken back", document_id=document_id,
        )  # fmt: skip


def review(
    actor: Actor,
    database: Database,
    study_id: int,
    document_id: int,
    *,
    position: int,
    reviewed: bool = True,
) -> None:
    """Note that a segment was heard and needs no correction, or take that back."""
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        _find(connection, study_id, document_id)
        revision_id = spoken.current_revision(connection, document_id)
        if not transcripts.set_reviewed(connection, revision_id, position, reviewed=reviewed):
            raise NotFound(f"the transcript has no segment number {position + 1}.")
        trail.record(
            connection, actor, study_id, "review segment", document_id=document_id,
            details={"segment": position, "reviewed": reviewed},
        )  # fmt: skip


def mark(
    actor: Actor, database: Database, study_id: int, document_id: int, standing: Standing
) -> None:
    """Say that a transcript is checked, or that it is a draft once more.

    Raises
    ------
    NotFound
        When there is no such transcript.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        listed = _find(connection, study_id, document_id)
        if listed.standing == standing:
            return
        transcripts.set_standing(connection, document_id, standing, actor.id)
        verb = "check transcript" if standing == "checked" else "reopen transcript"
        trail.record(
            connection, actor, study_id, verb, label=f"the transcript {listed.file_name}",
            document_id=document_id, targets=[("document", document_id)],
        )  # fmt: skip


def confirm_translation(
    actor: Actor, database: Database, study_id: int, document_id: int, standing: Standing
) -> None:
    """Say that a person has confirmed a document's translation, or that nobody has.

    Raises
    ------
    NotFound
        When the document has no translation.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        _find(connection, study_id, document_id)
        found = translations.translations_of(connection, [document_id]).get(document_id)
        if found is None:
            raise NotFound("the transcript has no translation.")
        transcripts.set_standing(connection, found.document_id, standing, actor.id)
        trail.record(
            connection, actor, study_id, "confirm translation",
            label="a translation", document_id=document_id,
            targets=[("document", found.document_id)], details={"standing": standing},
        )  # fmt: skip


def _find(connection: Connection, study_id: int, document_id: int) -> ListedTranscript:
    found = checking.find_transcript(connection, study_id, document_id)
    if found is None:
        raise NotFound("the study has no such transcript (any more).")
    return found
