"""Records become respondents: absent answers, attributes, bad rows, exclusions."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.surveys.answers import UNSEEN
from pipelines.ingest.surveys.mapping import load_mapping
from pipelines.ingest.surveys.survey import read_survey
from pipelines.ingest.tables.grid import Grid, read_grid
from workbench.domain.documents import SurveyAnswer
from workbench.domain.text import normalise
from workbench.errors import SurveyError


def survey(rows, mapping: str):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return read_survey(read_grid(out.getvalue().encode(), "survey.csv"), load_mapping(mapping))


ASKED = """
respondent_id: id
attributes: [{column: helped, name: helped}, {column: sought, name: sought, kind: multi}]
questions:
  - {column: q1, ref: q1, text: Why, not_asked_values: [n/a]}
  - {column: q2, ref: q2, asked_if: {helped: [yes], sought: [money]}}
voice_notes: [{column: v1, question: q1}]
"""
HEADER = ["id", "helped", "sought", "q1", "v1", "q2"]


def answers(*cells: str) -> list[SurveyAnswer]:
    row = survey([HEADER, ["R1", *cells]], ASKED).rows[0]
    return list(row.answers)


def test_typed_words_are_kept_exactly():
    found = answers("Yes", "Money", "  She said:\r\n\tno  ", "", "x")
    assert found[0] == SurveyAnswer("q1", "given", "  She said:\n\tno  ")


@pytest.mark.parametrize("cell", ["", "  ", "\n\t", "\u00a0", "\u200b", "\ufeff"])
def test_white_space_is_blank(cell):
    assert answers("Yes", "Money", cell, "", cell) == [
        SurveyAnswer("q1", "blank"),
        SurveyAnswer("q2", "blank"),
    ]


def test_a_listed_value_is_not_asked():
    assert answers("Yes", "Money", " N/A ", "", "x")[0] == SurveyAnswer("q1", "not_asked")


@pytest.mark.parametrize(
    ("helped", "sought", "state"),
    [
        ("YES ", "Housing; Money", "blank"),
        ("yes", "Housing", "not_asked"),
        ("No", "Money", "not_asked"),
        ("", "", "not_asked"),
    ],
)
def test_a_rule_that_is_false_is_not_asked(helped, sought, state):
    assert answers(helped, sought, "x", "", "")[1] == SurveyAnswer("q2", state)


def test_words_are_kept_where_a_rule_says_not_asked_and_warned_about():
    result = survey([HEADER, ["R1", "no", "", "x", "", "I was asked"]], ASKED)
    assert result.rows[0].answers[1] == SurveyAnswer("q2", "given", "I was asked")
    assert "question 'q2': 1 row holds an answer though `asked_if`" in result.warnings[0]
    assert "the first is row 2" in result.warnings[0]


def test_a_file_name_without_words_awaits_its_transcript():
    spoken = SurveyAnswer("q1", "awaiting_transcript", "", "spoken", "r1.m4a")
    assert answers("Yes", "Money", " ", " r1.m4a ", "x")[0] == spoken
    assert answers("Yes", "Money", "n/a", "r1.m4a", "x")[0] == spoken
    assert len(answers("Yes", "Money", "", "r1.m4a", "x")) == 2


def test_typed_and_spoken_are_two_answers():
    assert answers("Yes", "Money", "typed", "r1.m4a", "x")[:2] == [
        SurveyAnswer("q1", "given", "typed"),
        SurveyAnswer("q1", "awaiting_transcript", "", "spoken", "r1.m4a"),
    ]


def test_a_question_that_the_file_lacks_was_not_asked():
    rows = [["id", "helped", "sought", "q1"], ["R1", "yes", "Money", "x"]]
    result = survey(rows, ASKED)
    assert result.rows[0].answers == (
        SurveyAnswer("q1", "given", "x"),
        SurveyAnswer("q2", "not_asked"),
    )
    assert len(result.warnings) == 2


def test_a_question_of_voice_notes_only():
    mapping = "respondent_id: id\nquestions: [{ref: q1}]\nvoice_notes: [{column: v, question: q1}]"
    result = survey([["id", "v"], ["R1", "a.ogg"], ["R2", ""]], mapping)
    assert result.rows[0].answers[0].file_name == "a.ogg"
    assert result.rows[1].answers == (SurveyAnswer("q1", "blank"),)


TYPED = """
respondent_id: id
submitted_at: when
attributes:
  - {column: town, name: town}
  - {column: age, name: age, kind: number}
  - {column: born, name: born, kind: date}
  - {column: services, name: services, kind: multi, delimiter: "|"}
  - {columns: {s1: Housing, s2: Money}, name: sought}
questions: [{column: q1, text: Why}]
identifying: [email]
"""
COLUMNS = ["id", "when", "town", "age", "born", "services", "s1", "s2", "email", "q1"]


def test_attributes_of_every_kind():
    row = ["R1", "14/02/2022 9:05", " Leeds ", "41.0", "1 Feb 1981", "a| b||a", "0", "Selected"]
    result = survey([COLUMNS, [*row, "x@example.org", "late"]], TYPED)
    assert result.rows[0].attributes == {
        "town": ("Leeds",),
        "age": ("41",),
        "born": ("1981-02-01",),
        "services": ("a", "b"),
        "sought": ("Money",),
    }
    assert result.rows[0].submitted_at == "2022-02-14T09:05:00"
    assert (result.bad_rows, result.warnings) == ((), ())
    assert "example.org" not in repr(result)


@pytest.mark.parametrize("cell", ["", "0", "No", "FALSE", "not selected", "Unchecked", " "])
def test_what_does_not_count_as_chosen(cell):
    row = ["R1", "", "", "", "", "", cell, "", "", "x"]
    assert survey([COLUMNS, row], TYPED).rows[0].attributes["sought"] == ()


def test_empty_cells_are_not_stated():
    result = survey([COLUMNS, ["R1", *[""] * 8, "x"]], TYPED)
    assert set(result.rows[0].attributes.values()) == {()}
    assert result.rows[0].submitted_at is None
    assert result.bad_rows == ()


def test_cells_that_cannot_be_read_are_listed_and_their_row_goes_in():
    row = ["R1", "soon", "t" * 501, "forty", "31/02/2022", "a|" + "b" * 501, "", "", "", "words"]
    result = survey([COLUMNS, ["R0", *[""] * 9], row], TYPED)
    assert [r.respondent_ref for r in result.rows] == ["R0", "R1"]
    assert result.rows[1].answers == (SurveyAnswer("q1", "given", "words"),)
    assert set(result.rows[1].attributes.values()) == {()}
    found = {bad.column: (bad.row, bad.message) for bad in result.bad_rows}
    assert {row for row, _ in found.values()} == {3}
    assert found["when"][1].startswith("'soon' is not a date. The row went in without it")
    assert found["town"][1].startswith("the value has 501 characters, an attribute at most 500.")
    assert found["age"][1].startswith("'forty' is not a number. The row went in without it")
    assert found["born"][1].startswith("'31/02/2022' is not a date.")
    assert found["services"][1].startswith("the value has 501 characters")


def test_a_million_characters_are_an_answer_but_no_group():
    huge = "wait; " * 200_000
    result = survey([COLUMNS, ["R1", "", huge, "", "", huge, "", "", "", huge]], TYPED)
    assert result.rows[0].answers[0].text == huge
    assert [bad.column for bad in result.bad_rows] == ["town", "services"]
    assert all(len(bad.message) < 300 for bad in result.bad_rows)


def test_month_first_is_told_by_the_column_and_doubt_is_said():
    months = [["R1", "02/14/2022"], ["R2", "02/03/2022"]]
    mapping = "respondent_id: id\nsubmitted_at: when"
    result = survey([["id", "when"], *months], mapping)
    assert [row.submitted_at for row in result.rows] == ["2022-02-14", "2022-02-03"]
    doubtful = survey([["id", "when"], months[1]], mapping)
    assert doubtful.rows[0].submitted_at == "2022-03-02"
    assert (
        "column 'when': dates such as 03/04/2022 were read with the day first"
        in (doubtful.warnings[0])
    )


SIMPLE = "respondent_id: id\nquestions: [{column: q1, text: Why}]"


def test_bad_rows_are_listed_in_the_order_of_the_file_and_good_ones_go_in():
    rows = [
        ["id", "q1"],
        ["R1", "one\nof\nthree lines"],
        ["", "no id"],
        [" R1 ", "the same id"],
        ["R2", "too", "long"],
        ["x" * 201, "long id"],
        ["R3", "fine"],
    ]
    result = survey(rows, SIMPLE + "\nduplicates: first")
    assert [(row.row, row.respondent_ref) for row in result.rows] == [(2, "R1"), (7, "R3")]
    assert [(bad.row, bad.column) for bad in result.bad_rows] == [
        (3, "id"),
        (5, None),
        (6, "id"),
    ]
    messages = [bad.message for bad in result.bad_rows]
    assert messages[0].startswith("there is no respondent id. The row was left out")
    assert messages[1].startswith("the row has 3 cells, the header names 2 columns")
    assert messages[2].startswith("the respondent id has 201 characters, at most 200 fit")


def test_excluded_rows_are_counted_and_their_ids_stay_free():
    mapping = SIMPLE + "\nignore: [status]\nexclude_rows_if: {status: [Preview, spam], q1: [test]}"
    rows = [
        ["id", "q1", "status"],
        ["R1", "one", "PREVIEW"],
        ["R1", "two", "Complete"],
        ["R2", "Test", ""],
        ["R3", "three", ""],
    ]
    result = survey(rows, mapping)
    assert [row.row for row in result.rows] == [3, 5]
    assert (result.n_excluded, result.bad_rows) == (2, ())


def test_an_identifying_column_may_be_an_attribute_that_never_leaves():
    mapping = "respondent_id: id\nattributes: [{column: name}]\nidentifying: [name, email]"
    result = survey([["id", "name", "email"], ["R1", "Amina", "a@example.org"]], mapping)
    (attribute,) = result.attributes
    assert (attribute.identifying, attribute.grouping) == (True, False)
    assert "example.org" not in repr(result)


def test_messages_keep_what_identifies_out() -> None:
    mapping = (
        "respondent_id: id\nsubmitted_at: when\nattributes: [{column: born, kind: date}, "
        "{column: name}]\nidentifying: [born, name, when]"
    )
    rows = [["id", "when", "born", "name"], ["R1", "soon", "Amina's birthday", "Amina " * 100]]
    result = survey(rows, mapping)
    assert [bad.column for bad in result.bad_rows] == ["born", "name", "when"]
    assert result.bad_rows[0].message.startswith("the cell is not a date. The row went in")
    assert "Amina" not in repr(result)
    assert "soon" not in repr(result)


@pytest.mark.parametrize(
    ("cell", "said"),
    [("Yes", True), (" yes ", True), ("1", True), ("No", False), ("Only my first", False),
     ("", None), ("  ", None)],
)  # fmt: skip
def test_who_may_be_quoted(cell, said) -> None:
    mapping = SIMPLE + "\nmay_be_quoted: {column: quote}"
    assert survey([["id", "q1", "quote"], ["R1", "x", cell]], mapping).rows[0].may_be_quoted is said
    listed = SIMPLE + "\nmay_be_quoted: {column: quote, values: [only my first]}"
    found = survey([["id", "q1", "quote"], ["R1", "x", cell]], listed).rows[0].may_be_quoted
    assert found is (None if said is None else cell == "Only my first")


def test_nobody_is_said_to_allow_quotes_where_the_survey_did_not_ask() -> None:
    assert survey([["id", "q1"], ["R1", "x"]], SIMPLE).rows[0].may_be_quoted is None


def test_ways_to_reach_a_person_within_answers_are_warned_about() -> None:
    cells = [
        "Please ring me on 07700 900123 about it",
        "In 2019 and 2020 we rang 10 times, 100 letters",
        "it is amina.k@example.org if you want",
        "call +44 7911 123456",
        "They said: at 10.30, on 01/02/2022 or 2022-02-01",
    ]
    rows = [["id", "q1"], *([f"R{n}", cell] for n, cell in enumerate(cells))]
    result = survey(rows, SIMPLE)
    assert result.warnings == (
        "question 'q1': 3 answers hold what looks like an e-mail address or a telephone number "
        "(rows 2, 4, 5). Look at them before words from them are passed on.",
    )
    assert [row.answers[0].text for row in result.rows] == cells


def test_the_name_of_the_survey_comes_from_the_mapping() -> None:
    rows = [["id", "q1"], ["R1", "x"]]
    assert survey(rows, SIMPLE).name == ""
    assert survey(rows, SIMPLE + "\nsurvey: ' Wave   2 '").name == "Wave 2"


cells = st.text(
    st.sampled_from("aB1 \t\r\n,;|\"'=<é🙂ا\u202e\ufeff\u200b") | st.characters(codec="utf-8"),
    max_size=30,
)


@settings(deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_every_word_of_an_answer_comes_in_as_it_is(answers) -> None:
    records = tuple((n, (f"R{n}", *pair)) for n, pair in enumerate(answers, 2))
    grid = Grid("s", "csv", "", ("id", "q1", "q2"), records)
    mapping = load_mapping("respondent_id: id\nquestions: [{column: q1}, {column: q2}]")
    result = read_survey(grid, mapping)
    assert len(result.rows) == len(answers)
    for row, pair in zip(result.rows, answers, strict=True):
        for answer, cell in zip(row.answers, pair, strict=True):
            text = normalise(cell)
            if text.strip(UNSEEN) and not text.isspace():
                assert (answer.state, answer.text) == ("given", text)
            else:
                assert answer.state == "blank"


def test_the_survey_tells_what_it_was_read_from():
    grid = read_grid(b"id,q1,extra\nR1,caf\xe9,x\n", "survey.csv")
    result = read_survey(grid, load_mapping(SIMPLE))
    assert (result.source, result.sha256) == ("survey.csv", grid.sha256)
    assert [(q.ref, q.text) for q in result.questions] == [("q1", "Why")]
    assert "Windows-1252" in result.warnings[0]
    assert result.warnings[1] == "1 column is not in the mapping and left out: extra."


def test_a_column_that_is_needed_and_missing_is_refused():
    with pytest.raises(SurveyError) as caught:
        survey([["ident", "q1"], ["R1", "x"]], SIMPLE)
    assert str(caught.value) == (
        "survey.csv, row 1: there is no column 'id' (respondent_id). Columns: ident, q1. "
        "Choose another column in the mapping."
    )


def test_hostile_text_comes_through_as_it_is():
    nasty = "<img src=x onerror=alert(1)> =1+1 \u202eabc 👩‍👩‍👧 ا۔"
    result = survey([["id", "q1"], [nasty, nasty]], SIMPLE)
    assert result.rows[0].respondent_ref == nasty
    assert result.rows[0].answers[0].text == nasty
