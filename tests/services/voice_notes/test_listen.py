"""Who may hear a recording: tickets that name person and recording, looked at each time."""

import io

import pytest

from tests.services.voice_notes.test_check import make_draft
from tests.services.voice_notes.test_recordings import sound
from workbench.errors import NotAllowed, NotFound
from workbench.services.voice_notes import check, listen, tickets
from workbench.store.tables import membership, respondent
from workbench.store.voice_notes import media, recordings
from workbench.store.voice_notes.recordings import NewRecording


@pytest.fixture
def heard(bench, tmp_path, monkeypatch):
    """Give a study with a recording of R1; and its key."""
    monkeypatch.setenv("WORKBENCH_MEDIA_URL", str(tmp_path / "media"))
    data = sound()
    uri = media.media_store(bench.database).put(io.BytesIO(data), "ab" * 32, "wav")
    with bench.database.write() as connection:
        person = recordings.people_by_ref(connection, bench.study_id)["R1"]
        key = recordings.add_recording(
            connection, bench.study_id, bench.actor.id,
            NewRecording("ab" * 32, uri, "a.wav", "audio/wav", len(data), 400,
                         matching="matched", respondent_id=person),
        )  # fmt: skip
    return bench, key, data


def ticket_of(bench, key, actor=None):
    url = listen.audio_url(actor or bench.actor, bench.database, bench.study_id, key)
    assert url.startswith("/recordings/")
    return url.removeprefix("/recordings/")


def test_a_ticket_lets_hear_the_recording(heard):
    bench, key, data = heard
    found = listen.hear(bench.database, ticket_of(bench, key))
    assert (found.media_type, found.size) == ("audio/wav", len(data))
    with found.open() as file:
        assert file.read() == data


def test_a_ticket_that_was_touched_does_not_hold(heard):
    bench, key, _ = heard
    ticket = ticket_of(bench, key)
    said, _, signature = ticket.rpartition(".")
    study, recording, person, until = said.split(".")
    for forged in (
        f"{study}.{int(recording) + 1}.{person}.{until}.{signature}",
        f"{study}.{recording}.{int(person) + 1}.{until}.{signature}",
        f"{study}.{recording}.{person}.{int(until) + 1}.{signature}",
        f"{said}.{signature[:-1]}",
        said,
        "",
        "../../etc/passwd",
        "é.ü",
    ):
        with pytest.raises(NotAllowed, match="does not hold"):
            listen.hear(bench.database, forged)


def test_a_ticket_runs_out(heard, monkeypatch):
    bench, key, _ = heard
    ticket = ticket_of(bench, key)
    now = tickets.time.time()
    monkeypatch.setattr(tickets.time, "time", lambda: now + tickets.LASTS_S + 2)
    with pytest.raises(NotAllowed, match="has run out"):
        listen.hear(bench.database, ticket)


def test_who_has_left_the_study_hears_no_more(heard):
    bench, key, _ = heard
    ben = bench.person("Ben")
    ticket = ticket_of(bench, key, ben)
    with bench.database.write() as connection:
        connection.execute(membership.delete().where(membership.c.coder_id == ben.id))
    with pytest.raises(NotAllowed, match="you are not in this study"):
        listen.hear(bench.database, ticket)


def test_whoever_withdrew_is_heard_no_more(heard):
    bench, key, _ = heard
    ticket = ticket_of(bench, key)
    with bench.database.write() as connection:
        connection.execute(
            respondent.update().where(respondent.c.ref == "R1").values(withdrawn_at="2022-03-01")
        )
    with pytest.raises(NotFound):
        listen.hear(bench.database, ticket)
    with pytest.raises(NotFound):
        ticket_of(bench, key)


def test_an_address_stays_the_same_while_a_page_is_drawn_again(heard, monkeypatch):
    bench, key, _ = heard
    monkeypatch.setattr(tickets.time, "time", lambda: 1_800_000_100.0)
    first = ticket_of(bench, key)
    monkeypatch.setattr(tickets.time, "time", lambda: 1_800_000_900.0)
    assert ticket_of(bench, key) == first
    monkeypatch.setattr(tickets.time, "time", lambda: 1_800_003_700.0)
    assert ticket_of(bench, key) != first


def test_a_transcript_leads_to_its_recording_and_other_answers_to_none(bench):
    document_id = make_draft(bench)
    arguments = bench.actor, bench.database, bench.study_id
    recording_id = check.open_transcript(*arguments, document_id).transcript.recording_id
    assert listen.voice_url(*arguments, document_id) == listen.audio_url(*arguments, recording_id)
    for other in (bench.document("R1"), 10_000):
        with pytest.raises(NotFound, match=r"there is no recording of these words\."):
            listen.voice_url(*arguments, other)


def test_a_recording_of_another_study_has_no_ticket_here(heard):
    bench, key, _ = heard
    with pytest.raises(NotFound):
        listen.audio_url(bench.actor, bench.database, bench.study_id + 1, key)


def test_what_browsers_do_not_play_is_handed_out_as_wav_made_once(heard):
    from pathlib import Path

    from workbench.settings import bundled

    bench, _, _ = heard
    path = next((bundled("data_samples") / "speakout/voice_notes").glob("*.amr"))
    store = media.media_store(bench.database)
    uri = store.put(io.BytesIO(Path(path).read_bytes()), "cd" * 32, "amr")
    with bench.database.write() as connection:
        key = recordings.add_recording(
            connection, bench.study_id, bench.actor.id,
            NewRecording("cd" * 32, uri, "a.amr", "audio/amr", 9, 3_000),
        )  # fmt: skip
    found = listen.hear(bench.database, ticket_of(bench, key))
    with found.open() as file:
        first = file.read()
    assert found.media_type == "audio/wav" and first[:4] == b"RIFF" and len(first) == found.size
    assert found.size > 16_000 * 2 * 3
    again = listen.hear(bench.database, ticket_of(bench, key))
    assert again.uri == found.uri != uri
