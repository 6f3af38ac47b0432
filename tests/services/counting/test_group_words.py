"""Groups of respondents as they are typed."""

from __future__ import annotations

import pytest

from tests.builders import Bench
from workbench.domain.codings import Actor, DocumentFilter
from workbench.errors import InputError, NotFound
from workbench.services.coding import extracts
from workbench.services.counting.group_words import read_groups
from workbench.services.counting.summarise import list_groups, summarise
from workbench.store.engine import Database

MAPPING = """
respondent_id: id
attributes:
  - {column: role, label: Who they are, grouping: true}
  - {column: size, grouping: true}
  - {column: a=b, grouping: true}
  - {column: email, grouping: false}
questions:
  - {column: q1, ref: q1, text: "What is missing?"}
identifying: [email]
"""
SURVEY = """id,role,size,a=b,email,q1
S1,Head,x=1,1,a@example.org,Time and time again
S2,Parent,big,2,b@example.org,Time for us
S3,parent,big,,c@example.org,Time for play
S4,,big,1,d@example.org,Time
"""


@pytest.fixture
def groups(empty: Bench) -> Bench:
    empty.ingest(SURVEY, MAPPING)
    empty.load()
    for ref in ("S1", "S2", "S3", "S4"):
        empty.code(empty.document(ref), "Waiting", "Time")
    return empty


def asking(bench: Bench) -> tuple[Actor, Database, int]:
    return bench.actor, bench.database, bench.study_id


def read(bench: Bench, *given: str) -> dict[str, str | tuple[str, ...]]:
    names = {item.attribute_id: item.name for item in list_groups(*asking(bench))}
    return {names[key]: value for key, value in read_groups(*asking(bench), given)}


def test_values_of_one_attribute_mean_any_and_attributes_all(groups: Bench) -> None:
    assert read(groups) == {}
    assert read(groups, "role=Head") == {"role": "Head"}
    assert read(groups, "role=Head", "size=big", "role=Not stated", "role=Head") == {
        "role": ("Head", "Not stated"), "size": "big",
    }  # fmt: skip


def test_capitals_make_no_difference_unless_they_tell_two_values_apart(groups: Bench) -> None:
    assert read(groups, " Role = head ") == {"role": "Head"}
    assert read(groups, "role=parent") == {"role": "parent"}
    with pytest.raises(NotFound, match="'role' has no value 'PARENT'"):
        read(groups, "role=PARENT")


def test_a_label_names_an_attribute_and_names_and_values_may_hold_equals(groups: Bench) -> None:
    assert read(groups, "who they are=Head") == {"role": "Head"}
    assert read(groups, "size=x=1") == {"size": "x=1"}
    assert read(groups, "a=b=2") == {"a=b": "2"}


def test_what_is_not_there_is_refused_with_what_is(groups: Bench) -> None:
    with pytest.raises(InputError, match="'Head' is not written as ATTRIBUTE=VALUE"):
        read(groups, "Head")
    with pytest.raises(NotFound, match=r"does not group by 'shoe'\. It groups by: role, size, a=b"):
        read(groups, "shoe=9")
    with pytest.raises(NotFound, match=r"no value 'huge'\. Its values are: big, x=1\."):
        read(groups, "size=huge")


def test_an_identifying_attribute_is_no_group(groups: Bench) -> None:
    with pytest.raises(NotFound, match="does not group by 'email'") as caught:
        read(groups, "email=a@example.org")
    assert "b@example.org" not in str(caught.value)


def test_tables_and_extracts_take_the_same_people(groups: Bench) -> None:
    where = DocumentFilter(groups=read_groups(*asking(groups), ["role=Parent", "role=parent"]))
    table = summarise(*asking(groups), where=where)
    (row,) = [row for row in table.rows if row.mentions]
    assert (row.base, row.respondents) == (2, 2)
    found = extracts.list_extracts(
        *asking(groups), extracts.make_filter(*asking(groups), documents=where)
    )
    assert [item.extract.respondent for item in found] == ["S2", "S3"]
