"""Qualtrics: three header records, two, or one; texts and numbers; CSV, TSV and workbooks."""

from __future__ import annotations

import pytest

from pipelines.ingest.surveys.hints import Exclusion
from pipelines.ingest.tables.grid import read_grid

OPTIONS = ("Q2_1", "Q2_2", "Q2_3")
QUESTION = "Which of these services have you used? Choose all that apply."


def roles(grid) -> dict[str, str | None]:
    return {n: (h.role if h else None) for n, h in zip(grid.header, grid.hints, strict=True)}


@pytest.fixture(params=["csv", "utf-16 tsv", "workbook"])
def grid(request, export, workbook):
    if request.param == "workbook":
        return workbook("qualtrics.csv")
    return export("qualtrics.csv" if request.param == "csv" else "qualtrics.tsv")


def test_the_rows_below_three_header_records_are_the_answers(grid):
    assert (grid.tool, grid.header_row) == ("Qualtrics", 1)
    assert [row for row, _ in grid.rows] == [4, 5, 6, 7, 8]
    assert grid.header[8] == "ResponseId"
    assert grid.column("Q5")[1] == (
        "They should ring back when they say they will.\nI waited three weeks."
    )
    assert grid.column("Q5")[2] == "“More evenings” – I work days"
    assert (grid.bad_rows, grid.warnings) == ((), ())


def test_wordings_come_from_the_second_record(grid):
    assert grid.text_of("Q1") == "What is your age?"
    assert grid.text_of("Q3") == "How did you first hear of us?"
    assert grid.text_of("Q5") == "In your own words,\nwhat should change?"
    assert grid.text_of("StartDate") == ""


def test_qualtrics_own_columns_have_their_roles(grid):
    found = roles(grid)
    assert found["ResponseId"] == "respondent id"
    assert found["RecordedDate"] == "submitted at"
    assert found["UserLanguage"] == "attribute"
    for name in ("IPAddress", "RecipientEmail", "RecipientLastName", "LocationLatitude"):
        assert found[name] == "identifying"
    for name in ("StartDate", "Status", "Finished", "DistributionChannel", "Q_RecaptchaScore"):
        assert found[name] == "ignore"
    for name in ("Q1", "Q3", "Q4_1", "Q4_2", "region"):
        assert found[name] is None
    assert found["Q5"] == "open answer"
    assert found["Q6_Name"] == "voice note file"
    assert grid.hint_of("Q6_Name").question == "Leave us a voice message"
    assert [found[f"Q6_{part}"] for part in ("Id", "Size", "Type")] == ["ignore"] * 3


def test_a_split_multi_select_is_one_question_with_options(grid):
    hints = [grid.hint_of(name) for name in OPTIONS]
    assert {(h.role, h.ref, h.question) for h in hints} == {("option", "Q2", QUESTION)}
    assert [h.value for h in hints] == ["Housing", "Money advice", "Other (please say)"]
    other = grid.hint_of("Q2_3_TEXT")
    assert (other.role, other.question) == ("open answer", QUESTION)


def test_previews_spam_and_unfinished_responses_are_proposed_to_be_left_out(grid):
    by_column = {rule.column: rule for rule in grid.exclusions}
    assert {"Survey Preview", "Spam"} <= set(by_column["Status"].values)
    assert by_column["Finished"].values == ("False",)
    assert all(rule.reason for rule in grid.exclusions)


def test_a_grown_export_has_the_same_columns(export):
    before, after = export("qualtrics.csv"), export("qualtrics_grown.csv")
    assert (after.header, after.texts, after.hints) == (before.header, before.texts, before.hints)
    assert after.exclusions == before.exclusions
    assert set(before.column("ResponseId")[1:4]) < set(after.column("ResponseId"))


def test_numeric_values_give_the_same_layout(export):
    grid = export("qualtrics_numbers.csv")
    assert roles(grid) == roles(export("qualtrics.csv"))
    assert grid.warnings == (
        "the choices in this export of Qualtrics are numbers. To have their words, export it again "
        "with 'Use choice text'.",
    )
    assert [grid.hint_of(name).value for name in OPTIONS][:2] == ["Housing", "Money advice"]
    status, finished = grid.exclusions
    assert (status.column, finished) == (
        "Status",
        Exclusion("Finished", ("0",), "responses that were never finished"),
    )
    assert {"1", "8"} <= set(status.values)
    assert "0" not in status.values


def test_an_old_export_with_two_header_records(export):
    grid = export("qualtrics_old.csv")
    assert grid.tool == "Qualtrics"
    assert grid.header[:2] == ("ResponseID", "ResponseSet")
    assert [row for row, _ in grid.rows] == [3, 4, 5]
    assert (grid.hint_of("ResponseID").role, grid.hint_of("EndDate").role) == (
        "respondent id",
        "submitted at",
    )
    assert grid.text_of("Q5") == "What should change?"
    assert [(grid.hint_of(n).role, grid.hint_of(n).value) for n in ("Q2_1", "Q2_2")] == [
        ("option", "Housing"),
        ("option", "Money advice"),
    ]


@pytest.mark.parametrize(("kept", "first_row"), [((0, 1), 3), ((0,), 2)])
def test_header_records_that_somebody_has_deleted_do_not_matter(kept, first_row):
    head = (
        "StartDate,EndDate,Status,Progress,Finished,RecordedDate,ResponseId,Q1\n",
        "Start Date,End Date,Response Type,Progress,Finished,Recorded Date,Response ID,Why?\n",
    )
    row = "2025-03-01,2025-03-01,IP Address,100,True,2025-03-01,R_1,They rang back\n"
    grid = read_grid(("".join(head[at] for at in kept) + row).encode(), "answers")
    assert grid.tool == "Qualtrics"
    assert [number for number, _ in grid.rows] == [first_row]
    assert grid.hint_of("ResponseId").role == "respondent id"
    assert grid.text_of("Q1") == ("Why?" if len(kept) == 2 else "")


def text_entries(question: str, *answers: str):
    head = [
        "ResponseId,RecordedDate,Q1,Q1_DO,Q7_Page Submit,Q1 - Topics",
        f'Response ID,Recorded Date,"{question}",x,Timing - Page Submit,Topics',
        ",".join(
            f'"{{""ImportId"":""{key}""}}"'
            for key in ("_recordId", "recordedDate", "QID1_TEXT", "QID1_DO", "QID7_SUBMIT", "T")
        ),
    ]
    rows = [f"R_{n},2025-03-01,{answer},1,2.5,x" for n, answer in enumerate(answers)]
    return read_grid("\n".join([*head, *rows]).encode(), "answers")


def test_markup_in_a_wording_is_taken_out():
    grid = text_entries("<p><b>Why</b>?&nbsp;</p>", "too late for me")
    assert grid.text_of("Q1") == "Why ?"


def test_what_qualtrics_measured_is_left_out():
    grid = text_entries("Why?", "too late for me")
    for name in ("Q1_DO", "Q7_Page Submit", "Q1 - Topics"):
        assert grid.hint_of(name).role == "ignore"


@pytest.mark.parametrize(
    ("question", "answers", "role"),
    [
        ("Why?", ("too late", "no bus", "no"), "open answer"),
        ("How old are you?", ("35", "41", "29"), None),
        ("What is your name?", ("jo green", "sam of the hill", "al woods"), None),
        ("Who are you?", ("Jo Green", "Sam Hill", "Al Woods"), None),
        ("How do we reach you?", ("07700 900 123", "020 7946 0991"), None),
        ("Your e-mail address, please", ("a@example.org", "none at all", "not yet"), None),
    ],
)
def test_a_box_for_text_is_an_open_answer_unless_it_asks_who_somebody_is(question, answers, role):
    hint = text_entries(question, *answers).hint_of("Q1")
    assert (hint.role if hint else None) == role


def test_a_matrix_is_no_multi_select(export):
    grid = export("qualtrics_numbers.csv")
    assert grid.hint_of("Q4_1") is None


def test_a_file_that_only_has_a_status_and_dates_is_not_qualtrics():
    grid = read_grid(b"id,StartDate,EndDate,Status,why\n1,2025-01-01,2025-01-02,ok,late\n", "a")
    assert (grid.tool, grid.hints) == ("", ())
