"""A table of participants: who speakers are, and what is known of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.discussions.test_focus_groups import PLANS, VTT, ingest, place, refs, withdraw
from tests.services.discussions.test_transcript_undo import told
from workbench.errors import InputError
from workbench.services import files
from workbench.services.discussions.participants import match_people, read_people
from workbench.services.discussions.speaker_plans import SpeakerPlan
from workbench.services.surveys import attribute_traits, attributes, imports, respondents
from workbench.store.surveys import surveys

TABLE = """speaker,respondent,role,group,age,town,email
lin facilitator,,facilitator,,,,lin@secret.example
p1:,P07,participant,Roma,young,Leeds,a@secret.example
P2,R2,,Irish,oldish,York,b@secret.example
"""


def people(text: str = TABLE) -> Any:
    return read_people(files.read_table(text.encode(), "people.csv"))


def known(bench: Any, ref: str) -> dict[str, str]:
    place_ = place(bench)
    found = respondents.list_respondents(*place_, respondents.RespondentFilter())
    key = next(item.id for item in found if item.ref == ref)
    told_ = respondents.open_respondent(*place_, key).attributes
    return {name.casefold(): value for name, value in told_}


def test_a_table_links_speakers_and_tells_attributes(bench: Any) -> None:
    table = people()
    assert table.warnings == ("the column 'email' is left out: it names or reaches people.",)
    report = ingest(bench, plans=PLANS, people=table)
    assert refs(bench) == {"Facilitator": None, "P1": "P07", "P2": "R2"}
    assert (report.respondents_new, report.values_changed) == (["P07"], 3)
    told_ = known(bench, "P07")
    assert (told_["group"], told_["age"], told_["town"]) == ("Roma", "young", "Leeds")
    assert known(bench, "R2")["group"] == "Irish"
    assert ingest(bench, plans=PLANS, people=table).outcome == "unchanged"


def test_what_a_table_wrote_goes_when_its_import_is_taken_back(bench: Any, everything: Any) -> None:
    before = told(bench, everything)
    ingest(bench, people=people())
    imports.undo_import(*place(bench))
    assert told(bench, everything) == before
    ingest(bench)
    before = told(bench, everything)
    assert ingest(bench, people=people()).outcome == "changed"
    imports.undo_import(*place(bench))
    assert told(bench, everything) == before


def test_what_somebody_has_set_by_hand_stays(bench: Any) -> None:
    group = attribute_traits.find(*place(bench), "group").id
    found = respondents.list_respondents(*place(bench), respondents.RespondentFilter())
    key = next(item.id for item in found if item.ref == "R2")
    attributes.set_values(*place(bench), key, group, ["Welsh"])
    report = ingest(bench, people=people())
    assert (report.values_set_by_hand, report.values_changed) == (1, 2)
    assert known(bench, "R2")["group"] == "Welsh"


def test_a_table_says_what_people_are_called_and_who_may_be_quoted(
    bench: Any, everything: Any
) -> None:
    table = people(
        "speaker,shown as,respondent,may_be_quoted\nP1,YP1,,Yes\nP2,YP1,,Yes\n"
        "Lin Facilitator,Chair,,\n"
    )
    plans = match_people(PLANS, table, group="FG1").plans
    assert [(plan.name, plan.names) for plan in plans] == [
        ("Chair", ("Lin Facilitator",)), ("YP1", ("P1", "P2"))
    ]  # fmt: skip
    table = people("speaker,shown as,respondent,May we quote you?\nP1,YP1,P07,Yes\nP2,YP2,R2,No\n")
    before = told(bench, everything)
    report = ingest(bench, people=table)
    assert report.values_changed == 1
    assert refs(bench) == {"Facilitator": None, "YP1": "P07", "YP2": "R2"}
    with bench.database.read() as connection:
        found = surveys.find_people(connection, bench.study_id, ["P07", "R2"])
    assert {item.ref: item.may_be_quoted for item in found} == {"P07": True, "R2": False}
    imports.undo_import(*place(bench))
    assert told(bench, everything) == before


def test_bad_rows_are_listed_with_their_row_and_the_remedy(bench: Any) -> None:
    table = people(
        "speaker,respondent,role,age\n,,,5\nP1,who@secret.example,,\nP2,R2,boss,1\nP2,R3,,\n"
        f"Zed,R4,participant,\nP1,{'x' * 201},facilitator,\nP1,R1,participant,\n"
    )
    assert [(bad.row, bad.message) for bad in table.bad_rows] == [
        (2, "the row names nobody. Write who is meant, or delete it."),
        (3, "the id is an e-mail address or a telephone number, which is not kept. Give each one "
            "an id such as P01."),
        (4, "'boss' is no role. Write participant or facilitator."),
        (7, "the id has 201 characters, at most 200 are kept."),
    ]  # fmt: skip
    report = ingest(bench, people=table)
    assert [(bad.row, bad.message) for bad in report.bad_rows] == [
        (5, "the row is about the same speaker as row 4, and was left out."),
        (6, "'Zed' is nobody who speaks there. Write the name as the file has it."),
    ]
    kept = imports.list_imports(*place(bench))[0]
    assert "Zed" not in str(kept.report)
    with pytest.raises(InputError, match=r"people.csv, row 1: no column says who is meant"):
        people("town,age\nLeeds,3\n")


def test_values_that_do_not_fit_an_attribute_of_the_study_are_told(bench: Any) -> None:
    bench.ingest(
        "id,years,q1\nR1,40,Yes\n",
        "respondent_id: id\nattributes: [{column: years, kind: number}]\n"
        "questions: [{column: q1, ref: q1}]\n",
    )
    report = ingest(bench, people=people("speaker,Years\nP1,many\nP2,41\n"))
    assert [(bad.row, bad.column, bad.message) for bad in report.bad_rows] == [
        (2, "years", "'many' is no value that Years can have. The speaker went in without it."),
    ]  # fmt: skip
    assert known(bench, "FG1 P2")["years"] == "41"


def test_a_role_that_is_no_speakers_is_an_attribute() -> None:
    table = people("name,role\nP1,parent\nP2,practitioner\nP3,parent\n")
    assert [item.name for item in table.attributes] == ["role"]
    assert [row.role for row in table.rows] == [None, None, None]


def test_rows_of_other_groups_are_passed_over() -> None:
    table = people("speaker,respondent,focus group\nP1,A,FG1\nP1,B,FG2\nP1,C,fg2\n")
    plans = [SpeakerPlan("P1", ("P1",), respondent="FG2 P1")]
    found = match_people(plans, table, group="FG2")
    assert ([plan.respondent for plan in found.plans], found.used) == (["B"], {3})
    assert [bad.row for bad in found.bad_rows] == [4]


def test_a_table_does_not_bring_back_who_has_withdrawn(bench: Any) -> None:
    withdraw(bench, "R2")
    with pytest.raises(InputError, match="the respondent R2 has withdrawn"):
        ingest(bench, VTT, people=people())
