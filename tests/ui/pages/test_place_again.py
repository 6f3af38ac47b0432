"""The page of flagged codings: listed, placed, accepted, let go, undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import SURVEY, Bench
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.coding import exchange, place_again
from workbench.services.opening import Database

OpenPage = Callable[..., Any]
HOSTILE = "<script>alert(1)</script> **bold** \u202e back"
REWRITTEN = SURVEY.replace("She listened to me.", "Well.").replace(
    "Nobody rang back 😀 at all", HOSTILE
)


@pytest.fixture
def flagged(ana: Actor, database: Database) -> Bench:
    """Make a study with three flagged codings: two of Ana's and one of Ben's."""
    made = study.create_study(ana, database, "Test")
    bench = Bench(database, ana, made.id)
    bench.ingest()
    bench.load()
    bench.code(bench.document("R1"), "Waiting", "She listened to me.")
    bench.code(bench.document("R1"), "Phone", "listened to me", actor=bench.person("Ben"))
    bench.code(bench.document("R2"), "Waiting", "Nobody rang back")
    bench.ingest(REWRITTEN)
    return bench


def pane(at: Any) -> Any:
    return next(item for item in at.get("bidi_component") if item.key.endswith("placing_pane"))


def told(at: Any) -> dict[str, Any]:
    return json.loads(pane(at).proto.json)


def send(at: Any, **deed: object) -> Any:
    """Send a deed as the browser does."""
    data = told(at)
    value = {"coding": data["coding"], "sha": data["new"]["sha"], **deed}
    states = at._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = f"$$STREAMLIT_INTERNAL_KEY_{pane(at).proto.id}__events"
    widget.json_trigger_value = json.dumps([{"event": "deed", "value": value}])
    at._run(states)
    assert not at.exception, at.exception
    return at


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def markdown(at: Any) -> str:
    return "\n".join(item.value for item in at.markdown)


def left(bench: Bench) -> int:
    return place_again.count_flagged(bench.actor, bench.database, bench.study_id)


def quotes(bench: Bench) -> list[str]:
    return [row["quote"] for row in exchange.export_codings(bench.actor, bench.database,
                                                            bench.study_id)]  # fmt: skip


def test_the_first_is_open_beside_the_list(open_page: OpenPage, flagged: Bench) -> None:
    at = open_page("place_again", study=flagged.study_id)
    assert not at.exception
    assert "**3 codings** to be placed again" in markdown(at)
    assert at.radio[0].options == ["R1 · Waiting", "R1 · Phone", "R2 · Waiting"]
    assert at.radio[0].value == told(at)["coding"]
    body = html(at)
    assert "Access / Waiting" in body
    assert "R1 · What happened? · coded by Ana · text changed on" in body
    assert "1 of 3. Not placed:" in body
    data = told(at)
    assert data["may"]
    assert data["old"]["blocks"][0][1].startswith("She listened to me.")
    assert not data["has_previous"]
    assert data["has_next"]


def test_the_sidebar_counts_them(open_page: OpenPage, flagged: Bench) -> None:
    at = open_page("overview", study=flagged.study_id)
    labels = [item.proto.label for item in at.get("page_link")]
    assert "Place again (3)" in labels
    other = study.create_study(flagged.actor, flagged.database, "Empty")
    at = open_page("overview", study=other.id)
    assert "Place again" in [item.proto.label for item in at.get("page_link")]


def test_words_are_placed_and_the_next_one_opens(open_page: OpenPage, flagged: Bench) -> None:
    at = open_page("place_again", study=flagged.study_id)
    first = told(at)["coding"]
    send(at, name="place", start=0, end=5, quote="Well.")
    assert "Well." in quotes(flagged)
    assert told(at)["coding"] != first
    assert told(at)["said"] == "Done: placing Waiting on R1 again."
    assert "**2 codings**" in markdown(at)
    at.run()
    assert told(at)["said"] == "", "said once"


def test_the_guess_is_accepted_and_a_coding_let_go(open_page: OpenPage, flagged: Bench) -> None:
    at = open_page("place_again", study=flagged.study_id)
    send(at, name="let_go")
    assert told(at)["said"] == "Done: letting Waiting on R1 go."
    send(at, name="next")
    data = told(at)
    start, end = data["guess"]
    send(at, name="accept")
    assert HOSTILE[start:end] in quotes(flagged)
    assert left(flagged) == 1


def test_undo_opens_what_is_flagged_again(open_page: OpenPage, flagged: Bench) -> None:
    at = open_page("place_again", study=flagged.study_id)
    first = told(at)["coding"]
    assert told(at)["undo"] is None
    send(at, name="let_go")
    assert told(at)["undo"] == "letting Waiting on R1 go"
    send(at, name="undo")
    assert (told(at)["coding"], told(at)["said"]) == (first, "Undone: letting Waiting on R1 go.")
    assert left(flagged) == 3


def test_what_is_refused_is_said_in_the_pane(open_page: OpenPage, flagged: Bench) -> None:
    at = open_page("place_again", study=flagged.study_id)
    send(at, name="place", start=0, end=5, quote="other")
    assert told(at)["refused"]
    assert told(at)["said"].startswith("Expected 'other' at 0 to 5")
    for nonsense in ({"name": "place"}, {"name": "place", "start": 1.5, "end": True}):
        send(at, **nonsense)
        assert told(at)["refused"]
    for nonsense in ({"name": "x"}, {"name": None}, {"name": "accept", "coding": 7}):
        send(at, **nonsense)
    assert left(flagged) == 3


def test_mine_leaves_out_what_others_coded(open_page: OpenPage, flagged: Bench) -> None:
    at = open_page("place_again", study=flagged.study_id)
    at.session_state["in_study:flagged_whose"] = "mine"
    at.run()
    assert at.radio[0].options == ["R1 · Waiting", "R2 · Waiting"]
    send(at, name="let_go")
    send(at, name="let_go")
    assert "All of your codings are placed. Others still have some" in html(at)


def test_a_choice_in_the_list_opens_it(open_page: OpenPage, flagged: Bench) -> None:
    at = open_page("place_again", study=flagged.study_id)
    choices = place_again.list_flagged(flagged.actor, flagged.database, flagged.study_id)[0]
    at.radio[0].set_value(choices[2].guid).run()
    assert told(at)["coding"] == choices[2].guid
    assert told(at)["new"]["blocks"][0][1] == HOSTILE
    assert "<script>" not in html(at)
    send(at, name="previous")
    assert told(at)["coding"] == choices[1].guid


def test_all_is_placed(open_page: OpenPage, flagged: Bench) -> None:
    at = open_page("place_again", study=flagged.study_id)
    for _ in range(3):
        send(at, name="let_go")
    assert "Every coding is placed." in html(at)
    undo = next(item for item in at.button if item.label == "Undo")
    undo.click().run()
    assert told(at)["said"] == "Undone: letting Waiting on R2 go."
    assert [item for item in at.button if item.label == "Open in coding"]


def test_open_in_coding_hands_the_document_over(open_page: OpenPage, flagged: Bench) -> None:
    at = open_page("place_again", study=flagged.study_id)
    next(item for item in at.button if item.label == "Open in coding").click().run()
    assert not at.exception
    assert at.session_state["in_study:open_document"] == flagged.document("R1")
