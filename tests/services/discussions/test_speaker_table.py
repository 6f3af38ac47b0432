"""The table of speakers: what rows mean, which of them are one person, and what is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.ingest.discussions.speech import SpeechFile, Turn
from workbench.services.discussions import speaker_table
from workbench.services.discussions.speaker_plans import SpeakerPlan
from workbench.services.discussions.speaker_proposals import propose
from workbench.services.discussions.speaker_table import SpeakerRow, read_rows

AMINA = SpeakerRow("Amina K.", "P1", respondent="FG1 P1")
SAME = SpeakerRow("A. Khan", "P2", respondent="FG1 P2")


def test_rows_with_one_shown_name_are_one_person_who_is_the_first() -> None:
    apart = read_rows([AMINA, SAME], {})
    assert [plan.names for plan in apart.plans] == [("Amina K.",), ("A. Khan",)]
    renamed = speaker_table.with_cells([AMINA, SAME], {"A. Khan": {"shown": " P1 "}})
    one = read_rows(renamed, {"A. Khan": {"shown"}})
    assert one.plans == (SpeakerPlan("P1", ("Amina K.", "A. Khan"), respondent="FG1 P1"),)
    assert one.told[0] == "One person with A. Khan. New respondent."
    other_way = speaker_table.with_cells([AMINA, SAME], {"Amina K.": {"shown": "P2"}})
    (plan,) = read_rows(other_way, {"Amina K.": {"shown"}}).plans
    assert (plan.name, plan.respondent) == ("P2", "FG1 P2")


def test_what_a_person_has_set_goes_before_proposals_and_may_not_contradict_itself() -> None:
    both = {"A. Khan": {"shown": "P1", "respondent": "R7", "role": "facilitator"}}
    reading = read_rows(speaker_table.with_cells([AMINA, SAME], both), both)
    assert reading.plans == (SpeakerPlan("P1", ("Amina K.", "A. Khan"), "facilitator"),)
    both["Amina K."] = {"respondent": "R8"}
    reading = read_rows(speaker_table.with_cells([AMINA, SAME], both), both)
    assert reading.plans == ()
    assert reading.problems == {
        1: "the same person as Amina K., who is R8: say the same, or show another name."
    }


def test_a_facilitator_is_not_called_a_participant() -> None:
    rows = [SpeakerRow("Lin", "Participant 1"), SpeakerRow("LIN", "Participant 1"),
            SpeakerRow("Jo", "Participant 2"), SpeakerRow("F", "Facilitator", "facilitator"),
            SpeakerRow("Sam", "Participant 3", respondent="R1")]  # fmt: skip
    cells = {
        "Lin": {"role": "facilitator"},
        "Jo": {"role": "facilitator", "shown": "Participant 2"},
        "Sam": {"role": "participant"},
    }
    plans = read_rows(speaker_table.with_cells(rows, cells), cells).plans
    assert {(plan.name, plan.names) for plan in plans} == {
        ("Facilitator (2)", ("Lin", "LIN")), ("Participant 2", ("Jo",)), ("Facilitator", ("F",)),
        ("Participant 3", ("Sam",)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"shown": None}, "give the name that is to be shown."),
        ({"shown": "x" * 201}, "a name has at most 200 characters; this one has 201."),
        ({"respondent": "r" * 201}, "a respondent's id has at most 200 characters."),
        ({"role": "chair"}, "say whether this is a participant or facilitator, or not a speaker."),
        ({"respondent": "R9"}, "R9 has withdrawn: take their words out of the file first."),
    ],
)
def test_what_is_wrong_stands_in_its_row(cells: Any, why: str) -> None:
    rows = speaker_table.with_cells([SAME, AMINA], {"Amina K.": cells})
    reading = read_rows(rows, {}, known={"R9": True})
    assert (reading.problems, reading.plans) == ({1: why}, ())


def test_each_row_says_what_comes_of_it() -> None:
    rows = [
        SpeakerRow("Lin", "Lin", "facilitator", "R1"), SpeakerRow("A", "A", respondent="R1"),
        SpeakerRow("B", "B", respondent="r1"), SpeakerRow("C", "C"),
        SpeakerRow("Note", "Note", "not a speaker"), SpeakerRow("Q2", "", "not a speaker"),
    ]  # fmt: skip
    reading = read_rows(rows, {}, known={"R1": False})
    assert reading.told == (
        "Shown, and counts for nobody.", "Respondent of the study.",
        "New respondent. Or is it R1?", "Counts for nobody.",
        "No name: these words are those of whoever speaks before.",
        "No name: these words are those of whoever speaks before.",
    )  # fmt: skip
    assert [plan.respondent for plan in reading.plans] == [None, "R1", "r1", None]
    twins = read_rows([AMINA, SpeakerRow("Jo", "P2", respondent="FG1 P1")], {})
    assert twins.told[1] == (
        "The same respondent as P1: for one person, show one name. New respondent."
    )


def test_a_row_for_each_name_of_a_file_with_what_it_says(bench: Any) -> None:
    turns = [Turn("Amina Khan", "Yes."), Turn("", "Hm hm."), Turn("\u200b", "Who?"),
             Turn("AMINA KHAN", "I rang the school and nobody rang me back, ever."),
             Turn("R1", "word " * 99)]  # fmt: skip
    speech = SpeechFile("fg.vtt", tuple(turns), "voices")
    place = (bench.actor, bench.database, bench.study_id)
    rows = speaker_table.rows_of(propose(*place, speech, name="FG").speakers, speech.speakers)
    assert [(row.given, row.shown, row.respondent) for row in rows] == [
        ("Amina Khan", "Participant 1", "FG Participant 1"),
        ("AMINA KHAN", "Participant 1", "FG Participant 1"),
        ("R1", "R1", "R1"),
    ]
    facts = speaker_table.facts_of(speech)
    assert (facts[""].words, facts["R1"].words, len(facts["R1"].sample)) == (2, 99, 120)
    assert facts["Amina Khan"].sample == "Yes."
    known = speaker_table.known_respondents(*place, ["r1", "R2", "FG Participant 1", "a\x00"])
    assert known == {"R1": False, "R2": False}


def test_the_day_in_a_file_name_is_found_and_left_out_of_the_group_name() -> None:
    assert speaker_table.guessed_day("FG2_2024-03-01_transcript.txt") == date(2024, 3, 1)
    assert speaker_table.guessed_day("2024-13-01.txt") is None
    assert speaker_table.guessed_day("12024-03-011.txt") is None
    assert speaker_table.suggested_group("FG2_2024-03-01_transcript.txt") == "FG2"
