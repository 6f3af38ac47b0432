"""The page of respondents: found, stepped through, read; memos; links to the other pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.ingest.discussions.speech import SpeechFile
from tests.builders import MAPPING, Bench
from tests.services.voice_notes.test_check import make_draft
from workbench.domain.codings import Actor
from workbench.domain.turns import Turn
from workbench.services import study
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.memos import memos
from workbench.services.opening import Database

OpenPage = Callable[..., Any]
HOSTILE = "<script>alert(1)</script> **bold** \u202e مرحبا"
SURVEY = f"""id,group,age,needs,email,q1,q2
R1,Roma,old,money|sleep,r1@secret.example,{HOSTILE},
R2,Irish,young,,r2@secret.example,Nobody rang back,More time
R3,Roma,old,,r3@secret.example,میں نے تین بار فون کیا,Respect
"""


@pytest.fixture
def bench(ana: Actor, database: Database) -> Bench:
    """Make a study with three respondents and a coding."""
    made = Bench(database, ana, study.create_study(ana, database, "Test").id)
    made.ingest(SURVEY, MAPPING)
    made.load()
    made.code(made.document("R1"), "Waiting", "bold")
    return made


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def markdown(at: Any) -> str:
    return "\n".join(item.value for item in at.markdown)


def button(at: Any, label: str, place: int = 0) -> Any:
    found = [item for item in at.button if item.label == label]
    assert found, (label, [item.label for item in at.button])
    return found[place]


def open_at(open_page: OpenPage, bench: Bench, ref: str = "R1") -> Any:
    at = open_page("respondents", study=bench.study_id)
    assert not at.exception, at.exception
    if ref != "R1":
        radio = at.radio[0]
        radio.set_value(radio.options.index(ref) + 1).run()
    return at


def header(at: Any) -> str:
    return str(at.header[0].value)


def test_everything_known_and_said_is_shown_and_nothing_identifying(
    open_page: OpenPage, bench: Bench
) -> None:
    at = open_at(open_page, bench)
    assert header(at) == "R1"
    body = html(at)
    assert '<dt>Group</dt><dd dir="auto">Roma</dd>' in body
    assert "money; sleep" in body
    assert 'May be quoted</dt><dd dir="auto">Not asked' in body
    assert "<script" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert 'class="coded"' in body
    assert ">Waiting</span>" in body
    assert "secret.example" not in body + markdown(at)
    assert [item.value for item in at.subheader] == ["What happened?", "What would help?"]
    assert "Left blank." in body
    assert at.radio[0].options == ["R1", "R2", "R3"]


def test_a_voice_note_is_heard_once_that_is_asked_for(open_page: OpenPage, bench: Bench) -> None:
    make_draft(bench)
    at = open_at(open_page, bench)
    (toggle,) = [item for item in at.toggle if item.label == "Hear it"]
    assert "<audio" not in html(at)
    toggle.set_value(True).run()
    assert html(at).count('<audio controls preload="none" src="/recordings/') == 1


def test_one_is_found_by_ref_and_stepped_from(open_page: OpenPage, bench: Bench) -> None:
    at = open_at(open_page, bench)
    assert button(at, "Previous").disabled
    assert [button(at, label).proto.shortcut for label in ("Previous", "Next")] == ["k", "j"]
    button(at, "Next").click().run()
    assert header(at) == "R2"
    assert "2 of 3" in markdown(at)
    at.text_input(key="in_study:people_search").set_value("3").run()
    assert header(at) == "R3"
    assert "1 of 1" in markdown(at)
    assert at.query_params["respondent"] in ("3", ["3"])
    at.text_input(key="in_study:people_search").set_value("zzz").run()
    assert "No respondent fits" in html(at)


def test_a_group_narrows_whom_next_leads_to(open_page: OpenPage, bench: Bench) -> None:
    at = open_at(open_page, bench)
    at.multiselect(key="in_study:people_group").select("Roma (Group)").run()
    assert at.radio[0].options == ["R1", "R3"]
    button(at, "Next").click().run()
    assert header(at) == "R3"


def test_a_link_to_somebody_outside_of_the_filter_says_so(
    open_page: OpenPage, bench: Bench
) -> None:
    at = open_at(open_page, bench)
    at.multiselect(key="in_study:people_group").select("Roma (Group)").run()
    at.session_state["in_study:open_respondent"] = 2
    at.run()
    assert header(at) == "R2"
    assert "does not fit the filter" in markdown(at)
    assert at.radio[0].value is None


def test_memos_are_written_read_and_undone(open_page: OpenPage, bench: Bench) -> None:
    ben = bench.person("Ben")
    memos.write_on_respondent(ben, bench.database, bench.study_id, 1, "<b>from Ben</b>")
    at = open_at(open_page, bench)
    assert "&lt;b&gt;from Ben&lt;/b&gt;" in html(at)
    button(at, "Write a memo").click().run()
    at.text_area[0].set_value("from Ana")
    button(at, "Save memo").click().run()
    assert not at.exception
    assert "from Ana" in html(at)
    assert "Memo by Ana" in html(at)
    assert next(item.label for item in at.button if "memo" in item.label) == "Change memo"
    button(at, "Undo").click().run()
    assert "from Ana" not in html(at)
    assert "from Ben" in html(at)


def test_a_memo_on_an_answer_stands_by_the_answer(open_page: OpenPage, bench: Bench) -> None:
    at = open_at(open_page, bench)
    at.button(key=f"memo_document_{bench.document('R1')}").click().run()
    at.text_area[0].set_value("on the answer")
    button(at, "Save memo").click().run()
    assert "on the answer" in html(at)
    opened = bench.open(bench.document("R1")).document
    assert opened is not None
    assert opened.memo == "on the answer", "the coding page shows the same memo"


def test_attributes_are_corrected_here(open_page: OpenPage, bench: Bench) -> None:
    at = open_at(open_page, bench)
    button(at, "Correct attributes").click().run()
    assert not at.exception
    assert [item.label for item in at.button].count("Edit") == 3
    assert "secret.example" not in html(at)
    assert not at.toggle, "identifying attributes are not offered here"
    button(at, "Close the attributes").click().run()
    assert "<dt>Group</dt>" in html(at)


def test_links_lead_to_the_answer_and_to_the_question(open_page: OpenPage, bench: Bench) -> None:
    at = open_at(open_page, bench)
    button(at, "Open in coding").click().run()
    assert not at.exception
    assert at.session_state["in_study:open_document"] == bench.document("R1")
    at = open_at(open_page, bench)
    button(at, "All answers", 1).click().run()
    assert not at.exception
    assert at.session_state["in_study:open_question"] == 2


def said(at: Any) -> str:
    """Give what the page says, without its style sheet."""
    return re.sub(r"<style>.*?</style>", "", html(at), flags=re.DOTALL)


def test_a_long_answer_is_cut_and_shown_whole_on_request(
    open_page: OpenPage, ana: Actor, database: Database
) -> None:
    long = "word " * 300_000
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest(f"id,group,age,needs,email,q1,q2\nR1,,,,,{long},\n", MAPPING)
    at = open_at(open_page, bench)
    assert len(said(at)) < 5_000
    button(at, "Show all 300,000 words").click().run()
    assert not at.exception
    assert 50_000 < len(said(at)) < 55_000
    assert "The first 50,000 of 1,50" in html(at)
    button(at, "Show less").click().run()
    assert len(said(at)) < 5_000


def test_a_study_without_respondents_says_what_to_do(
    open_page: OpenPage, ana: Actor, database: Database
) -> None:
    empty = study.create_study(ana, database, "Empty")
    at = open_page("respondents", study=empty.id)
    assert not at.exception
    assert "no respondents yet" in html(at)
    button(at, "Import a survey or transcripts")


def test_the_sample_is_turned_page_by_page(open_page: OpenPage, sample_study: int) -> None:
    at = open_page("respondents", study=sample_study)
    assert len(at.radio[0].options) == 50
    button(at, "Later").click().run()
    assert not at.exception
    assert header(at) == "R051"
    assert "51-100" in markdown(at)


def test_the_codes_of_a_turn_stand_below_it(bench: Bench, open_page: OpenPage) -> None:
    turns = (Turn("P1", "We waited long.", 4_000), Turn("P1", "Nobody rang us.", 9_000))
    key = focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, SpeechFile("FG1", turns, "voices"),
        [SpeakerPlan("P1", ("P1",), respondent="R1")], name="FG1",
    ).document_id  # fmt: skip
    bench.code(key, "Waiting", "We waited long.")
    shown = html(open_page("respondents", study=bench.study_id))
    first, then = shown[shown.index("waited long") :].split("rang us")
    assert 'class="code-name"' in first and 'class="code-name"' not in then


def test_what_was_said_in_a_focus_group_stands_below_the_answers(
    bench: Bench, open_page: OpenPage
) -> None:
    speech = SpeechFile("FG1", (Turn("P1", HOSTILE, 4_000), Turn("P2", "No.", 9_000)), "voices")
    plans = [SpeakerPlan(who, (who,), respondent=ref) for who, ref in (("P1", "R1"), ("P2", "X"))]
    focus_groups.ingest_transcript(
        bench.actor,
        bench.database,
        bench.study_id,
        speech,
        plans,
        name="FG1",
        held_on="2024-03-01",
    )
    at = open_page("respondents", study=bench.study_id)
    assert [item.value for item in at.subheader][-1] == "In the focus group FG1"
    assert "1 turn, " in html(at) and "words · 1 Mar 2024" in html(at)
    assert ">00:04<" in html(at), "as on the page Coding"
    assert "<script>" not in html(at)
    assert "1 answer · spoke in 1 group" in at.radio[0].proto.captions[0].replace("\\", "")
    assert at.radio[0].proto.captions[3].endswith("spoke in 1 group")
    assert "answer" not in at.radio[0].proto.captions[3]
    at.session_state["in_study:open_respondent"] = 4
    at.run()
    assert header(at) == "X"
    assert [item.value for item in at.subheader] == ["In the focus group FG1"]
    assert "Was asked nothing in a survey." in html(at)
    at = open_page("overview", study=bench.study_id)
    assert "**1** focus group" in [item.label for item in at.button]
    assert "texts are not done by you" in markdown(at)
