"""`workbench agree`: figures on standard output, what they rest on beside."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.builders import new_id
from workbench.domain.codings import DocumentFilter
from workbench.services import opening, study
from workbench.services.coding import code, reading


@pytest.fixture
def done(loaded: Any) -> Any:
    """Give the command with two people who have done all answers."""
    database = opening.open_database(os.environ["WORKBENCH_DATABASE_URL"])
    for name in ("Ana", "Ben"):
        actor = study.sign_in(database, name)
        key = study.find_study(actor, database, "S").id
        listed, _ = reading.list_documents(actor, database, key, DocumentFilter(), limit=99)
        outcome = code.apply_operations(actor, database, key, [
            {"id": new_id(), "kind": "done", "document": item.id, "done": True}
            for item in listed
        ])  # fmt: skip
        assert not outcome.rejected
    database.close()
    return loaded


def test_figures_are_printed_and_written(done: Any, tmp_path: Path) -> None:
    ran = done("agree", "-s", "S", "--coders", "Ana, Ben", "--bootstrap", "50", "--json",
               "--output", "agreement.csv", "--reference", "Ben")  # fmt: skip
    found = ran.json
    assert found["coders"] == ["Ana", "Ben"] and found["reference"] == "Ben"
    waiting = next(item for item in found["codes"] if item["code"] == "Access / Waiting")
    assert waiting["applied"] == [0, 1]
    assert waiting["figures"]["recall"]["value"] == 0.0
    assert "first marked the document done" in ran.err
    assert "Access / Waiting" in (tmp_path / "agreement.csv").read_text(encoding="utf-8-sig")
    text = done("agree", "-s", "S", "--bootstrap", "0", "--unit", "sentence").out
    assert "All codes | agreed" in text and "Applied by nobody:" in text
    assert "Ana never applied it." in text


def test_wrong_use_is_refused(done: Any) -> None:
    assert "'word' is not" in done("agree", "-s", "S", "--unit", "word", expect=2).err
    assert "nobody called 'Zoe'" in done("agree", "-s", "S", "--coders", "Ana,Zoe", expect=1).err
    assert "at least two" in done("agree", "-s", "S", "--coders", "Ana", expect=1).err
    refused = done("agree", "-s", "S", "--output", "x.pdf", expect=1)
    assert ".csv or .xlsx" in refused.err
