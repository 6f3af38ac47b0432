"""Growth in a real browser: an answer is changed under its codings, and they are placed again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.builders import CODEBOOK, SURVEY, Bench
from tests.journeys.steps import press, violations

pytestmark = pytest.mark.browser

FLAGGED = """SELECT count(*) FROM anchor JOIN document ON current_revision_id = revision_id
             JOIN coding ON coding.id = coding_id WHERE state = 'flagged' AND deleted_at IS NULL"""
WORDS = """SELECT substr(text, "start" + 1, "end" - "start") FROM anchor
           JOIN revision ON revision.id = revision_id
           JOIN document ON current_revision_id = revision.id
           JOIN coding ON coding.id = coding_id WHERE coding.guid = ?"""
GROWN = (
    SURVEY.replace(
        "She listened to me. Then she left.", "At first: she listened. Then she left 😀."
    )
    .replace("Nobody rang back 😀 at all", "😀 Then they all came at once")
    .replace("میں نے تین بار فون کیا", "انہوں نے 😀 کچھ نہیں کہا")
    + "R5,Roma,old,,,Hello there,\n"
)


@pytest.fixture
def study(empty_app: Any) -> Any:
    """Import and code a small survey, and import it again, grown: give the codings' identities."""
    from workbench.services import study
    from workbench.services.opening import open_database

    database = open_database(f"sqlite:///{empty_app.database}")
    ana = study.sign_in(database, "Ana")
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest()
    bench.load(CODEBOOK)
    codings = {
        "moved": bench.code(bench.document("R1"), "School", "Then she left"),
        "first": bench.code(bench.document("R2"), "Waiting", "Nobody rang back"),
        "second": bench.code(bench.document("R2"), "Phone", "rang back"),
        "urdu": bench.code(bench.document("R3"), "Waiting", "تین بار فون"),
    }
    report = bench.ingest(GROWN)
    assert report.codings_flagged == 3
    database.close()
    return codings


def words(app: Any, guid: str) -> str:
    return str(app.ask(WORDS, guid)[0][0])


def said(tab: Any, text: str) -> None:
    tab.get_by_role("status").filter(has_text=text).wait_for()


def test_flagged_codings_are_placed_accepted_let_go_and_undone(
    tab: Any, empty_app: Any, study: dict[str, str]
) -> None:
    assert words(empty_app, study["moved"]) == "Then she left", "it has moved with its words"
    tab.goto(empty_app.page("place_again"))
    tab.get_by_role("heading", name="As it is now").wait_for()
    tab.get_by_role("link", name="Place again (3)").wait_for()
    text = tab.locator(".pl-root [contenteditable=true]")
    expect(text).to_have_text("😀 Then they all came at once")
    expect(tab.locator(".pl-old mark")).to_have_text(["Nobody rang back"])

    assert violations(tab) == []

    # By keyboard alone: past the emoji, select the next three words, and place the coding on them.
    text.focus()
    tab.keyboard.press("Control+Home")
    for _ in range(2):
        tab.keyboard.press("ArrowRight")
    for _ in range(len("Then they all")):
        tab.keyboard.press("Shift+ArrowRight")
    tab.keyboard.press("Enter")
    said(tab, "Done: placing Waiting on R2 again.")
    empty_app.wait_for(FLAGGED, 2)
    assert words(empty_app, study["first"]) == "Then they all"

    # The focus is still in the text: the next one is let go, and that is undone, by one key each.
    tab.keyboard.press("Delete")
    said(tab, "Done: letting Phone on R2 go.")
    empty_app.wait_for(FLAGGED, 1)
    tab.keyboard.press("Control+z")
    said(tab, "Undone: letting Phone on R2 go.")
    empty_app.wait_for(FLAGGED, 2)

    # On to the Urdu answer; its best guess is selected, and then accepted.
    tab.keyboard.press("j")
    tab.locator(".pl-old mark").filter(has_text="تین بار فون").wait_for()
    tab.keyboard.press("g")
    guess = tab.evaluate("getSelection().toString()")
    tab.keyboard.press("a")
    said(tab, "Done: placing Waiting on R3 again.")
    empty_app.wait_for(FLAGGED, 1)
    assert words(empty_app, study["urdu"]) == guess

    # The last one goes by the mouse; then all is placed.
    press(tab, "Let it go")
    tab.get_by_text("Every coding is placed.").wait_for()
    empty_app.wait_for(FLAGGED, 0)
    press(tab, "Undo")
    tab.get_by_role("heading", name="As it is now").wait_for()
    empty_app.wait_for(FLAGGED, 1)
