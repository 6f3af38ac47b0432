"""Values set by hand: checked by kind, left alone by imports, taken back, and seen by whom."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.builders import SURVEY
from workbench.domain.documents import NOT_STATED
from workbench.domain.groupings import UNSETTLED, merge_of
from workbench.errors import ConflictError, InputError, NotAllowed, NotFound
from workbench.services.counting import summarise
from workbench.services.surveys import attribute_traits, attributes, groupings
from workbench.services.trail import undo
from workbench.store.tables import attribute_edit, event, respondent
from workbench.store.trail.events import verify_chain

DATED = """id,born,years,q1
R1,1990-02-03,31,Text
"""
DATED_MAPPING = """
respondent_id: id
attributes: [{column: born, kind: date}, {column: years, kind: number}]
questions: [{column: q1, ref: q1, text: "What?"}]
"""


def key_of(bench, name):
    return attribute_traits.find(bench.actor, bench.database, bench.study_id, name).id


def person(bench, ref):
    with bench.database.read() as connection:
        return connection.execute(
            select(respondent.c.id).where(respondent.c.ref == ref)
        ).scalar_one()


def put(bench, ref, name, *values, actor=None, **options):
    return attributes.set_values(
        actor or bench.actor, bench.database, bench.study_id, person(bench, ref),
        key_of(bench, name), values, **options,
    )  # fmt: skip


def known(bench, ref, **options):
    found = attributes.list_values(
        bench.actor, bench.database, bench.study_id, person(bench, ref), **options
    )
    return {item.item.name: item for item in found}


def values(bench, ref, **options):
    return {name: item.values for name, item in known(bench, ref, **options).items()}


def test_values_are_set_and_cleared_and_say_by_whom(bench):
    assert values(bench, "R1") == {
        "group": ("Roma",),
        "age": ("young",),
        "needs": ("money", "sleep"),
    }
    assert put(bench, "R1", "group", " Irish ")
    assert put(bench, "R1", "needs", "sleep", "food", "sleep")
    assert put(bench, "R1", "age")
    found = known(bench, "R1")
    assert {name: item.values for name, item in found.items()} == {
        "group": ("Irish",), "age": (), "needs": ("food", "sleep"),
    }  # fmt: skip
    assert {item.set_by for item in found.values()} == {"Asha"}
    assert known(bench, "R2")["group"].set_by == ""
    table = summarise.summarise(bench.actor, bench.database, bench.study_id, by=["age"])
    assert {row.groups["age"]: row.base for row in table.rows}[NOT_STATED] == 1


def test_the_same_values_again_change_nothing_and_set_no_mark(bench, everything):
    before = everything(bench.database)
    assert not put(bench, "R1", "needs", "sleep", "money")
    assert everything(bench.database) == before


def test_numbers_and_dates_are_kept_in_one_form(empty):
    empty.ingest(DATED, DATED_MAPPING)
    put(empty, "R1", "born", "14/02/1991")
    put(empty, "R1", "years", "1,200.50")
    assert values(empty, "R1") == {"born": ("1991-02-14",), "years": ("1200.5",)}


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("born", ["last week"], "Born: 'last week' is not a date. Write 2022-02-14"),
        ("years", ["many"], "Years: 'many' is not a number. Write 12 or 2.5"),
        ("years", ["1", "2"], "Years takes one value, not 2"),
        ("born", ["1" * 501], "at most 500 characters, not 501"),
        ("years", [UNSETTLED], "is no value. Clear the attribute"),
    ],
)
def test_what_does_not_fit_its_kind_is_refused(empty, everything, name, given, message):
    empty.ingest(DATED, DATED_MAPPING)
    before = everything(empty.database)
    with pytest.raises(InputError) as refused:
        put(empty, "R1", name, *given)
    assert message in str(refused.value)
    assert everything(empty.database) == before


def test_what_is_derived_follows_and_cannot_be_set_itself(bench):
    rule = merge_of([("Roma", "White"), ("Irish", "White")])
    groupings.make(
        bench.actor, bench.database, bench.study_id, key_of(bench, "group"), rule, name="broad"
    )
    put(bench, "R1", "group", "Sami")
    assert values(bench, "R1")["broad"] == (UNSETTLED,)
    assert not known(bench, "R1")["broad"].can_be_set
    with pytest.raises(InputError, match=r"Broad is derived and follows its original"):
        put(bench, "R1", "broad", "White")
    undo.undo(bench.actor, bench.database, bench.study_id, undo.VALUES)
    assert values(bench, "R1")["broad"] == ("White",)


def test_each_change_is_taken_back_and_done_again_with_its_mark(bench, everything):
    def look():
        kept = everything(bench.database)
        return kept["respondent_attribute"], kept["attribute_edit"]

    start = look()
    put(bench, "R1", "group", "Irish")
    first = look()
    put(bench, "R1", "group")
    second = look()
    attributes.release(
        bench.actor, bench.database, bench.study_id, person(bench, "R1"), key_of(bench, "group")
    )
    third = look()
    assert (third[0], third[1]) == (second[0], [])
    for state in (second, first, start):
        undo.undo(bench.actor, bench.database, bench.study_id, undo.VALUES)
        assert look() == state
    for state in (first, second, third):
        undo.redo(bench.actor, bench.database, bench.study_id, undo.VALUES)
        assert look() == state
    with bench.database.read() as connection:
        assert verify_chain(connection, bench.study_id) is None


def test_undo_is_refused_only_where_somebody_else_has_changed_the_same_values(bench):
    other = bench.person("Bo")
    put(bench, "R1", "group", "Irish")
    put(bench, "R1", "age", "old", actor=other)
    put(bench, "R2", "group", "Irish", actor=other)
    undo.undo(bench.actor, bench.database, bench.study_id, undo.VALUES)
    assert values(bench, "R1")["group"] == ("Roma",)
    put(bench, "R1", "group", "Irish")
    put(bench, "R1", "group", "Sami", actor=other)
    with pytest.raises(ConflictError, match="Bo has changed it since"):
        undo.undo(bench.actor, bench.database, bench.study_id, undo.VALUES)


def test_nothing_comes_back_to_a_respondent_who_has_withdrawn(bench):
    put(bench, "R2", "group", "Irish")
    put(bench, "R1", "group", "Irish")
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R1").values(withdrawn_at="2022")
        )
    with pytest.raises(ConflictError, match="the respondent has withdrawn"):
        undo.undo(bench.actor, bench.database, bench.study_id, undo.VALUES)
    done = undo.undo(bench.actor, bench.database, bench.study_id, undo.VALUES)
    assert done.label == "Group of R2", "the step before it is not barred"
    with pytest.raises(NotFound, match="has withdrawn"):
        put(bench, "R1", "group", "Roma")


def test_values_that_changed_in_the_meantime_are_not_overwritten(bench):
    put(bench, "R1", "group", "Irish", actor=bench.person("Bo"))
    with pytest.raises(ConflictError, match="Group of R1 has been changed in the meantime"):
        put(bench, "R1", "group", "Sami", seen=["Roma"])
    assert put(bench, "R1", "group", "Sami", seen=["Irish"])


def test_only_an_owner_sets_identifying_attributes_and_nobody_is_shown_them(bench):
    assert "email" not in values(bench, "R1")
    assert put(bench, "R1", "email", "new@secret.example")
    assert attributes.choices(bench.actor, bench.database, bench.study_id,
                              key_of(bench, "email")) == []  # fmt: skip
    other = bench.person("Bo")
    assert not attributes.is_owner(other, bench.database, bench.study_id)
    with pytest.raises(NotAllowed, match="Bo is no owner"):
        put(bench, "R1", "email", "x@secret.example", actor=other)


def test_known_values_are_offered_in_their_order(bench):
    def offered(name):
        return attributes.choices(bench.actor, bench.database, bench.study_id, key_of(bench, name))

    assert offered("age") == ["young", "middle", "old"]
    assert offered("group") == ["Irish", "Roma"]


def test_events_hold_keys_and_counts_and_no_values(bench):
    put(bench, "R1", "group", "Irish traveller")
    with bench.database.read() as connection:
        payload = connection.execute(
            select(event.c.payload).where(event.c.verb == "set values")
        ).scalar_one()
        marks = connection.execute(select(attribute_edit)).all()
    assert "Irish" not in payload
    assert f'"respondent":{person(bench, "R1")}' in payload.replace(" ", "")
    assert len(marks) == 1


def test_an_import_leaves_alone_what_was_set_by_hand_until_it_is_released(bench):
    put(bench, "R1", "group", "Irish")
    put(bench, "R2", "age")
    grown = SURVEY + "R5,Roma,old,,r5@secret.example,Text,\n"
    bench.ingest(grown)
    assert values(bench, "R1")["group"] == ("Irish",)
    assert values(bench, "R2")["age"] == ()
    attributes.release(
        bench.actor, bench.database, bench.study_id, person(bench, "R1"), key_of(bench, "group")
    )
    assert values(bench, "R1")["group"] == ("Irish",), "until the next import"
    bench.ingest(grown)
    assert values(bench, "R1")["group"] == ("Roma",)
