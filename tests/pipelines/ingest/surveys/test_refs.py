"""Ids: private ones never come out, rows that share one are asked about, never guessed."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.surveys.mapping import load_mapping
from pipelines.ingest.surveys.refs import settle
from pipelines.ingest.surveys.survey import read_survey, rows_that_share_an_id
from pipelines.ingest.tables.grid import read_grid
from workbench.domain.documents import Survey
from workbench.errors import SurveyError

BASE = "respondent_id: id\nquestions: [{column: why}]\n"
LISTED_AS_IDENTIFYING = BASE + "identifying: [id]"


def grid_of(ids, header=("id", "why")):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *([ref, f"said in row {n}"] for n, ref in enumerate(ids))])
    return read_grid(out.getvalue().encode(), "s.csv")


def survey(ids, mapping: str = BASE) -> Survey:
    return read_survey(grid_of(ids), load_mapping(mapping))


def refs(result: Survey) -> dict[int, str]:
    return {row.row: row.respondent_ref for row in result.rows}


def told(result: Survey) -> str:
    """All that a person may read of an import."""
    return repr((result.bad_rows, result.warnings, result.excluded, result.undecided))


EMAILS = ["Amina@Example.org", "jo@example.org", "bea@example.org"]
PHONES = ["07700 900123", "+44 20 7946 0000", "(0113) 496-0000"]


@pytest.mark.parametrize(
    ("ids", "mapping"),
    [
        (EMAILS, BASE),
        (EMAILS, BASE + "refs: as given"),
        (PHONES, BASE),
        (["R1", "R2"], BASE + "refs: generated"),
        (["R1", "R2"], LISTED_AS_IDENTIFYING),
        ([*EMAILS, "R1", "R2"], BASE),
    ],
)
def test_private_ids_are_for_the_import_only(ids, mapping) -> None:
    result = survey([*ids, "", "x" * 201, ids[0]], mapping)
    assert result.refs == "generated"
    assert len(result.bad_rows) == 2
    assert all(ref not in told(result) for ref in ids)
    assert result.undecided == ((2, 2 + len(ids) + 2),)


@pytest.mark.parametrize(
    ("ids", "mapping"),
    [
        (["R1", "R2"], BASE),
        (PHONES, BASE + "refs: as given"),
        (["2022-02-14", "01/02/2022"], BASE),
        ([], BASE + "refs: as given"),
    ],
)
def test_other_ids_stay_as_given(ids, mapping) -> None:
    result = survey([*ids, "R9"], mapping)
    assert result.refs == "as given"
    assert list(refs(result).values()) == [*ids, "R9"]


def test_private_ids_are_told_of_unless_the_mapping_says_so() -> None:
    assert any("look like e-mail addresses" in text for text in survey(EMAILS).warnings)
    assert not any("look like" in text for text in survey(EMAILS, LISTED_AS_IDENTIFYING).warnings)


def test_one_address_is_one_person_however_it_is_written() -> None:
    again = survey(["AMINA@example.ORG ", *EMAILS[1:]])
    assert refs(survey(EMAILS))[2] == refs(again)[2] == "amina@example.org"
    names = survey(["Amina Khan", "amina  khan", "aB3", "Ab3"], BASE + "refs: generated")
    assert (names.undecided, list(refs(names).values())) == (((2, 3),), ["aB3", "Ab3"])
    assert refs(survey(["07700900123"]))[2] == refs(survey(PHONES))[2] == "07700900123"


def test_a_single_address_among_other_ids_is_listed_without_it() -> None:
    result = survey(["R1", "R2", "amina@example.org", "R3"])
    assert list(refs(result)) == [2, 3, 5]
    (bad,) = result.bad_rows
    assert (bad.row, bad.column) == (4, "id")
    assert bad.message.startswith("the respondent id is an e-mail address, which must not be")
    assert "amina" not in told(result)


@pytest.mark.parametrize("number", ["07700 900123", "+447700900123", "(07700) 900123"])
def test_a_single_telephone_number_among_other_ids_is_listed_without_it(number) -> None:
    result = survey(["R1", "R2", number, "R3"])
    assert list(refs(result)) == [2, 3, 5]
    (bad,) = result.bad_rows
    assert bad.row == 4
    assert bad.message.startswith("the respondent id looks like a telephone number")
    assert number not in bad.message
    assert len(refs(survey(["R1", "R2", number], BASE + "refs: as given"))) == 3
    assert len(refs(survey(["R1", "R2", "0012345678"]))) == 3


def test_an_id_that_must_not_be_stored_is_no_attribute() -> None:
    attribute = "attributes: [{column: id, name: contact}]\n"
    with pytest.raises(SurveyError, match="is an id that must not be stored, and an attribute too"):
        load_mapping(BASE + attribute + "refs: generated")
    with pytest.raises(SurveyError, match="is an id that must not be stored, and an attribute too"):
        survey(EMAILS, BASE + attribute)


def test_a_private_time_stays_out_of_messages_about_dates() -> None:
    mapping = "respondent_id: id\nsubmitted_at: id\nrefs: generated\nquestions: [{column: why}]"
    result = survey(["2022-02-14 10:00", "soon, at Amina's"], mapping)
    assert [row.submitted_at for row in result.rows] == ["2022-02-14T10:00:00", None]
    assert result.bad_rows[0].message.startswith("the cell is not a date. The row went in")
    assert "Amina" not in told(result)


def test_rows_that_share_an_id_are_not_guessed_about() -> None:
    result = survey(["R1", "R2", "R1", "R3", "R2", "R1"])
    assert refs(result) == {5: "R3"}
    assert result.undecided == ((2, 4, 7), (3, 6))
    assert (result.bad_rows, result.n_excluded) == ((), 0)


@pytest.mark.parametrize(
    ("which", "rows", "left_out"),
    [
        ("first", {2: "R1", 3: "R2", 5: "R3"}, "4, 6, 7"),
        ("last", {5: "R3", 6: "R2", 7: "R1"}, "2, 3, 4"),
    ],
)
def test_one_row_of_each_id_is_taken(which, rows, left_out) -> None:
    result = survey(["R1", "R2", "R1", "R3", "R2", "R1"], BASE + f"duplicates: {which}")
    assert refs(result) == rows
    assert result.undecided == ()
    assert (result.n_excluded, result.excluded) == (3, {"another row has the same id": 3})
    assert (
        f"3 rows share their id with another row; the {which} was taken. Left out: rows "
        f"{left_out}." in result.warnings
    )


def test_each_row_is_a_person_of_its_own() -> None:
    result = survey(["R1", "R1 (2)", "R1", "R2", "R1", "R1 (2)"], BASE + "duplicates: separate")
    assert list(refs(result).values()) == [
        "R1",
        "R1 (2)",
        "R1 (3)",
        "R2",
        "R1 (4)",
        "R1 (2) (2)",
    ]


ids = st.lists(
    st.sampled_from(["R1", "R1 (2)", "R1 (3)", "R2", "R2 (2)", "R1 (2) (2)"]), max_size=12
)


@settings(deadline=None)
@given(ids, ids)
def test_refs_stay_when_a_file_grows_at_its_end(before, added) -> None:
    mapping = load_mapping(BASE + "duplicates: separate")
    old = settle(list(enumerate(before)), mapping, private=False).by_row
    new = settle(list(enumerate([*before, *added])), mapping, private=False).by_row
    assert {row: new[row] for row in old} == old
    assert len(set(new.values())) == len(new) == len(before) + len(added)


@settings(deadline=None)
@given(ids, st.sampled_from(["", "duplicates: first", "duplicates: last", "duplicates: separate"]))
def test_no_row_is_lost_without_a_word(found, rule) -> None:
    settled = settle(list(enumerate(found)), load_mapping(BASE + rule), private=False)
    undecided = [row for rows in settled.undecided for row in rows]
    assert sorted([*settled.by_row, *settled.left_out, *undecided]) == list(range(len(found)))


def test_the_rows_that_share_an_id_are_described() -> None:
    mapping = load_mapping(BASE + "exclude_rows_if: {why: [said in row 5]}")
    grid = grid_of(["R1", "R2", "R1", "R3", "R2", "R1"])
    assert rows_that_share_an_id(grid, mapping) == ("R1: rows 2 and 4", "R2: rows 3 and 6")
    grid = grid_of(["a@b.org", "R", "A@B.org", "c@b.org", "a@b.org "])
    assert rows_that_share_an_id(grid, load_mapping(BASE)) == ("rows 2, 4 and 6",)
