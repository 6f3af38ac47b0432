"""Natural orders: bands, scales and numbered values go from low to high, names have none."""

from __future__ import annotations

import random

import pytest

from pipelines.ingest.surveys.orders import natural_order

ORDERED = [
    "Under £10,000 | £10,000 to £19,999 | £20,000 or more | Prefer not to say",
    "£0-£9,999 | £10,000-£19,999",
    "Under £10k | £10k-£20k | Over £20k",
    "Under 18 | 18–24 | 25–34 | 65+",
    "16 or under | 17 to 24 | 25+",
    "under_18 | 18_24 | 25_34 | 55_plus | prefer_not_to_say",
    "strongly_disagree | disagree | agree",
    "18 à 24 | 25 à 34",
    "16–24 years | 25–44 years | 45 years and over",
    "Aged 18 to 24 | Aged 25 to 34",
    "18 to 24 year olds | 25 to 34 year olds",
    "0-5 miles | 6-10 miles | More than 10 miles",
    "Less than 1 year | 1-2 years | 3 to 5 years | More than 5 years",
    "None | 1 | 2 | 3+ | Not sure",
    "1 child | 2 children | 3 or more children",
    "Once | Twice | Three or more times",
    "1 - Very poor | 2 | 3 | 4 | 5 - Very good",
    "1 (not at all) | 2 | 3 | 5 (very much)",
    "Year 7 | Year 9 | Year 10 | Don't know",
    "Wave 1 | Wave 2",
    "a. Under 18 | b. 18 to 24 | c. Over 24",
    "Strongly disagree | Disagree | Neither agree nor disagree | Agree | Strongly agree",
    "Disagree | Neither | Agree | Prefer not to say",
    "Poor | Neither good nor poor | Good | Very good",
    "Not at all satisfied | Not very satisfied | Fairly satisfied | Very satisfied",
    "Never | Less often | Once a month | A few times a week | Every day",
    "January | February | March",
    "Definitely not | Probably not | Probably | Definitely",
]


@pytest.mark.parametrize("line", ORDERED)
def test_values_come_from_low_to_high_in_whatever_order_they_are_met(line: str) -> None:
    values = line.split(" | ")
    for seed in range(5):
        shuffled = random.Random(seed).sample(values, len(values))
        assert natural_order(shuffled) == tuple(values)


@pytest.mark.parametrize(
    "line",
    [
        "Roma | Bangladeshi",
        "Yes | No",
        "London | 10 Downing Street",
        "Year 7 | Class 8",
        "None | Zero",
        "Prefer not to say | Other",
        "1. Housing | 1. Money",
        "1 | 3 | 1,2,4",
        "Parent | Young person",
    ],
)
def test_names_have_no_order(line: str) -> None:
    assert natural_order(line.split(" | ")) is None
