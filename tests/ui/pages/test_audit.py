"""The Audit page: the trail, one's own history, verifying, taking back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, update

from tests.builders import Bench
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.opening import Database
from workbench.store import tables

OpenPage = Callable[..., Any]


@pytest.fixture
def bench(ana: Actor, database: Database) -> Bench:
    """A study of Ana's that Ben has coded too."""
    made = study.create_study(ana, database, "Test")
    found = Bench(database, ana, made.id)
    found.ingest()
    found.load()
    found.code(found.document("R1"), "Phone", "She")
    found.code(found.document("R1"), "School", "to me", actor=found.person("Ben"))
    return found


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def shown(at: Any) -> str:
    return "\n".join([*(item.value for item in at.markdown), html(at)])


def press(at: Any, label: str) -> Any:
    next(item for item in at.button if item.label.startswith(label)).click().run()
    assert not at.exception, at.exception
    return at


def view(at: Any, name: str) -> Any:
    next(item for item in at.segmented_control if item.label == "View").set_value(name).run()
    assert not at.exception, at.exception
    return at


def test_the_trail_is_a_table_with_links(bench: Bench, open_page: OpenPage) -> None:
    at = open_page("audit", study=bench.study_id)
    assert "**5 steps**, newest first" in shown(at)
    text = html(at)
    assert text.count("<tr>") == 6
    assert "Coded: School on R1" in text
    document = bench.document("R1")
    assert f'href="coding?study={bench.study_id}&amp;document={document}&amp;as=Ana"' in text
    assert '<td class="number">5</td>' in text


def test_filters_narrow_and_are_cleared(bench: Bench, open_page: OpenPage) -> None:
    at = open_page("audit", study=bench.study_id)
    at.selectbox[0].set_value(bench.person("Ben").id).run()
    assert "**1 step**, newest first" in shown(at)
    assert "Coded: School on R1" in html(at)
    assert "Coded: Phone on R1" not in html(at)
    at.text_input[0].set_value("nothing like it").run()
    assert "No step fits. Take a part of the search or the filters back." in html(at)
    at.text_input[0].set_value("").run()
    press(at, "Clear the filters")
    assert "**5 steps**" in shown(at)


def test_what_was_done_is_taken_back_step_by_step(bench: Bench, open_page: OpenPage) -> None:
    at = view(open_page("audit", study=bench.study_id), "mine")
    assert "Coded: School on R1" not in html(at)
    press(at, "Undo: Phone on R1")
    assert [row["coder"] for row in bench.export()] == ["Ben"]
    assert "<s><bdi" in html(at)
    press(at, "Redo: Phone on R1")
    assert len(bench.export()) == 2
    press(at, "Take back")
    assert [row["coder"] for row in bench.export()] == ["Ben"]


def test_a_refusal_stands_beside_its_step(bench: Bench, open_page: OpenPage) -> None:
    phone = bench.codes()["Phone"].id
    codebook.edit_code(bench.actor, bench.database, bench.study_id, phone, {"definition": "mine"})
    ben = bench.person("Ben")
    codebook.edit_code(ben, bench.database, bench.study_id, phone, {"definition": "yours"})
    at = view(open_page("audit", study=bench.study_id), "mine")
    press(at, "Take back")
    assert "it stays, since Ben has changed the same thing later" in at.error[0].value
    assert bench.codes()["Phone"].definition == "yours"
    at.run()
    assert not at.error
    press(at, "Undo: editing Phone")
    assert "Ben has changed it since" in at.error[0].value


def test_an_owner_takes_back_what_others_did_on_a_document(
    bench: Bench, open_page: OpenPage
) -> None:
    at = open_page("audit", study=bench.study_id)
    assert not [item for item in at.button if item.label == "Take back"]
    next(item for item in at.text_input if item.label == "Document").set_value("R1").run()
    assert "**2 steps**, newest first" in shown(at)
    press(at, "Take back")
    assert [row["coder"] for row in bench.export()] == ["Ana"]
    next(item for item in at.text_input if item.label == "Document").set_value("Z9").run()
    assert "No document has this ref." in html(at)


def test_the_chain_is_verified(bench: Bench, open_page: OpenPage) -> None:
    at = press(open_page("audit", study=bench.study_id), "Verify the chain")
    assert "The chain is whole: 5 events checked." in html(at)
    with bench.database.write() as connection:
        connection.execute(
            update(tables.event).where(tables.event.c.number == 3).values(payload="{}")
        )
    press(at, "Verify the chain")
    assert "The chain breaks at event 3: this event was changed after it was written." in html(at)


def test_blind_work_is_left_out_and_the_page_says_so(bench: Bench, open_page: OpenPage) -> None:
    document, ben = bench.document("R2"), bench.person("Ben")
    with bench.database.write() as connection:
        connection.execute(
            insert(tables.assignment).values(
                document_id=document, coder_id=ben.id, blind=True, created_at="2022"
            )
        )
    bench.code(document, "Phone", "rang", actor=ben)
    at = open_page("audit", study=bench.study_id)
    assert "**5 steps**, newest first" in shown(at)
    assert "Documents are coded blind now" in html(at)
    assert "R2" not in html(at)
    assert 'class="number"' not in html(at)
    press(at, "Verify the chain")
    assert "The chain is whole. Its length and its last hash are told once" in html(at)
    assert "events checked" not in html(at)


def test_names_of_codes_are_no_markup(bench: Bench, open_page: OpenPage) -> None:
    hostile = "<script>alert(1)</script> **x**"
    codebook.add_code(bench.actor, bench.database, bench.study_id, parent_id=None, name=hostile)
    at = open_page("audit", study=bench.study_id)
    assert "<script>" not in html(at)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **x**" in html(at)
    view(at, "mine")
    assert "<script>" not in html(at)
    undo = next(item for item in at.button if item.key == "audit_Undo")
    assert "\\*\\*x" in undo.label or "\\<script" in undo.label
    press(at, "Undo")
    assert hostile not in bench.codes()


def test_pages_turn(bench: Bench, open_page: OpenPage) -> None:
    for number in range(25):
        bench.code(bench.document("R4"), "Phone", "The school was kind"[: number % 18 + 1])
        bench.send({"kind": "undo"})
    at = open_page("audit", study=bench.study_id)
    assert "**55 steps**" in shown(at)
    assert "1-50 of 55" in shown(at)
    press(at, "Older")
    assert "51-55 of 55" in shown(at)
    view(at, "mine")
    assert "1-20 of 54" in shown(at)
