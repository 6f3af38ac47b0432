"""The worker on the queue: what it does with each note, on both kinds of database."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from pipelines.transcribe.transcriber import ModelFile, Transcriber
from tests import voice_notes
from tests.builders import Bench
from tests.fake_engine import MODEL, ROUNDS, FakeTranscriber
from tests.voice_notes import Place
from workbench.domain.transcripts import TranscribeOptions
from workbench.errors import InputError, ModelError, NotFound, StoreError
from workbench.services.voice_notes import attach, models, transcribe, transcribing
from workbench.store.memos import memos
from workbench.store.tables import document, event, revision, segment, transcription, worker
from workbench.store.voice_notes import recordings, transcriptions, workers


@pytest.fixture
def place(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(models, "find", lambda *_, **__: MODEL)
    return bench.actor, bench.database, bench.study_id


def work(place: Place, engine: Transcriber | None = None, **more: Any) -> FakeTranscriber:
    made: Any = engine or FakeTranscriber()

    def load(model: ModelFile, *, engine: str) -> Transcriber:
        loaded: Transcriber = made
        return loaded

    transcribing.work_queue(place[0], place[1], load=load, **more)
    assert isinstance(made, FakeTranscriber)
    return made


def request(place: Place, **more: Any) -> transcribe.Requested:
    return transcribe.request(*place, model="small", **more)


def states(place: Place) -> dict[str, str]:
    return {item.file_name: item.state for item in transcribe.list_notes(*place)}


def only_row(place: Place, key: int) -> Any:
    with place[1].read() as connection:
        return connection.execute(select(transcription).where(transcription.c.id == key)).one()


def n_rows(place: Place, table: Any) -> int:
    with place[1].read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def lose_worker(place: Place, *held: int) -> int:
    """Write down a worker that is not there any more, with what it held."""
    with place[1].write() as connection:
        key = workers.add_worker(connection)
        connection.execute(
            update(worker).where(worker.c.id == key).values(seen_at="2020-01-01T00:00:00.000Z")
        )
        for item in held:
            connection.execute(
                update(transcription)
                .where(transcription.c.id == item)
                .values(state="transcribing", worker_id=key, attempts=transcription.c.attempts + 1)
            )
    return key


def queued_ids(place: Place) -> list[int]:
    return [item.id for item in transcribe.list_notes(*place)]


def test_each_note_becomes_a_draft_with_its_segments(place: Place) -> None:
    voice_notes.record(place, "one", "R1", "q2")
    voice_notes.record(place, "two", "R2", "q2")
    before = n_rows(place, document)
    assert request(place).queued == 2
    work(place)
    with place[1].read() as connection:
        rows = connection.execute(
            select(document, revision.c.text, revision.c.why, revision.c.transcription_id)
            .join(revision, revision.c.id == document.c.current_revision_id)
            .where(document.c.recording_id.isnot(None))
            .order_by(document.c.id)
        ).all()
    assert n_rows(place, document) == before + 2
    assert [
        (row.text, row.kind, row.answer_kind, row.transcript, row.language) for row in rows
    ] == [
        ("Transcribe one now.", "voice_note", "spoken", "draft", "en"),
        ("Transcribe two now.", "voice_note", "spoken", "draft", "en"),
    ]
    assert [row.why for row in rows] == ["transcription"] * 2
    assert [row.transcription_id for row in rows] == queued_ids(place)
    assert n_rows(place, segment) == 4
    kept = only_row(place, rows[0].transcription_id)
    assert (kept.state, kept.engine_version, kept.language_probability) == ("done", "fake 1", 0.75)
    assert (kept.audio_ms, kept.worker_id, kept.attempts) == (5_000, None, 1)


def test_notes_are_taken_as_there_is_room(place: Place) -> None:
    for n in range(7):
        voice_notes.record(place, f"note {n}")
    request(place, options=TranscribeOptions(batch_size=3))
    engine = work(place)
    assert max(engine.batches) == 3
    assert sorted(engine.begun) == [f"note {n}" for n in range(7)]


def test_the_same_request_again_makes_nothing_twice(place: Place) -> None:
    voice_notes.record(place, "one", "R1", "q2")
    request(place)
    work(place)
    n_events = n_rows(place, event)
    again = request(place)
    assert (again.run_id, again.queued, again.skipped, again.waiting) == (None, 0, 1, 0)
    assert work(place).begun == []
    assert len(transcribe.progress(*place)) == 1, "no empty run is left behind"
    assert n_rows(place, event) == n_events
    other = request(place, options=TranscribeOptions(language="ur"))
    assert (other.queued, other.skipped) == (1, 0)
    voice_notes.record(place, "two")
    mixed = request(place, options=TranscribeOptions(language="ur"))
    assert (mixed.queued, mixed.skipped, mixed.waiting) == (1, 0, 1), "one waits since before"


def test_how_many_side_by_side_makes_no_new_result(place: Place) -> None:
    voice_notes.record(place, "one")
    request(place, options=TranscribeOptions(batch_size=1))
    assert request(place, options=TranscribeOptions(batch_size=8)).waiting == 1


def test_another_model_gives_a_draft_a_new_revision(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice_notes.record(place, "one", "R1", "q2")
    request(place)
    work(place)
    request(place, options=TranscribeOptions(initial_prompt="Names: Zainab"))
    monkeypatch.setattr("tests.fake_engine.words_of", _other_words)
    work(place)
    with place[1].read() as connection:
        texts = connection.execute(
            select(revision.c.text)
            .join(document, document.c.id == revision.c.document_id)
            .where(document.c.recording_id.isnot(None))
            .order_by(revision.c.id)
        ).scalars()
        assert list(texts) == ["Transcribe one now.", "Other words."]
    with place[1].write() as connection:
        recording_id = transcribe.list_notes(*place)[0].recording_id
        before = n_rows(place, revision)
        assert attach.attach_waiting_in(connection, place[0], place[2], recording_id) == 1
    assert n_rows(place, revision) == before


def _other_words(note: Any, options: TranscribeOptions) -> Any:
    from workbench.domain.transcripts import TimedSegment, Transcript

    return Transcript("Other words.", (TimedSegment(0, 12, 0, 900),), "en", 0.5, 5_000)


def test_what_a_person_checked_is_not_overwritten(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice_notes.record(place, "one", "R1", "q2")
    request(place)
    work(place)
    with place[1].write() as connection:
        connection.execute(
            update(document).where(document.c.recording_id.isnot(None)).values(transcript="checked")
        )
    before = n_rows(place, revision)
    request(place, options=TranscribeOptions(initial_prompt="Names: Zainab"))
    monkeypatch.setattr("tests.fake_engine.words_of", _other_words)
    work(place)
    assert n_rows(place, revision) == before
    assert [item.text for item in transcribe.list_notes(*place)] == [
        "Transcribe one now.", "Other words.",
    ]  # fmt: skip


def test_a_translation_stands_beside_the_original_and_cannot_be_coded(place: Place) -> None:
    voice_notes.record(place, "one", "R1", "q2")
    assert request(place, translate=True).queued == 2
    work(place)
    with place[1].read() as connection:
        rows = connection.execute(
            select(document).where(document.c.recording_id.isnot(None)).order_by(document.c.id)
        ).all()
    assert [row.translation_of for row in rows] == [None, rows[0].id]
    assert [row.answer_kind for row in rows] == ["spoken", None]
    assert [row.codable for row in rows] == [True, False]


def test_a_translation_made_first_waits_for_its_original(place: Place) -> None:
    voice_notes.record(place, "one", "R1", "q2")
    request(place, translate=True)
    lose_worker(place, queued_ids(place)[1])  # the translation: taken alone, before all others
    work(place)
    with place[1].read() as connection:
        found = connection.execute(
            select(document.c.translation_of).where(document.c.recording_id.isnot(None))
        ).scalars()
        assert sum(item is not None for item in found) == 1


def test_a_bad_file_fails_alone_and_is_tried_again_on_request(place: Place) -> None:
    for name in ("one", "bad", "two"):
        voice_notes.record(place, name)
    request(place)
    work(place)
    assert states(place) == {"one": "done", "bad": "failed", "two": "done"}
    (failed,) = transcribe.list_notes(*place, states=("failed",))
    assert (failed.error_code, failed.error, failed.retryable) == (
        "corrupt", "bad is damaged.", False,
    )  # fmt: skip
    assert transcribe.retry(*place, [item.id for item in transcribe.list_notes(*place)]) == 1
    assert work(place).begun == ["bad"]


def test_what_breaks_the_engine_fails_alone(place: Place) -> None:
    for name in ("one", "raise", "two"):
        voice_notes.record(place, name)
    request(place)
    work(place)
    assert states(place) == {"one": "done", "raise": "failed", "two": "done"}
    (failed,) = transcribe.list_notes(*place, states=("failed",))
    assert failed.error_code == "engine"
    assert failed.error == "The engine broke off: RuntimeError: no such kernel. Try another model."
    assert failed.retryable


def test_what_lost_workers_held_is_tried_alone_and_twice(place: Place) -> None:
    for n in range(3):
        voice_notes.record(place, f"note {n}")
    request(place)
    first, second, _ = queued_ids(place)
    lose_worker(place, first, second)
    engine = work(place)
    assert engine.begun[:2] == ["note 0", "note 1"]
    assert engine.batches[:6] == [1] * 6
    assert only_row(place, first).attempts == 2
    assert only_row(place, first).strikes == 0


def test_an_engine_that_takes_what_it_can_get_has_suspects_alone(place: Place) -> None:
    for n in range(4):
        voice_notes.record(place, f"note {n}")
    request(place)
    lose_worker(place, *queued_ids(place)[:3])
    engine = work(place, FakeTranscriber(greedy=True))
    assert engine.batches == [1] * 3 * ROUNDS + [1] * ROUNDS
    voice_notes.record(place, "note 4")
    voice_notes.record(place, "note 5")
    request(place)
    assert work(place, FakeTranscriber(greedy=True)).batches == [2] * ROUNDS


def test_two_workers_lost_with_a_note_alone_fail_it(place: Place) -> None:
    voice_notes.record(place, "one")
    request(place)
    (key,) = queued_ids(place)
    for expected in (0, 1):
        lost = lose_worker(place, key)
        with place[1].write() as connection:
            assert workers.lost_workers(connection) == [lost]
            transcriptions.take_from(connection, [lost], max_strikes=2, error="lost")
        assert (only_row(place, key).state, only_row(place, key).strikes) == ("queued", expected)
    lose_worker(place, key)
    assert work(place).begun == []
    (failed,) = transcribe.list_notes(*place)
    assert (failed.state, failed.error_code, failed.retryable) == ("failed", "worker_lost", True)
    assert failed.error == transcribing.LOST
    transcribe.retry(*place, [key])
    assert work(place).begun == ["one"]
    assert only_row(place, key).state == "done"


def test_a_worker_that_comes_back_writes_nothing_over_others(place: Place) -> None:
    voice_notes.record(place, "one")
    request(place)
    (key,) = queued_ids(place)
    lost = lose_worker(place, key)
    work(place)
    with place[1].write() as connection:
        ending = transcriptions.Ending("failed", error_code="late")
        assert not transcriptions.end(connection, key, lost, ending)
    assert only_row(place, key).state == "done"


def test_what_an_ended_worker_still_holds_goes_back(place: Place) -> None:
    voice_notes.record(place, "one")
    request(place)
    (key,) = queued_ids(place)
    lost = lose_worker(place, key)
    with place[1].write() as connection:
        workers.end_worker(connection, lost)
    assert work(place).begun == ["one"]


def test_paused_runs_wait_and_cancelled_ones_leave_nothing(place: Place) -> None:
    voice_notes.record(place, "one")
    run_id = request(place).run_id
    assert run_id is not None
    transcribe.pause(*place, run_id)
    assert work(place).begun == []
    assert states(place) == {"one": "queued"}
    transcribe.go_on(*place, run_id)
    transcribe.cancel(*place, run_id)
    assert work(place).begun == []
    assert states(place) == {"one": "cancelled"}
    transcribe.go_on(*place, run_id)  # a cancelled run stays so
    assert transcribe.progress(*place)[0].state == "cancelled"


def test_pausing_lets_what_is_under_way_finish(place: Place) -> None:
    for n in range(5):
        voice_notes.record(place, f"note {n}")
    run_id = request(place, options=TranscribeOptions(batch_size=2)).run_id
    assert run_id is not None
    work(place, FakeTranscriber(in_round=lambda: transcribe.pause(*place, run_id)))
    assert sorted(states(place).values()) == ["done"] * 2 + ["queued"] * 3


def seconds_ago(n: float) -> str:
    at = datetime.now(UTC) - timedelta(seconds=n)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def put(place: Place, key: int, **values: Any) -> None:
    with place[1].write() as connection:
        connection.execute(update(transcription).where(transcription.c.id == key).values(**values))


def test_how_fast_it_goes_is_what_the_workers_that_are_there_have_done(place: Place) -> None:
    for n in range(3):
        voice_notes.record(place, f"note {n}", duration_ms=60_000)
    request(place)
    before, busy, failed = queued_ids(place)
    put(place, before, state="done", started_at="2022-02-14T09:00:00.000Z",
        finished_at="2022-02-14T09:00:10.000Z")  # fmt: skip
    (found,) = transcribe.progress(*place)
    assert (found.audio_ms, found.rate, found.left_s, found.worker_alive) == (
        60_000, None, None, False,
    )  # fmt: skip
    with place[1].write() as connection:
        key = workers.add_worker(connection)
        connection.execute(
            update(worker).where(worker.c.id == key).values(started_at=seconds_ago(20))
        )
    assert transcribe.progress(*place)[0].rate is None, "nothing has come of it yet"
    put(place, busy, state="transcribing", started_at=seconds_ago(10), done_ms=40_000,
        worker_id=key)  # fmt: skip
    put(place, failed, state="failed", started_at=seconds_ago(9), finished_at=seconds_ago(9))
    (found,) = transcribe.progress(*place)
    assert found.rate == pytest.approx(4, rel=0.3), "a recording that failed at once is no work"
    assert found.left_s == pytest.approx(5, rel=0.3)
    put(place, busy, state="done", finished_at=seconds_ago(0), done_ms=60_000)
    assert transcribe.progress(*place)[0].left_s == 0
    with place[1].write() as connection:
        workers.end_worker(connection, key)
    (found,) = transcribe.progress(*place)
    assert (found.rate, found.left_s, found.audio_ms) == (None, None, 180_000)


def test_cancelling_stops_what_is_under_way(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcribing, "POLL_S", 0.0)
    for n in range(5):
        voice_notes.record(place, f"note {n}")
    run_id = request(place, options=TranscribeOptions(batch_size=2)).run_id
    assert run_id is not None
    work(place, FakeTranscriber(in_round=lambda: transcribe.cancel(*place, run_id)))
    assert set(states(place).values()) == {"cancelled"}
    again = request(place)
    assert again.queued == 5


def test_what_comes_back_to_a_cancelled_run_is_cancelled(place: Place) -> None:
    voice_notes.record(place, "one")
    run_id = request(place).run_id
    assert run_id is not None
    lose_worker(place, *queued_ids(place))
    transcribe.cancel(*place, run_id)
    assert states(place) == {"one": "transcribing"}
    work(place)
    assert states(place) == {"one": "cancelled"}


def test_a_worker_told_to_stop_gives_back_what_it_holds(place: Place) -> None:
    for n in range(3):
        voice_notes.record(place, f"note {n}")
    request(place)
    stopped = threading.Event()
    work(place, FakeTranscriber(in_round=stopped.set), stopped=stopped)
    assert set(states(place).values()) == {"queued"}
    assert {only_row(place, key).attempts for key in queued_ids(place)} == {0}
    with place[1].read() as connection:
        assert workers.alive_since(connection) is None


def test_people_who_withdrew_are_passed_over(place: Place) -> None:
    voice_notes.record(place, "gone", "R1", "q2")
    voice_notes.record(place, "here", "R2", "q2")
    request(place)
    voice_notes.withdraw(place, "R1")
    assert work(place).begun == ["here"]
    voice_notes.record(place, "later", "R3", "q2")
    voice_notes.withdraw(place, "R3")
    assert request(place).queued == 0


def test_who_withdraws_meanwhile_is_not_begun(place: Place) -> None:
    voice_notes.record(place, "first", "R1", "q2")
    voice_notes.record(place, "second", "R2", "q2")
    request(place, options=TranscribeOptions(batch_size=1))
    engine = FakeTranscriber(in_round=lambda: voice_notes.withdraw(place, "R2"))
    assert work(place, engine).begun == ["first"]
    assert transcribe.progress(*place)[0].state == "finished"


def test_one_model_is_held_at_a_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    voice_notes.record(place, "one")

    def load(model: ModelFile, *, engine: str) -> Transcriber:
        loaded.append(engine)
        made: Transcriber = FakeTranscriber()
        return made

    request(place)
    request(place, options=TranscribeOptions(language="ur"))
    request(place, options=TranscribeOptions(language="pl"))
    transcribing.work_queue(place[0], place[1], load=load)
    assert loaded == ["openai-whisper"]
    assert [item.state for item in transcribe.list_notes(*place)] == ["done"] * 3


def test_a_model_that_is_gone_fails_the_run_and_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice_notes.record(place, "one")
    request(place)

    def gone(*_: object, **__: object) -> ModelFile:
        raise ModelError("the model small is not on this machine.")

    monkeypatch.setattr(models, "find", gone)
    assert work(place).begun == []
    (failed,) = transcribe.list_notes(*place)
    assert (failed.error_code, failed.retryable) == ("model", True)
    assert failed.error == "the model small is not on this machine."


def test_what_cannot_be_asked_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="there is no engine 'vosk'"):
        request(place, engine="vosk")
    with pytest.raises(InputError, match="there is no language 'klingon'"):
        request(place, options=TranscribeOptions(language="klingon"))
    with pytest.raises(NotFound, match="the study has no recording number 99"):
        request(place, recording_ids=[99])
    with pytest.raises(NotFound, match="the study has no transcription run number 99"):
        transcribe.cancel(*place, 99)
    turbo = ModelFile("turbo", Path("t"), "0" * 64, 1, "whisper", True, False)
    monkeypatch.setattr(models, "find", lambda *_, **__: turbo)
    with pytest.raises(ModelError, match="the model turbo cannot translate"):
        request(place, translate=True)
    english = ModelFile("tiny.en", Path("t"), "0" * 64, 1, "whisper", False, False)
    monkeypatch.setattr(models, "find", lambda *_, **__: english)
    with pytest.raises(ModelError, match=r"the model tiny\.en knows English only"):
        request(place, options=TranscribeOptions(language="ur"))
    assert n_rows(place, transcription) == 0


def test_one_note_is_written_whole_or_not_at_all(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice_notes.record(place, "one", "R1", "q2")
    request(place)
    (key,) = queued_ids(place)
    before = n_rows(place, revision)

    def broken(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(attach, "_settle", broken)
    with pytest.raises(StoreError, match="the disk is full"):
        work(place)
    assert n_rows(place, revision) == before
    assert (only_row(place, key).state, only_row(place, key).result) == ("queued", None)
    monkeypatch.undo()
    monkeypatch.setattr(models, "find", lambda *_, **__: MODEL)
    work(place)
    assert n_rows(place, revision) == before + 1


def test_a_survey_imported_again_keeps_transcripts(empty: Bench, monkeypatch: Any) -> None:
    from tests.builders import MAPPING, SURVEY
    from workbench.store.tables import absent_answer

    monkeypatch.setattr(models, "find", lambda *_, **__: MODEL)
    mapping = MAPPING + "voice_notes: [{column: voice, question: q2}]\n"
    lines = SURVEY.splitlines()
    survey = "\n".join([f"{lines[0]},voice", *(f"{line},v{n}.opus" for n, line in
                                              enumerate(lines[1:], 1))])  # fmt: skip
    empty.ingest(survey, mapping)
    place = empty.actor, empty.database, empty.study_id
    waiting = n_rows(place, absent_answer)
    voice_notes.record(place, "v1.opus", "R1", "q2")
    request(place)
    work(place)
    assert n_rows(place, absent_answer) == waiting - 1
    kept = [n_rows(place, table) for table in (document, revision, segment, absent_answer)]
    empty.ingest(survey, mapping)
    assert [
        n_rows(place, table) for table in (document, revision, segment, absent_answer)
    ] == kept  # fmt: skip


def test_a_spoken_memo_is_written_into_its_memo(place: Place) -> None:
    actor, database, study_id = place
    key = voice_notes.record(place, "memo", purpose="memo")
    with database.write() as connection:
        memo_id = memos.add_memo(
            connection, study_id=study_id, target_kind="study", target_id=study_id,
            author_id=actor.id, text="",
        )  # fmt: skip
        recordings.set_memo(connection, key, memo_id)
    before = n_rows(place, document)
    request(place)
    work(place)
    with database.write() as connection:
        assert memos.memo_text(connection, memo_id) == "Transcribe memo now."
        memos.change_memo(connection, memo_id, "My own words.", None)
    request(place, options=TranscribeOptions(language="ur"))
    work(place)
    with database.read() as connection:
        assert memos.memo_text(connection, memo_id) == "My own words."
    assert n_rows(place, document) == before
