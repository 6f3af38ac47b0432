"""The table of columns on the Import page, by mouse and keyboard: edits stay and are heeded."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PATIENCE_S

pytestmark = pytest.mark.browser

SURVEY = (
    "id,who,why\n"
    "R1,Parent,They listened to me at last and nobody had done so before\n"
    "R2,Young person,The letter came too late and then nobody rang me back\n"
)
ROW_PX, ROLE_X = 35, 200
LIST_S = 2  # how long a list may take to open before it is asked for once more
WRONG = "2 columns are the respondent id (id, who); only one can be."


def settle(tab: Any) -> None:
    """Wait until the page is drawn: what is above the table may still move it."""
    tab.wait_for_timeout(500)
    tab.wait_for_selector("[data-test-script-state=notRunning]")


def opens(roles: Any) -> bool:
    """Whether the list of roles opens by itself within a moment."""
    end = time.monotonic() + LIST_S
    while not roles.is_visible() and time.monotonic() < end:
        roles.page.wait_for_timeout(100)
    return bool(roles.is_visible())


def choose_role(tab: Any, row: int, *keys: str) -> None:
    """Open the list of roles of a row (counted from 1) and walk it with the keyboard."""
    settle(tab)
    table = tab.get_by_test_id("stDataFrame").first
    table.locator("canvas").first.wait_for()
    roles = tab.locator("[id^=react-select][id$=-listbox]")
    end = time.monotonic() + PATIENCE_S
    while not roles.is_visible() and time.monotonic() < end:
        box = table.bounding_box()
        tab.mouse.click(box["x"] + ROLE_X, box["y"] + ROW_PX * row + ROW_PX / 2)
        if not opens(roles):  # a second click opens the list by itself, and Enter would close it
            tab.keyboard.press("Enter")
            opens(roles)
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
