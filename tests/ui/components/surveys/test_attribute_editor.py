"""The attributes of one respondent: shown, edited by kind, cleared, given back, undone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.builders import Bench
from workbench.domain.codings import Actor
from workbench.domain.groupings import merge_of
from workbench.services import study
from workbench.services.opening import Database
from workbench.services.surveys import attribute_traits, attributes, groupings
from workbench.store.tables import respondent

SURVEY = """id,group,needs,age,born,email,q1
R1,Roma <b>,money|sleep,30,1990-01-02,r1@secret.example,Text
R2,Irish,,,,,Text
"""
MAPPING = """
respondent_id: id
attributes:
  - {column: group}
  - {column: needs, kind: multi, delimiter: "|"}
  - {column: age, kind: number}
  - {column: born, kind: date}
  - {column: email}
questions: [{column: q1, ref: q1, text: "What?"}]
identifying: [email]
"""


@pytest.fixture
def bench(database: Database, ana: Actor) -> Bench:
    made = Bench(database, ana, study.create_study(ana, database, "Test").id)
    made.ingest(SURVEY, MAPPING)
    return made


def person(bench: Bench, ref: str = "R1") -> int:
    with bench.database.read() as connection:
        found = select(respondent.c.id).where(respondent.c.ref == ref)
        return int(connection.execute(found).scalar_one())


def page(study_id: int, respondent_id: int, name: str) -> None:
    """Draw nothing but the editor."""
    from workbench.services import study
    from workbench.ui import state
    from workbench.ui.components.surveys.attribute_editor import attribute_editor

    database = state.open_database()
    actor = study.sign_in(database, name)
    found = study.get_study(actor, database, study_id)
    state.set_context(state.Context(actor, database, found))
    attribute_editor(respondent_id)


def opened(bench: Bench, ref: str = "R1", name: str = "Ana") -> Any:
    from streamlit.testing.v1 import AppTest

    arguments = {"study_id": bench.study_id, "respondent_id": person(bench, ref), "name": name}
    at = AppTest.from_function(page, kwargs=arguments, default_timeout=30).run()
    assert not at.exception, at.exception
    return at


def said(at: Any) -> str:
    return "\n".join([*(item.proto.body for item in at.get("html")),
                      *(item.value.replace("\\", "") for item in at.error)])  # fmt: skip


def click(at: Any, label: str) -> Any:
    buttons = [item for item in at.button if item.label.replace("\\", "") == label]
    assert buttons, [item.label for item in at.button]
    buttons[0].click().run()
    assert not at.exception, at.exception
    return at


def edit(at: Any, bench: Bench, name: str) -> Any:
    item = attribute_traits.find(bench.actor, bench.database, bench.study_id, name)
    (button,) = (found for found in at.button if (found.key or "").endswith(f"_{item.id}"))
    button.click().run()
    assert not at.exception, at.exception
    return at


def values(bench: Bench, ref: str = "R1", **options: Any) -> dict[str, tuple[str, ...]]:
    found = attributes.list_values(
        bench.actor, bench.database, bench.study_id, person(bench, ref), **options
    )
    return {item.item.name: item.values for item in found}


def test_values_are_shown_as_they_are_and_identifying_ones_are_not(bench: Bench) -> None:
    shown = said(opened(bench))
    assert "<bdi>Roma &lt;b&gt;</bdi>" in shown
    assert "<bdi>money</bdi>; <bdi>sleep</bdi>" in shown
    assert "secret" not in shown
    assert "<i>Not stated</i>" in said(opened(bench, "R2"))


def test_a_value_is_chosen_typed_and_cleared(bench: Bench) -> None:
    at = edit(opened(bench), bench, "group")
    assert at.selectbox[0].options == ["Irish", "Roma <b>"]
    at.selectbox[0].set_value("Irish").run()
    at = click(at, "Save")
    assert values(bench)["group"] == ("Irish",)
    assert "set by Ana on" in said(at)
    at = edit(at, bench, "group")
    at.selectbox[0].options.append("Sami")  # as if typed
    at.selectbox[0].set_value("Sami")
    at = click(at, "Save")
    assert values(bench)["group"] == ("Sami",)
    at = click(edit(at, bench, "group"), "Clear")
    assert values(bench)["group"] == ()
    at = click(at, "Undo Group of R1")
    assert values(bench)["group"] == ("Sami",)
    click(at, "Redo Group of R1")
    assert values(bench)["group"] == ()


def test_several_values_a_number_and_a_date(bench: Bench) -> None:
    at = edit(opened(bench), bench, "needs")
    at.multiselect[0].options.append("food")  # as if typed
    at.multiselect[0].set_value(["sleep", "food"])
    at = click(at, "Save")
    assert values(bench)["needs"] == ("food", "sleep")
    at = edit(at, bench, "age")
    at.text_input[0].set_value("many").run()
    at = click(at, "Save")
    assert "Age: 'many' is not a number. Write 12 or 2.5." in said(at)
    at.text_input[0].set_value("31.5").run()
    at = click(at, "Save")
    at = edit(at, bench, "born")
    at.text_input[0].set_value("3/2/1991").run()
    click(at, "Save")
    assert (values(bench)["age"], values(bench)["born"]) == (("31.5",), ("1991-02-03",))


def test_cancelling_and_saving_the_same_change_nothing(bench: Bench) -> None:
    before = values(bench)
    at = click(edit(opened(bench), bench, "group"), "Cancel")
    at = click(edit(at, bench, "group"), "Save")
    assert values(bench) == before
    assert "set by" not in said(at)


def test_the_files_value_is_taken_again(bench: Bench) -> None:
    at = edit(opened(bench), bench, "group")
    assert "Take the file's value again" not in [item.label for item in at.button]
    at.selectbox[0].set_value("Irish").run()
    at = edit(click(at, "Save"), bench, "group")
    at = click(at, "Take the file's value again")
    assert "set by" not in said(at)
    bench.ingest(SURVEY, MAPPING)
    assert values(bench)["group"] == ("Roma <b>",)


def test_what_is_derived_is_shown_and_follows(bench: Bench) -> None:
    source = attribute_traits.find(bench.actor, bench.database, bench.study_id, "group").id
    rule = merge_of([("Roma <b>", "A"), ("Irish", "B")])
    key = groupings.make(bench.actor, bench.database, bench.study_id, source, rule, name="broad")
    at = opened(bench)
    assert "<bdi>A</bdi>" in said(at)
    assert "derived: follows its original" in said(at)
    assert not [item for item in at.button if (item.key or "").endswith(f"_{key}")]
    at = edit(at, bench, "group")
    at.selectbox[0].set_value("Irish").run()
    assert "<bdi>B</bdi>" in said(click(at, "Save"))


def test_somebody_elses_change_in_the_meantime_is_not_overwritten(bench: Bench) -> None:
    at = edit(opened(bench), bench, "age")
    at.text_input[0].set_value("40").run()
    item = attribute_traits.find(bench.actor, bench.database, bench.study_id, "age").id
    other = bench.person("Bo")
    attributes.set_values(other, bench.database, bench.study_id, person(bench), item, ["50"])
    at = click(at, "Save")
    assert "Age of R1 has been changed in the meantime. It is shown anew." in said(at)
    assert values(bench)["age"] == ("50",)
    at.run()
    assert at.text_input[0].value == "50"
