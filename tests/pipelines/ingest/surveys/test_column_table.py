"""Rows for correcting a mapping: nothing is lost on the way there and back, slips are located."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.ingest.surveys.column_table import (
    ColumnRow,
    FileChoices,
    examples,
    read_rows,
    rows_of_mapping,
    rows_of_proposal,
)
from pipelines.ingest.surveys.mapping import Mapping, load_mapping
from pipelines.ingest.surveys.roles import propose
from pipelines.ingest.surveys.survey import read_survey
from pipelines.ingest.tables.grid import read_grid

SAMPLE = Path(__file__).parents[4] / "data_samples" / "speakout"

EVERYTHING = r"""
survey: Wave 2
respondent_id: id
duplicates: last
submitted_at: when
may_be_quoted: {column: quote, values: [Of course, "a | b"]}
attributes:
  - {column: id, name: cohort}
  - {column: band, name: band, label: Age band, kind: ordered, values: [young, old],
     grouping: false}
  - {column: uses, name: uses, kind: multi, delimiter: "\t"}
  - {columns: {lang_en: English, lang_ur: Urdu}, name: languages, kind: multi}
  - {column: postcode, name: postcode}
questions:
  - column: why
    ref: q1
    text: "Why; in your = words?"
    asked_if: {band: [old, "a | b"], uses: ["x; y"]}
    not_asked_values: ["-", ""]
  - {ref: q2, text: Tell us aloud, asked_if: {band: [young]}}
  - {column: next_year, ref: q3}
voice_notes:
  - {column: note1, question: q1}
  - {column: note2, question: q2}
identifying: [email, postcode, when]
ignore: [ip]
exclude_rows_if: {status: [test, "in progress"], ip: [127.0.0.1], when: [""]}
keep_rows_if: {consent: ["Yes", "I agree"], quote: ["", "Of course"]}
"""
HEADER = [
    "id",
    "when",
    "band",
    "uses",
    "lang_en",
    "lang_ur",
    "postcode",
    "why",
    "note1",
    "note2",
    "email",
    "ip",
    "status",
    "quote",
    "consent",
    "extra",
]
CHOICES = FileChoices("Wave 2", "last")


def as_plain(mapping: Mapping) -> dict[str, object]:
    """A mapping without the order of its lists and with what it leaves to defaults."""
    plain = mapping.model_dump()
    plain["attributes"] = sorted(
        (
            {
                "name": item.name,
                "label": item.label,
                "columns": item.columns or item.column,
                "kind": item.kind,
                "values": item.values,
                "delimiter": item.separator,
                "grouping": item.as_attribute().grouping,
            }
            for item in mapping.attributes
        ),
        key=lambda item: str(item["name"]),
    )
    plain["questions"] = sorted(plain["questions"], key=lambda item: item["ref"])
    plain["identifying"] = sorted(plain["identifying"])
    del plain["ignore"]
    return plain


def test_every_field_of_a_mapping_goes_there_and_back() -> None:
    mapping = load_mapping(EVERYTHING)
    rows = rows_of_mapping(mapping, HEADER)
    reading = read_rows(rows, HEADER, "s.csv", CHOICES)
    assert (reading.problems, reading.general) == ({}, ())
    assert reading.mapping is not None
    assert as_plain(reading.mapping) == as_plain(mapping)
    assert set(reading.mapping.ignore) == {"ip", "status", "consent", "extra"}


@pytest.mark.parametrize(
    ("refs", "choices", "told"),
    [
        ("refs: generated", FileChoices(), "generated"),
        ("identifying: [id]", FileChoices(), "generated"),
        ("refs: as given", FileChoices(as_given=True), "as given"),
        ("", FileChoices(), None),
    ],
)
def test_how_respondents_are_named_goes_there_and_back(refs, choices, told) -> None:
    mapping = load_mapping(f"respondent_id: id\nquestions: [{{column: why}}]\n{refs}")
    rows = rows_of_mapping(mapping, ["id", "why"])
    assert [row.role for row in rows] == ["respondent id", "open answer"]
    assert rows[0].identifying is (told == "generated")
    reading = read_rows(rows, ["id", "why"], "s.csv", choices)
    assert reading.mapping is not None
    assert (reading.mapping.refs, reading.mapping.hides_ids) == (told, told == "generated")


def test_what_allows_quotes_may_be_left_to_the_usual_words() -> None:
    rows = [*ROWS, ColumnRow("quote", "may be quoted")]
    reading = read_rows(rows, [row.column for row in rows], "s.csv")
    assert reading.mapping is not None
    assert reading.mapping.may_be_quoted is not None
    assert reading.mapping.may_be_quoted.values[0] == "Yes"


def test_columns_stand_in_the_order_of_the_file_and_the_missing_last() -> None:
    rows = rows_of_mapping(load_mapping(EVERYTHING), HEADER)
    assert [row.column for row in rows] == ["id", *HEADER, "next_year"]
    assert rows[-1].reason == "not in this file"
    assert [row.role for row in rows[:2]] == ["respondent id", "attribute"]
    assert rows[-2] == ColumnRow("extra", reason="not in the mapping")
    assert rows[-3].keep_if == "Yes | I agree"


def test_the_sample_is_read_alike_through_its_rows() -> None:
    grid = read_grid(SAMPLE / "survey.csv")
    mapping = load_mapping((SAMPLE / "mapping.yaml").read_text(encoding="utf-8"))
    reading = read_rows(rows_of_mapping(mapping, grid.header), grid.header, grid.name)
    assert reading.mapping is not None
    assert read_survey(grid, reading.mapping) == read_survey(grid, mapping)


def test_a_proposal_gives_the_mapping_that_it_would_give_itself() -> None:
    grid = read_grid(SAMPLE / "survey.csv")
    proposal = propose(grid)
    reading = read_rows(rows_of_proposal(proposal), grid.header, grid.name)
    assert reading.mapping is not None
    assert read_survey(grid, reading.mapping) == read_survey(grid, proposal.to_mapping())


def test_an_unnamed_column_tells_what_it_looks_like() -> None:
    grid = read_grid(
        b"id,why,email\nR1,she listened to me at last,a@b.org\nR2,nobody rang back,c@d.org\n",
        "s.csv",
    )
    mapping = load_mapping("respondent_id: id\nquestions: [{column: why}]")
    row = rows_of_mapping(mapping, grid.header, propose(grid))[-1]
    assert (row.role, row.reason) == ("ignore", "not in the mapping; it looks like: identifying")


ROWS = (
    ColumnRow("id", "respondent id"),
    ColumnRow("when", "submitted at"),
    ColumnRow("band", "attribute", "band"),
    ColumnRow("area", "attribute", "area"),
    ColumnRow("why", "open answer", "q1", "Why?"),
    ColumnRow("how", "open answer", "q2", "How?"),
    ColumnRow("note", "voice note file", "q1"),
    ColumnRow("ip"),
)


@pytest.mark.parametrize(
    ("changes", "places", "message"),
    [
        ({"role": "respondent id"}, [0, 3], "2 columns are the respondent id (id, area); only one"),
        ({"role": "submitted at"}, [1, 3], "2 columns are the submitted at (when, area); only"),
        ({"ref": "band"}, [2, 3], "2 attributes are named 'band'. Give each its own name; or"),
        ({"role": "open answer", "ref": "q1"}, [3, 4], "Two questions have the short name 'q1'."),
        ({"role": "open answer", "identifying": True}, [3], "choose the role 'identifying'"),
        ({"role": "voice note file", "ref": " "}, [3], "Say which question it answers"),
        ({"role": "voice note file", "ref": "q1"}, [6], "Another column has voice notes for 'q1'"),
        ({"role": "open answer", "ref": "q9", "asked_if": "x"}, [3], "'x' is not a rule."),
        (
            {"role": "open answer", "ref": "q9", "asked_if": "bnd = old"},
            [3],
            "The rule speaks of 'bnd', which is no column. Did you mean 'band'?",
        ),
        ({"values": 'a | "b'}, [3], "A quotation mark is not closed"),
        ({"leave_out": '"b'}, [3], "A quotation mark is not closed"),
        ({"keep_if": '"b'}, [3], "A quotation mark is not closed"),
        ({"role": "may be quoted", "values": '"b'}, [3], "A quotation mark is not closed"),
        ({"role": "may be quoted", "identifying": True}, [3], "choose the role 'identifying'"),
    ],
)
def test_a_slip_is_said_in_its_row(
    changes: dict[str, object], places: list[int], message: str
) -> None:
    rows = list(ROWS)
    rows[3] = replace(rows[3], **changes)  # type: ignore[arg-type]
    reading = read_rows(rows, [row.column for row in rows], "s.csv")
    assert reading.mapping is None
    assert sorted(reading.problems) == places
    assert all(message in problem for problem in reading.problems.values())


def test_without_an_id_or_a_question_it_says_so_in_general() -> None:
    reading = read_rows([ColumnRow("a", "attribute", "a")], ["a"], "s.csv")
    assert reading.mapping is None
    assert reading.general == (
        "No column is the respondent id. Choose the one whose value is different for every "
        "respondent. A name will do too: tick 'Identifying' there, and it is not stored.",
        "No column holds answers. Choose the role 'open answer' for one.",
    )


def test_cells_that_do_not_belong_to_a_role_are_not_used() -> None:
    rows = [*ROWS[:3], replace(ROWS[3], role="ignore", asked_if="nonsense", delimiter=","), ROWS[4]]
    reading = read_rows(rows, [row.column for row in rows], "s.csv")
    assert reading.mapping is not None
    assert reading.mapping.ignore == ("area",)


def test_one_column_per_value_makes_one_attribute() -> None:
    rows = [*ROWS]
    rows[2] = replace(rows[2], ref="place", kind="multi", stands_for="Band")
    rows[3] = replace(rows[3], ref="place", kind="multi", stands_for="Area")
    reading = read_rows(rows, [row.column for row in rows], "s.csv")
    assert reading.mapping is not None
    assert reading.mapping.attributes[0].columns == {"band": "Band", "area": "Area"}


def test_examples_are_different_short_and_none_for_a_missing_column() -> None:
    grid = read_grid(f"id,x\n1,{'long ' * 30}\n2,\n3,b\n4,b\n5,c\n6,d\n".encode(), "s.csv")
    assert examples(grid, "x") == (("long " * 8)[:37] + "...", "b", "c")
    assert examples(grid, "y") == ()
