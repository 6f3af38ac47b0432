"""A table of participants beside speakers whom a person settles."""

from __future__ import annotations

from typing import Any

from pipelines.ingest.discussions.speech import SpeechFile, Turn
from workbench.services.discussions import speaker_people, speaker_table
from workbench.services.discussions.speaker_plans import SpeakerPlan
from workbench.services.discussions.speaker_proposals import propose

TABLE = (
    b"speaker,respondent,role,focus group,tenure\nAmina,R1,,FG,Rents\nLin,,facilitator,FG,\n"
    b"Amina,R2,,FG,Owns\nJo,R3,,Other,Owns\n"
)
ONE = b"speaker,shown as,respondent\nAmina,YP1,R1\nJo,YP1,R1\n"


def linked(bench: Any, table: bytes = TABLE) -> Any:
    turns = (Turn("Lin", "Who did you ask?"), Turn("Amina", "Nobody."), Turn("Jo", "Me too."))
    place = (bench.actor, bench.database, bench.study_id)
    proposal = propose(*place, SpeechFile("fg.vtt", turns, "voices"), name="FG")
    people = speaker_people.open_table(table, "who.csv")
    return people, speaker_people.link(proposal, people)


def test_the_table_goes_before_what_is_proposed(bench: Any) -> None:
    _, found = linked(bench)
    lin, amina, jo = found.proposal.speakers
    assert (lin.plan.role, amina.plan.respondent) == ("facilitator", "R1")
    assert lin.why == amina.why == "As who.csv has it."
    assert jo.plan.respondent == "FG Participant 3"


def test_who_speaks_and_is_not_in_the_table_may_lead_the_group(bench: Any) -> None:
    ask = "Not in who.csv: do they lead the group?"
    _, found = linked(bench)
    assert [item.why.endswith(ask) for item in found.proposal.speakers] == [False, False, True]
    _, found = linked(bench, b"speaker,respondent,focus group\nAmina,R1,Other\n")
    assert not any(ask in item.why for item in found.proposal.speakers)


def test_what_a_person_sets_goes_before_the_table_and_takes_the_row_along(bench: Any) -> None:
    people, found = linked(bench)
    (row,) = speaker_people.settled(people, found, found.proposal.plans).rows
    assert (row.respondent, row.speaker, row.values) == ("R1", "", {"tenure": ("Rents",)})
    moved = [SpeakerPlan("P1", ("Amina", "Jo"), respondent="R4")]
    (row,) = speaker_people.settled(people, found, moved).rows
    assert row.respondent == "R4"
    for plan in (
        SpeakerPlan("P1", ("Amina",)),
        SpeakerPlan("P1", ("Amina",), "facilitator", "R1"),
        SpeakerPlan("P1", ("Lin",), respondent="R1"),
    ):
        assert speaker_people.settled(people, found, [plan]).rows == ()


def test_rows_that_are_about_nobody_in_any_file_are_told(bench: Any) -> None:
    people, found = linked(bench)
    told = speaker_people.rows_to_look_at(people, [found.matched])
    assert [(bad.row, bad.message) for bad in told] == [
        (4, "the row is about the same speaker as row 2, and was left out."),
        (5, "there is no focus group 'Other' among the files."),
    ]


def test_two_names_that_the_table_calls_the_same_are_one_person(bench: Any) -> None:
    people, found = linked(bench, ONE)
    rows = speaker_table.rows_of(found.proposal.speakers, ["Lin", "Amina", "Jo"])
    assert [(row.shown, row.respondent) for row in rows[1:]] == [("YP1", "R1"), ("YP1", "R1")]
    plans = speaker_table.read_rows(rows, {}).plans
    assert plans[1] == SpeakerPlan("YP1", ("Amina", "Jo"), respondent="R1")
    (row,) = speaker_people.settled(people, found, plans).rows
    assert (row.respondent, row.shown) == ("R1", "")
