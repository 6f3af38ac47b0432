"""Jisc Online Surveys of both generations, and Citizen Space."""

from __future__ import annotations

import pytest

from pipelines.ingest.tables.grid import read_grid


@pytest.mark.parametrize(
    ("name", "respondent", "option"),
    [
        ("jisc_2.csv", "Unique Response Number", "2. Which services have you used? - Housing"),
        ("jisc_3.csv", "Response ID", "Q2. Which services have you used? - Housing"),
    ],
)
def test_both_generations_of_jisc(name, respondent, option, export, workbook):
    for grid in (export(name), workbook(name)):
        assert grid.tool == "Jisc Online Surveys"
        assert grid.hint_of(respondent).role == "respondent id"
        hint = grid.hint_of(option)
        assert (hint.role, hint.value) == ("option", "Housing")
        assert sum(h is not None and h.role == "submitted at" for h in grid.hints) == 1


def test_words_beside_an_option_of_jisc(export):
    grid = export("jisc_2.csv")
    hint = grid.hint_of("1.a. If you selected Other, please specify:")
    assert (hint.role, hint.reason) == (
        "open answer",
        "the words that were written beside '1. What is your role?'",
    )
    assert grid.hint_of("3. What should change?") is None
    assert grid.text_of("3. What should change?") == "3. What should change?"


def test_question_numbers_as_headings_of_jisc(export):
    grid = export("jisc_2_codes.csv")
    assert grid.hint_of("UniqueResponseNumber").role == "respondent id"
    assert [(grid.hint_of(n).ref, grid.hint_of(n).value) for n in ("Q2_1", "Q2_2")] == [
        ("Q2", "1"),
        ("Q2", "2"),
    ]
    assert grid.text_of("Q3") == ""


def test_unfinished_responses_of_jisc_are_proposed_to_be_left_out(export):
    (rule,) = export("jisc_3.csv").exclusions
    assert rule.column == "Status"
    assert "Incomplete" in rule.values
    assert "Complete" not in rule.values


def test_citizen_space_is_known_by_the_form_of_its_ids(export):
    grid = export("citizen_space.csv")
    assert grid.tool == "Citizen Space"
    assert grid.hint_of("Response ID").role == "respondent id"
    assert grid.hint_of("Submitted").role == "submitted at"
    assert grid.hint_of("What is your name? - Name").role == "identifying"
    assert grid.hint_of("What is your email address? - Email").role == "identifying"
    hint = grid.hint_of("Which of these are you? - A young person")
    assert (hint.role, hint.question, hint.value) == (
        "option",
        "Which of these are you?",
        "A young person",
    )


def test_repeated_headings_of_citizen_space_are_told_apart(export):
    grid = export("citizen_space.csv")
    assert grid.column("Please explain - Why (2)")[0] == "The hours suit us"
    assert grid.text_of("Please explain - Why (2)") == "Please explain - Why"
    assert grid.warnings == ()


def test_a_response_id_alone_is_no_tool():
    assert read_grid(b"Response ID,why\nA1,late\n", "answers").tool == ""
