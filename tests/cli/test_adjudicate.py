"""`workbench adjudicate`: what is open, what is agreed on, and the decisions as a file."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Bench
from workbench.services import opening, study
from workbench.services.team import adjudicate


@pytest.fixture
def bench(loaded: Any) -> Any:
    """Two people who have done R1 and R2: they agree on one thing and differ on another."""
    database = opening.open_database(os.environ["WORKBENCH_DATABASE_URL"])
    actor = study.sign_in(database, "Ana")
    found = Bench(database, actor, study.find_study(actor, database, "S").id, "S")
    cy = found.person("Cy")
    for label in ("R1", "R2"):
        for who in (actor, cy):
            found.code(found.document(label), "School", None, actor=who)
    found.code(found.document("R1"), "Phone", None)
    for label in ("R1", "R2"):
        for who in (actor, cy):
            found.done(found.document(label), who)
    yield found
    database.close()


def test_what_is_open_is_listed(loaded: Any, bench: Any) -> None:
    found = loaded("--as", "Ana", "adjudicate", "list", "-s", "S", "--json").json
    document = bench.document("R1")
    assert found == {
        "n_finished": 2, "n_settled": 0, "n_open": 2, "n_without_difference": 1, "n_agreed": 2,
        "n_differences": 1, "by_code": [{"code": "Access / Phone", "n_differences": 1}],
        "changed": [], "n_documents": 1,
        "documents": [{"document_id": document, "document": "R1",
                       "question": found["documents"][0]["question"],
                       "n_differences": 1, "n_agreed": 1}],
    }  # fmt: skip
    text = loaded("adjudicate", "list", "-s", "S", "--code", "access / phone").out
    assert "2 documents done by two or more: 0 settled, 2 open" in text
    assert "1 difference to decide, 2 agreed codings not in the consensus yet" in text
    assert "  Access / Phone: 1" in text and "R1 · " in text
    other = loaded("adjudicate", "list", "-s", "S", "--code", "School", "--json").json
    assert (other["n_documents"], other["documents"], other["n_differences"]) == (0, [], 1)
    beyond = loaded("adjudicate", "list", "-s", "S", "--offset", "1", "--json").json
    assert (beyond["n_documents"], beyond["documents"]) == (1, [])


def test_what_is_agreed_on_is_accepted_once(loaded: Any, bench: Any) -> None:
    dry = loaded("adjudicate", "accept", "-s", "S", "--dry-run", "--json").json
    assert dry == {"codings": 2, "settled": 1, "dry_run": True}
    ran = loaded("--as", "Ana", "adjudicate", "accept", "-s", "S")
    assert ran.out == "2 agreed codings entered the consensus, 1 document settled.\n"
    again = loaded("adjudicate", "accept", "-s", "S", "--json").json
    assert again == {"codings": 0, "settled": 0, "dry_run": False}
    found = loaded("adjudicate", "list", "-s", "S", "--json").json
    assert (found["n_settled"], found["n_agreed"], found["n_differences"]) == (1, 0, 1)


def test_decisions_are_written(loaded: Any, bench: Any, tmp_path: Path) -> None:
    place, document = (bench.actor, bench.database, bench.study_id), bench.document("R1")
    phone = next(
        item.place
        for item in adjudicate.open_document(*place, document).items
        if item.difference != "agreed"
    )
    adjudicate.decide(*place, document, phone, take=[bench.actor.id], note="=said so")
    ran = loaded("adjudicate", "export", "decisions.csv", "-s", "S", "--json")
    assert ran.json == {"file": "decisions.csv", "decisions": 2}
    text = (tmp_path / "decisions.csv").read_text(encoding="utf-8-sig")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["Access / Phone"].pop("decided at")
    assert rows["Access / Phone"] == {
        "document": "R1", "question": "q1", "code": "Access / Phone", "start": "", "end": "",
        "decision": "taken", "taken from": "Ana", "codings": "1", "note": "'=said so",
        "decided by": "Ana", "settled": "yes",
    }  # fmt: skip
    assert (rows["School"]["decision"], rows["School"]["taken from"]) == ("agreed", "Ana, Cy")
    loaded("adjudicate", "export", "decisions.xlsx", "-s", "S")
    assert (tmp_path / "decisions.xlsx").read_bytes()[:2] == b"PK"


def test_wrong_use_is_refused(loaded: Any, tmp_path: Path) -> None:
    assert "there is no code 'X'" in loaded("adjudicate", "list", "-s", "S", "--code", "X",
                                            expect=1).err  # fmt: skip
    assert ".csv or .xlsx" in loaded("adjudicate", "export", "x.pdf", "-s", "S", expect=1).err
    assert "is a folder" in loaded("adjudicate", "export", tmp_path, "-s", "S", expect=1).err
    assert loaded("adjudicate", "accept", "-s", "S", "--json").json["codings"] == 0
