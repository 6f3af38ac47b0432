"""SPSS files: labels for texts and values, missing values, dates, sets of ticks, damage."""

from __future__ import annotations

import datetime as dt
import io
import json
import struct
import tempfile
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from pipelines.ingest.surveys.hints import ColumnHint
from pipelines.ingest.tables import sav_file, sav_worker
from pipelines.ingest.tables.grid import ReadOptions, read_grid
from workbench.errors import SurveyError

END_OF_DICTIONARY = struct.pack("<ii", 999, 0)


@pytest.fixture
def saved(tmp_path):
    def save(columns, **how) -> bytes:
        path = tmp_path / "survey.sav"
        pyreadstat.write_sav(pd.DataFrame(columns), path, **how)
        return path.read_bytes()

    return save


@pytest.fixture
def survey(saved):
    return saved(
        {
            "id": ["R1", "R2", "R3"],
            "age": [1.0, 2.0, 9.0],
            "score": [3.0, 2.5, None],
            "born": [dt.date(1990, 3, 4), None, dt.date(1582, 10, 15)],
            "at": pd.to_datetime(["2025-03-04 09:10:11", None, "2025-01-01 00:00:00"]),
            "clock": [dt.time(9, 30), None, dt.time(23, 59, 59)],
            "why": ["They rang back 🙂", "N/A", "میں نے فون کیا"],
        },
        column_labels={"age": "How old are you?", "why": "What should change?"},
        variable_value_labels={"age": {1: "Under 25", 2: "25 or over", 9: "Not said"}},
        missing_ranges={"age": [9], "why": ["N/A"]},
        variable_measure={"age": "ordinal"},
    )


def test_labels_are_wordings_and_values(survey):
    grid = read_grid(survey, "survey")
    assert (grid.format, grid.header_row) == ("sav", 1)
    assert grid.header == ("id", "age", "score", "born", "at", "clock", "why")
    assert grid.text_of("age") == "How old are you?"
    assert grid.text_of("id") == ""
    assert grid.rows == (
        (2, ("R1", "Under 25", "3", "1990-03-04", "2025-03-04T09:10:11", "09:30:00",
             "They rang back 🙂")),
        (3, ("R2", "25 or over", "2.5", "", "", "", "")),
        (4, ("R3", "", "", "1582-10-15", "2025-01-01", "23:59:59", "میں نے فون کیا")),
    )  # fmt: skip
    assert grid.warnings == ()


def test_value_labels_make_an_attribute_in_their_order(survey):
    assert read_grid(survey, "survey").hints == (
        None,
        ColumnHint(
            "attribute",
            "its 3 values have labels in the SPSS file",
            kind="ordered",
            values=("Under 25", "25 or over", "Not said"),
        ),
        *[None] * 5,
    )


def test_a_multiple_response_set_is_a_question_with_options(saved):
    plain = saved(
        {"id": ["R1", "R2"], "s1": [2.0, 1.0], "s2": [2.0, None]},
        column_labels={"s1": "Housing"},
        variable_value_labels={"s1": {1: "Not chosen, really", 2: "Chosen"}},
    )
    told = b"$services=D1 2 15 Which services? s1 s2\n"
    at = plain.index(END_OF_DICTIONARY)
    data = plain[:at] + struct.pack("<iiii", 7, 7, 1, len(told)) + told + plain[at:]
    grid = read_grid(data, "survey")
    assert grid.column("s1") == ["Yes", "No"]
    assert grid.column("s2") == ["Yes", ""]
    assert [(h.role, h.ref, h.question, h.value) for h in grid.hints[1:]] == [
        ("option", "services", "Which services?", "Housing"),
        ("option", "services", "Which services?", "s2"),
    ]


def test_a_compressed_file_is_read_alike(saved):
    columns = {"id": [f"R{n}" for n in range(300)], "why": ["late, and then nothing"] * 300}
    plain, packed = saved(columns), saved(columns, compress=True)
    assert packed[:4] == b"$FL3"
    assert read_grid(packed, "survey").rows == read_grid(plain, "survey").rows


def test_all_cases_are_read_where_their_number_is_not_written(saved, tmp_path, monkeypatch):
    why = [f"{n} " + "late " * 400 for n in range(250)]
    data = bytearray(saved({"id": [f"R{n}" for n in range(250)], "why": why}))
    data[80:84] = struct.pack("<i", -1)
    path = tmp_path / "unknown.sav"
    path.write_bytes(data)
    monkeypatch.setattr(sav_worker, "CHUNK_BYTES", 1)
    monkeypatch.setattr(sav_worker, "limit_memory", lambda: None)
    out = io.StringIO()
    assert sav_worker.main(str(path), "", out) == 0
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [cells[1].split()[0] for cells in lines[1:-1]] == [str(n) for n in range(250)]
    assert read_grid(bytes(data), "survey").column("why") == [text.strip() for text in why]


def test_a_survey_tool_is_recognised_in_it(saved):
    columns = {
        "StartDate": ["2025-03-01"], "EndDate": ["2025-03-01"], "Status": [0.0],
        "Finished": [1.0], "RecordedDate": ["2025-03-01"], "ResponseId": ["R_1"], "Q1": ["late"],
    }  # fmt: skip
    grid = read_grid(saved(columns, column_labels={"Q1": "Why?"}), "survey")
    assert (grid.tool, grid.text_of("Q1")) == ("Qualtrics", "Why?")
    assert grid.hint_of("ResponseId").role == "respondent id"


def test_texts_in_an_old_encoding_are_read_with_a_warning(saved):
    data = saved({"id": ["R1"], "why": ["caf~ late"]}).replace(b"~", b"\xe9")
    grid = read_grid(data, "survey")
    assert grid.column("why") == ["café late"]
    assert "read as windows-1252" in grid.warnings[0]
    chosen = read_grid(data, "survey", ReadOptions(encoding="windows-1250"))
    assert chosen.column("why") == ["café late"]


def test_no_copy_of_the_file_is_left(survey, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "copies"))
    Path(tempfile.tempdir).mkdir()
    read_grid(survey, "survey")
    with pytest.raises(SurveyError):
        read_grid(survey[:300], "survey")
    assert list(Path(tempfile.tempdir).iterdir()) == []


def test_a_damaged_file_is_refused_and_takes_nothing_with_it(survey):
    for at in (200, 400, 700, len(survey) - 20):
        hurt = survey[:at] + b"\xff\xff\xff\x7f" * 4 + survey[at + 16 :]
        try:
            read_grid(hurt, "survey.sav")
        except SurveyError as error:
            assert "survey.sav" in str(error)
    with pytest.raises(SurveyError) as caught:
        read_grid(survey[: len(survey) // 2], "survey.sav")
    assert str(caught.value).startswith("survey.sav: the SPSS file is damaged")


def test_a_file_without_cases_is_refused(saved):
    with pytest.raises(SurveyError, match="no rows below it"):
        read_grid(saved({"id": [], "why": []}), "survey.sav")


def test_a_file_that_is_too_large_is_refused(survey, monkeypatch):
    monkeypatch.setattr(sav_file, "MAX_SAV_CELLS", 20)
    with pytest.raises(SurveyError, match="holds 7 variables of 3 cases, more than is read"):
        read_grid(survey, "survey.sav")
    monkeypatch.setattr(sav_file, "MAX_SAV_BYTES", 20)
    with pytest.raises(SurveyError, match="the SPSS file has 0 MiB"):
        read_grid(survey, "survey.sav")
