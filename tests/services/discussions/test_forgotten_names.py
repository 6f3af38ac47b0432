"""A name that was kept and is replaced later is nowhere in the study any more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import update

from pipelines.ingest.discussions.speech_files import read_speech
from tests.services.discussions.test_focus_groups import ingest, place, settle
from workbench.services.discussions import focus_groups, speaker_edits, speaker_proposals
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.surveys import attributes, imports
from workbench.services.trail import audit, trail_files, undo
from workbench.store.surveys import surveys
from workbench.store.tables import operation

NAMES = ("Anna Khan", "Ben Doyle")
VTT = b"""WEBVTT

00:01.000 --> 00:04.000
<v Lin Facilitator>Who rang?</v>

00:04.000 --> 00:09.000
<v Anna Khan>I rang the school.</v>

00:09.000 --> 00:12.000
<v Ben Doyle>Nobody rang back.</v>

00:12.000 --> 00:15.000
<v anna khan>Never.</v>
"""


def bring(bench: Any, data: bytes = VTT, **options: Any) -> Any:
    """Bring the group in, with names kept."""
    speech = read_speech(data, "fg1.vtt")
    plans = speaker_proposals.propose(*place(bench), speech, name="FG1", keep_names=True).plans
    return ingest(bench, data, plans, **options)


def held(bench: Any, everything: Any, name: str) -> list[str]:
    """Tell in which tables a name stands, in any row or cell."""
    rows = everything(bench.database)
    return [table for table, kept in rows.items() if name in json.dumps(str(kept))]


def shown(bench: Any, key: int) -> list[tuple[str, str | None]]:
    found = focus_groups.load_discussion(*place(bench), key)
    return [(plan.name, plan.respondent) for plan in found.plans]


def test_a_renamed_name_is_nowhere_in_the_database(bench: Any, everything: Any) -> None:
    key = bring(bench).document_id
    assert shown(bench, key)[1] == ("Anna Khan", "FG1 Anna Khan")
    bench.code(key, "Waiting", "Nobody rang back.")
    settle(bench, key, SpeakerPlan("Ben Doyle", ("Ben Doyle",), "facilitator"), series="Parents")
    bring(bench, VTT.replace(b"rang the school", b"rang the primary school"), series="Carers")
    assert {"speaker", "segment", "respondent", "operation", "import_batch"} <= set(
        held(bench, everything, "Anna Khan")
    )
    settle(bench, key, SpeakerPlan("P1", ("Anna Khan",), respondent="FG1 Anna Khan"))
    assert held(bench, everything, "Anna Khan") == []
    assert ("P1", "FG1 P1") in shown(bench, key)
    assert held(bench, everything, "Ben Doyle") != []  # nobody has renamed him


def test_undo_brings_back_a_name_that_tells_nothing_and_redo_the_new_one(
    bench: Any, everything: Any
) -> None:
    key = bring(bench).document_id
    settle(bench, key, series="Parents")
    settle(bench, key, SpeakerPlan("P1", ("Anna Khan",), respondent="FG1 Anna Khan"))
    undo.undo(*place(bench), undo.SPEAKERS)
    assert shown(bench, key)[1] == ("Speaker 2", "FG1 P1")
    undo.redo(*place(bench), undo.SPEAKERS)
    assert shown(bench, key)[1] == ("P1", "FG1 P1")
    for _ in range(2):
        undo.undo(*place(bench), undo.SPEAKERS)
    assert shown(bench, key)[1] == ("Speaker 2", "FG1 P1")
    assert held(bench, everything, "Anna") == []
    again = speaker_proposals.propose(*place(bench), read_speech(VTT, "fg1.vtt"), name="FG1")
    assert again.speakers[1].known and again.plans[1].name == "Speaker 2"


def test_two_names_become_one_and_neither_is_kept(bench: Any, everything: Any) -> None:
    key = bring(bench).document_id
    settle(bench, key, SpeakerPlan("P1", NAMES, respondent="R1"))
    assert [held(bench, everything, name) for name in NAMES] == [[], []]
    undo.undo(*place(bench), undo.SPEAKERS)
    assert shown(bench, key)[1:] == [("Speaker 2", "FG1 P1"), ("Speaker 3", "FG1 P1 (2)")]


def test_the_trail_and_its_files_name_nobody(bench: Any, everything: Any, tmp_path: Path) -> None:
    key = bring(bench).document_id
    with bench.database.read() as connection:
        (person,) = surveys.find_people(connection, bench.study_id, ["FG1 Anna Khan"])
    known = attributes.list_values(*place(bench), person.id)[0].item
    attributes.set_values(*place(bench), person.id, known.id, ["Leeds"])
    assert "operation" in held(bench, everything, "FG1 Anna Khan")
    settle(bench, key, SpeakerPlan("P1", ("Anna Khan",), respondent="FG1 Anna Khan"))
    assert held(bench, everything, "Anna Khan") == []
    for kind in ("csv", "json"):
        path = tmp_path / f"trail.{kind}"
        trail_files.export_trail(*place(bench), path)
        assert "Anna" not in path.read_text(encoding="utf-8")


def test_the_chain_holds_when_a_label_has_lost_a_name_and_for_that_label_only(bench: Any) -> None:
    key = bring(bench).document_id
    with bench.database.read() as connection:
        (person,) = surveys.find_people(connection, bench.study_id, ["FG1 Anna Khan"])
    known = attributes.list_values(*place(bench), person.id)[0].item
    attributes.set_values(*place(bench), person.id, known.id, ["Leeds"])
    settle(bench, key, SpeakerPlan("P1", ("Anna Khan",), respondent="FG1 Anna Khan"))
    assert audit.verify(*place(bench)).holds
    with bench.database.write() as connection:
        labels = operation.c.label.contains("FG1 P1")
        connection.execute(update(operation).where(labels).values(label="FG1 Anna Khan"))
    found = audit.verify(*place(bench))
    assert (found.holds, found.reason) == (
        False, "the words of what this event tells of were changed"
    )  # fmt: skip


def test_a_corrected_transcript_under_a_new_name_forgets_the_old_one(
    bench: Any, everything: Any
) -> None:
    key = bring(bench).document_id
    more = VTT.replace(b"rang the school", b"rang the primary school")
    ingest(bench, more, [
        SpeakerPlan("Facilitator", ("Lin Facilitator",), "facilitator"),
        SpeakerPlan("P1", ("Anna Khan", "anna khan"), respondent="FG1 Anna Khan"),
        SpeakerPlan("P2", ("Ben Doyle",), respondent="R2"),
    ])  # fmt: skip
    assert [held(bench, everything, name) for name in NAMES] == [[], []]
    imports.undo_import(*place(bench))
    assert shown(bench, key) == [
        ("Speaker 1", None), ("Speaker 2", "FG1 P1"), ("Speaker 3", "FG1 P2"),
    ]  # fmt: skip
    found = focus_groups.load_discussion(*place(bench), key)
    assert {turn.speaker for turn in found.turns} == {"Speaker 1", "Speaker 2", "Speaker 3"}


def test_labels_and_ids_of_a_survey_stay(bench: Any, everything: Any) -> None:
    plans = [SpeakerPlan("R1", ("Anna Khan", "anna khan"), respondent="R1"),
             SpeakerPlan("P2", ("Ben Doyle",), respondent="FG1 P2")]  # fmt: skip
    key = ingest(bench, VTT, plans).document_id
    settle(bench, key, SpeakerPlan("YP1", ("R1",), respondent="R1"),
           SpeakerPlan("YP2", ("P2",), respondent="FG1 P2"))  # fmt: skip
    undo.undo(*place(bench), undo.SPEAKERS)
    assert shown(bench, key) == [("R1", "R1"), ("P2", "FG1 P2")]


def test_the_bytes_of_the_file_hold_the_name_no_more(sqlite: Any, tmp_path: Path) -> None:
    from tests.conftest import empty_bench

    bench = empty_bench(sqlite)
    key = bring(bench).document_id
    settle(bench, key, series="Parents")
    settle(bench, key, SpeakerPlan("P1", ("Anna Khan",), respondent="FG1 Anna Khan"))
    path = Path(str(sqlite.engine.url.database))
    sqlite.engine.dispose()
    assert b"Anna Khan" not in path.read_bytes()


def test_a_person_is_told_before_they_save(bench: Any) -> None:
    key = bring(bench).document_id
    rows = speaker_edits.rows_of(focus_groups.load_discussion(*place(bench), key))
    told = speaker_edits.read_edits(*place(bench), rows, {1: {"shown": "P1"}})
    assert told.forgotten == (
        "Anna Khan will be taken out of everything that the study keeps of this group: undo then "
        "brings back a name such as Speaker 2.",
    )
    assert (
        speaker_edits.read_edits(*place(bench), rows, {1: {"role": "facilitator"}}).forgotten == ()
    )
