"""A code is split in a real browser, and its extracts are sorted by number keys."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.builders import CODEBOOK, SURVEY, Bench
from tests.journeys.steps import press, violations

pytestmark = pytest.mark.browser

CODED = """SELECT count(*) FROM coding JOIN code ON code.id = code_id
           WHERE code.name = ? AND coding.deleted_at IS NULL"""
WORDS = ("She", "listened", "to me", "Then", "she left")


@pytest.fixture
def study(empty_app: Any) -> None:
    """Code five phrases with one code, and split it."""
    from workbench.services import study
    from workbench.services.codebooks import refine_split
    from workbench.services.codebooks.refine_split import Part
    from workbench.services.opening import open_database

    database = open_database(f"sqlite:///{empty_app.database}")
    ana = study.sign_in(database, "Ana")
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest(SURVEY.replace("Then she", "<b>Then</b> she"))
    bench.load(CODEBOOK)
    for words in WORDS:
        bench.code(bench.document("R1"), "School", words)
    parts = [Part("Teachers", "who teaches"), Part("<i>Rooms</i>")]
    refine_split.split_code(ana, database, bench.study_id, bench.codes()["School"].id, parts)
    database.close()


def test_extracts_are_sorted_by_number_keys(tab: Any, empty_app: Any, study: None) -> None:
    tab.goto(empty_app.page("codebook"))
    tab.locator(".st-key-code_tree label", has_text="School").first.click()
    expect(tab.get_by_role("heading", name="School", exact=True)).to_be_visible()
    press(tab, "Split", exact=True)
    press(tab, "Sort extracts")
    quote = tab.locator(".so-quote")
    expect(quote).to_have_text("She")
    expect(tab.locator(".so-position")).to_have_text("1 of 5; 5 left to sort")
    assert violations(tab) == []

    # Faster than the page answers: each goes where it was sent.
    for key in ("1", "2", "Shift+Digit1", "2"):
        tab.keyboard.press(key)
    expect(quote).to_have_text("Then")
    empty_app.wait_for(CODED, 2, "Teachers")
    empty_app.wait_for(CODED, 2, "<i>Rooms</i>")
    empty_app.wait_for(CODED, 2, "School")
    expect(tab.locator(".so-position")).to_have_text("4 of 5; 2 left to sort")

    tab.keyboard.press("u")
    expect(tab.get_by_role("status")).to_have_text(
        "Undone: sorting 1 extract of School to <i>Rooms</i>."
    )
    expect(quote).to_have_text("to me")
    expect(tab.locator(".so-fate")).to_have_text("Also Teachers.")
    empty_app.wait_for(CODED, 3, "School")

    # What is sorted already is shown as such; the mouse does the same as the keys.
    tab.keyboard.press("ArrowUp")
    expect(tab.locator(".so-fate")).to_have_text("Sorted into <i>Rooms</i>.")
    press(tab, "Next")
    press(tab, "Teachers", exact=True)
    expect(quote).to_have_text("Then")
    empty_app.wait_for(CODED, 2, "School")
    empty_app.wait_for(CODED, 2, "Teachers")  # the copy and this one are on the same words

    for key in ("1", "1"):
        tab.keyboard.press(key)
    empty_app.wait_for(CODED, 0, "School")
    expect(tab.locator(".so-position")).to_have_text("5 of 5; 0 left to sort")
    press(tab, "Back to the codebook")
    press(tab, "Undo sorting")
    empty_app.wait_for(CODED, 1, "School")
