"""The list of recordings: where each stands, on both kinds of database."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests import voice_notes
from tests.builders import Bench
from tests.voice_notes import Place
from workbench.services.voice_notes import note_list
from workbench.store.tables import document


@pytest.fixture
def place(bench: Bench) -> Place:
    return bench.actor, bench.database, bench.study_id


def standings(place: Place) -> dict[str, str]:
    return {item.file_name: item.standing for item in note_list.list_notes(*place)}


def check(place: Place, document_id: int | None) -> None:
    with place[1].write() as connection:
        connection.execute(
            update(document).where(document.c.id == document_id).values(transcript="checked")
        )


def test_a_study_without_recordings_has_none(place: Place) -> None:
    counts = note_list.count_notes(*place)
    assert (counts.total, counts.new_ms, counts.n_unmatched) == (0, 0, 0)
    assert note_list.list_notes(*place) == []
    assert note_list.latest_notes(*place) == []
    assert note_list.new_recordings(*place) == []
    assert note_list.failed_transcriptions(*place) == []


def test_each_recording_stands_where_its_newest_transcript_stands(place: Place) -> None:
    made = {
        name: voice_notes.record(place, name, who, asked)
        for name, who, asked in [
            ("new", "R1", "q1"), ("queued", "R1", "q2"), ("busy", "R2", "q1"),
            ("failed", "R2", "q2"), ("draft", "R3", "q1"), ("checked", "R3", "q2"),
            ("unattached", None, ""), ("cancelled", "R4", "q1"),
        ]
    }  # fmt: skip
    voice_notes.queue(place, made["queued"])
    voice_notes.queue(place, made["busy"], "transcribing", done_ms=2_000)
    voice_notes.fail(place, made["failed"], "the recording is damaged.")
    for name in ("draft", "checked", "unattached"):
        voice_notes.hear(place, made[name], f"Words of {name}.")
    voice_notes.queue(place, made["cancelled"], "cancelled")
    found = {item.file_name: item for item in note_list.list_notes(*place)}
    check(place, found["checked"].document_id)
    assert standings(place) == {name: name for name in made if name != "cancelled"} | {
        "cancelled": "new"
    }
    counts = note_list.count_notes(*place)
    assert counts.total == 8
    assert counts.by_standing["new"] == 2
    assert counts.of("queued", "busy", "checked") == 3
    assert (counts.new_ms, counts.n_unmatched) == (10_000, 1)
    assert note_list.new_recordings(*place) == [made["new"], made["cancelled"]]
    assert found["draft"].excerpt == "Words of draft."
    assert found["unattached"].excerpt == "Words of unattached."
    assert (found["draft"].respondent, found["draft"].question) == ("R3", "q1")
    assert found["unattached"].document_id is None
    assert found["busy"].done_ms == 2_000
    assert (found["failed"].error, found["failed"].retryable) == ("the recording is damaged.", True)


def test_a_page_holds_some_and_a_filter_those_of_a_standing(place: Place) -> None:
    made = [voice_notes.record(place, f"{at:02d}", f"R{at % 4 + 1}") for at in range(9)]
    voice_notes.fail(place, made[7], "no sound.")
    names = [item.file_name for item in note_list.list_notes(*place, offset=2, limit=3)]
    assert names == ["02", "03", "04"]
    (failed,) = note_list.list_notes(*place, standings=("failed", "draft"))
    assert failed.recording_id == made[7]


def test_the_newest_run_counts_and_a_failure_hides_no_draft_for_good(place: Place) -> None:
    made = voice_notes.record(place, "one", "R1")
    voice_notes.fail(place, made, "the memory was not enough.")
    assert standings(place) == {"one": "failed"}
    voice_notes.hear(place, made, "She came back.")
    assert standings(place) == {"one": "draft"}
    key = voice_notes.fail(place, made, "the worker was lost.")
    assert standings(place) == {"one": "failed"}
    assert note_list.failed_transcriptions(*place) == [key]


def test_only_what_may_help_is_tried_again(place: Place) -> None:
    made = [voice_notes.record(place, name, "R1") for name in ("a", "b")]
    voice_notes.fail(place, made[0], "no sound.", retryable=False)
    key = voice_notes.fail(place, made[1], "the memory was not enough.")
    assert note_list.failed_transcriptions(*place) == [key]


def test_what_was_heard_last_comes_first(place: Place) -> None:
    for at in range(4):
        made = voice_notes.record(place, f"{at}", f"R{at + 1}")
        voice_notes.hear(place, made, f"Words {at}.")
    latest = note_list.latest_notes(*place, limit=2)
    assert [item.excerpt for item in latest] == ["Words 3.", "Words 2."]


def test_language_and_warnings_are_told(place: Place) -> None:
    made = voice_notes.record(place, "one", "R1")
    warning = "Several languages were heard: ur, en."
    voice_notes.hear(place, made, "میں نے تین بار فون کیا", language="ur", sure=0.83,
                     warnings=[warning])  # fmt: skip
    (item,) = note_list.list_notes(*place)
    assert (item.language, item.language_probability) == ("ur", 0.83)
    assert item.warnings == (warning,)
    assert item.excerpt == "میں نے تین بار فون کیا"


def test_a_long_transcript_is_cut_for_the_list(place: Place) -> None:
    made = [voice_notes.record(place, "a", "R1"), voice_notes.record(place, "b")]
    for key in made:
        voice_notes.hear(place, key, "word " * 200 + "end")
    assert [len(item.excerpt) for item in note_list.list_notes(*place)] == [200, 200]


def test_who_has_withdrawn_and_what_was_set_aside_is_nowhere(place: Place) -> None:
    for name, who in (("gone", "R1"), ("here", "R2")):
        voice_notes.hear(place, voice_notes.record(place, name, who), f"Words of {name}.")
    voice_notes.record(place, "aside", "R3", matching="set_aside")
    voice_notes.fail(place, voice_notes.record(place, "broken", "R1", "q2"), "no sound.")
    voice_notes.withdraw(place, "R1")
    assert standings(place) == {"here": "draft"}
    assert note_list.count_notes(*place).total == 1
    assert [item.file_name for item in note_list.latest_notes(*place)] == ["here"]
    assert note_list.new_recordings(*place) == []
    assert note_list.failed_transcriptions(*place) == []


def test_other_studies_are_left_out(place: Place, bench: Bench) -> None:
    from workbench.services import study

    voice_notes.record(place, "one", "R1")
    other = study.create_study(bench.actor, bench.database, "Another")
    assert note_list.count_notes(bench.actor, bench.database, other.id).total == 0
    assert note_list.list_notes(bench.actor, bench.database, other.id) == []
