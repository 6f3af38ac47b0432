"""An import without a mouse: from the sign-in to the imported study by Tab, arrows and Enter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import at_rest, choose_role, walk_to

pytestmark = pytest.mark.browser

SURVEY = (
    "ref,who,consent,why\n"
    "R1,Parent,Yes,They listened to me at last and nobody had done so before\n"
    "R2,Young person,Yes,The letter came too late and then nobody rang me back\n"
    "R1,Parent,Yes,They listened to me at last but only for a little while\n"
    "R3,Parent,No,I did not agree to any of this and answered all the same\n"
)
MAX_TABS = 150
FOCUS = """() => {
  const at = document.activeElement;
  if (at === document.body) return '';
  const labelled = at.labels && at.labels.length ? at.labels[0].textContent : '';
  return [at.tagName, at.type || '', at.getAttribute('aria-label') || '', labelled, at.textContent]
    .join(' | ').replaceAll('\\n', ' ');
}"""


def reach(tab: Any, *words: str) -> str:
    """Press Tab until the element in focus has these words in its kind, name or text."""
    at_rest(tab)
    seen = []
    for _ in range(MAX_TABS):
        tab.keyboard.press("Tab")
        focus = str(tab.evaluate(FOCUS))
        seen.append(focus)
        if all(word in focus for word in words):
            at_rest(tab)  # hints that open on the way, and what they move
            if tab.evaluate(FOCUS) == focus:
                return focus
    raise AssertionError(f"{words} cannot be reached by Tab; seen: {seen}")


def open_file(tab: Any, path: Path) -> None:
    """Open the system's dialog by Enter, and choose a file in it."""
    reach(tab, "BUTTON", "Upload")
    with tab.expect_file_chooser() as dialog:
        tab.keyboard.press("Enter")
    dialog.value.set_files(str(path))


def ignore_who(tab: Any) -> None:
    """Make the second column of the file ignored: at its role, go to the end of the list."""
    reach(tab, "CANVAS")
    wanted = walk_to(tab.get_by_test_id("stDataFrame").first, 2, "Role")
    choose_role(tab, wanted, *["ArrowDown"] * 5)


def test_a_survey_is_imported_without_a_mouse(tab: Any, empty_app: Any, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(SURVEY, encoding="utf-8")
    # From here on: a dialog that is only listened for as it opens may open unheard.
    tab.on("filechooser", lambda dialog: None)
    tab.goto(empty_app.url)
    tab.get_by_role("heading").first.wait_for()
    reach(tab, "INPUT", "text")
    tab.keyboard.type("Ana")
    tab.keyboard.press("Enter")
    tab.get_by_text("Coding as").wait_for()
    reach(tab, "A |", "Import")
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Import", exact=True).wait_for()
    open_file(tab, path)
    tab.get_by_role("heading", name="What the columns mean").wait_for()
    reach(tab, "INPUT", "Name of the new study")
    tab.keyboard.type("By keyboard")
    tab.keyboard.press("Enter")
    tab.get_by_text("Rows left out by the rules in the table: consent is not Yes: 1.").wait_for()
    tab.get_by_text("1 id occurs more than once").wait_for()
    tab.get_by_text("R1: rows 2 and 4").wait_for()
    ignore_who(tab)
    reach(tab, "INPUT | radio", "Take the first row of each")
    tab.keyboard.press("ArrowRight")
    expect(tab.get_by_role("radio", name="Take the last row of each")).to_be_checked()
    tab.get_by_role("button", name="Check what will come in").wait_for()
    reach(tab, "BUTTON", "Check what will come in")
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Import into By keyboard").wait_for()
    reach(tab, "BUTTON", "Import into By keyboard")
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Imported into By keyboard").wait_for()
    assert empty_app.ask("SELECT name FROM attribute") == []
    assert sorted(empty_app.ask("SELECT ref FROM respondent")) == [("R1",), ("R2",)]
    (words,) = empty_app.ask(
        "SELECT text FROM revision JOIN document ON document.id = revision.document_id "
        "JOIN respondent ON respondent.id = document.respondent_id WHERE respondent.ref = 'R1'"
    )
    assert words == ("They listened to me at last but only for a little while",)
