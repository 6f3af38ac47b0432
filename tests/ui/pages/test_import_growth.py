"""The Import page with a survey that has grown: preview, history, undo, a second wave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Bench
from tests.ui.pages.test_import_survey import (
    CHECK,
    click,
    edit,
    editor,
    has_button,
    said,
    table_with,
    upload,
)
from workbench.domain.codings import Actor, DocumentFilter
from workbench.services import files, study
from workbench.services.coding import reading
from workbench.services.opening import Database
from workbench.services.surveys import ingest
from workbench.store.surveys import surveys
from workbench.ui.components.surveys.import_changes import PAGE, PAGE_OF_TEXTS

Open = Callable[..., Any]

MAPPING = """
respondent_id: id
attributes: [{column: who, ref: who}]
questions: [{column: why, ref: why, text: Why?}, {column: how, ref: how, text: How?}]
identifying: [mail]
""".replace("ref: who", "name: who")
FIRST = (
    "id,who,mail,why,how\n"
    "R1,Parent,a@secret.example,They listened to me at last,We rang them\n"
    'R2,Young person,b@secret.example,"<b>Bold</b> **words** of mine",By letter\n'
    "R3,Parent,c@secret.example,Nobody came,\n"
)
GROWN = (
    FIRST.replace("listened to me at last", "really listened to me")
    .replace("Young person", "Parent")
    .replace("Nobody came,\n", ",In person\n")
    .replace("<b>Bold</b>", "<i>Other</i>")
    + "R4,Parent,d@secret.example,New here,Online\n"
).replace("R3,Parent,c@secret.example,,In person\n", "")


def bring_in(ana: Actor, database: Database, text: str = FIRST, name: str = "Families") -> int:
    chosen = files.read_mapping(MAPPING, "mapping.yaml")
    survey = files.read_survey(files.read_table(text.encode(), "first.csv"), chosen)
    ingest.ingest_survey(ana, database, name, survey, mapping=files.mapping_text(chosen))
    return study.find_study(ana, database, name).id


@pytest.fixture
def families(ana: Actor, database: Database) -> int:
    """Import the first file, and code its first answer."""
    study_id = bring_in(ana, database)
    bench = Bench(database, ana, study_id, "Families")
    bench.load()
    bench.code(bench.document("R1", "why"), "Waiting", "They")
    return study_id


def html(at: Any) -> str:
    return "".join(item.proto.body for item in at.get("html"))


def test_what_a_grown_file_changes_is_seen_before_it_goes_in(
    open_page: Open, ana: Actor, database: Database, families: int
) -> None:
    at = click(upload(open_page("import_survey", study=families), GROWN.encode()), CHECK)
    assert "1 new respondent, 2 updated respondents, 2 new answers and 2 changed answers" in said(
        at
    )
    body = html(at)
    assert ">set by hand, left alone</th><td>0<" in body  # what was left alone is told, too
    assert "R1, why (row 2)" in body
    assert "1 coding carried over" in body
    assert "<ins>really</ins>" in body
    assert "<del>at last</del>" in body
    assert "&lt;i&gt;Other&lt;/i&gt;" in body
    assert "<i>Other" not in body
    assert "secret.example" not in body + said(at)
    assert at.session_state["in_study:import_list"] == "answers"


def test_each_list_is_shown_when_it_is_chosen(
    open_page: Open, ana: Actor, database: Database, families: int
) -> None:
    bring_in(ana, database, FIRST + "R9,Parent,,Only this,\n")
    text = GROWN + "R9,Parent,,Only this,At home\n"
    at = click(upload(open_page("import_survey", study=families), text.encode()), CHECK)
    for name, column, value in (
        ("values", "In the file", "Parent"),
        ("respondents", "Respondent", "R4"),
        ("missing", "Respondent", "R3"),
        ("filled", "In the file", "At home"),
    ):
        at.session_state["in_study:import_list"] = name
        at.run()
        assert not at.exception
        assert table_with(at, column)[column].to_list()[-1] == value


def test_a_long_list_is_paged(open_page: Open, ana: Actor, database: Database) -> None:
    rows = "".join(f"R{n},Parent,,words {n},\n" for n in range(PAGE + 10))
    study_id = bring_in(ana, database, f"id,who,mail,why,how\n{rows}")
    changed = f"id,who,mail,why,how\n{rows.replace('words', 'other words')}"
    at = click(upload(open_page("import_survey", study=study_id), changed.encode()), CHECK)
    assert html(at).count('class="changed"') == PAGE_OF_TEXTS
    assert f"1-5 of {PAGE + 10}" in said(at)
    at = click(at, "Later")
    assert "R5, why (row 7)" in html(at)
    assert f"6-10 of {PAGE + 10}" in said(at)


def test_the_history_lists_imports_and_takes_the_last_one_back(
    open_page: Open, ana: Actor, database: Database, families: int
) -> None:
    at = click(upload(open_page("import_survey", study=families), GROWN.encode()), CHECK)
    at = click(at, "Import into Families")
    assert "2 files imported into Families" in said(at)
    assert "first.csv" in said(at).replace("\\", "")
    assert "1 new respondent, 2 updated respondents" in said(at)
    at = click(at, "Undo this import")
    at = click(at, "Take this import back")
    assert "Taken back on" in said(at)
    opened = reading.list_documents(ana, database, families, DocumentFilter())[0]
    assert [item.label for item in opened] == ["R1", "R2", "R3", "R1", "R2"]
    at = click(at, "Undo this import")
    assert "The import of first.csv stays: 1 coding was made on answers" in said(at)
    assert not has_button(at, "Take this import back")
    at = click(at, "Keep this import")
    assert "stays:" not in said(at)


def test_a_new_wording_is_told_where_nothing_else_changes(open_page: Open, families: int) -> None:
    at = upload(open_page("import_survey", study=families), FIRST.encode())
    at = click(edit(at, 3, text="Why at all?"), CHECK)
    assert "1 new or changed description of a question or an attribute will come in." in said(at)


def test_a_second_wave_gets_short_names_of_its_own(
    open_page: Open, ana: Actor, database: Database, families: int
) -> None:
    with database.write() as connection:
        surveys.add_survey(connection, families, "Wave 2", 1)
    at = upload(open_page("import_survey", study=families), GROWN.encode())
    survey = next(item for item in at.selectbox if item.label.startswith("Which of the study"))
    survey.set_value("Wave 2")
    at = click(edit(at.run(), 4, text="How was it?"), CHECK)
    refused = said(at).replace("\\", "")
    assert "The question why is answered by 2 respondents of this file" in refused
    assert not has_button(at, "Import into Families")
    at = click(at, "Begin the short names of these questions with wave_2_")
    assert editor(at).value["ref"].to_list()[3:] == ["wave_2_why", "wave_2_how"]
    assert editor(at).value["text"].to_list()[4] == "How was it?", "what was edited before stays"
    at = click(click(at, CHECK), "Import into Families")
    refs = [item.ref for item in study.list_questions(ana, database, families)]
    assert refs == ["why", "how", "wave_2_why", "wave_2_how"]
    listed = ingest.list_surveys(ana, database, families)
    assert [(item.name, item.n_respondents) for item in listed] == [("Survey", 3), ("Wave 2", 3)]
