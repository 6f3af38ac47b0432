"""Values that attributes take, found from one to the next along the index."""

from sqlalchemy import update

from workbench.services import study
from workbench.store.surveys.respondents import values_in_use
from workbench.store.tables import respondent


def used(bench):
    """Give the values of each attribute by its name."""
    known = study.list_attributes(bench.actor, bench.database, bench.study_id)
    with bench.database.read() as connection:
        return {item.name: values_in_use(connection, item.id) for item in known}


def test_each_value_is_found_once_in_order(bench):
    found = used(bench)
    assert found["group"] == ["Irish", "Roma"]
    assert found["age"] == ["old", "young"]
    assert found["needs"] == ["money", "sleep"]


def test_what_only_a_withdrawn_respondent_had_is_not_in_use(bench):
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R3").values(withdrawn_at="2022-01-01")
        )
    found = used(bench)
    assert found["group"] == ["Roma"]
    assert found["age"] == ["old", "young"]


def test_an_attribute_without_values_has_none(bench):
    with bench.database.write() as connection:
        connection.execute(update(respondent).values(withdrawn_at="2022-01-01"))
    assert set(map(len, used(bench).values())) == {0}
