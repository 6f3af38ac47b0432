"""The Team page: members and roles, documents given out after a look, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.builders import Bench
from workbench.domain.codings import Actor, DocumentFilter
from workbench.services import study
from workbench.services.opening import Database
from workbench.services.team import allocate, team
from workbench.services.team.allocate import Wanted
from workbench.store import tables

Open = Callable[..., Any]


@pytest.fixture
def bench(database: Database, ana: Actor) -> Bench:
    """A study that Ana owns, with Ben as a coder and a viewer with an unkind name."""
    made = study.create_study(ana, database, "Test")
    found = Bench(database, ana, made.id)
    found.ingest()
    found.load()
    team.add_member(ana, database, made.id, "Ben")
    team.add_member(ana, database, made.id, "Vi <b>", "viewer")
    return found


def words(at: Any) -> str:
    parts = [element.proto.body for element in at.get("html")]
    shown = [part for part in parts if not part.startswith("<style")]
    own = (item.value.replace("\\", "") for item in (*at.error, *at.header, *at.markdown))
    return "\n".join([*shown, *own])


def field(at: Any, label: str) -> Any:
    fields = (*at.selectbox, *at.multiselect, *at.toggle, *at.checkbox, *at.text_input,
              *at.number_input, *at.button_group)  # fmt: skip
    return next(item for item in fields if item.label == label)


def press(at: Any, label: str) -> Any:
    found = next(item for item in at.button if item.label.startswith(label))
    found.click().run()
    assert not at.exception, at.exception
    return at


def opened(open_page: Open) -> Any:
    at = open_page("team").run()
    assert not at.exception, at.exception
    return at


def roles(bench: Bench) -> dict[str, str | None]:
    members = team.list_members(bench.actor, bench.database, bench.study_id)
    return {item.name: item.role for item in members}


def given(bench: Bench) -> list[tuple[int, int, bool]]:
    table = tables.assignment
    with bench.database.read() as connection:
        rows = connection.execute(select(table.c.document_id, table.c.coder_id, table.c.blind))
        return [tuple(row) for row in rows]


def test_without_a_study_it_leads_to_the_import(
    open_page: Open, database: Database, ana: Actor
) -> None:
    at = opened(open_page)
    assert "There is no study yet" in words(at)


def test_owners_see_members_and_change_roles(open_page: Open, bench: Bench) -> None:
    at = opened(open_page)
    assert "Members (3)" in words(at)
    assert "Vi &lt;b&gt;" in words(at)
    assert not [part for part in at.get("html") if "Vi <b>" in part.proto.body]
    field(at, "Role of Ben").set_value("viewer").run()
    assert roles(bench)["Ben"] == "viewer"
    field(at, "Role of Ana").set_value("coder").run()
    assert "Ana is the only owner of this study." in words(at)
    assert roles(bench)["Ana"] == "owner"
    assert field(at, "Role of Ana").value == "owner"


def test_people_are_added_removed_and_added_again(open_page: Open, bench: Bench) -> None:
    at = opened(open_page)
    field(at, "Add somebody by name").set_value(" Cy ")
    press(at, "Add")
    assert roles(bench)["Cy"] == "coder"
    press(at, "Remove from the study")  # the first is Ana, the only owner
    assert "Ana is the only owner" in words(at)
    next(item for item in at.button if item.key and item.key.startswith("really_")
         and item.key != f"really_{bench.actor.id}").click().run()  # fmt: skip
    assert roles(bench)["Ben"] is None
    assert "removed; their codings stay" in words(at)
    press(at, "Add again")
    assert roles(bench)["Ben"] == "coder"


def test_who_is_added_is_meant_when_documents_are_given_out(open_page: Open, bench: Bench) -> None:
    at = opened(open_page)
    ana = bench.actor.id
    assert len(field(at, "Who codes").value) == 2
    field(at, "Who codes").set_value(["Ana"]).run()
    assert field(at, "Who codes").value == [ana]
    field(at, "Add somebody by name").set_value("Cy")
    press(at, "Add")
    assert field(at, "Who codes").value == [ana, bench.person("Cy").id]
    field(at, "Who codes").set_value(["Ana"]).run()
    at.run()
    assert field(at, "Who codes").value == [ana]


def test_the_overview_tells_what_was_given_apart_from_what_there_is(
    open_page: Open, bench: Bench
) -> None:
    first, *_ = bench.documents()
    bench.done(first.id)
    wanted = Wanted(DocumentFilter(state="done"), (bench.actor.id,), "everyone", False)
    place = (bench.actor, bench.database, bench.study_id)
    assert allocate.apply(*place, wanted).n_given == 1
    at = open_page("overview", study=bench.study_id)
    assert "You have done everything that was given to you." in words(at)
    assert "1 of 1 done" in words(at) and "none given to you" in words(at)
    at.toggle[0].set_value(False).run()
    assert "none given to you" not in words(at)
    assert "6 of 7 answers are not done by you" in words(at)


def test_a_study_is_closed_to_strangers(open_page: Open, bench: Bench) -> None:
    at = opened(open_page)
    field(at, "Only people whom an owner adds may join").set_value(True).run()
    assert not team.is_open(bench.actor, bench.database, bench.study_id)
    field(at, "Only people whom an owner adds may join").set_value(False).run()
    assert team.is_open(bench.actor, bench.database, bench.study_id)


def test_documents_are_given_out_after_a_look_and_taken_back(open_page: Open, bench: Bench) -> None:
    at = opened(open_page)
    assert "What this gives out, of 7 documents" in words(at)
    assert given(bench) == []
    field(at, "Coded by several, %").set_value(50).run()
    field(at, "Blind: nobody sees others' codings until all who have a document are done with it"
          ).set_value(True).run()  # fmt: skip
    groups = field(at, "Evenly within")
    groups.set_value(next(item for item in groups.options if item == "Group")).run()
    assert "7 documents given out, 4 in the hands of several people then." in words(at)
    assert "Not stated" in words(at)
    press(at, "Give out 7 documents")
    assert len(given(bench)) == 11
    assert {blind for _, _, blind in given(bench)} == {True}
    assert "7 of 7 documents given out, 4 of them to several people." in words(at)
    assert not [item for item in at.button if item.label.startswith("Give out 7")]
    press(at, "Undo giving out 7 documents")
    assert given(bench) == []
    press(at, "Redo")
    assert len(given(bench)) == 11
    field(at, "Take the documents of this filter back from").set_value([bench.actor.id]).run()
    press(at, "Take back")
    assert bench.actor.id not in {who for _, who, _ in given(bench)}


def test_ending_blind_coding_asks_for_a_word(open_page: Open, bench: Bench) -> None:
    arguments = (bench.actor, bench.database, bench.study_id)
    allocate.apply(*arguments, Wanted(way="everyone", blind=True))
    bench.code(bench.document("R1"), "School", "left", actor=bench.person("Ben"))
    at = opened(open_page)
    press(at, "End blind coding here")
    assert "1 document of these is being coded blind." in words(at)
    sure = next(item for item in at.checkbox if item.label.startswith("I know that 1 document"))
    assert sure is not None
    for item in at.checkbox:
        item.set_value(True)
    press(at, "End blind coding here")
    assert {blind for _, _, blind in given(bench)} == {False}


def test_viewers_are_told_why_they_change_nothing(open_page: Open, bench: Bench) -> None:
    team.add_member(bench.actor, bench.database, bench.study_id, "Di", "owner")
    team.set_role(bench.person("Di"), bench.database, bench.study_id, bench.actor.id, "viewer")
    at = opened(open_page)
    assert "The study&#x27;s owners say who belongs to it and who codes what." in words(at)
    assert not [item for item in at.selectbox if item.label.startswith("Role of")]
    assert not [item for item in at.button if item.label.startswith("Give out")]
    for page in ("team", "codebook", "overview"):
        at = open_page(page).run()
        assert "You are a viewer in this study: you may read everything" in words(at)


def test_given_to_me_is_on_at_first_and_can_be_switched_off(open_page: Open, bench: Bench) -> None:
    arguments = (bench.actor, bench.database, bench.study_id)
    one = DocumentFilter(respondent_id=bench.open(bench.document("R1")).document.respondent_id)
    at = open_page("questions").run()
    assert not at.toggle
    allocate.apply(*arguments, Wanted(one, (bench.actor.id,), "chosen"))
    at = open_page("questions").run()
    assert not at.exception
    assert field(at, "Given to me (2)").value is True
    assert "1 answer" in words(at)
    field(at, "Given to me (2)").set_value(False).run()
    assert "4 answers" in words(at)
    at = open_page("overview").run()
    assert "You have done 0 of 2 answers." in words(at)
    field(at, "Given to me (2)").set_value(False).run()
    assert "You have done 0 of 7 answers." in words(at)
