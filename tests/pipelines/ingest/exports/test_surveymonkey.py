"""SurveyMonkey: questions that span their options' columns."""

from __future__ import annotations

import pytest

from pipelines.ingest.tables.grid import read_grid

SERVICES = "Which of these services have you used?"


@pytest.fixture(params=["csv", "workbook"])
def grid(request, export, workbook):
    return (export if request.param == "csv" else workbook)("surveymonkey.csv")


def test_names_join_question_and_option_and_are_unique(grid):
    assert grid.tool == "SurveyMonkey"
    assert grid.header[9:] == (
        "What is your age?",
        f"{SERVICES} - Housing",
        f"{SERVICES} - Money advice",
        f"{SERVICES} - None of these",
        f"{SERVICES} - Other (please specify)",
        "How far do you agree? - Staff listened",
        "How far do you agree? - I knew what came next",
        "What helped you most?",
        "Where did you hear of us?",
        "Where did you hear of us? - Other (please specify)",
        "What helped you most? (2)",
    )
    assert [row for row, _ in grid.rows] == [3, 4, 5]
    assert grid.warnings == ()


def test_wordings_are_the_questions(grid):
    assert grid.text_of(f"{SERVICES} - Housing") == SERVICES
    assert grid.text_of("What helped you most? (2)") == "What helped you most?"
    assert grid.text_of("Respondent ID") == ""


def test_a_checkbox_question_has_options_and_words_beside_them(grid):
    options = [grid.hint_of(f"{SERVICES} - {o}") for o in ("Housing", "Money advice")]
    assert [(h.role, h.value) for h in options] == [
        ("option", "Housing"),
        ("option", "Money advice"),
    ]
    assert len({h.ref for h in options}) == 1
    for name in (SERVICES, "Where did you hear of us?"):
        hint = grid.hint_of(f"{name} - Other (please specify)")
        assert (hint.role, hint.question) == ("open answer", name)
    assert grid.hint_of("How far do you agree? - Staff listened") is None


def test_an_open_ended_question_is_an_open_answer(grid):
    for name in ("What helped you most?", "What helped you most? (2)"):
        assert grid.hint_of(name).role == "open answer"


def test_own_columns_have_their_roles(grid):
    role = {name: grid.hint_of(name).role for name in grid.header[:8]}
    assert role["Respondent ID"] == "respondent id"
    assert role["End Date"] == "submitted at"
    assert role["IP Address"] == role["Email Address"] == role["First Name"] == "identifying"


def test_the_newer_names_of_its_columns_and_numbers_for_choices():
    data = (
        "respondent_id,collector_id,date_created,date_modified,ip_address,email_address,"
        "first_name,last_name,custom_1,Which?,,,Why?\n"
        ",,,,,,,,,One,Two,Three,Open-Ended Response\n"
        "1,9,2025-03-01,2025-03-01,192.0.2.1,,,,,1,,3,late\n"
        "2,9,2025-03-02,2025-03-02,192.0.2.2,,,,,,2,3,early\n"
    )
    grid = read_grid(data.encode(), "answers")
    assert grid.tool == "SurveyMonkey"
    assert grid.hint_of("respondent_id").role == "respondent id"
    assert grid.hint_of("date_modified").role == "submitted at"
    assert [grid.hint_of(f"Which? - {o}").value for o in ("One", "Two", "Three")] == [
        "One",
        "Two",
        "Three",
    ]


def test_fields_of_contact_details_are_identifying():
    data = (
        "Respondent ID,Collector ID,Start Date,End Date,How do we reach you?,,,Why?\n"
        ",,,,Name,City/Town,Email Address,Open-Ended Response\n"
        "1,9,2025-03-01,2025-03-01,jo,Leeds,none,it was late\n"
    )
    grid = read_grid(data.encode(), "answers")
    role = {name: hint.role for name, hint in zip(grid.header, grid.hints, strict=True) if hint}
    assert role["How do we reach you? - Name"] == "identifying"
    assert role["How do we reach you? - Email Address"] == "identifying"
    assert "How do we reach you? - City/Town" not in role


def test_without_its_second_record_the_first_names_the_columns():
    data = "Respondent ID,Collector ID,Start Date,End Date,Why?\n1,9,2025-03-01,2025-03-01,late\n"
    grid = read_grid(data.encode(), "answers")
    assert (grid.tool, [row for row, _ in grid.rows]) == ("SurveyMonkey", [2])


def test_rows_of_a_matrix_have_labels_of_their_own(grid):
    from pipelines.ingest.surveys.roles import propose

    texts = [c.text for c in propose(grid).columns if c.text.startswith("How far do you agree?")]
    assert texts == [
        "How far do you agree? - Staff listened",
        "How far do you agree? - I knew what came next",
    ]
