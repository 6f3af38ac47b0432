"""Who is in a file, and what is known of them: values, who may be quoted, namesakes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from tests.builders import Bench
from tests.services.projects.test_refi_import import bring, guid, project, source
from workbench.domain.refi import RefiCase, RefiSelection, RefiVariable
from workbench.services.projects.refi_import_run import free_name
from workbench.store.tables import attribute, respondent, respondent_attribute, segment

TOWN, SHOE = RefiVariable(guid("town"), "Home"), RefiVariable(guid("shoe"), "Shoe")
QUOTED = RefiVariable(guid("quoted"), "May be quoted", "Boolean")


def case(name: str, **values: str) -> RefiCase:
    return RefiCase(guid(name), name, values=tuple((guid(at), it) for at, it in values.items()))


def values(bench: Bench) -> list[tuple[str, str, str]]:
    query = (
        select(respondent.c.ref, attribute.c.name, respondent_attribute.c.value)
        .select_from(respondent_attribute)
        .join(respondent, respondent.c.id == respondent_attribute.c.respondent_id)
        .join(attribute, attribute.c.id == respondent_attribute.c.attribute_id)
    )
    with bench.database.read() as connection:
        return sorted(tuple(row) for row in connection.execute(query))  # type: ignore[arg-type]


def test_new_values_alone_are_something_new(empty: Bench) -> None:
    both = {"variables": (TOWN, SHOE)}
    bring(empty, project(cases=(case("P1", town="Hull"), case("P2", shoe="38")), **both))
    more = project(cases=(case("P1", town="Hull", shoe="41"), case("P2", shoe="38")), **both)
    report = bring(empty, more)
    assert not report.unchanged
    assert ("P1", "Shoe", "41") in values(empty)
    assert report.remarks == ["Respondents who were there got values that they had not (1)."]
    assert bring(empty, more).unchanged


@pytest.mark.parametrize(
    ("before", "after", "told"), [(None, False, False), (True, True, True), (False, False, False)]
)
def test_who_may_not_be_quoted_is_noted_where_nothing_is_known(
    bench: Bench, before: bool | None, after: bool, told: bool
) -> None:
    ours = respondent.c.ref == "R2"
    with bench.database.write() as connection:
        connection.execute(update(respondent).where(ours).values(may_be_quoted=before))
    report = bring(bench, project(cases=(case("R2", quoted="false"),), variables=(QUOTED,)))
    with bench.database.read() as connection:
        found = connection.execute(select(respondent.c.may_be_quoted).where(ours)).scalar()
    assert found is after
    assert any("may be quoted" in one for one in report.left_out) is told


def test_variables_of_one_name_stay_apart_however_often_they_come(empty: Bench) -> None:
    def file(export: str) -> Any:
        ages = (RefiVariable(guid(f"{export} n"), "Age", "Integer"),
                RefiVariable(guid(f"{export} t"), "Age"))  # fmt: skip
        given = case("P1", **{f"{export} n": "30", f"{export} t": "old"})
        return project(cases=(given,), variables=ages)

    bring(empty, file("first"))
    assert values(empty) == [("P1", "Age", "30"), ("P1", "Age (2)", "old")]
    again = bring(empty, file("second"))
    assert (again.attributes.new, again.attributes.matched) == ([], 2)
    assert len(values(empty)) == 2


def test_namesakes_in_a_discussion_keep_their_own_turns(empty: Bench) -> None:
    turns = (RefiSelection(guid("a"), 0, 19), RefiSelection(guid("b"), 20, 32))
    anons = tuple(RefiCase(guid(f"case {one.guid}"), "Anon", selections=(one.guid,))
                  for one in turns)  # fmt: skip
    bring(empty, project(source(*turns, name="Talk"), cases=anons))
    with empty.database.read() as connection:
        found = connection.execute(
            select(segment.c.speaker, respondent.c.ref)
            .join(respondent, respondent.c.id == segment.c.respondent_id)
            .order_by(segment.c.start)
        ).all()
    assert [tuple(row) for row in found] == [("Anon", "Anon"), ("Anon (2)", "Anon (2)")]


class _Counting(set[str]):
    asked = 0

    def __contains__(self, name: object) -> bool:
        self.asked += 1
        return super().__contains__(name)


def test_thousands_of_namesakes_are_named_without_trying_all_numbers() -> None:
    taken = _Counting()
    names = [free_name("Note", taken, "") for _ in range(2_000)]
    assert names[:3] == ["Note", "Note (2)", "Note (3)"]
    assert len({name.casefold() for name in names}) == 2_000
    assert taken.asked < 2_000 * 30
