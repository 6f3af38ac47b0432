"""The table of columns on the Import page, by mouse and keyboard: edits stay and are heeded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.steps import at_rest, cell, choose_role, fill, press, send_file

pytestmark = pytest.mark.browser

SURVEY = (
    "id,who,why\n"
    "R1,Parent,They listened to me at last and nobody had done so before\n"
    "R2,Young person,The letter came too late and then nobody rang me back\n"
)
ROW_PX, ROLE_X = 35, 200
WRONG = "2 columns are the respondent id (id, who); only one can be."


def click_role(tab: Any, row: int) -> Any:
    """Click the role of a row (counted from 1), unless it stands chosen; give its cell."""
    table = tab.get_by_test_id("stDataFrame").first
    table.locator("canvas").first.wait_for()
    at_rest(tab)
    wanted = cell(table, row, "Role")
    if wanted.get_attribute("aria-selected") != "true":  # a second click would open the list
        box = table.bounding_box()
        tab.mouse.move(box["x"] + ROLE_X, box["y"] + ROW_PX * row + ROW_PX / 2)
        at_rest(tab)  # what the table shows of itself when the mouse comes
        table.click(position={"x": ROLE_X, "y": ROW_PX * row + ROW_PX / 2})
    return wanted


def test_a_role_is_changed_refused_and_put_right(tab: Any, sample_app: Any, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(SURVEY, encoding="utf-8")
    tab.goto(sample_app.page("import_survey"))
    tab.get_by_role("heading", name="Import", exact=True).wait_for()
    send_file(tab, "survey_file", path)
    tab.get_by_role("heading", name="What the columns mean").wait_for()
    tab.get_by_text("A new study").click()
    tab.get_by_text("Give the new study a name above first.").wait_for()
    fill(tab, "Name of the new study", "By keyboard")
    check = tab.get_by_role("button", name="Check what will come in")
    check.wait_for()
    choose_role(tab, click_role(tab, 2), "ArrowUp", "ArrowUp")
    tab.get_by_text(f"who: {WRONG}").wait_for()
    check.wait_for(state="hidden")
    choose_role(tab, click_role(tab, 2), *["ArrowDown"] * 7)
    check.click()
    press(tab, "Import into By keyboard")
    tab.get_by_role("heading", name="Imported into By keyboard").wait_for()
    made = "FROM {} WHERE study_id = (SELECT id FROM study WHERE name = 'By keyboard')"
    assert sample_app.ask(f"SELECT count(*) {made.format('attribute')}") == [(0,)]
    assert sample_app.ask(f"SELECT count(*) {made.format('respondent')}") == [(2,)]
