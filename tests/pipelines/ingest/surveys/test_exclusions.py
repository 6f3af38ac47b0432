"""Rules that leave rows out: counted in words, and only the rows that they mean."""

from __future__ import annotations

import csv
import io

import pytest

from pipelines.ingest.surveys.mapping import load_mapping
from pipelines.ingest.surveys.survey import read_survey
from pipelines.ingest.tables.grid import read_grid

HEADER = ["id", "Status", "consent", "sought", "why"]
ROWS = [
    ["R1", "IP Address", "Yes", "Money; Food", "one"],
    ["R2", "Survey Preview", "Yes", "", "two"],
    ["R3", "spam", "No", "Food", "three"],
    ["R4", "IP Address", "", "Food", "four"],
    ["R5", "IP Address", "no", "", "five"],
    ["R6", " survey  PREVIEW", " yes ", "Money", "six"],
    ["R7", "", "YES", "", "seven"],
]
BASE = (
    "respondent_id: id\nquestions: [{column: why}]\n"
    "attributes: [{column: sought, kind: multi}]\nignore: [Status, consent]\n"
)


def survey(rules: str):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADER, *ROWS])
    return read_survey(read_grid(out.getvalue().encode(), "s.csv"), load_mapping(BASE + rules))


@pytest.mark.parametrize(
    ("rules", "kept", "excluded"),
    [
        ("", "R1 R2 R3 R4 R5 R6 R7", {}),
        (
            "exclude_rows_if: {Status: [Survey Preview, Spam]}",
            "R1 R4 R5 R7",
            {"Status is Survey Preview": 2, "Status is Spam": 1},
        ),
        ('exclude_rows_if: {consent: [""]}', "R1 R2 R3 R5 R6 R7", {"consent is empty": 1}),
        ("exclude_rows_if: {sought: [money]}", "R2 R3 R4 R5 R7", {"sought is money": 2}),
        ("keep_rows_if: {consent: [Yes]}", "R1 R2 R6 R7", {"consent is not Yes": 3}),
        (
            'keep_rows_if: {consent: [Yes, ""]}',
            "R1 R2 R4 R6 R7",
            {"consent is not Yes or empty": 2},
        ),
        (
            "exclude_rows_if: {Status: spam}\nkeep_rows_if: {consent: [Yes], sought: [Money]}",
            "R1 R6",
            {"Status is spam": 1, "consent is not Yes": 2, "sought is not Money": 2},
        ),
    ],
)
def test_rows_are_left_out_and_counted_by_rule(rules, kept, excluded) -> None:
    result = survey(rules)
    assert " ".join(row.respondent_ref for row in result.rows) == kept
    assert result.excluded == excluded
    assert result.n_excluded == sum(excluded.values())
    assert len(result.rows) + result.n_excluded == len(ROWS)


def test_a_rule_about_a_column_that_is_not_there_is_refused() -> None:
    from workbench.errors import SurveyError

    with pytest.raises(SurveyError, match=r"there is no column 'consnt' \(keep_rows_if\)"):
        survey("keep_rows_if: {consnt: [Yes]}")
