"""Live: a few letters that change with every deed in a study, for whoever holds a ticket."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import insert

from tests.builders import Bench
from tests.services.memos.test_memos import give_blind
from workbench.errors import NotAllowed
from workbench.services import study
from workbench.services.coding import live, reading
from workbench.services.coding.reading import DocumentFilter
from workbench.services.memos import memos
from workbench.services.voice_notes import tickets
from workbench.store import tables
from workbench.ui import server


def place(bench: Bench, actor=None) -> tuple:
    return actor or bench.actor, bench.database, bench.study_id


def test_it_changes_with_every_deed_and_with_nothing_else(bench: Bench) -> None:
    ben = bench.person("Ben")
    other = study.create_study(ben, bench.database, "Another")
    seen = {live.standing(*place(bench))}
    document = bench.document("R1")
    bench.open(document)
    memos.write(ben, bench.database, other.id, "study", other.id, "elsewhere")
    assert {live.standing(*place(bench))} == seen
    for deed in (
        lambda: bench.code(document, "School", "She listened", actor=ben),
        lambda: bench.done(document),
        lambda: memos.write(*place(bench, ben), "study", bench.study_id, "a thought"),
        lambda: bench.send({"kind": "undo"}, actor=ben),
    ):
        deed()
        now = live.standing(*place(bench, ben))
        assert now not in seen
        assert now == live.standing(*place(bench))
        seen.add(now)
    assert {len(item) for item in seen} == {live.LETTERS}


def test_only_a_ticket_for_this_opens_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    url = live.live_url(*place(bench))
    ticket = url.removeprefix(f"{live.PATH}/")
    assert live.answer(bench.database, ticket) == live.standing(*place(bench))
    until = tickets.lasting_until()
    forged = ticket.replace(f"{bench.study_id}.", f"{bench.study_id + 1}.", 1)
    for wrong in ("", "x", forged, tickets.make(bench.study_id, 1, bench.actor.id, until)):
        with pytest.raises(NotAllowed, match="does not hold"):
            live.answer(bench.database, wrong)
    now = tickets.time.time()
    monkeypatch.setattr(tickets.time, "time", lambda: now + tickets.LASTS_S + 2)
    with pytest.raises(NotAllowed, match="has run out"):
        live.answer(bench.database, ticket)


def test_the_server_answers_in_a_few_letters(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.applications import Starlette
    from starlette.routing import Route
    from starlette.testclient import TestClient

    monkeypatch.setattr(server, "_database", lambda: bench.database)
    app = Starlette(routes=[Route("/live/{ticket}", server.handle_live, methods=["GET"])])
    with TestClient(app) as client:
        found = client.get(live.live_url(*place(bench)))
        assert (found.status_code, found.text) == (200, live.standing(*place(bench)))
        assert found.headers["cache-control"] == "no-store"
        assert found.headers["content-type"].startswith("text/plain")
        assert client.get("/live/1.0.0.1.9.x").status_code == 403
        assert client.get("/live/nothing").status_code == 403
    asyncio.set_event_loop(None)


def changes(bench: Bench, opened, actor=None, key: int | None = None):
    return reading.changes(
        *place(bench, actor), DocumentFilter(), key or opened.document.id,
        since=opened.as_of, version=opened.version,
    )  # fmt: skip


def test_changes_name_who_made_them(bench: Bench) -> None:
    ben = bench.person("Ben")
    opened = bench.open(bench.document("R1"))
    assert changes(bench, opened).coders == {}
    bench.code(opened.document.id, "School", "She listened", actor=ben)
    found = changes(bench, opened)
    assert found.coders == {ben.id: "Ben"}
    assert [item.coder_id for _, item in found.codings] == [ben.id]


def test_changes_tell_when_a_document_opens_or_closes(bench: Bench) -> None:
    ben = bench.person("Ben")
    document = bench.document("R1")
    opened = bench.open(document)
    assert not opened.closed
    give_blind(bench, document, bench.actor, ben)
    assert changes(bench, opened).closed
    closed = bench.open(document)
    assert closed.closed
    for who in (bench.actor, ben):
        assert changes(bench, closed).closed
        bench.done(document, who)
    assert not changes(bench, closed).closed


def test_changes_tell_when_the_text_is_another(bench: Bench) -> None:
    from tests.builders import SURVEY

    opened = bench.open(bench.document("R1"))
    assert changes(bench, opened).revision_id == opened.document.revision_id
    bench.ingest(SURVEY.replace("Then she left", "Then she went"))
    assert changes(bench, opened).revision_id != opened.document.revision_id


def test_another_studys_newer_operation_hides_no_older_one(bench: Bench) -> None:
    """What a workspace contains is told by its own study's operations.

    On a server, another study's operation may be seen before one with a smaller key here.
    """
    opened = bench.open(bench.document("R1"))
    other = study.create_study(bench.actor, bench.database, "Another")
    memos.write(bench.actor, bench.database, other.id, "study", other.id, "elsewhere")
    assert bench.open(bench.document("R1")).as_of == opened.as_of


def test_coders_are_named_whose_codings_can_be_seen(bench: Bench) -> None:
    ben, cy = bench.person("Ben"), bench.person("Cy")
    document = bench.document("R1")
    assert reading.list_coders(*place(bench)) == {}
    bench.code(document, "School", "She listened")
    bench.code(document, "School", "left", actor=ben)
    assert reading.list_coders(*place(bench)) == {ben.id: "Ben"}
    assert reading.list_coders(*place(bench, cy)) == {bench.actor.id: "Asha", ben.id: "Ben"}
    with bench.database.write() as connection:
        connection.execute(insert(tables.assignment).values(
            document_id=document, coder_id=ben.id, blind=True, created_at="2022-01-01"
        ))  # fmt: skip
    assert reading.list_coders(*place(bench)) == reading.list_coders(*place(bench, cy)) == {}
