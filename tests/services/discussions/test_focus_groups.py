"""Focus groups: transcripts become documents, turns count for those who speak."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from pipelines.ingest.discussions.speech import SpeechFile, Turn
from pipelines.ingest.discussions.speech_files import read_speech
from tests.builders import SURVEY
from tests.conftest import empty_bench
from workbench.errors import ConflictError, GoneError, InputError, NotFound
from workbench.services.discussions import (
    focus_groups,
    interactions,
    speaker_edits,
    speaker_proposals,
    speaker_table,
)
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.trail import undo
from workbench.store import tables
from workbench.store.documents import documents
from workbench.store.surveys import surveys
from workbench.store.tables import respondent

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
        bench.actor, bench.database, bench.study_id, speech, plans, **{"name": "FG1", **options}
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


def place(bench: Any) -> Any:
    return bench.actor, bench.database, bench.study_id


def settle(bench: Any, key: int, *plans: SpeakerPlan, **options: Any) -> bool:
    return focus_groups.settle_speakers(*place(bench), key, plans, **options)


def shown(bench: Any, key: int) -> list[tuple[str, str]]:
    """Who says what, as the discussion tells it."""
    found = focus_groups.load_discussion(*place(bench), key)
    return [(turn.speaker, found.text[turn.start : turn.end]) for turn in found.turns]


def refs(bench: Any) -> dict[str, str | None]:
    found = focus_groups.load_discussion(*place(bench), focus_groups.list_focus_groups(
        *place(bench))[0].id)  # fmt: skip
    return {plan.name: plan.respondent for plan in found.plans}


def covered(bench: Any) -> list[str]:
    """Whose words codings cover, by ref."""
    table = tables.coding_respondent
    with bench.database.read() as connection:
        return sorted(connection.execute(
            select(respondent.c.ref).join(table, table.c.respondent_id == respondent.c.id)
        ).scalars())  # fmt: skip


def withdraw(bench: Any, ref: str) -> None:
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == ref).values(withdrawn_at="2024-01-01")
        )


def test_the_order_of_speakers_makes_no_difference(bench: Any) -> None:
    ingest(bench)
    assert ingest(bench, plans=PLANS[::-1]).outcome == "unchanged"
    assert ingest(bench, series="Parents").outcome == "changed"
    assert ingest(bench, series="Parents").outcome == "unchanged"
    assert ingest(bench).outcome == "unchanged"


def test_a_corrected_transcript_keeps_who_was_settled(bench: Any) -> None:
    key = ingest(bench).document_id
    settle(bench, key, SpeakerPlan("Rosa", ("P1", "P2"), respondent="R1"))
    speech = read_speech(VTT.replace(b"twice", b"thrice").replace(b"<v P2>", b"<v p2.>"), "x.vtt")
    plans = speaker_proposals.propose(*place(bench), speech, name="FG1").plans
    assert [(plan.name, plan.names, plan.respondent) for plan in plans] == [
        ("Facilitator", ("Lin Facilitator",), None), ("Rosa", ("P1", "p2."), "R1"),
    ]  # fmt: skip
    ingest(bench, VTT.replace(b"twice", b"thrice"), plans)
    only_p1 = VTT.replace(b"<v P2>Nobody rang back.</v>", b"<v P1>Nobody rang back.</v>")
    speech = read_speech(only_p1, "x.vtt")
    ingest(bench, only_p1, speaker_proposals.propose(*place(bench), speech, name="FG1").plans)
    again = speaker_proposals.propose(*place(bench), read_speech(VTT, "x.vtt"), name="FG1")
    assert [plan.name for plan in again.plans] == ["Facilitator", "Rosa"]


def test_settling_counts_again_and_can_be_undone(bench: Any, everything: Any) -> None:
    key = ingest(bench).document_id
    bench.code(key, "Waiting", "Nobody rang back.")
    bench.code(key, "Phone", "I rang the school.")
    assert covered(bench) == ["FG1 P2", "R1"]
    before = [(shown(bench, key), refs(bench), covered(bench))]
    assert settle(
        bench, key, SpeakerPlan("Rosa", ("P1", "P2"), respondent="R2"), name="Group 1",
        series="Parents", held_on="2024-03-01",
    )  # fmt: skip
    assert shown(bench, key)[1:3] == [
        ("Rosa", "I rang the school."), ("Rosa", "Nobody rang back."),
    ]  # fmt: skip
    assert covered(bench) == ["R2", "R2"]
    (group,) = focus_groups.list_focus_groups(*place(bench))
    assert (group.name, group.series, group.held_on, group.n_speakers) == (
        "Group 1", "Parents", "2024-03-01", 2,
    )  # fmt: skip
    assert not settle(bench, key, SpeakerPlan("Rosa", ("Rosa",), respondent="R2"))
    assert undo.undo(*place(bench), undo.SPEAKERS).label == "the speakers of FG1"
    assert [(shown(bench, key), refs(bench), covered(bench))] == before
    assert focus_groups.list_focus_groups(*place(bench))[0].name == "FG1"
    undo.redo(*place(bench), undo.SPEAKERS)
    assert covered(bench) == ["R2", "R2"]


def test_a_respondent_made_while_settling_goes_and_comes_with_undo_and_redo(bench: Any) -> None:
    key = ingest(bench).document_id
    settle(bench, key, SpeakerPlan("P1", ("P1",), respondent="New"))
    settle(bench, key, SpeakerPlan("P2", ("P2",), "facilitator", respondent="ignored"))
    assert refs(bench) == {"Facilitator": None, "P1": "New", "P2": None}
    for _ in range(2):
        undo.undo(*place(bench), undo.SPEAKERS)
    assert refs(bench)["P1"] == "R1"
    with bench.database.read() as connection:
        assert not surveys.find_people(connection, bench.study_id, ["New"])
    undo.redo(*place(bench), undo.SPEAKERS)
    assert refs(bench)["P1"] == "New"


def test_undo_is_refused_where_somebody_has_settled_or_corrected_since(bench: Any) -> None:
    key = ingest(bench).document_id
    settle(bench, key, SpeakerPlan("Rosa", ("P1",)))
    ben = bench.person("Ben")
    focus_groups.settle_speakers(ben, *place(bench)[1:], key, [SpeakerPlan("Ada", ("P2",))])
    with pytest.raises(ConflictError, match="Ben has changed it since"):
        undo.undo(*place(bench), undo.SPEAKERS)
    seen = focus_groups.load_discussion(*place(bench), key).group.revision_id
    settle(bench, key, SpeakerPlan("Rosa 2", ("Rosa",)), revision_id=seen)
    ingest(bench, VTT.replace(b"twice", b"thrice"))
    with pytest.raises(ConflictError, match="you have changed it since"):
        undo.undo(*place(bench), undo.SPEAKERS)
    with pytest.raises(ConflictError, match="has been corrected in the meantime"):
        settle(bench, key, SpeakerPlan("Rosa 3", ("P1",)), revision_id=seen)


@pytest.mark.parametrize(
    ("plans", "options", "why"),
    [
        ([SpeakerPlan("P2", ("P1",))], {}, "two speakers are called 'P2'"),
        ([SpeakerPlan("X", ("P9",))], {}, "nobody called 'P9' speaks there"),
        ([SpeakerPlan("X", ())], {}, "nobody called 'X' speaks there"),
        ([SpeakerPlan("\x00 ", ("P1",))], {}, "a speaker's name has 1 to 200 characters, not 0"),
        ([SpeakerPlan("x" * 201, ("P1",))], {}, "a speaker's name has 1 to 200 .* not 201"),
        ([SpeakerPlan("X", ("P1",), "boss")], {}, "'boss' is no role"),
        ([SpeakerPlan("X", ("P1",), respondent="x" * 201)], {}, "a respondent's id has 1 to 200"),
        ([], {"name": " "}, "a focus group's name has 1 to 200 characters, not 0"),
        ([], {"name": "FG2"}, "another document of the study is called 'FG2'"),
        ([], {"held_on": "01/03/2024"}, "'01/03/2024' is not a day. Write it as 2022-02-14"),
    ],
)  # fmt: skip
def test_what_cannot_be_settled_is_refused(sqlite: Any, plans: Any, options: Any, why: str) -> None:
    bench = empty_bench(sqlite)
    key = ingest(bench).document_id
    ingest(bench, name="FG2")
    with pytest.raises(InputError, match=why):
        settle(bench, key, *plans, **options)


def test_who_has_withdrawn_is_not_brought_back(bench: Any) -> None:
    key = ingest(bench).document_id
    withdraw(bench, "R1")
    why = "the respondent R1 has withdrawn, and their words must not come back"
    with pytest.raises(InputError, match=why):
        ingest(bench, VTT.replace(b"twice", b"thrice"))
    with pytest.raises(InputError, match=why):
        settle(bench, key, SpeakerPlan("P2", ("P2",), respondent="R1"))
    settle(bench, key, SpeakerPlan("P1", ("P1",)))
    with pytest.raises(GoneError, match="a respondent among the speakers has withdrawn"):
        undo.undo(*place(bench), undo.SPEAKERS)


def test_a_name_that_another_document_has_is_refused(bench: Any) -> None:
    with bench.database.write() as connection:
        documents.add_document(
            connection, study_id=bench.study_id, kind="note", text="A note.", why="note",
            actor_id=bench.actor.id, ref="FG1",
        )  # fmt: skip
    with pytest.raises(InputError, match="another document of the study is called 'FG1'"):
        ingest(bench)


def test_names_of_the_file_are_written_nowhere(bench: Any, everything: Any) -> None:
    key = ingest(bench).document_id
    settle(bench, key, SpeakerPlan("Rosa", ("P1",)))
    assert "Lin" not in str(everything(bench.database))


def test_two_thousand_speakers_and_hostile_names(bench: Any) -> None:
    names = ["<b>x</b>", "=1+1", "\u202ex", "😀"] + [f"S{number}" for number in range(2_000)]
    speech = SpeechFile("big.vtt", tuple(Turn(name, "Hm.") for name in names), "voices")
    plans = speaker_proposals.propose(*place(bench), speech, name="Big", keep_names=True).plans
    report = focus_groups.ingest_transcript(*place(bench), speech, plans, name="Big")
    assert (report.speakers, report.turns, len(report.respondents_new)) == (2_004, 2_004, 2_004)
    assert settle(bench, report.document_id, SpeakerPlan("All", tuple(p.name for p in plans)))
    assert set(shown(bench, report.document_id)) == {("All", "Hm.")}


def test_respondents_with_odd_ids_stay_whom_they_are(bench: Any) -> None:
    bench.ingest(SURVEY.replace("R1,", "R  1,"))
    key = ingest(bench, plans=(SpeakerPlan("P1", ("P1",), respondent="R  1"),)).document_id
    assert refs(bench) == {"P1": "R  1"}
    found = focus_groups.load_discussion(*place(bench), key)
    assert not settle(bench, key, *found.plans)


def test_turns_of_somebody_who_is_no_speaker_stay(bench: Any) -> None:
    key = ingest(bench).document_id
    with bench.database.write() as connection:
        connection.execute(tables.speaker.delete().where(tables.speaker.c.name == "P2"))
    settle(bench, key, SpeakerPlan("Rosa", ("P1",)))
    assert [name for name, _ in shown(bench, key)] == ["Facilitator", "Rosa", "P2", "Rosa"]
    undo.undo(*place(bench), undo.SPEAKERS)
    assert [name for name, _ in shown(bench, key)] == ["Facilitator", "P1", "P2", "P1"]


def test_a_page_that_is_behind_takes_nobody_elses_links_back(bench: Any) -> None:
    key = ingest(bench).document_id
    seen = speaker_edits.rows_of(focus_groups.load_discussion(*place(bench), key))
    ben = bench.person("Ben")
    linked = SpeakerPlan("P1", ("P1",), respondent="R3")
    focus_groups.settle_speakers(ben, *place(bench)[1:], key, [linked])
    renamed = speaker_edits.read_edits(*place(bench), seen, {1: {"shown": "Rosa"}}).plans
    with pytest.raises(ConflictError, match="somebody has settled the speakers of FG1"):
        settle(bench, key, *renamed, seen=speaker_edits.seen_in(seen))
    assert refs(bench)["P1"] == "R3"
    now = speaker_edits.rows_of(focus_groups.load_discussion(*place(bench), key))
    renamed = speaker_edits.read_edits(*place(bench), now, {1: {"shown": "Rosa"}}).plans
    assert settle(bench, key, *renamed, seen=speaker_edits.seen_in(now))
    assert refs(bench)["Rosa"] == "R3"


@pytest.mark.parametrize("odd", ["\x00", "a\x00b", "\ud800x"])
def test_odd_signs_in_what_is_looked_up_by_name(bench: Any, odd: str) -> None:
    rows = (speaker_table.SpeakerRow("a", "a"),)
    edits = {0: {"respondent": f"R1{odd}", "shown": odd}}
    (row,) = speaker_edits.read_edits(*place(bench), rows, edits).reading.rows
    assert "\x00" not in row.shown + row.respondent and "\ud800" not in row.shown
    assert set(speaker_table.known_respondents(*place(bench), {"R1\x00", odd})) == {"R1"}
    with pytest.raises(NotFound):
        interactions.find_discussion(*place(bench), odd)


@pytest.mark.parametrize(
    "theirs", [{"name": "FG2"}, {"series": "Pilot"}, {"held_on": "2024-05-06"}]
)
def test_name_series_or_day_that_somebody_has_changed_meanwhile_stay(
    bench: Any, theirs: dict[str, str]
) -> None:
    key = ingest(bench).document_id
    seen = focus_groups.load_discussion(*place(bench), key).group
    focus_groups.settle_speakers(bench.person("Ben"), *place(bench)[1:], key, **theirs)
    now = focus_groups.load_discussion(*place(bench), key).group
    with pytest.raises(ConflictError, match=f"the name, series or day of {now.name} in the mean"):
        focus_groups.settle_speakers(*place(bench), key, series="Mine", seen_as=seen)
    assert focus_groups.load_discussion(*place(bench), key).group == now
    assert focus_groups.settle_speakers(*place(bench), key, series="Mine", seen_as=now)
    assert focus_groups.load_discussion(*place(bench), key).group.series == "Mine"
