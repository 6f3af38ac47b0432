"""Derived values follow their originals, on both databases."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import delete, insert, select, update

from workbench.domain import groupings as rules
from workbench.domain.documents import NOT_STATED
from workbench.domain.groupings import UNSETTLED, Calendar, NumberBands, merge_of
from workbench.errors import ConflictError
from workbench.store import studies
from workbench.store.surveys import attributes, groupings
from workbench.store.tables import attribute, respondent, respondent_attribute
from workbench.store.trail.states import apply_states


def derive(connection, study_id, source_name, name, rule, kind="category"):
    """Write a derived attribute and its values; give its key."""
    known = {item.name: item.id for item in studies.list_attributes(connection, study_id)}
    key = attributes.add_attribute(
        connection,
        study_id,
        name=name,
        label="",
        kind=kind,
        grouping=True,
        identifying=False,
        ordered_values=list(rules.groups_in_order(rule)),
        derived_from=known[source_name],
        value_map=rules.to_json(rule),
    )
    (made,) = (item for item in groupings.list_derived(connection, study_id) if item.id == key)
    groupings.refresh_one(connection, made)
    return key


def values(connection, attribute_id):
    """Give an attribute's values by respondent."""
    rows = connection.execute(
        select(respondent.c.ref, respondent_attribute.c.value)
        .join(respondent, respondent.c.id == respondent_attribute.c.respondent_id)
        .where(respondent_attribute.c.attribute_id == attribute_id)
        .order_by(respondent.c.ref, respondent_attribute.c.value)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.ref, []).append(row.value)
    return found


def set_value(connection, study_id, ref, name, *new):
    """Give a respondent values, as an import does; give the respondent's key."""
    person = connection.execute(select(respondent.c.id).where(respondent.c.ref == ref)).scalar_one()
    field = connection.execute(select(attribute.c.id).where(attribute.c.name == name)).scalar_one()
    connection.execute(
        delete(respondent_attribute).where(
            respondent_attribute.c.respondent_id == person,
            respondent_attribute.c.attribute_id == field,
        )
    )
    for value in new:
        connection.execute(
            insert(respondent_attribute).values(
                respondent_id=person, attribute_id=field, value=value
            )
        )
    return person


def test_values_are_derived_and_the_original_stays(bench):
    with bench.database.write() as connection:
        key = derive(
            connection,
            bench.study_id,
            "group",
            "broad",
            merge_of([("Roma", "White"), ("Irish", "White")]),
        )
        assert values(connection, key) == {"R1": ["White"], "R2": ["White"], "R3": ["White"]}
        (group,) = (
            item
            for item in studies.list_attributes(connection, bench.study_id)
            if item.name == "group"
        )
        assert values(connection, group.id) == {"R1": ["Roma"], "R2": ["Roma"], "R3": ["Irish"]}


def test_several_values_at_once_become_several_groups_each_once(bench):
    with bench.database.write() as connection:
        key = derive(
            connection,
            bench.study_id,
            "needs",
            "kind_of_need",
            merge_of([("money", "Body"), ("sleep", "Body")]),
            "multi",
        )
        assert values(connection, key) == {"R1": ["Body"], "R2": ["Body"], "R3": ["Body"]}


@pytest.mark.parametrize("everybody", [True, False])
def test_a_value_never_seen_shows_as_being_in_no_group(bench, everybody):
    with bench.database.write() as connection:
        key = derive(
            connection,
            bench.study_id,
            "group",
            "broad",
            merge_of([("Roma", "White"), ("Irish", "White")]),
        )
        assert groupings.refresh_derived(connection, bench.study_id) == []
        person = set_value(connection, bench.study_id, "R2", "group", "Sami")
        found = groupings.refresh_derived(
            connection, bench.study_id, None if everybody else [person, person]
        )
        assert found == [groupings.Unsettled(key, "broad", 1)]
        assert values(connection, key)["R2"] == [UNSETTLED]
        set_value(connection, bench.study_id, "R2", "group", "Irish")
        assert groupings.refresh_derived(connection, bench.study_id, [person]) == []
        assert values(connection, key)["R2"] == ["White"]


def test_only_the_people_who_are_named_are_derived_again(bench):
    with bench.database.write() as connection:
        key = derive(connection, bench.study_id, "group", "broad", merge_of([("Roma", "White")]))
        set_value(connection, bench.study_id, "R1", "group")
        person = set_value(connection, bench.study_id, "R2", "group")
        groupings.refresh_derived(connection, bench.study_id, [person])
        assert values(connection, key) == {"R1": ["White"], "R3": [UNSETTLED]}
        groupings.refresh_derived(connection, bench.study_id, [])
        assert "R1" in values(connection, key)
        groupings.refresh_derived(connection, bench.study_id)
        assert values(connection, key) == {"R3": [UNSETTLED]}


def test_a_group_named_not_stated_is_that_of_the_people_without_a_value(bench):
    with bench.database.write() as connection:
        rule = merge_of([("Roma", NOT_STATED), ("Irish", "White")])
        key = derive(connection, bench.study_id, "group", "broad", rule)
        assert values(connection, key) == {"R3": ["White"]}
        counted = groupings.count_values(connection, bench.study_id, key)
        assert counted == {NOT_STATED: 3, "White": 1}


def test_a_preview_counts_what_will_be_there(bench):
    rule = merge_of([("money", "Means"), ("sleep", NOT_STATED)])
    with bench.database.write() as connection:
        known = {item.name: item.id for item in studies.list_attributes(connection, bench.study_id)}
        preview = groupings.count_groups(connection, bench.study_id, known["needs"], rule)
        key = derive(connection, bench.study_id, "needs", "means", rule, "multi")
        assert preview == groupings.count_values(connection, bench.study_id, key)
        assert preview == {"Means": 2, NOT_STATED: 2}
        connection.execute(
            update(respondent).where(respondent.c.ref == "R1").values(withdrawn_at="2022")
        )
        connection.execute(
            update(respondent).where(respondent.c.ref == "R4").values(kind="facilitator")
        )
        after = groupings.count_groups(connection, bench.study_id, known["needs"], rule)
        assert after == groupings.count_values(connection, bench.study_id, key)
        assert after == {"Means": 1, NOT_STATED: 1}


def test_new_periods_of_a_calendar_take_their_place_in_the_order(bench):
    bench.ingest(
        "id,came,q1\nR1,2022-05-01,a\nR2,2021-11-30,b\n",
        "respondent_id: id\nattributes: [{column: came, kind: date}]\n"
        "questions: [{column: q1, ref: q1, text: 'What?'}]\n",
    )
    with bench.database.write() as connection:
        key = derive(connection, bench.study_id, "came", "quarter", Calendar("quarter"), "ordered")

        def order():
            return attributes.attribute_state(connection, key)["ordered_values"]

        assert order() == ["Oct to Dec 2021", "Apr to Jun 2022"]
        set_value(connection, bench.study_id, "R2", "came", "2022-02-02T10:00:00")
        groupings.refresh_derived(connection, bench.study_id)
        assert order() == ["Jan to Mar 2022", "Apr to Jun 2022"]
        connection.execute(
            update(attribute).where(attribute.c.id == key).values(edited=["ordered_values"])
        )
        set_value(connection, bench.study_id, "R2", "came", "2023-02-02")
        groupings.refresh_derived(connection, bench.study_id)
        assert order() == ["Jan to Mar 2022", "Apr to Jun 2022"], "a person's order stays"


def test_taking_away_and_bringing_back_are_states_like_others(bench):
    with bench.database.write() as connection:
        key = derive(connection, bench.study_id, "group", "broad", merge_of([("Roma", "White")]))
        before = values(connection, key)
        state = attributes.attribute_state(connection, key)
        apply_states(connection, {"attribute": [{"id": key, "gone": True}]})
        assert values(connection, key) == {}
        names = [item.name for item in studies.list_attributes(connection, bench.study_id)]
        assert "broad" not in names
        set_value(connection, bench.study_id, "R3", "group", "Roma")
        apply_states(connection, {"attribute": [state]})
        assert attributes.attribute_state(connection, key) == state
        assert values(connection, key) == before | {"R3": ["White"]}


def test_what_comes_back_does_not_take_another_ones_name(bench):
    with bench.database.write() as connection:
        key = derive(connection, bench.study_id, "group", "broad", merge_of([("Roma", "White")]))
        state = attributes.attribute_state(connection, key)
        apply_states(connection, {"attribute": [{"id": key, "gone": True}]})
        derive(connection, bench.study_id, "group", "broad", merge_of([("Roma", "Other")]))
        with pytest.raises(ConflictError, match="another attribute is named broad by now"):
            apply_states(connection, {"attribute": [state]})


def test_many_respondents_are_derived_again_in_bulk(empty):
    """A few people one by one, everybody in one go."""
    n = 5_000
    with empty.database.write() as connection:
        source = attributes.add_attribute(
            connection, empty.study_id, name="age", label="", kind="number", grouping=True,
            identifying=False, ordered_values=[],
        )  # fmt: skip
        connection.execute(
            insert(respondent),
            [{"study_id": empty.study_id, "ref": str(at), "created_at": "x"} for at in range(n)],
        )
        people = list(
            connection.execute(select(respondent.c.id).order_by(respondent.c.id)).scalars()
        )
        connection.execute(
            insert(respondent_attribute),
            [
                {"respondent_id": person, "attribute_id": source, "value": str(at % 1_000)}
                for at, person in enumerate(people)
            ],
        )
        rule = NumberBands((180.0, 650.0), ("young", "middle", "old"))
        key = derive(connection, empty.study_id, "age", "band", rule, "ordered")

        def counted():
            return groupings.count_values(connection, empty.study_id, key)

        def make_old(some):
            ages = respondent_attribute.c.attribute_id == source
            for part in range(0, len(some), 500):
                chosen = respondent_attribute.c.respondent_id.in_(some[part : part + 500])
                connection.execute(
                    update(respondent_attribute).where(ages, chosen).values(value="700")
                )

        assert counted() == {"young": 900, "middle": 2_350, "old": 1_750}
        make_old(people[:400])
        groupings.refresh_derived(connection, empty.study_id, people[:400])
        assert counted() == {"young": 720, "middle": 2_130, "old": 2_150}
        groupings.refresh_derived(connection, empty.study_id)
        assert counted() == {"young": 720, "middle": 2_130, "old": 2_150}
        make_old(people)
        started = time.process_time()  # of this process alone
        assert groupings.refresh_derived(connection, empty.study_id) == []
        took = time.process_time() - started
        assert counted() == {"old": n}
    assert took < 5, f"{took:.1f} s"
