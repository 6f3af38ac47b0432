"""`workbench groups`, and attributes whose names have a comma in them."""

from __future__ import annotations

import pytest

MAP = """
groups:
  Travelling: [Roma]
rest: other
other: Another group
"""
DATED = 'id,"Age, in years",born,came,q1\n' + "".join(
    f"D{n},{15 + n},19{60 + n}-05-01,2022-0{1 + n % 6}-10,Text\n" for n in range(20)
)
DATED_MAPPING = """
respondent_id: id
attributes:
  - {column: "Age, in years", kind: number}
  - {column: born, kind: date}
  - {column: came, kind: date}
questions: [{column: q1, ref: q1, text: "What?"}]
identifying: [born]
"""


@pytest.fixture
def dated(workbench, files):
    (files / "dated.csv").write_text(DATED, encoding="utf-8")
    (files / "dated.yaml").write_text(DATED_MAPPING, encoding="utf-8")
    workbench("ingest", "survey", "dated.csv", "--study", "D", "--mapping", "dated.yaml")
    workbench("codebook", "load", "codes.yaml", "--study", "D")
    return workbench


def sizes(ran):
    return {group["group"]: group["respondents"] for group in ran.json["groups"]}


def test_values_are_merged_shown_changed_and_taken_away(loaded, files):
    (files / "map.yaml").write_text(MAP, encoding="utf-8")
    call = ("groups", "merge", "-s", "S", "--from", "group", "--name", "broad", "--map", "map.yaml")
    ran = loaded(*call, "--dry-run", "--json")
    assert (ran.json["made"], ran.json["dry_run"]) == (False, True)
    assert sizes(ran) == {"Travelling": 2, "Another group": 1, "Not stated": 1}
    assert "Another group: 1 respondent; so few may be recognised." in ran.err
    ran = loaded(*call, "--json")
    assert (ran.json["made"], ran.json["changed"]) == (True, True)
    ran = loaded("groups", "show", "broad", "-s", "S", "--json")
    assert (ran.json["from"], ran.json["rule"]["kind"]) == ("group", "merge")
    assert sizes(ran) == {"Travelling": 2, "Another group": 1, "Not stated": 1}
    ran = loaded("summarise", "-s", "S", "--by", "broad", "--json")
    assert {row["groups"]["broad"] for row in ran.json["rows"]} == set(sizes(loaded(
        "groups", "show", "broad", "-s", "S", "--json"
    )))  # fmt: skip
    assert loaded(*call).out.startswith("Kept broad.\n")
    (files / "map.yaml").write_text("groups: {All: [Roma, Irish]}", encoding="utf-8")
    ran = loaded(*call, "--label", "Everybody", "--json")
    assert (ran.json["made"], ran.json["changed"], sizes(ran)["All"]) == (False, True, 3)
    listed = loaded("groups", "list", "-s", "S", "--json").json["attributes"]
    assert listed[:2] == [
        {"name": "group", "title": "Group", "kind": "category", "from": None, "grouping": True,
         "identifying": False, "values": 2, "unsettled": 0},
        {"name": "broad", "title": "Everybody", "kind": "category", "from": "group",
         "grouping": True, "identifying": False, "values": 1, "unsettled": 0},
    ]  # fmt: skip
    assert listed[-1]["values"] is None, "of an identifying attribute only the name"
    assert "  broad: category, 1 values" in loaded("groups", "list", "-s", "S").out
    assert loaded("groups", "remove", "broad", "-s", "S", "--json").json == {"removed": "broad"}
    assert "no attribute 'broad'" in loaded("groups", "show", "broad", "-s", "S", expect=1).err


def test_numbers_and_dates_are_put_into_bands(dated):
    by = ("groups", "bands", "-s", "D", "--from")
    ran = dated(*by, "Age, in years", "--name", "age", "--edges", "18, 25", "--json")
    assert sizes(ran) == {"Under 18": 3, "18 to under 25": 7, "25 or over": 10}
    assert "Under 18: 3 respondents; so few may be recognised." in ran.err
    text = dated("groups", "show", "age", "-s", "D").out
    assert "18 to under 25 | 7 | from 18 to below 25" in text
    ran = dated(
        *by, "Age, in years", "--name", "age", "--edges", "25", "--labels", "to 24|25 and more",
        "--json",
    )  # fmt: skip
    assert (ran.json["changed"], sizes(ran)) == (True, {"to 24": 10, "25 and more": 10})
    ran = dated(*by, "Age, in years", "--name", "a4", "--quantiles", "4", "--json")
    assert list(sizes(ran).values()) == [5, 5, 5, 5]
    ran = dated(*by, "Age, in years", "--name", "e", "--equal", "2", "--json")
    assert sizes(ran) == {"Under 20": 5, "20 to under 30": 10, "30 or over": 5}
    ran = dated(*by, "came", "--name", "quarter", "--by", "quarter", "--json")
    assert sizes(ran) == {"Jan to Mar 2022": 11, "Apr to Jun 2022": 9}
    ran = dated(*by, "came", "--name", "halves", "--edges", "01/04/2022", "--json")
    assert sizes(ran) == {"Before 1 Apr 2022": 11, "1 Apr 2022 or later": 9}


def test_what_comes_of_an_identifying_attribute_is_hidden_unless_an_owner_says_so(dated):
    by = ("groups", "bands", "-s", "D", "--from", "born")
    ran = dated(*by, "--name", "y", "--by", "year", "--json")
    assert ran.json["groups"] == []
    assert "born is identifying, and so is y" in ran.err
    assert dated("groups", "show", "y", "-s", "D", "--json").json["groups"] == []
    ran = dated(*by, "--name", "o", "--edges", "1970-01-01", "--openly", "--json")
    assert sizes(ran) == {"Before 1 Jan 1970": 10, "1 Jan 1970 or later": 10}
    ran = dated("--as", "Bo", *by, "--name", "b", "--edges", "1970-01-01", "--openly", expect=1)
    assert "Bo is no owner of this study" in ran.err


def test_the_census_groups_are_refused_where_values_are_no_ethnic_groups(loaded):
    ran = loaded(
        "groups", "merge", "-s", "S", "--from", "needs", "--name", "x", "--census", expect=1
    )
    assert "few values of needs are ethnic groups of the census" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("merge", "--from", "group"), "give either --map FILE or --census"),
        (("merge", "--from", "group", "--map", "x.yaml", "--census"), "give either"),
        (("bands", "--from", "came"), "give one of --edges, --by, --equal and --quantiles"),
        (("bands", "--from", "came", "--by", "week"), "'week' is none of year, quarter, month"),
    ],
)
def test_wrong_usage_is_told(dated, arguments, message):
    ran = dated("groups", *arguments, "-s", "D", "--name", "x", expect=2)
    assert message in " ".join(ran.err.replace("│", " ").split())


def test_edges_that_are_none_are_refused(dated):
    by = ("groups", "bands", "-s", "D", "--name", "x", "--from")
    ran = dated(*by, "came", "--edges", "spring", expect=1)
    assert "the edge 'spring' is not a date. Write 2022-02-14." in ran.err
    ran = dated(*by, "Age, in years", "--edges", "18,x", expect=1)
    assert "the edge 'x' is not a number. Write 18 or 2.5." in ran.err


@pytest.mark.parametrize(
    "given",
    [
        ("--by", "Age, in years", "--by", "came"),
        ("--by", '"Age, in years",came'),
        ("--by", '"Age, in years", came'),
    ],
)
def test_an_attribute_with_a_comma_in_its_name_can_be_named(dated, given):
    ran = dated("summarise", "-s", "D", *given, "--json")
    assert ran.json["by"] == ["Age, in years", "came"]
    ran = dated("summarise", "-s", "D", "--by", "Age, in years", "--json")
    assert ran.json["by"] == ["Age, in years"]
    ran = dated("summarise", "-s", "D", "--by", "came,nothing", expect=1)
    assert "there is no attribute 'nothing' to group by" in ran.err


def test_attributes_of_an_export_are_named_the_same_way(dated, files):
    def header(*given):
        dated("export", "extracts", "out.csv", "-s", "D", *given)
        return (files / "out.csv").read_text(encoding="utf-8-sig").splitlines()[0]

    assert '"Age, in years"' in header("--attributes", "Age, in years")
    assert "came" not in header("--attributes", "Age, in years")
    assert "came" in header("--attributes", "Age, in years", "--attributes", "came")
    assert "Age" not in header("--attributes", "")
