"""A study with a focus group goes out as a project and comes in again, with the same counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from pipelines.ingest.discussions.speech import SpeechFile, Turn
from tests.builders import Bench
from tests.journeys.steps import press, violations
from workbench.services import study
from workbench.services.counting import summarise
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.opening import open_database

pytestmark = pytest.mark.browser

TURNS = (
    Turn("Lin", "Who did you ask first?"),
    Turn("P1", "I rang 😬 the school: nobody."),
    Turn("P2", "Nobody rang back."),
)
PLANS = (
    SpeakerPlan("Moderator", ("Lin",), "facilitator"),
    SpeakerPlan("P1", ("P1",), respondent="R1"),
    SpeakerPlan("P2", ("P2",), respondent="R5"),
)


@pytest.fixture
def group(empty_app: Any) -> None:
    """Make a study with answers, a focus group, and codings on both."""
    database = open_database(f"sqlite:///{empty_app.database}")
    ana = study.sign_in(database, "Ana")
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest()
    bench.load()
    key = focus_groups.ingest_transcript(
        ana, database, bench.study_id, SpeechFile("fg.vtt", TURNS, "voices"), PLANS, name="FG1"
    ).document_id
    bench.code(key, "School", "school: nobody")
    bench.code(key, "Phone", "Nobody rang")
    bench.code(bench.document("R2"), "Phone", "😀 at all")
    database.close()


def counts(app: Any, name: str) -> Any:
    """Count respondents and mentions by code and group."""
    database = open_database(f"sqlite:///{app.database}")
    ana = study.sign_in(database, "Ana")
    found = study.find_study(ana, database, name)
    table = summarise.summarise(ana, database, found.id, by=["group"], level="code")
    database.close()
    return [(row.theme, row.groups, row.base, row.respondents, row.mentions) for row in table.rows]


def test_a_study_goes_out_and_comes_in(
    tab: Any, empty_app: Any, group: None, tmp_path: Path
) -> None:
    tab.goto(empty_app.page("exchange"))
    press(tab, "Make the file")
    with tab.expect_download() as waiting:
        press(tab, "Download the project")
    path = tmp_path / "out.qdpx"
    waiting.value.save_as(path)

    tab.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    expect(tab.get_by_text("In it: 1 coder, 5 codes")).to_be_visible()
    name = tab.get_by_label("Name of the new study")
    name.fill("Copy")
    name.press("Enter")
    expect(tab.locator("caption", has_text="Copy")).to_be_visible()
    assert violations(tab) == []
    press(tab, "Bring it in")
    expect(tab.get_by_role("button", name="Open the study")).to_be_visible()
    assert counts(empty_app, "Copy") == counts(empty_app, "Test")

    press(tab, "Open the study")
    expect(tab.get_by_role("heading", name="Copy", exact=True)).to_be_visible()
    assert "study=2" in tab.url
