"""The coding page: what it tells the pane, what it stores of what the pane sends, and the grid."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from workbench.domain.codings import Actor, DocumentFilter
from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.coding import code, reading
from workbench.services.opening import Database

OpenPage = Callable[..., Any]


def component(at: Any, key: str) -> Any:
    return next(item for item in at.get("bidi_component") if item.key.endswith(key))


def told(at: Any, key: str) -> dict[str, Any]:
    return json.loads(component(at, key).proto.json)


def send(at: Any, key: str, name: str, value: object) -> Any:
    """Send a trigger as the browser does; AppTest has no public way for these components."""
    states = at._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = f"$$STREAMLIT_INTERNAL_KEY_{component(at, key).proto.id}__events"
    widget.json_trigger_value = json.dumps([{"event": name, "value": value}])
    return at._run(states)


def add_operation(document: dict[str, Any], code: str, start: int, end: int) -> dict[str, Any]:
    text = document["blocks"][0][1]
    return {
        "id": str(uuid.uuid4()),
        "kind": "add",
        "document": document["id"],
        "sha": document["sha"],
        "coding": str(uuid.uuid4()),
        "code": code,
        "start": start,
        "end": end,
        "quote": text[start:end],
    }


def test_the_pane_is_told_document_list_and_codes(open_page: OpenPage, sample_study: int) -> None:
    at = open_page("coding", study=sample_study)
    assert not at.exception
    data = told(at, "coding_workspace")
    assert data["list"]["total"] == 435
    assert data["document"]["label"] == "R001"
    assert data["heading"] == "SpeakOut sample · coding as Ana"
    assert len(data["codebook"]["codes"]) == 42
    assert all(code["colour"].startswith("#") for code in data["codebook"]["codes"])
    assert "example.org" not in json.dumps(data)


def test_an_operation_is_stored_once_and_acknowledged(
    open_page: OpenPage, sample_study: int, ana: Actor, database: Database
) -> None:
    at = open_page("coding", study=sample_study)
    data = told(at, "coding_workspace")
    operation = add_operation(data["document"], data["codebook"]["codes"][1]["id"], 0, 8)
    for _ in range(2):
        send(at, "coding_delta", "ops", {"document": data["document"]["id"], "ops": [operation]})
        assert not at.exception
        answer = told(at, "coding_delta")
        assert answer["acked"][-1] == operation["id"]
        # AppTest runs the whole page, so that the coding is in the base already.
        rows = told(at, "coding_workspace")["codings"]["rows"]
        assert [row[0] for row in rows].count(operation["coding"]) == 1
    space = reading.open_workspace(ana, database, sample_study, DocumentFilter())
    assert [item.guid for item in space.codings if item.coder_id == ana.id] == [operation["coding"]]


def test_a_wrong_quote_is_refused_and_said(open_page: OpenPage, sample_study: int) -> None:
    at = open_page("coding", study=sample_study)
    data = told(at, "coding_workspace")
    operation = add_operation(data["document"], data["codebook"]["codes"][1]["id"], 0, 8)
    operation["end"] = 9
    send(at, "coding_delta", "ops", {"document": data["document"]["id"], "ops": [operation]})
    answer = told(at, "coding_delta")
    assert answer["rows"] == []
    assert answer["rejected"][0]["id"] == operation["id"]
    assert answer["rejected"][0]["why"].startswith("expected 'Honestly' at 0 to 9")


def test_what_makes_no_sense_is_passed_over(open_page: OpenPage, sample_study: int) -> None:
    at = open_page("coding", study=sample_study)
    for nonsense in ({"ops": "all"}, {"ops": [1, None]}, {"ops": [{"id": "x"}]}, {}):
        send(at, "coding_delta", "ops", nonsense)
        assert not at.exception


def test_another_document_is_opened_and_its_neighbours(
    open_page: OpenPage, sample_study: int
) -> None:
    at = open_page("coding", study=sample_study)
    items = told(at, "coding_workspace")["list"]["items"]
    send(at, "coding_workspace", "open", {"document": items[5]["id"], "nonce": "n1"})
    data = told(at, "coding_workspace")
    assert (data["document"]["id"], data["answered"]) == (items[5]["id"], "n1")
    wish = {"next": "next", "from": items[5]["id"], "nonce": "n2"}
    send(at, "coding_workspace", "open", wish)
    assert told(at, "coding_workspace")["document"]["id"] == items[6]["id"]
    send(
        at, "coding_workspace", "open", {"next": "previous", "from": items[6]["id"], "nonce": "n3"}
    )
    assert told(at, "coding_workspace")["document"]["id"] == items[5]["id"]


def test_a_reload_comes_back_to_the_open_answer(open_page: OpenPage, sample_study: int) -> None:
    at = open_page("coding", study=sample_study)
    items = told(at, "coding_workspace")["list"]["items"]
    send(at, "coding_workspace", "open", {"document": items[7]["id"], "nonce": "n1"})
    assert at.query_params["document"] in (str(items[7]["id"]), [str(items[7]["id"])])
    fresh = open_page("overview", study=sample_study)
    fresh.query_params["document"] = str(items[7]["id"])
    fresh.session_state["study_id"] = sample_study
    fresh.switch_page("workbench/ui/pages/coding.py")
    fresh.query_params["document"] = str(items[7]["id"])
    fresh.run()
    assert told(fresh, "coding_workspace")["document"]["id"] == items[7]["id"]


def test_at_the_end_of_the_list_the_pane_is_told_so(open_page: OpenPage, sample_study: int) -> None:
    at = open_page("coding", study=sample_study)
    first = told(at, "coding_workspace")["list"]["items"][0]["id"]
    send(at, "coding_workspace", "open", {"next": "previous", "from": first, "nonce": "n9"})
    assert told(at, "coding_workspace")["document"]["id"] == first
    assert told(at, "coding_workspace")["answered"] == "n9"
    message = told(at, "coding_delta")["message"]
    assert message["text"] == "There is no further answer in this list."


def test_a_document_of_another_study_is_not_opened(
    open_page: OpenPage, sample_study: int, ana: Actor, database: Database
) -> None:
    study.create_study(ana, database, "Another")
    at = open_page("coding", study=sample_study)
    send(at, "coding_workspace", "open", {"document": 999_999, "nonce": "n1"})
    assert told(at, "coding_workspace")["document"]["label"] == "R001"
    assert "not there any more" in at.toast[0].value


def test_done_and_undo_go_through_the_pane(open_page: OpenPage, sample_study: int) -> None:
    at = open_page("coding", study=sample_study)
    document = told(at, "coding_workspace")["document"]["id"]
    done = {"id": str(uuid.uuid4()), "kind": "done", "document": document, "done": True}
    send(at, "coding_delta", "ops", {"document": document, "ops": [done]})
    answer = told(at, "coding_delta")
    assert answer["states"] == {str(document): "done"}
    assert told(at, "coding_workspace")["progress"] == {"done": 1, "total": 435}
    undo = {"id": str(uuid.uuid4()), "kind": "undo", "document": document}
    send(at, "coding_delta", "ops", {"document": document, "ops": [undo]})
    answer = told(at, "coding_delta")
    assert told(at, "coding_workspace")["progress"]["done"] == 0
    assert answer["message"]["text"] == "Undone: done on R001."


def test_a_study_without_answers_says_what_to_do(
    open_page: OpenPage, ana: Actor, database: Database
) -> None:
    empty = study.create_study(ana, database, "Empty")
    at = open_page("coding", study=empty.id)
    assert not at.exception
    assert [
        button.label for button in at.button if button.label == "Import a survey or transcripts"
    ]


def test_filters_narrow_the_list(open_page: OpenPage, sample_study: int) -> None:
    at = open_page("coding", study=sample_study)
    box = next(item for item in at.selectbox if item.label == "Question")
    box.select_index(0).run()
    n_first = told(at, "coding_workspace")["list"]["total"]
    assert 0 < n_first < 435
    search = next(item for item in at.text_input if item.label == "Search in answers")
    search.set_value("zzzz no such word").run()
    data = told(at, "coding_workspace")
    assert data["list"]["total"] == 0
    assert data["list"]["empty"].startswith("No answer fits")


def test_the_grid_shows_rows_and_codes_several_answers_at_once(
    open_page: OpenPage, sample_study: int, ana: Actor, database: Database
) -> None:
    at = open_page("coding", study=sample_study)
    at.session_state["in_study:coding_view"] = "grid"
    at.run()
    assert not at.exception
    assert len(at.dataframe[0].value) == 435
    assert list(at.dataframe[0].value.columns[:3]) == ["Respondent", "Question", "Answer"]
    disabled = [button for button in at.button if button.label == "Code 0 answers"]
    assert disabled[0].disabled

    documents, _ = reading.list_documents(ana, database, sample_study, DocumentFilter(), limit=3)
    chosen = codebook.list_codes(ana, database, sample_study)[2]
    keys = [item.id for item in documents]
    assert code.code_documents(ana, database, sample_study, keys, chosen.id) == 3
    assert code.code_documents(ana, database, sample_study, keys, chosen.id) == 0
    assert own_codings(ana, database, sample_study) == [1, 1, 1]
    undo_button = next(button for button in at.button if button.label == "Undo")
    undo_button.click().run()
    assert own_codings(ana, database, sample_study) == [0, 0, 0]


def own_codings(actor: Actor, database: Database, study_id: int) -> list[int]:
    listed, _ = reading.list_documents(actor, database, study_id, DocumentFilter(), limit=3)
    return [item.n_codings for item in listed]
