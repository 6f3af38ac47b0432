"""Focus groups: transcripts become documents, turns count for those who speak."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.ingest.speech_files import read_speech
from workbench.errors import InputError
from workbench.services import focus_groups
from workbench.services.focus_groups import SpeakerPlan

VTT = b"""WEBVTT

00:00.000 --> 00:04.000
<v Lin Facilitator>Who did you ask first?</v>

00:04.000 --> 00:09.000
<v P1>I rang the school.</v>

00:09.000 --> 00:12.000
<v P2>Nobody rang back.</v>

00:12.000 --> 00:15.000
<v P1>Same here, twice.</v>
"""

PLANS = (
    SpeakerPlan("Facilitator", ("Lin Facilitator",), "facilitator"),
    SpeakerPlan("P1", ("P1",), respondent="R1"),
    SpeakerPlan("P2", ("P2",), respondent="FG1 P2"),
)


def ingest(bench: Any, data: bytes = VTT, plans: Any = PLANS, **options: Any) -> Any:
    speech = read_speech(data, "fg1.vtt")
    return focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, speech, plans, name="FG1", **options
    )


def test_a_transcript_becomes_a_document_with_turns(bench: Any) -> None:
    report = ingest(bench, series="Parents", held_on="2024-03-01")
    assert (report.outcome, report.turns, report.respondents_new) == ("new", 4, ["FG1 P2"])
    place = (bench.actor, bench.database, bench.study_id)
    (group,) = focus_groups.list_focus_groups(*place)
    assert (group.name, group.series, group.held_on) == ("FG1", "Parents", "2024-03-01")
    found = focus_groups.load_discussion(*place, group.id)
    assert [found.text[turn.start : turn.end] for turn in found.turns] == [
        "Who did you ask first?",
        "I rang the school.",
        "Nobody rang back.",
        "Same here, twice.",
    ]
    assert "P1" not in found.text
    assert [item.role for item in found.speakers] == ["facilitator", "participant", "participant"]
    assert all("Lin" not in str(item) for item in found.speakers)


def test_the_same_again_changes_nothing_and_a_dry_run_neither(bench: Any, everything: Any) -> None:
    before = everything(bench.database)
    assert ingest(bench, dry_run=True).outcome == "new"
    assert everything(bench.database) == before
    ingest(bench)
    before = everything(bench.database)
    assert ingest(bench).outcome == "unchanged"
    assert everything(bench.database) == before


def test_a_corrected_transcript_keeps_codings_and_their_people(bench: Any) -> None:
    key = ingest(bench).document_id
    bench.code(key, "Waiting", "Nobody rang back.")
    report = ingest(bench, VTT.replace(b"I rang the school.", b"I rang the primary school."))
    assert (report.outcome, report.codings_kept, report.codings_flagged) == ("changed", 1, 0)
    (row,) = [item for item in bench.export() if item["document"] == "FG1"]
    assert row["quote"] == "Nobody rang back."


def test_plans_that_contradict_each_other_are_refused(bench: Any) -> None:
    with pytest.raises(InputError, match="two speakers are called 'P1'"):
        ingest(bench, plans=[SpeakerPlan("P1", ("P1",)), SpeakerPlan("P1", ("P2",))])
    with pytest.raises(InputError, match="'P1' is said to be two people"):
        ingest(bench, plans=[SpeakerPlan("A", ("P1",)), SpeakerPlan("B", ("P1",))])
