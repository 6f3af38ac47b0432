"""Microsoft Forms and Google Forms: the header is the questions."""

from __future__ import annotations

from pipelines.ingest.tables.grid import read_grid


def test_a_workbook_of_microsoft_forms(export):
    grid = export("microsoft_forms.xlsx")
    assert (grid.tool, grid.format) == ("Microsoft Forms", "xlsx")
    assert grid.hint_of("ID").role == "respondent id"
    assert grid.hint_of("Completion time").role == "submitted at"
    assert grid.hint_of("Email").role == grid.hint_of("Name").role == "identifying"
    assert grid.column("Completion time")[0] == "2025-03-04T09:19:30"
    assert grid.column("ID") == ["1", "2", "3"]


def test_choices_of_microsoft_forms_end_in_a_semicolon(export):
    grid = export("microsoft_forms.xlsx")
    services = grid.hint_of("Which services have you used?")
    assert (services.role, services.kind, services.delimiter) == ("attribute", "multi", ";")
    assert grid.hint_of("Put these in order").role == "ignore"
    assert grid.hint_of("Why?") is None


def test_a_question_may_be_called_like_an_own_column(export):
    grid = export("microsoft_forms.xlsx")
    assert grid.header[-1] == "Name (2)"
    assert grid.hint_of("Name (2)").reason == "asks for a name or how to reach the person"
    assert grid.text_of("Name (2)") == "Name"


def test_a_quiz_of_microsoft_forms_leaves_points_out():
    data = (
        "ID,Start time,Completion time,Email,Name,Total points,Quiz feedback,Why?,Points - Why?,"
        "Feedback - Why?\n1,2025-03-04,2025-03-04,anonymous,,1,,late,1,\n"
    )
    grid = read_grid(data.encode(), "answers")
    assert [grid.hint_of(n).role for n in ("Total points", "Points - Why?")] == ["ignore"] * 2
    assert grid.hint_of("Why?") is None


def test_a_csv_of_google_forms_has_no_id_and_may_repeat_a_question(export):
    grid = export("google_forms.csv")
    assert grid.tool == "Google Forms"
    assert grid.header[2:] == (
        "What is your age?",
        "Which services have you used?",
        "Why?",
        "How was the hall?",
        "Why? (2)",
    )
    assert grid.text_of("Why? (2)") == "Why?"
    assert grid.column("Why? (2)")[1] == "Cold, and no lift"
    assert grid.hint_of("Timestamp").role == "submitted at"
    assert grid.hint_of("Username").role == "identifying"
    assert all(h is None or h.role != "respondent id" for h in grid.hints)
    assert grid.warnings == ()


def test_google_forms_in_other_languages():
    data = "Horodateur,Pourquoi ?\n04/03/2025 09:10:11,trop tard\n"
    assert read_grid(data.encode(), "answers").tool == "Google Forms"


def test_a_column_called_timestamp_without_dates_is_no_form():
    assert read_grid(b"Timestamp,why\nfirst,late\n", "answers").tool == ""
