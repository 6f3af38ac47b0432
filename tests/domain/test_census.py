"""The broad ethnic groups: proposed where values are ethnic groups, and nowhere else."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from workbench.domain.census import BROAD_GROUPS, broad_ethnic_group, merge_broad
from workbench.domain.groupings import check, completed, groups_in_order

SAMPLE = Path(__file__).parents[2] / "data_samples" / "speakout" / "survey.csv"

# ONS, "Ethnic group classifications: Census 2021": the 19 groups in full, by their broad group.
CENSUS_2021 = {
    "Asian": ["Bangladeshi", "Chinese", "Indian", "Pakistani", "Any other Asian background"],
    "Black": ["African", "Caribbean", "Any other Black, African or Caribbean background"],
    "Mixed": [
        "White and Asian",
        "White and Black African",
        "White and Black Caribbean",
        "Any other Mixed or Multiple background",
    ],
    "White": [
        "English, Welsh, Scottish, Northern Irish or British",
        "Irish",
        "Gypsy or Irish Traveller",
        "Roma",
        "Any other White background",
    ],
    "Other ethnic group": ["Arab", "Any other ethnic group"],
}


def test_every_group_of_the_census_has_its_broad_group():
    assert list(CENSUS_2021) == list(BROAD_GROUPS)
    for broad, specific in CENSUS_2021.items():
        assert {broad_ethnic_group(value) for value in specific} == {broad}


def test_no_specific_group_stands_in_two_broad_ones():
    listed = [value for values in BROAD_GROUPS.values() for value in values]
    assert len(listed) == len(set(listed))


def test_all_ethnic_groups_of_the_sample_are_known_in_the_order_of_the_census():
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        values = sorted({row["ethnic_group"] for row in csv.DictReader(file)} - {""})
    assert len(values) == 18
    rule = merge_broad(values)
    assert rule is not None
    check(rule)
    assert completed(rule, values) == rule, "no value is left over"
    assert groups_in_order(rule) == tuple(BROAD_GROUPS)
    assert {group.name: len(group.values) for group in rule.groups} == {
        "Asian": 5,
        "Black": 3,
        "Mixed": 4,
        "White": 4,
        "Other ethnic group": 2,
    }


@pytest.mark.parametrize(
    "values",
    [
        ["London", "South East"],
        ["English", "Arabic", "Polish", "Urdu", "Somali", "Welsh"],
        ["Indian", "Chinese"],
        ["Asian", "Black", "Mixed", "White", "Other"],
        [],
    ],
)
def test_other_attributes_are_left_alone(values):
    assert merge_broad(values) is None


def test_a_value_that_is_no_ethnic_group_keeps_its_name():
    values = ["Indian", "Roma", "Black African", "Prefer not to say"]
    rule = completed(merge_broad(values), values)
    assert groups_in_order(rule) == ("Asian", "Black", "White", "Prefer not to say")
