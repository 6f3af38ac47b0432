"""Names of a file or a table of participants: none is kept, and each stays with its words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest.discussions.people_table import PersonRow
from tests.conftest import empty_bench
from workbench.services import files
from workbench.services.discussions import focus_groups, transcript_batch
from workbench.services.discussions.participants import PeopleTable, match_people, read_people
from workbench.services.discussions.speaker_plans import SpeakerPlan


@pytest.fixture
def mine(sqlite: Any) -> Any:
    """Make an empty study."""
    return empty_bench(sqlite)


def people(text: str) -> Any:
    return read_people(files.read_table(text.encode(), "people.csv"))


def vtt(*turns: tuple[str, str]) -> bytes:
    cues = (
        f"00:{at:02}.000 --> 00:{at + 1:02}.000\n<v {name}>{words}</v>"
        for at, (name, words) in enumerate(turns)
    )
    return ("WEBVTT\n\n" + "\n\n".join(cues) + "\n").encode()


THREE = vtt(("Anna Khan", "I rang."), ("Ben Doyle", "Nobody did."), ("Cleo", "I never would."))


def bring(
    bench: Any,
    folder: Path,
    data: bytes = THREE,
    table: str = "",
    name: str = "FG1.vtt",
    **more: Any,
) -> Any:
    (folder / name).write_bytes(data)
    return transcript_batch.ingest_transcripts(
        bench.actor, bench.database, bench.study_id, [folder / name],
        transcript_batch.Options(**more), people=people(table) if table else None,
    )  # fmt: skip


def said(bench: Any) -> list[tuple[str, str | None, str]]:
    """Give who is shown, their respondent, and the first words of theirs."""
    place = (bench.actor, bench.database, bench.study_id)
    (group,) = focus_groups.list_focus_groups(*place)
    found = focus_groups.load_discussion(*place, group.id)
    first = {turn.speaker: found.text[turn.start : turn.end] for turn in reversed(found.turns)}
    return [(plan.name, plan.respondent, first[plan.name]) for plan in found.plans]


@pytest.mark.parametrize(
    "table",
    [
        "Shown as,Speaker,age\nP1,Anna Khan,30\nP2,Ben Doyle,40\nP3,Cleo,50\n",
        "label,speaker,age\nP1,Anna Khan,30\nP2,Ben Doyle,40\nP3,Cleo,50\n",
        "name,speaker,age\nAnna Khan,Anna Khan,30\nBen Doyle,Ben Doyle,40\nCleo,Cleo,50\n",
        "real name,speaker,initials,age\nAnna Khan,anna khan,AK,30\nBen D,Ben Doyle,BD,40\n",
        "speaker,known as,transcript_name,age\nAnna Khan,Annie,Anna,30\nBen Doyle,Benny,Ben,40\n",
        "speaker,who is it,age\nAnna Khan,Anna,30\nBen Doyle,ben,40\nCleo,x,50\n",
        "participant,age\nAnna Khan,30\nBen Doyle,40\nCleo,50\n",
        "participant,speaker,age\nAnna Khan,Anna Khan,30\nBen Doyle,Ben Doyle,40\n",
        "respondent,who,age\nFG1 Participant 1,Anna Khan,30\nFG1 Participant 2,Ben,40\n",
    ],
)
def test_a_table_of_participants_brings_no_name_in(
    mine: Any, everything: Any, tmp_path: Path, table: str
) -> None:
    report = bring(mine, tmp_path, table=table)
    kept = str(everything(mine.database)) + str(report.groups[0].as_dict(with_names=False))
    for name in ("Anna", "Khan", "Ben", "Annie", "'AK'", "anna", "Cleo"):
        assert name not in kept, name
    (age,) = {key for row in people(table).rows for key in row.values} & {"age"}
    assert age in kept and "30" in kept


def test_columns_of_names_that_are_left_out_are_told() -> None:
    table = people("real name,speaker,borough name,initials\nAnna Khan,Anna,Hull,AK\n")
    assert table.warnings == tuple(
        f"the column {column!r} is left out: it names or reaches people."
        for column in ("real name", "initials")
    )
    assert [item.name for item in table.attributes] == ["borough_name"]
    assert people("Shown as,age\nP1,30\n").rows[0].speaker == "P1"


def test_a_name_that_the_table_gives_is_nobody_elses(mine: Any, tmp_path: Path) -> None:
    bring(mine, tmp_path, table="speaker,shown as,age\nAnna Khan,Participant 2,30\n")
    assert said(mine) == [
        ("Participant 2", "FG1 Participant 2", "I rang."),
        ("Participant 2 (2)", "FG1 Participant 2 (2)", "Nobody did."),
        ("Participant 3", "FG1 Participant 3", "I never would."),
    ]


def test_rows_of_one_shown_name_and_two_people_stay_apart(mine: Any, tmp_path: Path) -> None:
    table = (
        "speaker,shown as,respondent,role\nAnna Khan,Rosa,RA,\nBen Doyle,Rosa,RB,\n"
        "Cleo,Rosa,,facilitator\n"
    )
    report = bring(mine, tmp_path, table=table)
    assert [(bad.row, bad.message) for bad in report.bad_rows] == [
        (row, "the row shows another person as 'Rosa', as row 2 does, with another respondent or "
              "role, and was left out. Give each their own name.") for row in (3, 4)
    ]  # fmt: skip
    assert said(mine)[:2] == [
        ("Rosa", "RA", "I rang."),
        ("Participant 2", "FG1 Participant 2", "Nobody did."),
    ]


def test_rows_by_shown_name_are_held_against_the_speakers_once(
    mine: Any, everything: Any, tmp_path: Path
) -> None:
    bring(mine, tmp_path)
    table = (
        "speaker,shown as,respondent,age\nParticipant 1,Participant 2,RA,young\n"
        "Participant 2,Participant 1,RB,old\nParticipant 3,Kim,,middle\n"
    )
    report = bring(mine, tmp_path, table=table)
    assert (report.bad_rows, report.groups[0].report.values_changed) == ([], 1)
    assert said(mine) == [
        ("Participant 2", "RA", "I rang."),
        ("Participant 1", "RB", "Nobody did."),
        ("Kim", "FG1 Participant 3", "I never would."),
    ]


def test_a_row_without_a_speaker_is_not_about_who_is_shown_as_a_dash() -> None:
    plans = [SpeakerPlan("P1", ("Anna",), respondent="R1"), SpeakerPlan("—", ("Xx",))]
    table = PeopleTable("people.csv", (PersonRow(2, "", "R1", values={"age": ("30",)}),))
    found = match_people(plans, table, group="FG1")
    assert (found.plans, set(found.values)) == (plans, {"R1"})


def test_a_facilitator_of_the_samples_is_no_respondent() -> None:
    table = people(
        "speaker,shown_as,role_in_group,respondent,role\nImogen,Facilitator,facilitator,,\n"
        "Rukhsana,L2,participant,S16,Commissioner\nGethin,L3,participant,S41,Health visiting\n"
    )
    assert [row.role for row in table.rows] == ["facilitator", "participant", "participant"]
    assert [item.name for item in table.attributes] == ["role"]


def test_a_table_of_another_group_is_told_once(mine: Any, tmp_path: Path) -> None:
    table = "speaker,respondent\nZora,R1\nYan,R2\n"
    report = bring(mine, tmp_path, table=table)
    assert report.bad_rows == []
    assert report.warnings == [
        "people.csv seems to be about another group: none of its 2 rows is about anybody who "
        "speaks in these files."
    ]


def test_two_names_of_one_respondent_are_told(mine: Any, tmp_path: Path) -> None:
    table = "speaker,shown as,respondent\nAnna Khan,Rosa,R1\nBen Doyle,Tom,R1\nCleo,Kim,R2\n"
    report = bring(mine, tmp_path, table=table, dry_run=True)
    assert report.groups[0].report.warnings == [
        "Rosa and Tom are one respondent, R1, and count once. If they are one person, show one "
        "name; else give each an id of their own."
    ]


def test_an_interpreter_is_no_participant_and_whom_they_speak_for_is(
    mine: Any, tmp_path: Path
) -> None:
    data = vtt(
        ("Interpreter", "She says that she rang."), ("P5 (through interpreter)", "Main ne"),
        ("P5", "phone kiya."), ("Amina Shah (interpreter)", "And again."),
        ("Bryony (SpeakOut)", "Whom?"),
    )  # fmt: skip
    report = bring(mine, tmp_path, data)
    assert [(item.plan.name, item.plan.role) for item in report.groups[0].proposal.speakers] == [
        ("Interpreter", "facilitator"),
        ("P5", "participant"),
        ("Interpreter (2)", "facilitator"),
        ("Participant 1", "participant"),
    ]
    assert report.groups[0].proposal.speakers[0].why == (
        "An interpreter: what they say is shown, and counts for nobody."
    )
    assert said(mine)[1] == ("P5", "FG1 P5", "Main ne")


def test_a_file_that_is_there_under_another_name_does_not_come_in_twice(
    bench: Any, tmp_path: Path
) -> None:
    bring(bench, tmp_path)
    place = (bench.actor, bench.database, bench.study_id)
    (group,) = focus_groups.list_focus_groups(*place)
    focus_groups.settle_speakers(*place, group.id, name="Parents 1")
    again = bring(bench, tmp_path)
    assert [item.message for item in again.refused] == [
        "the study has this file already, as 'Parents 1'. Bring it in alone: with --name "
        "'Parents 1' to correct that group, with another name to have it twice."
    ]
    assert bring(bench, tmp_path, dry_run=True).groups == []
    same = tmp_path / "same"
    same.mkdir()
    corrected = bring_as(bench, same, "Parents 1")
    assert corrected.groups[0].report.outcome == "unchanged"
    second = bring_as(bench, same, "Parents 2")
    assert second.groups[0].report.warnings == [
        "the study has this file already, as 'Parents 1': 'Parents 2' is a second group of it."
    ]


def test_another_group_of_the_same_name_replaces_nothing(mine: Any, tmp_path: Path) -> None:
    bring(mine, tmp_path, vtt(("P1", "I rang them up."), ("P2", "And nobody ever rang back.")))
    other = vtt(("P1", "Completely other words here."), ("P2", "From another town, as it is."))
    refused = bring(mine, tmp_path, other)
    assert [item.message for item in refused.refused] == [
        "the study has another group called 'FG1', with other people and words. Bring it in alone, "
        "with --name and another name; or with this one, to replace that group."
    ]
    assert said(mine)[0][2] == "I rang them up."
    corrected = vtt(("P1", "I rang them up."), ("P2", "And nobody, never ever, rang us."))
    assert bring(mine, tmp_path, corrected).groups[0].report.outcome == "changed"
    assert bring_as(mine, tmp_path, "FG1", other).groups[0].report.outcome == "changed"


def bring_as(bench: Any, folder: Path, group: str, data: bytes = THREE) -> Any:
    """Bring a file in as a group of this name."""
    (folder / "FG1.vtt").write_bytes(data)
    options = transcript_batch.Options(group)
    return transcript_batch.ingest_transcripts(
        bench.actor, bench.database, bench.study_id, [folder / "FG1.vtt"], options
    )
