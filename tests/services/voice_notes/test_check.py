"""Checking by ear: corrections that carry codings along, marks, and where a text came from."""

import itertools

import pytest

from workbench.domain.transcripts import TimedSegment, TranscribeOptions, Word
from workbench.errors import ConflictError, InputError, NotFound
from workbench.services.coding import exchange
from workbench.services.voice_notes import check, drafts
from workbench.store.documents import documents
from workbench.store.tables import respondent, revision, segment
from workbench.store.trail.events import verify_chain
from workbench.store.voice_notes import recordings, spoken, transcripts
from workbench.store.voice_notes.recordings import NewRecording

TEXT = "She listned to me. Then she left."


def segments():
    words = [("She", 0, 3), ("listned", 4, 11), ("to", 12, 14), ("me.", 15, 18)]
    first = TimedSegment(
        0, 18, 0, 2_000, 0.4,
        tuple(Word(a, b, 500 * n, 500 * n + 500, 0.9) for n, (_, a, b) in enumerate(words)),
        flags=("low_confidence",),
    )  # fmt: skip
    return (first, TimedSegment(19, 33, 2_000, 4_000, 0.9))


def make_draft(bench, *, person="R1", text=TEXT, parts=None):
    """Write a machine draft as the worker would leave it; give its document."""
    with bench.database.write() as connection:
        people = recordings.people_by_ref(connection, bench.study_id)
        questions = {item.ref: item.id for item in _questions(connection, bench)}
        key = recordings.add_recording(
            connection, bench.study_id, bench.actor.id,
            NewRecording(f"{person:0>64}", f"x/{person}.wav", f"{person}.wav", "audio/wav", 9,
                         4_000, matching="matched", respondent_id=people[person],
                         question_id=questions["q2"]),
        )  # fmt: skip
        document_id = documents.add_document(
            connection, study_id=bench.study_id, kind="voice_note", text=text, why="transcription",
            actor_id=bench.actor.id, respondent_id=people[person], question_id=questions["q2"],
            answer_kind="spoken", recording_id=key,
        )  # fmt: skip
        opened = documents.open_document(connection, bench.study_id, bench.actor.id, document_id)
        transcripts.write_segments(
            connection, opened.revision_id, segments() if parts is None else parts
        )
        transcripts.set_standing(connection, document_id, "draft", None)
        transcripts.set_language(connection, document_id, "en")
    return document_id


def make_translation(bench, document_id, text="She heard me. She went.", parts=None):
    """Write a translation as the worker would leave it beside a draft; give its document."""
    with bench.database.write() as connection:
        key = documents.add_document(
            connection, study_id=bench.study_id, kind="voice_note", text=text, why="transcription",
            actor_id=bench.actor.id, translation_of=document_id,
        )  # fmt: skip
        revision_id = spoken.current_revision(connection, key)
        halves = (TimedSegment(0, 13, 0, 1_900), TimedSegment(14, 23, 2_100, 4_000))
        transcripts.write_segments(connection, revision_id, halves if parts is None else parts)
        transcripts.set_standing(connection, key, "draft", None)
    return key


def _questions(connection, bench):
    from workbench.store import studies

    return studies.list_questions(connection, bench.study_id)


@pytest.fixture
def draft(bench):
    return make_draft(bench)


@pytest.fixture
def arguments(bench):
    return bench.actor, bench.database, bench.study_id


def test_drafts_are_listed_with_what_waits_for_an_ear(arguments, draft):
    (item,) = check.list_transcripts(*arguments)
    assert (item.respondent, item.question, item.standing) == ("R1", "q2", "draft")
    assert (item.n_flagged, item.n_words, item.duration_ms) == (1, 7, 4_000)
    assert drafts.state(*arguments).n_drafts == 1
    view = check.open_transcript(*arguments, draft)
    assert view.document.text == TEXT and view.segments == segments()
    assert view.translation is None and len(view.history) == 1


def test_a_translation_stands_beside_what_was_said(arguments, draft, bench):
    make_translation(bench, draft)
    view = check.open_transcript(*arguments, draft)
    assert view.side_by_side == (
        ("She listned to me.", "She heard me."), ("Then she left.", "She went."),
    )  # fmt: skip
    assert view.translation is not None and view.translation.standing == "draft"
    check.confirm_translation(*arguments, draft, "checked")
    found = check.open_transcript(*arguments, draft).translation
    assert found is not None and found.status == "translation confirmed by Asha"


def test_a_correction_makes_a_new_state_with_words_in_time(arguments, draft, bench):
    check.correct(*arguments, draft, position=0, was="She listned to me.",
                  words="She listened to me.")  # fmt: skip
    view = check.open_transcript(*arguments, draft)
    assert view.document.text == "She listened to me. Then she left."
    first, second = view.segments
    assert view.document.text[second.start : second.end] == "Then she left."
    said = {view.document.text[w.start : w.end]: w.start_ms for w in first.words}
    assert said == {"She": 0, "listened": 500, "to": 1_000, "me.": 1_500}
    assert first.reviewed and view.transcript.n_flagged == 0
    assert [step.why for step in view.history] == ["transcription", "correction"]
    assert view.transcript.standing == "draft"  # correcting is not yet checking
    with bench.database.read() as connection:
        assert verify_chain(connection, bench.study_id) is None


def test_codings_are_carried_along(arguments, draft, bench):
    with bench.database.write() as connection:
        transcripts.set_standing(connection, draft, "checked", bench.actor.id)
    bench.code(draft, "School", "Then she left")
    bench.code(draft, "Phone", "listned")
    check.correct(*arguments, draft, position=0, was="She listned to me.",
                  words="She really listened to me.")  # fmt: skip
    rows = {row["code"]: row for row in exchange.export_codings(*arguments)}
    assert rows["School"]["quote"] == "Then she left"
    opened = bench.open(draft)
    flagged = [coding for coding in opened.codings if coding.flagged]
    placed = [coding for coding in opened.codings if not coding.flagged]
    assert len(flagged) + len(placed) == 2  # none is lost


def test_somebody_elses_correction_is_not_overwritten(arguments, draft, bench):
    ben = bench.person("Ben")
    check.correct(ben, *arguments[1:], draft, position=0, was="She listned to me.",
                  words="She listened to me.")  # fmt: skip
    with pytest.raises(ConflictError, match="somebody else has corrected these words"):
        check.correct(*arguments, draft, position=0, was="She listned to me.", words="Something")
    check.correct(*arguments, draft, position=1, was="Then she left.", words="Then they left.")
    assert check.open_transcript(*arguments, draft).document.text == (
        "She listened to me. Then they left."
    )


def test_what_is_sent_twice_is_done_once(arguments, draft):
    for _ in range(2):
        check.correct(*arguments, draft, position=1, was="Then she left.", words="They left.")
    assert len(check.open_transcript(*arguments, draft).history) == 2


def test_undo_takes_ones_last_correction_back_and_brings_it_again(arguments, draft, bench):
    assert not check.can_undo(*arguments, draft)
    check.correct(*arguments, draft, position=1, was="Then she left.", words="They left.")
    check.correct(*arguments, draft, position=0, was="She listned to me.", words="She heard me.")
    assert check.can_undo(*arguments, draft)
    check.undo_correction(*arguments, draft)
    view = check.open_transcript(*arguments, draft)
    assert view.document.text == "She listned to me. They left."
    assert [view.document.text[w.start : w.end] for w in view.segments[0].words][1] == "listned"
    check.undo_correction(*arguments, draft)
    assert check.open_transcript(*arguments, draft).document.text == "She heard me. They left."
    ben = bench.person("Ben")
    assert not check.can_undo(ben, *arguments[1:], draft)
    with pytest.raises(ConflictError, match="there is no correction of yours"):
        check.undo_correction(ben, *arguments[1:], draft)


def test_old_states_keep_their_text_but_not_their_segments(arguments, draft, bench):
    said = ["Then she left.", *(f"No {n}" for n in range(5))]
    for was, words in itertools.pairwise(said):
        check.correct(*arguments, draft, position=1, was=was, words=words)
    with bench.database.read() as connection:
        texts = connection.execute(
            revision.select().where(revision.c.document_id == draft).order_by(revision.c.number)
        ).all()
        with_segments = {row.revision_id for row in connection.execute(segment.select())}
    assert len(texts) == 6
    kept = [row.number for row in texts if row.id in with_segments]
    assert kept == [1, 5, 6]  # the machine's own, and those that undo needs


def test_checked_and_open_again(arguments, draft):
    check.mark(*arguments, draft, "checked")
    (item,) = check.list_transcripts(*arguments, standing="checked")
    assert item.checked_by == arguments[0].name and item.checked_at
    assert check.list_transcripts(*arguments, standing="draft") == []
    check.mark(*arguments, draft, "draft")
    assert check.list_transcripts(*arguments, standing="draft")[0].checked_at is None


def test_heard_and_right_settles_a_flag(arguments, draft):
    check.review(*arguments, draft, position=0)
    assert check.list_transcripts(*arguments)[0].n_flagged == 0
    check.review(*arguments, draft, position=0, reviewed=False)
    assert check.list_transcripts(*arguments)[0].n_flagged == 1
    with pytest.raises(NotFound, match="no segment number 8"):
        check.review(*arguments, draft, position=7)


def test_what_cannot_be_done_says_so(arguments, draft, bench):
    with pytest.raises(InputError, match="at most 20,000 characters"):
        check.correct(*arguments, draft, position=0, was="x", words="y" * 20_001)
    with pytest.raises(NotFound, match="no segment number 3"):
        check.correct(*arguments, draft, position=2, was="x", words="y")
    typed = bench.document("R1")
    with pytest.raises(NotFound, match="no such transcript"):
        check.correct(*arguments, typed, position=0, was="x", words="y")
    with pytest.raises(NotFound, match="no translation"):
        check.confirm_translation(*arguments, draft, "checked")


def test_a_speaker_who_withdrew_is_gone_from_here(arguments, draft, bench):
    with bench.database.write() as connection:
        connection.execute(
            respondent.update().where(respondent.c.ref == "R1").values(withdrawn_at="2022-03-01")
        )
    assert check.list_transcripts(*arguments) == []
    assert drafts.state(*arguments).n_drafts == 0
    with pytest.raises(NotFound):
        check.open_transcript(*arguments, draft)


def test_hostile_words_are_words(arguments, draft):
    words = "<b>\u202e=1+1 میں نے 👩‍👩‍👧 e\u0301 [inaudible]"
    check.correct(*arguments, draft, position=0, was="She listned to me.", words=words)
    view = check.open_transcript(*arguments, draft)
    first = view.segments[0]
    assert view.document.text[first.start : first.end] == words
    assert [view.document.text[w.start : w.end] for w in first.words] == words.split()


def test_options_are_canonical():
    one, other = TranscribeOptions(batch_size=2), TranscribeOptions(batch_size=8)
    assert one.canonical() == other.canonical()
