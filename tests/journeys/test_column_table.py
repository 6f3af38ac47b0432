"""The table of columns on the Import page, by mouse and keyboard: edits stay and are heeded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

SURVEY = (
    "id,who,why\n"
    "R1,Parent,They listened to me at last and nobody had done so before\n"
    "R2,Young person,The letter came too late and then nobody rang me back\n"
)
ROW_PX, ROLE_X = 35, 200
TRIES = 5  # a table that is just being drawn may lose the first key
WRONG = "2 columns are the respondent id (id, who); only one can be."


def settle(tab: Any) -> None:
    """Wait until the page is drawn: what is above the table may still move it."""
    tab.wait_for_timeout(500)
    tab.wait_for_selector("[data-test-script-state=notRunning]")


def choose_role(tab: Any, row: int, *keys: str) -> None:
    """Open the list of roles of a row (counted from 1) and walk it with the keyboard."""
    settle(tab)
    table = tab.get_by_test_id("stDataFrame").first
    table.locator("canvas").first.wait_for()
    roles = tab.locator("[id^=react-select][id$=-listbox]")
    for _ in range(TRIES):
        box = table.bounding_box()
        tab.mouse.click(box["x"] + ROLE_X, box["y"] + ROW_PX * row + ROW_PX / 2)
        tab.keyboard.press("Enter")
        tab.wait_for_timeout(1_000)
        if roles.count():
            break
    roles.wait_for()
    for key in keys:
        tab.keyboard.press(key)
    tab.keyboard.press("Enter")


def test_a_role_is_changed_refused_and_put_right(tab: Any, sample_app: Any, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(SURVEY, encoding="utf-8")
    tab.goto(sample_app.page("import_survey"))
    tab.get_by_role("heading", name="Import", exact=True).wait_for()
    tab.set_input_files("input[type=file] >> nth=0", str(path))
    tab.get_by_role("heading", name="What the columns mean").wait_for()
    tab.get_by_text("A new study").click()
    tab.get_by_label("Name of the new study").fill("By keyboard")
    tab.get_by_label("Name of the new study").press("Enter")
    check = tab.get_by_role("button", name="Check what will come in")
    check.wait_for()
    choose_role(tab, 2, "ArrowUp", "ArrowUp")
    tab.get_by_text(f"who: {WRONG}").wait_for()
    check.wait_for(state="hidden")
    choose_role(tab, 2, *["ArrowDown"] * 7)
    check.click()
    tab.get_by_role("button", name="Import into By keyboard").click()
    tab.get_by_role("heading", name="Imported into By keyboard").wait_for()
    made = "FROM {} WHERE study_id = (SELECT id FROM study WHERE name = 'By keyboard')"
    assert sample_app.ask(f"SELECT count(*) {made.format('attribute')}") == [(0,)]
    assert sample_app.ask(f"SELECT count(*) {made.format('respondent')}") == [(2,)]
