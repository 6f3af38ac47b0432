"""The Groups page: what there is, groups made by typing and by choosing, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import SURVEY, Bench
from workbench.domain.codings import Actor
from workbench.domain.groupings import merge_of
from workbench.services import study
from workbench.services.opening import Database
from workbench.services.surveys import attribute_traits, groupings

Open = Callable[..., Any]

PEOPLE = """id,group,age,born,came,q1
""" + "".join(
    f"P{at},{('Roma', 'Irish', 'Sami <b>')[at % 3]},{10 + at},19{60 + at}-05-01,"
    f"2022-0{1 + at % 6}-10,Text\n"
    for at in range(18)
)
MAPPING = """
respondent_id: id
attributes:
  - {column: group}
  - {column: age, kind: number, grouping: false}
  - {column: born, kind: date}
  - {column: came, kind: date}
questions: [{column: q1, ref: q1, text: "What?"}]
identifying: [born]
"""


@pytest.fixture
def people(database: Database, ana: Actor) -> Bench:
    """A study with values, numbers, dates, and dates of birth that are identifying."""
    made = study.create_study(ana, database, "Test")
    bench = Bench(database, ana, made.id)
    bench.ingest(PEOPLE, MAPPING)
    return bench


def said(at: Any) -> str:
    parts = [element.proto.body for element in at.get("html")]
    parts = [part for part in parts if not part.startswith("<style")]
    return "\n".join([*parts, *(item.value.replace("\\", "") for item in (*at.error, *at.header))])


def click(at: Any, start: str) -> Any:
    found = [item for item in at.button if item.label.replace("\\", "").startswith(start)]
    assert found, [item.label for item in at.button]
    found[0].click().run()
    assert not at.exception, at.exception
    return at


def choose(at: Any, name: str) -> Any:
    (radio,) = (item for item in at.radio if item.label == "Attributes")
    at_place = [option.replace("\\", "") for option in radio.options].index(name)
    radio.set_value(list(range_of(at))[at_place]).run()
    assert not at.exception, at.exception
    return at


def range_of(at: Any) -> list[int]:
    context = at.session_state["context"]
    return [item.item.id for item in attribute_traits.list_attributes(*context.in_study())]


def listed(at: Any) -> list[str]:
    (radio,) = (item for item in at.radio if item.label == "Attributes")
    return [option.replace("\\", "") for option in radio.options]


def field(at: Any, label: str) -> Any:
    fields = (
        *at.text_input,
        *at.text_area,
        *at.selectbox,
        *at.multiselect,
        *at.toggle,
        *at.checkbox,
    )
    return next(item for item in fields if item.label == label)


def type_groups(at: Any, *groups: str) -> Any:
    """Type groups into the table of values, from the first row on."""
    rows = {place: {"group": group} for place, group in enumerate(groups)}
    table = at.data_editor[0]
    at.session_state[table.key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    at.run()
    assert not at.exception, at.exception
    return at


def sizes(bench: Bench, name: str) -> dict[str, int]:
    item = attribute_traits.find(bench.actor, bench.database, bench.study_id, name)
    detail = attribute_traits.describe(bench.actor, bench.database, bench.study_id, item.id)
    return {group.name: group.n for group in detail.groups}


# ---------------------------------------------------------------- what there is


def test_without_a_study_and_without_attributes_it_leads_to_the_import(
    open_page: Open, database: Database, ana: Actor
) -> None:
    at = open_page("groups")
    assert "There is no study yet" in said(at)
    made = study.create_study(ana, database, "Bare")
    at = open_page("groups", study=made.id)
    assert "The study holds no attributes yet" in said(at)
    assert [item.label for item in at.button if "Import" in item.label] == ["Import a survey"]


def test_it_lists_attributes_with_their_groups_and_never_an_identifying_value(
    open_page: Open, people: Bench
) -> None:
    at = open_page("groups", study=people.study_id)
    assert listed(at) == ["Group", "Age", "Born", "Came"]
    assert "Sami &lt;b&gt;" in said(at), "a value is shown as it is"
    assert "<td class='n'>6</td>" in said(at)
    at = choose(at, "Age")
    assert "18 respondents with 18 different values, from 10 to 27" in said(at)
    at = choose(at, "Born")
    assert "its values stay in the database and are never shown" in said(at)
    assert "19" not in said(at).replace("19px", "")
    assert "Merge values" not in [item.label for item in at.button]


def test_the_sample_has_broad_ethnic_groups_beside_the_specific_ones(
    open_page: Open, sample_study: int
) -> None:
    at = open_page("groups", study=sample_study)
    assert listed(at)[1:3] == ["Ethnic group", "↳ Broad ethnic group"]
    at = choose(at, "↳ Broad ethnic group")
    shown = said(at)
    assert "Merged from Ethnic group, which stays as it is." in shown
    for name, n in (("Asian", 62), ("Black", 41), ("Mixed", 25), ("White", 23)):
        assert f"<bdi>{name}</bdi></th><td class='n'>{n}</td>" in shown
    at = click(at, "Count themes by it")
    assert at.title[0].value == "Themes"
    assert next(item for item in at.selectbox if item.label == "Group by").value == (
        "broad_ethnic_group"
    )


def test_a_long_list_is_searched(open_page: Open, database: Database, ana: Actor) -> None:
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    names = [f"field {at}" for at in range(130)]
    bench.ingest(
        ",".join(["id", *names, "q1"]) + "\n" + ",".join(["R1", *names, "Text"]) + "\n",
        "respondent_id: id\nattributes:\n"
        + "".join(f"  - {{column: {name}}}\n" for name in names)
        + "questions: [{column: q1, ref: q1, text: 'What?'}]\n",
    )
    at = open_page("groups", study=bench.study_id)
    assert "130 attributes, 0 derived groupings" in said(at)
    assert "The first 100 of 130 are shown." in said(at)
    assert len(listed(at)) == 100
    field(at, "Find an attribute").set_value("FIELD 12").run()
    assert listed(at) == ["Field 0", "Field 12", *(f"Field 12{end}" for end in range(10))]
    field(at, "Find an attribute").set_value("nothing").run()
    assert "No attribute is called so." in said(at)
    assert listed(at) == ["Field 0"], "the chosen one stays"


# ---------------------------------------------------------------- merging


def test_groups_are_typed_previewed_and_saved(open_page: Open, people: Bench) -> None:
    at = click(open_page("groups", study=people.study_id), "Merge values")
    assert "Write a group beside at least one value" in said(at)
    assert next(item for item in at.button if item.label == "Save the groups").disabled
    at = type_groups(at, "Two", "Two")
    assert "1 of 3 values have no group." in said(at)
    assert "<bdi>Two</bdi></th><td class='n'>12</td>" in said(at)
    field(at, "Values without a group").select_index(1).run()
    field(at, "named").set_value("Others").run()
    assert "<bdi>Others</bdi></th><td class='n'>6</td>" in said(at)
    field(at, "Name of the new grouping").set_value("Two and others").run()
    at = click(at, "Save the groups")
    assert listed(at)[:2] == ["Group", "↳ Two and others"]
    assert at.header[0].value == "Two and others"
    assert sizes(people, "two_and_others") == {"Two": 12, "Others": 6}
    assert sizes(people, "group") == {"Irish": 6, "Roma": 6, "Sami <b>": 6}


def test_values_that_differ_in_capitals_are_told_and_merged_with_one_click(
    open_page: Open, database: Database, ana: Actor
) -> None:
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    values = ("pakistani", "Pakistani", "Pakistani", "Roma", "black  british", "Black British")
    rows = "".join(f"P{at},{value},Text\n" for at, value in enumerate(values))
    bench.ingest(f"id,group,q1\n{rows}", MAPPING.replace("identifying: [born]", "").replace(
        "  - {column: age, kind: number, grouping: false}\n  - {column: born, kind: date}\n"
        "  - {column: came, kind: date}\n", ""
    ))  # fmt: skip
    at = open_page("groups", study=bench.study_id)
    told = said(at).replace("\u2068", "").replace("\u2069", "")
    assert "“Pakistani” and “pakistani”" in told and "“Roma”" not in told
    at = click(at, "Merge what is spelled alike")
    (original, derived) = attribute_traits.list_attributes(ana, database, bench.study_id)
    detail = attribute_traits.describe(ana, database, bench.study_id, derived.item.id)
    assert {group.name: group.n for group in detail.groups if group.n} == {
        "Pakistani": 3, "Roma": 1, "Black British": 2,
    }  # fmt: skip
    assert "Merge what is spelled alike" not in [item.label for item in at.button]
    at = choose(at, original.item.title)
    assert "counted apart" not in said(at), "they are merged already"
    click(at, "Undo")
    assert "counted apart" in said(at)


def test_values_are_put_into_a_group_by_choosing(open_page: Open, people: Bench) -> None:
    at = click(open_page("groups", study=people.study_id), "Merge values")
    at = type_groups(at, "Typed")
    field(at, "Put values").set_value(["Roma"]).run()
    field(at, "into the group").set_value("Typed").run()
    at = click(at, "Put")
    assert "<bdi>Typed</bdi></th><td class='n'>12</td>" in said(at), "what was typed stays"
    field(at, "Name of the new grouping").set_value("Chosen").run()
    click(at, "Save the groups")
    assert sizes(people, "chosen") == {"Typed": 12, "Sami <b>": 6}


def test_what_was_typed_is_there_after_a_look_at_another_page(
    open_page: Open, people: Bench
) -> None:
    at = type_groups(click(open_page("groups", study=people.study_id), "Merge values"), "Kept")
    at.switch_page("workbench/ui/pages/overview.py").run()
    at.switch_page("workbench/ui/pages/groups.py").run()
    assert not at.exception
    assert "<bdi>Kept</bdi>" in said(at)
    at = click(at, "Cancel")
    assert listed(at) == ["Group", "Age", "Born", "Came"]


def test_a_refusal_stands_beside_the_groups_and_nothing_is_lost(
    open_page: Open, people: Bench
) -> None:
    at = click(open_page("groups", study=people.study_id), "Merge values")
    at = type_groups(at, "Two", "two")
    assert "Two groups differ only in capitals: 'Two' and 'two'" in said(at)
    at = type_groups(at, "Two", "Two")
    at = click(at, "Save the groups")
    assert "The name of an attribute has 1 to 200 characters" in said(at)
    field(at, "Name of the new grouping").set_value("group").run()
    at = click(at, "Save the groups")
    assert "There is an attribute named 'group' already" in said(at)
    assert "<bdi>Two</bdi>" in said(at)


def test_a_new_value_waits_to_be_settled(open_page: Open, database: Database, ana: Actor) -> None:
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest()
    source = attribute_traits.find(ana, database, bench.study_id, "group").id
    rule = merge_of([("Roma", "White"), ("Irish", "White")])
    groupings.make(ana, database, bench.study_id, source, rule, name="broad")
    bench.ingest(SURVEY + "R5,Sami,old,,r5@secret.example,Text,\n")
    at = open_page("groups", study=bench.study_id)
    (radio,) = (item for item in at.radio if item.label == "Attributes")
    assert "1 in no group yet" in radio.proto.captions[1]
    at = choose(at, "↳ Broad")
    assert "1 respondent is in no group yet" in said(at)
    at = click(at, "Change the groups")
    assert "1 of 3 values have no group." in said(at)
    rows = {2: {"group": "White"}}
    at.session_state[at.data_editor[0].key] = {
        "edited_rows": rows, "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    at.run()
    click(at, "Save the groups")
    assert sizes(bench, "broad") == {"White": 4, "Not stated": 1}


# ---------------------------------------------------------------- bands


def test_bands_are_typed_named_and_proposed(open_page: Open, people: Bench) -> None:
    at = choose(open_page("groups", study=people.study_id), "Age")
    at = click(at, "Make bands")
    assert "Write where a band begins" in said(at)
    field(at, "Bands begin at").set_value("12, 18").run()
    assert "from 12 to below 18" in said(at)
    assert "1 group with fewer than 5 respondents, who may be recognised: Under 12 (2)" in said(at)
    field(at, "Labels, one a line").set_value("Low\nMiddle").run()
    assert "2 edges make 3 bands, but there are 2 labels" in said(at)
    field(at, "Labels, one a line").set_value("Low\nMiddle\nHigh").run()
    field(at, "Bands begin at").set_value("spring").run()
    assert "The edge 'spring' is not a number" in said(at)
    at = click(at, "Equally full")
    assert field(at, "Bands begin at").value == "15, 19, 24"
    at = click(at, "Equal width")
    assert field(at, "Bands begin at").value == "15, 20, 25"
    field(at, "Name of the new grouping").set_value("Age band").run()
    at = click(at, "Save the groups")
    assert sizes(people, "age_band") == {
        "Under 15": 5, "15 to under 20": 5, "20 to under 25": 5, "25 or over": 3,
    }  # fmt: skip
    at = click(at, "Change the groups")
    assert field(at, "Bands begin at").value == "15, 20, 25"
    assert field(at, "Labels, one a line").value.splitlines()[0] == "Under 15"


def test_the_first_and_the_last_day_are_written_as_everywhere(
    open_page: Open, people: Bench
) -> None:
    at = choose(open_page("groups", study=people.study_id), "Came")
    assert "from 10 Jan 2022 to 10 Jun 2022." in said(at)


def test_dates_go_by_the_calendar_or_by_own_dates(open_page: Open, people: Bench) -> None:
    at = click(choose(open_page("groups", study=people.study_id), "Came"), "Make bands")
    (by,) = (item for item in at.get("button_group") if item.label == "Bands by")
    by.set_value("quarter").run()
    assert "<bdi>Jan to Mar 2022</bdi></th><td class='n'>9</td>" in said(at)
    (by,) = (item for item in at.get("button_group") if item.label == "Bands by")
    by.set_value("edges").run()
    field(at, "Bands begin at").set_value("2022-03-01").run()
    assert "from 1 Mar 2022" in said(at)


def test_what_is_derived_from_an_identifying_attribute_is_hidden_unless_the_owner_says_so(
    open_page: Open, people: Bench
) -> None:
    at = click(choose(open_page("groups", study=people.study_id), "Born"), "Make bands")
    (by,) = (item for item in at.get("button_group") if item.label == "Bands by")
    by.set_value("edges").run()
    field(at, "Bands begin at").set_value("1970-01-01").run()
    assert "What is derived from it is identifying too" in said(at)
    assert "class='sizes'" not in said(at)
    field(at, "Show the result: it is coarse enough").check().run()
    assert "even coarse bands can point to one person" in said(at)
    assert "<td class='n'>10</td>" in said(at)
    field(at, "Name of the new grouping").set_value("Born when").run()
    click(at, "Save the groups")
    assert sizes(people, "born_when") == {"Before 1 Jan 1970": 10, "1 Jan 1970 or later": 8}


# ---------------------------------------------------------------- traits, removal, undo


def test_label_order_and_offer_are_saved_and_undone(open_page: Open, people: Bench) -> None:
    at = open_page("groups", study=people.study_id)
    field(at, "Label").set_value("Background")
    field(at, "Order of values, one a line").set_value("Roma\nSami <b>\nIrish")
    field(at, "Offer it for grouping").set_value(False)
    at = click(at, "Save")
    item = attribute_traits.find(people.actor, people.database, people.study_id, "group")
    assert (item.label, item.grouping, item.ordered_values) == (
        "Background", False, ("Roma", "Sami <b>", "Irish"),
    )  # fmt: skip
    assert listed(at)[0] == "Background"
    assert "Set here: imports leave it alone." in said(at)
    at = click(at, "As in the file again")
    at = click(at, "Undo")
    at = click(at, "Undo editing Group")
    assert listed(at)[0] == "Group"
    assert click(at, "Redo").exception == []


def test_groups_are_removed_and_brought_back(open_page: Open, people: Bench) -> None:
    source = attribute_traits.find(people.actor, people.database, people.study_id, "group").id
    groupings.make(
        people.actor, people.database, people.study_id, source,
        merge_of([("Roma", "R")], rest="other"), name="two",
    )  # fmt: skip
    at = choose(open_page("groups", study=people.study_id), "↳ Two")
    at = click(at, "Remove")
    assert listed(at) == ["Group", "Age", "Born", "Came"]
    at = click(at, "Undo removing the groups Two")
    assert "↳ Two" in listed(at)
    assert sizes(people, "two") == {"R": 6, "Other": 12}
