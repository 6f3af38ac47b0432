"""A focus group in the browser, from its transcript to the table of themes.

Its speakers are settled, a turn is coded, and counts under the group of the one who says it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.builders import CODEBOOK, SURVEY, Bench
from tests.journeys.steps import at_rest, cell, press, send_file, type_into
from tests.journeys.test_two_coders import code_words

pytestmark = pytest.mark.browser

VTT = """WEBVTT

00:00:00.000 --> 00:00:04.000
<v Lin Okafor (Facilitator)>Who did you ask first?</v>

00:00:04.000 --> 00:00:09.000
<v Amina Khan>I rang the school and nobody rang back.</v>

00:00:04.000 --> 00:00:09.000
<v Amina Khan>I rang the school and nobody rang back.</v>

00:00:09.000 --> 00:00:15.000
<v Jo Bell>They listened to me at once.</v>
"""
COMES = "What comes of it"
SPEAKERS = """SELECT speaker.name, role, respondent.ref FROM speaker
              LEFT JOIN respondent ON respondent.id = respondent_id ORDER BY position"""


@pytest.fixture
def study(empty_app: Any) -> None:
    """Make a study with a survey and a codebook."""
    from workbench.services import study
    from workbench.services.opening import open_database

    database = open_database(f"sqlite:///{empty_app.database}")
    ana = study.sign_in(database, "Ana")
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest(SURVEY)
    bench.load(CODEBOOK)
    database.close()


def bring_in(tab: Any, app: Any, path: Path) -> None:
    tab.goto(app.page("import_survey"))
    choice = tab.get_by_test_id("stButtonGroup").get_by_text("Focus groups")
    choice.click()
    tab.get_by_text("One file for each group.").wait_for()
    send_file(tab, "discussion_files_0", path)
    tab.get_by_text("Who speaks: 3 names").wait_for()
    expect(tab.get_by_text("1 cue that repeats the one before", exact=False)).to_be_visible()
    type_into(tab, 2, "Respondent", "R1")
    speakers = tab.get_by_test_id("stDataFrame").first
    expect(cell(speakers, 2, COMES)).to_have_text("Respondent of the study.")
    type_into(tab, 3, "Shown as", "Jo")
    expect(cell(speakers, 3, COMES)).to_have_text("New respondent.")
    choice.click()  # a second press lets go of nothing
    at_rest(tab)
    press(tab, "Check what will come in")
    press(tab, "Import 1 transcript")
    tab.get_by_role("button", name="Code FG1").wait_for()
    assert app.ask(SPEAKERS) == [
        ("Facilitator", "facilitator", None),
        ("Participant 1", "participant", "R1"),
        ("Jo", "participant", "FG1 Participant 2"),
    ]


def test_a_turn_counts_under_the_group_of_whoever_says_it(
    tab: Any, empty_app: Any, study: None, tmp_path: Path
) -> None:
    path = tmp_path / "FG1.vtt"
    path.write_text(VTT, encoding="utf-8")
    bring_in(tab, empty_app, path)
    press(tab, "Code FG1")
    expect(tab.locator(".cp-words").first).to_contain_text("Who did you ask")
    expect(tab.locator("body")).not_to_contain_text("Khan")
    code_words(tab, "nobody rang back", "1")
    empty_app.wait_for("SELECT count(*) FROM coding WHERE deleted_at IS NULL", 1)
    assert empty_app.ask(
        "SELECT ref FROM coding_respondent JOIN respondent ON respondent.id = respondent_id"
    ) == [("R1",)]
    tab.goto(empty_app.page("themes"))
    table = tab.get_by_role("grid").first
    row = table.get_by_role("row").filter(has_text="Access")
    expect(row).to_contain_text("1 (")
    heads = table.get_by_role("columnheader").all_text_contents()
    cells = row.get_by_role("gridcell").all_text_contents()
    counted = dict(zip(heads[-len(cells) :], cells, strict=True))
    groups = [head for head, cell in counted.items() if cell.startswith("1 (")]
    assert [re.split(r"\W", head)[0] for head in groups] == ["All", "Roma"]
