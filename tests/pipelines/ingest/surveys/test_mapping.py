"""The mapping file: read, written, refused with the place and the nearest right name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.surveys.mapping import (
    build_mapping,
    check_mapping,
    dump_mapping,
    load_mapping,
)
from pipelines.ingest.surveys.mapping_model import QuotedMapping
from workbench.domain.documents import Attribute
from workbench.errors import SurveyError

FULL = """
survey: Young people's version
respondent_id: ref
refs: generated
duplicates: separate
may_be_quoted: {column: quote, values: [Yes, "1"]}
submitted_at: when
attributes:
  - {column: band, name: age_band, label: Age, kind: ordered, values: [18-24, 25-34], grouping: yes}
  - {column: services, name: services, kind: multi, delimiter: "|"}
  - {columns: {s_1: Housing, s_2: Money}, name: sought, kind: multi, grouping: false}
  - {column: n, kind: number}
questions:
  - {column: q1, ref: seeking, text: Why, asked_if: {supported: [yes, 1]}, not_asked_values: ["-"]}
  - {column: q2}
voice_notes: [{column: v2, question: q2}]
identifying: [email]
ignore: [notes]
exclude_rows_if: {status: Preview}
keep_rows_if: {consent: ["Yes", ""]}
"""
HEADER = ["ref", "when", "band", "services", "s_1", "s_2", "n", "q1", "q2", "v2", "email", "notes"]
HEADER += ["status", "supported", "quote", "consent"]


def test_every_field_is_read_and_every_scalar_is_text():
    mapping = load_mapping(FULL)
    assert mapping.questions[0].asked_if == {"supported": ("yes", "1")}
    assert mapping.questions[1].ref == "q2"
    assert mapping.exclude_rows_if == {"status": ("Preview",)}
    assert mapping.keep_rows_if == {"consent": ("Yes", "")}
    assert mapping.may_be_quoted == QuotedMapping(column="quote", values=("Yes", "1"))
    assert (mapping.survey, mapping.refs) == ("Young people's version", "generated")
    assert mapping.duplicates == "separate"
    assert [a.as_attribute() for a in mapping.attributes] == [
        Attribute("age_band", "ordered", "Age", ("18-24", "25-34"), True),
        Attribute("services", "multi"),
        Attribute("sought", "multi", values=("Housing", "Money"), grouping=False),
        Attribute("n", "number", grouping=False),
    ]
    assert mapping.attributes[1].separator == "|"
    assert check_mapping(mapping, HEADER) == ()


def test_what_is_not_said_is_left_open():
    mapping = load_mapping("respondent_id: id\nmay_be_quoted: {column: quote}")
    assert (mapping.survey, mapping.refs, mapping.duplicates) == ("", None, None)
    assert mapping.may_be_quoted is not None
    assert mapping.may_be_quoted.values[0] == "Yes"
    assert "values" not in dump_mapping(mapping)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("refs: made", "`refs`: Input should be 'as given' or 'generated', not 'made'"),
        ("duplicates: both", "`duplicates`: Input should be 'first', 'last' or 'separate'"),
        ("may_be_quoted: {columm: x}", "there is no field `may_be_quoted.columm` (Did you mean"),
        ("may_be_quoted: {column: q}\nignore: [q]", "column 'q' is used and also listed"),
        ("keep_rows_if: {consent: []}", "keep_rows_if names no value of 'consent', and would"),
        ("survey: " + "x" * 201, "the survey's name has more than 200 characters"),
    ],
)
def test_what_is_said_wrongly_of_the_file_is_refused(line, problem):
    with pytest.raises(SurveyError) as caught:
        load_mapping(f"respondent_id: id\n{line}")
    assert problem in str(caught.value)


def test_writing_and_reading_gives_the_same_mapping():
    mapping = load_mapping(FULL)
    assert load_mapping(dump_mapping(mapping)) == mapping


def test_nothing_after_a_colon_is_as_if_it_were_not_there():
    assert load_mapping("respondent_id: id\nignore:\nsubmitted_at:\n") == load_mapping(
        "respondent_id: id"
    )


name = st.text(min_size=1).map(str.strip).filter(bool)


@settings(deadline=None)
@given(st.lists(name, min_size=6, max_size=6, unique=True), st.lists(st.text(), max_size=3))
def test_any_names_and_values_survive_the_round_trip(names, values):
    ident, when, column, question, voice, out = names
    mapping = build_mapping(
        {
            "respondent_id": ident,
            "submitted_at": when,
            "attributes": [{"column": column, "name": column, "values": values}],
            "questions": [
                {"column": question, "ref": "q", "text": "".join(values), "asked_if": {out: values}}
            ],
            "voice_notes": [{"column": voice, "question": "q"}],
            "identifying": [out],
            "survey": "".join(values)[:200],
            "may_be_quoted": {"column": column, "values": values},
            "exclude_rows_if": {out: values},
            "keep_rows_if": {when: [*values, "x"]},
            "refs": "generated",
            "duplicates": "last",
        }
    )
    assert load_mapping(dump_mapping(mapping)) == mapping


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ignore: [a]", "`respondent_id` is missing"),
        (
            "respondent_id: a\nquestion: []",
            "there is no field `question` (Did you mean 'questions'?)",
        ),
        (
            "respondent_id: a\nattributes: [{column: b, knid: multi}]",
            "there is no field `attributes[1].knid` (Did you mean 'kind'?)",
        ),
        (
            "respondent_id: a\nattributes: [{column: b, kind: multiple}]",
            "`attributes[1].kind`: Input should be 'category', 'ordered', 'number', 'date' or "
            "'multi', not 'multiple'",
        ),
        ("respondent_id: a\nattributes: [{name: b}]", "attributes[1]: give either `column` or"),
        (
            "respondent_id: a\nattributes: [{columns: {b: X}}]",
            "attributes[1]: an attribute from several columns needs a `name`",
        ),
        (
            "respondent_id: a\nattributes: [{columns: {b: X}, name: c, kind: ordered}]",
            "attributes[1]: `columns` holds one column per value and goes with `kind: multi`",
        ),
        (
            "respondent_id: a\nattributes: [{column: b, delimiter: ;}]",
            "attributes[1]: `delimiter` goes with `kind: multi` and one `column`",
        ),
        (
            "respondent_id: a\nattributes: [{column: b}, {column: c, name: b}]",
            "the attribute name 'b' is there 2 times",
        ),
        (
            "respondent_id: a\nquestions: [{column: b, ref: q}, {column: c, ref: q}]",
            "the question ref 'q' is there 2 times",
        ),
        (
            "respondent_id: a\nquestions: [{column: b}, {column: b, ref: q}]",
            "the answer column 'b' is there 2 times",
        ),
        ("respondent_id: a\nquestions: [{text: b}]", "questions[1]: a question needs a `ref`"),
        (
            "respondent_id: a\nquestions: [{ref: b}]",
            "question 'b' has neither a column nor voice notes",
        ),
        (
            "respondent_id: a\nquestions: [{column: q1}]\n"
            "voice_notes: [{column: v, question: q_1}]",
            "the voice notes of 'v' answer 'q_1', which is no question. Did you mean 'q1'?",
        ),
        (
            "respondent_id: a\nquestions: [{column: b}]\nidentifying: [b]",
            "column 'b' is used and also listed to be kept out",
        ),
        ("respondent_id: a\nignore: a", "column 'a' is used and also listed to be kept out"),
        ("respondent_id: a\nquestions: [{column: a}]", "'a' is both respondent_id and an answer"),
        ("- a", "this is not a mapping of columns."),
        ("", "this is not a mapping of columns."),
        ("[" * 5000, "this is not a mapping of columns."),
        ("[" * 20_000 + "]" * 20_000, "this is not a mapping of columns."),
        ("{a: b?, " * 20_000, "this is not YAML"),
    ],
)
def test_mistakes_are_named(text, message):
    with pytest.raises(SurveyError) as caught:
        load_mapping(text, "m.yaml")
    assert str(caught.value).startswith("m.yaml")
    assert message in str(caught.value)


def test_many_mistakes_are_counted():
    text = "respondent_id: a\n" + "\n".join(f"x{n}: 1" for n in range(8))
    with pytest.raises(SurveyError, match="; and 3 more"):
        load_mapping(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [("respondent_id: a\nignore: [b\n", 3), ("respondent_id: a\nx: \x01", None)],
)
def test_what_is_no_yaml_names_its_line(text, line):
    with pytest.raises(SurveyError, match="this is not YAML") as caught:
        load_mapping(text, "m.yaml")
    assert caught.value.line == line


def test_a_key_that_is_there_twice_is_refused():
    with pytest.raises(SurveyError, match="'ignore' is there twice"):
        load_mapping("respondent_id: a\nignore: [b]\nignore: [c]")


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_mapping_or_refused(text):
    try:
        load_mapping(text)
    except SurveyError as error:
        assert "the mapping" in str(error)


SMALL = "respondent_id: id\nattributes: [{column: region}]\nquestions: [{column: q1}, {column: q2}]"


@pytest.mark.parametrize(
    ("missing", "where"),
    [
        ("id", "there is no column 'id' (respondent_id)"),
        ("region", "there is no column 'region' (attribute 'region')"),
    ],
)
def test_a_column_that_is_needed_is_missed_by_name(missing, where):
    header = [column for column in ["id", "region", "q1", "q2"] if column != missing]
    with pytest.raises(SurveyError) as caught:
        check_mapping(load_mapping(SMALL), header, "s.csv")
    assert str(caught.value).startswith(f"s.csv, row 1: {where}. Columns: {', '.join(header)}.")
    assert "Choose another column in the mapping." in str(caught.value)


def test_the_nearest_column_is_offered():
    with pytest.raises(SurveyError, match="Did you mean 'Region'"):
        check_mapping(load_mapping(SMALL), ["id", "Region", "q1", "q2"])


def test_a_question_that_the_file_lacks_is_a_warning():
    warnings = check_mapping(load_mapping(SMALL), ["id", "region", "q1", "unrelated thing"])
    assert warnings == (
        "there is no column 'q2' (question 'q2'): taken as not asked in this file.",
        "1 column is not in the mapping and left out: unrelated thing.",
    )


def test_a_question_that_is_probably_misspelt_is_refused():
    text = "respondent_id: id\nquestions: [{column: q1_seeking}, {column: q2_people}]"
    with pytest.raises(SurveyError, match=r"no column 'q2_people'.*Did you mean 'q2_peoples'\?"):
        check_mapping(load_mapping(text), ["id", "q1_seeking", "q2_peoples"])


def test_a_file_without_any_of_the_questions_is_refused():
    with pytest.raises(SurveyError, match=r"no column 'q1' \(question 'q1'\)"):
        check_mapping(load_mapping(SMALL), ["id", "region", "something else"])


def test_the_columns_of_conditions_must_be_there_if_their_question_is():
    text = "respondent_id: id\nquestions: [{column: a}, {column: b, asked_if: {had_help: yes}}]"
    with pytest.raises(SurveyError, match=r"no column 'had_help' \(asked_if of question 'b'\)"):
        check_mapping(load_mapping(text), ["id", "a", "b"])
    (warning,) = check_mapping(load_mapping(text), ["id", "a"])
    assert "no column 'b'" in warning
    with pytest.raises(SurveyError, match=r"no column 'status' \(exclude_rows_if\)"):
        check_mapping(load_mapping("respondent_id: id\nexclude_rows_if: {status: x}"), ["id"])


def test_identifying_columns_that_are_gone_are_a_warning():
    text = "respondent_id: id\nidentifying: [email]\nignore: [status]\nexclude_rows_if: {id: x}"
    assert check_mapping(load_mapping(text), ["id"]) == (
        "there is no column 'email' (identifying) in this file.",
        "there is no column 'status' (ignore) in this file.",
    )


def test_a_question_mark_needs_no_quotes() -> None:
    text = "respondent_id: id\nquestions: [{column: q1, ref: q1, text: What was it like?}]"
    assert load_mapping(text, "m.yaml").questions[0].text == "What was it like?"
