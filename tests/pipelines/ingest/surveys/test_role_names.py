"""Roles that a column's name decides together with what little it holds."""

from __future__ import annotations

import csv
import io

import pytest

from pipelines.ingest.surveys.proposal import ColumnProposal
from pipelines.ingest.surveys.roles import propose
from pipelines.ingest.tables.grid import read_grid


def proposed(name: str, cells: list[str]) -> ColumnProposal:
    out = io.StringIO(newline="")
    rows = [["id", name, "why"]]
    rows += [[f"R{n}", cell, f"They were kind to us, visit {n}"] for n, cell in enumerate(cells)]
    csv.writer(out).writerows(rows)
    return propose(read_grid(out.getvalue().encode(), "answers")).columns[1]


@pytest.mark.parametrize(
    "name", ["services_other", "3.a. Other", "Other (please specify)", "gender/other"]
)
def test_the_words_beside_other_are_answers_however_few(name):
    column = proposed(name, ["", "aunt", "", "", "imam", ""])
    assert column.role == "open answer"
    assert "few have written there" in column.reason


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("services_other", ["1", "0", "", "", "", ""]),
        ("services_other", ["Other", "", "", "", "", ""]),
        ("other", ["bus", "car", "bus", "car", "bus", "car"]),
    ],
)
def test_a_tick_or_a_full_column_called_other_is_no_answer(name, cells):
    assert proposed(name, cells).role == "attribute"


def test_addresses_of_uploaded_files_are_no_groups():
    cells = ["https://drive.example.org/open?id=1Ab", "", "", "https://drive.example.org/open?id=2"]
    assert proposed("Please upload a voice note", cells).role == "voice note file"
    assert proposed("Upload a photo", cells).role == "ignore"
    assert proposed("Which page helped?", cells).role not in ("voice note file", "ignore")


def test_scores_are_no_answers():
    assert proposed("Score", [f"{n} / 10" for n in range(6)]).role != "open answer"


def test_a_question_with_short_answers_that_all_differ_is_open():
    cells = ["Less waiting", "", "Interpreters", "Somebody who rings back", "More staff", "Crèche"]
    assert proposed("What would help?", cells).role == "open answer"
    roles = ["Teacher", "School nurse", "Head of year 7", "Youth worker at large", "Aunt", "GP"]
    assert proposed("What is your role?", roles).role == "attribute"
    origins = ["Arab", "Bangladeshi", "Gypsy or Irish Traveller", "White British", "Black African"]
    for question in (
        "Which ethnic group do you belong to?",
        "How would you say your ethnic group?",
    ):
        assert proposed(question, origins).role == "attribute"


def test_accounts_are_kept_out():
    assert proposed("Handle", [f"@person{n}" for n in range(6)]).role == "identifying"
    assert proposed("Twitter handle", [f"person{n}" for n in range(6)]).role == "identifying"


def test_telephone_numbers_are_a_private_id_where_there_is_no_other():
    lines = "\n".join(f"07700 90012{n},{20 + n},They were kind to us {n}" for n in range(5))
    found = propose(read_grid(f"mobile,age,why\n{lines}\n".encode(), "answers"))
    assert (found.columns[0].role, found.columns[0].private) == ("respondent id", True)
    assert "telephone numbers are not stored" in found.columns[0].reason
    assert found.to_mapping().refs == "generated"
