"""Numbers, dates and choices in the forms in which people and programs write them."""

from __future__ import annotations

import pytest

from pipelines.ingest.surveys.orders import natural_order
from pipelines.ingest.surveys.values import find_day_first, match_key, parse_date, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", "3"),
        ("3.0", "3"),
        (" 42 ", "42"),
        ("1,200", "1200"),
        ("1,200.5", "1200.5"),
        ("3,5", "3.5"),
        ("£1,000", "1000"),
        ("-7", "-7"),
        ("1e3", "1000"),
        (".5", "0.5"),
        ("", None),
        ("three", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("12 years", None),
        ("1_000", None),
        ("9" * 5000, None),
        ("--1", None),
    ],
)
def test_numbers(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2022-02-14", "2022-02-14"),
        ("2022-02-14 09:30", "2022-02-14T09:30:00"),
        ("2022-02-14T09:30:05.123Z", "2022-02-14T09:30:05+00:00"),
        ("2022-02-14T09:30:05+01:00", "2022-02-14T09:30:05+01:00"),
        ("14/02/2022", "2022-02-14"),
        ("14/02/2022 09:30", "2022-02-14T09:30:00"),
        ("14.02.22", "2022-02-14"),
        ("1 Feb 2022", "2022-02-01"),
        ("14th February 2022", "2022-02-14"),
        ("February 14, 2022 9:30 PM", "2022-02-14T21:30:00"),
        ("2022/02/14 12:05:51 am GMT", "2022-02-14T00:05:51"),
        ("2022/02/14 10:33:51 AM GMT+1", "2022-02-14T10:33:51+01:00"),
        ("31/02/2022", None),
        ("14/02/2022 25:00", None),
        ("14/02/2022 13:00 pm", None),
        ("next week", None),
        ("3", None),
        ("2022", None),
        ("14 Foo 2022", None),
        ("1" * 500, None),
    ],
)
def test_dates(text, date):
    assert parse_date(text) == date


def test_month_first_where_the_column_says_so():
    assert parse_date("02/14/2022", day_first=False) == "2022-02-14"
    assert find_day_first(["02/03/2022", "02/14/2022"]) is False
    assert find_day_first(["02/03/2022", "14/02/2022"]) is True
    assert find_day_first(["02/03/2022"]) is None
    assert find_day_first(["02/02/2022", "2022-02-03", ""]) is True


def test_choices_match_whatever_case_and_space():
    assert match_key("  Yes \n") == match_key("yes")
    assert match_key("No") != match_key("Not")


@pytest.mark.parametrize(
    "ordered",
    [
        ("Under 18", "18-24", "25 to 34", "65+"),
        ("Less than 5", "5–10", "Over 10", "Don't know"),
        ("Never", "Sometimes", "Often", "Always", "Prefer not to say"),
        ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree"),
        ("£0-£9,999", "£10,000-£19,999", "£20,000 or more"),
    ],
)
def test_bands_and_scales_have_an_order(ordered):
    assert natural_order(sorted(ordered, reverse=True)) == ordered


@pytest.mark.parametrize("values", [["Yes"], ["Roma", "Arab"], ["Agree", "Never"], []])
def test_other_values_have_none(values):
    assert natural_order(values) is None
