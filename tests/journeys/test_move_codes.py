"""Codes are moved in a real browser: by Alt with the arrow keys, and by dragging."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.builders import CODEBOOK, Bench
from tests.journeys.steps import at_rest, press, violations

pytestmark = pytest.mark.browser

ABOVE = """SELECT coalesce(above.name, '') FROM code LEFT JOIN code above
           ON above.id = code.parent_id WHERE code.name = ?"""


@pytest.fixture
def study(empty_app: Any) -> None:
    """A study with the small codebook."""
    from workbench.services import study
    from workbench.services.opening import open_database

    database = open_database(f"sqlite:///{empty_app.database}")
    ana = study.sign_in(database, "Ana")
    Bench(database, ana, study.create_study(ana, database, "Test").id).load(CODEBOOK)
    database.close()


def names(tab: Any, *expected: str) -> None:
    rows = tab.locator(".st-key-code_tree [role=radiogroup] label")
    expect(rows).to_have_count(len(expected))
    for at, name in enumerate(expected):
        expect(rows.nth(at)).to_contain_text(name)


def row(tab: Any, name: str) -> Any:
    return tab.locator(".st-key-code_tree [role=radiogroup] label").filter(has_text=name).first


def in_focus(tab: Any, name: str) -> None:
    expect(row(tab, name).locator("input")).to_be_focused()


def drag(tab: Any, name: str, onto: str, **where: Any) -> None:
    at_rest(tab)
    row(tab, name).drag_to(row(tab, onto), **where)


def said(tab: Any, text: str) -> None:
    expect(tab.get_by_text(text)).to_be_visible()


def test_codes_are_moved_by_key_and_by_dragging(tab: Any, empty_app: Any, study: None) -> None:
    tab.goto(empty_app.page("codebook"))
    expect(tab.locator(".tm-root")).to_be_attached()
    at_rest(tab)
    row(tab, "Phone").click()
    expect(tab.get_by_role("heading", name="Phone")).to_be_visible()
    names(tab, "Access", "Waiting", "Phone", "School", "Schooling")

    # A press still chooses, and so do the arrow keys alone.
    row(tab, "School").click()
    expect(tab.get_by_role("heading", name="School", exact=True)).to_be_visible()
    in_focus(tab, "School")
    tab.keyboard.press("ArrowUp")
    expect(tab.get_by_role("heading", name="Phone")).to_be_visible()

    tab.keyboard.press("Alt+ArrowUp")
    said(tab, "Phone moved; it is below Access.")
    names(tab, "Access", "Phone", "Waiting", "School", "Schooling")
    # The focus has gone along: the next key moves it on.
    in_focus(tab, "Phone")
    tab.keyboard.press("Alt+ArrowLeft")
    said(tab, "Phone moved; it is at the top level.")
    names(tab, "Access", "Waiting", "Phone", "School", "Schooling")
    empty_app.wait_for(ABOVE, "", "Phone")
    assert "codebook" in tab.url, "the browser has not gone back"
    in_focus(tab, "Phone")
    tab.keyboard.press("Alt+ArrowRight")
    said(tab, "Phone moved; it is below Access.")
    empty_app.wait_for(ABOVE, "Access", "Phone")
    assert violations(tab) == []

    # Two presses in a row are two moves.
    in_focus(tab, "Phone")
    tab.keyboard.press("Alt+ArrowUp")
    tab.keyboard.press("Alt+ArrowLeft")
    empty_app.wait_for(ABOVE, "", "Phone")
    press(tab, "Undo moving Phone")
    empty_app.wait_for(ABOVE, "Access", "Phone")

    names(tab, "Access", "Phone", "Waiting", "School", "Schooling")
    drag(tab, "Schooling", "School")
    said(tab, "Schooling moved; it is below School.")
    empty_app.wait_for(ABOVE, "School", "Schooling")
    names(tab, "Access", "Phone", "Waiting", "School", "Schooling")
    drag(tab, "Schooling", "Access", target_position={"x": 120, "y": 4})
    said(tab, "Schooling moved; it is at the top level.")
    names(tab, "Schooling", "Access", "Phone", "Waiting", "School")

    row(tab, "Waiting").click()
    expect(tab.get_by_role("heading", name="Waiting")).to_be_visible()

    # Nothing goes below itself: the drop is no move.
    drag(tab, "Access", "Waiting")
    names(tab, "Schooling", "Access", "Phone", "Waiting", "School")
    press(tab, "Undo moving Schooling")
    empty_app.wait_for(ABOVE, "School", "Schooling")
