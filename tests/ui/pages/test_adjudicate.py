"""The page on which differences are decided: listed, decided, accepted, undone, refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import SURVEY, Bench
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.coding import exchange
from workbench.services.opening import Database
from workbench.services.team import adjudicate
from workbench.services.trail import undo

OpenPage = Callable[..., Any]
HOSTILE = "<script>alert(1)</script> **bold**"


@pytest.fixture
def double(ana: Actor, database: Database) -> Bench:
    """Make a study in which Ana and Ben have done three answers and differ in two."""
    made = study.create_study(ana, database, "Test")
    bench = Bench(database, ana, made.id)
    bench.ingest(SURVEY.replace("Nobody rang back 😀 at all", HOSTILE))
    bench.load()
    ben = bench.person("Ben")
    one, two, three = (bench.document(label) for label in ("R1", "R2", "R3"))
    bench.code(one, "School", "She listened")
    bench.code(one, "School", "She listened", actor=ben)
    bench.code(one, "Waiting", "Then she left")
    bench.code(one, "Waiting", "she left", actor=ben)
    bench.code(one, "Phone", "to me", actor=ben)
    bench.code(two, "Phone", "alert(1)")
    for document in (one, two, three):
        bench.done(document)
        bench.done(document, ben)
    return bench


def pane(at: Any) -> Any:
    return next(i for i in at.get("bidi_component") if i.key.endswith("adjudicating_pane"))


def told(at: Any) -> dict[str, Any]:
    return json.loads(pane(at).proto.json)


def send(at: Any, **deed: object) -> Any:
    """Send a deed as the browser does."""
    data = told(at)
    value = {"document": data["document"], "sha": data["sha"], **deed}
    states = at._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = f"$$STREAMLIT_INTERNAL_KEY_{pane(at).proto.id}__events"
    widget.json_trigger_value = json.dumps([{"event": "deed", "value": value}])
    at._run(states)
    assert not at.exception, at.exception
    return at


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def consensus(bench: Bench) -> list[tuple[str, str]]:
    rows = exchange.export_codings(bench.actor, bench.database, bench.study_id, layer="consensus")
    return sorted((row["code"].split(" / ")[-1], row["quote"]) for row in rows)


def test_the_first_difference_is_open_beside_the_list(open_page: OpenPage, double: Bench) -> None:
    at = open_page("adjudicate", study=double.study_id)
    assert not at.exception
    assert "0 of 3 answers that two or more people have done are settled" in html(at)
    assert "3 differences to decide in 2 answers" in html(at)
    assert next(box for box in at.radio).options == ["R1", "R2"]
    data = told(at)
    assert [item["code"] for item in data["items"]] == ["Access / Phone", "Access / Waiting"]
    assert data["coders"] == [[1, "Ana"], [2, "Ben"]]
    text = "".join(words for _, words in data["blocks"])
    (_, ana), (_, ben) = data["items"][1]["parts"]
    assert [text[start:end] for start, end in ana] == ["Then she left"]
    assert [text[start:end] for start, end in ben] == ["she left"]
    assert data["items"][0]["parts"][0] == [1, []]
    assert data["may"]


def test_decisions_settle_an_answer_and_open_the_next(open_page: OpenPage, double: Bench) -> None:
    at = open_page("adjudicate", study=double.study_id)
    items = told(at)["items"]
    send(at, name="decide", place=items[0]["place"], take=[2], note="yes")
    assert told(at)["items"][0]["decided"] == "as Ben, by Ana"
    assert told(at)["decided_now"]
    assert consensus(double) == []
    text = told(at)["blocks"][0][1]
    start = text.index("left")
    send(at, name="decide", place=items[1]["place"], start=start, end=start + 4, quote="left")
    assert told(at)["said"] == "Decided. That answer is settled."
    assert told(at)["title"] == "R2"
    assert consensus(double) == [
        ("Phone", "to me"),
        ("School", "She listened"),
        ("Waiting", "left"),
    ]
    send(at, name="undo")
    assert told(at)["title"] == "R1"
    assert told(at)["said"] == "Undone: settling Waiting on R1."
    assert consensus(double) == []
    send(at, name="next")
    assert told(at)["title"] == "R2"
    assert not told(at)["has_next"]
    send(at, name="previous")
    assert told(at)["title"] == "R1"


def test_what_is_agreed_is_accepted_after_it_was_said(open_page: OpenPage, double: Bench) -> None:
    at = open_page("adjudicate", study=double.study_id)
    said = "\n".join(item.value for item in at.markdown)
    assert "**1 coding** on which everybody agrees" in said
    assert "**1 answer** without any difference" in said
    next(item for item in at.button if item.label == "Accept them").click().run()
    assert told(at)["said"] == "1 agreed coding in the consensus, 1 answer settled."
    assert "1 of 3 answers" in html(at)


def test_one_code_at_a_time(open_page: OpenPage, double: Bench) -> None:
    at = open_page("adjudicate", study=double.study_id)
    assert at.selectbox[0].options == ["all codes", "Access / Phone (2)", "Access / Waiting (1)"]
    at.selectbox[0].set_value(double.codes()["Waiting"].id).run()
    assert at.radio[0].options == ["R1"]


def test_nonsense_and_what_has_changed_is_refused_in_the_pane(
    open_page: OpenPage, double: Bench
) -> None:
    at = open_page("adjudicate", study=double.study_id)
    place = told(at)["items"][0]["place"]
    for deed in (
        {"place": None}, {"place": [1, 2]}, {"place": ["x", 1, 2]}, {"place": place, "take": ["2"]},
        {"place": place, "start": 1, "end": None}, {"place": [place[0], 900, 901]},
        {"place": place, "start": 0, "end": 3, "quote": "other"}, {"place": place, "take": [1]},
    ):  # fmt: skip
        send(at, name="decide", **deed)
        assert told(at)["refused"], deed
    send(at, name="next", document="x")
    assert told(at)["refused"]
    assert consensus(double) == []
    adjudicate.standing(double.actor, double.database, double.study_id)


def test_a_participants_words_are_never_markup(open_page: OpenPage, double: Bench) -> None:
    at = open_page("adjudicate", study=double.study_id)
    send(at, name="next")
    assert told(at)["blocks"][0][1] == HOSTILE
    assert "<script>" not in html(at)


def test_all_is_settled_and_can_be_taken_back(open_page: OpenPage, double: Bench) -> None:
    at = open_page("adjudicate", study=double.study_id)
    while at.radio:
        data = told(at)
        place = next(item["place"] for item in data["items"] if not item["decided"])
        send(at, name="decide", place=place, take=[])
    assert "There is no difference left to decide. Accept what is agreed" in html(at)
    next(item for item in at.button if item.label == "Accept them").click().run()
    assert "Every answer that two or more people have done is settled." in html(at)
    undo_button = next(item for item in at.button if item.label == "Undo")
    undo_button.click().run()
    assert "There is no difference left to decide." in html(at)


def test_an_answer_that_changed_is_opened_again(open_page: OpenPage, double: Bench) -> None:
    adjudicate.accept_agreed(double.actor, double.database, double.study_id)
    double.code(double.document("R3"), "School", None)
    double.done(double.document("R3"))
    at = open_page("adjudicate", study=double.study_id)
    button = next(item for item in at.button if item.label == "Open R3 · q1 again")
    button.click().run()
    assert told(at)["title"] == "R3"
    assert told(at)["items"][0]["code"] == "School"
    assert undo.last_label(double.actor, double.database, double.study_id, undo.SETTLING) == (
        "opening R3 again"
    )


def test_nobody_has_done_the_same_answer_yet(
    open_page: OpenPage, ana: Actor, database: Database
) -> None:
    made = study.create_study(ana, database, "Test")
    Bench(database, ana, made.id).ingest()
    at = open_page("adjudicate", study=made.id)
    assert "No answer has been marked done by two people yet." in html(at)
    next(item for item in at.button if item.label == "Give answers to two people").click().run()
    assert not at.exception
    assert [item.value for item in at.title] == ["Team"]
