"""LimeSurvey: headings by code, by wording and by both."""

from __future__ import annotations

import pytest

HEADINGS = {
    "limesurvey_codes.csv": ("id", "G01Q02[SQ001]", "G01Q02[other]", "G02Q05[comment]"),
    "limesurvey_text.csv": (
        "Response ID",
        "Which services have you used? [Housing]",
        "Which services have you used? [Other]",
        "Would you come again? [Comment]",
    ),
    "limesurvey_both.csv": (
        "id. Response ID",
        "G01Q02[SQ001]. Which services have you used? [Housing]",
        "G01Q02[other]. Which services have you used? [Other]",
        "G02Q05[comment]. Would you come again? [Comment]",
    ),
}


@pytest.mark.parametrize("name", HEADINGS)
def test_every_way_of_heading_gives_the_same_roles(name, export):
    grid = export(name)
    respondent, option, other, comment = HEADINGS[name]
    assert grid.tool == "LimeSurvey"
    assert grid.hint_of(respondent).role == "respondent id"
    assert grid.hint_of(option).role == "option"
    assert grid.hint_of(other).role == grid.hint_of(comment).role == "open answer"
    assert [hint.role if hint else None for hint in grid.hints] == [
        "respondent id", "submitted at", "ignore", "attribute", "ignore", "ignore", "ignore",
        "identifying", None, "option", "option", "open answer", None, None, None, None,
        "open answer", "ignore", "ignore", "ignore",
    ]  # fmt: skip


@pytest.mark.parametrize("name", HEADINGS)
def test_responses_without_a_date_of_submission_are_proposed_to_be_left_out(name, export):
    grid = export(name)
    (rule,) = grid.exclusions
    assert rule.values == ("",)
    assert grid.column(rule.column) == ["2025-03-04 09:19:30", "2025-03-05 10:19:30", ""]


def test_codes_instead_of_answers_are_warned_about(export):
    assert "codes such as A1" in export("limesurvey_codes.csv").warnings[0]
    assert export("limesurvey_text.csv").warnings == ()


def test_options_are_called_by_wording_where_there_is_one(export):
    texts, codes = export("limesurvey_text.csv"), export("limesurvey_codes.csv")
    hints = [h for h in texts.hints if h and h.role == "option"]
    assert [(h.question, h.value) for h in hints] == [
        ("Which services have you used?", "Housing"),
        ("Which services have you used?", "Money advice"),
    ]
    assert [(h.ref, h.value) for h in codes.hints if h and h.role == "option"] == [
        ("G01Q02", "SQ001"),
        ("G01Q02", "SQ002"),
    ]


def test_code_and_wording_together_give_both(export):
    grid = export("limesurvey_both.csv")
    assert grid.text_of("G02Q04. What should change?") == "What should change?"
    assert {h.ref for h in grid.hints if h and h.role == "option"} == {"G01Q02"}


def test_a_workbook_is_read_alike(workbook, export):
    assert workbook("limesurvey_text.csv").hints == export("limesurvey_text.csv").hints


@pytest.mark.parametrize("name", ["voice[filecount]", "filecount - Record your answer"])
def test_the_number_of_uploaded_files_is_left_out(name):
    from pipelines.ingest.tables.grid import read_grid

    data = f"id,submitdate,lastpage,startlanguage,{name}\n1,2025-03-01 09:00:00,3,en,1\n"
    assert read_grid(data.encode(), "answers").hint_of(name).role == "ignore"


def test_uploaded_recordings_are_voice_notes_by_their_names():
    from pipelines.ingest.surveys.roles import propose
    from pipelines.ingest.surveys.survey import read_survey
    from pipelines.ingest.tables.grid import read_grid

    cell = '"[{ ""title"":"""",""size"":""48"",""name"":""answer.m4a"",""ext"":""m4a"" }]"'
    data = (
        "id,submitdate,lastpage,startlanguage,voice,why\n"
        f"1,2025-03-01 09:00:00,3,en,{cell},They were kind to us all\n"
        "2,2025-03-02 09:00:00,3,en,,Nobody rang us back that week\n"
    )
    grid = read_grid(data.encode(), "answers")
    assert grid.hint_of("voice").role == "voice note file"
    spoken = [
        answer.file_name
        for row in read_survey(grid, propose(grid).to_mapping()).rows
        for answer in row.answers
        if answer.kind == "spoken"
    ]
    assert spoken == ["answer.m4a"]
    pictures = read_grid(data.replace("m4a", "jpg").encode(), "answers")
    assert pictures.hint_of("voice").role == "ignore"
