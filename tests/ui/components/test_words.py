"""Small words: numbers with their noun, times and sizes as people write them."""

import re

import pytest

from workbench.errors import NotFound, SurveyError
from workbench.ui.components.words import alone, clock, count, lasting, size, when


@pytest.mark.parametrize(
    ("n", "told"), [(0, "0 codings"), (1, "1 coding"), (2, "2 codings"), (1204, "1,204 codings")]
)
def test_a_count_agrees_with_its_noun(n, told):
    assert count(n, "coding") == told


def test_a_count_of_an_irregular_noun():
    assert (count(1, "person", "people"), count(3, "person", "people")) == ("1 person", "3 people")


def test_a_time_is_written_as_people_do():
    assert re.fullmatch(r"14 Feb 2022, \d\d:\d\d", when("2022-02-14T12:05:00.000Z"))


@pytest.mark.parametrize(
    ("n", "told"),
    [(1, "1 kB"), (48_100, "48 kB"), (1_230_000, "1.2 MB"), (2_500_000_000, "2.5 GB")],
)
def test_a_size_is_rounded(n, told):
    assert size(n) == told


@pytest.mark.parametrize(
    ("ms", "told"),
    [(0, "0 s"), (7_400, "7 s"), (252_000, "4 min 12 s"), (3_900_000, "1 h 5 min")],
)
def test_how_long_something_lasts(ms, told):
    assert lasting(ms) == told


@pytest.mark.parametrize(
    ("ms", "told"), [(0, "0:00"), (7_400, "0:07"), (252_000, "4:12"), (3_723_000, "1:02:03")]
)
def test_a_length_is_written_as_players_do(ms, told):
    assert clock(ms) == told


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (NotFound("there is no study named 'T'."), "There is no study named 'T'."),
        (SurveyError("no answer column.", line=17), "Row 17: no answer column."),
        (
            SurveyError("no answer column.", source="survey.csv", line=17),
            "survey.csv, row 17: no answer column.",
        ),
        (SurveyError("no rows.", source="interviews"), "interviews: no rows."),
        (SurveyError("no rows.", source="data/a"), "data/a: no rows."),
        (NotFound("q2 is not a question."), "q2 is not a question."),
        (NotFound("'x' is not a code."), "'x' is not a code."),
        (NotFound("iPads are no codes."), "iPads are no codes."),
        (NotFound("élan is no code."), "Élan is no code."),
        (NotFound(""), ""),
    ],
)
def test_a_message_that_stands_alone_begins_with_a_capital_letter(error, shown):
    assert alone(error) == shown
