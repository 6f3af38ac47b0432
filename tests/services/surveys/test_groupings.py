"""Derived groupings: made, changed, taken away and brought back; the original always stays."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from tests.builders import MAPPING, SURVEY
from workbench.domain.documents import NOT_STATED
from workbench.domain.groupings import (
    UNSETTLED,
    Calendar,
    DateBands,
    Merge,
    NumberBands,
    merge_of,
)
from workbench.errors import ConflictError, InputError, NotAllowed, NotFound
from workbench.services.counting import summarise
from workbench.services.surveys import attribute_traits, grouping_offers, groupings
from workbench.services.trail import undo
from workbench.store.tables import event
from workbench.store.trail.events import verify_chain

WHITE = merge_of([("Roma", "White"), ("Irish", "White")])

NUMBERS = """id,years,born,email,q1
""" + "".join(f"P{n},{n},{1950 + n}-03-0{n % 9 + 1},p{n}@secret.example,Text\n" for n in range(20))
NUMBERS_MAPPING = """
respondent_id: id
attributes:
  - {column: years, kind: number}
  - {column: born, kind: date}
  - {column: email}
questions: [{column: q1, ref: q1, text: "What?"}]
identifying: [born, email]
"""


def key_of(bench, name):
    return attribute_traits.find(bench.actor, bench.database, bench.study_id, name).id


def make(bench, source="group", rule=WHITE, name="broad", **options):
    return groupings.make(
        bench.actor, bench.database, bench.study_id, key_of(bench, source), rule, name=name,
        **options,
    )  # fmt: skip


def sizes(bench, name="broad"):
    detail = attribute_traits.describe(
        bench.actor, bench.database, bench.study_id, key_of(bench, name)
    )
    return {group.name: group.n for group in detail.groups}


def names(bench):
    listed = attribute_traits.list_attributes(bench.actor, bench.database, bench.study_id)
    return [item.item.name for item in listed]


@pytest.fixture
def numbers(empty):
    """A study with numbers, and with dates of birth that are identifying."""
    empty.ingest(NUMBERS, NUMBERS_MAPPING)
    return empty


# ---------------------------------------------------------------- making and counting


def test_groups_count_like_any_attribute_and_the_original_still_does(bench):
    bench.code(bench.document("R1"), "Access", "listened")
    make(bench, label="Broad group")
    assert names(bench) == ["group", "broad", "age", "needs", "email"], "below its original"
    for by, expected in (
        (["group"], {"Irish": 1, "Roma": 2, NOT_STATED: 1}),
        (["broad"], {"White": 3, NOT_STATED: 1}),
    ):
        table = summarise.summarise(bench.actor, bench.database, bench.study_id, by=by)
        bases = {row.groups[by[0]]: row.base for row in table.rows if row.theme == "Access"}
        assert bases == expected
    crossed = summarise.summarise(bench.actor, bench.database, bench.study_id, by=["broad", "age"])
    assert crossed.by_titles == ("Broad group", "Age")
    choice = next(
        item
        for item in summarise.list_groups(bench.actor, bench.database, bench.study_id)
        if item.name == "broad"
    )
    assert choice.values == ("White", NOT_STATED)


def test_several_groupings_of_one_original_stand_side_by_side(bench):
    make(bench)
    make(bench, rule=merge_of([("Roma", "Roma")], rest="other", other="Another"), name="roma")
    assert sizes(bench, "broad") == {"White": 3, NOT_STATED: 1}
    assert sizes(bench, "roma") == {"Roma": 2, "Another": 1, NOT_STATED: 1}
    assert sizes(bench, "group") == {"Irish": 1, "Roma": 2, NOT_STATED: 1}


def test_groups_of_a_multi_select_overlap_and_those_of_an_ordered_attribute_keep_order(bench):
    needs = make(bench, "needs", merge_of([("money", "Means"), ("sleep", "Rest")]), "kinds")
    detail = attribute_traits.describe(bench.actor, bench.database, bench.study_id, needs)
    assert detail.item.kind == "multi"
    assert [(group.name, group.n) for group in detail.groups] == [
        ("Means", 2),
        ("Rest", 2),
        (NOT_STATED, 1),
    ]
    table = summarise.summarise(bench.actor, bench.database, bench.study_id, by=["kinds"])
    assert table.overlapping
    age = make(bench, "age", merge_of([("young", "Under 40"), ("middle", "Under 40")]), "two")
    detail = attribute_traits.describe(bench.actor, bench.database, bench.study_id, age)
    assert (detail.item.kind, detail.item.ordered_values) == ("ordered", ("Under 40", "old"))


def test_bands_of_numbers(numbers):
    key = make(numbers, "years", NumberBands((5.0, 18.0), ("low", "middle", "high")), "band")
    detail = attribute_traits.describe(numbers.actor, numbers.database, numbers.study_id, key)
    assert [(group.name, group.n, group.words, group.is_few) for group in detail.groups] == [
        ("low", 5, "below 5", False),
        ("middle", 13, "from 5 to below 18", False),
        ("high", 2, "from 18", True),
    ]


def test_edges_are_proposed_from_the_numbers(numbers):
    def edges(how):
        return grouping_offers.propose_edges(
            numbers.actor, numbers.database, numbers.study_id, key_of(numbers, "years"),
            n_bands=4, how=how,
        )  # fmt: skip

    assert edges("equal") == (5.0, 10.0, 15.0)
    assert edges("quantile") == (5.0, 10.0, 15.0)
    with pytest.raises(InputError, match="no edges can be proposed for Born"):
        grouping_offers.propose_edges(
            numbers.actor, numbers.database, numbers.study_id, key_of(numbers, "born"),
            n_bands=4, how="equal",
        )  # fmt: skip


# ---------------------------------------------------------------- preview


def test_a_preview_shows_what_making_it_would_give_and_writes_nothing(bench, everything):
    before = everything(bench.database)
    rule = merge_of([("Roma", "White")], rest="other", other="Others")
    found = groupings.preview(
        bench.actor, bench.database, bench.study_id, key_of(bench, "group"), rule
    )
    assert everything(bench.database) == before
    assert [(group.name, group.n) for group in found.groups] == [
        ("White", 2),
        ("Others", 1),
        (NOT_STATED, 1),
    ]
    assert [group.name for group in found.few] == ["White", "Others"], "few may be recognised"
    make(bench, rule=rule)
    assert sizes(bench) == {group.name: group.n for group in found.groups}


def test_the_table_for_merging_lists_every_value_with_its_group(bench):
    make(bench)
    bench.ingest(SURVEY + "R5,Sami,old,,r5@secret.example,Text,\n")
    detail = attribute_traits.describe(
        bench.actor, bench.database, bench.study_id, key_of(bench, "broad")
    )
    assert isinstance(detail.rule, Merge)
    table = grouping_offers.merge_table(
        bench.actor, bench.database, bench.study_id, key_of(bench, "group"), detail.rule
    )
    assert [(row.value, row.n, row.group) for row in table] == [
        ("Irish", 1, "White"),
        ("Roma", 2, "White"),
        ("Sami", 1, ""),
    ]


# ---------------------------------------------------------------- growth of the original


def test_a_value_that_a_later_import_brings_waits_to_be_settled(bench):
    key = make(bench)
    report = bench.ingest(SURVEY + "R5,Sami,old,,r5@secret.example,Text,\n")
    assert "the grouping broad: 1 respondent has values that are in no group yet." in (
        report.warnings
    )
    assert sizes(bench) == {"White": 3, UNSETTLED: 1, NOT_STATED: 1}
    listed = attribute_traits.list_attributes(bench.actor, bench.database, bench.study_id)
    assert [item.n_unsettled for item in listed if item.item.name == "broad"] == [1]
    table = summarise.summarise(bench.actor, bench.database, bench.study_id, by=["broad"])
    assert {row.groups["broad"]: row.base for row in table.rows}[UNSETTLED] == 1
    rule = merge_of([("Roma", "White"), ("Irish", "White"), ("Sami", "White")])
    assert groupings.change(bench.actor, bench.database, bench.study_id, key, rule)
    assert sizes(bench) == {"White": 4, NOT_STATED: 1}


def test_an_import_leaves_alone_what_a_person_has_set_of_an_attribute(bench):
    key = key_of(bench, "age")
    changes = {"label": "How old", "ordered_values": ["old", "middle", "young"], "grouping": False}
    assert attribute_traits.edit(bench.actor, bench.database, bench.study_id, key, changes)
    report = bench.ingest(SURVEY + "R6,Roma,old,,r6@secret.example,Text,\n")
    assert report.respondents_new == 1
    item = attribute_traits.find(bench.actor, bench.database, bench.study_id, "age")
    assert (item.label, item.ordered_values, item.grouping) == (
        "How old", ("old", "middle", "young"), False,
    )  # fmt: skip
    assert attribute_traits.as_in_the_file(bench.actor, bench.database, bench.study_id, key)
    bench.ingest(SURVEY + "R7,Roma,old,,r7@secret.example,Text,\n")
    item = attribute_traits.find(bench.actor, bench.database, bench.study_id, "age")
    assert (item.label, item.ordered_values, item.grouping) == (
        "", ("young", "middle", "old"), True,
    )  # fmt: skip


def test_an_import_does_not_write_over_a_derived_attribute(bench):
    make(bench)
    mapping = MAPPING.replace("column: group,", "column: group, name: broad,")
    with pytest.raises(InputError, match="the attribute broad is derived from another one"):
        bench.ingest(mapping=mapping)
    assert sizes(bench) == {"White": 3, NOT_STATED: 1}


def test_what_is_derived_from_an_attribute_that_turns_out_to_be_identifying_is_hidden(bench):
    make(bench)
    bench.ingest(mapping=MAPPING.replace("identifying: [email]", "identifying: [email, group]"))
    assert attribute_traits.find(bench.actor, bench.database, bench.study_id, "broad").identifying
    with pytest.raises(InputError, match="no attribute 'broad' to group by"):
        summarise.summarise(bench.actor, bench.database, bench.study_id, by=["broad"])
    undo.undo(bench.actor, bench.database, bench.study_id, undo.GROUPS)
    undo.redo(bench.actor, bench.database, bench.study_id, undo.GROUPS)
    again = attribute_traits.find(bench.actor, bench.database, bench.study_id, "broad")
    assert again.identifying, "what comes back is as hidden as its original is by now"


# ---------------------------------------------------------------- identifying attributes


def test_what_is_derived_from_an_identifying_attribute_is_identifying(numbers):
    bands = Calendar("year")
    found = groupings.preview(
        numbers.actor, numbers.database, numbers.study_id, key_of(numbers, "born"), bands
    )
    assert (found.hidden, found.groups) == (True, ())
    key = make(numbers, "born", bands, "year_of_birth")
    detail = attribute_traits.describe(numbers.actor, numbers.database, numbers.study_id, key)
    assert (detail.item.identifying, detail.groups, detail.item.ordered_values) == (True, (), ())
    listed = attribute_traits.list_attributes(numbers.actor, numbers.database, numbers.study_id)
    assert {item.n_values for item in listed if item.item.identifying} == {0}
    with pytest.raises(InputError, match="is identifying, and is never offered"):
        attribute_traits.edit(
            numbers.actor, numbers.database, numbers.study_id, key, {"grouping": True}
        )
    with pytest.raises(InputError, match="its values are never shown, and cannot be merged"):
        make(numbers, "email", WHITE, "mail")
    with pytest.raises(InputError, match="its values are never shown, and cannot be merged"):
        grouping_offers.merge_table(
            numbers.actor, numbers.database, numbers.study_id, key_of(numbers, "email")
        )


def test_an_owner_may_show_coarse_bands_of_an_identifying_attribute(numbers):
    coarse = DateBands(("1960-01-01",), ("Before 1960", "1960 or later"))
    key = make(numbers, "born", coarse, "born_when", openly=True)
    assert sizes(numbers, "born_when") == {"Before 1960": 10, "1960 or later": 10}
    item = attribute_traits.find(numbers.actor, numbers.database, numbers.study_id, "born_when")
    assert (item.identifying, item.grouping) == (False, True)
    fine = DateBands(("1952-01-01",), ("Before 1952", "1952 or later"))
    for deed in (
        lambda: make(numbers, "born", fine, "fine", openly=True),
        lambda: groupings.change(numbers.actor, numbers.database, numbers.study_id, key, fine),
        lambda: groupings.preview(
            numbers.actor, numbers.database, numbers.study_id, key_of(numbers, "born"), fine,
            openly=True,
        ),
    ):  # fmt: skip
        with pytest.raises(InputError, match="fewer than 5 respondents are in Before 1952"):
            deed()
    with pytest.raises(InputError, match="by month is too fine"):
        make(numbers, "born", Calendar("month"), "month", openly=True)
    with pytest.raises(NotAllowed, match="Bo is no owner of this study"):
        groupings.make(
            numbers.person("Bo"), numbers.database, numbers.study_id, key_of(numbers, "born"),
            coarse, name="other", openly=True,
        )  # fmt: skip


# ---------------------------------------------------------------- changing, taking away, undo


def test_everything_can_be_taken_back_and_done_again(bench, everything):
    def look():
        kept = everything(bench.database)
        return {
            name: kept[name] for name in ("attribute", "respondent_attribute", "attribute_edit")
        }

    def edit(changes, key):
        attribute_traits.edit(bench.actor, bench.database, bench.study_id, key, changes)

    seen = [look()]
    key = make(bench)
    seen.append(look())
    rule = merge_of([("Roma", "Roma")], rest="other")
    groupings.change(bench.actor, bench.database, bench.study_id, key, rule)
    seen.append(look())
    edit({"name": "broader", "label": "Broader", "ordered_values": ["Other", "Roma"]}, key)
    seen.append(look())
    edit({"label": "Group of people"}, key_of(bench, "group"))
    seen.append(look())
    groupings.remove(bench.actor, bench.database, bench.study_id, key)
    seen.append(look())
    assert len({json.dumps(state, sort_keys=True) for state in seen}) == len(seen)
    for state in seen[-2::-1]:
        undo.undo(bench.actor, bench.database, bench.study_id, undo.GROUPS)
        assert look() == state
    for state in seen[1:]:
        undo.redo(bench.actor, bench.database, bench.study_id, undo.GROUPS)
        assert look() == state
    with bench.database.read() as connection:
        assert verify_chain(connection, bench.study_id) is None


def test_undoing_an_edit_does_not_take_back_what_an_import_has_said(bench):
    key = key_of(bench, "group")
    attribute_traits.edit(bench.actor, bench.database, bench.study_id, key, {"label": "People"})
    bench.ingest(mapping=MAPPING.replace("identifying: [email]", "identifying: [email, group]"))
    undo.undo(bench.actor, bench.database, bench.study_id, undo.GROUPS)
    item = attribute_traits.find(bench.actor, bench.database, bench.study_id, "group")
    assert (item.label, item.identifying) == ("", True)


def test_an_order_that_a_person_has_set_outlives_another_rule(bench):
    key = make(bench, rule=merge_of([("Roma", "R"), ("Irish", "I")]))
    attribute_traits.edit(
        bench.actor, bench.database, bench.study_id, key, {"ordered_values": ["I", "R"]}
    )
    rule = merge_of([("Irish", "New"), ("Roma", "R")])
    groupings.change(bench.actor, bench.database, bench.study_id, key, rule)
    item = attribute_traits.find(bench.actor, bench.database, bench.study_id, "broad")
    assert item.ordered_values == ("R", "New")


def test_doing_the_same_again_changes_nothing(bench, everything):
    key = make(bench)
    before = everything(bench.database)
    assert not groupings.change(bench.actor, bench.database, bench.study_id, key, WHITE)
    assert not attribute_traits.edit(
        bench.actor, bench.database, bench.study_id, key, {"label": "", "name": "broad"}
    )
    assert everything(bench.database) == before


def test_somebody_elses_change_in_the_meantime_is_not_overwritten(bench):
    seen = attribute_traits.find(bench.actor, bench.database, bench.study_id, "age")
    attribute_traits.edit(
        bench.person("Bo"), bench.database, bench.study_id, seen.id, {"label": "Years"}
    )
    with pytest.raises(ConflictError, match="somebody else has changed Years in the meantime"):
        attribute_traits.edit(
            bench.actor, bench.database, bench.study_id, seen.id, {"label": "Age"}, seen=seen
        )
    assert attribute_traits.edit(
        bench.actor, bench.database, bench.study_id, seen.id, {"grouping": False}, seen=seen
    )


def test_groups_that_somebody_else_has_changed_meanwhile_are_not_overwritten(bench):
    key = make(bench)
    detail = attribute_traits.describe(bench.actor, bench.database, bench.study_id, key)
    theirs = merge_of([("Roma", "R"), ("Irish", "I")])
    groupings.change(bench.person("Bo"), bench.database, bench.study_id, key, theirs)
    with pytest.raises(ConflictError, match="somebody else has changed the groups of Broad"):
        groupings.change(bench.actor, bench.database, bench.study_id, key, WHITE, seen=detail.rule)
    assert groupings.change(bench.actor, bench.database, bench.study_id, key, WHITE, seen=theirs)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("source", "rule", "name", "message"),
    [
        ("group", Merge(()), "x", "no value is in a group yet"),
        ("group", WHITE, "Group", "there is an attribute named 'group' already"),
        ("group", WHITE, "  ", "has 1 to 200 characters"),
        ("group", WHITE, "x" * 201, "has 1 to 200 characters"),
        ("group", NumberBands((1.0,), ("a", "b")), "x", "of the kind category; these bands are of"),
        ("age", Calendar("year"), "x", "of the kind ordered; these bands are of dates"),
    ],
)
def test_what_cannot_be_derived_is_refused(bench, everything, source, rule, name, message):
    before = everything(bench.database)
    with pytest.raises(InputError, match=message):
        make(bench, source, rule, name)
    assert everything(bench.database) == before


def test_a_thousand_different_values_are_merged_and_too_many_are_not(empty):
    mapping = (
        "respondent_id: id\nattributes: [{column: word}]\n"
        "questions: [{column: q1, ref: q1, text: 'What?'}]\n"
    )

    def grow(n):
        rows = "".join(f"P{at},word {at},Text\n" for at in range(n))
        empty.ingest(f"id,word,q1\n{rows}", mapping)

    grow(1_000)
    key = make(empty, "word", merge_of([("word 1", "One")], rest="other"), "one")
    assert sizes(empty, "one") == {"One": 1, "Other": 999}
    grow(2_001)
    assert sizes(empty, "one") == {"One": 1, "Other": 999, UNSETTLED: 1_001}
    with pytest.raises(InputError, match="Word has 2,001 different values, too many to be merged"):
        groupings.change(empty.actor, empty.database, empty.study_id, key,
                         merge_of([("word 1", "One")]))  # fmt: skip


def test_numbers_are_not_merged_and_nothing_is_derived_twice(numbers):
    with pytest.raises(InputError, match=r"Years holds numbers\. Put them into bands"):
        make(numbers, "years", merge_of([("1", "x")]), "x")
    make(numbers, "years", NumberBands((5.0,), ("low", "high")), "band")
    with pytest.raises(InputError, match=r"Band is derived itself\. Derive from its original"):
        make(numbers, "band", merge_of([("low", "x")]), "x")


def test_an_original_is_neither_removed_nor_renamed(bench):
    key = key_of(bench, "group")
    with pytest.raises(InputError, match="Group came with a file and is not derived"):
        groupings.remove(bench.actor, bench.database, bench.study_id, key)
    with pytest.raises(InputError, match="name of Group cannot be set here"):
        attribute_traits.edit(bench.actor, bench.database, bench.study_id, key, {"name": "x"})
    with pytest.raises(NotFound, match=r"no attribute 'Group'\. Attributes: group, age"):
        attribute_traits.find(bench.actor, bench.database, bench.study_id, "Group")


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (["young", "young"], "listed twice"),
        (["x" * 501], "more than 500 characters"),
        ([NOT_STATED], "always comes last"),
        ("young", "a list of values"),
    ],
)
def test_an_order_that_cannot_be_is_refused(bench, order, message):
    with pytest.raises(InputError, match=message):
        attribute_traits.edit(
            bench.actor, bench.database, bench.study_id, key_of(bench, "age"),
            {"ordered_values": order},
        )  # fmt: skip


def test_events_hold_no_values(bench):
    make(bench, label="Broad words")
    with bench.database.read() as connection:
        payloads = " ".join(connection.execute(select(event.c.payload)).scalars())
    assert "White" not in payloads
    assert "Roma" not in payloads
    assert "Broad" not in payloads
