"""Recordings: brought in, matched, settled; never lost, never twice."""

import io
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest

from workbench.errors import AudioError, ConflictError, InputError, NotAllowed, NotFound, StoreError
from workbench.services import files
from workbench.services.surveys import imports
from workbench.services.voice_notes import recording_matches, recordings, voice_memos
from workbench.services.voice_notes.recordings import Upload
from workbench.store.tables import absent_answer, event, membership, respondent
from workbench.store.trail.events import verify_chain
from workbench.store.voice_notes import media

from tests.builders import MAPPING  # isort: skip

WITH_VOICE = (
    MAPPING
    + """
voice_notes:
  - {column: voice, question: q2}
"""
)
SURVEY = """id,group,age,needs,email,q1,q2,voice
R1,Roma,young,money,r1@secret.example,She listened,,up/Note%201.m4a
R2,Roma,old,money,r2@secret.example,Nobody rang,Typed answer,
R3,Irish,old,sleep,r3@secret.example,Three times,,r3.ogg
"""


def sound(hertz=440.0, seconds=0.4):
    made = io.BytesIO()
    at = np.arange(int(seconds * 16_000)) / 16_000
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((np.sin(2 * np.pi * hertz * at) * 9_000).astype("<i2").tobytes())
    return made.getvalue()


@pytest.fixture
def voices(empty, tmp_path, monkeypatch):
    """Give a study that names two voice notes; recordings lie in the test's own folder."""
    monkeypatch.setenv("WORKBENCH_MEDIA_URL", str(tmp_path / "media of #1"))
    empty.ingest(SURVEY, WITH_VOICE)
    return empty


@pytest.fixture
def arguments(voices):
    return voices.actor, voices.database, voices.study_id


def bring(arguments, given, **options):
    sent = [Upload(name, io.BytesIO(data)) for name, data in given.items()]
    return recordings.ingest_recordings(*arguments, sent, **options)


def listed(arguments):
    return {item.file_name: item for item in recording_matches.list_recordings(*arguments)}


def test_recordings_are_matched_kept_and_told(arguments):
    report = bring(arguments, {
        "Note 1.wav": sound(440), "r3.wav": sound(550), "monday.wav": sound(660),
        "R2 q1.wav": sound(770), "list.wav": b"no sound at all" * 50, "read.txt": b"x",
    })  # fmt: skip
    assert (report.new, report.known) == (4, 0)
    assert (report.matched, report.doubtful, report.unmatched) == (2, 1, 1)
    assert {item.filename: item.message for item in report.refused} == {
        "list.wav": "this is not a recording that can be read. It may be damaged, cut short or of "
        "another kind; save it again as mp3 or wav.",
        "read.txt": "files that end in .txt are not taken for recordings.",
    }
    found = listed(arguments)
    assert (found["Note 1.wav"].respondent, found["Note 1.wav"].question) == ("R1", "q2")
    assert found["Note 1.wav"].matched_by == "file name"
    assert (found["r3.wav"].respondent, found["R2 q1.wav"].matching) == ("R3", "doubtful")
    assert found["monday.wav"].matching == "unmatched"
    assert found["monday.wav"].media_type == "audio/wav"
    assert found["monday.wav"].duration_ms == 400
    store = media.media_store(arguments[1])
    for item in found.values():
        with store.open(item.uri) as file:
            assert len(file.read()) == item.size_bytes


def test_the_same_bytes_are_one_recording_and_twice_changes_nothing(arguments):
    given = {"r3.wav": sound(), "copy of r3.wav": sound()}
    first = bring(arguments, given)
    assert (first.new, first.known) == (1, 1)
    before = listed(arguments)
    again = bring(arguments, given)
    assert (again.new, again.known) == (0, 2)
    assert listed(arguments) == before


def test_a_dry_run_says_the_same_and_writes_nothing(arguments, tmp_path):
    given = {"r3.wav": sound(), "monday.wav": sound(990)}
    tried = bring(arguments, given, dry_run=True)
    assert listed(arguments) == {}
    assert not (tmp_path / "media of #1").exists()
    done = bring(arguments, given)
    assert (tried.new, tried.matched, tried.unmatched) == (done.new, done.matched, done.unmatched)


def test_a_manifest_matches_and_its_bad_rows_are_told_by_number(arguments):
    table = files.read_table(
        b"Filename;Participant;Question\na.wav;R1;q1\nb.wav;R9;q1\nc.wav;R2;q9\na.wav;R2;q1\n;R2;q1\n",
        "who.csv",
    )  # fmt: skip
    report = bring(arguments, {"A.wav": sound(1)}, manifest=table)
    assert (report.matched, listed(arguments)["A.wav"].matched_by) == (1, "manifest")
    assert [(row.row, row.message) for row in report.bad_rows] == [
        (3, "there is no respondent 'R9' in the study."),
        (4, "there is no question 'q9'. Questions: q1, q2."),
        (5, "'a.wav' is listed above already."),
        (6, "there is no file name."),
    ]


def test_a_manifest_without_its_columns_is_refused(arguments):
    table = files.read_table(b"file,who,what\na.wav,R1,q1\n", "who.csv")
    with pytest.raises(InputError, match=r"who.csv: the manifest has no column 'respondent'"):
        bring(arguments, {"a.wav": sound()}, manifest=table)


def test_names_as_hostile_as_they_come_stay_harmless(arguments):
    name = "<img src=x onerror=alert(1)>\u202e\x07=cmd|'/c calc'!A1.wav"
    report = bring(arguments, {name: sound()})
    assert report.new == 1
    (shown,) = listed(arguments)
    assert "\u202e" not in shown and "\x07" not in shown and "onerror" in shown


def test_limits_of_number_and_length_are_kept(arguments, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MAX_RECORDINGS", "1")
    report = bring(arguments, {"a.wav": sound(1), "b.wav": sound(2)})
    assert report.new == 1
    assert report.refused[0].message.startswith("more than 1 recordings at once.")
    monkeypatch.setenv("WORKBENCH_MAX_RECORDING_MINUTES", "1")
    report = bring(arguments, {"long.wav": sound(3, 61)})
    assert report.refused[0].message.startswith("the recording is longer than 1 minutes.")


def test_settling_and_setting_aside(arguments):
    bring(arguments, {"monday.wav": sound(1), "tuesday.wav": sound(2)})
    keys = {name: item.id for name, item in listed(arguments).items()}
    recording_matches.settle(*arguments, keys["monday.wav"], respondent="R2", question="q2")
    recording_matches.set_aside(*arguments, keys["tuesday.wav"])
    found = listed(arguments)
    assert (found["monday.wav"].matching, found["monday.wav"].matched_by) == ("matched", "person")
    assert (found["monday.wav"].respondent, found["monday.wav"].question) == ("R2", "q2")
    assert found["tuesday.wav"].matching == "set_aside"
    with pytest.raises(ConflictError, match=r"R2 has a recording for q2 already\."):
        recording_matches.settle(*arguments, keys["tuesday.wav"], respondent="R2", question="q2")
    recording_matches.take_back(*arguments, keys["tuesday.wav"])
    assert recording_matches.count_recordings(*arguments) == {"matched": 1, "unmatched": 1}
    for wrong in ({"respondent": "R9", "question": "q2"}, {"respondent": "R1", "question": "q9"}):
        with pytest.raises(NotFound, match="there is no"):
            recording_matches.settle(*arguments, keys["tuesday.wav"], **wrong)
    with pytest.raises(NotFound):
        recording_matches.set_aside(*arguments, 999)


def test_who_looks_on_may_not_bring_anything_in(arguments, voices):
    viewer = voices.person("Vera")
    with voices.database.write() as connection:
        connection.execute(
            membership.insert().values(
                study_id=voices.study_id, coder_id=viewer.id, role="viewer", created_at="2022"
            )
        )
    with pytest.raises(NotAllowed):
        bring((viewer, *arguments[1:]), {"a.wav": sound()})
    assert listed(arguments) == {}


def test_recordings_of_people_who_withdrew_are_not_shown_nor_matched(arguments, voices):
    bring(arguments, {"r3.wav": sound()})
    with voices.database.write() as connection:
        connection.execute(
            respondent.update().where(respondent.c.ref == "R3").values(withdrawn_at="2022-03-01")
        )
    assert listed(arguments) == {}
    assert recording_matches.count_recordings(*arguments) == {}
    assert "R3" not in recording_matches.answers_to_choose(*arguments)[0]
    assert bring(arguments, {"R3.wav": sound(9)}).unmatched == 1


def test_events_hold_no_names_of_files_and_the_chain_holds(arguments, voices):
    bring(arguments, {"Amina Khan 1990.wav": sound()})
    with voices.database.read() as connection:
        payloads = [row.payload for row in connection.execute(event.select())]
        assert verify_chain(connection, voices.study_id) is None
    assert not any("Amina" in payload for payload in payloads)


def test_reimporting_the_survey_leaves_recordings_and_what_awaits_them(arguments, voices):
    bring(arguments, {"r3.wav": sound()})
    before = listed(arguments)
    voices.ingest(SURVEY, WITH_VOICE)
    assert listed(arguments) == before
    with voices.database.read() as connection:
        waiting = connection.execute(
            absent_answer.select().where(absent_answer.c.state == "awaiting_transcript")
        ).all()
    assert len(waiting) == 2


def test_a_spoken_memo_is_kept_once_with_a_memo_that_waits_for_its_words(arguments):
    key = voice_memos.add_voice_memo(*arguments, sound())
    assert voice_memos.add_voice_memo(*arguments, sound()) == key
    assert listed(arguments) == {}  # it is nobody's answer
    with pytest.raises(AudioError):
        voice_memos.add_voice_memo(*arguments, b"junk")


def test_an_import_whose_people_have_recordings_stays(arguments, voices):
    bring(arguments, {"r3.wav": sound()})
    assert imports.why_not_undo(*arguments) == (
        "the import of survey.csv stays: 1 recording is by its respondents."
    )
    keys = [item.id for item in recording_matches.list_recordings(*arguments)]
    recording_matches.set_aside(*arguments, keys[0])
    assert imports.undo_import(*arguments).respondents == 3


def test_a_damaged_member_of_an_archive_fails_alone(arguments):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.wav", sound(1))
        archive.writestr("b.wav", sound(2))
        archive.writestr("c.wav", sound(3))
    data = bytearray(packed.getvalue())
    data[data.index(sound(2)) + 200] ^= 0xFF
    report = bring(arguments, {"all.zip": bytes(data)})
    assert sorted(listed(arguments)) == ["all.zip/a.wav", "all.zip/c.wav"]
    assert [(item.filename, item.message) for item in report.refused] == [
        ("all.zip/b.wav",
         "the file cannot be read: Bad CRC-32 for file 'b.wav'. Copy or pack it again."),
    ]  # fmt: skip


def test_the_same_bytes_under_anothers_name_are_told(arguments):
    bring(arguments, {"r3.wav": sound()})
    again = bring(arguments, {"Note 1.wav": sound()})
    assert (again.new, again.known) == (0, 1)
    assert again.warnings == [
        "Note 1.wav: the same recording is there already for another answer. It stays with that "
        "one; settle it on the Import page if it is wrong."
    ]
    both = {"Note 1.wav": sound(9), "r3.ogg": sound(9)}
    assert len(bring(arguments, both, dry_run=True).warnings) == 1


def test_the_limit_of_number_leaves_the_rest_for_the_next_time(arguments, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MAX_RECORDINGS", "1")
    given = {"a.wav": sound(1), "b.wav": sound(2)}
    assert bring(arguments, given).new == 1
    second = bring(arguments, given)
    assert (second.new, second.known, second.refused) == (1, 1, [])


def test_what_was_taken_before_a_full_disk_is_kept(arguments, monkeypatch):
    put = media.MediaStore.put

    def full(self, source, sha256, ending):
        if listed_sizes.append(1) or len(listed_sizes) > 1:
            raise StoreError("the recording could not be kept: no space left")
        return put(self, source, sha256, ending)

    listed_sizes = []
    monkeypatch.setattr(media.MediaStore, "put", full)
    with pytest.raises(StoreError, match="no space left"):
        bring(arguments, {"a.wav": sound(1), "b.wav": sound(2)})
    assert list(listed(arguments)) == ["a.wav"]


def test_what_is_known_is_not_decoded_again(arguments, monkeypatch):
    bring(arguments, {"a.wav": sound(1)})
    monkeypatch.setattr(recordings.audio, "probe", None)
    assert bring(arguments, {"a.wav": sound(1)}).known == 1


def test_a_recording_that_another_takes_away_meanwhile_is_told_and_not_listed(arguments):
    """Where two have the same one, the other's import may be taken back at that moment."""
    store = media.media_store(arguments[1])

    def on_file(n, name):
        if n == 1:  # the first one lies in the folder and is not written down yet
            for path in Path(store.url).rglob("*.wav"):
                store.delete(path.relative_to(store.url).as_posix())

    report = bring(arguments, {"Note 1.wav": sound(440), "r3.wav": sound(550)}, on_file=on_file)
    assert (report.new, list(listed(arguments))) == (1, ["r3.wav"])
    (told,) = report.refused
    assert told.filename == "Note 1.wav"
    assert "Bring the file in again." in told.message
    assert bring(arguments, {"Note 1.wav": sound(440)}).new == 1
