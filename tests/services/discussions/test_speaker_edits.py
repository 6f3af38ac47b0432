"""Speakers of a focus group that is there, as edits of a table change them."""

from __future__ import annotations

from typing import Any

from tests.services.discussions.test_interactions import hold
from workbench.services.discussions import focus_groups, speaker_edits
from workbench.services.discussions.focus_groups import SpeakerPlan


def read(bench: Any, key: int, edits: Any) -> Any:
    place = bench.actor, bench.database, bench.study_id
    rows = speaker_edits.rows_of(focus_groups.load_discussion(*place, key))
    return speaker_edits.read_edits(*place, rows, edits)


def test_plans_are_of_those_alone_who_change(bench: Any) -> None:
    key = hold(bench)
    assert read(bench, key, {}).plans == ()
    assert read(bench, key, {1: {"shown": "P1", "given": "X"}}).plans == ()
    assert read(bench, key, {2: {"shown": " Mum  2 "}, 9: {"shown": "Nobody"}}).plans == (
        SpeakerPlan("Mum 2", ("P2",)),
    )
    assert read(bench, key, {1: {"role": "facilitator"}}).plans == (
        SpeakerPlan("P1", ("P1",), "facilitator"),
    )


def test_who_takes_anothers_name_becomes_that_person(bench: Any) -> None:
    key = hold(bench)
    found = read(bench, key, {2: {"shown": "P1"}})
    assert found.plans == (SpeakerPlan("P1", ("P1", "P2"), "participant", "R1"),)
    both = read(bench, key, {1: {"respondent": "R1 "}, 2: {"shown": "P1", "respondent": "R2"}})
    assert both.plans == ()
    assert "say the same, or show another name" in both.problems[0]
