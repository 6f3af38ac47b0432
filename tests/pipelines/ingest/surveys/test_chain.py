"""The whole way from a tool's export to people and answers, on every fixture of the readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.ingest.surveys.column_table import read_rows, rows_of_mapping, rows_of_proposal
from pipelines.ingest.surveys.mapping import dump_mapping, load_mapping
from pipelines.ingest.surveys.roles import propose
from pipelines.ingest.surveys.survey import read_survey
from pipelines.ingest.tables.grid import read_grid

FIXTURES = Path(__file__).parents[1] / "fixtures"
EXPECTED = [
    (
        "citizen_space.csv",
        ["ANON-1A2B-3C4D-E", "ANON-5F6G-7H8J-K", "BHLF-9L0M-1N2P-Q"],
        {},
        {
            "which_of_these_are_you": ("A parent or carer",),
            "do_you_agree_with_the_plan_agree": ("Yes",),
        },
        [
            ("please_explain_why", "It is near the school and we can walk"),
            ("anything_else_why", "blank"),
            ("please_explain_why_2", "The hours suit us"),
        ],
    ),
    (
        "google_forms.csv",
        4,
        {},
        {
            "what_is_your_age": ("25-34",),
            "which_services_have_you_used": ("Housing", "Money advice"),
            "how_was_the_hall": ("Good",),
        },
        [
            ("why", "They were slow to ring back and I gave up waiting"),
            ("why_2", "Warm and easy to find"),
        ],
    ),
    (
        "jisc_2.csv",
        ["600001-600001-1", "600001-600001-2", "600001-600001-3"],
        {},
        {
            "1_what_is_your_role": ("Parent",),
            "2_which_services_have_you_used": ("Housing", "Money advice"),
        },
        [("q1a", "blank"), ("q3", "Ring back when you say you will")],
    ),
    (
        "jisc_2_codes.csv",
        ["600001-1", "600001-2"],
        {},
        {"Q1": ("1",), "q1_a": (), "Q2": ("1", "2")},
        [("Q3", "Ring back when you say you will")],
    ),
    (
        "jisc_3.csv",
        ["A1B2C3", "D4E5F6"],
        {},
        {
            "q1_what_is_your_role": ("Parent",),
            "q2_which_services_have_you_used": ("Housing", "Money advice"),
        },
        [("q3", "Ring back when you say you will")],
    ),
    (
        "kobo.csv",
        ["90001", "90003"],
        {"_validation_status is Not approved": 1},
        {"about_age_band": ("25_34",), "services": ("housing", "money_advice")},
        [
            ("story_what_helped", "The worker rang back the same day"),
            ("voice_note", "1741079970.m4a"),
        ],
    ),
    (
        "kobo_labels.csv",
        ["90001", "90002"],
        {},
        {
            "how_old_are_you": ("25 to 34",),
            "which_services_have_you_used": ("Housing", "Money advice"),
        },
        [("tell_us_what_helped", "The worker rang back"), ("tell_us_what_helped", "a.m4a")],
    ),
    (
        "limesurvey_both.csv",
        ["7", "8"],
        {"submitdate. Date submitted is empty": 1},
        {
            "startlanguage_start_language": ("en",),
            "g01q01_what_is_your_age": ("25-34",),
            "G01Q02": ("Housing", "Money advice"),
            "g02q03_sq001_how_far_do_you_agree_staff": ("Agree",),
            "g02q03_sq002_how_far_do_you_agree_i_knew": ("Disagree",),
            "g02q05_would_you_come_again": ("Yes",),
        },
        [
            ("G01Q02_other", "blank"),
            ("g02q04_what_should_change", "Ring back when you say you will"),
            ("G02Q05_comment", "if the bus runs"),
        ],
    ),
    (
        "limesurvey_codes.csv",
        ["7", "8"],
        {"submitdate is empty": 1},
        {
            "startlanguage": ("en",),
            "G01Q01": ("AO02",),
            "G01Q02": ("SQ001", "SQ002"),
            "g02q03_sq001": ("A1",),
            "g02q03_sq002": ("A4",),
            "G02Q05": ("Y",),
        },
        [
            ("G01Q02_other", "blank"),
            ("G02Q04", "Ring back when you say you will"),
            ("G02Q05_comment", "if the bus runs"),
        ],
    ),
    (
        "limesurvey_text.csv",
        ["7", "8"],
        {"Date submitted is empty": 1},
        {
            "start_language": ("en",),
            "what_is_your_age": ("25-34",),
            "which_services_have_you_used": ("Housing", "Money advice"),
            "how_far_do_you_agree_staff_listened": ("Agree",),
            "how_far_do_you_agree_i_knew_what_came_ne": ("Disagree",),
            "would_you_come_again": ("Yes",),
        },
        [
            ("which_services_have_you_used_other", "blank"),
            ("what_should_change", "Ring back when you say you will"),
            ("would_you_come_again_comment", "if the bus runs"),
        ],
    ),
    (
        "microsoft_forms.xlsx",
        ["1", "2", "3"],
        {},
        {
            "how_old_are_you": ("25-34",),
            "which_services_have_you_used": ("Housing", "Money advice"),
        },
        [("why", "They were slow to ring back"), ("why_2", "Cost decides everything here")],
    ),
    (
        "odk_central.csv",
        ["uuid:11111111-aaaa-4aaa-8aaa-111111111111"],
        {"ReviewState is rejected": 1},
        {"about_age_band": ("25_34",), "about_services": ("housing", "money_advice")},
        [("what_helped", "The worker rang back the same day"), ("voice_note", "1741079970.m4a")],
    ),
    (
        "qualtrics.csv",
        ["R_3fixture2abcXY", "R_3fixture3abcXY"],
        {"Status is Survey Preview": 1, "Finished is False": 1, "Status is Spam": 1},
        {
            "UserLanguage": ("EN",),
            "Q1": ("25-34",),
            "Q2": ("Housing", "Money advice"),
            "Q3": ("Leaflet",),
            "Q4_1": ("Strongly agree",),
            "Q4_2": ("Agree",),
            "region": ("North",),
        },
        [
            ("Q2_3_TEXT", "blank"),
            ("Q3_4_TEXT", "blank"),
            ("Q5", "They should ring back when they say they will.\nI waited three weeks."),
            ("Q6", "blank"),
        ],
    ),
    (
        "qualtrics.tsv",
        ["R_3fixture2abcXY", "R_3fixture3abcXY"],
        {"Status is Survey Preview": 1, "Finished is False": 1, "Status is Spam": 1},
        {
            "UserLanguage": ("EN",),
            "Q1": ("25-34",),
            "Q2": ("Housing", "Money advice"),
            "Q3": ("Leaflet",),
            "Q4_1": ("Strongly agree",),
            "Q4_2": ("Agree",),
            "region": ("North",),
        },
        [
            ("Q2_3_TEXT", "blank"),
            ("Q3_4_TEXT", "blank"),
            ("Q5", "They should ring back when they say they will.\nI waited three weeks."),
            ("Q6", "blank"),
        ],
    ),
    (
        "qualtrics_numbers.csv",
        ["R_3fixture2abcXY", "R_3fixture3abcXY"],
        {"Status is 1": 1, "Finished is 0": 1},
        {
            "UserLanguage": ("EN",),
            "Q1": ("2",),
            "Q2": ("Housing", "Money advice"),
            "Q3": ("2",),
            "Q4_1": ("5",),
            "Q4_2": ("4",),
            "region": ("North",),
        },
        [
            ("Q2_3_TEXT", "blank"),
            ("Q3_4_TEXT", "blank"),
            ("Q5", "They should ring back when they say they will.\nI waited three weeks."),
            ("Q6", "blank"),
        ],
    ),
    (
        "qualtrics_old.csv",
        ["R_0aB", "R_1cD"],
        {"Status is 1": 1},
        {"Q1": ("3",), "Q2": ("Housing",)},
        [("Q5", "Ring back sooner")],
    ),
    (
        "survey.ods",
        ["R1", "R2", "R3"],
        {},
        {"age": ("34",), "share": ("0.5",), "came_back": ("1",)},
        [("why", "They rang back.\nTwice, even 🙂")],
    ),
    (
        "survey.xls",
        ["R1", "R2", "R3"],
        {},
        {"age": ("34",), "share": ("0.5",), "came_back": ("TRUE",)},
        [("why", "They rang back.\nTwice, even 🙂")],
    ),
    (
        "surveymonkey.csv",
        ["11800000001", "11800000002", "11800000003"],
        {},
        {
            "what_is_your_age": ("25 to 34",),
            "which_of_these_services_have_you_used": ("Housing", "Money advice"),
            "how_far_do_you_agree_staff_listened": ("Agree",),
            "how_far_do_you_agree_i_knew_what_came_ne": ("Disagree",),
            "where_did_you_hear_of_us": ("Friend",),
        },
        [
            ("which_of_these_services_have_you_used_ot", "blank"),
            ("what_helped_you_most", "One worker who rang back"),
            ("where_did_you_hear_of_us_other_please_sp", "blank"),
            ("what_helped_you_most_2", "the kettle"),
        ],
    ),
]
"""File; refs of the people, or how many where refs are made; rows left out, by rule; attributes and
answers of the first person."""
SECRETS = (
    "example.org",
    "@",
    "192.0.2.",
    "198.51.100.",
    "203.0.113.",
    "51.5",
    "collect:",
    "field_one",
)


def test_the_fixtures_are_there() -> None:
    files = {path.name for path in FIXTURES.iterdir() if path.suffix not in (".md", ".py")}
    assert {name for name, *_ in EXPECTED} <= files


@pytest.mark.parametrize(("name", "people", "excluded", "attributes", "answers"), EXPECTED)
def test_a_fixture_gives_the_people_and_answers_that_one_expects(
    name, people, excluded, attributes, answers
) -> None:
    grid = read_grid(FIXTURES / name)
    result = read_survey(grid, propose(grid).to_mapping())
    if isinstance(people, int):
        assert (result.refs, len(result.rows)) == ("generated", people)
    else:
        assert (result.refs, [row.respondent_ref for row in result.rows]) == ("as given", people)
    assert (result.excluded, result.bad_rows, result.undecided) == (excluded, (), ())
    first = result.rows[0]
    assert first.attributes == attributes
    assert [
        (answer.question_ref, answer.text or answer.file_name or answer.state)
        for answer in first.answers
    ] == answers
    kept = repr((result.questions, result.attributes, result.warnings, first.attributes))
    assert [secret for secret in SECRETS if secret in kept] == []


@pytest.mark.parametrize("name", [name for name, *_ in EXPECTED])
def test_a_fixture_is_read_alike_through_the_table_and_through_yaml(name) -> None:
    grid = read_grid(FIXTURES / name)
    proposal = propose(grid)
    mapping = proposal.to_mapping()
    expected = read_survey(grid, mapping)
    assert load_mapping(dump_mapping(mapping)) == mapping
    for rows in (rows_of_proposal(proposal), rows_of_mapping(mapping, grid.header, proposal)):
        reading = read_rows(rows, grid.header, grid.name)
        assert reading.mapping is not None, reading
        assert read_survey(grid, reading.mapping) == expected


@pytest.mark.parametrize("name", [name for name, *_ in EXPECTED])
def test_every_proposal_gives_its_reason(name) -> None:
    columns = propose(read_grid(FIXTURES / name)).columns
    assert [column.column for column in columns if not column.reason] == []
