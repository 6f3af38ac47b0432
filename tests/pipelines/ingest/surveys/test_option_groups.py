"""Options of one question in columns of their own: found by name and content together."""

from __future__ import annotations

import pytest

from pipelines.ingest.surveys.evidence import measure
from pipelines.ingest.surveys.option_groups import Options, find_options


def found(columns: dict[str, list[str]]) -> list[Options]:
    return find_options(
        [measure(name, at, cells) for at, (name, cells) in enumerate(columns.items())]
    )


@pytest.mark.parametrize(
    ("first", "second", "stem"),
    [
        ("Services [Housing]", "Services [Money]", "Services"),
        ("Which services? - Housing", "Which services? - Money", "Which services?"),
        ("needs/services/Housing", "needs/services/Money", "needs/services"),
        ("Which of these: Housing", "Which of these: Money", "Which of these"),
        ("services.Housing", "services.Money", "services"),
        ("services_Housing", "services_Money", "services"),
    ],
)
@pytest.mark.parametrize(
    "cells",
    [
        ["1", "0"],
        ["1", ""],
        ["x", ""],
        ["Checked", "Unchecked"],
        ["Selected", "-99"],
        ["TRUE", "FALSE"],
    ],
)
def test_ticks_under_one_stem_are_one_question(first, second, stem, cells) -> None:
    columns = {"id": ["R1", "R2"], first: cells, second: cells[::-1]}
    assert found(columns) == [Options(stem, {1: "Housing", 2: "Money"})]


def test_the_text_of_an_option_is_its_value() -> None:
    columns = {
        "Which? [SQ1] Housing": ["Housing", ""],
        "Q1 - Housing": ["Housing and rent - Q1 - Housing", ""],
        "Which? - Housing": ["Housing", ""],
        "Which? - Money": ["", "money"],
        "Which? - Other": ["", "the church helped"],
    }
    assert found(columns) == [Options("Which?", {2: "Housing", 3: "money"})]


def test_the_text_of_an_option_need_not_be_in_its_name() -> None:
    columns = {
        "Q2.a": ["Housing", "", "Housing", ""],
        "Q2.b": ["", "Money", "Money", ""],
        "Q2.c": ["", "", "", ""],
        "Q2.other": ["", "", "", "the church helped"],
    }
    assert found(columns) == [Options("Q2", {0: "Housing", 1: "Money", 2: "c"})]


def test_yes_and_no_under_a_clear_stem_are_options_but_not_under_a_code() -> None:
    cells = {"a": ["Yes", "No"], "b": ["No", "Yes"]}
    assert found({f"Used [{name}]": value for name, value in cells.items()}) != []
    assert found({f"is_{name}": value for name, value in cells.items()}) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"Services [Housing]": ["1", "0"]},
        {"Services [a]": ["1", "0"], "Sports [a]": ["1", "0"]},
        {"rate [a]": ["1", "2"], "rate [b]": ["3", "4"]},
        {"why [a]": ["late", ""], "why [b]": ["never", ""]},
        {"Services [a]": ["", ""], "Services [b]": ["", ""]},
        {"Services [a]": ["1", ""], "Services [A]": ["1", ""]},
    ],
)
def test_what_is_no_question_with_ticks(columns) -> None:
    assert found(columns) == []


def test_an_option_that_nobody_ticked_belongs_to_its_question() -> None:
    columns = {"S [a]": ["1", ""], "S [b]": ["", ""], "S [c]": ["1", "1"]}
    assert found(columns) == [Options("S", {0: "a", 1: "b", 2: "c"})]


def test_thousands_of_columns_are_quick() -> None:
    columns = {f"group{n % 500}/option {n}": ["1", "0"] for n in range(5_000)}
    groups = found(columns)
    assert len(groups) == 500
    assert all(len(group.values) == 10 for group in groups)
