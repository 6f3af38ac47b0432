"""The section of the Themes page that counts areas, or other values, instead of people."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.services import files, study
from workbench.services.codebooks import codebook
from workbench.services.coding import code
from workbench.services.counting.summarise_units import summarise_units
from workbench.services.surveys import ingest

MAPPING = """
respondent_id: id
attributes:
  - {column: area, grouping: true}
  - {column: role, grouping: true}
questions:
  - {column: q, ref: q, text: "What is done?"}
"""
SURVEY = "id,area,role,q\n" + "\n".join(
    ["S1,A<b>1</b>,Head,One", "S2,A<b>1</b>,Worker,Two", "S3,A2,Head,Three", "S4,,Head,Four"]
)
BOOK = "format: speakout-codebook/1\nname: Small\ncodes: [{name: Trust}, {name: Money}]\n"


@pytest.fixture
def areas(ana: Any, database: Any) -> int:
    """Two areas, with trust mentioned by two people of the first."""
    table = files.read_table(SURVEY.encode(), "survey.csv")
    survey = files.read_survey(table, files.read_mapping(MAPPING, "mapping.yaml"))
    ingest.ingest_survey(ana, database, "Areas", survey, mapping=MAPPING)
    found = study.find_study(ana, database, "Areas").id
    codebook.load_codebook(ana, database, found, files.read_codebook(BOOK, "book.yaml"))
    trust = codebook.list_codes(ana, database, found)[0]
    with database.read() as connection:
        from sqlalchemy import text

        ids = connection.execute(text("select id from document order by id")).scalars().all()
    code.code_documents(ana, database, found, list(ids[:2]), trust.id)
    return found


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def test_areas_are_counted_on_request(open_page, ana, database, areas) -> None:
    at = open_page("themes", study=areas)
    assert not at.exception
    assert "to count its values instead of people" in html(at)
    at.selectbox(key="in_study:themes_unit").set_value("area").run()
    assert not at.exception
    assert "n = 2</th>" in html(at) and "<td>1 (50 %)</td>" in html(at)
    assert "Each Area counts once" in html(at)
    assert "1 respondent has no Area." in html(at)
    assert summarise_units(ana, database, areas, unit="area").row("Trust").units == 1
    labels = [item.label for item in at.get("download_button")]
    assert "Counted by Area as CSV" in labels


def test_areas_are_counted_by_the_groups_of_the_page(open_page, areas) -> None:
    at = open_page("themes", study=areas)
    at.selectbox(key="in_study:themes_unit").set_value("role").run()
    at.selectbox(key="in_study:themes_by").set_value("area").run()
    assert not at.exception
    assert "A&lt;b&gt;1&lt;/b&gt;" in html(at) and "<b>1</b>" not in html(at)
    at.selectbox(key="in_study:themes_unit").set_value("area").run()
    assert not at.exception, "the unit itself makes no groups"
