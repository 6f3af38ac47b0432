"""KoboToolbox and ODK: paths, multi-selects by column, recordings."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["csv", "workbook"])
def kobo(request, export, workbook):
    return export("kobo.csv") if request.param == "csv" else workbook("kobo.csv", delimiter=";")


def test_ids_times_and_people_of_kobo(kobo):
    assert kobo.tool == "KoboToolbox"
    assert kobo.hint_of("_id").role == "respondent id"
    assert kobo.hint_of("_submission_time").role == "submitted at"
    for name in ("deviceid", "_submitted_by", "about/place", "_about/place_latitude"):
        assert kobo.hint_of(name).role == "identifying"
    for name in ("start", "_uuid", "__version__", "_validation_status", "_index"):
        assert kobo.hint_of(name).role == "ignore"
    assert kobo.hint_of("about/age_band") is None
    assert kobo.hint_of("story/what_helped") is None


def test_a_multi_select_is_taken_from_its_columns(kobo):
    assert kobo.hint_of("about/services").role == "ignore"
    hints = [kobo.hint_of(f"about/services/{o}") for o in ("housing", "money_advice")]
    assert [(h.role, h.ref, h.value) for h in hints] == [
        ("option", "services", "housing"),
        ("option", "services", "money_advice"),
    ]


def test_recordings_are_told_from_pictures_and_from_their_address(kobo):
    note = kobo.hint_of("story/voice_note")
    assert (note.role, note.ref) == ("voice note file", "voice_note")
    assert kobo.column("story/voice_note") == ["1741079970.m4a", "1741166370.m4a", ""]
    for name in ("story/voice_note_URL", "story/photo", "story/photo_URL"):
        assert kobo.hint_of(name).role == "ignore"


def test_submissions_that_were_not_approved_are_proposed_to_be_left_out(kobo):
    (rule,) = kobo.exclusions
    assert (rule.column, rule.values) == (
        "_validation_status",
        ("Not approved", "validation_status_not_approved"),
    )


def test_questions_of_one_name_in_two_groups_are_two_questions():
    from pipelines.ingest.tables.grid import read_grid

    data = (
        "a/help;a/help/yes;a/help/no;b/help;b/help/yes;b/help/no;_id;_uuid;_submission_time;_index\n"
        "yes;1;0;no;0;1;1;u1;2025-03-01T09:00:00;1\n"
    )
    hints = [h for h in read_grid(data.encode(), "answers").hints if h and h.role == "option"]
    assert [(h.ref, h.value) for h in hints] == [
        ("help", "yes"), ("help", "no"), ("help (2)", "yes"), ("help (2)", "no"),
    ]  # fmt: skip


def test_labels_as_headings_are_the_wordings(export):
    grid = export("kobo_labels.csv")
    services = "Which services have you used?"
    assert grid.text_of("Tell us what helped") == "Tell us what helped"
    hint = grid.hint_of(f"{services}/Money advice")
    assert (hint.role, hint.question, hint.value) == ("option", services, "Money advice")
    assert grid.hint_of("Or record it").role == "voice note file"


def test_a_csv_of_odk_central(export):
    grid = export("odk_central.csv")
    assert grid.tool == "ODK"
    assert grid.hint_of("KEY").role == "respondent id"
    assert grid.hint_of("SubmissionDate").role == "submitted at"
    for name in ("SubmitterName", "DeviceID", "about-place-Latitude"):
        assert grid.hint_of(name).role == "identifying"
    assert grid.hint_of("about-services").role == "ignore"
    assert grid.hint_of("about-services/housing").value == "housing"
    assert grid.hint_of("voice_note").role == "voice note file"
    (rule,) = grid.exclusions
    assert (rule.column, rule.values) == ("ReviewState", ("rejected",))


def test_a_multi_select_in_one_column_only_is_parted_by_its_spaces():
    from pipelines.ingest.tables.grid import read_grid

    data = (
        "services;why;_id;_uuid;_submission_time;_index\n"
        "housing food;late;1;u1;2025-03-01T09:00:00;1\nfood;early;2;u2;2025-03-02T09:00:00;2\n"
    )
    grid = read_grid(data.encode(), "answers")
    hint = grid.hint_of("services")
    assert (hint.role, hint.kind, hint.delimiter) == ("attribute", "multi", " ")
    assert grid.hint_of("why") is None


@pytest.mark.parametrize(
    "cells", [["no idea", "not sure yet"], ["Housing food", "food"], ["a a", "a"]]
)
def test_words_that_are_no_names_of_choices_are_not_parted(cells):
    from pipelines.ingest.tables.grid import read_grid

    rows = [f"{cell};{at};u{at};2025-03-0{at}T09:00:00;{at}" for at, cell in enumerate(cells, 1)]
    data = "\n".join(["said;_id;_uuid;_submission_time;_index", *rows])
    assert read_grid(data.encode(), "answers").hint_of("said") is None
