"""The same pages on a PostgreSQL server: a team's database instead of a file of one's own."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from workbench.domain.codings import DocumentFilter
from workbench.services import opening, sample, study
from workbench.services.coding import reading

ROOT = Path(__file__).parents[2]
TITLES = {"codebook": "Codebook", "themes": "Themes", "extracts": "Extracts",
          "import_survey": "Import", "groups": "Groups"}  # fmt: skip


def pane(at: Any, key: str) -> Any:
    return next(item for item in at.get("bidi_component") if item.key == key)


def test_every_page_opens_and_a_coding_is_stored(
    fresh_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_DATABASE_URL", fresh_url)
    database = opening.open_database(fresh_url)
    ana = study.sign_in(database, "Ana")
    sample.load_sample(ana, database)
    at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    at.query_params["as"] = "Ana"
    at.run()
    assert not at.exception
    assert at.title[0].value == "SpeakOut sample"
    for name, title in TITLES.items():
        at.switch_page(str(ROOT / f"workbench/ui/pages/{name}.py")).run()
        assert not at.exception and not at.error
        assert at.title[0].value == title
    at.switch_page(str(ROOT / "workbench/ui/pages/coding.py")).run()
    data = json.loads(pane(at, "coding_workspace").proto.json)
    document = data["document"]
    words = document["blocks"][0][1][:8]
    operation = {
        "id": str(uuid.uuid4()), "kind": "add", "document": document["id"],
        "sha": document["sha"], "coding": str(uuid.uuid4()),
        "code": data["codebook"]["codes"][1]["id"], "start": 0, "end": 8, "quote": words,
    }  # fmt: skip
    states = at._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = f"$$STREAMLIT_INTERNAL_KEY_{pane(at, 'coding_delta').proto.id}__events"
    widget.json_trigger_value = json.dumps(
        [{"event": "ops", "value": {"document": document["id"], "ops": [operation]}}]
    )
    at._run(states)
    assert not at.exception
    space = reading.open_workspace(ana, database, 1, DocumentFilter())
    assert [item.guid for item in space.codings if item.coder_id == ana.id] == [operation["coding"]]
    database.close()
