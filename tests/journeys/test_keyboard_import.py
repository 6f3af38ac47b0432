"""An import without a mouse: from the sign-in to the imported study by Tab, arrows and Enter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

SURVEY = (
    "ref,who,consent,why\n"
    "R1,Parent,Yes,They listened to me at last and nobody had done so before\n"
    "R2,Young person,Yes,The letter came too late and then nobody rang me back\n"
    "R1,Parent,Yes,They listened to me at last but only for a little while\n"
    "R3,Parent,No,I did not agree to any of this and answered all the same\n"
)
MAX_TABS = 150
TRIES = 5  # what is just being drawn may lose a key
FOCUS = """() => {
  const at = document.activeElement;
  const labelled = at.labels && at.labels.length ? at.labels[0].innerText : '';
  return [at.tagName, at.type || '', at.getAttribute('aria-label') || '', labelled, at.innerText]
    .join(' | ').replaceAll('\\n', ' ');
}"""


def settle(tab: Any) -> None:
    """Wait until the page is drawn."""
    tab.wait_for_timeout(500)
    tab.wait_for_selector("[data-test-script-state=notRunning]")


def reach(tab: Any, *words: str) -> str:
    """Press Tab until the element in focus has these words in its kind, name or text."""
    settle(tab)
    seen = []
    for _ in range(MAX_TABS):
        tab.keyboard.press("Tab")
        focus = str(tab.evaluate(FOCUS))
        seen.append(focus)
        if all(word in focus for word in words):
            tab.wait_for_timeout(200)
            return focus
    raise AssertionError(f"{words} cannot be reached by Tab; seen: {seen}")


def press(tab: Any, *keys: str) -> None:
    for key in keys:
        tab.keyboard.press(key)
        tab.wait_for_timeout(100)


def open_file(tab: Any, path: Path) -> None:
    """Open the system's dialog by Enter, and choose a file in it."""
    dialogs: list[Any] = []
    tab.on("filechooser", lambda dialog: dialogs.append(dialog))
    for _ in range(TRIES):
        reach(tab, "BUTTON", "Upload")
        press(tab, "Enter")
        tab.wait_for_timeout(500)
        if dialogs:
            break
    dialogs[0].set_files(str(path))


def ignore_who(tab: Any) -> None:
    """Make the second column of the file ignored: at its role, go to the end of the list."""
    listed = tab.locator("[id^=react-select][id$=-listbox]")
    for _ in range(TRIES):
        reach(tab, "CANVAS")
        press(tab, "Control+Home", "ArrowDown", "ArrowRight", "Enter")
        tab.wait_for_timeout(500)
        if listed.count():
            break
    listed.wait_for()
    press(tab, *["ArrowDown"] * 5, "Enter")


def test_a_survey_is_imported_without_a_mouse(tab: Any, empty_app: Any, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(SURVEY, encoding="utf-8")
    tab.goto(empty_app.url)
    tab.get_by_role("heading").first.wait_for()
    reach(tab, "INPUT", "text")
    tab.keyboard.type("Ana")
    press(tab, "Enter")
    tab.get_by_text("Coding as").wait_for()
    reach(tab, "A |", "Import")
    press(tab, "Enter")
    tab.get_by_role("heading", name="Import", exact=True).wait_for()
    open_file(tab, path)
    tab.get_by_role("heading", name="What the columns mean").wait_for()
    reach(tab, "INPUT", "Name of the new study")
    tab.keyboard.type("By keyboard")
    press(tab, "Enter")
    tab.get_by_text("Rows left out by the rules in the table: consent is not Yes: 1.").wait_for()
    tab.get_by_text("1 id occurs more than once").wait_for()
    tab.get_by_text("R1: rows 2 and 4").wait_for()
    ignore_who(tab)
    reach(tab, "INPUT | radio", "Take the first row of each")
    press(tab, "ArrowRight")
    reach(tab, "BUTTON", "Check what will come in")
    press(tab, "Enter")
    tab.get_by_role("button", name="Import into By keyboard").wait_for()
    reach(tab, "BUTTON", "Import into By keyboard")
    press(tab, "Enter")
    tab.get_by_role("heading", name="Imported into By keyboard").wait_for()
    assert empty_app.ask("SELECT name FROM attribute") == []
    assert sorted(empty_app.ask("SELECT ref FROM respondent")) == [("R1",), ("R2",)]
    (words,) = empty_app.ask(
        "SELECT text FROM revision JOIN document ON document.id = revision.document_id "
        "JOIN respondent ON respondent.id = document.respondent_id WHERE respondent.ref = 'R1'"
    )
    assert words == ("They listened to me at last but only for a little while",)
