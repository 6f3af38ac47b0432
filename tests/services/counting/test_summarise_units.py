"""Themes counted by area: an area counts once, however many of its people mention a theme."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from tests.builders import Bench
from workbench.domain.codings import DocumentFilter
from workbench.errors import InputError, NotFound
from workbench.services import files, study
from workbench.services.codebooks import codebook
from workbench.services.coding import exchange
from workbench.services.counting.summarise import summarise
from workbench.services.counting.summarise_units import list_units, summarise_units, units_file
from workbench.services.surveys import ingest
from workbench.store.tables import assignment

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "data_samples" / "local_areas"

MAPPING = """
respondent_id: id
attributes:
  - {column: area, grouping: true}
  - {column: role, grouping: true, kind: ordered, values: [Head, Practitioner]}
  - {column: tasks, grouping: true, kind: multi, delimiter: "|"}
  - {column: email, grouping: false}
questions:
  - {column: q1, ref: q1, text: "What is done?"}
  - {column: q2, ref: q2, text: "What is missing?"}
identifying: []
"""
# Two people of A1 and one each of A2 and A3; one of no area; nobody of A4 has said anything.
SURVEY = """id,area,role,tasks,email,q1,q2
S1,A1,Head,lead|teach,,We wait for months,Trust
S2,A1,Practitioner,teach,,People wait here too,Time
S3,A2,Practitioner,lead,,The phone is never answered,
S4,A3,Head,,,School helps us,More school
S5,,Head,lead,,Everybody waits,
S6,A4,Head,lead,,,
"""


@pytest.fixture
def areas(empty: Bench) -> Bench:
    """A study of four areas, coded: waiting in A1 twice and where the area is not known."""
    empty.ingest(SURVEY, MAPPING)
    empty.load()
    for ref in ("S1", "S2", "S5"):
        empty.code(empty.document(ref), "Waiting", None)
    empty.code(empty.document("S3"), "Phone", "phone")
    empty.code(empty.document("S4"), "School", "School")
    return empty


def units(bench: Bench, theme: str, group: str = "", **options: object) -> tuple[int, int]:
    options = {"unit": "area", **options}
    actor = options.pop("actor", bench.actor)
    table = summarise_units(actor, bench.database, bench.study_id, **options)  # type: ignore[arg-type]
    row = table.row(theme, group)
    return row.units, row.base


def test_an_area_counts_once_however_many_of_its_people_mention_a_theme(areas):
    by_people = {
        row.theme: (row.respondents, row.base)
        for row in summarise(areas.actor, areas.database, areas.study_id).rows
    }
    assert by_people["Access"] == (4, 5)
    assert units(areas, "Access") == (2, 3), "A1 once, A2; nobody of A4 has said anything"
    assert units(areas, "School") == (1, 3)
    assert units(areas, "Schooling") == (0, 3)
    table = summarise_units(areas.actor, areas.database, areas.study_id, unit="area")
    assert table.row("Access").share == pytest.approx(2 / 3)
    assert table.n_without == 1, "S5, whose area is not known, counts nowhere"


def test_codes_below_a_theme_are_counted_each_and_with_it(areas):
    assert units(areas, "Access / Waiting", level="code") == (1, 3)
    assert units(areas, "Access / Phone", level="code") == (1, 3)
    assert units(areas, "Access", level="code") == (2, 3)


def test_an_area_is_in_each_group_that_one_of_its_people_is_in(areas):
    assert units(areas, "Access", "Head", by="role") == (1, 2), "A1 of A1 and A3"
    assert units(areas, "Access", "Practitioner", by="role") == (2, 2)
    assert units(areas, "Access", by="role") == (2, 3), "all together are not the sum"
    table = summarise_units(areas.actor, areas.database, areas.study_id, unit="area", by="tasks")
    assert table.groups == ("lead", "teach", "Not stated")
    assert table.row("School", "Not stated").units == 1


def test_filters_layers_and_sight_are_those_of_the_themes(areas):
    attributes = {
        item.name: item.id
        for item in study.list_attributes(areas.actor, areas.database, areas.study_id)
    }
    heads = DocumentFilter(groups=((attributes["role"], "Head"),))
    assert units(areas, "Access", where=heads) == (1, 2)
    second = study.list_questions(areas.actor, areas.database, areas.study_id)[1]
    assert units(areas, "Access", where=DocumentFilter(question_id=second.id)) == (0, 2)
    ben = areas.person("Ben")
    areas.code(areas.document("S4"), "Phone", None, actor=ben)
    assert units(areas, "Access") == (3, 3)
    assert units(areas, "Access", layer="Ben") == (1, 3)
    with areas.database.write() as connection:
        connection.execute(
            insert(assignment).values(
                document_id=areas.document("S4"), coder_id=ben.id, blind=True,
                created_at="2022-01-01",
            )
        )  # fmt: skip
    assert units(areas, "Access") == (2, 3), "what may not be seen is not counted"
    assert units(areas, "Access", actor=ben) == (3, 3)
    with pytest.raises(NotFound, match="no coder 'Zoe'"):
        units(areas, "Access", layer="Zoe")


def test_a_withdrawn_person_takes_no_part(areas):
    with areas.database.write() as connection:
        connection.execute(text("update respondent set withdrawn_at='2022-01-01' where ref='S3'"))
    assert units(areas, "Access") == (1, 2)


def test_what_cannot_be_counted_is_refused(areas):
    for options, message in (
        ({"unit": "shoe"}, "there is no attribute 'shoe' to count by. Attributes: area, role"),
        ({"unit": "area", "by": "hat"}, "there is no attribute 'hat' to count by"),
        ({"unit": "area", "by": "area"}, "area is counted already. Group by another attribute"),
    ):
        with pytest.raises(InputError, match=message):
            summarise_units(areas.actor, areas.database, areas.study_id, **options)


def test_an_empty_study_has_no_rows(empty):
    empty.ingest(SURVEY, MAPPING)
    table = summarise_units(empty.actor, empty.database, empty.study_id, unit="area")
    assert table.rows == ()


def test_units_are_attributes_to_group_by(areas):
    found = list_units(areas.actor, areas.database, areas.study_id)
    assert [item.name for item in found] == ["area", "role", "tasks"]


@pytest.fixture
def local_areas(empty: Bench) -> Bench:
    """The sample study of local areas."""
    mapping = (SAMPLE / "mapping.yaml").read_text(encoding="utf-8")
    table = files.read_table(SAMPLE / "survey.csv", "survey.csv")
    survey = files.read_survey(table, files.read_mapping(mapping, "mapping.yaml"))
    who = empty.actor, empty.database
    ingest.ingest_survey(*who, empty.name, survey, mapping=mapping)
    path = ROOT / "codebooks" / "local_areas.yaml"
    codebook.load_codebook(*who, empty.study_id, files.read_codebook(files.read_text(path), "b"))
    rows = files.table_rows(files.read_table(SAMPLE / "codings.csv", "codings.csv"))
    report = exchange.import_codings(*who, empty.study_id, rows, source="codings.csv")
    assert report.bad_rows == []
    return empty


def test_the_sample_counts_by_area_as_its_readme_says(local_areas):
    table = summarise_units(
        local_areas.actor, local_areas.database, local_areas.study_id, unit="area"
    )
    people = summarise(local_areas.actor, local_areas.database, local_areas.study_id)
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert len(table.rows) == 3
    for row, by_people in zip(table.rows, people.rows, strict=True):
        assert row.base == 25 and by_people.base == 40
        assert f"| {row.theme} | {by_people.respondents} | {row.units} |" in readme


def test_the_sample_counts_areas_of_a_region_as_the_files_do(local_areas):
    """Against a count of the files themselves, which knows nothing of the database."""
    with (SAMPLE / "survey.csv").open(encoding="utf-8", newline="") as file:
        place = {row["respondent_id"]: (row["region"], row["area"]) for row in csv.DictReader(file)}
    mentioned = defaultdict(set)
    with (SAMPLE / "codings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            region, area = place[row["respondent"]]
            mentioned[row["code"].split(" / ")[0], region].add(area)
    table = summarise_units(
        local_areas.actor, local_areas.database, local_areas.study_id, unit="area", by="region"
    )
    assert len(table.groups) == 6
    for row in table.rows:
        if row.group:
            assert row.units == len(mentioned[row.theme, row.group]), (row.theme, row.group)
            assert row.base == len({area for region, area in place.values() if region == row.group})


def test_a_table_becomes_a_file(areas):
    table = summarise_units(areas.actor, areas.database, areas.study_id, unit="area", by="role")
    rows = list(csv.DictReader(units_file(table).decode("utf-8-sig").splitlines()))
    assert list(rows[0]) == ["theme", "role", "base", "units", "share"]
    assert len(rows) == len(table.rows)
    assert rows[0] == {
        "theme": "Access", "role": "", "base": "3", "units": "2", "share": "0.666667",
    }  # fmt: skip
