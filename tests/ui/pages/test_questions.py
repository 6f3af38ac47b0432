"""The page of questions: counted, filtered, ordered, turned over; links to the other pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pipelines.ingest.discussions.speech import SpeechFile
from tests.builders import Bench
from workbench.domain.codings import Actor, DocumentFilter
from workbench.domain.turns import Turn
from workbench.services import study
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.opening import Database
from workbench.services.surveys import questions

OpenPage = Callable[..., Any]
HOSTILE = "<script>alert(1)</script> **bold** \u202e"
MAPPING = """
respondent_id: id
attributes: [{column: group}]
questions:
  - {column: q1, ref: q1, text: "What <happened>?", not_asked_values: [n/a]}
  - {column: q2, ref: q2, text: "And then?"}
voice_notes: [{column: file, question: q1}]
"""
SURVEY = f"""id,group,q1,q2,file
R1,A,{HOSTILE},,
R2,A,one two three four five six seven,x,
R3,B,,x,
R4,B,n/a,x,
R5,B,,x,voice.m4a
"""


@pytest.fixture
def bench(ana: Actor, database: Database) -> Bench:
    """Make a study with an answer of each kind."""
    made = Bench(database, ana, study.create_study(ana, database, "Test").id)
    made.ingest(SURVEY, MAPPING)
    made.load()
    made.code(made.document("R2"), "Waiting", "two three")
    return made


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def markdown(at: Any) -> str:
    return "\n".join(item.value for item in at.markdown)


def button(at: Any, label: str, place: int = 0) -> Any:
    found = [item for item in at.button if item.label == label]
    assert found, (label, [item.label for item in at.button])
    return found[place]


def cards(at: Any) -> list[str]:
    return [body.split("<strong>")[1].split("</strong>")[0]
            for body in (item.proto.body for item in at.get("html"))
            if body.startswith('<p class="card-head">')]  # fmt: skip


def test_answers_stand_beside_each_other_with_counts_and_lengths(
    open_page: OpenPage, bench: Bench
) -> None:
    at = open_page("questions", study=bench.study_id)
    assert not at.exception, at.exception
    body = html(at)
    for n, words in ((2, "gave an answer"), (1, "left it blank"), (1, "were not asked"),
                     (1, "await a transcript")):  # fmt: skip
        assert f"<strong>{n}</strong> <span>{words}</span>" in body
    assert "Length in words: median<br>3, from 3 to 7" in body
    assert cards(at) == ["R1", "R2"]
    assert "<script" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "A · 7 words · begun" in body
    assert ">two three</span>" in body
    assert "**1-2** of 2 answers" in markdown(at)


def test_who_only_spoke_in_a_focus_group_was_not_left_out_of_the_survey(
    open_page: OpenPage, bench: Bench
) -> None:
    speech = SpeechFile("g.vtt", (Turn("A", "We waited."),), "voices")
    focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, speech,
        [SpeakerPlan("A", ("A",), respondent="F1")], name="FG1",
    )  # fmt: skip
    body = html(open_page("questions", study=bench.study_id))
    assert "<strong>1</strong> <span>were not asked</span>" in body
    assert "<strong>1</strong> <span>only in focus groups</span>" in body


def test_filters_and_order(open_page: OpenPage, bench: Bench) -> None:
    at = open_page("questions", study=bench.study_id)
    at.selectbox(key="in_study:answers_order").set_value("longest").run()
    assert cards(at) == ["R2", "R1"]
    at.text_input(key="in_study:answers_search").set_value("seven").run()
    assert cards(at) == ["R2"]
    at.text_input(key="in_study:answers_search").set_value("").run()
    at.selectbox(key="in_study:answers_state").set_value("untouched").run()
    assert cards(at) == ["R1"]
    at.multiselect(key="in_study:answers_group").select("B (Group)").run()
    assert "No answer fits" in html(at)
    assert "<strong>0</strong> <span>gave an answer</span>" in html(at)


def test_another_question_is_chosen_and_kept_in_the_address(
    open_page: OpenPage, bench: Bench
) -> None:
    at = open_page("questions", study=bench.study_id)
    at.selectbox(key="in_study:question_choice").select_index(1).run()
    assert cards(at) == ["R2", "R3", "R4", "R5"]
    assert at.query_params["question"] in ("2", ["2"])
    at.session_state["in_study:open_question"] = 999
    at.run()
    assert not at.exception
    assert cards(at) == ["R1", "R2"], "a question that is not there: the first one"


def test_links_lead_to_the_answer_and_to_the_respondent(open_page: OpenPage, bench: Bench) -> None:
    at = open_page("questions", study=bench.study_id)
    button(at, "Open in coding", 1).click().run()
    assert not at.exception
    assert at.session_state["in_study:open_document"] == bench.document("R2")
    at = open_page("questions", study=bench.study_id)
    button(at, "Respondent", 1).click().run()
    assert not at.exception
    assert at.session_state["in_study:open_respondent"] == 2
    assert at.header[0].value == "R2"


def test_only_a_page_is_drawn_and_the_next_begins_where_it_ended(
    open_page: OpenPage, sample_study: int, ana: Actor, database: Database
) -> None:
    at = open_page("questions", study=sample_study)
    first = study.list_questions(ana, database, sample_study)[0]
    where = DocumentFilter(question_id=first.id)
    total = questions.count_answers(ana, database, sample_study, where)
    assert len(cards(at)) == 20
    assert f"**1-20** of {total} answers" in markdown(at)
    button(at, "Next").click().run()
    page = questions.list_answers(ana, database, sample_study, where, offset=20)
    assert cards(at) == [item.label for item in page.answers]
    at.selectbox(key="in_study:answers_order").set_value("shortest").run()
    assert "**1-20**" in markdown(at), "another order begins at the top"


def test_a_long_answer_is_cut_and_shown_whole_on_request(
    open_page: OpenPage, ana: Actor, database: Database
) -> None:
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest(f"id,group,q1,q2,file\nR1,A,{'word ' * 400},,\n", MAPPING)
    at = open_page("questions", study=bench.study_id)
    assert html(at).count("word ") < 200
    button(at, "Show all 400 words").click().run()
    assert html(at).count("word ") == 400
    assert button(at, "Show less")


def test_a_study_without_questions_says_what_to_do(
    open_page: OpenPage, ana: Actor, database: Database
) -> None:
    empty = study.create_study(ana, database, "Empty")
    at = open_page("questions", study=empty.id)
    assert not at.exception
    assert "asks no questions yet" in html(at)
    button(at, "Import a survey")
